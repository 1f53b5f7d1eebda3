"""What the program is told: flags first, then the environment, then the configuration file."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tui.session import WRONG_USE, StartError
from tui.text import _

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

KEYS = ("storage", "as", "organisation", "theme")
"""The settings: each is the flag ``--key``, ``BEHORIG_KEY`` and a key of the configuration file."""

MAIL_KEYS = (
    "smtp_host",
    "smtp_port",
    "smtp_security",
    "smtp_authority",
    "smtp_user",
    "smtp_password_file",
)
"""The settings of the mail server: each is ``BEHORIG_KEY`` and a key of the configuration file.

The password itself is BEHORIG_SMTP_PASSWORD or in a file that only its owner reads, and never a flag or
a key: flags are seen in the list of processes, and configurations are shown to others.
"""

CONNECTION_KEYS = ("token_file", "authority", "proxy")
"""The settings of a line to a server: each is ``BEHORIG_KEY`` and a key of the configuration file.

The token itself is BEHORIG_TOKEN or in that file, which only its owner reads, for the same reason.
"""

SERVER = "server"
"""The table of the configuration file that only ``behorig serve`` reads."""

PORTS = {"starttls": 587, "tls": 465}
"""How a line is encrypted, and the usual port for it. Unencrypted is not to be had."""

MOST_NAMED = 20
"""More choices than this are not listed in a sentence."""

THEMES = ("dark", "light", "contrast", "terminal")


@dataclass(frozen=True, slots=True)
class MailServer:
    """The server that takes letters; ``security`` is one of :data:`PORTS`, ``authority`` a file or ``""``."""

    host: str
    port: int
    security: str
    authority: str = ""
    user: str = ""
    password_file: str = ""


@dataclass(frozen=True, slots=True)
class Connection:
    """How a server is reached: ``token_file`` holds a token, ``authority`` is a file, ``""`` for none."""

    token_file: str = ""
    authority: str = ""
    proxy: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """What was chosen, ``None`` for what was not.

    ``origins`` tells for each key where it was named (``--as``, ``BEHORIG_AS``, a file), for sentences.
    """

    storage: str | None = None
    hsa_id: str | None = None
    organisation: str | None = None
    theme: str | None = None
    mail: MailServer | None = None
    connection: Connection = Connection()
    origins: Mapping[str, str] = field(default_factory=dict)

    def origin(self, key: str) -> str:
        """Tell where a setting was named; its flag where it was not."""
        return self.origins.get(key, f"--{key}")


def named_storage(flag: str | None) -> str:
    """Give the storage that a flag, the environment or the configuration names.

    Raises:
        StartError: none does.
    """
    found = read_settings({} if flag is None else {"storage": flag}).storage
    if found is None:
        raise wrong(
            _(
                "No storage is named: give it with --storage, BEHORIG_STORAGE or storage in {file}.",
                file=str(configuration_path()),
            )
        )
    return found


def read_settings(flags: Mapping[str, str], environment: Mapping[str, str] = os.environ) -> Settings:
    """Give the settings in force; a wrong one is a :class:`StartError` that names it."""
    chosen: dict[str, str] = {}
    origins: dict[str, str] = {}
    path, content = _configuration(environment)
    for key in KEYS:
        variable = f"BEHORIG_{key.upper()}"
        if flags.get(key):
            chosen[key], origins[key] = flags[key], f"--{key}"
        elif environment.get(variable):
            chosen[key], origins[key] = environment[variable], variable
        elif key in content:
            chosen[key], origins[key] = content[key], str(path)
    theme = chosen.get("theme")
    if theme is not None and theme not in THEMES:
        raise wrong(
            _(
                '{origin}: "{value}" is no theme. {nearest}',
                origin=origins["theme"],
                value=theme,
                nearest=nearest(theme, THEMES),
            )
        )
    return Settings(
        storage=chosen.get("storage"),
        hsa_id=chosen.get("as"),
        organisation=chosen.get("organisation"),
        theme=theme,
        mail=_mail_server(path, content, environment),
        connection=Connection(
            **{
                key: environment.get(f"BEHORIG_{key.upper()}") or content.get(key, "")
                for key in CONNECTION_KEYS
            }
        ),
        origins=origins,
    )


def _mail_server(path: Path, content: Mapping[str, str], environment: Mapping[str, str]) -> MailServer | None:
    """Give the server that takes letters, ``None`` where none is named."""
    chosen: dict[str, str] = {}
    origins: dict[str, str] = {}
    for key in MAIL_KEYS:
        variable = f"BEHORIG_{key.upper()}"
        if environment.get(variable):
            chosen[key], origins[key] = environment[variable], variable
        elif key in content:
            chosen[key], origins[key] = content[key], str(path)
    if not chosen:
        return None
    if "smtp_host" not in chosen:
        key = next(iter(chosen))
        raise wrong(_("{origin}: {key} needs smtp_host as well.", origin=origins[key], key=key))
    security = chosen.get("smtp_security", "starttls")
    if security not in PORTS:
        raise wrong(
            _(
                '{origin}: "{value}" is no way to encrypt. {nearest}',
                origin=origins["smtp_security"],
                value=security,
                nearest=nearest(security, PORTS),
            )
        )
    port = chosen.get("smtp_port", str(PORTS[security]))
    if not (port.isascii() and port.isdecimal() and 0 < int(port) < 65536):
        raise wrong(_('{origin}: "{value}" is no port.', origin=origins["smtp_port"], value=port))
    return MailServer(
        host=chosen["smtp_host"],
        port=int(port),
        security=security,
        authority=chosen.get("smtp_authority", ""),
        user=chosen.get("smtp_user", ""),
        password_file=chosen.get("smtp_password_file", ""),
    )


def configuration_path(environment: Mapping[str, str] = os.environ) -> Path:
    """Give where the configuration file is looked for."""
    if environment.get("BEHORIG_CONFIG"):
        return Path(environment["BEHORIG_CONFIG"])
    from platformdirs import user_config_path

    return user_config_path("behorig", appauthor=False) / "config.toml"


def state_path(environment: Mapping[str, str] = os.environ) -> Path:
    """Give the folder in which drafts are kept."""
    if environment.get("BEHORIG_STATE"):
        return Path(environment["BEHORIG_STATE"])
    from platformdirs import user_state_path

    return user_state_path("behorig", appauthor=False)


def wrong(sentence: str) -> StartError:
    """Give the error for a wrong setting or flag."""
    return StartError(sentence, WRONG_USE)


def nearest(value: str, among: Iterable[str], most: int = 1) -> str:
    """Give the sentence that names what was probably meant (at most ``most``), or all that there is."""
    import difflib  # only mistakes pay for it

    known = tuple(among)
    folded = {each.casefold(): each for each in known}
    close = difflib.get_close_matches(value.casefold(), folded, n=most, cutoff=0.5)
    names = ", ".join(f'"{folded[each]}"' for each in close)
    if names:
        return _("Did you mean {names}?", names=names)
    if len(known) > MOST_NAMED:
        return ""
    return _("There are: {names}.", names=", ".join(known))


@dataclass(frozen=True, slots=True)
class ServerTable:
    """What the configuration file says in ``[server]`` and the tables in it, as it stands there."""

    path: Path
    text: str
    values: Mapping[str, object]

    def place(self, table: str, key: str = "") -> str:
        """Tell the file and the line of a key of ``[server.table]``, or of the table itself."""
        inside = False
        for number, line in enumerate(self.text.splitlines(), start=1):
            if line.strip().startswith("["):
                inside = line.strip().partition("]")[0].strip("[ ") == f"{SERVER}.{table}"
                found = inside and not key
            else:
                found = inside and line.partition("=")[0].strip().strip("\"'") == key
            if found:
                return _("{file}, line {line}", file=str(self.path), line=number)
        return str(self.path)


def read_server_table(environment: Mapping[str, str] = os.environ) -> ServerTable:
    """Give what the server is told, empty where there is nothing; else :class:`StartError`."""
    path, text, content = _parsed(environment)
    found = content.get(SERVER, {})
    if not isinstance(found, dict):
        raise wrong(
            _(
                "{place}: write [{table}] and its settings below.",
                place=_place(path, text, SERVER),
                table=SERVER,
            )
        )
    return ServerTable(path, text, found)


def _configuration(environment: Mapping[str, str]) -> tuple[Path, dict[str, str]]:
    path, text, content = _parsed(environment)
    return path, {key: _checked(path, text, key, value) for key, value in content.items() if key != SERVER}


def _parsed(environment: Mapping[str, str]) -> tuple[Path, str, dict[str, object]]:
    path = configuration_path(environment)
    try:
        text = path.read_bytes().decode()
    except FileNotFoundError:
        if environment.get("BEHORIG_CONFIG"):
            raise wrong(
                _("BEHORIG_CONFIG names the file {file}, which does not exist.", file=str(path))
            ) from None
        return path, "", {}
    except UnicodeDecodeError:
        raise wrong(
            _("{file} is not written in UTF-8, as a configuration must be.", file=str(path))
        ) from None
    except OSError:
        raise wrong(_("The configuration {file} cannot be read.", file=str(path))) from None
    import tomllib  # most people have no file

    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise wrong(_broken(path, str(error), text)) from None
    return path, text, content


def _broken(path: Path, message: str, text: str) -> str:
    """Tell where a file stops being TOML: the parser's words are English, its place is not."""
    found = re.search(r"line (\d+)", message)
    line = int(found[1]) if found else text.count("\n") + 1
    return _(
        '{file}, line {line}: this is not valid TOML. A setting is written key = "value".',
        file=str(path),
        line=line,
    )


def _checked(path: Path, text: str, key: str, value: object) -> str:
    place = _place(path, text, key)
    known = (*KEYS, *MAIL_KEYS, *CONNECTION_KEYS, SERVER)
    if key not in known:
        raise wrong(
            _(
                '{place}: there is no setting "{key}". {nearest}',
                place=place,
                key=key,
                nearest=nearest(key, known),
            )
        )
    if not isinstance(value, str) or not value:
        raise wrong(_('{place}: "{key}" must be a text in quotation marks, not empty.', place=place, key=key))
    return value


def _place(path: Path, text: str, key: str) -> str:
    written = re.compile(rf"""\s*\[*\s*["']?{re.escape(key)}["']?\s*[\].=]""")
    for number, line in enumerate(text.splitlines(), start=1):
        if written.match(line):
            return _("{file}, line {line}", file=str(path), line=number)
    return str(path)
