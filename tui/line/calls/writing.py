"""How the commands are called that change who there is and who has what, and those for plans and letters."""

# Cyclopts reads the annotations when it runs, so they are values here and not texts.
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from tui.line.options import (
    FILE,
    HSA_ID,
    ID,
    NAME,
    NOBODY_SAID,
    TO_READ,
    Forms,
    SignIn,
    place,
    value,
    whole_number,
)
from tui.line.write_options import AS_USUAL, DryRun, In, Json, People, Remark, Wishes, Yes, hyphen_too
from tui.text import _

if TYPE_CHECKING:
    from tui.line.write_users import Person

_PERSON = _("PERSON")
Who = Annotated[str, place(_PERSON, _("Whom: an HSA-id, an e-mail address or the whole name."))]
Several = Annotated[str, place(_PERSON, _("Whom: HSA-ids, e-mail addresses or whole names, one or several."))]
SeenVersion = Annotated[
    int | None,
    whole_number(
        _("The version of the account that was seen; it is refused as stale if it was changed since."),
    ),
]


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class Details:
    """What a person is called, and the address."""

    name: Annotated[str | None, value(NAME, _("First and last name; the last word is the last name."))] = None
    given_name: Annotated[
        str | None, value(NAME, _("The first name, with --family-name in place of --name."))
    ] = None
    family_name: Annotated[str | None, value(NAME, _("The last name."))] = None
    email: Annotated[str | None, value(_("ADDRESS"), _("The e-mail address."))] = None

    def person(self, hsa_id: str | None = None) -> "Person":
        """Give what was said of a person."""
        from tui.line.write_users import Person  # help needs no storage

        return Person(hsa_id, self.name, self.given_name, self.family_name, self.email)


NOTHING_SAID = Details()


# People -------------------------------------------------------------------------------------------


def users_register(
    hsa_id: Annotated[str | None, place(HSA_ID, _("The HSA-id of the new user."))] = None,
    /,
    *,
    details: Details = NOTHING_SAID,
    permission: Annotated[
        list[str] | None,
        Parameter(negative="", metavar=_("PERMISSION"), help=_("What the user shall have; may be repeated.")),
    ] = None,
    file: Annotated[
        str | None,
        hyphen_too(
            FILE,
            _(
                "A list of new users: HSA-id, first name, last name, e-mail and then permissions, divided by "
                "semicolons, or CSV with headings; - reads stdin."
            ),
        ),
    ] = None,
    in_: In = None,
    wishes: Wishes = AS_USUAL,
    sign_in: SignIn = NOBODY_SAID,
) -> int:
    from tui.line.write_users import register  # help needs no storage
    from tui.line.writing import write

    person = details.person(hsa_id)
    return write(
        sign_in,
        wishes,
        lambda office: register(office, person, where=in_, permissions=permission or [], file=file),
    )


def users_amend(
    who: Who,
    /,
    *,
    hsa_id: Annotated[str | None, value(HSA_ID, _("The new HSA-id."))] = None,
    details: Details = NOTHING_SAID,
    seen_version: SeenVersion = None,
    in_: In = None,
    wishes: Wishes = AS_USUAL,
    sign_in: SignIn = NOBODY_SAID,
) -> int:
    from tui.line.write_users import amend  # help needs no storage
    from tui.line.writing import write

    person = details.person(hsa_id)
    return write(sign_in, wishes, lambda office: amend(office, who, person, in_, seen_version))


def users_deregister(
    *who: Several,
    file: People = None,
    seen_version: SeenVersion = None,
    in_: In = None,
    wishes: Wishes = AS_USUAL,
    sign_in: SignIn = NOBODY_SAID,
) -> int:
    from tui.line.write_users import deregister  # help needs no storage
    from tui.line.writing import write

    return write(sign_in, wishes, lambda office: deregister(office, who, file, in_, seen_version))


def users_reregister(
    who: Who,
    /,
    *,
    details: Details = NOTHING_SAID,
    seen_version: SeenVersion = None,
    in_: In = None,
    wishes: Wishes = AS_USUAL,
    sign_in: SignIn = NOBODY_SAID,
) -> int:
    from tui.line.write_users import reregister  # help needs no storage
    from tui.line.writing import write

    person = details.person()
    return write(sign_in, wishes, lambda office: reregister(office, who, person, in_, seen_version))


# Permissions --------------------------------------------------------------------------------------

Permissions = Annotated[
    str, place(_("PERMISSION"), _("Permissions by id, short name or whole name, one or several."))
]
Having = Annotated[
    str | None,
    value(_("PERMISSION"), _("All users who have this permission, such as one that is like the new one.")),
]
Rows = Annotated[
    str | None,
    hyphen_too(
        FILE,
        _(
            "A list of people, one a line, each with more permissions of its own after a semicolon; or CSV "
            "with headings; - reads stdin."
        ),
    ),
]


def permissions_grant(
    *permissions: Permissions,
    to: Annotated[
        list[str] | None,
        Parameter(negative="", metavar=_PERSON, help=_("Who shall have them; may be repeated.")),
    ] = None,
    having: Having = None,
    file: Rows = None,
    wishes: Wishes = AS_USUAL,
    sign_in: SignIn = NOBODY_SAID,
) -> int:
    from tui.line.write_permissions import give_or_take  # help needs no storage
    from tui.line.writing import write

    return write(
        sign_in,
        wishes,
        lambda office: give_or_take(office, permissions, to or (), wanted=True, file=file, having=having),
    )


def permissions_revoke(
    *permissions: Permissions,
    from_: Annotated[
        list[str] | None,
        Parameter(
            name="--from", negative="", metavar=_PERSON, help=_("Who shall not have them; may be repeated.")
        ),
    ] = None,
    having: Having = None,
    file: Rows = None,
    wishes: Wishes = AS_USUAL,
    sign_in: SignIn = NOBODY_SAID,
) -> int:
    from tui.line.write_permissions import give_or_take  # help needs no storage
    from tui.line.writing import write

    return write(
        sign_in,
        wishes,
        lambda office: give_or_take(office, permissions, from_ or (), wanted=False, file=file, having=having),
    )


def permissions_copy(
    source: Annotated[str, place(_PERSON, _("Whose permissions: an HSA-id, an address or the whole name."))],
    /,
    *,
    to: Annotated[
        list[str] | None,
        Parameter(negative="", metavar=_PERSON, help=_("Who shall have the same; may be repeated.")),
    ] = None,
    file: People = None,
    replace: Annotated[bool, Parameter(negative="", help=_("Take away what they have besides."))] = False,
    wishes: Wishes = AS_USUAL,
    sign_in: SignIn = NOBODY_SAID,
) -> int:
    from tui.line.write_permissions import copy  # help needs no storage
    from tui.line.writing import write

    return write(sign_in, wishes, lambda office: copy(office, source, to or (), file, replace=replace))


# Undo and plans -----------------------------------------------------------------------------------


def undo(
    changeset: Annotated[
        str | None, place(ID, _("The id of the write, from its receipt or behorig history; else your last."))
    ] = None,
    /,
    *,
    in_: In = None,
    wishes: Wishes = AS_USUAL,
    sign_in: SignIn = NOBODY_SAID,
) -> int:
    from tui.line.write_undo import undo as undo_it  # help needs no storage
    from tui.line.writing import write

    return write(sign_in, wishes, lambda office: undo_it(office, changeset, in_))


Plan = Annotated[str, place(FILE, _("The plan."))]


def apply(
    file: Plan,
    /,
    *,
    yes: Yes = False,
    dry_run: DryRun = False,
    json: Json = False,
    note: Remark = None,
    sign_in: SignIn = NOBODY_SAID,
) -> int:
    from tui.line.plans import run_apply  # help needs no storage

    return run_apply(sign_in, file, Wishes(yes=yes, dry_run=dry_run, json=json, note=note))


def plan_show(file: Plan, /, *, sign_in: SignIn = NOBODY_SAID) -> int:
    from tui.line.plans import run_show  # help needs no storage

    return run_show(sign_in, file)


def plan_drop(
    file: Plan,
    /,
    *numbers: Annotated[
        int,
        whole_number(_("The changes, by the numbers that behorig plan show gives."), _("NUMBER"), least=1),
    ],
    sign_in: SignIn = NOBODY_SAID,
) -> int:
    from tui.line.plans import run_drop  # help needs no storage

    return run_drop(sign_in, file, numbers)


# Letters ------------------------------------------------------------------------------------------


def letters_administrator(
    kind: Annotated[str, place("register|replace|remove", _("What the kontaktcenter is asked to do."))],
    /,
    *,
    hsa_id: Annotated[str | None, value(HSA_ID, _("The HSA-id of who shall be administrator."))] = None,
    details: Details = NOTHING_SAID,
    leaves: Annotated[str | None, value(_PERSON, _("The administrator who shall no longer be one."))] = None,
    ends_permissions: Annotated[
        bool,
        Parameter(negative="", help=_("Say in the letter that what the new one has as a user ends.")),
    ] = False,
    sign_in: SignIn = NOBODY_SAID,
) -> int:
    from tui.line.write_letters import run_letter  # help needs no storage

    return run_letter(sign_in, kind, details.person(hsa_id), leaves=leaves, ends_permissions=ends_permissions)


def letters_question(
    *,
    subject: Annotated[str, value(_("TEXT"), _("What it is about."))],
    text_file: Annotated[str, hyphen_too(FILE, _("The question; - reads stdin."))],
    technical: Annotated[
        bool,
        Parameter(
            negative="", help=_("Let lines about the program go along: its version, the storage, your role.")
        ),
    ] = False,
    sign_in: SignIn = NOBODY_SAID,
) -> int:
    from tui.line.write_letters import run_question  # help needs no storage

    return run_question(sign_in, subject, text_file, with_technical=technical)


Letter = Annotated[str, place(ID, _("The letter, by the id that behorig letters list gives."))]


def letters_list(*, forms: Forms = TO_READ, sign_in: SignIn = NOBODY_SAID) -> int:
    from tui.line.write_letters import run_list  # help needs no storage

    return run_list(sign_in, forms)


def letters_show(letter: Letter, /, *, sign_in: SignIn = NOBODY_SAID) -> int:
    from tui.line.write_letters import run_show  # help needs no storage

    return run_show(sign_in, letter)


def letters_save(
    letter: Letter,
    file: Annotated[str, place(FILE, _("Where to, a name that ends with .eml."))],
    /,
    *,
    replace: Annotated[
        bool, Parameter(negative="", help=_("Put it in the place of a file that is there."))
    ] = False,
    sign_in: SignIn = NOBODY_SAID,
) -> int:
    from tui.line.write_letters import run_save  # help needs no storage

    return run_save(sign_in, letter, file, replace=replace)


def letters_send(letter: Letter, /, *, yes: Yes = False, sign_in: SignIn = NOBODY_SAID) -> int:
    from tui.line.write_letters import run_send  # help needs no storage

    return run_send(sign_in, letter, yes=yes)


def letters_drop(letter: Letter, /, *, yes: Yes = False, sign_in: SignIn = NOBODY_SAID) -> int:
    from tui.line.write_letters import run_drop  # help needs no storage

    return run_drop(sign_in, letter, yes=yes)
