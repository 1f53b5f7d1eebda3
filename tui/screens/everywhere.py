"""What a key does in every room: help, palette, manual, messages, colours, the draft, and leaving.

Each action of every room that leads to no room has a function ``do_NAME`` here, which is given the program.
One that awaits an answer goes on in a worker of the program, so that it outlives the room.
"""

from __future__ import annotations

from functools import partial
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Any

from tui.actions import key_of
from tui.screens.room import Room
from tui.session import Farewell
from tui.text import _, ngettext

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from tui.actions import Action
    from tui.app import Behorig


def doer_of(action: Action) -> Callable[[Behorig], Coroutine[Any, Any, None] | None] | None:
    """Give the function that does an action, ``None`` where there is none here."""
    return globals().get(action.method)


def do(app: Behorig, action: Action) -> None:
    """Do an action of every room: go to the room that it leads to, or what is here for it."""
    if action.room:
        app.go(action.room)
        return
    doer = doer_of(action)
    if doer is None:
        raise LookupError(action.id)
    if iscoroutinefunction(doer):
        app.begin(partial(doer, app), group="dialog")
    else:
        doer(app)


def do_review(app: Behorig) -> None:
    """Review the draft."""
    # Deferred: only needed when it is asked for.
    from tui.screens.review import ReviewRoom

    app.push_screen(ReviewRoom())


def do_undo(app: Behorig) -> None:
    """Prepare the undoing of the last write."""
    # Deferred: only needed when it is asked for.
    from tui.screens.undo import review_undo

    if app.desk.last_write is not None:
        # It is no dialog: whoever leaves meanwhile does not wait for it.
        app.begin(partial(review_undo, app, *app.desk.last_write), group="undo")


def do_help(app: Behorig) -> None:
    """Tell the keys for what has the focus."""
    # Deferred: only needed when it is asked for.
    from tui.screens.help import help_screen

    room = app.room
    if room is not None:
        app.push_screen(help_screen(room, app.focused))


async def do_palette(app: Behorig) -> None:
    """Choose any action of the room by its name."""
    # Deferred: only needed when it is asked for.
    from tui.screens.help import palette

    room = app.room
    if room is None:
        return
    chosen = await app.push_screen_wait(palette(room))
    action = next((each for each in room.own_actions if each.id == chosen), None)
    if action is not None:
        await room.perform(action)


async def do_jump(app: Behorig) -> None:
    """Go to a part of the screen by its name or number."""
    # Deferred: only needed when it is asked for.
    from tui.screens.jump import jump

    await jump(app)


async def do_manual(app: Behorig) -> None:
    """Read the manual."""
    await _read_handbook(app, "manual")


async def do_answers(app: Behorig) -> None:
    """Read questions with answers."""
    await _read_handbook(app, "questions")


async def do_accessibility(app: Behorig) -> None:
    """Read the statement on accessibility."""
    await _read_handbook(app, "accessibility")


async def _read_handbook(app: Behorig, name: str) -> None:
    # Deferred: only needed when they are asked for.
    from tui.handbook import read_pages
    from tui.screens.handbook import PageScreen, contents

    pages = {page.title: page for page in read_pages(name)}
    chosen: str | None = None
    while True:
        chosen = await app.push_screen_wait(contents(name, tuple(pages.values()), chosen))
        if chosen is None:
            return
        action_id = await app.push_screen_wait(PageScreen(pages[chosen]))
        if action_id is not None:
            await _do_anywhere(app, action_id)
            return


async def _do_anywhere(app: Behorig, action_id: str) -> None:
    """Do an action where it can be done, going there first; or say why it cannot be done now."""
    # Deferred: only needed when it is asked for.
    from tui.actions import ACTIONS, ADMINISTRATOR, PLACES, USER

    action = next(each for each in ACTIONS if each.id == action_id)
    room = app.room
    if room is None or action not in room.own_actions:
        # A page is read by everybody; what it names is done by those who have the room it is done in.
        role = app.role or ADMINISTRATOR
        rooms = {each.room for each in ACTIONS if role in each.roles}
        places = [name for name in app.MODES if action.place in PLACES[name]]
        if places and (role not in action.roles or rooms.isdisjoint(places)):
            reason = (
                _("as a user you see your own permissions, and nothing else")
                if role == USER
                else _("only administrators have that")
            )
            app.say(_("{action}: {reason}", action=_(action.title), reason=reason), problem=True)
            return
        mode = next((name for name in places if name in rooms), "")
        if not mode:
            app.say(_("{action}: that is done in the review.", action=_(action.title)), problem=True)
            return
        while len(app.screen_stack) > 1 and isinstance(app.screen, Room):
            await app.pop_screen()
        await app.switch_mode(mode)
        room = app.room
    if room is not None:
        await room.perform(action)


def do_told(app: Behorig) -> None:
    """Show whole what the lines of the room tell about the focus."""
    # Deferred: only needed when it is asked for.
    from tui.screens.dialogs import Reading

    room = app.room
    if room is not None:
        lines = [("", line) for line in room.told.split("\n")]
        app.push_screen(Reading(_("The lines"), lines, label_width=0, empty=_("Nothing is told here.")))


def do_messages(app: Behorig) -> None:
    """Show the message log."""
    # Deferred: only needed when it is asked for.
    from tui.screens.dialogs import Reading

    lines = [(told.at, told.text) for told in app.messages]
    app.push_screen(
        Reading(_("Messages"), lines, label_width=5, empty=_("Nothing has been told yet."), at_end=True)
    )


def do_describe(app: Behorig) -> None:
    """Say in one sentence where one is."""
    # Deferred: only needed when it is asked for.
    from tui.screens.describe import describe

    describe(app)


async def do_display(app: Behorig) -> None:
    """Choose how everything looks."""
    # Deferred: only needed when it is asked for.
    from tui.screens.display import choose_display

    await choose_display(app)


async def do_take_over(app: Behorig) -> None:
    """Move the draft of another session of the same person here, after a question: it may be alive."""
    # Deferred: only needed when it is asked for.
    from tui.screens.dialogs import Question

    text = _(
        "The other window is still open somewhere, perhaps behind a lost line. If someone works in it,"
        " the same draft stands in both afterwards: close it first where you can."
    )
    title = _("Take over the draft")
    if not await app.push_screen_wait(Question(title, text, yes=_("Take over"), no=_("Leave it there"))):
        return
    draft = None if app.session is None else app.session.drafts.take_over()
    if draft is None:
        app.say(_("The other window has no draft any more."), problem=True)
        return
    app.desk.change(draft)
    app.say(
        _(
            "The draft of the other window is here now, nothing of it is written. {key} reviews it.",
            key=key_of("app.review"),
        )
    )


def why_not_take_over(app: Behorig) -> str:
    """Tell why there is no draft to take over, or ``""``."""
    if app.session is None or not app.session.drafts.elsewhere:
        return _("no other window of yours has a draft")
    if app.desk.draft.count:
        return _("this window has a draft of its own; write or drop it first")
    return ""


async def do_quit(app: Behorig) -> None:
    """Leave; ask first when something is not written, though it stays as a draft."""
    # Deferred: only needed when it is asked for.
    from tui.screens.dialogs import Question

    desk = app.desk if app.is_open else None
    count = 0 if desk is None else desk.draft.count
    if desk is not None and not desk.kept:
        desk.change(desk.draft)  # there may be room on the disk by now
    if count and desk is not None and not desk.kept:
        text = ngettext(
            "{count} change is not written and cannot be saved either: quit now, and it is lost.",
            "{count} changes are not written and cannot be saved either: quit now, and they are lost.",
            count,
        )
        if not await app.push_screen_wait(Question(_("Quit"), text, yes=_("Lose them"), no=_("Stay"))):
            return
    elif count:
        text = ngettext(
            "{count} change is not written. It stays as a draft and is here the next time.",
            "{count} changes are not written. They stay as a draft and are here the next time.",
            count,
        )
        if not await app.push_screen_wait(Question(_("Quit"), text, yes=_("Quit"), no=_("Stay"))):
            return
    await app.leave(Farewell())
