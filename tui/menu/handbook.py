"""The manual, and questions with answers, read page by page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.text import search_key, shown
from tui.actions import ACTIONS
from tui.handbook import read_pages
from tui.menu.dialogue import Option, Ready
from tui.menu.tasks import Task, of
from tui.text import N_, _

if TYPE_CHECKING:
    from tui.handbook import Page
    from tui.menu.sitting import Sitting


async def _read(sitting: Sitting, name: str, title: str) -> None:
    pages = read_pages(name)
    options = [Option(page, page.title) for page in pages]

    async def search(text: str) -> Ready[Page]:
        words = search_key(text).split()
        found = [
            each
            for each in options
            if all(word in search_key(f"{each.label} {each.value.words}") for word in words)
        ]
        if not found:
            sitting.say(_("No page has “{search}”.", search=shown(text)))
        return Ready(found or options)

    while True:
        page = await sitting.dialogue.pick(title, Ready(options), search=search)
        sitting.dialogue.head(page.title)
        await sitting.dialogue.read_out(_lines(page))


def _lines(page: Page) -> list[str]:
    titles = {each.id: _(each.title) for each in ACTIONS}
    lines: list[str] = []
    for paragraph in page.paragraphs:
        text = paragraph.text
        if paragraph.does:
            text = _("Done by: {action}", action=titles.get(paragraph.does, paragraph.does))
        lines.append(f"{paragraph.label} {text}".strip())
    return lines


async def _manual(sitting: Sitting, _subject: None) -> None:
    await _read(sitting, "manual", _("Manual"))


async def _answers(sitting: Sitting, _subject: None) -> None:
    await _read(sitting, "questions", _("Questions with answers"))


async def _accessibility(sitting: Sitting, _subject: None) -> None:
    await _read(sitting, "accessibility", _("Accessibility"))


HANDBOOK: tuple[Task[None], ...] = (
    Task(N_("Manual"), N_("Shows the manual, to search in and read."), _manual, of("app.manual", "app.help")),
    Task(
        N_("Questions with answers"),
        N_("Shows what is often asked, with the keys that do it."),
        _answers,
        of("app.answers"),
    ),
    Task(
        N_("Accessibility"),
        N_("Shows how the program meets the rules for accessibility, and its limits."),
        _accessibility,
        of("app.accessibility"),
    ),
)
