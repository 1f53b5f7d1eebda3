"""What goes out as bytes comes back as it was, and nothing else is taken in."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import changes as c
from core import queries as q
from core.changes import Changeset
from core.draft import CellEdit, Draft
from core.history import Record
from core.refusal import Refusal, WrongValueError
from core.text import shown
from core.wire import decode, encode
from tests.builders import NORTH, SCHOOL, TODAY, actor_of, changeset, grant, register
from tests.core import examples
from tests.core.hostile import HOSTILE
from tests.model import Model

VALID = changeset(NORTH, register("new-1"), grant("new-1"), note="ärende 2026-114", id="write")


def refusal(data: bytes, kind: type[Any] = Changeset) -> Refusal:
    with pytest.raises(WrongValueError) as caught:
        decode(data, kind)
    return caught.value.refusal


@pytest.mark.parametrize("kind", c.CHANGES)
def test_every_kind_of_change_comes_back_with_its_value_types(kind: type[c.Change]) -> None:
    at, change = examples.CHANGES[kind]
    wanted = changeset(at, change)
    back = decode(encode(wanted), Changeset)
    assert back == wanted
    assert encode(back) == encode(wanted)
    for field in kind.__struct_fields__:
        assert type(getattr(back.changes[0], field)) is type(getattr(change, field))


@pytest.mark.parametrize("kind", q.QUERIES)
def test_every_kind_of_question_comes_back_as_it_was(kind: type[q.Query[Any]]) -> None:
    query = examples.QUERIES[kind](NORTH)
    assert decode(encode(query), kind) == query


def test_every_record_of_the_small_country_comes_back_as_it_was(model: Model) -> None:
    for organisation_id in model.writes:
        for record in model.records(organisation_id):
            assert decode(encode(record), Record) == record


def test_a_draft_comes_back_with_all_that_is_staged(model: Model) -> None:
    account = model.state(NORTH).accounts["user-6"]
    draft = (
        Draft(organisation_id=NORTH, actor_id=actor_of(account).account_id)
        .with_registration(register("new-1"))
        .with_cells([CellEdit("new-1", SCHOOL, True, False), CellEdit("user-1", SCHOOL, False, True)])
        .with_leaving(account, frozenset())
    )
    draft = draft.sent(draft.changeset("write"))
    assert decode(encode(draft), Draft) == draft


def test_the_same_value_gives_the_same_bytes_whatever_the_order_of_a_set() -> None:
    ids = [f"a-{place}" for place in range(50)]
    one = q.AccountsByKey(day=TODAY, organisation_id=NORTH, account_ids=frozenset(ids))
    other = q.AccountsByKey(day=TODAY, organisation_id=NORTH, account_ids=frozenset(reversed(ids)))
    assert encode(one) == encode(other)


def test_a_wrong_value_keeps_its_own_reason_and_says_where() -> None:
    data = encode(VALID).replace(b"TSTNMT2321000156-NEW1", b"TSTNMT2321000157-NEW1")
    found = refusal(data)
    assert (found.code, found.subject) == ("hsa_id_check", "hsa_id")
    assert "$.changes[0].hsa_id" in str(found.params["place"])


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", {"line": "1", "column": "1"}),
        (b'{"id":\n\n  x}', {"line": "3", "column": "3"}),
        ('{"note":"åäö",, '.encode(), {"line": "1", "column": "15"}),
        (b'{"id":"a",\n"organisation_id":"\xff"}', {"line": "2", "column": "20"}),
        (b'{"id":"a","extra":1}', {"place": "$.extra", "fault": "unknown"}),
        (b'{"id":"a","organisation_id":"a"}', {"place": "$.changes", "fault": "missing"}),
        (b"[]", {"place": "$", "fault": "value"}),
        (
            b'{"id":"a","organisation_id":"a","changes":[{"kind":"nope"}]}',
            {"place": "$.changes[0].kind", "fault": "value"},
        ),
        (
            b'{"id":"a","organisation_id":"a","changes":[{"kind":"grant","\\u001b]0":1}]}',
            {"place": "$.changes[0].\N{REPLACEMENT CHARACTER}]0", "fault": "unknown"},
        ),
    ],
)
def test_where_data_cannot_be_read_is_told(data: bytes, told: dict[str, object]) -> None:
    found = refusal(data)
    assert (found.code, found.params) == ("form", told)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"\xff\xfe",
        b'"\xff"',
        b'{"id":"\xff"}',
        b'{"id":"\\ud800","organisation_id":"a","changes":[]}',
        b'{"id":5,"organisation_id":"a","changes":[]}',
        b'{"id":null,"organisation_id":"a","changes":[]}',
        b'{"id":["a"],"organisation_id":"a","changes":[]}',
        b'{"id":{"a":1},"organisation_id":"a","changes":[]}',
        b'{"id":"a","organisation_id":"a"}',
        b'{"id":"a","organisation_id":"a","changes":[],"extra":1}',
        b'{"id":"a","organisation_id":"a","changes":[],"\\u001b]0;x\\u0007":1}',
        b'{"id":"a","organisation_id":"a","changes":[{"kind":"\\u001b[2J"}]}',
        b'{"id":"a","organisation_id":"a","changes":[{"kind":"grant","account_id":"a"}]}',
        b'{"id":"a","organisation_id":"a","changes":[{"kind":"grant","account_id":"a","permission_id":"b","by":"c"}]}',
        b'{"id":"a","organisation_id":"a","changes":[{"kind":"deregister_account","account_id":"a","seen_version":1e400}]}',
        b'{"id":' + b"[" * 100_000,
        b"[" * 100_000,
        b"\0",
    ],
)  # fmt: skip
def test_anything_else_is_refused_with_a_harmless_reason(data: bytes) -> None:
    found = refusal(data)
    assert found.code == "form"
    for value in found.params.values():
        assert shown(str(value)) == value


def test_an_unknown_field_is_refused_at_every_depth() -> None:
    data = json.loads(encode(VALID))
    for target in (data, data["changes"][0], data["changes"][1]):
        target["extra"] = 1
        assert refusal(json.dumps(data).encode()).code == "form"
        del target["extra"]
    assert decode(json.dumps(data).encode(), Changeset) == VALID


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in HOSTILE.items()])
@pytest.mark.parametrize("field", ["account_id", "hsa_id", "given_name", "family_name", "email", "note"])
def test_hostile_text_does_not_come_in_by_the_wire(field: str, text: str) -> None:
    data = json.loads(encode(VALID))
    target = data if field == "note" else data["changes"][0]
    target[field] = text
    with pytest.raises(WrongValueError) as caught:
        decode(json.dumps(data).encode(), Changeset)
    for value in caught.value.refusal.params.values():
        assert shown(str(value)) == str(value)


@given(st.binary(max_size=200))
def test_no_bytes_are_an_error_that_is_not_a_refusal(data: bytes) -> None:
    with pytest.raises(WrongValueError):
        decode(data, Changeset)


@given(st.data())
def test_no_damage_to_a_changeset_is_an_error_that_is_not_a_refusal(data: st.DataObject) -> None:
    sent = bytearray(encode(VALID))
    for _ in range(data.draw(st.integers(1, 3))):
        sent[data.draw(st.integers(0, len(sent) - 1))] = data.draw(st.integers(0, 255))
    try:
        back = decode(bytes(sent), Changeset)
    except WrongValueError:
        return
    assert decode(encode(back), Changeset) == back


def test_a_struct_of_something_else_is_a_mistake_in_the_program() -> None:
    class Odd(msgspec.Struct):
        value: complex

    with pytest.raises(NotImplementedError):
        encode(Odd(1j))
    with pytest.raises(NotImplementedError):
        decode(b'{"value":1}', Odd)
