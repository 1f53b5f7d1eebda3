"""How the commands are called that read: their options, each with its purpose."""

# Cyclopts reads the annotations when it runs, so they are values here and not texts.
from typing import Annotated, Literal

from cyclopts import Parameter

from tui.line.options import NOBODY_SAID, TO_READ, Csv, Flat, Forms, SignIn, place, value, whole_number
from tui.text import _

DAY, PERMISSION, E_SERVICE, ORGANISATION = _("DAY"), _("PERMISSION"), _("E-SERVICE"), _("ORGANISATION")
TEXT, PERSON, NEWS = _("TEXT"), _("PERSON"), _("NEWS")

Search = Annotated[
    str | None, value(TEXT, _("Only who has this in the name, HSA-id or e-mail, with or without dots."))
]
In = Annotated[
    str | None,
    value(ORGANISATION, _("The organisation to look in, for support; otherwise the whole country."), "--in"),
]
InOne = Annotated[
    str | None, value(ORGANISATION, _("Another organisation than your own, for support."), "--in")
]
AsOf = Annotated[str | None, value(DAY, _("As everything was at the end of this day, such as 2023-05-02."))]


def users_list(  # noqa: PLR0913 - each is an option of the command
    *,
    search: Search = None,
    with_: Annotated[
        str | None, value(PERMISSION, _("Only who has this permission, by id or name."), "--with")
    ] = None,
    without: Annotated[str | None, value(PERMISSION, _("Only who does not have this permission."))] = None,
    e_service: Annotated[
        str | None, value(E_SERVICE, _("Only who has some permission of this e-service."))
    ] = None,
    deregistered: Annotated[bool, Parameter(negative="", help=_("Only who is deregistered."))] = False,
    everybody: Annotated[
        bool, Parameter(name="--all", negative="", help=_("Who is registered and who is not."))
    ] = False,
    role: Annotated[
        Literal["user", "administrator", "support"] | None,
        value(_("ROLE"), _("Only this role: user, administrator or support.")),
    ] = None,
    sort: Annotated[
        Literal["name", "hsa-id", "email", "permissions"],
        value(_("COLUMN"), _("By what to sort: name, hsa-id, email or permissions.")),
    ] = "name",
    descending: Annotated[bool, Parameter(negative="", help=_("The last first."))] = False,
    as_of: AsOf = None,
    in_: In = None,
    forms: Forms = TO_READ,
    sign_in: SignIn = NOBODY_SAID,
) -> int:
    from tui.line.users import UsersWanted, list_users  # help needs no storage

    wanted = UsersWanted(
        search=search or "",
        with_permission=with_,
        without_permission=without,
        e_service=e_service,
        deregistered=deregistered,
        everybody=everybody,
        role=role,
        sort=sort,
        descending=descending,
        as_of=as_of,
        organisation=in_,
    )
    return list_users(sign_in, forms, wanted)


def history(  # noqa: PLR0913 - each is an option of the command
    *,
    about: Annotated[
        str | None, value(PERSON, _("Only what is about this person, by HSA-id, name or e-mail."))
    ] = None,
    permission: Annotated[str | None, value(PERMISSION, _("Only what is about this permission."))] = None,
    kind: Annotated[
        str | None, value(_("KIND"), _("Only this kind of event, such as permission_granted."))
    ] = None,
    by: Annotated[str | None, value(PERSON, _("Only what this person wrote."))] = None,
    from_: Annotated[str | None, value(DAY, _("The first day, such as 2023-05-02."), "--from")] = None,
    until: Annotated[str | None, value(DAY, _("The last day."))] = None,
    in_: In = None,
    json: Annotated[bool, Parameter(negative="", help=_("Write JSON Lines, an event a line."))] = False,
    csv: Csv = False,
    flat: Flat = False,
    sign_in: SignIn = NOBODY_SAID,
) -> int:
    from tui.line.history import HistoryWanted, write_history  # help needs no storage

    wanted = HistoryWanted(
        about=about,
        permission=permission,
        kind=kind,
        by=by,
        from_day=from_,
        until_day=until,
        organisation=in_,
    )
    return write_history(sign_in, Forms(json=json, csv=csv, flat=flat), wanted)


def users_show(
    person: Annotated[
        str | None, place(PERSON, _("The HSA-id, the e-mail address or the name; otherwise yourself."))
    ] = None,
    /,
    *,
    as_of: AsOf = None,
    spell: Annotated[
        bool, Parameter(negative="", help=_("Spell the HSA-id with the Swedish telephone alphabet."))
    ] = False,
    in_: In = None,
    forms: Forms = TO_READ,
    sign_in: SignIn = NOBODY_SAID,
) -> int:
    from tui.line.access import show_user  # help needs no storage

    return show_user(sign_in, forms, person, organisation=in_, as_of=as_of, spell=spell)


def users_views(
    person: Annotated[str | None, place(PERSON, _("Only whose card this is."))] = None,
    /,
    *,
    in_: In = None,
    forms: Forms = TO_READ,
    sign_in: SignIn = NOBODY_SAID,
) -> int:
    from tui.line.past import list_views  # help needs no storage

    return list_views(sign_in, forms, person, organisation=in_)


def access_explain(
    person: Annotated[str, place(PERSON, _("The HSA-id, the e-mail address or the name."))],
    permission: Annotated[str, place(PERMISSION, _("The permission, by id or name or a part of it."))],
    /,
    *,
    in_: In = None,
    forms: Forms = TO_READ,
    sign_in: SignIn = NOBODY_SAID,
) -> int:
    from tui.line.access import explain_access  # help needs no storage

    return explain_access(sign_in, forms, person, permission, organisation=in_)


def permissions_list(  # noqa: PLR0913 - each is an option of the command
    permission: Annotated[
        str | None, place(PERMISSION, _("Only this one, by id or name or a part of it."))
    ] = None,
    /,
    *,
    by: Annotated[
        Literal["person", "permission"] | None,
        value(_("WAY"), _("Who has what: person writes a person a row, permission a grant a row.")),
    ] = None,
    e_service: Annotated[str | None, value(E_SERVICE, _("Only those of this e-service."))] = None,
    search: Search = None,
    retired: Annotated[bool, Parameter(negative="", help=_("Those that have ended as well."))] = False,
    as_of: AsOf = None,
    in_: In = None,
    forms: Forms = TO_READ,
    sign_in: SignIn = NOBODY_SAID,
) -> int:
    from tui.line.permissions import PermissionsWanted, list_permissions  # help needs no storage

    wanted = PermissionsWanted(
        by=by,
        permission=permission,
        e_service=e_service,
        search=search or "",
        retired=retired,
        as_of=as_of,
        organisation=in_,
    )
    return list_permissions(sign_in, forms, wanted)


def news(
    *,
    search: Annotated[
        str | None, value(TEXT, _("Only what has this in the heading or text, with or without dots."))
    ] = None,
    kind: Annotated[str | None, value(_("KIND"), _("Only this kind, such as new_permission."))] = None,
    e_service: Annotated[str | None, value(E_SERVICE, _("Only what is about this e-service."))] = None,
    unread: Annotated[bool, Parameter(negative="", help=_("Only what you have not read."))] = False,
    forms: Forms = TO_READ,
    sign_in: SignIn = NOBODY_SAID,
) -> int:
    from tui.line.news import NewsWanted, list_news  # help needs no storage

    wanted = NewsWanted(search=search or "", kind=kind, e_service=e_service, unread=unread)
    return list_news(sign_in, forms, wanted)


News = Annotated[str, place(NEWS, _("Its id, or words of its heading."))]


def news_show(named: News, /, *, forms: Forms = TO_READ, sign_in: SignIn = NOBODY_SAID) -> int:
    from tui.line.news import show_news  # help needs no storage

    return show_news(sign_in, forms, named)


def news_read_all(*, sign_in: SignIn = NOBODY_SAID) -> int:
    from tui.line.news import read_all_news  # help needs no storage

    return read_all_news(sign_in)


def news_done(
    named: News,
    /,
    *,
    not_: Annotated[bool, Parameter(name="--not", negative="", help=_("It is not done after all."))] = False,
    sign_in: SignIn = NOBODY_SAID,
) -> int:
    from tui.line.news import say_done  # help needs no storage

    return say_done(sign_in, named, is_done=not not_)


def support(*, in_: InOne = None, forms: Forms = TO_READ, sign_in: SignIn = NOBODY_SAID) -> int:
    from tui.line.support import show_support  # help needs no storage

    return show_support(sign_in, forms, organisation=in_)


def search(
    *words: Annotated[
        str, place(_("WORDS"), _("Name, HSA-id, e-mail or organisation, with or without dots."))
    ],
    most: Annotated[int, whole_number(_("How many people to write at most."), least=1)] = 200,
    forms: Forms = TO_READ,
    sign_in: SignIn = NOBODY_SAID,
) -> int:
    from tui.line.country import search_country  # help needs no storage

    return search_country(sign_in, forms, words, most=most)


def organisations_list(
    *words: Annotated[str, place(_("WORDS"), _("How words of the name begin, the code or the number."))],
    forms: Forms = TO_READ,
    sign_in: SignIn = NOBODY_SAID,
) -> int:
    from tui.line.country import list_organisations  # help needs no storage

    return list_organisations(sign_in, forms, " ".join(words))


def organisations_show(
    organisation: Annotated[
        str | None, place(ORGANISATION, _("The organisation, by name, code or number; otherwise your own."))
    ] = None,
    /,
    *,
    forms: Forms = TO_READ,
    sign_in: SignIn = NOBODY_SAID,
) -> int:
    from tui.line.country import show_organisation  # help needs no storage

    return show_organisation(sign_in, forms, organisation)


def history_compare(
    first: Annotated[str, place(DAY, _("A day, such as 2023-05-02."))],
    last: Annotated[str | None, place(DAY, _("The other day; otherwise today."))] = None,
    /,
    *,
    in_: InOne = None,
    forms: Forms = TO_READ,
    sign_in: SignIn = NOBODY_SAID,
) -> int:
    from tui.line.past import compare_days  # help needs no storage

    return compare_days(sign_in, forms, first, last, organisation=in_)


def follow(*, in_: InOne = None, forms: Forms = TO_READ, sign_in: SignIn = NOBODY_SAID) -> int:
    from tui.line.follow import follow as run_follow  # help needs no storage

    return run_follow(sign_in, forms, organisation=in_)


Words = Annotated[str, place(_("WORDS"), _("Only the pages that have these words."))]


def manual(*words: Words) -> int:
    from tui.line.handbook import write_pages  # help needs no pages

    return write_pages("manual", words)


def answers(*words: Words) -> int:
    from tui.line.handbook import write_pages  # help needs no pages

    return write_pages("questions", words)


def accessibility(*words: Words) -> int:
    from tui.line.handbook import write_pages  # help needs no pages

    return write_pages("accessibility", words)


def completion(
    shell: Annotated[Literal["bash", "zsh", "fish"], place(_("SHELL"), _("bash, zsh or fish."))], /
) -> int:
    from tui.line.completion import write_completion  # the other commands need none

    return write_completion(shell)
