"""The registry of commands: what can be done in lines, under which words, and what each reaches.

The program, its help, its completion, the menu and the documentation are made of this table, and a test
fails when a kind of change, a kind of question or something that a screen does has no command. Loading it
loads nothing but texts: a command is found here before anything of it is loaded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from tui.actions import ADMINISTRATOR, EVERYBODY, SUPPORT, WRITING
from tui.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterable

_ADMINISTERS, _SUPPORTS = frozenset({ADMINISTRATOR}), frozenset({SUPPORT})
_HSA_ID, _ID = N_("HSA-ID"), "ID"


class Command(msgspec.Struct, frozen=True):
    """One command.

    ``words`` are what is typed after ``behorig``; ``purpose`` is one sentence, ``takes`` what stands after
    the words, for the line that shows how it is called. ``call`` names the function that Cyclopts calls,
    as ``module:function``. ``changes`` and ``queries`` are the kinds that it makes and asks (the tags of
    :data:`core.changes.CHANGES` and :data:`core.queries.QUERIES`), ``actions`` the ids in
    :data:`tui.actions.ACTIONS` of what it does without a screen. ``roles`` are who has it when signed in,
    empty for a command that nobody signs in for.
    """

    words: str
    purpose: str
    call: str
    takes: str = ""
    changes: frozenset[str] = frozenset()
    queries: frozenset[str] = frozenset()
    actions: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()


class Group(msgspec.Struct, frozen=True):
    """Commands that begin with the same word, and what they have in common; the word alone does nothing."""

    word: str
    purpose: str


def _of(*names: str) -> frozenset[str]:
    return frozenset(names)


_PROGRAM, _READ = "tui.line.calls.program", "tui.line.calls.reading"
_WRITE, _SUPPORT = "tui.line.calls.writing", "tui.line.calls.supporting"

_PERSON, _FILE, _PERMISSION = N_("PERSON"), N_("FILE"), N_("PERMISSION")
_REVIEWED = _of("email_counts", "how_many")
"""What every review of a write asks besides."""
_CONFIG = "tui.line.calls.config"

GROUPS: tuple[Group, ...] = (
    Group("users", N_("List, show, register and change the users of the organisation.")),
    Group("permissions", N_("List, give and take permissions; for support launch, rename and end them.")),
    Group("plan", N_("Look over what is staged in a plan, or take some of it out.")),
    Group("access", N_("Tell why somebody may do something.")),
    Group("letters", N_("Write to the kontaktcenter, and look after the letters.")),
    Group("administrators", N_("Appoint and dismiss administrators, for support.")),
    Group("organisations", N_("List, show, register and change organisations.")),
    Group("agreements", N_("Note the beginning and end of agreements, for support.")),
    Group("e-services", N_("Add e-services to the catalogue, for support.")),
    Group("contact", N_("Enter the kontaktcenter's contact, for support.")),
    Group("config", N_("Tell what is configured, what is wrong with it, and what can be.")),
    Group("help", N_("Write about the program itself.")),
    Group("token", N_("Make, list and revoke tokens, by which programs sign in over the network.")),
)

COMMANDS: tuple[Command, ...] = (
    # People
    Command(
        "users list", N_("List users: search, filter, sort, also as of a day."), f"{_READ}:users_list",
        queries=_of("accounts"), roles=EVERYBODY,
        actions=_of("app.users", "people.search", "people.filter", "people.all", "people.as_of",
                    "people.sort", "people.reload"),
    ),
    Command(
        "users show", N_("Show all that is known of a person, with the reasons for each permission."),
        f"{_READ}:users_show", N_("[PERSON]"), roles=EVERYBODY,
        queries=_of("account_by_id", "accounts_by_key", "organisation_by_id", "whole_catalogue"),
        actions=_of("users.detail", "people.person", "app.own", "own.reload", "search.card", "card.reload",
                    "card.spell"),
    ),
    Command(
        "users views", N_("List when support looked at whose card."), f"{_READ}:users_views",
        N_("[PERSON]"), queries=_of("card_views"), roles=WRITING,
    ),
    # Permissions
    Command(
        "permissions list", N_("List the permissions there are, or who has what."),
        f"{_READ}:permissions_list", N_("[PERMISSION]"), queries=_of("whole_catalogue", "accounts"),
        roles=EVERYBODY,
        actions=_of("app.permissions", "app.catalogue", "permissions.retired", "permissions.launch",
                    "permissions.column", "catalogue.reload"),
    ),
    Command(
        "access explain", N_("Tell why a person has a permission, or has it not, and who can change it."),
        f"{_READ}:access_explain", N_("PERSON PERMISSION"), queries=_of("account_by_id", "cell"),
        roles=EVERYBODY,
    ),
    # What is current
    Command(
        "news", N_("List what is current, the newest first."), f"{_READ}:news", roles=WRITING,
        queries=_of("announcements", "current_notice"),
        actions=_of("app.news", "news.search", "news.filter", "news.unread", "news.all", "news.reload"),
    ),
    Command(
        "news show", N_("Show one announcement whole; then it is read."), f"{_READ}:news_show", N_("NEWS"),
        queries=_of("announcement_by_id"), roles=WRITING, actions=_of("news.read"),
    ),
    Command(
        "news read-all", N_("Mark everything as read by you."), f"{_READ}:news_read_all", roles=WRITING,
        actions=_of("news.read_all"),
    ),
    Command(
        "news done", N_("Say for your organisation that what must be done is done, or is not."),
        f"{_READ}:news_done", N_("NEWS"), roles=_ADMINISTERS,
        actions=_of("news.done", "announcement.done"),
    ),
    # Whom to ask
    Command(
        "support", N_("Show whom to ask, in which order, and where."), f"{_READ}:support",
        queries=_of("contact_on", "organisation_by_id"), roles=EVERYBODY,
        actions=_of("app.support", "support.reload"),
    ),
    Command("manual", N_("Write the manual, or the pages of it that have some words."),
            f"{_READ}:manual", N_("[WORDS]"), actions=_of("app.manual")),
    Command("answers", N_("Write the questions with answers, or those that have some words."),
            f"{_READ}:answers", N_("[WORDS]"), actions=_of("app.answers")),
    Command(
        "help accessibility", N_("Write how the program meets the rules for accessibility, and its limits."),
        f"{_READ}:accessibility", N_("[WORDS]"), actions=_of("app.accessibility"),
    ),
    # The country
    Command(
        "search", N_("Search people and organisations in the whole country, for support."),
        f"{_READ}:search", N_("WORDS"), queries=_of("accounts", "near_accounts", "organisations"),
        roles=_SUPPORTS, actions=_of("app.search", "search.find", "search.reload"),
    ),
    Command(
        "organisations list", N_("List the organisations, for support."), f"{_READ}:organisations_list",
        N_("[WORDS]"), queries=_of("organisations"), roles=_SUPPORTS,
    ),
    Command(
        "organisations show", N_("Show an organisation: its administrators and agreements."),
        f"{_READ}:organisations_show", N_("[ORGANISATION]"), queries=_of("organisation_by_id"),
        roles=EVERYBODY,
        actions=_of("search.organisation", "card.organisation", "organisation.reload"),
    ),
    # What has happened
    Command(
        "history", N_("Write everything that has happened in the organisation to stdout."),
        f"{_READ}:history", queries=_of("writes"), roles=WRITING,
        actions=_of("app.writes", "people.history", "writes.read", "writes.filter", "writes.all",
                    "writes.export", "writes.reload"),
    ),
    Command(
        "history compare", N_("Tell what is different between two days, or between a day and today."),
        f"{_READ}:history_compare", N_("DAY [DAY]"), queries=_of("differences_between"), roles=WRITING,
        actions=_of("people.compare"),
    ),
    Command(
        "follow", N_("Tell what is written, as it is written, until Ctrl+C."), f"{_READ}:follow",
        queries=_of("news_since"), roles=EVERYBODY,
    ),
    # Writing: people and permissions
    Command(
        "users register", N_("Register users, one by options or many from a list."),
        f"{_WRITE}:users_register", N_("[HSA-ID]"), roles=WRITING,
        changes=_of("register_account", "grant"), queries=_REVIEWED,
        actions=_of("users.register", "organisation.register", "app.review"),
    ),
    Command(
        "users amend", N_("Change name, HSA-id or e-mail."), f"{_WRITE}:users_amend", _PERSON, roles=WRITING,
        changes=_of("amend_account"), queries=_of("hsa_id_holders"),
        actions=_of("users.amend", "card.amend"),
    ),
    Command(
        "users deregister", N_("Deregister users and take their permissions away."),
        f"{_WRITE}:users_deregister", _PERSON, roles=WRITING, changes=_of("deregister_account"),
        queries=_of("hsa_id_holders"), actions=_of("users.deregister", "card.deregister"),
    ),
    Command(
        "users reregister", N_("Register somebody again who was deregistered."),
        f"{_WRITE}:users_reregister", _PERSON, roles=WRITING, changes=_of("reregister_account"),
        queries=_of("hsa_id_holders"), actions=_of("users.amend", "card.amend"),
    ),
    Command(
        "permissions grant", N_("Give permissions to people, to a list of people, or to all like them."),
        f"{_WRITE}:permissions_grant", _PERMISSION, roles=_ADMINISTERS, changes=_of("grant"),
        queries=_of("accounts", "hsa_id_holders"),
        actions=_of("permissions.toggle", "permissions.give", "person.toggle", "person.give"),
    ),
    Command(
        "permissions revoke", N_("Take permissions from people."), f"{_WRITE}:permissions_revoke",
        _PERMISSION, roles=_ADMINISTERS, changes=_of("revoke"), queries=_of("accounts", "hsa_id_holders"),
        actions=_of("permissions.toggle", "permissions.take", "person.toggle", "person.take"),
    ),
    Command(
        "permissions copy", N_("Give people the permissions that another has."),
        f"{_WRITE}:permissions_copy", _PERSON, roles=_ADMINISTERS, changes=_of("grant", "revoke"),
        queries=_of("hsa_id_holders"), actions=_of("permissions.copy"),
    ),
    Command(
        "undo", N_("Undo your last write, or a given one, after review."), f"{_WRITE}:undo", "[ID]",
        roles=WRITING, queries=_of("inverse_of", "writes"), actions=_of("app.undo", "writes.undo"),
    ),
    # Writing: plans
    Command(
        "apply", N_("Review what is staged in a plan, and write it."), f"{_WRITE}:apply", _FILE,
        roles=WRITING, queries=_of("writes"), actions=_of("app.review"),
    ),
    Command(
        "plan show", N_("Show what a plan holds, and what stands in its way."), f"{_WRITE}:plan_show",
        _FILE, roles=WRITING, actions=_of("app.review"),
    ),
    Command(
        "plan drop", N_("Take changes out of a plan."), f"{_WRITE}:plan_drop", N_("FILE NUMBER"),
        roles=WRITING,
    ),
    # Writing: letters
    Command(
        "letters administrator", N_("Make the letter that registers, replaces or removes an administrator."),
        f"{_WRITE}:letters_administrator", "register|replace|remove", roles=_ADMINISTERS,
        queries=_of("contact_on", "organisation_by_id", "hsa_id_holders"), actions=_of("support.letter"),
    ),
    Command(
        "letters question", N_("Make a letter with a question to the kontaktcenter."),
        f"{_WRITE}:letters_question", roles=WRITING, queries=_of("contact_on", "organisation_by_id"),
        actions=_of("support.question"),
    ),
    Command("letters list", N_("List the letters on this machine."), f"{_WRITE}:letters_list", roles=WRITING),
    Command("letters show", N_("Write a letter to stdout."), f"{_WRITE}:letters_show", _ID, roles=WRITING),
    Command(
        "letters save", N_("Save a letter as a file for a mail program."), f"{_WRITE}:letters_save",
        N_("ID FILE"), roles=WRITING,
    ),
    Command("letters send", N_("Send a letter, after a question."), f"{_WRITE}:letters_send", _ID,
            roles=WRITING),
    Command("letters drop", N_("Throw a letter away."), f"{_WRITE}:letters_drop", _ID, roles=WRITING),
    # Writing: what support does
    Command(
        "administrators appoint", N_("Make a user administrator, or register a new one as such."),
        f"{_SUPPORT}:administrators_appoint", _PERSON, roles=_SUPPORTS,
        changes=_of("appoint_administrator", "register_account"),
        actions=_of("card.appoint", "organisation.appoint"),
    ),
    Command(
        "administrators dismiss", N_("Make an administrator a user without permissions."),
        f"{_SUPPORT}:administrators_dismiss", _PERSON, roles=_SUPPORTS,
        changes=_of("dismiss_administrator"), actions=_of("card.dismiss"),
    ),
    Command(
        "support appoint", N_("Make a user of Migrationsverket support."), f"{_SUPPORT}:support_appoint",
        _PERSON, roles=_SUPPORTS, changes=_of("appoint_support"),
    ),
    Command(
        "support dismiss", N_("Make somebody in support a user."), f"{_SUPPORT}:support_dismiss", _PERSON,
        roles=_SUPPORTS, changes=_of("dismiss_support"),
    ),
    Command(
        "organisations register", N_("Register an organisation."), f"{_SUPPORT}:organisations_register",
        _ID, roles=_SUPPORTS, changes=_of("register_organisation"),
    ),
    Command(
        "organisations amend", N_("Change an organisation's name or number."),
        f"{_SUPPORT}:organisations_amend", N_("ORGANISATION"), roles=_SUPPORTS,
        changes=_of("amend_organisation"), queries=_of("organisations"), actions=_of("organisation.amend"),
    ),
    Command(
        "agreements sign", N_("Note that an organisation has an agreement for an e-service."),
        f"{_SUPPORT}:agreements_sign", N_("E-SERVICE"), roles=_SUPPORTS, changes=_of("sign_agreement"),
        queries=_of("organisations"),
    ),
    Command(
        "agreements end", N_("End an agreement, and every permission given under it."),
        f"{_SUPPORT}:agreements_end", N_("E-SERVICE"), roles=_SUPPORTS, changes=_of("end_agreement"),
        queries=_of("organisations", "how_many"),
    ),
    Command(
        "e-services register", N_("Add an e-service."), f"{_SUPPORT}:e_services_register", N_("NAME"),
        roles=_SUPPORTS, changes=_of("register_e_service"),
    ),
    Command(
        "permissions launch", N_("Add a permission that can be given from a day on."),
        f"{_SUPPORT}:permissions_launch", N_("NAME"), roles=_SUPPORTS, changes=_of("launch_permission"),
        queries=_of("how_many", "whole_catalogue"), actions=_of("catalogue.launch"),
    ),
    Command(
        "permissions rename", N_("Give a permission another name from a day on; every grant stays."),
        f"{_SUPPORT}:permissions_rename", _PERMISSION, roles=_SUPPORTS, changes=_of("rename_permission"),
        queries=_of("how_many"), actions=_of("catalogue.rename"),
    ),
    Command(
        "permissions retire", N_("End a permission from a day on."), f"{_SUPPORT}:permissions_retire",
        _PERMISSION, roles=_SUPPORTS, changes=_of("retire_permission"), queries=_of("how_many"),
        actions=_of("catalogue.retire"),
    ),
    Command(
        "news publish", N_("Publish what is current, at once or at a later moment."),
        f"{_SUPPORT}:news_publish", roles=_SUPPORTS, changes=_of("publish_announcement"),
        actions=_of("news.write"),
    ),
    Command(
        "news correct", N_("Correct what is published; readers see what was corrected."),
        f"{_SUPPORT}:news_correct", _ID, roles=_SUPPORTS, changes=_of("correct_announcement"),
        queries=_of("announcement_by_id", "announcements"), actions=_of("news.correct"),
    ),
    Command(
        "news withdraw", N_("Take an announcement away from what is current."),
        f"{_SUPPORT}:news_withdraw", _ID, roles=_SUPPORTS, changes=_of("withdraw_announcement"),
        queries=_of("announcement_by_id", "announcements"), actions=_of("news.withdraw"),
    ),
    Command(
        "contact set", N_("Let a part of the kontaktcenter's contact be another from a day on."),
        f"{_SUPPORT}:contact_set", N_("PART [VALUE]"), roles=_SUPPORTS, changes=_of("set_contact"),
        queries=_of("contact_on"), actions=_of("support.contact"),
    ),
    # The program and its databases
    Command(
        "init", N_("Make a real database with every organisation and its first administrator."),
        f"{_PROGRAM}:init",
        changes=_of("register_organisation", "register_e_service", "launch_permission"),
    ),
    Command(
        "menu", N_("Do every task by numbered choices in plain lines."), "tui.line.calls.menu:menu",
        roles=EVERYBODY,
    ),
    Command("demo", N_("Look around in the program with invented people."), f"{_PROGRAM}:demo"),
    Command("login", N_("Sign in to a server, with a browser on any device."), f"{_PROGRAM}:login"),
    Command("logout", N_("Sign out from a server."), f"{_PROGRAM}:logout"),
    Command("config show", N_("Tell each setting in force and where it comes from."), f"{_CONFIG}:show"),
    Command(
        "config validate", N_("Tell all that is wrong with the configuration, with file and line."),
        f"{_CONFIG}:validate",
    ),
    Command("config path", N_("Tell where the configuration file is."), f"{_CONFIG}:path"),
    Command("config schema", N_("Write the JSON Schema of the configuration file."), f"{_CONFIG}:schema"),
    Command("token create", N_("Make a token and show it, once."), f"{_PROGRAM}:token_create", _HSA_ID),
    Command(
        "token list", N_("List the tokens, without their secrets."), f"{_PROGRAM}:token_list",
        N_("[HSA-ID]"),
    ),
    Command("token revoke", N_("Make a token worthless at once."), f"{_PROGRAM}:token_revoke", _ID),
    Command("serve", N_("Let others work on a database over HTTP."), f"{_PROGRAM}:serve"),
    Command(
        "verify", N_("Check that nobody has changed the history behind the program's back."),
        f"{_PROGRAM}:verify",
    ),
    Command(
        "copy", N_("Copy a whole database to another place, and prove the copy."), f"{_PROGRAM}:copy",
        N_("SOURCE TARGET"),
    ),
    Command("completion", N_("Write the script that completes commands in a shell."),
            f"{_READ}:completion", "bash|zsh|fish"),
    Command("migrate", N_("Bring a database of an older version up to date."), f"{_PROGRAM}:migrate"),
)  # fmt: skip


def command_of(words: Iterable[str]) -> Command | None:
    """Give the command that arguments begin with, the one of most words; ``None`` where there is none."""
    given = list(words)
    for many in range(len(given), 0, -1):
        wanted = " ".join(given[:many])
        found = next((each for each in COMMANDS if each.words == wanted), None)
        if found is not None:
            return found
    return None


def words_after(beginning: str = "") -> tuple[str, ...]:
    """Give the words that may follow a word, or that may come first, in the order of the registry."""
    lead = f"{beginning} " if beginning else ""
    found = (each.words.removeprefix(lead).split()[0] for each in COMMANDS if each.words.startswith(lead))
    return tuple(dict.fromkeys(found))
