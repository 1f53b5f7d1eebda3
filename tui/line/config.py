"""``behorig config``: what is in force and why, what is wrong, where the file is, what can stand in it."""

from __future__ import annotations

import json
import os
import re
import sys
from typing import TYPE_CHECKING

from tui.session import DONE, StartError
from tui.settings import (
    KEYS,
    SERVER,
    SETTINGS,
    Setting,
    Settings,
    configuration_path,
    look,
    read_server_table,
    wrong,
)
from tui.terminal import say
from tui.text import _

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SECRETS = ("BEHORIG_TOKEN", "BEHORIG_SMTP_PASSWORD")
"""Variables that hold a secret: it is told that they are set, and nothing of what they hold."""

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def run_path() -> int:
    """Tell where the configuration file is looked for."""
    sys.stdout.write(f"{configuration_path()}\n")
    return DONE


def run_show() -> int:
    """Tell each setting in force and where it was named, as a configuration file would have it.

    Raises:
        StartError: something is wrong; what is not is told all the same.
    """
    settings, faults = look({})
    sys.stdout.write("\n".join(_shown(settings)) + "\n")
    if faults:
        sys.stdout.flush()
        raise wrong("\n".join(faults))
    return DONE


def run_validate() -> int:
    """Check everything that is named, also what only a server reads.

    Raises:
        StartError: something is wrong; it tells all that is.
    """
    faults = [*look({})[1], *_server_faults()]
    faults = list(dict.fromkeys(faults))
    if faults:
        raise wrong("\n".join(faults))
    path = configuration_path()
    if path.exists():
        say(_("{file}: nothing is wrong.", file=str(path)))
    else:
        say(_("There is no file {file}; what the environment says is right.", file=str(path)))
    return DONE


def run_schema() -> int:
    """Write the JSON Schema of the configuration file."""
    json.dump(schema(), sys.stdout, indent=2, ensure_ascii=False)
    sys.stdout.write("\n")
    return DONE


# What is in force ---------------------------------------------------------------------------------------


def _shown(settings: Settings) -> Iterator[str]:
    nothing, secret = _("not chosen"), _("set, and never shown")
    yield f"# {configuration_path()}"
    for setting in SETTINGS:
        value = _value(setting, settings)
        if value is None:
            yield f"# {setting.key}: {nothing}"
        else:
            yield f"{setting.key} = {json.dumps(value, ensure_ascii=False)}  # {settings.origin(setting.key)}"
    for variable in SECRETS:
        if os.environ.get(variable):
            yield f"# {variable}: {secret}"
    if settings.keys:
        yield f"[{KEYS}]"
    for id, keys in settings.keys.items():
        yield f'"{id}" = {json.dumps(keys, ensure_ascii=False)}  # {settings.origin(f"{KEYS}.{id}")}'


def _value(setting: Setting, settings: Settings) -> str | bool | None:
    """Give the value of a setting as it may be shown, ``None`` for one that was not chosen."""
    mail, connection = settings.mail, settings.connection
    if setting.key not in settings.origins:
        return None
    if setting.key == "storage":
        # Deferred: only this setting needs it, and it brings the storage.
        from tui.assemble import shown_storage

        return shown_storage(settings.storage or "") or _("not understood")
    if setting.key == "as":
        return settings.hsa_id
    if setting.key in settings.switches:
        return settings.switches[setting.key]
    if setting.key.startswith("smtp_") and mail is not None:
        found = getattr(mail, setting.key.removeprefix("smtp_"))
        return str(found)
    value = getattr(connection, setting.key, None) or getattr(settings, setting.key, None)
    # A proxy may have a name and a password before its address.
    return None if value is None else re.sub(r"//[^/@]*@", "//", str(value))


# What is wrong ------------------------------------------------------------------------------------------


def _server_faults() -> list[str]:
    """Give what is wrong with what a server is told."""
    try:
        table = read_server_table()
    except StartError as error:
        return [error.sentence]
    if not table.values:
        return []
    # Deferred: it brings the server.
    from tui.assemble import server_faults

    return server_faults(table)


# What can stand in it -----------------------------------------------------------------------------------


def schema() -> dict[str, object]:
    """Give the JSON Schema of the file, made of the tables that the file is read by."""
    # Deferred: only this needs them, and the first brings the server.
    from tui.assemble import server_schema
    from tui.remapping import REMAPPABLE

    properties: dict[str, object] = {each.key: _property(each) for each in SETTINGS}
    one = {"type": "string", "minLength": 1}
    keys: Mapping[str, object] = {
        "anyOf": [one, {"type": "array", "items": one}],
    }
    properties[KEYS] = {
        "type": "object",
        "description": _("Other keys than usual, by the ids of actions; an empty list for none."),
        "properties": {
            each.id: {"description": f"{_(each.title)}. {_(each.help)}", "default": list(each.keys), **keys}
            for each in REMAPPABLE
        },
        "additionalProperties": False,
    }
    properties[SERVER] = server_schema()
    return {
        "$schema": DRAFT,
        "title": "behorig",
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }


def _property(setting: Setting) -> dict[str, object]:
    about = {"description": _(setting.about)}
    if setting.is_switch:
        return {**about, "type": "boolean"}
    if setting.choices:
        return {**about, "enum": list(setting.choices)}
    return {**about, "type": "string", "minLength": 1}
