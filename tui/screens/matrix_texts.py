"""What is told of a cell of the matrix: who, which permission, how it stands, and why it can not be set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.people import Folded, folded_blocked, folded_count, past_count, shown_account
from tui.text import _, ngettext
from tui.text.permissions import permission_words
from tui.text.refusals import sentence

if TYPE_CHECKING:
    from datetime import date

    from core.catalogue import Permission
    from core.queries import AccountRow
    from tui.desk import CellState
    from tui.people import FoldedCount
    from tui.screens.permissions import PermissionsRoom


def folded_text(room: PermissionsRoom, row: AccountRow, folded: Folded) -> str:
    """Tell a cell of a folded e-service: who, how many, what is staged, why not, and which."""
    desk = room.desk
    count = folded_count(desk, row, folded)
    name, e_service = shown_account(desk, row).name, room.e_service_name(folded.e_service_id)
    words = count_words(count, len(folded.permissions))
    if count.is_staged:
        words.append(_("not written"))
    parts = [
        _("{name}, {e_service}, folded: {words}.", name=name, e_service=e_service, words=_(", ").join(words))
    ]
    blocked = folded_blocked(desk, row, folded)
    if blocked is not None:
        parts.append(sentence(blocked, {row.account.id: name}))
    has = [each.short_name for each in folded.permissions if desk.cell(row, each).given]
    # On a line of its own: over a slow line only what differs is painted anew.
    return " ".join(parts) + ("\n" + _("Has: {permissions}", permissions=" ".join(has)) if has else "")


def count_words(count: FoldedCount, total: int) -> list[str]:
    """Say how many of the permissions of a folded e-service are given, and how many shall be."""
    words = [_("{given} of {total} given", given=count.given, total=total)]
    if count.adding:
        words.append(ngettext("{count} shall be given", "{count} shall be given", count.adding))
    if count.removing:
        words.append(ngettext("{count} shall be taken away", "{count} shall be taken away", count.removing))
    return words


def past_folded_text(room: PermissionsRoom, row: AccountRow, folded: Folded) -> str:
    """Tell a cell of a folded e-service as it was on the day that is shown."""
    words = _("{given} of {total} given", given=past_count(row, folded), total=len(folded.permissions))
    e_service = room.e_service_name(folded.e_service_id)
    text = _("{name}, {e_service}, folded: {words}.", name=row.account.name, e_service=e_service, words=words)
    has = [each.short_name for each in folded.permissions if each.id in row.all_granted]
    return text + ("\n" + _("Had: {permissions}", permissions=" ".join(has)) if has else "")


def state_words(state: CellState) -> str:
    """Say a cell's state in words."""
    if state.staged is True:
        return _("shall be given, not written")
    if state.staged is False:
        return _("shall be taken away, not written")
    return _("given") if state.given else _("not given")


def past_cell_text(row: AccountRow, permission: Permission, day: date) -> str:
    """Tell a cell as it was on a day."""
    name = permission.name_on(day)
    if permission.id not in row.all_granted:
        return _("{name}, {permission}: was not given.", name=row.account.name, permission=name)
    if permission.is_retired(day):
        return _("{name}, {permission}: had it to the end.", name=row.account.name, permission=name)
    return _("{name}, {permission}: was given.", name=row.account.name, permission=name)


def cell_text(room: PermissionsRoom, row: AccountRow, permission: Permission, story: str | None) -> str:
    """Tell a cell: who, what, its state, why it cannot be set, its dates and its story."""
    desk = room.desk
    state = desk.cell(row, permission)
    name = shown_account(desk, row).name
    retired = permission.is_retired(desk.today)
    words = _("had it to the end") if state.given and retired else state_words(state)
    parts = [f"{name}, {permission.name_on(desk.today)}: {words}."]
    stale = None if state.staged is None else desk.stale_cell(row.account.id, permission.id)
    if stale is not None:
        named = {row.account.id: name, permission.id: permission.name_on(desk.today)}
        parts.append(_("No longer fits: {reason}", reason=sentence(stale, named)))
    if state.blocked is not None and state.staged is None and not retired:
        parts.append(
            sentence(state.blocked, {row.account.id: name, permission.id: permission.name_on(desk.today)})
        )
    parts.append(permission_words(permission, room.desk.today))
    if e_service := room.cut_group(permission):
        parts.append(_("E-service: {name}.", name=e_service))
    # On a line of its own, as it is read a moment later and only that line is then painted anew.
    return " ".join(parts) + (f"\n{story}" if story else "")
