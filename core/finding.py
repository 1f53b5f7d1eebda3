"""What a person is found by: the present texts, and the names that were had before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.nearness import begins_a_word, is_guess, search_words
from core.text import search_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.directory import Account


def search_text(account: Account, former_names: Iterable[str] = ()) -> str:
    """Give an account's search key: the present texts first, and then each former name.

    ``former_names`` are whole names, first name first, that the account had in its organisation. Those
    that a search sees no difference in are left out.
    """
    key = search_key(account.name, account.hsa_id, account.email)
    former = dict.fromkeys(search_key(name) for name in former_names)
    former.pop(search_key(account.name), None)
    return "\n".join((key, *former))


def is_found_now(
    search: str, account: Account, organisation_name: str = "", *, guessed: bool = False
) -> bool:
    """Say whether the present texts of an account are enough for a search to find it.

    Where they are not and it was found all the same, it was by a former name: so that is known without
    reading what the former names are. ``organisation_name`` is given where its words are looked for too,
    and ``guessed`` says that the search found nobody, and that this is a guess (:mod:`core.nearness`).
    """
    words, key = search_words(search), search_text(account)
    if guessed:
        return is_guess(words, key, organisation_name)
    return all(word in key or begins_a_word(word, organisation_name) for word in words)
