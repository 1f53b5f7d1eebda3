"""One sentence for each refusal: what is wrong, with which field, and the way out.

Refusals are values with a code (:class:`core.refusal.Refusal`); here and nowhere else they become
words. A test holds that every code in the source has its sentence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.text import shown
from tui.text import N_, PLACEHOLDER, _, number
from tui.text.dates import day
from tui.text.reasons import reason_in_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.refusal import Refusal

FIELDS = {
    "hsa_id": N_("HSA-id"),
    "email": N_("E-mail"),
    "given_name": N_("First name"),
    "family_name": N_("Last name"),
    "title": N_("Name"),
    "note": N_("Remark"),
    "organisation_number": N_("Organisation number"),
    "id": N_("Id"),
    "telephone": N_("Telephone"),
    "hours": N_("Telephone hours"),
    "from_day": N_("From day"),
    "search": N_("The search"),
    "headline": N_("Heading"),
    "action": N_("What to do"),
    "text": N_("The text"),
    "day": N_("Day"),
}
"""What the fields of forms and flags are called."""

ROLES = {
    "user": N_("user"),
    "administrator": N_("administrator"),
    "support": N_("support"),
    "installation": N_("installation"),
}
"""What roles are called inside a sentence."""

# {subject}, {account}, {permission}, {field}, {role}, {database}, {place} and {day} are made from
# the refusal; every other place is one of its parameters.
SENTENCES: dict[str, str] = {
    # Fields
    "empty": N_("{field} is missing: fill it in."),
    "too_long": N_("{field} is too long: at most {longest} characters."),
    "control": N_(
        "{field} holds a character that cannot be seen ({character}): type the text instead of pasting it."
    ),
    "lone_mark": N_(
        "{field} holds an accent without its letter ({character}): type the text instead of pasting it."
    ),
    "sign": N_("{field} cannot hold or begin with {character}: take it away."),
    "no_letter": N_("{field} holds no letter: write it in words."),
    "form": N_("The data cannot be read: {place}"),
    "hsa_id_form": N_(
        "{field} is wrong: it is SE, ten digits, a hyphen, then letters and digits, such as "
        "SE5565594230-1337."
    ),
    "hsa_id_check": N_(
        "{field} is wrong: the ten digits are no organisation number; look for mistyped digits."
    ),
    "hsa_id_test": N_(
        "{hsa_id} is an HSA-id for tests and is taken only in a demo: enter the one on the "
        "person's SITHS card."
    ),
    "hsa_id_taken": N_("HSA-id {hsa_id} already has an account here: look it up and change that one."),
    "hsa_id_deregistered": N_("HSA-id {hsa_id} belongs to a deregistered account: register that one again."),
    "hsa_id_by_support": N_(
        "The HSA-id of {account} ({role}) can be changed only by Migrationsverket: write to "
        "etjanstkommuner@migrationsverket.se."
    ),
    "email_form": N_("{field} is wrong: it is written like eva.ek@kommun.example, without spaces."),
    "organisation_number_form": N_("{field} is wrong: it has ten digits, such as 212000-2411."),
    "organisation_number_check": N_(
        "{field} is wrong: the check digit does not fit; look for mistyped digits."
    ),
    "id_form": N_(
        "{field} is wrong: small letters a-z, digits and hyphens, at most 64, the first one no hyphen."
    ),
    # People
    "not_found": N_(
        "{subject} is not found in your organisation: it may have been taken away; load the list anew."
    ),
    "id_taken": N_("{subject} exists already: choose another id."),
    "account_inactive": N_("{account} is deregistered: register the person again first."),
    "account_active": N_("{account} is registered already: change the account instead."),
    "account_not_user": N_("{account} is {role} and can have no permissions: only users can."),
    "account_changed_since": N_(
        "Somebody changed the details of {account} after you saw them: look at them anew, then decide again."
    ),
    "permissions_changed_since": N_(
        "Somebody changed the permissions of {account} after you saw them: look at them anew, then "
        "decide again."
    ),
    "nothing_changed": N_("Nothing is changed for {subject}: change a detail, or go back."),
    "dismiss_first": N_(
        "{account} is {role} and cannot be deregistered: Migrationsverket must take the role away "
        "first; write to etjanstkommuner@migrationsverket.se."
    ),
    "other_role": N_("{account} is {role}, which does not fit: look at the account anew."),
    "support_elsewhere": N_("{account} cannot become support: support works at Migrationsverket only."),
    "last_administrator": N_("{subject} would be left without an administrator: appoint another one first."),
    "last_support": N_("Migrationsverket would be left without support: appoint another one first."),
    "actor_gone": N_(
        "Your account is no longer what it was when you signed in: end the program and sign in again."
    ),
    "not_your_role": N_(
        "As {role} you may not do this: ask Migrationsverket, etjanstkommuner@migrationsverket.se."
    ),
    # Permissions, agreements, catalogue
    "already_granted": N_("{account} has the permission {permission} already: nothing needs to be given."),
    "not_granted": N_("{account} does not have the permission {permission}: nothing needs to be taken away."),
    "not_launched": N_("{permission} can be given from {day}: wait until then."),
    "retired": N_("{permission} ended on {day} and can no longer be given or taken away."),
    "no_agreement": N_(
        "Your organisation has no agreement for the e-service of {permission}: ask Migrationsverket for one, "
        "etjanstkommuner@migrationsverket.se."
    ),
    "agreement_exists": N_("There is an agreement for {subject} already: nothing needs to be signed."),
    "agreement_missing": N_("There is no agreement for {subject}: nothing needs to be ended."),
    "retired_before_launch": N_("{permission} is launched on {day} and cannot end before the day after."),
    "catalogue_elsewhere": N_(
        "E-services and permissions are changed at Migrationsverket, not at {subject}."
    ),
    "telephone_form": N_(
        "{field} is wrong: write it as it is dialled in Sweden, digits in groups, the first one 0."
    ),
    "contact_elsewhere": N_("The kontaktcenter's contact is entered at Migrationsverket, not at {subject}."),
    "contact_one_part": N_("Change one part at a time: {subject} is dated by itself."),
    "day_form": N_("{field} is no day: write year-month-day, such as 2024-02-01."),
    "contact_needs_email": N_("The kontaktcenter is never without an e-mail address: enter another one."),
    "one_authority": N_("Migrationsverket is the only authority, and {subject} is not its id."),
    # What is current
    "announcement_elsewhere": N_("What is current is written at Migrationsverket, not at {subject}."),
    "published_before": N_("What is current is not published into the past: choose {day} or later."),
    "published_already": N_("This was published on {day}, which cannot be moved any more."),
    "withdrawn": N_("This was withdrawn on {day}: publish it anew instead."),
    "announcement_changed_since": N_(
        "Somebody corrected this after you saw it: look at it anew, then correct it again."
    ),
    "window_kind": N_("Only planned maintenance and incidents begin and end at a time: take the times away."),
    "window_missing": N_("Planned maintenance has a beginning and an end: fill both in."),
    "window_order": N_("It must begin before it ends: look at both times."),
    # Writes
    "nothing_to_write": N_("There is nothing to write: stage a change first."),
    "too_many_changes": N_("{count} changes are too many at once: write at most {most} at a time."),
    "changeset_id_reused": N_(
        "Another write has this id already, so nothing was written: drop the draft and make the changes anew."
    ),
    "too_many_keys": N_("More than {most} are marked, which is too many at once: mark fewer."),
    "leaving": N_("{account} is about to be deregistered: drop that first."),
    "cursor": N_("The place in the list is no longer known: begin again at the top."),
    # Undo
    "undo_account_moved_on": N_(
        "This cannot be undone: {account} was changed after it. Make a new change instead."
    ),
    "undo_cell_moved_on": N_(
        "This cannot be undone: {permission} for {account} was changed after it. Make a new change instead."
    ),
    "undo_role": N_("This cannot be undone: the role of {account} was changed. Make a new change instead."),
    "undo_agreement_moved_on": N_("This cannot be undone: the agreement for {subject} was changed after it."),
    "undo_organisation_moved_on": N_(
        "This cannot be undone: the details of {subject} were changed after it."
    ),
    "undo_not_possible": N_(
        "This cannot be undone: what is public on its day stays. Make a new change instead."
    ),
    "undo_nothing_left": N_("There is nothing left to undo: all of it has been changed back already."),
    "as_of_everywhere": N_("A day in the past is asked about in one organisation at a time."),
    "undone_already": N_("This has been undone already: load the list of writes anew."),
    "not_an_undo": N_("The changes are not the undoing of that write: prepare the undoing anew."),
    # Storage
    "storage_url": N_(
        "The storage is not understood: write a file such as behorig.sqlite, or "
        "{accepted}/srv/behorig.sqlite."
    ),
    "storage_address": N_(
        "The address of the database is not understood: write it such as postgresql://name@server/behorig."
    ),
    "storage_older": N_(
        "{database} is of an older version ({found}, this behorig needs {known}): run behorig migrate."
    ),
    "copy_same": N_("Both are the same database, and nothing was copied: name another place for the copy."),
    "copy_remote": N_(
        "A server of behorig gives and takes no whole database: run behorig copy where the database is, with "
        "its own address."
    ),
    "copy_differs": N_(
        "What was written is not what was read (table {table}), so the copy was thrown away: check the disk, "
        "then try again."
    ),
    "storage_empty": N_("{database} is empty: check --storage, or make its content with behorig init."),
    "storage_empty_file": N_(
        "{database} is an empty file, without the content of a database: check --storage, restore a backup "
        "if there was anything in it, or take the file away and make one with behorig init."
    ),
    "storage_filled": N_("{database} has content already, and it was left as it is: name an empty one."),
    "storage_old_server": N_(
        "{database} is on PostgreSQL {found}, which is too old: update the server to {known} or later."
    ),
    "storage_encoding": N_(
        "{database} keeps its texts in {encoding} and not in UTF8: make a new one with ENCODING 'UTF8'."
    ),
    "storage_unreachable": N_(
        "{database} cannot be reached and nothing was written: check the network and the server, then try "
        "again."
    ),
    "storage_sign_in": N_(
        "The server lets nobody into {database} with what was given: check the user, the password and the "
        "database's name."
    ),
    "storage_password": N_("{database} asks for a password: set PGPASSWORD, or write it into ~/.pgpass."),
    "storage_rights": N_(
        "The user lacks rights in {database} and nothing was written: ask the one who runs the server."
    ),
    "storage_replica": N_(
        "{database} can only be read and nothing was written: use the address of the server that is "
        "written to."
    ),
    "storage_lost": N_(
        "The line to {database} broke: try again; what was being written is written once or not at all."
    ),
    "storage_slow": N_("{database} took too long and nothing was written: try again."),
    "storage_missing": N_("{database} is not there: check --storage, or make one with behorig init."),
    "storage_exists": N_("There is a file at {path} already, and it was left as it is: name another one."),
    "storage_no_folder": N_("There is no folder {path}: make it, or name another place."),
    "storage_damaged": N_("{database} is damaged and was left as it is: restore a backup."),
    "storage_newer": N_(
        "{database} was made by a newer behorig ({found}, this one knows {known}): update behorig."
    ),
    "storage_read_only": N_("{database} cannot be written: ask for write access to the file and its folder."),
    "storage_full": N_("The disk is full and nothing was written to {database}: make room, then try again."),
    "storage_network": N_(
        "{path} is on a network file system ({file_system}), where a database can be damaged: put it on a "
        "disk of this machine."
    ),
    "storage_locked": N_("Another program holds {database} and nothing was written: try again soon."),
    "storage_not_ours": N_(
        "{path} is not a database of behorig: check --storage, or restore a backup if it was one."
    ),
    "storage_failed": N_("{database} does not answer ({error}) and nothing was written: try again."),
    # Letters
    "letter_incomplete": N_("The letter does not say who it is about: begin anew."),
    "letter_not_administrator": N_("{account} is not administrator here: choose one of those who are."),
    "letter_last_administrator": N_(
        "The organisation must have an administrator, and this is the only one: replace instead of remove."
    ),
    "letter_same_person": N_("{field} is that of the person who shall be replaced: enter the new one's."),
    "letter_administers_already": N_("{account} is administrator here already: nothing needs to be asked."),
    "letter_is_user": N_(
        "{account} is a user here, and a person has one role: the letter must say that the permissions end."
    ),
    "letter_not_kept": N_("The letter cannot be kept at {path} ({reason}): copy it, or save it elsewhere."),
    "mail_no_server": N_("No mail server is named: set smtp_host, or copy the letter or save it as a file."),
    "mail_gone": N_("The letter is not there any more, or has been sent: look under Support."),
    "mail_under_way": N_("The letter is being sent already: wait until that is over."),
    "mail_not_noted": N_("That it was sent could not be noted on disk: do not send it again."),
    "mail_no_tls": N_("{host} does not encrypt, so nothing was said to it: check smtp_host and smtp_port."),
    "mail_tls": N_("The encryption with {host} failed ({reason}): check smtp_security and smtp_port."),
    "mail_certificate": N_(
        "The certificate of {host} is not to be trusted ({reason}): check smtp_host and smtp_authority."
    ),
    "mail_slow": N_("{host} did not answer in time: try again later."),
    "mail_dropped": N_("{host} hung up before it had the letter: try again later."),
    "mail_misunderstood": N_("{host} answers as no mail server does: check smtp_host and smtp_port."),
    "mail_unreachable": N_("{host} cannot be reached ({reason}): check smtp_host and the network."),
    "mail_login_refused": N_(
        "{host} did not take the user and the password ({number}): check smtp_user and the password."
    ),
    "mail_no_login": N_("{host} takes no user and password: take smtp_user away, or check smtp_port."),
    "mail_password_letters": N_("The mail server's password holds å, ä, ö or the like and cannot be sent."),
    "mail_password_open": N_("{path} can be read by others, so it was not used: run chmod 600 on it."),
    "mail_password_missing": N_(
        "There is no password for the mail server in {path}: set smtp_password_file or BEHORIG_SMTP_PASSWORD."
    ),
    "mail_sender_refused": N_("{host} does not take letters from your address ({reply}): ask who runs it."),
    "mail_recipient_refused": N_("{host} does not take letters to that address ({reply}): check it."),
    "mail_address_letters": N_("{host} does not know addresses with å, ä or ö: copy the letter instead."),
    "mail_refused": N_("{host} did not take the letter ({reply}): try again later."),
    "mail_unsure": N_("{host} did not say whether it took the letter: it may have arrived."),
    # Signing in over the network: what a server says
    "credential_form": N_("The header Authorization cannot be read: send one, Bearer and a token."),
    "credentials_differ": N_("The request is signed in as two different people: send one credential."),
    "token_wrong": N_("The token is not one of this server's: check that the whole of it was copied."),
    "token_expired": N_("The token has expired: ask for a new one from who runs the server."),
    "token_revoked": N_("The token has been revoked: ask for a new one from who runs the server."),
    "access_token_wrong": N_("The access token is not accepted here ({reason}): sign in anew."),
    "access_token_expired": N_("The access token has expired: sign in anew."),
    "access_token_person": N_(
        "The access token holds no HSA-id in {claim}: ask who runs the sign-in service to send it."
    ),
    "issuer_away": N_("The sign-in service does not answer, so nobody can be let in by it: try again soon."),
    "certificate_elsewhere": N_(
        "A certificate may come from the server's own proxy only: connect through it."
    ),
    "certificate_form": N_("The certificate cannot be read: check how the proxy passes it on."),
    "certificate_wrong": N_("The certificate is not accepted here: sign in with a valid SITHS card."),
    "certificate_revoked": N_("The certificate has been revoked: sign in with a valid SITHS card."),
    "certificate_person": N_("The certificate holds no HSA-id: sign in with a personal SITHS card."),
    "certificates_unsure": N_(
        "It cannot be told whether certificates are revoked, so none is accepted: tell who runs the server."
    ),
    # ... and what a client does
    "login_needed": N_("You are not signed in to {server}: run behorig login."),
    "login_away": N_("The sign-in service {issuer} does not answer: try again soon."),
    "login_not_offered": N_("This server lets nobody sign in from a terminal: ask who runs it for a token."),
    "login_failed": N_("The sign-in service did not let this terminal in: try again, or tell who runs it."),
    "login_denied": N_("The sign-in was stopped in the browser: nobody was signed in."),
    "login_too_late": N_("Nobody signed in before the code ran out: run behorig login again."),
    "login_no_server": N_(
        "{server} does not answer as a server of behorig: check --storage and the network."
    ),
    "login_url": N_("Signing in is for a server: give its address with --storage, such as {accepted}."),
    "authority_wrong": N_("{path} is no file of certificates in PEM: check authority."),
    "proxy_wrong": N_("The proxy's address is not understood: write it such as http://proxy.example:8080."),
    "secret_open": N_("{path} can be read by others, so it was not used: run chmod 600 on the file."),
    "secret_missing": N_("There is no token in {path}: set token_file or BEHORIG_TOKEN."),
    "secret_form": N_("The token holds what no token does: check BEHORIG_TOKEN or the file in token_file."),
    "secret_failed": N_("{path} cannot be used: check who may read and write it."),
    # Tokens
    "token_days": N_("A token holds for at most {longest} days, and at least until the end of today."),
    "tokens_elsewhere": N_("Tokens are made where the database is: run the command on the server's machine."),
    # Settings of the server
    "setting_https": N_("The address must begin with https:// and hold no user, query or fragment."),
    "setting_empty": N_("The setting cannot be empty: fill it in, or take it away."),
    "setting_audience": N_(
        "The audience must be another name than client_id: access tokens could not be told from ID tokens."
    ),
    "setting_algorithm": N_("The algorithms can be: {accepted}."),
    "setting_range": N_("The number must be from 0 to {longest}."),
    "setting_choice": N_("The setting can be: {accepted}."),
    "setting_peer": N_(
        "The proxy cannot be “{value}”: name an address, a network that is not the whole world, or unix."
    ),
    "setting_header": N_("This is no name of a header: letters, digits and hyphens."),
    "setting_file": N_("There is no file {path}: check the setting."),
    "setting_no_root": N_("The file {path} holds no root certificate in PEM: put the authority's there."),
    "setting_table": N_("Write [server.{table}] and its settings below."),
    "setting_unknown": N_("There is no such setting; there are: {known}."),
    "setting_missing": N_("The setting {key} is missing: fill it in."),
    "setting_text": N_("The setting must be a text in quotation marks."),
    "setting_list": N_('The setting must be a list of texts, such as ["one", "two"].'),
    "setting_switch": N_("The setting must be true or false."),
    "setting_number": N_("The setting must be a whole number."),
    # A server, and who asks it
    "server_url": N_("The server's address is not understood: write it as https://behorig.example."),
    "server_plain": N_(
        "What is said to {server} could be overheard: write https://, or use a server on this machine."
    ),
    "server_authority": N_("The authorities in {path} cannot be read: check authority in the settings."),
    "server_away": N_("{server} does not answer: try again soon."),
    "server_certificate": N_(
        "The certificate of {server} is not to be trusted ({reason}): check the address and authority."
    ),
    "server_elsewhere": N_("{server} points to another address: ask who runs it for the right one."),
    "server_answer": N_("{server} answers as no server of behorig does: check the address."),
    "server_failed": N_("The server failed at this: try again, and tell who runs it."),
    "server_busy": N_("The server has too much to do: try again in {seconds} s."),
    "server_slow": N_("This took the server too long: try again in {seconds} s."),
    "too_many_requests": N_("You ask more often than the server answers: try again in {seconds} s."),
    "too_many_streams": N_("You follow changes in too many windows: close one, or try again in {seconds} s."),
    "not_signed_in": N_("The server does not know who you are: sign in, or bring a token."),
    "no_account": N_("You have no account here: an administrator of your organisation must register it."),
    "organisation_not_chosen": N_("You have several accounts: say in the header {header} which one acts."),
    "idempotency_key": N_("The header {header} is not the id of the changeset: send the same, or none."),
    "header_twice": N_("The header {subject} is there more than once: send it once."),
    "no_such_address": N_("There is nothing at this address: see the description of the interface."),
    "no_such_method": N_("This cannot be done at this address: see the description of the interface."),
    "not_acceptable": N_("The answer is had as {accepted} only: take that."),
    "media_type": N_("The request must be {accepted} and not packed: send it so."),
    "body_too_large": N_("The request is too large: at most {longest} bytes."),
    "request_form": N_("The request cannot be read: see the description of the interface."),
    "parameter_unknown": N_("There is no parameter {subject} here: take it away."),
    "parameter_missing": N_("The parameter {subject} is missing: add it."),
    "parameter_twice": N_("The parameter {subject} is there more than once: send it once."),
    "parameter_form": N_("The parameter {subject} cannot be read: see the description of the interface."),
    "parameters_form": N_("The parameters cannot be read, or are more than {most}: post the question."),
    "parameters_too_long": N_("The address is too long, more than {longest} letters: post the question."),
    "listen_plain": N_(
        "The server speaks plain HTTP: listen at 127.0.0.1, or say with --behind-tls that a proxy with TLS "
        "stands before it."
    ),
    "listen_form": N_("{subject} is written HOST:PORT, such as 127.0.0.1:8443."),
    # Plans
    "file_unwritable": N_("{file} cannot be written ({reason})."),
    "plan_changed": N_("{file} has changed since it was reviewed: nothing is written."),
    # Drafts
    "draft_full": N_(
        "The disk is full, so the draft in {folder} is not kept: make room, or write now what is staged."
    ),
    "draft_read_only": N_(
        "The draft cannot be kept, {folder} cannot be written: ask for write access, or name another "
        "folder in BEHORIG_STATE."
    ),
    "draft_failed": N_(
        "The draft cannot be kept in {folder} ({reason}): name another folder in BEHORIG_STATE, or "
        "write now what is staged."
    ),
}


def sentence(refusal: Refusal, names: Mapping[str, str] = {}) -> str:
    """Give the sentence for a refusal; ``names`` gives people, permissions and organisations by id."""
    template = SENTENCES.get(refusal.code)
    if template is None:
        return _("This was refused ({code}).", code=shown(refusal.code))
    places = PLACEHOLDER.findall(template)
    text = _(template, **{place: _value(place, refusal, names) for place in places})
    first = PLACEHOLDER.match(_(template, **{place: f"{{{place}}}" for place in places}))
    if first is not None and not _is_ours(first.group(1), refusal, names):
        return text  # a name, an id or a path is as it is
    return text[:1].upper() + text[1:]


def _is_ours(place: str, refusal: Refusal, names: Mapping[str, str]) -> bool:
    """Say whether what stands in a place begins with a word of the program."""
    match place:
        case "field":
            return refusal.subject in FIELDS
        case "account" | "permission":
            ids = (refusal.params.get(f"{place}_id"), refusal.subject)
            return not any(isinstance(each, str) and each in names for each in ids)
        case "subject":
            return not refusal.subject
    return place in ("role", "database", "day")


def _value(place: str, refusal: Refusal, names: Mapping[str, str]) -> str:
    params = refusal.params
    match place:
        case "field":
            return _(FIELDS[refusal.subject]) if refusal.subject in FIELDS else shown(refusal.subject)
        case "account":
            return _named((params.get("account_id"), refusal.subject), names, _("the account"))
        case "permission":
            return _named((params.get("permission_id"), refusal.subject), names, _("the permission"))
        case "subject":
            return _named((refusal.subject,), names, shown(refusal.subject) or _("this"))
        case "role":
            role = str(params.get("role", ""))
            return _(ROLES[role]) if role in ROLES else shown(role)
        case "database":
            path = str(params.get("path", ""))
            return _("the database {path}", path=shown(path)) if path else _("the database")
        case "place":
            return _place(params)
        case "reason":
            return shown(reason_in_words(str(params.get("reason", ""))))
        case "day":
            return day(shown(str(params.get("day", ""))))
    value = params.get(place, "")
    return number(value) if isinstance(value, int) else shown(value)


def _place(params: Mapping[str, str | int | bool]) -> str:
    """Say where data cannot be read, and what there is to do about it."""
    path = shown(str(params.get("place", "")))
    path = _("the whole") if path == "$" else path
    match params.get("fault", "broken" if "line" in params else ""):
        case "broken":
            line, column = shown(str(params["line"])), shown(str(params.get("column", "")))
            return _("it stops being JSON at line {line}, column {column}.", line=line, column=column)
        case "unknown":
            return _("there is no field {path}; look at its spelling, or update behorig.", path=path)
        case "missing":
            return _("the field {path} is missing; add it, or update behorig.", path=path)
        case "value":
            return _("{path} holds something else than it should; look there, or update behorig.", path=path)
    return _("update behorig if another version wrote it.")


def _named(ids: tuple[str | int | bool | None, ...], names: Mapping[str, str], otherwise: str) -> str:
    """Give the name of the first id that has one, harmless: it may come from a file that anybody wrote."""
    return next((shown(names[each]) for each in ids if isinstance(each, str) and each in names), otherwise)
