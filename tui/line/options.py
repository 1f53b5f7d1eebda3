"""What commands take: their options as types for Cyclopts, each with its purpose in words."""

# Cyclopts reads the annotations when it runs, so they are values here and not texts.
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from cyclopts import Parameter, Token

from tui.settings import wrong
from tui.text import _

MOST_DIGITS = 9
"""A number of more digits than this counts nothing that there is here."""


def value(kind: str, purpose: str, name: str | None = None) -> Parameter:
    """Describe an option that takes a value: what kind of value, and what for."""
    return Parameter(name=name, metavar=kind, help=purpose)


def place(name: str, purpose: str) -> Parameter:
    """Describe a value that has its place in the command, and no flag before it."""
    return Parameter(name=name, metavar="", help=purpose)


def whole_number(purpose: str, name: str | None = None, *, least: int = 0) -> Parameter:
    """Describe a value that is a whole number, ``least`` or more, written with digits alone.

    What else Python takes for a number, such as 1.5 or 1_000, is nobody's number: it may be a slip.
    """

    def converter(_kind: object, tokens: Sequence[Token]) -> int:
        text = tokens[0].value
        if not (text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS and int(text) >= least):
            raise ValueError(text)
        return int(text)

    return Parameter(name=name, metavar=_("NUMBER"), help=purpose, converter=converter)


FILE, NAME, HSA_ID, ID = _("FILE"), _("NAME"), _("HSA-ID"), "ID"

Storage = Annotated[
    str | None,
    value(FILE, _("The database: a file, or a URL such as postgresql://name@server/behorig.")),
]
Server = Annotated[
    str | None, value(_("ADDRESS"), _("The server, an address such as https://behorig.example."))
]
As = Annotated[str | None, value(HSA_ID, _("The HSA-id of the person to sign in as."), "--as")]
Organisation = Annotated[
    str | None,
    value(
        _("ORGANISATION"),
        _("The organisation to sign in to, by name, code or id, if the HSA-id has several accounts."),
    ),
]
Theme = Annotated[str | None, value(_("THEME"), _("The colours: dark, light, contrast or terminal."))]

Profile = Annotated[
    str | None,
    value(
        _("PROFILE"),
        _(
            "How the screens are made: standard, screen_reader, high_contrast, magnifier or "
            "plain_colour; each switch of it can be set by itself."
        ),
    ),
]


def given(**flags: str | None) -> dict[str, str]:
    """Give the flags that were given, by their keys.

    Raises:
        StartError: one has an empty value, as a script's has whose variable is not set.
    """
    for key, value in flags.items():
        if value == "":
            raise wrong(_("{flag} needs a value after it.", flag=f"--{key}"))
    return {key: value for key, value in flags.items() if value is not None}


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class SignIn:
    """The options of every command that somebody signs in for."""

    storage: Storage = None
    as_: As = None
    organisation: Organisation = None

    @property
    def flags(self) -> dict[str, str]:
        """The flags that were given, by the keys of the settings."""
        return given(storage=self.storage, **{"as": self.as_}, organisation=self.organisation)


NOBODY_SAID = SignIn()
"""Where no option tells, the environment and the configuration do."""


Json = Annotated[bool, Parameter(negative="", help=_("Write JSON for programs: one document, a row a line."))]
Csv = Annotated[bool, Parameter(negative="", help=_("Write CSV for a spreadsheet: UTF-8, semicolons."))]
Flat = Annotated[
    bool, Parameter(negative="", help=_("Write each field on a line of its own, after its name."))
]


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class Forms:
    """The options of every command that gives rows; without any it writes lines to read."""

    json: Json = False
    csv: Csv = False
    flat: Flat = False

    @property
    def chosen(self) -> tuple[str, ...]:
        """The names of the forms that were asked for; more than one is a mistake."""
        return tuple(name for name in ("json", "csv", "flat") if getattr(self, name))


TO_READ = Forms()
