"""What the program is told: flags first, then the environment, then the configuration file."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from tui.configuration import Configuration, UnreadableError, read_file
from tui.session import WRONG_USE, StartError
from tui.text import N_, _

if TYPE_CHECKING:
    from collections.abc import Iterable


class Setting(msgspec.Struct, frozen=True):
    """One setting: a key of the configuration file and the variable ``BEHORIG_KEY``.

    ``about`` is a sentence on what it is. ``choices`` are the only values, where it has some; ``is_switch``
    says that it is true or false, and ``is_flag`` that it is the flag ``--key`` as well.
    """

    key: str
    about: str
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
    Setting("storage", N_("The database or the server: a file or a URL."), is_flag=True),
    Setting("as", N_("The HSA-id of the person to sign in as."), is_flag=True),
    Setting(
        "organisation",
        N_("The organisation to sign in to, by name, code or id, if the HSA-id has several accounts."),
        is_flag=True,
    ),
)
"""What is opened, and as whom."""

DISPLAY = (
    Setting("theme", N_("The colours."), THEMES, is_flag=True),
    Setting("language", N_("The language of the program."), LANGUAGES, is_flag=True),
    Setting("profile", N_("How the screens are made: a set of the switches below."), PROFILES, is_flag=True),
    Setting("cursor", N_("Whether the terminal's cursor is seen."), is_switch=True),
    Setting("borders", N_("Whether dialogs have a frame."), is_switch=True),
    Setting("live_detail", N_("Whether lines beside the list follow the cursor."), is_switch=True),
    Setting("row_marker", N_("Whether a sign marks the row that the cursor is on."), is_switch=True),
    Setting("glyphs", N_("Whether signs beyond letters are drawn."), ("full", "plain")),
    Setting("toasts", N_("Whether what just happened is told on a line of its own."), is_switch=True),
    Setting("letters", N_("Whether single letters, digits and signs are keys (WCAG 2.1.4)."), is_switch=True),
    Setting("follow", N_("Whether the screens follow what others write."), is_switch=True),
)
"""How it is shown. What is not named here is as the profile says, or as the person chose in the program."""

MAIL = (
    Setting("smtp_host", N_("The mail server that letters are sent by.")),
    Setting("smtp_port", N_("Its port, as a text; otherwise the usual one.")),
    Setting("smtp_security", N_("How the line to it is encrypted."), tuple(PORTS)),
    Setting("smtp_authority", N_("A file of the authorities that its certificate is checked by.")),
    Setting("smtp_user", N_("Who the mail server knows you as.")),
    Setting("smtp_password_file", N_("A file with the password, which only its owner reads.")),
)
"""The mail server.

The password itself is BEHORIG_SMTP_PASSWORD or in a file that only its owner reads, and never a flag or
a key: flags are seen in the list of processes, and configurations are shown to others.
"""

CONNECTION = (
    Setting("token_file", N_("A file with the token for a server, which only its owner reads.")),
    Setting("authority", N_("A file of the authorities that a server's certificate is checked by.")),
    Setting("proxy", N_("The proxy through which a server is reached.")),
)
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

KEYS = "keys"
"""The table of the configuration file with the keys of actions."""

MOST_NAMED = 30
"""More choices than this are not listed in a sentence."""


class MailServer(msgspec.Struct, frozen=True):
    """The server that takes letters; ``security`` is one of :data:`PORTS`, ``authority`` a file or ``""``."""

    host: str
    port: int
    security: str
    authority: str = ""
    user: str = ""
    password_file: str = ""


class Connection(msgspec.Struct, frozen=True):
    """How a server is reached: ``token_file`` holds a token, ``authority`` is a file, ``""`` for none."""

    token_file: str = ""
    authority: str = ""
    proxy: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """What was chosen, ``None`` for what was not.

    ``origins`` tells for each key where it was named (``--as``, ``BEHORIG_AS``, a file and its line), for
    sentences; for the keys of an action it has ``keys.ID``.
    """

    storage: str | None = None
    hsa_id: str | None = None
    organisation: str | None = None
    theme: str | None = None
    language: str | None = None
    profile: str | None = None
    switches: Mapping[str, bool | str] = field(default_factory=dict)
    """Of :data:`SWITCHES` those that were named: ``True`` or ``False``, or one of the choices."""
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Which keys are other than usual, by the ids of actions."""
    mail: MailServer | None = None
    connection: Connection = field(default_factory=Connection)
    origins: Mapping[str, str] = field(default_factory=dict)
    named: Mapping[str, str | bool] = field(default_factory=dict, compare=False, repr=False)
    """Each setting as it was named, by its key; an address may hold a password."""

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


def need_named(settings: Settings) -> None:
    """Say in a :class:`tui.session.StartError` what is not said: which storage, or who signs in."""
    if settings.storage is None:
        raise wrong(
            _(
                "No storage is named. Make a database with behorig init, or look around with behorig demo; "
                "then name it with --storage, BEHORIG_STORAGE or storage in {file}.",
                file=str(configuration_path()),
            )
        )
    # A server tells by itself who one is.
    if settings.hsa_id is None and not settings.storage.lower().startswith(("http://", "https://")):
        raise wrong(
            _(
                "It is not said who you are: give your HSA-id with --as, BEHORIG_AS or as in {file}.",
                file=str(configuration_path()),
            )
        )


def read_settings(flags: Mapping[str, str], environment: Mapping[str, str] = os.environ) -> Settings:
    """Give the settings in force.

    Raises:
        StartError: something is wrong; it tells all that is, a sentence a line.
    """
    settings, faults = look(flags, environment)
    if faults:
        raise wrong("\n".join(faults))
    return settings


def look(
    flags: Mapping[str, str], environment: Mapping[str, str] = os.environ
) -> tuple[Settings, tuple[str, ...]]:
    """Give the settings in force, and a sentence for each thing that is wrong, which is left out of them."""
    faults: list[str] = []
    configuration = _read(environment, faults)
    content = {
        key: value
        for key, value in configuration.values.items()
        if key not in (SERVER, KEYS) and _is_right(configuration, key, value, faults)
    }
    chosen: dict[str, str | bool] = {}
    origins: dict[str, str] = {}
    for setting in SETTINGS:
        found = _found(setting, flags, environment, content, configuration)
        if found is not None:
            origins[setting.key] = found[1]
            try:
                chosen[setting.key] = _valid(setting, *found)
            except StartError as error:
                faults.append(error.sentence)
    texts = {key: value for key, value in chosen.items() if isinstance(value, str)}
    mail = None
    try:
        mail = _mail_server(texts, origins)
    except StartError as error:
        faults.append(error.sentence)
    settings = Settings(
        storage=texts.get("storage"),
        hsa_id=texts.get("as"),
        organisation=texts.get("organisation"),
        theme=texts.get("theme"),
        language=texts.get("language"),
        profile=texts.get("profile"),
        switches={key: chosen[key] for key in SWITCHES if key in chosen},
        keys=_keys(configuration, origins, faults),
        mail=mail,
        connection=Connection(**{each.key: texts.get(each.key, "") for each in CONNECTION}),
        origins=origins,
        named=chosen,
    )
    return settings, tuple(faults)


def _keys(
    configuration: Configuration, origins: dict[str, str], faults: list[str]
) -> dict[str, tuple[str, ...]]:
    """Give the keys of actions that somebody chose."""
    if KEYS not in configuration.values:
        return {}
    from tui.remapping import read_keys  # most people choose no keys

    keys, places, wrong_ones = read_keys(configuration)
    origins.update({f"{KEYS}.{id}": place for id, place in places.items()})
    faults.extend(wrong_ones)
    return keys


def _found(
    setting: Setting,
    flags: Mapping[str, str],
    environment: Mapping[str, str],
    content: Mapping[str, object],
    configuration: Configuration,
) -> tuple[str | bool, str] | None:
    """Give what a setting was set to, and where: by its flag, else the environment, else the file."""
    if setting.is_flag and flags.get(setting.key):
        return flags[setting.key], f"--{setting.key}"
    if environment.get(setting.variable):
        return environment[setting.variable], setting.variable
    value = content.get(setting.key)
    return (value, configuration.place(setting.key)) if isinstance(value, str | bool) else None


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
        usual = N_('{origin}: it cannot be "{value}". {nearest}')
        raise wrong(_(sentences.get(setting.key, usual), **values))
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


class ServerTable(msgspec.Struct, frozen=True):
    """What the configuration file says in ``[server]`` and the tables in it, as it stands there."""

    configuration: Configuration
    values: Mapping[str, object]

    @property
    def path(self) -> Path:
        """The file."""
        return self.configuration.path

    def place(self, table: str, key: str = "") -> str:
        """Tell file and line of a key of ``[server.table]``, or of the table; ``""`` is ``[server]``."""
        return self.configuration.place(SERVER, *(part for part in (table, key) if part))


def setting_before_all(key: str, environment: Mapping[str, str] = os.environ) -> str | None:
    """Give a text of the configuration file before anything can be said, ``None`` where there is none.

    What is wrong with the file is told by who reads all of it.
    """
    found = _read(environment, []).values.get(key)
    return found if isinstance(found, str) else None


def read_server_table(environment: Mapping[str, str] = os.environ) -> ServerTable:
    """Give what the server is told, empty where there is nothing; else :class:`StartError`."""
    faults: list[str] = []
    configuration = _read(environment, faults)
    if faults:
        raise wrong(faults[0])
    found = configuration.values.get(SERVER, {})
    if not isinstance(found, dict):
        place = configuration.place(SERVER)
        raise wrong(_("{place}: write [{table}] and its settings below.", place=place, table=SERVER))
    return ServerTable(configuration, found)


def _read(environment: Mapping[str, str], faults: list[str]) -> Configuration:
    path = configuration_path(environment)
    try:
        return read_file(path, named=bool(environment.get("BEHORIG_CONFIG")))
    except UnreadableError as error:
        faults.append(str(error))
        return Configuration(path)


def _is_right(configuration: Configuration, key: str, value: object, faults: list[str]) -> bool:
    """Say whether a key of the file is a setting and its value of the right kind; else tell it."""
    place = configuration.place(key)
    known = {each.key: each for each in SETTINGS}
    if key not in known:
        near = nearest(key, (*known, KEYS, SERVER))
        faults.append(
            _('{place}: there is no setting "{key}". {nearest}', place=place, key=key, nearest=near)
        )
    elif known[key].is_switch and not isinstance(value, bool):
        faults.append(_('{place}: "{key}" must be true or false.', place=place, key=key))
    elif not known[key].is_switch and not (isinstance(value, str) and value):
        faults.append(
            _('{place}: "{key}" must be a text in quotation marks, not empty.', place=place, key=key)
        )
    else:
        return True
    return False
