"""Changes, events, cautions and reasons as sentences in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from core import changes as c
from core import history as h
from core.directory import Role
from core.queries import COUNT_LIMIT
from core.support import ContactPart
from core.text import shown
from tui.text import _, ngettext, number
from tui.text import announcements as news
from tui.text.dates import day as day_text
from tui.text.dates import moment

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from core.access import Access, Reason
    from core.catalogue import Catalogue
    from core.draft import Draft
    from core.queries import AccountRow
    from core.review import Caution


@dataclass(frozen=True, slots=True)
class Words:
    """What sentences are made with: names of accounts by id, and the catalogue on a day."""

    catalogue: Catalogue
    today: date
    names: Mapping[str, str] = field(default_factory=dict)

    def person(self, account_id: str) -> str:
        """Give a person's name, harmless; the id where no name is known."""
        return shown(self.names.get(account_id, account_id))

    def permission(self, permission_id: str) -> str:
        """Give a permission's name today; the id where it is not in view."""
        found = self.catalogue.permission(permission_id)
        return shown(permission_id if found is None else found.name_on(self.today))

    def e_service(self, e_service_id: str) -> str:
        """Give an e-service's name; the id where it is not in view."""
        found = self.catalogue.e_service(e_service_id)
        return shown(e_service_id if found is None else found.name)


def role_name(role: str) -> str:
    """Give a role's name in the reader's language."""
    match role:
        case Role.ADMINISTRATOR:
            return _("administrator")
        case Role.SUPPORT:
            return _("support")
        case Role.INSTALLATION:
            return _("installation")
        case _:
            return _("user")


def standing_text(row: AccountRow) -> str:
    """Say what an account is: its role, or that it is deregistered."""
    return role_name(row.account.role) if row.account.active else _("deregistered account")


def part_name(part: str) -> str:
    """Give what a part of the kontaktcenter's contact is called, inside a sentence."""
    match part:
        case ContactPart.TELEPHONE:
            return _("telephone")
        case ContactPart.HOURS:
            return _("telephone hours")
        case _:
            return _("e-mail address")


def of_change(change: c.AnyChange, words: Words, draft: Draft | None = None) -> str:
    """Say what a change will do."""
    match change:
        case c.Grant():
            return _(
                "Give {name}: {permission}",
                name=words.person(change.account_id),
                permission=words.permission(change.permission_id),
            )
        case c.Revoke():
            return _(
                "Take from {name}: {permission}",
                name=words.person(change.account_id),
                permission=words.permission(change.permission_id),
            )
        case c.RegisterAccount():
            return _(
                "Register {name}, {hsa_id}, {email}",
                name=f"{change.given_name} {change.family_name}",
                hsa_id=change.hsa_id,
                email=change.email,
            )
        case c.ReregisterAccount():
            return _(
                "Register {name} again, {email}",
                name=f"{change.given_name} {change.family_name}",
                email=change.email,
            )
        case c.AmendAccount():
            return _(
                "Change {name}: {details}",
                name=words.person(change.account_id),
                details=_amended(change, draft),
            )
        case c.DeregisterAccount():
            count = len(change.seen_permission_ids)
            name = words.person(change.account_id)
            if not count:
                return _("Deregister {name}", name=name)
            return ngettext(
                "Deregister {name}, who loses {count} permission",
                "Deregister {name}, who loses {count} permissions",
                count,
                name=name,
            )
        case _:
            return _of_rare_change(change, words)


def _of_rare_change(change: c.AnyChange, words: Words) -> str:
    match change:
        case c.AppointAdministrator():
            return _("Make {name} administrator", name=words.person(change.account_id))
        case c.DismissAdministrator():
            return _("Dismiss {name} as administrator", name=words.person(change.account_id))
        case c.AppointSupport():
            return _("Make {name} support", name=words.person(change.account_id))
        case c.DismissSupport():
            return _("Dismiss {name} from support", name=words.person(change.account_id))
        case c.RegisterOrganisation():
            return _("Register the organisation {name}", name=change.name)
        case c.AmendOrganisation():
            details = _(", ").join(each for each in (change.name, change.number) if each is not None)
            return _("Change the organisation to {details}", details=details)
        case c.SignAgreement():
            return _("Note an agreement for {service}", service=words.e_service(change.e_service_id))
        case c.EndAgreement():
            return _("End the agreement for {service}", service=words.e_service(change.e_service_id))
        case c.RegisterEService():
            return _("Add the e-service {name}", name=change.name)
        case c.LaunchPermission():
            return _("Launch {name} on {day}", name=change.name, day=day_text(change.launched_on))
        case c.RenamePermission():
            before = words.permission(change.permission_id)
            return _(
                "Rename {before} to {name} from {day}",
                before=before,
                name=change.name,
                day=day_text(change.from_day),
            )
        case c.RetirePermission():
            name = words.permission(change.permission_id)
            return _("End {name} on {day}", name=name, day=day_text(change.retired_on))
        case c.SetContact():
            part, day = part_name(change.part), day_text(change.from_day)
            if change.value is None:
                return _("Kontaktcenter from {day}: without {part}", day=day, part=part)
            return _("Kontaktcenter from {day}: {part} {value}", day=day, part=part, value=change.value)
        case c.PublishAnnouncement() | c.CorrectAnnouncement() | c.WithdrawAnnouncement():
            return news.of_change(change)
        case _:
            raise TypeError(change)


def _amended(change: c.AmendAccount, draft: Draft | None) -> str:
    amendment = None if draft is None else draft.amendments.get(change.account_id)
    return _(", ").join(
        # What has become so meanwhile has no way to it.
        _only(field, value)
        if amendment is None or getattr(amendment.before, field) == value
        else _from_to(field, getattr(amendment.before, field), value)
        for field in h.Details.__struct_fields__
        if (value := getattr(change, field)) is not None
    )


def _from_to(field: str, old: str, new: str) -> str:
    """Say one detail's way from old to new."""
    old, new = shown(old), shown(new)
    match field:
        case "given_name":
            return _("first name {old} to {new}", old=old, new=new)
        case "family_name":
            return _("last name {old} to {new}", old=old, new=new)
        case "hsa_id":
            return _("HSA-id {old} to {new}", old=old, new=new)
        case "email":
            return _("e-mail {old} to {new}", old=old, new=new)
        case _:
            raise ValueError(field)


def _only(field: str, new: str) -> str:
    """Say one new detail, where the old one is not at hand."""
    match field:
        case "given_name":
            return _("first name {new}", new=new)
        case "family_name":
            return _("last name {new}", new=new)
        case "hsa_id":
            return _("HSA-id {new}", new=new)
        case "email":
            return _("e-mail {new}", new=new)
        case _:
            raise ValueError(field)


def of_event(event: h.AnyEvent, words: Words) -> str:
    """Say what happened."""
    match event:
        case h.PermissionGranted():
            name, permission = words.person(event.account_id), words.permission(event.permission_id)
            return _("{name} was given {permission}", name=name, permission=permission)
        case h.PermissionRevoked():
            name, permission = words.person(event.account_id), words.permission(event.permission_id)
            return _("{permission} was taken from {name}", name=name, permission=permission)
        case h.AccountRegistered():
            after = event.after
            return _(
                "{name} was registered with {hsa_id} and {email}",
                name=shown(f"{after.given_name} {after.family_name}"),
                hsa_id=shown(after.hsa_id),
                email=shown(after.email),
            )
        case h.AccountReregistered():
            after = event.after
            name = shown(f"{after.given_name} {after.family_name}")
            return _("{name} was registered again with {email}", name=name, email=shown(after.email))
        case h.AccountAmended():
            return _(
                "{name} was changed: {details}",
                name=shown(f"{event.before.given_name} {event.before.family_name}"),
                details=difference_of(event.before, event.after),
            )
        case h.AccountDeregistered():
            before = event.before
            return _("{name} was deregistered", name=shown(f"{before.given_name} {before.family_name}"))
        case h.RoleChanged():
            return _(
                "{name} became {role} and was {before} until then",
                name=words.person(event.account_id),
                role=role_name(event.after),
                before=role_name(event.before),
            )
        case _:
            return _of_rare_event(event, words)


def difference_of(before: h.Details, after: h.Details) -> str:
    """Say how details went from what they were to what they are."""
    return _(", ").join(
        _from_to(field, getattr(before, field), getattr(after, field))
        for field in h.Details.__struct_fields__
        if getattr(before, field) != getattr(after, field)
    )


def _of_rare_event(event: h.AnyEvent, words: Words) -> str:
    match event:
        case h.OrganisationRegistered():
            return _("The organisation {name} was registered", name=shown(event.name))
        case h.OrganisationAmended():
            return _(
                "The organisation is now {name}, organisation number {number}",
                name=shown(event.name),
                number=shown(event.number) or _("not known"),
            )
        case h.AgreementSigned():
            return _("An agreement for {service} began", service=words.e_service(event.e_service_id))
        case h.AgreementEnded():
            return _("The agreement for {service} ended", service=words.e_service(event.e_service_id))
        case h.EServiceRegistered():
            return _("The e-service {name} was added", name=shown(event.name))
        case h.PermissionLaunched():
            return _("{name} is launched on {day}", name=shown(event.name), day=day_text(event.launched_on))
        case h.PermissionRenamed():
            return _(
                "{before} is called {name} from {day}",
                before=shown(event.before),
                name=shown(event.name),
                day=day_text(event.from_day),
            )
        case h.PermissionRetired():
            name = words.permission(event.permission_id)
            return _("{name} ends on {day}", name=name, day=day_text(event.retired_on))
        case h.ContactSet():
            part, day = part_name(event.part), day_text(event.from_day)
            if not event.value:
                return _("The kontaktcenter is without {part} from {day}", day=day, part=part)
            return _(
                "The kontaktcenter has {part} {value} from {day}",
                day=day,
                part=part,
                value=shown(event.value),
            )
        case h.AnnouncementEvent():
            return news.of_event(event)
        case _:
            raise TypeError(event)


def of_caution(caution: Caution, words: Words) -> str:
    """Say what to look at before a write."""
    name = words.person(caution.account_id) if caution.account_id else ""
    params = caution.params
    match caution.code:
        case "many_changes":
            count = int(params["count"])
            return ngettext("This write has {count} change", "This write has {count} changes", count)
        case "left_without_permissions":
            return _("{name} is left without any permission", name=name)
        case "new_without_permissions":
            return _("{name} is registered without any permission", name=name)
        case "all_permissions":
            count = int(params["count"])
            return ngettext(
                "{name} gets the one permission there is",
                "{name} gets every permission there is, {count} of them",
                count,
                name=name,
            )
        case "email_shared":
            count = int(params["count"])
            return ngettext(
                "{name} has an e-mail address that {count} other user has, {email}",
                "{name} has an e-mail address that {count} other users have, {email}",
                count,
                name=name,
                email=str(params["email"]),
            )
        case "role_ends":
            count = int(params["count"])
            return ngettext(
                "{name} loses {count} permission, since an administrator has none",
                "{name} loses {count} permissions, since an administrator has none",
                count,
                name=name,
            )
        case "agreement_ends" | "launch_reaches" | "rename_reaches" | "retire_reaches":
            return _of_reach(caution)
        case "hsa_id_other_organisation":
            return _(
                "{name}: the HSA-id {hsa_id} is of organisation number {owner}, and yours is {number}",
                name=name,
                hsa_id=str(params["hsa_id"]),
                owner=str(params["owner"]),
                number=str(params["number"]),
            )
        case _:
            raise ValueError(caution.code)


def _of_reach(caution: Caution) -> str:
    """Say how much a change of the catalogue, or the end of an agreement, touches."""
    organisations, accounts, grants = (
        _counted(int(caution.params[name]), more=bool(caution.params["more"]))
        for name in ("organisations", "accounts", "grants")
    )
    match caution.code:
        case "agreement_ends":
            return _(
                "What ends with it: permissions {grants}, users {accounts}", grants=grants, accounts=accounts
            )
        case "launch_reaches":
            return _(
                "Nobody gets the permission by itself; organisations with the agreement: {organisations}",
                organisations=organisations,
            )
        case "rename_reaches":
            return _(
                "Whoever has the permission keeps it: users {accounts}; organisations with the agreement: "
                "{organisations}",
                accounts=accounts,
                organisations=organisations,
            )
        case _:
            return _(
                "Who loses the permission on that day: users {accounts}; organisations with the agreement: "
                "{organisations}",
                accounts=accounts,
                organisations=organisations,
            )


def _counted(count: int, *, more: bool) -> str:
    """Write a number that was counted no further than a limit."""
    text = number(count)
    return _("more than {count}", count=text) if more and count >= COUNT_LIMIT else text


def of_reason(reason: Reason, words: Words) -> str:
    """Say one link of why somebody may or may not."""
    day = str(reason.params.get("day", ""))
    match reason.code, reason.holds:
        case "account_active", True:
            return _("The user is registered.")
        case "account_active", False:
            return _("The user is deregistered.")
        case "role_user", True:
            return _("The account is a user's.")
        case "role_user", False:
            return _(
                "The account is not a user's: the role is {role}.", role=role_name(str(reason.params["role"]))
            )
        case "agreement", holds:
            service = words.e_service(str(reason.params["e_service_id"]))
            if holds:
                return _("There is an agreement for {service}.", service=service)
            return _("There is no agreement for {service}.", service=service)
        case "launched", True:
            return _("Launched on {day}.", day=day_text(day))
        case "launched", False:
            return _("Is launched on {day}, not before.", day=day_text(day))
        case "not_retired", True:
            return _("Ends on {day}.", day=day_text(day)) if day else _("Is in use.")
        case "not_retired", False:
            return _("Ended on {day}.", day=day_text(day))
        case "granted", True:
            by, at = str(reason.params["by"]), str(reason.params["at"])
            return _("Given by {name} on {moment}.", name=shown(by), moment=moment(at))
        case "granted", False:
            return _("Not given.")
        case _:
            raise ValueError(reason.code)


def of_access(access: Access, words: Words) -> str:
    """Say why somebody may use a permission, or the first things that stand in the way."""
    if access.allowed:
        return of_reason(access.reasons[-1], words)
    return " ".join(of_reason(each, words) for each in access.reasons if not each.holds)
