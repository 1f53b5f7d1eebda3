"""Values asked for one after the other; ``0`` goes back to the one before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.refusal import WrongValueError
from tui.menu.dialogue import BackError
from tui.text import _
from tui.text.refusals import sentence

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from tui.menu.dialogue import Dialogue

Answers = dict[str, object]
EMPTIES = "-"
"""What is typed where a value shall be none."""


class WrongTextError(ValueError):
    """A text that is not what a field asks for, with the sentence that says so."""

    def __init__(self, sentence: str) -> None:
        """Carry a whole sentence in the reader's language."""
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Asked:
    """One value: its id and label, what makes it of a text or says what is wrong, and what it is now.

    An ``optional`` one may be empty, and is then ``None``. ``hint`` tells how it is written. ``check`` is
    given the value and answers a sentence where it will not do after all.
    """

    id: str
    label: str
    make: Callable[[str], object]
    value: str = ""
    optional: bool = False
    hint: str = ""
    check: Callable[[object], Awaitable[str]] | None = None


async def fill_in(dialogue: Dialogue, asked: Sequence[Asked], texts: dict[str, str] | None = None) -> Answers:
    """Ask for values in their order, and give them by id; going back before the first is a ``BackError``.

    ``texts`` are what was typed before, which Enter keeps; what is typed now is put there.
    """
    typed: dict[str, str] = {} if texts is None else texts
    found: Answers = {}
    place = 0
    while place < len(asked):
        try:
            found[asked[place].id] = await _value(dialogue, asked[place], typed)
            place += 1
        except BackError:
            if not place:
                raise
            place -= 1
    return found


async def _value(dialogue: Dialogue, asked: Asked, typed: dict[str, str]) -> object:
    label = _("{label}, {hint}", label=asked.label, hint=asked.hint) if asked.hint else asked.label
    while True:
        now = typed.get(asked.id, asked.value)
        text = await dialogue.value(label, now=now, may_be_empty=asked.optional, empties=EMPTIES)
        try:
            value = None if asked.optional and not text else asked.make(text)
        except WrongValueError as error:
            dialogue.say(sentence(error.refusal))
            continue
        except WrongTextError as error:
            dialogue.say(error.sentence)
            continue
        wrong = "" if asked.check is None or value is None else await asked.check(value)
        if not wrong:
            typed[asked.id] = text
            return value
        dialogue.say(wrong)
