"""What is current in words: its kinds, what happened to it, when it lasts, and what is ready-written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core import changes as c
from core import history as h
from core.announcements import AnnouncementKind, Done, NewContent
from core.days import local, start_of
from core.directory import Role
from core.identity import LONGEST_TITLE, Headline, Id, Instruction, MarkdownText
from core.text import shown
from tui.text import N_, _, ngettext, speaking
from tui.text.dates import clock, day_of_year, moment
from tui.text.dates import day as day_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from core.announcements import AnnouncementDetail, AnnouncementRow, Banner, Notice
    from core.catalogue import Catalogue
    from tui.text.sentences import Words

PUBLISHED = "sv"
"""The language in which Migrationsverket publishes."""

KIND_NAMES = {
    AnnouncementKind.NEW_PERMISSION: N_("new permission"),
    AnnouncementKind.RENAMED: N_("renamed"),
    AnnouncementKind.RETIRED: N_("has ended"),
    AnnouncementKind.COMING: N_("coming"),
    AnnouncementKind.POSTPONED: N_("postponed"),
    AnnouncementKind.NEW_FUNCTION: N_("new function"),
    AnnouncementKind.FIX: N_("mended"),
    AnnouncementKind.MAINTENANCE: N_("planned maintenance"),
    AnnouncementKind.INCIDENT: N_("incident"),
    AnnouncementKind.SIGN_IN: N_("signing in"),
    AnnouncementKind.BROWSER: N_("web browser"),
    AnnouncementKind.MANUAL: N_("manual"),
    AnnouncementKind.AGREEMENT: N_("agreement"),
    AnnouncementKind.PAYMENT_DELAY: N_("late payment"),
    AnnouncementKind.RULE_CHANGE: N_("new rules"),
    AnnouncementKind.TRAINING: N_("training"),
    AnnouncementKind.ACCESSIBILITY: N_("accessibility"),
    AnnouncementKind.DATA_CORRECTION: N_("corrected data"),
    AnnouncementKind.OTHER: N_("other"),
}
"""What the kinds are called, short enough for a column."""


def kind_name(kind: AnnouncementKind) -> str:
    """Give what a kind is called in the reader's language."""
    return _(KIND_NAMES[kind])


def of_change(change: c.PublishAnnouncement | c.CorrectAnnouncement | c.WithdrawAnnouncement) -> str:
    """Say what a change of what is current will do."""
    match change:
        case c.PublishAnnouncement():
            content = change.content
            return _("Publish “{title}” {moment}", title=content.title, moment=moment(content.published_at))
        case c.CorrectAnnouncement():
            return _(
                "Correct “{title}”: {correction}", title=change.content.title, correction=change.correction
            )
        case c.WithdrawAnnouncement():
            return _("Withdraw “{title}”", title=change.seen_title)


def of_event(event: h.AnnouncementEvent) -> str:
    """Say what happened to what is current."""
    match event:
        case h.AnnouncementPublished():
            title, at = shown(event.after.title), moment(event.after.published_at)
            return _("“{title}” is published {moment}", title=title, moment=at)
        case h.AnnouncementCorrected():
            return _(
                "“{title}” was corrected: {correction}",
                title=shown(event.after.title),
                correction=shown(event.correction),
            )
        case h.AnnouncementWithdrawn():
            return _("“{title}” was withdrawn", title=shown(event.before.title))
        case _:
            raise TypeError(event)


# When it holds and what is left to do -------------------------------------------------------------


_WEEKDAYS = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)


def window(begins: datetime | None, ends: datetime | None) -> str:
    """Say from when until when something lasts, as clocks in Sweden show it."""
    if begins is None:
        return ""
    if ends is None:
        return _("from {begins}, until further notice", begins=_at(begins))
    if local(begins).date() == local(ends).date():
        return _("{begins} to {time}", begins=_at(begins), time=clock(ends))
    return _("{begins} to {ends}", begins=_at(begins), ends=_at(ends))


def _at(value: datetime) -> str:
    weekday = _(_WEEKDAYS[local(value).weekday()])
    return _("{weekday} {moment}", weekday=weekday, moment=moment(value))


def of_banner(banner: Banner) -> str:
    """Say what goes on, short enough for one line of most screens: it is near, and needs no year."""
    kind = kind_name(banner.kind)
    return _(
        "{kind} {when}: {title}",
        kind=kind[:1].upper() + kind[1:],
        when=_near_window(banner.begins, banner.ends),
        title=shown(banner.title),
    )


def _near_window(begins: datetime, ends: datetime | None) -> str:
    if ends is None:
        return _("from {begins}, until further notice", begins=_near(begins))
    if local(begins).date() == local(ends).date():
        return f"{_near(begins)}-{clock(ends)}"
    return _("{begins} to {ends}", begins=_near(begins), ends=_near(ends))


def _near(value: datetime) -> str:
    there = local(value)
    weekday, day = _(_WEEKDAYS[there.weekday()]), day_of_year(there.date())
    return _("{weekday} {day} {time}", weekday=weekday, day=day, time=clock(value))


def of_banners(banners: Sequence[Banner], most: int) -> str:
    """Say what goes on, a line each; of more than ``most`` the last line counts the others."""
    lines = [of_banner(each) for each in banners[:most]]
    hidden = len(banners) - len(lines)
    if hidden > 0:
        lines[-1] = ngettext("And {count} more: {line}", "And {count} more: {line}", hidden, line=lines[-1])
    return "\n".join(lines)


def of_unread(notice: Notice) -> str:
    """Say how much is new, nothing where nothing is."""
    if notice.more:
        return _("more than {count} new", count=notice.unread)
    return ngettext("{count} new", "{count} new", notice.unread) if notice.unread else ""


def of_state(row: AnnouncementRow) -> str:
    """Say whether it is scheduled, withdrawn or corrected; nothing where it is none of them."""
    parts: list[str] = []
    if row.withdrawn_on is not None:
        parts.append(_("Withdrawn {day}.", day=day_text(row.withdrawn_on)))
    elif row.is_scheduled:
        parts.append(
            _("Is published {moment}, and seen by nobody else before.", moment=moment(row.published_at))
        )
    if row.corrected_on is not None:
        parts.append(_("Corrected {day}.", day=day_text(row.corrected_on)))
    return " ".join(parts)


def of_done(row: AnnouncementRow) -> str:
    """Say whether the organisation's part is done; nothing where there is nothing to do."""
    match row.done:
        case Done.NOTHING_TO_DO:
            return ""
        case Done.GIVEN:
            return (
                _("Done: the permission is given.")
                if len(row.permission_ids) == 1
                else _("Done: the permissions are given.")
            )
        case Done.ENDED:
            return _("Nothing is left to do: the permission has ended.")
        case Done.SAID:
            if row.said is None:
                return _("Done.")
            return _("Done, says {name} {moment}.", name=shown(row.said.by), moment=moment(row.said.at))
        case Done.OPEN:
            return _("Not done.")


def why_not_done(row: AnnouncementRow, role: Role) -> str:
    """Tell why nobody in a role can say that a part is done, or ``""``."""
    if role is not Role.ADMINISTRATOR:
        return _("only an administrator says what is done in the own organisation")
    if row.done is Done.NOTHING_TO_DO:
        return _("there is nothing to do here")
    if row.done in (Done.GIVEN, Done.ENDED):
        return _("it is done already")
    return ""


def dates(row: AnnouncementRow) -> str:
    """Say when it was published, and from when or how long it holds."""
    parts = [_("Published {day}.", day=day_text(local(row.published_at).date()))]
    if row.effective_on is not None:
        parts.append(_("Holds from {day}.", day=day_text(row.effective_on)))
    if row.begins is not None:
        when = window(row.begins, row.ends)
        parts.append(f"{when[:1].upper()}{when[1:]}.")
    return " ".join(parts)


def lines_about(detail: AnnouncementDetail, words: Words) -> list[tuple[str, str]]:
    """Give what stands over the text, each line with its label."""
    row = detail.row
    kind = kind_name(row.kind)
    lines = [
        (_("Heading"), row.title),
        (_("Kind"), kind),
        (_("Published"), moment(row.published_at)),
    ]
    if row.effective_on is not None:
        lines.append((_("Holds from"), day_text(row.effective_on)))
    if row.begins is not None:
        lines.append((_("Lasts"), window(row.begins, row.ends)))
    if row.e_service_id:
        lines.append((_("E-service"), words.e_service(row.e_service_id)))
    lines.extend((_("Permission"), words.permission(each)) for each in row.permission_ids)
    if row.coming:
        text = ngettext(
            "{count} permission, shown from its launch day",
            "{count} permissions, shown from their launch day",
            row.coming,
        )
        lines.append((_("Coming"), text))
    if row.action:
        lines.append((_("To do"), shown(row.action)))
        lines.append((_("State"), of_done(row)))
    if row.is_scheduled or row.withdrawn_on is not None:
        lines.append((_("Note"), of_state(row)))
    lines.extend(
        (_("Corrected"), _("{day}: {what}", day=day_text(each.on), what=shown(each.what)))
        for each in detail.corrections
    )
    return lines


# Ready-written ------------------------------------------------------------------------------------


def draft_announcement_for(
    change: c.LaunchPermission | c.RenamePermission | c.RetirePermission, catalogue: Catalogue, today: date
) -> c.PublishAnnouncement:
    """Write the announcement for a change of the catalogue, to be looked over and published.

    ``catalogue`` is the one before the change. It is published at the beginning of ``today``, which is at
    once; its id is made of what it is about, so that the same change gives the same announcement. Its words
    are Swedish whoever publishes: everybody reads it as it stands.
    """
    with speaking(PUBLISHED):
        return _announcement_for(change, catalogue, today)


def _announcement_for(
    change: c.LaunchPermission | c.RenamePermission | c.RetirePermission, catalogue: Catalogue, today: date
) -> c.PublishAnnouncement:
    found = catalogue.permission(change.permission_id)
    if isinstance(change, c.LaunchPermission):
        e_service_id, name = str(change.e_service_id), str(change.name)
    else:
        e_service_id = "" if found is None else found.e_service_id
        name = str(change.permission_id) if found is None else found.name_on(today)
    e_service = catalogue.e_service(e_service_id)
    service = shown(e_service_id if e_service is None else e_service.name)
    name = shown(name)
    match change:
        case c.LaunchPermission():
            kind, on = AnnouncementKind.NEW_PERMISSION, change.launched_on
            title = _("New permission: {name}", name=name)
            text = _launched(change, name, service)
            action: str | None = _("Give the permission to the users who shall have it.")
        case c.RenamePermission():
            kind, on, action = AnnouncementKind.RENAMED, change.from_day, None
            title = _("New name: {name}", name=change.name)
            text = _(
                "From {day} the permission **{before}** in {service} is called **{name}**. It is the same "
                "permission: whoever has it keeps it, and a search finds the former name too.\n\nYou need "
                "to do nothing.",
                day=day_text(on),
                before=name,
                service=service,
                name=change.name,
            )
        case c.RetirePermission():
            kind, on, action = AnnouncementKind.RETIRED, change.retired_on, None
            title = _("Ends: {name}", name=name)
            text = _(
                "On {day} the permission **{name}** in {service} ends. From that day on it can be neither "
                "given nor used; what was given ends by itself and stays in the history.\n\nYou need to do "
                "nothing.",
                day=day_text(on),
                name=name,
                service=service,
            )
    # A name may be longer than there is room for in a title of several words.
    return c.PublishAnnouncement(
        announcement_id=Id(f"{on:%Y%m%d}-{change.permission_id}"[:64]),
        content=NewContent(
            kind=kind,
            title=Headline(title[:LONGEST_TITLE]),
            text=MarkdownText(text),
            published_at=start_of(today),
            e_service_id=Id(e_service_id) if e_service_id else None,
            permission_ids=(change.permission_id,),
            effective_on=on,
            action=None if action is None else Instruction(action),
        ),
    )


def _launched(change: c.LaunchPermission, name: str, service: str) -> str:
    lines = [
        _(
            "**{name}** can be given in {service} from {day}. It is shown from that day on, and nobody gets "
            "it by itself.",
            name=name,
            service=service,
            day=day_text(change.launched_on),
        )
    ]
    if change.target_group is not None:
        lines.append(_("It is for: {target_group}.", target_group=str(change.target_group).rstrip(".")))
    if change.payment is not None:
        lines.append(_("Payment: {payment}.", payment=str(change.payment).rstrip(".")))
    lines.append(_("Register new users first, with HSA-id, name and e-mail address."))
    return "\n\n".join(lines)
