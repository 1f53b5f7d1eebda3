"""A server: its configuration read and told, and a database served to others."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Any, TypeVar

from core.refusal import Refusal, WrongValueError
from core.wire import encode
from tui.assemble.demo import DEMO_PERSONS, demo_clock
from tui.assemble.tokens import open_database
from tui.clock import new_id, system_clock
from tui.session import UNREACHABLE, StartError
from tui.settings import ServerTable, nearest, wrong
from tui.text import _, speaking
from tui.text.refusals import sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from storage.http.server.limits import Limits
    from storage.http.server.serve import ServeSettings
    from storage.http.signin.config import SignInConfig, WrongSettingError

T = TypeVar("T")


def sign_in_config(table: ServerTable) -> SignInConfig:
    """Give the ways to sign in that a configuration names; a wrong one is a :class:`StartError`."""
    from storage.http.signin.config import read_sign_in  # only a server reads this

    return _configured(table, read_sign_in)


def _configured(
    table: ServerTable, read: Callable[[Mapping[str, object]], T], flags: Collection[str] = ()
) -> T:
    """Read a configuration; what is wrong with it is a :class:`StartError` that names file, line and key."""
    from storage.http.signin.config import WrongSettingError  # only a server reads this

    try:
        return read(table.values)
    except WrongSettingError as error:
        raise wrong(_told_wrong(table, error, flags)) from error


def _told_wrong(table: ServerTable, error: WrongSettingError, flags: Collection[str] = ()) -> str:
    """Tell a wrong setting of a server, with its place, or the flag that it came by."""
    refusal = error.refusal
    key = refusal.subject
    place = table.place(error.table, key)
    if key in flags and not error.table:
        return f"--{key.replace('_', '-')}: {sentence(refusal)}"
    if refusal.code == "setting_unknown":
        near = nearest(key, str(refusal.params["known"]).split(", "))
        return _('{place}: there is no setting "{key}". {nearest}', place=place, key=key, nearest=near)
    return f"{place}: {f'{key}: ' if key else ''}{sentence(refusal)}"


def serve(storage: str, table: ServerTable, flags: Mapping[str, object]) -> None:
    """Serve a database over HTTP until the process is told to end.

    Raises:
        StartError: what is configured does not do, or nobody could sign in.
        StorageError: the database cannot be opened, or is a server itself.
    """
    # Only a server loads these.
    from storage.http.server.config import read_limits
    from storage.http.server.serve import read_serving

    settings = _configured(table, lambda server: read_serving({**server, **flags}), flags)
    ways = sign_in_config(table)
    asyncio.run(_serve(storage, settings, ways, _configured(table, read_limits)))


def server_faults(table: ServerTable) -> list[str]:
    """Give a sentence for each thing that is wrong with what a server is told; nothing is opened."""
    # Only a server loads these.
    from storage.http.server.config import read_limits
    from storage.http.server.serve import read_serving
    from storage.http.signin.config import WrongSettingError, read_sign_in

    faults: list[str] = []
    values = {name: dict(value) if isinstance(value, dict) else value for name, value in table.values.items()}
    taken_out: set[tuple[str, object]] = set()
    for read in (read_serving, read_limits, read_sign_in):
        while True:
            try:
                read(values)
                break
            except WrongSettingError as error:
                # What was wrong is taken out, and the rest read again: each reader stops at the first fault.
                inside = values.get(error.table) if error.table else values
                key = error.refusal.subject
                if (error.table, error.refusal.params.get("key")) not in taken_out:
                    faults.append(_told_wrong(table, error))
                if isinstance(inside, dict) and key in inside:
                    del inside[key]
                    taken_out.add((error.table, key))
                elif values.pop(error.table, None) is None:
                    break
    return faults


def server_schema() -> dict[str, object]:
    """Give the JSON Schema of what a server is told, made of the very structs that it is read as."""
    # Only a server loads these.
    import msgspec

    from storage.http.server.config import LimitsConfig
    from storage.http.server.serve import ServeSettings
    from storage.http.signin.config import CertificatesConfig, OidcConfig, TokensConfig

    tables = {
        "tokens": TokensConfig,
        "oidc": OidcConfig,
        "certificates": CertificatesConfig,
        "limits": LimitsConfig,
    }
    kinds = (ServeSettings, *tables.values())
    schemas, components = msgspec.json.schema_components(kinds, ref_template="{name}")
    found = {schema["$ref"]: components[schema["$ref"]] for schema in schemas}
    top: dict[str, Any] = found[ServeSettings.__name__]
    top["properties"].update({name: found[kind.__name__] for name, kind in tables.items()})
    return top


async def _serve(storage: str, settings: ServeSettings, config: SignInConfig, limits: Limits) -> None:
    from storage.http.server.limits import networks
    from storage.http.server.log import log_to
    from storage.http.server.serve import serve as run
    from storage.http.server.serve import take_away
    from storage.http.server.served import Served
    from storage.http.signin.document import sign_in_document
    from storage.http.signin.ways import ways_of

    async with open_database(storage) as opened:
        try:
            ways = ways_of(config, opened)
        except WrongValueError as error:
            raise wrong(sentence(error.refusal)) from error
        if not ways:
            raise wrong(
                _("Nobody could sign in: write [server.tokens], [server.oidc] or [server.certificates].")
            )
        is_demo = opened.is_demo
        served = Served(
            storage=opened,
            ways=ways,
            clock=await demo_clock(opened, *_demo_places()) if is_demo else system_clock,
            new_id=new_id,
            sentence=in_language,
            log=log_to(sys.stderr, system_clock),
            is_demo=is_demo,
            sign_in=encode(sign_in_document(config)),
            limits=limits,
            trusted=networks(settings.trusted),
        )
        if settings.socket:
            take_away(settings.socket)
        try:
            await run(served, settings)
        except OSError as error:
            raise StartError(
                _("The server cannot listen at {place}.", place=settings.socket or settings.listen),
                UNREACHABLE,
            ) from error


def _demo_places() -> frozenset[str]:
    return frozenset(each.organisation_id for each in DEMO_PERSONS if each.organisation_id is not None)


def in_language(refusal: Refusal, language: str) -> str:
    """Give the sentence for a refusal to a reader of the server's answers."""
    with speaking(language):
        return sentence(refusal)
