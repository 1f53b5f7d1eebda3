"""Organisations by name: those that a word of a search names, and a list of them."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import msgspec
from sqlalchemy import Connection, select

from core.directory import Organisation
from core.nearness import begins_a_word, search_words
from core.queries import MOST_ROWS, Organisations, Scope
from core.text import search_key
from storage.sql import schema
from storage.sql.facts import ORGANISATION_COLUMNS
from storage.sql.values import number_of, organisation_of, raw_text

MOST_PLACES: Final = 50
"""A word that names more organisations than this, such as ``kommun``, narrows nothing."""

_organisations = schema.organisations.c
# There are some hundred: all of them are read sooner than a statement for them is made.
_ALL: Final = select(_organisations.id, _organisations.number, _organisations.name)
_LISTED: Final = select(*ORGANISATION_COLUMNS).order_by(_organisations.sort_key, _organisations.id)

_words_of_name = lru_cache(maxsize=1024)(lambda name: search_key(name).replace("-", " ").split())


class Places(msgspec.Struct, frozen=True):
    """A word and the organisations that it names: their numbers in the search index, by id."""

    word: str
    numbers: dict[str, int]

    @property
    def is_common(self) -> bool:
        """Whether it names too many to say where to look."""
        return len(self.numbers) > MOST_PLACES


def places_of(connection: Connection, words: tuple[str, ...]) -> dict[str, dict[str, int]]:
    """Give for each word the organisations that have a word beginning so, with their numbers, by id."""
    found: dict[str, dict[str, int]] = {word: {} for word in words}
    for organisation_id, number, name in connection.execute(_ALL):
        for part in _words_of_name(raw_text(name)):
            for word in words:
                if len(word) > 1 and part.startswith(word):
                    found[word][raw_text(organisation_id)] = number_of(number)
    return found


def names_of(connection: Connection) -> dict[str, tuple[int, str]]:
    """Give every organisation's number in the search index, and its name, by id."""
    return {raw_text(row[0]): (number_of(row[1]), raw_text(row[2])) for row in connection.execute(_ALL)}


def list_organisations(
    connection: Connection, query: Organisations, scope: Scope
) -> tuple[Organisation, ...]:
    """Give the organisations within a scope that a search finds, in Swedish order."""
    words = search_words(query.search)
    found: list[Organisation] = []
    for row in connection.execute(_LISTED):
        organisation = organisation_of(row)
        if scope.organisation_id in (None, organisation.id) and all(
            begins_a_word(word, organisation.name)
            or word == organisation.code
            or word.replace("-", "") in organisation.number.replace("-", "")
            for word in words
        ):
            found.append(organisation)
    return tuple(found[: min(max(query.limit, 1), MOST_ROWS)])
