"""The table ``[keys]`` of the configuration file: which actions have other keys than usual.

A key that is not delivered by every Swedish keyboard and terminal is refused with the reason, and not taken
with a warning: a warning is read once and passes, and a key that never arrives looks like a fault of the
program to whoever presses it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import combinations
from typing import TYPE_CHECKING

from tui.actions import (
    ACTIONS,
    DIALOG_ACTIONS,
    EVERYBODY,
    IN_DIALOGS,
    MOVES,
    PLACES,
    WAYS_OUT,
    Action,
    action_by_id,
    actions_of,
)
from tui.keys import (
    ASSIGNABLE,
    IN_FIELDS,
    MOVING,
    UnusableKeyError,
    is_character,
    is_of_fields,
    key_name,
    read_key,
)
from tui.text import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.configuration import Configuration

REMAPPABLE = (*ACTIONS, *DIALOG_ACTIONS, *MOVES)
"""Everything that may have other keys than usual."""

_WHILE_WRITING = (*DIALOG_ACTIONS, *(action_by_id(each) for each in IN_DIALOGS))
"""What is done in dialogs, where a field has the focus and there is no palette."""

_WITH_ANOTHER_WAY = ("app.jump",)
"""What may be without any key in dialogs as well: Tab comes to all that one can jump to."""


def read_keys(
    configuration: Configuration,
) -> tuple[dict[str, tuple[str, ...]], dict[str, str], list[str]]:
    """Give the keys that a file chooses, by the ids of actions; where it does; and what is wrong there.

    What is wrong is left out, and has a sentence each.
    """
    from tui.settings import KEYS, nearest  # it loads this only where there is such a table

    table = configuration.values.get(KEYS)
    if not isinstance(table, Mapping):
        place = configuration.place(KEYS)
        return {}, {}, [_("{place}: write [{table}] and its settings below.", place=place, table=KEYS)]
    chosen: dict[str, tuple[str, ...]] = {}
    places: dict[str, str] = {}
    faults: list[str] = []
    for path, value in _flat(table):
        id, place = ".".join(path), configuration.place(KEYS, *path)
        try:
            action = action_by_id(id)
        except KeyError:
            near = nearest(id, [each.id for each in REMAPPABLE], most=3)
            faults.append(
                _('{place}: there is no action "{id}". {nearest}', place=place, id=id, nearest=near)
            )
            continue
        keys, wrong_ones = _keys_of(action, value, place)
        faults.extend(wrong_ones)
        if not wrong_ones:
            chosen[id], places[id] = keys, place
    faults.extend(_clashes(chosen, places))
    return chosen, places, faults


def _flat(
    table: Mapping[str, object], above: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], object]]:
    """Give each id and its value: ``"users.detail"`` in quotation marks or not, which makes it a table."""
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, (*above, key))
        else:
            yield (*above, key), value


def _keys_of(action: Action, value: object, place: str) -> tuple[tuple[str, ...], list[str]]:
    """Read the keys of one action."""
    written = [value] if isinstance(value, str) else value
    if not isinstance(written, list) or not all(isinstance(each, str) for each in written):
        return (), [
            _(
                '{place}: the keys of "{id}" are a text or a list of texts, such as ["g", "å"].',
                place=place,
                id=action.id,
            )
        ]
    keys: dict[str, None] = {}
    faults: list[str] = []
    for each in written:
        try:
            key = read_key(each)
            _may_have(action, key)
            keys[key] = None
        except UnusableKeyError as error:
            faults.append(_refusal(place, each, error))
    # The way back, wherever one is, and the arrows and their like.
    keys.update(dict.fromkeys(key for key in action.keys if key == "escape" or key in MOVING))
    if not faults and action.id in WAYS_OUT and all(map(is_character, keys)):
        faults.append(
            _(
                '{place}: "{id}" needs a key that is no letter, digit or sign, such as {key}: without it'
                " nobody would find the way when such keys are switched off.",
                place=place,
                id=action.id,
                key=key_name(next(key for key in action.keys if not is_character(key))),
            )
        )
    elif not faults and not _is_in_reach(action, keys):
        faults.append(_taken_by_fields(action, place))
    return tuple(keys), faults


def _is_in_reach(action: Action, keys: Collection[str]) -> bool:
    """Say whether somebody who writes in a field can do what is done in dialogs, or is to be without."""
    if action not in _WHILE_WRITING or not all(map(is_of_fields, keys)):
        return True
    return not keys and action.id in _WITH_ANOTHER_WAY


def _taken_by_fields(action: Action, place: str) -> str:
    told = _(
        '{place}: "{id}" needs a key that no field one writes in takes: {key}, for instance. Fields take'
        " letters, digits, signs and {taken}. Without another key the command would not be reached in a"
        " form.",
        place=place,
        id=action.id,
        key=key_name(action.keys[0]),
        taken=_(", ").join(map(key_name, sorted(IN_FIELDS))),
    )
    if action.id in _WITH_ANOTHER_WAY:
        told += " " + _("It may also have none, [].")
    return told


def _refusal(place: str, written: str, error: UnusableKeyError) -> str:
    from tui.settings import nearest  # as above

    near = ""
    if error.nearest_to:
        near = nearest(error.nearest_to, [key for key in ASSIGNABLE if len(key) > 1])
    reason = _(
        '{place}: "{key}" cannot be a key here: {reason}.', place=place, key=written, reason=str(error)
    )
    return f"{reason} {near}".strip()


def _may_have(action: Action, key: str) -> None:
    """Refuse a key that means the same everywhere to another action; :class:`UnusableKeyError`."""
    if key == "escape" and key not in action.keys:
        raise UnusableKeyError(_("it is the way back everywhere"))
    if key == "enter" and action.place in ("dialog", "table", "room"):
        raise UnusableKeyError(_("it chooses what the cursor is on"))


def _clashes(chosen: Mapping[str, tuple[str, ...]], places: Mapping[str, str]) -> Iterator[str]:
    """Tell each key that two actions would have in one place, which the usual keys never are."""

    def keys(action: Action) -> tuple[str, ...]:
        return chosen.get(action.id, action.keys)

    told: set[tuple[str, str, str]] = set()
    for actions in _together():
        yield from _clashes_among(actions, keys, places, told)


def _together() -> Iterator[tuple[Action, ...]]:
    """Give the actions that are to be had at the same time."""
    for screen in PLACES:
        for role in sorted(EVERYBODY):
            yield (*actions_of(screen, role), *MOVES)
    yield (*_WHILE_WRITING, *MOVES)


def _clashes_among(
    actions: tuple[Action, ...],
    keys: Callable[[Action], tuple[str, ...]],
    places: Mapping[str, str],
    told: set[tuple[str, str, str]],
) -> Iterator[str]:
    for one, other in combinations(actions, 2):
        for key in sorted(set(keys(one)) & set(keys(other))):
            # Of the two the one that was chosen last is told about: the other may have its usual key.
            at = [places[each.id] for each in (other, one) if each.id in places]
            if (one.id, other.id, key) not in told and at:
                told.add((one.id, other.id, key))
                yield _(
                    '{place}: "{key}" would be the key of both "{one}" ({title}) and "{other}" '
                    "({other_title}). Choose another for one of them.",
                    place=at[0],
                    key=key_name(key),
                    one=one.id,
                    title=_(one.title),
                    other=other.id,
                    other_title=_(other.title),
                )
