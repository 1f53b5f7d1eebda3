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
    from collections.abc import Iterable, Iterator, Mapping

    from tui.actions import Action

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
        if setting.key in settings.named:
            value = json.dumps(_value(setting.key, settings.named[setting.key]), ensure_ascii=False)
            yield f"{setting.key} = {value}  # {settings.origin(setting.key)}"
        else:
            yield f"# {setting.key}: {nothing}"
    for variable in SECRETS:
        if os.environ.get(variable):
            yield f"# {variable}: {secret}"
    if settings.keys:
        yield f"[{KEYS}]"
    for id, keys in settings.keys.items():
        yield f'"{id}" = {json.dumps(keys, ensure_ascii=False)}  # {settings.origin(f"{KEYS}.{id}")}'


def _value(key: str, value: str | bool) -> str | bool:
    """Give the value of a setting as it may be shown: an address without the password in it."""
    if isinstance(value, bool):
        return value
    if key == "storage":
        # Deferred: only this setting needs it, and it brings the storage.
        from tui.assemble.databases import shown_storage

        return shown_storage(value) or _("not understood")
    return re.sub(r"//[^/@]*@", "//", value)


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
    from tui.assemble.serving import server_faults

    return server_faults(table)


# What can stand in it -----------------------------------------------------------------------------------


def schema() -> dict[str, object]:
    """Give the JSON Schema of the file, made of the tables that the file is read by."""
    # Deferred: only this needs them, and the first brings the server.
    from tui.assemble.serving import server_schema
    from tui.remapping import REMAPPABLE

    properties: dict[str, object] = {each.key: _property(each) for each in SETTINGS}
    properties[KEYS] = _keys_schema(REMAPPABLE)
    properties[SERVER] = server_schema()
    return {"$schema": DRAFT, "title": "behorig", **_table(properties)}


def _keys_schema(actions: Iterable[Action]) -> dict[str, object]:
    """Give the schema of the table of keys: ``"users.detail"`` in quotation marks, or ``users.detail``."""
    one = {"type": "string", "minLength": 1}
    keys = {"anyOf": [one, {"type": "array", "items": one}]}
    flat: dict[str, object] = {}
    tables: dict[str, dict[str, object]] = {}
    for each in actions:
        about = f"{_(each.title)}. {_(each.help)}"
        flat[each.id] = {"description": about, "default": list(each.keys), **keys}
        table, _dot, name = each.id.partition(".")
        tables.setdefault(table, {})[name] = flat[each.id]
    inside = {name: _table(properties) for name, properties in tables.items()}
    about = _("Other keys than usual, by the ids of actions; an empty list for none.")
    return {"description": about, **_table({**flat, **inside})}


def _table(properties: Mapping[str, object]) -> dict[str, object]:
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _property(setting: Setting) -> dict[str, object]:
    about = {"description": _(setting.about)}
    if setting.is_switch:
        return {**about, "type": "boolean"}
    if setting.choices:
        return {**about, "enum": list(setting.choices)}
    return {**about, "type": "string", "minLength": 1}
