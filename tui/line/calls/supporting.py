"""How the commands of Migrationsverket's support are called: roles, agreements, catalogue, news, contact."""

# Cyclopts reads the annotations when it runs, so they are values here and not texts.
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from tui.line.calls.writing import NOTHING_SAID, Details, Who
from tui.line.options import FILE, ID, NAME, NOBODY_SAID, SignIn, place, value
from tui.line.write_options import AS_USUAL, In, Wishes, hyphen_too
from tui.text import _

if TYPE_CHECKING:
    from tui.line.write_news import Written

# Roles --------------------------------------------------------------------------------------------


def administrators_appoint(
    who: Who,
    /,
    *,
    details: Details = NOTHING_SAID,
    in_: In = None,
    wishes: Wishes = AS_USUAL,
    sign_in: SignIn = NOBODY_SAID,
) -> int:
    from tui.line.write_users import appoint  # help needs no storage
    from tui.line.writing import write

    person = details.person()
    return write(sign_in, wishes, lambda office: appoint(office, who, person, in_))


def administrators_dismiss(
    who: Who, /, *, in_: In = None, wishes: Wishes = AS_USUAL, sign_in: SignIn = NOBODY_SAID
) -> int:
    from core.changes import DismissAdministrator  # help needs no core
    from tui.line.write_users import change_role
    from tui.line.writing import write

    return write(sign_in, wishes, lambda office: change_role(office, who, DismissAdministrator, in_))


def support_appoint(who: Who, /, *, wishes: Wishes = AS_USUAL, sign_in: SignIn = NOBODY_SAID) -> int:
    from core.changes import AppointSupport  # help needs no core
    from core.directory import AUTHORITY
    from tui.line.write_users import change_role
    from tui.line.writing import write

    return write(sign_in, wishes, lambda office: change_role(office, who, AppointSupport, AUTHORITY))


def support_dismiss(who: Who, /, *, wishes: Wishes = AS_USUAL, sign_in: SignIn = NOBODY_SAID) -> int:
    from core.changes import DismissSupport  # help needs no core
    from core.directory import AUTHORITY
    from tui.line.write_users import change_role
    from tui.line.writing import write

    return write(sign_in, wishes, lambda office: change_role(office, who, DismissSupport, AUTHORITY))


# Organisations ------------------------------------------------------------------------------------

_ORGANISATION = _("ORGANISATION")
Where = Annotated[str, value(_ORGANISATION, _("The organisation, by name, code or id."), "--in")]
Number = Annotated[str | None, value(_("NUMBER"), _("The organisation number, such as 212000-2411."))]
EService = Annotated[str, place(_("E-SERVICE"), _("The e-service, by name or id."))]


def organisations_register(
    organisation: Annotated[str, place(ID, _("Its id, which lasts: small letters, digits and hyphens."))],
    /,
    *,
    kind: Annotated[str, value("municipality|region", _("What it is."))],
    name: Annotated[str, value(NAME, _("What it is called."))],
    code: Annotated[str | None, value(_("CODE"), _("Its code at Statistics Sweden, such as 2281."))] = None,
    number: Number = None,
    wishes: Wishes = AS_USUAL,
    sign_in: SignIn = NOBODY_SAID,
) -> int:
    from tui.line.write_organisations import register  # help needs no storage
    from tui.line.writing import write

    return write(sign_in, wishes, lambda office: register(office, organisation, kind, name, code, number))


def organisations_amend(
    organisation: Annotated[str, place(_ORGANISATION, _("The organisation, by name, code or id."))],
    /,
    *,
    name: Annotated[str | None, value(NAME, _("What it shall be called."))] = None,
    number: Number = None,
    wishes: Wishes = AS_USUAL,
    sign_in: SignIn = NOBODY_SAID,
) -> int:
    from tui.line.write_organisations import amend  # help needs no storage
    from tui.line.writing import write

    return write(sign_in, wishes, lambda office: amend(office, organisation, name, number))


def agreements_sign(
    e_service: EService, /, *, in_: Where, wishes: Wishes = AS_USUAL, sign_in: SignIn = NOBODY_SAID
) -> int:
    from tui.line.write_organisations import sign  # help needs no storage
    from tui.line.writing import write

    return write(sign_in, wishes, lambda office: sign(office, e_service, in_))


def agreements_end(
    e_service: EService, /, *, in_: Where, wishes: Wishes = AS_USUAL, sign_in: SignIn = NOBODY_SAID
) -> int:
    from tui.line.write_organisations import end  # help needs no storage
    from tui.line.writing import write

    return write(sign_in, wishes, lambda office: end(office, e_service, in_))


# The catalogue ------------------------------------------------------------------------------------

NewId = Annotated[str | None, value(ID, _("An id that lasts, in place of one that is made up."), "--id")]
Announce = Annotated[
    bool,
    Parameter(negative="", help=_("Publish what is ready-written to tell of it, in the same write.")),
]
Permission = Annotated[str, place(_("PERMISSION"), _("The permission, by id, short name or whole name."))]


def e_services_register(
    name: Annotated[str, place(NAME, _("What the e-service is called."))],
    /,
    *,
    id_: NewId = None,
    wishes: Wishes = AS_USUAL,
    sign_in: SignIn = NOBODY_SAID,
) -> int:
    from tui.line.write_catalogue import register_e_service  # help needs no storage
    from tui.line.writing import write

    return write(sign_in, wishes, lambda office: register_e_service(office, name, id_))


def permissions_launch(  # noqa: PLR0913 - each is an option of the command
    name: Annotated[str, place(NAME, _("What the permission is called."))],
    /,
    *,
    e_service: Annotated[str, value(_("E-SERVICE"), _("Its e-service, by name or id."))],
    short_name: Annotated[str, value(NAME, _("What heads a narrow column: three letters, such as Fsk."))],
    day: Annotated[str, value(_("DAY"), _("The launch day, such as 2024-02-01."))],
    target_group: Annotated[str | None, value(_("TEXT"), _("Whom it is for."))] = None,
    payment: Annotated[str | None, value(_("TEXT"), _("How it is paid."))] = None,
    id_: NewId = None,
    announce: Announce = False,
    wishes: Wishes = AS_USUAL,
    sign_in: SignIn = NOBODY_SAID,
) -> int:
    from tui.line.write_catalogue import launch  # help needs no storage
    from tui.line.writing import write

    return write(
        sign_in,
        wishes,
        lambda office: launch(
            office,
            name,
            e_service=e_service,
            short_name=short_name,
            day=day,
            target_group=target_group,
            payment=payment,
            permission_id=id_,
            announce=announce,
        ),
    )


def permissions_rename(
    permission: Permission,
    /,
    *,
    name: Annotated[str, value(NAME, _("The new name."))],
    day: Annotated[str | None, value(_("DAY"), _("From which day it holds; otherwise today."))] = None,
    announce: Announce = False,
    wishes: Wishes = AS_USUAL,
    sign_in: SignIn = NOBODY_SAID,
) -> int:
    from tui.line.write_catalogue import rename  # help needs no storage
    from tui.line.writing import write

    return write(sign_in, wishes, lambda office: rename(office, permission, name, day, announce=announce))


def permissions_retire(
    permission: Permission,
    /,
    *,
    day: Annotated[str, value(_("DAY"), _("The day on which it ends, such as 2024-06-30."))],
    announce: Announce = False,
    wishes: Wishes = AS_USUAL,
    sign_in: SignIn = NOBODY_SAID,
) -> int:
    from tui.line.write_catalogue import retire  # help needs no storage
    from tui.line.writing import write

    return write(sign_in, wishes, lambda office: retire(office, permission, day, announce=announce))


# What is current ----------------------------------------------------------------------------------

_MOMENT = _("MOMENT")


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class Content:
    """What an announcement says."""

    title: Annotated[str | None, value(_("TEXT"), _("The heading."))] = None
    text_file: Annotated[str | None, hyphen_too(FILE, _("The text, in Markdown; - reads stdin."))] = None
    kind: Annotated[
        str | None, value(_("KIND"), _("What it is about, such as new-permission, maintenance or other."))
    ] = None
    published: Annotated[
        str | None,
        hyphen_too(_MOMENT, _("When it is published, such as “2024-02-01 08:00”; otherwise at once.")),
    ] = None
    effective: Annotated[
        str | None, hyphen_too(_("DAY"), _("From which day it holds; - for none, as below."))
    ] = None
    action: Annotated[str | None, hyphen_too(_("TEXT"), _("What the administrator must do."))] = None
    begins: Annotated[
        str | None, hyphen_too(_MOMENT, _("When it begins, for maintenance and incidents."))
    ] = None
    ends: Annotated[str | None, hyphen_too(_MOMENT, _("When it ends."))] = None
    e_service: Annotated[str | None, hyphen_too(_("E-SERVICE"), _("The e-service that it is about."))] = None
    permission: Annotated[
        list[str] | None,
        Parameter(
            negative="", metavar=_("PERMISSION"), help=_("A permission that it is about; may be repeated.")
        ),
    ] = None

    def written(self) -> "Written":
        """Give what was said of an announcement."""
        from tui.line.write_news import Written  # help needs no storage

        return Written(
            title=self.title,
            text_file=self.text_file,
            kind=self.kind,
            published=self.published,
            effective=self.effective,
            action=self.action,
            begins=self.begins,
            ends=self.ends,
            e_service=self.e_service,
            permissions=tuple(self.permission or ()),
        )


AS_IT_IS = Content()
Announcement = Annotated[str, place(ID, _("The announcement, by id or whole heading."))]


def news_publish(
    *,
    content: Content = AS_IT_IS,
    id_: NewId = None,
    wishes: Wishes = AS_USUAL,
    sign_in: SignIn = NOBODY_SAID,
) -> int:
    from tui.line.write_news import publish  # help needs no storage
    from tui.line.writing import write

    written = content.written()
    return write(sign_in, wishes, lambda office: publish(office, written, id_))


def news_correct(
    announcement: Announcement,
    /,
    *,
    correction: Annotated[str, value(_("TEXT"), _("In a few words what is corrected, for the readers."))],
    content: Content = AS_IT_IS,
    wishes: Wishes = AS_USUAL,
    sign_in: SignIn = NOBODY_SAID,
) -> int:
    from tui.line.write_news import correct  # help needs no storage
    from tui.line.writing import write

    written = content.written()
    return write(sign_in, wishes, lambda office: correct(office, announcement, written, correction))


def news_withdraw(
    announcement: Announcement, /, *, wishes: Wishes = AS_USUAL, sign_in: SignIn = NOBODY_SAID
) -> int:
    from tui.line.write_news import withdraw  # help needs no storage
    from tui.line.writing import write

    return write(sign_in, wishes, lambda office: withdraw(office, announcement))


# The kontaktcenter --------------------------------------------------------------------------------


def contact_set(
    part: Annotated[str, place("email|telephone|hours", _("Which part of the contact."))],
    text: Annotated[
        str | None, place(_("VALUE"), _("What it shall be; without one there is none any more."))
    ] = None,
    /,
    *,
    day: Annotated[str | None, value(_("DAY"), _("From which day it holds; otherwise today."))] = None,
    wishes: Wishes = AS_USUAL,
    sign_in: SignIn = NOBODY_SAID,
) -> int:
    from tui.line.write_catalogue import set_contact  # help needs no storage
    from tui.line.writing import write

    return write(sign_in, wishes, lambda office: set_contact(office, part, text, day))
