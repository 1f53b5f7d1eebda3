"""The start of the program: settings, then the full screen or a command, and the exit code.

The first frame of the full screen must come at once (docs/architecture.md), so plain ``behorig`` reads
its few options here; everything else goes to the commands of :mod:`tui.line`, which never load Textual.
stdout is for data and stderr for talk. Exit codes (:mod:`tui.session`): 0 done, 1 refused by a rule, 2 wrong
use, 3 the storage cannot be reached, 4 somebody else has written meanwhile, 70 a fault of the program, 130
interrupted, 128 and the number of the signal that ended it.
"""

from __future__ import annotations

import dataclasses
import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType
from typing import TYPE_CHECKING

from tui import garbage
from tui.keys import Keymap, use_keymap
from tui.language import choose as choose_language
from tui.looks import Choice
from tui.session import DONE, FAULT, INTERRUPTED, ChooseOrganisation, Farewell, Session, StartError
from tui.settings import FLAGS, Settings, need_named, read_settings, state_path
from tui.terminal import give_out, has_hung_up, have_streams, let_go_of, need_terminal, say, why_no_screen
from tui.text import _
from tui.wishes import LooksFile, Wishes

if TYPE_CHECKING:
    from core.ports import Membership


def main() -> int:
    """Run the program with the process's arguments; the exit code is the answer."""
    garbage.wait()
    have_streams()
    try:
        return run(sys.argv[1:])
    except Exception:  # noqa: BLE001 - a fault of ours is told whole, and must not look like a refusal
        sys.excepthook(*sys.exc_info())
        return FAULT


def run(arguments: Sequence[str]) -> int:
    """Run the program; whatever stops it is said in a sentence on stderr."""
    try:
        code = _answer(arguments)
        give_out()
    except BrokenPipeError:
        # The reader has gone before all was told, and wants no more of it.
        let_go_of(sys.stdout)
        return DONE
    except OSError as error:
        # A full disk under the output, for instance: no rule has refused anything.
        from tui.text.reasons import reason_of  # the first frame needs none

        is_cut_off = has_hung_up(error)
        let_go_of(sys.stdout)
        if is_cut_off:
            return 128 + signal.SIGHUP
        say(
            _(
                "A file could not be read or written to the end: {reason}.",
                reason=reason_of(error),
            )
        )
        return FAULT
    return code


def _answer(arguments: Sequence[str]) -> int:
    try:
        arguments = choose_language(arguments)
        flags = plain_start(arguments)
        answer = read_settings(flags) if flags is not None else _command(arguments)
        return open_screen(answer) if isinstance(answer, Settings) else answer
    except StartError as error:
        if error.sentence:
            say(error.sentence)
        return error.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED


def plain_start(arguments: Sequence[str]) -> dict[str, str] | None:
    """Read the options of a plain start; ``None`` when there is anything else among the arguments."""
    flags: dict[str, str] = {}
    rest = list(arguments)
    while rest:
        name, equals, value = rest.pop(0).partition("=")
        key = name.removeprefix("--")
        if key == name or key not in FLAGS or key in flags:
            return None
        if not equals:
            if not rest or rest[0].startswith("-"):
                return None
            value = rest.pop(0)
        if not value:
            return None
        flags[key] = value
    return flags


def open_screen(settings: Settings) -> int:
    """Open the full screen, and where the person has several accounts ask which, then open it again.

    Where there can be none, but somebody who can be asked, it is the menu.
    """
    need_named(settings)
    need_terminal()
    why = why_no_screen()
    if why:
        from tui.menu.run import run_menu  # the full screen needs no menu

        return run_menu(settings, _("{why} Until then the tasks are here as a menu in plain lines.", why=why))
    use_keymap(Keymap(settings.keys))  # what is asked first may name a key
    wishes = _wishes(settings)
    while True:
        farewell = _screen(settings, wishes)
        if not isinstance(farewell.start_error, ChooseOrganisation):
            if farewell.sentence:
                say(farewell.sentence)
            return farewell.exit_code
        organisation = _ask_organisation(farewell.start_error.memberships)
        settings = dataclasses.replace(settings, organisation=organisation)


def _wishes(settings: Settings) -> Wishes:
    """Give how the person wants the program to look; ask, where that was never asked on this machine."""
    file = LooksFile(state_path(), settings.storage or "", settings.hsa_id or "")
    wishes = Wishes(settings, file.read(), file)
    if settings.profile is None and not file.was_asked:
        # Only the very first start asks.
        from tui.clock import system_clock
        from tui.line.ask_profile import ask_profile, remembered

        known = remembered(settings)
        if known is not None and known.at:
            wishes.take(known)
        elif known is not None:
            wishes.take(Choice(ask_profile(), {}, system_clock().isoformat()))
            wishes.is_new = True
    return wishes


def _screen(settings: Settings, wishes: Wishes) -> Farewell:
    if os.environ.get("BEHORIG_KITTY_KEY") != "1":
        # With the kitty protocol some terminals send AltGr characters, such as @, as keys with Alt.
        os.environ["TEXTUAL_DISABLE_KITTY_KEY"] = "1"
    if os.environ.get("COLORTERM") in ("truecolor", "24bit"):
        # The themes are made of the 256 fixed colours; to name one of them takes a third of the bytes.
        os.environ.setdefault("TEXTUAL_COLOR_SYSTEM", "256")
    garbage.wait()
    from tui.app import Behorig  # only the full screen needs Textual, and it reads the line above

    async def connect() -> Session:
        # Only now: the first frame is painted, and this loads the storage.
        from tui.assemble.session import connect as sign_in

        return await sign_in(settings)

    follows = settings.switches.get("follow", True) is not False
    keymap = Keymap(settings.keys)
    app = Behorig(connect, theme=settings.theme, wishes=wishes, follows=follows, keymap=keymap)
    # With the mouse on, a terminal no longer lets a person mark and copy text by itself.
    farewell = app.run(mouse=os.environ.get("BEHORIG_MOUSE") == "1")
    garbage.go_on()
    if farewell is not None:
        return farewell
    if not app.return_code:
        return Farewell()
    sentence = _(
        "Something went wrong that the program had not reckoned with. What was staged is kept as a draft."
        " To see what it was, start with BEHORIG_DEBUG=1; that shows data about people as well."
    )
    return Farewell(FAULT, sentence)


def _ask_organisation(memberships: tuple[Membership, ...]) -> str:
    # These load nothing that the full screen did not.
    from core.text import shown
    from tui.line.ask import choose

    title = _("{name} has accounts in several organisations:", name=shown(memberships[0].account.name))
    place = choose(title, [shown(each.organisation.name) for each in memberships])
    return memberships[place].organisation.id


def _command(arguments: Sequence[str]) -> int | Settings:
    # A command that is told to end leaves as on an error, so that nothing half made stays behind.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _end)
    from tui.line.commands import run as run_command  # the full screen needs no Cyclopts

    answer = run_command(arguments)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    return answer


def _end(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
