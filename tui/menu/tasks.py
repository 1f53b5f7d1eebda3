"""What a task of the menu is, and how the tasks of one area are offered until the person goes back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from core.ports import StorageError
from core.refusal import WrongValueError
from tui.actions import EVERYBODY
from tui.menu.dialogue import BackError, Option
from tui.text import _

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from tui.menu.sitting import Sitting

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Task(Generic[S]):
    """One thing that can be done in an area about a subject of the kind ``S``.

    ``title`` and ``help`` are msgids. ``does`` are the ids in :data:`tui.actions.ACTIONS` of what it does,
    ``changes`` the tags of the kinds of change that come of it. ``why_not`` tells why it cannot be done just
    now, or ``""``; ``beside`` what is told after its title; ``is_there`` whether it is offered at all: only
    the last ones of an area may be away, so that the others keep their numbers. ``run`` answers whether the
    area is done with.
    """

    title: str
    help: str
    run: Callable[[Sitting, S], Awaitable[bool | None]]
    does: frozenset[str] = frozenset()
    changes: frozenset[str] = frozenset()
    roles: frozenset[str] = EVERYBODY
    why_not: Callable[[Sitting, S], str] = lambda _sitting, _subject: ""
    beside: Callable[[Sitting, S], str] = lambda _sitting, _subject: ""
    is_there: Callable[[Sitting, S], bool] = lambda _sitting, _subject: True

    def option(self, sitting: Sitting, subject: S) -> Option[Task[S]]:
        """Give the line that stands for it."""
        title, beside = _(self.title), self.beside(sitting, subject)
        reason = self.why_not(sitting, subject)
        return Option(
            self,
            _("{title}, {beside}", title=title, beside=beside) if beside else title,
            help=_(self.help),
            why_not=_("{action}: {reason}", action=title, reason=reason) + "." if reason else "",
        )


def of(*names: str) -> frozenset[str]:
    """Give names as a set."""
    return frozenset(names)


def for_role(tasks: Sequence[Task[S]], sitting: Sitting, subject: S) -> tuple[Task[S], ...]:
    """Give the tasks that the one who sits here has now."""
    return tuple(each for each in tasks if sitting.role in each.roles and each.is_there(sitting, subject))


async def visit(
    sitting: Sitting,
    tasks: Sequence[Task[S]],
    arrive: Callable[[], Awaitable[tuple[str, S] | None]],
) -> None:
    """Offer the tasks of an area again and again, until the person goes back.

    ``arrive`` gives the heading and the subject as they are now, each time anew; ``None`` where there is
    nothing any more. What the storage cannot do is said, and the tasks are offered again.
    """
    while True:
        try:
            found = await arrive()
        except (StorageError, WrongValueError) as error:
            sitting.failed(error)
            return
        if found is None:
            return
        heading, subject = found
        options = [each.option(sitting, subject) for each in for_role(tasks, sitting, subject)]
        try:
            task = await sitting.dialogue.choose(heading, options)
        except BackError:
            return
        if await do(sitting, task, subject):
            return


async def visit_area(sitting: Sitting, tasks: Sequence[Task[None]], title: str) -> None:
    """Offer the tasks of an area that is about no one thing; the desk is read anew each time."""

    async def arrive() -> tuple[str, None]:
        await sitting.reading(sitting.desk.load())
        return title, None

    await visit(sitting, tasks, arrive)


async def do(sitting: Sitting, task: Task[S], subject: S) -> bool:
    """Do one task, and answer whether its area is done with; going back from it is no more than that."""
    try:
        return bool(await task.run(sitting, subject))
    except BackError:
        return False
    except (StorageError, WrongValueError) as error:
        sitting.failed(error)
        return False
