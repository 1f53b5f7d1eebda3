"""``behorig permissions grant, revoke, copy``: cells, staged as the matrix does it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from core.queries import MOST_ROWS, Accounts
from core.text import shown
from tui.line.lists import in_line, read_list, tell_doubles
from tui.line.people import people_by_text, people_meant, people_of, permissions_meant, who_in
from tui.line.work import RefusedWorkError
from tui.settings import wrong
from tui.terminal import say
from tui.text import _, ngettext

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.catalogue import Permission
    from core.queries import AccountRow
    from tui.line.work import Work
    from tui.line.writing import Office


async def give_or_take(
    office: Office,
    permissions: Sequence[str],
    who: Sequence[str],
    *,
    wanted: bool,
    file: str | None,
    having: str | None,
) -> None:
    """Stage that people have permissions, or do not.

    Each of ``who`` and of those who have the permission ``having`` gets all of ``permissions``; a line of
    a list may name more of them after the person.
    """
    given = permissions_meant(office, permissions)
    work = await office.work(office.planned_in)
    people: dict[str, tuple[AccountRow, list[Permission]]] = {}

    def add(rows: Sequence[AccountRow], columns: Sequence[Permission]) -> None:
        for row in rows:
            people.setdefault(row.account.id, (row, []))[1].extend(columns)

    if who:
        add(await people_of(office, work, who), given)
    if having is not None:
        (similar,) = permissions_meant(office, (having,))
        alike = await _who_have(work, similar)
        add(alike, given)
        if not alike:
            called = shown(similar.name_on(work.desk.today))
            if given and not who and file is None:
                office.nothing = _("Nobody has the permission {name}: there is nothing to do.", name=called)
                return
            say(_("Nobody has the permission {name}.", name=called))
    if file is not None:
        lines = await read_list(file)
        texts = [who_in(file, line) for line in lines]
        rows = await people_by_text(office, work, texts)
        tell_doubles(file, ((line, row.account.id) for line, row in zip(lines, rows, strict=True)))
        for line, row in zip(lines, rows, strict=True):
            # The heading of a list of users tells what each has already, which is not what is asked for.
            more = () if line.named else line.rest("permissions", 1)
            with in_line(file, line):
                add((row,), [*given, *permissions_meant(office, more)])
    if not people:
        raise wrong(_("Say whom: an HSA-id, or --file with a list."))
    if not any(columns for _row, columns in people.values()):
        raise wrong(_("Say which permission."))
    _stage(work, list(people.values()), wanted=wanted)


def _stage(work: Work, people: Sequence[tuple[AccountRow, Sequence[Permission]]], *, wanted: bool) -> None:
    cells = [(row, tuple({each.id: each for each in columns}.values())) for row, columns in people]
    for row, _columns in cells:
        work.look_at(row)
    count, found = work.desk.stage_each(cells, wanted=wanted)
    refusals = [
        msgspec.structs.replace(each, params={**each.params, "account_id": account_id})
        for account_id, each in found
    ]
    if refusals:
        raise RefusedWorkError(refusals, {row.account.id: row.account.name for row, _columns in people})
    _tell_rest(sum(len(columns) for _row, columns in cells) - count, wanted=wanted)


def _tell_rest(count: int, *, wanted: bool) -> None:
    if count and wanted:
        say(ngettext("{count} is given already.", "{count} are given already.", count))
    elif count:
        say(ngettext("{count} is not given anyway.", "{count} are not given anyway.", count))


async def _who_have(work: Work, permission: Permission) -> list[AccountRow]:
    """Give all active users who have a permission."""
    question = Accounts(
        day=work.desk.today,
        organisation_id=work.organisation_id,
        permission_id=permission.id,
        limit=MOST_ROWS,
    )
    rows: list[AccountRow] = []
    while True:
        page = await work.service.ask(question)
        rows += page.rows
        if page.after is None:
            return rows
        question = msgspec.structs.replace(question, cursor=page.after)


async def copy(office: Office, source: str, who: Sequence[str], file: str | None, *, replace: bool) -> None:
    """Stage that people have what another has; ``replace`` takes the rest from them."""
    work, (row,) = await people_meant(office, (source,))
    _work, targets = await people_meant(office, who, file=file)
    for each in (row, *targets):
        work.look_at(each)
    count, refusals = work.desk.copy(row, targets, replace=replace)
    if refusals:
        raise RefusedWorkError(refusals, {each.account.id: each.account.name for each in targets})
    has_any = any(work.desk.cell(row, each).wanted for each in work.desk.columns(retired=False))
    if not has_any and not replace:
        told = _("{name} has no permissions: there is nothing to copy.", name=shown(row.account.name))
        office.nothing = told
    elif not count:
        say(_("They have the same already."))
