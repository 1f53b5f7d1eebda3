"""What the program is told: flags first, then the environment, then the configuration file."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tui.session import WRONG_USE, StartError
from tui.text import N_, _

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: a key of the configuration file and the variable ``BEHORIG_KEY``.

    ``choices`` are the only values, where it has some; ``is_switch`` says that it is true or false, and
    ``is_flag`` that it is the flag ``--key`` as well.
    """

    key: str
    choices: tuple[str, ...] = ()
    is_switch: bool = False
    is_flag: bool = False

    @property
    def variable(self) -> str:
        """The variable of the environment."""
        return f"BEHORIG_{self.key.upper()}"


THEMES = ("dark", "light", "contrast", "terminal")
LANGUAGES = ("sv", "en")
PROFILES = ("standard", "screen_reader", "high_contrast", "magnifier", "plain_colour")
PORTS = {"starttls": 587, "tls": 465}
"""How a line to a mail server is encrypted, and the usual port for it. Unencrypted is not to be had."""

START = (
    Setting("storage", is_flag=True),
    Setting("as", is_flag=True),
    Setting("organisation", is_flag=True),
)
"""What is opened, and as whom."""

DISPLAY = (
    Setting("theme", THEMES, is_flag=True),
    Setting("language", LANGUAGES, is_flag=True),
    Setting("profile", PROFILES, is_flag=True),
    Setting("cursor", is_switch=True),
    Setting("borders", is_switch=True),
    Setting("live_detail", is_switch=True),
    Setting("row_marker", is_switch=True),
    Setting("glyphs", ("full", "plain")),
    Setting("toasts", is_switch=True),
    Setting("letters", is_switch=True),
    Setting("follow", is_switch=True),
)
"""How it is shown. What is not named here is as the profile says, or as the person chose in the program."""

MAIL = (
    Setting("smtp_host"),
    Setting("smtp_port"),
    Setting("smtp_security", tuple(PORTS)),
    Setting("smtp_authority"),
    Setting("smtp_user"),
    Setting("smtp_password_file"),
)
"""The mail server.

The password itself is BEHORIG_SMTP_PASSWORD or in a file that only its owner reads, and never a flag or
a key: flags are seen in the list of processes, and configurations are shown to others.
"""

CONNECTION = (Setting("token_file"), Setting("authority"), Setting("proxy"))
"""A line to a server. The token itself is BEHORIG_TOKEN or in that file, for the same reason."""

SETTINGS = (*START, *DISPLAY, *MAIL, *CONNECTION)
FLAGS = tuple(each.key for each in SETTINGS if each.is_flag)
SWITCHES = tuple(each.key for each in DISPLAY if not each.is_flag)
"""The settings of :data:`DISPLAY` that are one thing each, while a profile is a set of them."""

YES = ("1", "true", "yes", "on", "ja")
NO = ("0", "false", "no", "off", "nej")
"""How a switch is written in the environment; in the file it is ``true`` or ``false``."""

SERVER = "server"
"""The table of the configuration file that only ``behorig serve`` reads."""

MOST_NAMED = 30
"""More choices than this are not listed in a sentence."""


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
    language: str | None = None
    profile: str | None = None
    switches: Mapping[str, bool | str] = field(default_factory=dict)
    """Of :data:`SWITCHES` those that were named: ``True`` or ``False``, or one of the choices."""
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
    path, content = _configuration(environment)
    chosen: dict[str, str | bool] = {}
    origins: dict[str, str] = {}
    for setting in SETTINGS:
        found = _found(setting, flags, environment, content, path)
        if found is not None:
            origins[setting.key] = found[1]
            chosen[setting.key] = _valid(setting, *found)
    texts = {key: value for key, value in chosen.items() if isinstance(value, str)}
    return Settings(
        storage=texts.get("storage"),
        hsa_id=texts.get("as"),
        organisation=texts.get("organisation"),
        theme=texts.get("theme"),
        language=texts.get("language"),
        profile=texts.get("profile"),
        switches={key: chosen[key] for key in SWITCHES if key in chosen},
        mail=_mail_server(texts, origins),
        connection=Connection(**{each.key: texts.get(each.key, "") for each in CONNECTION}),
        origins=origins,
    )


def _found(
    setting: Setting,
    flags: Mapping[str, str],
    environment: Mapping[str, str],
    content: Mapping[str, str | bool],
    path: Path,
) -> tuple[str | bool, str] | None:
    """Give what a setting was set to, and where: by its flag, else the environment, else the file."""
    if setting.is_flag and flags.get(setting.key):
        return flags[setting.key], f"--{setting.key}"
    if environment.get(setting.variable):
        return environment[setting.variable], setting.variable
    return (content[setting.key], str(path)) if setting.key in content else None


def _valid(setting: Setting, value: str | bool, origin: str) -> str | bool:
    """Give a value as what the setting is; one that it cannot be is a :class:`StartError`."""
    if setting.is_switch:
        if isinstance(value, bool):
            return value
        word = value.casefold()
        if word not in (*YES, *NO):
            raise wrong(_('{origin}: "{value}" is neither true nor false.', origin=origin, value=value))
        return word in YES
    if setting.choices and value not in setting.choices:
        values = {"origin": origin, "value": str(value), "nearest": nearest(str(value), setting.choices)}
        sentences = {
            "theme": N_('{origin}: "{value}" is no theme. {nearest}'),
            "language": N_('{origin}: "{value}" is no language of the program. {nearest}'),
            "profile": N_('{origin}: "{value}" is no profile. {nearest}'),
            "smtp_security": N_('{origin}: "{value}" is no way to encrypt. {nearest}'),
        }
        raise wrong(
            _(sentences.get(setting.key, N_('{origin}: it cannot be "{value}". {nearest}')), **values)
        )
    return value


def _mail_server(chosen: Mapping[str, str], origins: Mapping[str, str]) -> MailServer | None:
    """Give the server that takes letters, ``None`` where none is named."""
    named = [each.key for each in MAIL if each.key in chosen]
    if not named:
        return None
    if "smtp_host" not in chosen:
        raise wrong(_("{origin}: {key} needs smtp_host as well.", origin=origins[named[0]], key=named[0]))
    security = chosen.get("smtp_security", "starttls")
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


def setting_before_all(key: str, environment: Mapping[str, str] = os.environ) -> str | None:
    """Give a text of the configuration file before anything can be said, ``None`` where there is none.

    What is wrong with the file is told by who reads all of it.
    """
    try:
        found = _parsed(environment)[2].get(key)
    except StartError:
        return None
    return found if isinstance(found, str) else None


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


def _configuration(environment: Mapping[str, str]) -> tuple[Path, dict[str, str | bool]]:
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


def _checked(path: Path, text: str, key: str, value: object) -> str | bool:
    place = _place(path, text, key)
    known = {each.key: each for each in SETTINGS}
    if key not in known:
        raise wrong(
            _(
                '{place}: there is no setting "{key}". {nearest}',
                place=place,
                key=key,
                nearest=nearest(key, (*known, SERVER)),
            )
        )
    if known[key].is_switch:
        if not isinstance(value, bool):
            raise wrong(_('{place}: "{key}" must be true or false.', place=place, key=key))
        return value
    if not isinstance(value, str) or not value:
        raise wrong(_('{place}: "{key}" must be a text in quotation marks, not empty.', place=place, key=key))
    return value


def _place(path: Path, text: str, key: str) -> str:
    written = re.compile(rf"""\s*\[*\s*["']?{re.escape(key)}["']?\s*[\].=]""")
    for number, line in enumerate(text.splitlines(), start=1):
        if written.match(line):
            return _("{file}, line {line}", file=str(path), line=number)
    return str(path)
