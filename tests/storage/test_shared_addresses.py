"""Addresses that more accounts share than are counted: each has its own limit, whatever it is asked with."""

import pytest

from core.queries import EmailCounts
from storage.open import OpenStorage
from storage.sql import accounts_by_key
from tests.builders import MAILBOX, NORTH, NORTH_ADMINISTRATOR, NOW


@pytest.mark.parametrize(("most", "counted"), [(1, 1), (2, 2), (3, 3), (4, 3), (5, 3)])
async def test_an_address_that_many_share_takes_no_other_ones_count(
    storage: OpenStorage, monkeypatch: pytest.MonkeyPatch, most: int, counted: int
) -> None:
    monkeypatch.setattr(accounts_by_key, "COUNT_LIMIT", most)
    asked = frozenset({MAILBOX, "elise@kommun.example", "user-6@kommun.example", "left@kommun.example"})
    found = await storage.ask(EmailCounts(organisation_id=NORTH, emails=asked), NORTH_ADMINISTRATOR, NOW)
    assert found == {MAILBOX: counted, "elise@kommun.example": 1, "user-6@kommun.example": 1}
