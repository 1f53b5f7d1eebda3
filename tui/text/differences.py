"""What is different between two days, as sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.history import details_of
from core.text import shown
from tui.text import _
from tui.text.dates import day as day_text
from tui.text.sentences import difference_of, role_name

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from core.catalogue import Catalogue
    from core.differences import PersonDifference


def of_person(each: PersonDifference, catalogue: Catalogue, day: date) -> list[str]:
    """Say what is different about one person, a sentence each; ``day`` tells what permissions are called."""
    name = shown(each.account.name)
    found: list[str] = []

    def names(ids: Iterable[str]) -> str:
        return _names(ids, catalogue, day)

    if each.before is None:
        found.append(_("{name} came, {hsa_id}.", name=name, hsa_id=shown(each.account.hsa_id)))
    elif each.after is None:
        found.append(_("{name} left, {hsa_id}.", name=name, hsa_id=shown(each.account.hsa_id)))
    else:
        before, after = details_of(each.before), details_of(each.after)
        if before != after:
            former = shown(each.before.name)
            found.append(
                _("{name} was changed: {details}.", name=former, details=difference_of(before, after))
            )
        if each.before.role is not each.after.role:
            roles = {"role": role_name(each.after.role), "before": role_name(each.before.role)}
            found.append(_("{name} became {role} and was {before} until then.", name=name, **roles))
    if each.gained:
        found.append(_("{name} got: {permissions}.", name=name, permissions=names(each.gained)))
    if each.lost:
        found.append(_("{name} lost: {permissions}.", name=name, permissions=names(each.lost)))
    return found


def _names(ids: Iterable[str], catalogue: Catalogue, day: date) -> str:
    known = [each for each in catalogue.permissions if each.id in set(ids)]
    rest = sorted(set(ids) - {each.id for each in known})
    return _(", ").join([*(shown(each.name_on(day)) for each in known), *map(shown, rest)])


def of_catalogue(catalogue: Catalogue, first: date, last: date) -> list[str]:
    """Say which permissions were launched, renamed and ended after one day and up to another."""
    found: list[str] = []
    for each in catalogue.permissions:
        name = shown(each.name_on(last))
        if first < each.launched_on <= last:
            found.append(_("{name} was launched on {day}.", name=name, day=day_text(each.launched_on)))
        if each.launched_on <= first and each.name_on(first) != each.name_on(last):
            found.append(_("{before} was renamed to {name}.", before=shown(each.name_on(first)), name=name))
        if each.retired_on is not None and first < each.retired_on <= last:
            found.append(_("{name} ended on {day}.", name=name, day=day_text(each.retired_on)))
    return found
