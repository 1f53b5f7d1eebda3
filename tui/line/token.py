"""``behorig token``: make, list and revoke the bearer tokens that let programs in over the network."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Coroutine
from datetime import datetime
from typing import Any, TypeVar

from core.days import day_of
from core.identity import HsaId, Title
from core.ports import StorageError
from core.refusal import WrongValueError
from core.text import shown
from core.tokens import Token, TokenState, expiry_after, expiry_on
from tui.assemble.databases import told
from tui.assemble.tokens import list_tokens, make_token, revoke_token
from tui.clock import system_clock
from tui.session import DONE, REFUSED, StartError
from tui.settings import configuration_path, read_settings, wrong
from tui.signin import storage_error
from tui.terminal import heard_or_not, say
from tui.text import _
from tui.text.dates import moment
from tui.text.read_day import read_day
from tui.text.refusals import sentence

R = TypeVar("R")


def run_create(storage: str | None, hsa_id: str, expires: str, name: str | None) -> int:
    """Make a token and write it to stdout, once; what there is to say goes to stderr.

    Raises:
        StartError: it is called wrongly, nobody has that HSA-id, or the database cannot be written.
    """
    chosen = _storage(storage)
    now = system_clock()
    who = _hsa_id(hsa_id)
    until = _expiry(expires, now)
    try:
        called = Title(name) if name is not None else ""
    except WrongValueError as error:
        raise wrong(f"--name: {sentence(error.refusal)}") from error
    made = _done(make_token(chosen, hsa_id=who, name=called, expires=until))
    if made is None:
        raise StartError(
            _(
                "{hsa_id} has no account in {storage}, so no token was made: register the person first.",
                hsa_id=who,
                storage=shown(told(chosen)),
            ),
            REFUSED,
        )
    token, text, memberships = made
    try:
        with heard_or_not():
            sys.stdout.write(f"{text}\n")
    except OSError:
        # Shown once, and nobody has it: it is not to stay as one that somebody may have.
        say(
            _(
                "Token {id} is made, but it could not be written out: revoke it with behorig token revoke "
                "{id}, and make another.",
                id=token.id,
            )
        )
        raise
    accounts = ", ".join(
        f"{shown(each.account.name)}, {shown(each.organisation.name)}" for each in memberships
    )
    say(
        _(
            "This is token {id} for {hsa_id} ({accounts}). It holds until {moment} and is shown this once: "
            "who has it is let in as this person. Put it in a file that only its owner reads.",
            id=token.id,
            hsa_id=who,
            accounts=accounts,
            moment=moment(token.expires),
        )
    )
    return DONE


def run_list(storage: str | None, hsa_id: str | None) -> int:
    """Write a line for each token to stdout, without its secret.

    Raises:
        StartError: it is called wrongly, or the database cannot be read.
    """
    chosen = _storage(storage)
    tokens = _done(list_tokens(chosen, None if hsa_id is None else _hsa_id(hsa_id)))
    now = system_clock()
    for token in tokens:
        sys.stdout.write(f"{_line(token, now)}\n")
    if not tokens:
        say(_("There are no tokens."))
    return DONE


def run_revoke(storage: str | None, token_id: str) -> int:
    """Revoke a token: it opens nothing from now on.

    Raises:
        StartError: there is none to revoke, or the database cannot be written.
    """
    chosen = _storage(storage)
    if not _done(revoke_token(chosen, token_id)):
        raise StartError(
            _(
                "There is no token “{id}” to revoke: behorig token list shows those that there are.",
                id=shown(token_id, 40),
            ),
            REFUSED,
        )
    say(_("Token {id} is revoked and opens nothing any more.", id=token_id))
    return DONE


def _line(token: Token, now: datetime) -> str:
    match token.state(now):
        case TokenState.REVOKED:
            state = _("revoked {moment}", moment=moment(token.revoked or now))
        case TokenState.EXPIRED:
            state = _("expired {moment}", moment=moment(token.expires))
        case TokenState.VALID:
            state = _("holds until {moment}", moment=moment(token.expires))
    used = _("never used")
    if token.last_used is not None:
        used = _("last used {moment}", moment=moment(token.last_used))
    return ", ".join(part for part in (f"{token.id} {token.hsa_id}", state, used, shown(token.name)) if part)


def _storage(storage: str | None) -> str:
    chosen = read_settings({} if storage is None else {"storage": storage}).storage
    if chosen is None:
        raise wrong(
            _(
                "No storage is named: give it with --storage, BEHORIG_STORAGE or storage in {file}.",
                file=str(configuration_path()),
            )
        )
    return chosen


def _hsa_id(text: str) -> HsaId:
    try:
        return HsaId(text)
    except WrongValueError as error:
        raise wrong(sentence(error.refusal)) from error


def _expiry(text: str, now: datetime) -> datetime:
    """Read ``--expires``: a number of days, or the last day."""
    try:
        if text.isascii() and text.isdecimal() and len(text) <= 4:
            return expiry_after(int(text), now)
        day = read_day(text, day_of(now))
        if day is not None:
            return expiry_on(day, now)
    except WrongValueError as error:
        raise wrong(f"--expires: {sentence(error.refusal)}") from error
    told = _("“{text}” is no day. Write 2023-05-02, 2 May 2023 or 2/5 2023.", text=shown(text, 40))
    raise wrong(f"--expires: {told}")


def _done(work: Coroutine[Any, Any, R]) -> R:
    try:
        return asyncio.run(work)
    except StorageError as error:
        raise storage_error(error) from error
