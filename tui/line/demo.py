"""``behorig demo``: invented data to look around in, built once, and whom to be."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from core.directory import Role
from core.ports import StorageError
from core.refusal import Refusal
from tui.assemble.databases import is_demo, location, make_demo, remake_demo
from tui.assemble.demo import DEMO_EDITION, DEMO_PERSONS, DemoPerson
from tui.line.ask import choose
from tui.settings import Settings, read_settings
from tui.signin import storage_error
from tui.terminal import need_terminal, say
from tui.text import _, ngettext


def run_demo(*, storage: str | None, hsa_id: str | None, new: bool, flags: dict[str, str]) -> Settings:
    """Build the demo where there is none, ask whom to be, and give what the full screen opens with.

    The storage and the person of the environment and the configuration are not the demo's.
    """
    shown = read_settings(flags)
    need_terminal()
    try:
        path = _default_path() if storage is None else location(storage)
        asyncio.run(_ready(path, new=new, own_place=storage is None))
    except StorageError as error:
        raise storage_error(error) from error
    organisation = None
    if hsa_id is None:
        person = DEMO_PERSONS[choose(_("Whom do you want to be?"), [_words(each) for each in DEMO_PERSONS])]
        hsa_id, organisation = person.hsa_id, person.organisation_id
    return replace(shown, storage=str(path), hsa_id=hsa_id, organisation=organisation, mail=None)


def _default_path() -> Path:
    from platformdirs import user_cache_path  # only when no place was named

    folder = user_cache_path("behorig", appauthor=False)
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"demo-{DEMO_EDITION}.sqlite"


async def _ready(path: Path, *, new: bool, own_place: bool) -> None:
    """Let there be a demo at ``path``. What lies there and is no demo is never touched."""
    if not path.exists():  # noqa: ASYNC240 - nothing else runs in this loop
        say(_("Making the demo's data, which takes some seconds …"))
        try:
            await make_demo(path)
        except StorageError as error:
            # Another window may have been quicker.
            if error.refusal.code != "storage_exists":
                raise
        return
    if not (own_place and new) and not await is_demo(path):
        raise StorageError(Refusal("storage_exists", "storage", {"path": str(path)}))
    if new:
        say(_("Making the demo's data anew, which takes some seconds …"))
        await remake_demo(path)


def _words(person: DemoPerson) -> str:
    if person.role is Role.SUPPORT:
        return _("{name}, support at Migrationsverket's kontaktcenter", name=person.name)
    if person.role is Role.USER:
        return _("{name}, user in {organisation}", name=person.name, organisation=person.organisation_name)
    if person.organisation_id is None:
        return _(
            "{name}, administrator in two organisations: {organisations}",
            name=person.name,
            organisations=person.organisation_name,
        )
    return ngettext(
        "{name}, administrator in {organisation} with {count} account",
        "{name}, administrator in {organisation} with {count} accounts",
        person.accounts,
        name=person.name,
        organisation=person.organisation_name,
    )
