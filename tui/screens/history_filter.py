"""The dialogs by which a filter of the history is chosen: first what it is about, then which."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.queries import Accounts, Standing
from tui.history import EVENT_NAMES, HistoryFilter, Person
from tui.screens.ask import Ask, ask_day
from tui.screens.dialogs import Choice, Option
from tui.text import _
from tui.text.dates import day as day_text
from tui.text.read_day import read_day

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.queries import AccountRow, WriteRow
    from tui.screens.room import Room

_ANY, _OTHER = "-", "+"
MOST_FOUND = 50
"""The most people offered for a name."""


async def choose_filter(room: Room, now: HistoryFilter, seen: Sequence[WriteRow]) -> HistoryFilter | None:
    """Let a person choose one more thing to filter by, or everything; ``None`` when nothing was chosen.

    ``seen`` are the writes that are loaded: who wrote them is offered.
    """
    desk, app = room.desk, room.app
    permission = "" if now.permission_id is None else desk.permission_name(now.permission_id)
    options = [
        Option("all", _("Everything")),
        Option("person", _("What is about one person …"), "" if now.person is None else now.person.name),
        Option("actor", _("What one person wrote …"), "" if now.actor is None else now.actor.name),
        Option("permission", _("One permission …"), permission),
        Option(
            "kind", _("One kind of event …"), "" if now.event_kind is None else _(EVENT_NAMES[now.event_kind])
        ),
        Option("from", _("From a day on …"), "" if now.from_day is None else day_text(now.from_day)),
        Option("until", _("Until a day …"), "" if now.until_day is None else day_text(now.until_day)),
    ]
    chosen = await app.push_screen_wait(Choice(_("Show only"), options, note_width=24))
    match chosen:
        case "all":
            return HistoryFilter()
        case "person":
            return await _person(room, now)
        case "actor":
            return await _actor(room, now, seen)
        case "permission":
            return await _permission(room, now)
        case "kind":
            return await _kind(room, now)
        case "from" | "until":
            return await _day(room, now, chosen)
        case _:
            return None


async def _person(room: Room, now: HistoryFilter) -> HistoryFilter | None:
    found = await _find_person(room)
    return None if found is None else replace(now, person=found)


async def _find_person(room: Room) -> Person | None:
    """Ask for a name, and where several people have it, which."""
    text = await room.app.push_screen_wait(
        Ask(
            _("Whom"),
            _("Part of the name, HSA-id or e-mail, also of somebody who has been deregistered."),
            fault=lambda answer: "" if answer else _("Write part of a name, an HSA-id or an e-mail address."),
        )
    )
    if text is None:
        return None
    desk = room.desk
    query = Accounts(
        day=desk.today,
        organisation_id=desk.organisation_id,
        search=text,
        standing=Standing.ANY,
        limit=MOST_FOUND,
    )
    page = await room.behorig.guarded(desk.service.ask(query))
    if page is None:
        return None
    if not page.rows:
        room.behorig.say(_("Nobody matches “{search}”.", search=text), problem=True)
        return None
    rows = {row.account.id: row for row in page.rows}
    chosen: str | None = page.rows[0].account.id
    if len(rows) > 1:
        title = _("Whom") if page.after is None else _("Whom (the first {count})", count=MOST_FOUND)
        chosen = await room.app.push_screen_wait(Choice(title, [_option(row) for row in rows.values()]))
    if chosen is None:
        return None
    return Person(desk.organisation_id, chosen, rows[chosen].account.name)


def _option(row: AccountRow) -> Option:
    account = row.account
    note = "" if account.active else _("deregistered")
    return Option(account.id, f"{account.family_name}, {account.given_name}, {account.hsa_id}", note)


async def _actor(room: Room, now: HistoryFilter, seen: Sequence[WriteRow]) -> HistoryFilter | None:
    desk = room.desk
    known: dict[str, Person] = {}
    administrators = () if desk.detail is None else desk.detail.administrators
    for each in administrators:
        known[f"{each.organisation_id} {each.id}"] = Person(each.organisation_id, each.id, each.name)
    for write in seen:
        who = Person(write.actor_organisation_id, write.actor_id, write.by)
        known.setdefault(f"{who.organisation_id} {who.account_id}", who)
    options = [
        Option(_ANY, _("Anybody")),
        *(Option(key, each.name) for key, each in known.items()),
        Option(_OTHER, _("Somebody else …")),
    ]
    chosen = await room.app.push_screen_wait(Choice(_("Who wrote"), options))
    if chosen is None:
        return None
    if chosen == _OTHER:
        found = await _find_person(room)
        return None if found is None else replace(now, actor=found)
    return replace(now, actor=known.get(chosen))


async def _permission(room: Room, now: HistoryFilter) -> HistoryFilter | None:
    desk = room.desk
    options = [Option(_ANY, _("Any permission"))]
    for each in desk.catalogue.permissions:
        former = _(", ").join(each.former_names(desk.today))
        options.append(Option(each.id, each.name_on(desk.today), former))
    chosen = await room.app.push_screen_wait(
        Choice(_("Which permission"), options, chosen=now.permission_id, searched=True)
    )
    return None if chosen is None else replace(now, permission_id=None if chosen == _ANY else chosen)


async def _kind(room: Room, now: HistoryFilter) -> HistoryFilter | None:
    options = [Option(_ANY, _("Any kind")), *(Option(tag, _(name)) for tag, name in EVENT_NAMES.items())]
    chosen = await room.app.push_screen_wait(Choice(_("Which kind"), options, chosen=now.event_kind))
    return None if chosen is None else replace(now, event_kind=None if chosen == _ANY else chosen)


async def _day(room: Room, now: HistoryFilter, which: str) -> HistoryFilter | None:
    first = which == "from"
    title = _("From a day on") if first else _("Until a day")
    text = _("The first day to show. Empty: from the beginning.")
    if not first:
        text = _("The last day to show. Empty: until now.")
    today = room.desk.today
    dialog = ask_day(
        title, text, today=today, value=now.from_day if first else now.until_day, may_be_empty=True
    )
    answer = await room.app.push_screen_wait(dialog)
    if answer is None:
        return None
    day = read_day(answer, today)
    return replace(now, from_day=day) if first else replace(now, until_day=day)
