"""Rows in four forms, and progress in words."""

import csv
import io
import json
import threading
from collections.abc import Mapping
from contextlib import suppress

import pytest

from tui.line.options import Forms
from tui.line.output import Field, Form, Output, Record, Value, form_of
from tui.line.progress import SECONDS, Progress, told_while
from tui.session import WRONG_USE, StartError

FIELDS = (Field("name", "Namn"), Field("active", "Registrerad"), Field("has", "Har"), Field("note", "Text"))
ROWS: tuple[Mapping[str, Value], ...] = (
    {"name": "Åsa Öberg", "active": True, "has": ("a", "b"), "note": "en\ntvå"},
    {"name": '=1;"2"', "active": False, "has": (), "note": None},
)


def written(form: Form, rows: tuple[Mapping[str, Value], ...] = ROWS) -> str:
    stream = io.BytesIO()
    with Output(form, "people", FIELDS, stream) as output:
        for row in rows:
            output.row(row, f"{row['name']}, en rad")
    return stream.getvalue().decode()


def test_json_is_one_document_with_a_version_and_a_row_a_line() -> None:
    text = written(Form.JSON)
    found = json.loads(text)
    assert {key: found[key] for key in ("format", "version", "kind", "count")} == {
        "format": "behorig", "version": 1, "kind": "people", "count": 2,
    }  # fmt: skip
    assert found["rows"] == [{**row, "has": list(row["has"])} for row in ROWS]  # type: ignore[arg-type]  # a tuple
    assert len(text.splitlines()) == 4
    assert json.loads(written(Form.JSON, ()))["rows"] == []


def test_json_that_was_broken_off_is_no_json() -> None:
    stream = io.BytesIO()
    with suppress(OSError), Output(Form.JSON, "people", FIELDS, stream) as output:
        output.row(ROWS[0], "")
        raise OSError
    with pytest.raises(json.JSONDecodeError):
        json.loads(stream.getvalue())


def test_csv_has_harmless_cells_under_the_names_of_the_fields() -> None:
    text = written(Form.CSV)
    assert text.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";"))
    assert rows == [
        {"name": "Åsa Öberg", "active": "true", "has": "a, b", "note": "en\ntvå"},
        {"name": '\'=1;"2"', "active": "false", "has": "", "note": ""},
    ]


def test_flat_has_a_field_a_line_and_a_blank_line_between_rows() -> None:
    assert written(Form.FLAT) == (
        "Namn: Åsa Öberg\nRegistrerad: ja\nHar: a, b\nText: en\n  två\n\n"
        'Namn: =1;"2"\nRegistrerad: nej\nHar:\nText:\n'
    )


def test_what_all_rows_are_about_stands_before_them() -> None:
    about = Record((FIELDS[0],), {"name": "Sundsvall"}, ("Sundsvall, en rad",), {"name": "staden Sundsvall"})
    found = {}
    for form in Form:
        stream = io.BytesIO()
        with Output(form, "people", FIELDS, stream, about=about) as output:
            output.row(ROWS[0], "rad")
            output.lines(["efter"])
        found[form] = stream.getvalue().decode()
    assert json.loads(found[Form.JSON])["about"] == {"name": "Sundsvall"}
    assert found[Form.LINES] == "Sundsvall, en rad\nrad\nefter\n"
    assert found[Form.FLAT].startswith("Namn: staden Sundsvall\n\nNamn: Åsa Öberg\n")
    assert "Sundsvall" not in found[Form.CSV]


def test_lines_are_the_lines_and_nothing_else() -> None:
    assert written(Form.LINES) == 'Åsa Öberg, en rad\n=1;"2", en rad\n'


def test_a_row_has_the_fields_that_were_told() -> None:
    with pytest.raises(ValueError, match="people"):
        written(Form.JSON, ({"name": "Åsa"},))


def test_only_one_form_can_be_asked_for() -> None:
    assert form_of(Forms()) is Form.LINES
    assert form_of(Forms(flat=True)) is Form.FLAT
    with pytest.raises(StartError) as caught:
        form_of(Forms(json=True, csv=True))
    assert caught.value.exit_code == WRONG_USE


def test_progress_is_told_in_words_and_at_most_every_thirty_seconds() -> None:
    said: list[str] = []
    now = [0.0]
    progress = Progress(said.append, lambda: now[0])
    for second in range(0, 100, 5):
        now[0] = float(second)
        progress.tell(lambda: f"{now[0]:.0f} s")
    assert said == ["30 s", "60 s", "90 s"]
    assert SECONDS == 30


def test_work_that_tells_nothing_by_itself_is_told_of_until_it_ends() -> None:
    said: list[str] = []
    twice = threading.Event()

    def hear(sentence: str) -> None:
        said.append(sentence)
        if len(said) == 2:
            twice.set()

    with told_while(lambda: "still", hear, 0.01):
        assert twice.wait(5)
    assert set(said) == {"still"}
    # The one who tells has ended with the work.
    assert not [each for each in threading.enumerate() if each.daemon and each.name.endswith("(tell)")]
