"""The configuration file as it stands on disk: what it says, and on which line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from tui.text import _

if TYPE_CHECKING:
    from collections.abc import Iterator


LARGEST = 1_000_000
"""The most bytes of a configuration: a device, or what is none, is not read for ever."""


class UnreadableError(Exception):
    """The file cannot be read, or is no TOML; its text is a sentence that names file and line."""


class Configuration(msgspec.Struct, frozen=True, dict=True):
    """A file, empty where there is none; ``values`` are as TOML has them."""

    path: Path
    text: str = ""
    values: Mapping[str, object] = msgspec.field(default_factory=dict)

    def place(self, *keys: str) -> str:
        """Tell file and line of a key, named with the tables that it is in: ``server``, ``oidc``, ``issuer``.

        Of what stands on no line of its own, the line of the table that it is in is told.
        """
        for many in range(len(keys), 0, -1):
            line = self._lines.get(keys[:many])
            if line is not None:
                return _("{file}, line {line}", file=str(self.path), line=line)
        return str(self.path)

    def line(self, *keys: str) -> int:
        """Give the line of a key, 0 where it stands on none."""
        return self._lines.get(keys, 0)

    @cached_property
    def _lines(self) -> dict[tuple[str, ...], int]:
        found: dict[tuple[str, ...], int] = {}
        for keys, line in _keys_on_lines(self.text):
            found.setdefault(keys, line)
        return found


_KEY = r"""(?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+)"""
_DOTTED = rf"(?P<key>{_KEY}(?:\s*\.\s*{_KEY})*)"
_HEADING = re.compile(rf"\s*\[\[?\s*{_DOTTED}\s*\]\]?\s*(?:#.*)?")
_ASSIGNMENT = re.compile(rf"\s*{_DOTTED}\s*=")


def _keys_on_lines(text: str) -> Iterator[tuple[tuple[str, ...], int]]:
    """Give each key with the tables that it is in, and its line: the parser tells none of a good file.

    A line within a long text that looks like a setting is told as well: it is asked about by nobody.
    """
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), start=1):
        heading = _HEADING.fullmatch(line)
        assignment = _ASSIGNMENT.match(line)
        if heading is not None:
            table = _parts(heading["key"])
            yield table, number
        elif assignment is not None:
            yield (*table, *_parts(assignment["key"])), number


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in re.findall(_KEY, dotted))


def read_file(path: Path, *, named: bool) -> Configuration:
    """Read a file. One that is not there is empty, unless somebody ``named`` it.

    Raises:
        UnreadableError: it is not there though it was named, cannot be read, or is no TOML.
    """
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise UnreadableError(_("{file} is too large.", file=str(path)))
        text = data.decode()
    except FileNotFoundError:
        if named:
            raise UnreadableError(
                _("BEHORIG_CONFIG names the file {file}, which does not exist.", file=str(path))
            ) from None
        return Configuration(path)
    except UnicodeDecodeError:
        raise UnreadableError(
            _("{file} is not written in UTF-8, as a configuration must be.", file=str(path))
        ) from None
    except OSError:
        raise UnreadableError(_("The configuration {file} cannot be read.", file=str(path))) from None
    import tomllib  # most people have no file

    try:
        return Configuration(path, text, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise UnreadableError(_broken(path, str(error), text)) from None


def _broken(path: Path, message: str, text: str) -> str:
    """Tell where a file stops being TOML: the parser's words are English, its place is not."""
    found = re.search(r"line (\d+)", message)
    line = int(found[1]) if found else text.count("\n") + 1
    return _(
        '{file}, line {line}: this is not valid TOML. A setting is written key = "value".',
        file=str(path),
        line=line,
    )
