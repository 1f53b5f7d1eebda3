"""What a person is found by: the present texts, and the names that were had before."""

from __future__ import annotations

import msgspec
import pytest

from core.directory import Account
from core.finding import is_found_now, search_text
from core.text import search_key

ANNA = Account(
    id="anna",
    organisation_id="north",
    hsa_id="TSTNMT2321000156-1337",
    given_name="Anna",
    family_name="Ek",
    email="anna.ek@kommun.example",
)
PRESENT = "anna ek\ntstnmt2321000156-1337\nanna.ek@kommun.example"


def test_former_names_come_after_the_present_texts_each_by_itself() -> None:
    assert search_text(ANNA) == search_key(ANNA.name, ANNA.hsa_id, ANNA.email) == PRESENT
    assert search_text(ANNA, ["Anna Öberg", "Anna Ström"]) == f"{PRESENT}\nanna oberg\nanna strom"


def test_names_that_a_search_sees_no_difference_in_are_not_kept_twice() -> None:
    assert search_text(ANNA, ["Ånna Ék", "Anna Öberg", "ANNA OBERG", "Anna Ek"]) == f"{PRESENT}\nanna oberg"


@pytest.mark.parametrize(
    ("search", "now"),
    [
        ("", True),
        ("anna ek", True),
        ("EK 1337", True),
        ("öberg", False),
        ("anna öberg", False),
        ("anna sundsv", True),
        ("öberg sundsv", False),
    ],
)
def test_it_is_known_whether_the_present_texts_are_enough(search: str, now: bool) -> None:
    assert is_found_now(search, ANNA, "Sundsvalls kommun") is now


def test_without_the_organisation_its_words_are_not_enough() -> None:
    assert not is_found_now("anna sundsv", ANNA)


def test_of_a_guess_too_it_is_known_whether_it_is_a_former_name() -> None:
    long = msgspec.structs.replace(ANNA, family_name="Andersson")
    assert is_found_now("andresson", long, guessed=True)
    assert not is_found_now("obreg", long, guessed=True)
