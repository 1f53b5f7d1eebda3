"""The words of the program in the reader's language: English msgids in the code, gettext at run time.

Every text that a person sees goes through one of these functions when it is *shown*, so that the
language can be chosen first:

- ``_("Nothing was written.")``
- ``_("{name} was registered.", name=account_name)``
- ``ngettext("{count} change", "{count} changes", number)``, which fills in ``{count}`` itself
- ``pgettext("column heading", "Name")`` where one English word has two translations
- ``N_("Name")`` marks a text in a table made at import; ``_(text)`` translates it where it is shown

A placeholder is ``{name}`` in lower case. Values are put in as they are, once: what a value holds is
never read as a placeholder, and a template can not reach into a value. ``make translations`` brings
the catalogue up to date with the code; a test fails while the two differ.
"""

import re
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

DOMAIN = "behorig"
LANGUAGES = ("sv", "en")
"""The languages that the program speaks, the default first."""
TRANSLATED = ("sv",)
"""Those with a catalogue: English is what the msgids are written in, and is complete by itself."""

PLACEHOLDER = re.compile(r"\{([a-z_][a-z0-9_]*)\}")

_CATALOGUES = Path(__file__).parent
_chosen: str = LANGUAGES[0]
_loaded: dict[str, NullTranslations] = {}
_spoken: ContextVar[str | None] = ContextVar("spoken", default=None)


def catalogue_path(language: str) -> Path:
    """Give where the compiled catalogue of a language lies."""
    return _CATALOGUES / language / "LC_MESSAGES" / f"{DOMAIN}.mo"


def use_language(language: str) -> None:
    """Choose the language of every text from now on.

    Raises:
        ValueError: the program does not speak it.
    """
    global _chosen  # noqa: PLW0603 - one program speaks one language; it is chosen once, at start
    _known(language)
    _chosen = language


def language() -> str:
    """Give the language that texts are given in now, one of :data:`LANGUAGES`."""
    return _spoken.get() or _chosen


@contextmanager
def speaking(language: str) -> Generator[None]:
    """Give texts in a language while the block runs, whatever was chosen for the program.

    For who is not the one at the keyboard: a server has readers of both languages at once, and what is
    written to Migrationsverket, or published by it, is Swedish.

    Raises:
        ValueError: the program does not speak it.
    """
    _known(language)
    token = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(token)


def _known(language: str) -> None:
    if language not in LANGUAGES:
        message = f"no translation to {language!r}; there are {', '.join(LANGUAGES)}"
        raise ValueError(message)


def _translations() -> NullTranslations:
    wanted = language()
    found = _loaded.get(wanted)
    if found is None:
        if wanted in TRANSLATED:
            with catalogue_path(wanted).open("rb") as file:
                found = GNUTranslations(file)
        else:
            found = NullTranslations()
        _loaded[wanted] = found
    return found


def fill(template: str, /, **values: str | int) -> str:
    """Put values in the places of a template named for them; see the module's text.

    Raises:
        KeyError: the template names a value that was not given.
    """
    return PLACEHOLDER.sub(lambda place: str(values[place.group(1)]), template)


def number(value: int) -> str:
    """Write a whole number for reading: groups of three, apart as the language has it."""
    between = pgettext("between the groups of three digits in a number", ",")
    return f"{value:,}".replace(",", between).replace("-", "\N{MINUS SIGN}")


def _(message: str, /, **values: str | int) -> str:
    """Give the text of an English message, its placeholders filled."""
    return fill(_translations().gettext(message), **values)


def ngettext(singular: str, plural: str, count: int, /, **values: str | int) -> str:
    """Give the text for a number of things; ``{count}`` becomes the number, written for reading."""
    return fill(_translations().ngettext(singular, plural, count), **{"count": number(count), **values})


def pgettext(context: str, message: str, /, **values: str | int) -> str:
    """Give the text of a message that means different things in different places."""
    return fill(_translations().pgettext(context, message), **values)


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for it, which extraction looks for
    """Mark a message for translation and give it back untouched."""
    return message
