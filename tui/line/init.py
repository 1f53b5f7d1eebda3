"""``behorig init``: make a real database, or leave nothing behind and say in a sentence why."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from core.identity import EmailAddress, FamilyName, GivenName, HsaId
from core.ports import StorageError
from core.refusal import Refusal, WrongValueError
from core.text import search_key
from tui.assemble.databases import make_real, person, places, told
from tui.session import DONE, REFUSED, StartError
from tui.settings import nearest, wrong
from tui.signin import storage_error
from tui.terminal import say
from tui.text import _
from tui.text.refusals import sentence

if TYPE_CHECKING:
    from tui.assemble.databases import Person, Place

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PersonFlags:
    """What was said of a person, and the flags that said it."""

    prefix: str
    hsa_id: str
    name: str | None
    given_name: str | None
    family_name: str | None
    email: str | None

    def flag(self, name: str) -> str:
        """Give the flag of a detail: ``--name``, for the support account ``--support-name``."""
        return f"--{self.prefix}{name}"


def run_init(
    *, organisation: str, administrator: PersonFlags, support: PersonFlags | None, storage: str | None
) -> int:
    """Make a real database and tell where it is and what to do next."""
    place = _place(organisation)
    first = _person(administrator, "--administrator")
    helper = None if support is None else _person(support, "--support")
    try:
        if storage is None:
            path = _default_path()
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            storage = str(path)
        where = told(storage)
        refusals = asyncio.run(
            make_real(storage, organisation_id=place.id, administrator=first, support=helper)
        )
    except StorageError as error:
        raise storage_error(error) from error
    if refusals:
        names = {str(place.id): str(place.name)}
        raise StartError("\n".join(sentence(each, names) for each in refusals), REFUSED)
    say(
        _(
            "Made a database for {organisation}, with {name} as its first administrator. It lies here:",
            organisation=place.name,
            name=f"{first.given_name} {first.family_name}",
        )
    )
    sys.stdout.write(f"{where}\n")
    sys.stdout.flush()
    say(_("Next, sign in as {name} with:", name=f"{first.given_name} {first.family_name}"))
    say(f"  behorig --storage {_quoted(where)} --as {first.hsa_id}")
    return DONE


def _quoted(storage: str) -> str:
    import shlex  # one command in a year needs it

    return shlex.quote(storage)


def _default_path() -> Path:
    from platformdirs import user_data_path  # only when no place was named

    return user_data_path("behorig", appauthor=False) / "behorig.sqlite"


def _place(wanted: str) -> Place:
    """Find an organisation by its code or its name, in whatever case and with or without dots.

    Some municipalities call themselves a city: ``Malmö stad`` is ``Malmö kommun`` in the list of codes.
    """
    known = places()
    for place in known:
        if wanted.casefold() in (place.code, place.id, place.name.casefold()):
            return place
    name = re.sub(r" stad$", " kommun", search_key(wanted).strip())
    folded = [place for place in known if search_key(place.name) == name]
    if len(folded) == 1:
        return folded[0]
    raise wrong(
        _(
            '--organisation: there is no municipality or region "{name}". {nearest}',
            name=wanted,
            nearest=_nearest_place(wanted, known),
        )
    )


def _nearest_place(wanted: str, known: tuple[Place, ...]) -> str:
    starting = [place.name for place in known if search_key(place.name).startswith(search_key(wanted))]
    if wanted and 0 < len(starting) <= 5:
        return _("Did you mean {names}?", names=", ".join(f'"{name}"' for name in starting))
    if any(character.isdecimal() for character in wanted):
        return _("A municipality's code has four digits, such as 0180, a region's two, such as 01.")
    return nearest(wanted, [place.name for place in known], most=3)


def _person(flags: PersonFlags, id_flag: str) -> Person:
    hsa_id = _checked(HsaId, flags.hsa_id, id_flag)
    if hsa_id.is_test:
        refusal = Refusal("hsa_id_test", "hsa_id", {"hsa_id": hsa_id})
        raise wrong(f"{id_flag}: {sentence(refusal)}")
    given, family = names_of(flags)
    return person(
        hsa_id=hsa_id,
        given_name=_checked(GivenName, given, flags.flag("given-name" if flags.given_name else "name")),
        family_name=_checked(FamilyName, family, flags.flag("family-name" if flags.family_name else "name")),
        email=_checked(EmailAddress, flags.email or "", flags.flag("email")),
    )


def names_of(flags: PersonFlags) -> tuple[str, str]:
    """Give first and last name: of ``--name`` the last word is the last name."""
    if flags.given_name is not None and flags.family_name is not None and flags.name is None:
        return flags.given_name, flags.family_name
    if flags.name is not None and flags.given_name is None and flags.family_name is None:
        given, _space, family = flags.name.strip(" ").rpartition(" ")
        if given:
            return given, family
    raise wrong(
        _(
            'Give the whole name: {name} "Eva Ek", of which the last word is the last name, or {given} and '
            "{family}.",
            name=flags.flag("name"),
            given=flags.flag("given-name"),
            family=flags.flag("family-name"),
        )
    )


def _checked(kind: Callable[[str], T], value: str, flag: str) -> T:
    try:
        return kind(value)
    except WrongValueError as error:
        raise wrong(f"{flag}: {sentence(error.refusal)}") from error
