"""The dialog that writes the history to a file, and never over another without a question."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tui.history_export import Form, fault_of_name, form_of, place_of, write_file
from tui.screens.ask import Ask
from tui.screens.dialogs import Question
from tui.text import _, ngettext
from tui.text import number as number_text
from tui.text.reasons import reason_of

if TYPE_CHECKING:
    from tui.history import HistoryFilter
    from tui.screens.room import Room


async def export(room: Room, wanted: HistoryFilter) -> None:
    """Ask for the name of a file and write what a filter keeps to it; say what was written where."""
    desk = room.desk
    text = _(
        "The name of the file. With .csv it is for a spreadsheet (UTF-8, semicolons), with .jsonl it is JSON "
        "Lines. It is laid in {folder} unless the name says where.",
        folder=str(Path.cwd()),
    )
    words = wanted.words(desk)
    if words:
        text += " " + _("Shown: {filters}", filters=words) + "."
    name = _("history-{day}.csv", day=desk.today.isoformat())
    answer = await room.app.push_screen_wait(Ask(_("Export"), text, value=name, fault=fault_of_name))
    if answer is None:
        return
    (path, replace), form = place_of(answer), form_of(answer) or Form.CSV
    if replace:
        question = _("{file} is there already. What is in it is lost if it is replaced.", file=str(path))
        if not await room.app.push_screen_wait(
            Question(_("Export"), question, yes=_("Replace the file"), no=_("Leave it"))
        ):
            return
    try:
        count = await room.behorig.guarded(write_file(desk, wanted, path, form, replace=replace))
    except OSError as error:
        reason = reason_of(error)
        room.behorig.say(
            _("{file} could not be written: {reason}.", file=str(path), reason=reason), problem=True
        )
        return
    if count is not None:
        told = ngettext("{total} event", "{total} events", count, total=number_text(count))
        room.behorig.say(_("{events} written to {file}.", events=told, file=str(path)))
