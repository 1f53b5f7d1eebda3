"""The asking: a question with numbered choices, a list in pages, a text, a yes or no, in plain lines.

Everywhere the same holds. A number, a word or the beginning of what a line says chooses it. Enter alone is
the safe answer, and the question says what that is. ``?`` tells what can be answered, ``0`` goes back, and a
word leaves; so do the end of the input and Ctrl+C. A wrong answer gets one sentence, and the question again.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from core.text import search_key, shown
from tui.text import _, ngettext, number, pgettext

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from tui.menu.console import Console

T = TypeVar("T")

MOST_LINES = 10
"""The lines of a list that are told at a time, on a terminal that has room for them."""
MOST_READ = 20
"""The lines of a text that are told at a time."""
FEWEST_LINES = 5
SHORTEST_SEARCHED = 4
"""Digits of a number that stands at no line and is searched for."""
FIRST_WORD = 5.0
"""Seconds after which work that takes long says so the first time."""
BETWEEN_WORDS = 30.0
"""Seconds between two sentences on work that takes long."""


class BackError(Exception):
    """The person goes back without an answer."""


class LeaveError(Exception):
    """The person leaves the program; ``asked`` is false where the input has ended."""

    def __init__(self, *, asked: bool) -> None:
        """Tell whether it was said in a word."""
        super().__init__()
        self.asked = asked


@dataclass(frozen=True, slots=True)
class Option(Generic[T]):
    """One line to choose: what it means, what it says, its help, and why it cannot be chosen (or ``""``)."""

    value: T
    label: str
    help: str = ""
    why_not: str = ""


class Rows(Protocol[T]):
    """A list that is read as far as it is looked at."""

    async def more(self, count: int) -> Sequence[Option[T]]:
        """Give at most so many lines more; none at the end."""
        ...

    @property
    def total(self) -> str:
        """How many there are, in words, once the first are read; ``""`` where nobody counts."""
        ...

    @property
    def is_read(self) -> bool:
        """Whether there are no more lines."""
        ...


class Ready(Generic[T]):
    """Lines that are all there already."""

    def __init__(self, options: Sequence[Option[T]]) -> None:
        """List them in their order."""
        self._options = list(options)
        self._place = 0

    async def more(self, count: int) -> Sequence[Option[T]]:
        """Give the next lines."""
        found = self._options[self._place : self._place + count]
        self._place += len(found)
        return found

    @property
    def total(self) -> str:
        """Nobody needs a count of what is told at once."""
        return ""

    @property
    def is_read(self) -> bool:
        """Whether all of them were given."""
        return self._place >= len(self._options)


class Dialogue:
    """A conversation on a console."""

    def __init__(
        self, console: Console, *, first_word: float = FIRST_WORD, between_words: float = BETWEEN_WORDS
    ) -> None:
        """Talk on ``console``; the seconds are those after which long work says that it goes on."""
        self._console = console
        self._first_word = first_word
        self._between_words = between_words

    @property
    def page(self) -> int:
        """How many lines of a list are told before it is asked whether to go on."""
        return self._fitting(MOST_LINES)

    def _fitting(self, most: int) -> int:
        return max(FEWEST_LINES, min(most, self._console.height - 4))

    # Telling --------------------------------------------------------------------------------

    def say(self, text: str) -> None:
        """Say something, in as many lines as it takes."""
        if text:
            self._console.write(text)

    def head(self, text: str) -> None:
        """Say where one is, after an empty line; ``""`` is the empty line alone."""
        self._console.write(f"\n{text}" if text else "")

    async def read_out(self, lines: Sequence[str]) -> None:
        """Tell many lines, a page at a time; Enter reads on, and 0 stops."""
        place, count = 0, self._fitting(MOST_READ)
        while place < len(lines):
            for line in lines[place : place + count]:
                self._console.write(line)
            place += count
            if place >= len(lines):
                return
            left = ngettext("{count} line left", "{count} lines left", len(lines) - place)
            try:
                answer = await self._answer(_("{left}. Enter reads on, 0 stops:", left=left))
            except BackError:
                return
            if answer == "?":
                self._console.write(_("Enter reads the next lines, 0 stops reading."))
                place -= count

    async def working(self, work: Awaitable[T], progress: Callable[[], str] | None = None) -> T:
        """Wait for work; what takes long says so in words, now and then."""
        task = asyncio.ensure_future(work)
        waited, pause = 0.0, self._first_word
        try:
            while True:
                done, _pending = await asyncio.wait({task}, timeout=pause)
                if done:
                    return task.result()
                waited += pause
                pause = self._between_words
                told = "" if progress is None else progress()
                self._console.write(
                    told or _("This takes a while; it goes on, {count} seconds so far.", count=round(waited))
                )
        except asyncio.CancelledError:
            task.cancel()
            raise

    # Asking ---------------------------------------------------------------------------------

    async def _answer(self, question: str) -> str:
        """Ask, and give what was typed; going back and leaving are the same everywhere."""
        self._console.prompt(question)
        typed = await self._console.line()
        if typed is None:
            self._console.write("")
            raise LeaveError(asked=False)
        line = typed.strip()
        word = line.casefold()
        if word == "0" or word == pgettext("typed", "back"):
            raise BackError
        if word == pgettext("typed", "quit"):
            raise LeaveError(asked=True)
        return "?" if word == pgettext("typed", "help") else line

    def _how(self, *more: str) -> None:
        """Tell how to answer."""
        for line in (
            *more,
            _("0 or “{word}” goes back.", word=pgettext("typed", "back")),
            _(
                "“{word}” leaves the program; what is not written stays as a draft.",
                word=pgettext("typed", "quit"),
            ),
        ):
            self._console.write(line)

    async def text(self, question: str, *, fault: Callable[[str], str]) -> str:
        """Ask for a text until it will do, and give it; Enter alone goes back.

        ``fault`` gives a sentence where it will not do, ``""`` where it will.
        """
        while True:
            answer = await self._answer(_("{question} (Enter goes back):", question=question))
            if answer == "?":
                self._how(_("Type what is asked for, and Enter."))
                continue
            if not answer:
                raise BackError
            wrong = fault(answer)
            if not wrong:
                return answer
            self._console.write(wrong)

    async def value(
        self, label: str, *, now: str = "", may_be_empty: bool = False, empties: str = "-"
    ) -> str:
        """Ask for one value; Enter alone keeps what it is ``now``, and ``empties`` makes it none."""
        if now and may_be_empty:
            question = _(
                "{label} (Enter keeps {value}, {empties} empties):",
                label=label,
                value=shown(now),
                empties=empties,
            )
        elif now:
            question = _("{label} (Enter keeps {value}):", label=label, value=shown(now))
        elif may_be_empty:
            question = _("{label} (Enter for none):", label=label)
        else:
            question = _("{label}:", label=label)
        while True:
            answer = await self._answer(question)
            if answer != "?":
                return "" if may_be_empty and answer == empties else answer or now
            self._how(_("Type what is asked for, and Enter."))

    async def long_text(self, question: str, *, before: str = "", typed: list[str] | None = None) -> str:
        """Ask for a text of several lines, ended by a line with only a full stop.

        Where there is one already, that full stop alone keeps it. ``typed`` are lines that were typed
        before, which it goes on from; what is typed now is put there.
        """
        self._console.write(question)
        if before:
            self._console.write(_("A full stop alone on the first line keeps the text as it is:"))
            for line in before.split("\n"):
                self._console.write(line)
        self._console.write(_("Type line after line; a line with only a full stop ends it, 0 goes back."))
        lines: list[str] = [] if typed is None else typed
        for line in lines:
            self._console.write(line)
        while True:
            self._console.prompt(">")
            answer = await self._console.line()
            if answer is None:
                self._console.write("")
                raise LeaveError(asked=False)
            if answer == ".":
                return "\n".join(lines).strip() or before
            if answer == "0":
                raise BackError
            lines.append(answer)

    async def confirm(self, question: str, *, yes: str, no: str) -> bool:
        """Ask for a yes or no; no is the safe answer and is what Enter gives."""
        self._console.write(question)
        options = (Option(True, yes), Option(False, no))
        try:
            return await self.choose("", options, enter=False)
        except BackError:
            return False

    async def choose(
        self,
        title: str,
        options: Sequence[Option[T]],
        *,
        enter: T | None = None,
        again: bool = False,
    ) -> T:
        """Let one of several be chosen.

        Enter alone gives ``enter``, or goes back where that is ``None``; with ``again`` it tells the lines
        once more.
        """
        asked = _Asked(title, Ready(options), self._fitting(MOST_READ), enter=enter, again=again)
        return (await self._pick(asked))[0]

    async def pick(
        self, title: str, rows: Rows[T], *, search: Callable[[str], Awaitable[Rows[T]]] | None = None
    ) -> T:
        """Let one line of a list be chosen; a text that is no number is searched for."""
        return (await self._pick(_Asked(title, rows, self.page, search)))[0]

    async def pick_many(
        self, title: str, rows: Rows[T], *, search: Callable[[str], Awaitable[Rows[T]]] | None = None
    ) -> list[T]:
        """Let several lines of a list be chosen, by numbers such as ``1 3 5-9``; at least one."""
        return await self._pick(_Asked(title, rows, self.page, search, many=True))

    async def _pick(self, asked: _Asked[T]) -> list[T]:
        if asked.title:
            self.head(asked.title)
        await self._tell_more(asked)
        while True:
            answer = await self._answer(self._question(asked))
            if answer == "?":
                self._help_for(asked)
            elif not answer and asked.again:
                for place, option in enumerate(asked.told, start=1):
                    self._console.write(f"{place}. {option.label}")
            elif not answer:
                if asked.enter is None:
                    raise BackError
                return [asked.enter]
            elif answer.casefold() == pgettext("typed", "more"):
                if asked.rows.is_read:
                    self._console.write(_("There are no more."))
                else:
                    await self._tell_more(asked)
            elif chosen := await self._chosen(answer, asked):
                return chosen

    async def _chosen(self, answer: str, asked: _Asked[T]) -> list[T]:
        """Give what an answer chooses; nothing where it chooses nothing, and then it has been said why."""
        told = asked.told
        if asked.many and (some := await self._several(answer, asked)) is not None:
            return some
        if answer.isdecimal():
            place = int(answer) - 1
            if 0 <= place < len(told):
                return self._if_possible(told[place])
            # Longer ones are a part of an HSA-id where something can be searched for.
            if asked.search is None or len(answer) < SHORTEST_SEARCHED:
                self._no_number(answer, told)
                return []
        wanted = answer.removeprefix("/")
        found, is_whole = ([], False) if answer.startswith("/") else _matching(wanted, told)
        if len(found) == 1 and (is_whole or asked.search is None):
            return self._if_possible(told[found[0]])
        if asked.search is not None:
            asked.rows = await self.working(asked.search(wanted))
            told.clear()
            await self._tell_more(asked)
        elif found:
            self._console.write(_("More than one begins like that:"))
            for place in found:
                self._console.write(f"{place + 1}. {told[place].label}")
        else:
            self._console.write(
                _("Nothing here is called “{answer}”. ? tells what can be answered.", answer=shown(answer))
            )
        return []

    def _if_possible(self, option: Option[T]) -> list[T]:
        if not option.why_not:
            return [option.value]
        self._console.write(option.why_not)
        return []

    async def _tell_more(self, asked: _Asked[T]) -> None:
        some = await self.working(asked.rows.more(asked.page))
        if not asked.told and asked.rows.total:
            self._console.write(asked.rows.total)
        for option in some:
            asked.told.append(option)
            self._console.write(f"{len(asked.told)}. {option.label}")
        if not asked.rows.is_read:
            count, word = number(len(asked.told)), pgettext("typed", "more")
            self._console.write(_("{count} told so far; “{word}” tells more.", count=count, word=word))

    def _question(self, asked: _Asked[T]) -> str:
        does = _("goes back")
        if asked.again:
            does = _("tells the choices again")
        elif asked.enter is not None:
            told = enumerate(asked.told, start=1)
            found = next(((place, each) for place, each in told if each.value == asked.enter), None)
            if found is not None:
                does = _("is {number}, {label}", number=found[0], label=found[1].label)
        if asked.many:
            word = pgettext("typed", "all")
            return _("Numbers such as 1 3 5-9, or “{word}” (Enter {does}):", word=word, does=does)
        if asked.search is not None:
            return _("Number, or what to search for (Enter {does}):", does=does)
        return _("Number (Enter {does}):", does=does)

    def _help_for(self, asked: _Asked[T]) -> None:
        lines = []
        for place, option in enumerate(asked.told, start=1):
            if option.help:
                lines.append(f"{place}. {option.label}: {option.help}")
        if asked.many:
            word = pgettext("typed", "all")
            lines.append(
                _("Type the numbers, such as 1 3 5-9, or “{word}” for everything that matches.", word=word)
            )
        else:
            lines.append(_("Type a number or the beginning of what a line says, and Enter."))
        if asked.search is not None:
            lines.append(
                _("Any other text is searched for; after / also a number or a word that means something.")
            )
        if not asked.rows.is_read:
            lines.append(_("“{word}” tells the next lines.", word=pgettext("typed", "more")))
        self._how(*lines)

    def _no_number(self, answer: str, told: Sequence[Option[T]]) -> None:
        if not told:
            self._console.write(_("There is nothing to choose here; 0 goes back."))
            return
        self._console.write(
            _("There is no {answer}: type a number from 1 to {last}.", answer=answer[:20], last=len(told))
        )

    async def _several(self, answer: str, asked: _Asked[T]) -> list[T] | None:
        """Give the lines that numbers mean, none where they mean nothing; ``None`` where it is no numbers."""
        told = asked.told
        if answer.casefold() == pgettext("typed", "all"):
            while not asked.rows.is_read:
                told.extend(await self.working(asked.rows.more(asked.page * 10)))
            return [each.value for each in told if not each.why_not]
        places: list[int] = []
        for part in answer.replace(",", " ").split():
            first, dash, last = part.partition("-")
            if not first.isdecimal() or (dash and not last.isdecimal()):
                return None
            begin, end = int(first), int(last) if dash else int(first)
            if not 1 <= begin <= end <= len(told):
                self._no_number(part, told)
                return []
            places.extend(range(begin - 1, end))
        for place in places:
            if told[place].why_not:
                self._console.write(told[place].why_not)
                return []
        return [told[place].value for place in dict.fromkeys(places)]


@dataclass(slots=True)
class _Asked(Generic[T]):
    """A question under way: its lines, how many at a time, those told so far, and how it is answered."""

    title: str
    rows: Rows[T]
    page: int
    search: Callable[[str], Awaitable[Rows[T]]] | None = None
    enter: T | None = None
    again: bool = False
    many: bool = False
    told: list[Option[T]] = field(default_factory=list)


def _matching(answer: str, told: Sequence[Option[T]]) -> tuple[list[int], bool]:
    """Give the places of the lines that an answer means, and whether it is all that one of them says.

    Dots and accents count only where they tell lines apart.
    """
    for key in (str.casefold, search_key):
        wanted = key(answer)
        whole: list[int] = []
        begins: list[int] = []
        words: list[int] = []
        for place, option in enumerate(told):
            label = key(option.label)
            if label == wanted:
                whole.append(place)
            elif label.startswith(wanted):
                begins.append(place)
            elif any(word.startswith(wanted) for word in label.split()):
                words.append(place)
        if found := whole or begins or words:
            return found, bool(whole)
    return [], False
