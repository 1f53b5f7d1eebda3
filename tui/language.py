"""The language that the program speaks, chosen before it says anything: also help, and what is wrong.

It is the flag ``--language``, which may stand anywhere among the arguments of every command, else
BEHORIG_LANGUAGE, else ``language`` in the configuration file, else Swedish.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tui.settings import DISPLAY, nearest, setting_before_all, wrong
from tui.text import LANGUAGES, _, use_language

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FLAG = "--language"


def choose(arguments: Sequence[str], environment: Mapping[str, str] = os.environ) -> list[str]:
    """Choose the language of every text from now on, and give the arguments without the flag for it.

    A wrong flag is a :class:`tui.session.StartError`, in the language that is chosen without it. A wrong
    value elsewhere is left to who reads the settings: help can be had all the same.
    """
    rest, said = _heard(arguments)
    setting = next(each for each in DISPLAY if each.key == "language")
    elsewhere = environment.get(setting.variable) or setting_before_all(setting.key, environment)
    use_language(elsewhere if elsewhere in LANGUAGES else LANGUAGES[0])
    for value in said:
        if not value:
            raise wrong(_("{flag} needs a value after it.", flag=FLAG))
        if value not in LANGUAGES:
            raise wrong(
                _(
                    '{origin}: "{value}" is no language of the program. {nearest}',
                    origin=FLAG,
                    value=value,
                    nearest=nearest(value, LANGUAGES),
                )
            )
    if len(said) > 1:
        raise wrong(_("{flag} is given more than once.", flag=FLAG))
    if said:
        use_language(said[0])
    return rest


def _heard(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    """Give the arguments without the flag, and each value that it has; ``""`` where there is none."""
    rest: list[str] = []
    said: list[str] = []
    left = list(arguments)
    while left:
        word = left.pop(0)
        name, equals, value = word.partition("=")
        if word == "--":
            return [*rest, word, *left], said
        if name != FLAG:
            rest.append(word)
        elif equals:
            said.append(value)
        else:
            said.append(left.pop(0) if left and not left[0].startswith("-") else "")
    return rest, said
