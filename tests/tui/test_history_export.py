"""The history as a file: what a cell may be, and that nothing in it is a formula or a command."""

import csv
import io
import json
from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.catalogue import Catalogue
from core.history import AccountRegistered, Details, PermissionGranted
from core.queries import WriteRow
from tui.history_export import COLUMNS, Form, fault_of_name, form_of, head, lines
from tui.spreadsheet import harmless
from tui.text.sentences import Words

NOTHING = Catalogue(e_services=(), permissions=())


def write(**changed: str) -> WriteRow:
    """A write of two events."""
    details = Details(
        hsa_id="SE5565594230-1337", given_name="Åsa", family_name='Ek; "X"', email="a@b.example"
    )
    row = WriteRow(
        changeset_id="write-1",
        organisation_id="kommun-2281",
        at="2024-07-01T06:12:13.000001+00:00",
        by="Eva Ek",
        actor_organisation_id="kommun-2281",
        actor_id="eva",
        note="ärende 1",
        events=(
            AccountRegistered(account_id="asa", version=1, after=details),
            PermissionGranted(account_id="asa", permission_id="skola"),
        ),
        event_count=2,
        matching=2,
        undoes=None,
        undone_by=None,
        names={"asa": "Åsa Ek"},
    )
    return msgspec.structs.replace(row, **changed)


def as_csv(row: WriteRow) -> list[dict[str, str]]:
    """Write and read back, as a spreadsheet with Swedish settings does."""
    data = head(Form.CSV) + b"".join(lines(row, Words(NOTHING, date(2024, 7, 1), row.names), Form.CSV))
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_csv_has_a_line_for_each_event_with_both_clocks() -> None:
    registered, given_school = as_csv(write())
    assert tuple(registered) == COLUMNS
    assert registered["at"] == "2024-07-01T06:12:13.000001+00:00"
    assert registered["at_sweden"] == "2024-07-01 08:12:13"
    assert (given_school["name"], given_school["permission"]) == ("Åsa Ek", "skola")
    assert given_school["sentence"] == "Åsa Ek fick skola"
    assert (given_school["kind"], given_school["note"]) == ("permission_granted", "ärende 1")
    assert head(Form.CSV).startswith(b"\xef\xbb\xbf")
    assert head(Form.CSV).endswith(b"\r\n")


def test_json_lines_have_the_whole_event() -> None:
    row = write()
    found = [
        json.loads(each) for each in lines(row, Words(NOTHING, date(2024, 7, 1), row.names), Form.JSON_LINES)
    ]
    assert head(Form.JSON_LINES) == b""
    assert found[0]["event"]["after"]["family_name"] == 'Ek; "X"'
    assert found[0]["event"]["kind"] == found[0]["kind"] == "account_registered"
    assert set(found[1]) == {*COLUMNS, "event"}


@pytest.mark.parametrize("cell", ["=1+1", "+46", "-1", "@SUM(A1)", " =1", "\u00a0=1", "\uff1d1"])
def test_what_begins_like_a_formula_is_text(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"
    for row in as_csv(write(note=cell, by=cell)):
        assert row["note"][0] == row["by"][0] == "'"


@pytest.mark.parametrize(
    "cell", ["\n=1", "\n1", "\r1", "\t1", " \n=1", "\u2009=1", "\u200b=1", "\ufeff@a", "\x00=1"]
)
def test_what_stands_before_a_formula_does_not_hide_it(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize(
    "sign", ["\uff1d", "\uff0b", "\uff0d", "\uff20", "\ufe66", "\ufe62", "\ufe63", "\ufe6b", "\u2212"]
)
def test_wide_and_small_signs_and_the_real_minus_begin_a_formula_too(sign: str) -> None:
    assert harmless(f"{sign}1") == f"'{sign}1"


@pytest.mark.parametrize("cell", ["", "Anna", "a=1", "Åsa\n=1", "(1)", "'=1", " Anna", "1-2"])
def test_other_text_is_left_as_it_is(cell: str) -> None:
    assert harmless(cell) == cell


def test_a_tab_is_shown_and_would_be_harmless_by_itself() -> None:
    assert harmless("\t=1") == "'\t=1"
    assert as_csv(write(note="\t=1"))[0]["note"] == "\ufffd=1"


@given(st.text())
def test_any_text_stays_in_its_cell_and_is_no_formula(text: str) -> None:
    rows = as_csv(write(note=text, by=text))
    assert len(rows) == 2
    for row in rows:
        assert tuple(row) == COLUMNS
        for cell in row.values():
            assert not cell.lstrip(" \u00a0\n").startswith(("=", "+", "-", "@", "\t", "\r"))
            assert not cell.startswith("\n")
            assert "\x1b" not in cell


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("a.csv", Form.CSV),
        ("A.CSV", Form.CSV),
        ("b.jsonl", Form.JSON_LINES),
        ("b.json", Form.JSON_LINES),
        ("c.xlsx", None),
        ("csv", None),
    ],
)
def test_the_name_of_the_file_says_the_form(name: str, form: Form | None) -> None:
    assert form_of(name) is form


def test_a_name_that_no_file_can_have_is_told_in_words() -> None:
    assert fault_of_name("n" * 300 + ".csv").startswith("nnn")
    assert fault_of_name("~ingenalls/historik.csv").endswith("~ingenalls finns inte.")
