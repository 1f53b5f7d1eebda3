"""Guess whom a search means that found nobody: the same but for a typing error (:mod:`core.nearness`).

An error leaves what stands before and after it as it is: for each place that it may be at, the search
index gives those who have both parts, and what it gives is looked at one by one. HSA-ids have so much in
common that their parts say little: there every id that is one error away is looked up.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from sqlalchemy import Connection, Integer, Select, bindparam, literal_column, select

from core.identity import hsa_key
from core.nearness import (
    MOST_WORDS,
    SHORTEST,
    begins_a_word,
    errors_of,
    is_guess,
    is_id,
    is_near,
    search_words,
)
from core.queries import AccountRow, NearAccounts, Scope
from core.text import search_key
from storage.sql import schema
from storage.sql.accounts_by_key import rows_by_id
from storage.sql.facts import in_parts
from storage.sql.in_turn import InTurn
from storage.sql.places import MOST_PLACES, names_of
from storage.sql.reach import reach
from storage.sql.search import expression, first_id
from storage.sql.search_index import Found
from storage.sql.values import raw_text

MOST_CANDIDATES: Final = 200
"""So many are looked at for each place of an error; of words of many letters there are far fewer."""
MOST_GUESSES: Final = 100
MOST_PIECES: Final = 5
"""Of each part that an error leaves; what they give is looked at anyway."""

_accounts = schema.accounts.c
_LIMIT: Final = bindparam("limit", type_=Integer)
_COLUMNS: Final = (_accounts.organisation_id, _accounts.id, _accounts.search_key, _accounts.name_key)


def _by_pieces(found: Found) -> Select[Any]:
    index = schema.account_search.c
    # In an order, so that those who are looked at are the same in every database.
    hits = select(index.rowid.label("search_id")).where(found).order_by(index.rowid).limit(_LIMIT)
    some = hits.subquery("found")
    return select(*_COLUMNS).select_from(
        InTurn(some, schema.accounts, _accounts.search_id == some.c.search_id)
    )


_BY_PIECES: Final = _by_pieces(Found("expression"))
_BY_PIECES_IN_STRETCH: Final = _by_pieces(Found("expression", "first", "end"))
_IN_STRETCH: Final = (
    select(*_COLUMNS)
    .where(_accounts.search_id >= bindparam("first"), _accounts.search_id < bindparam("end"))
    .order_by(_accounts.search_id)
    .limit(_LIMIT)
)
_BY_HSA_ID: Final = select(*_COLUMNS).where(
    # Written out, so that the index over the country is used, which begins with it.
    _accounts.active.in_([literal_column("0"), literal_column("1")]),
    _accounts.hsa_key.in_(bindparam("keys", expanding=True)),
)

Stretch = tuple[int, int]
"""Where the accounts of an organisation are in the index: from a ``search_id`` to another."""


def near_accounts(connection: Connection, query: NearAccounts, scope: Scope) -> tuple[AccountRow, ...]:
    """Give whom a search may mean, in Swedish order of name."""
    words = search_words(query.search)
    seen = reach(scope, None)
    if seen is None or not words or len(words) > MOST_WORDS:
        return ()
    names = names_of(connection)
    found: dict[tuple[str, str], str] = {}
    looked_at: set[tuple[str, str]] = set()
    for home, account_id, key, name_key in _candidates(connection, words, names):
        place = raw_text(home), raw_text(account_id)
        if place in looked_at:
            continue
        looked_at.add(place)
        if seen.organisation_id not in (None, place[0]) or seen.account_id not in (None, place[1]):
            continue
        if is_guess(words, raw_text(key), names[place[0]][1]):
            found[place] = raw_text(name_key)
    best = sorted(found, key=lambda each: (found[each], each[1], each[0]))
    best = best[: min(max(query.limit, 1), MOST_GUESSES)]
    rows: dict[tuple[str, str], AccountRow] = {}
    for home in {each[0] for each in best}:
        ids = frozenset(each[1] for each in best if each[0] == home)
        for row in rows_by_id(connection, home, ids, query.day):
            rows[home, row.account.id] = row
    return tuple(rows[each] for each in best if each in rows)


def _candidates(
    connection: Connection, words: tuple[str, ...], names: dict[str, tuple[int, str]]
) -> Iterator[Sequence[Any]]:
    for wrong in words:
        if len(wrong) < SHORTEST:
            continue
        others = tuple(word for word in words if word != wrong)
        if is_id(wrong):
            keys = [hsa_key(each) for each in errors_of(wrong)]
            for part in in_parts(frozenset(keys)):
                yield from connection.execute(_BY_HSA_ID, {"keys": part})
            continue
        for rest, stretch in _areas(others, names):
            # One letter alone is in nearly everybody: it says little, and is dear to look up.
            kept = {
                tuple(part for part in (wrong[:place], wrong[place + 2 :], *rest) if len(part) > 1)
                for place in range(len(wrong))
            }
            for pieces in sorted(expression(each, MOST_PIECES) for each in kept if each):
                yield from connection.execute(
                    _BY_PIECES_IN_STRETCH if stretch else _BY_PIECES, _values(stretch, pieces)
                )
        # The wrong word may be the organisation's.
        for number, name in names.values():
            if is_near(wrong, search_key(name)):
                rest = tuple(word for word in others if not begins_a_word(word, name))
                stretch = _stretch(number)
                if rest:
                    yield from connection.execute(_BY_PIECES_IN_STRETCH, _values(stretch, expression(rest)))
                else:
                    yield from connection.execute(_IN_STRETCH, _values(stretch))


def _areas(
    others: tuple[str, ...], names: dict[str, tuple[int, str]]
) -> Iterator[tuple[tuple[str, ...], Stretch | None]]:
    """Give where to look, and for which of the other words: all over, and where one names the place."""
    named = {
        word: [each for each, (_, name) in names.items() if begins_a_word(word, name)] for word in others
    }
    common = {word for word, homes in named.items() if len(homes) > MOST_PLACES}
    yield tuple(word for word in others if word not in common), None
    for home in sorted({each for word in others if word not in common for each in named[word]}):
        rest = tuple(word for word in others if word not in common and home not in named[word])
        yield rest, _stretch(names[home][0])


def _stretch(number: int) -> Stretch:
    return first_id(number), first_id(number + 1)


def _values(stretch: Stretch | None, pieces: str | None = None) -> dict[str, int | str]:
    values: dict[str, int | str] = {"limit": MOST_CANDIDATES}
    if stretch is not None:
        values["first"], values["end"] = stretch
    return values if pieces is None else {**values, "expression": pieces}
