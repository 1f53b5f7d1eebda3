"""What was typed and is nowhere else: it is thrown away after a question only."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from tui.menu.dialogue import BackError, LeaveError
from tui.text import _

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tui.menu.dialogue import Dialogue

T = TypeVar("T")


async def guarded(dialogue: Dialogue, ask: Callable[[], Awaitable[T]], is_typed: Callable[[], bool]) -> T:
    """Ask, and ask again where somebody goes back or leaves by mistake.

    Where something is typed, going back and leaving are asked about, and staying is the safe answer; it
    is ``ask`` again then. Where the input has ended there is nobody to ask.
    """
    while True:
        try:
            return await ask()
        except BackError:
            if not is_typed() or await _throws_away(dialogue):
                raise
        except LeaveError as error:
            if not error.asked or not is_typed() or await _throws_away(dialogue):
                raise


async def _throws_away(dialogue: Dialogue) -> bool:
    return await dialogue.confirm(
        _("What you have typed here is written nowhere yet. Throw it away?"),
        yes=_("Throw away"),
        no=_("Stay"),
    )
