"""The terminal outside the full screen: whether there is one, and talking to the person there."""

from __future__ import annotations

import errno
import io
import os
import select
import shutil
import stat
import sys
import textwrap
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tui.settings import wrong
from tui.text import _

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop
    from collections.abc import Callable, Generator
    from typing import TextIO


def why_no_screen() -> str:
    """Say why there can be no full screen here, ``""`` where there can."""
    # Textual reads from stdin and draws on stderr.
    if not all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
        return _(
            "The full screen needs a terminal: run behorig without a pipe. Commands work anywhere, see "
            "behorig --help."
        )
    if os.environ.get("TERM", "dumb") in ("dumb", "unknown", ""):
        return _(
            "TERM says that this terminal cannot show a full screen: set TERM to what it is, such as "
            "xterm-256color."
        )
    return ""


def can_converse() -> bool:
    """Say whether somebody can be asked in plain lines: who types at a terminal and is shown what is written.

    What goes to a file nobody sees before it is too late to answer; what goes to a pipe may be read out.
    """
    if not sys.stdin.isatty():
        return False
    if sys.stdout.isatty():
        return True
    try:
        mode = os.fstat(sys.stdout.fileno()).st_mode
    except (OSError, ValueError):
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)


def need_terminal() -> None:
    """Say in a :class:`tui.session.StartError` why there can be neither a full screen here nor a menu."""
    why = why_no_screen()
    if why and not can_converse():
        raise wrong(why)


def say(sentence: str) -> None:
    """Say something to the person, on stderr; a terminal gets lines that end between words."""
    if sys.stderr.isatty():
        width = max(20, shutil.get_terminal_size().columns)
        lines = (
            textwrap.fill(line, width, break_long_words=False, break_on_hyphens=False, drop_whitespace=True)
            for line in sentence.split("\n")
        )
        sentence = "\n".join(lines)
    try:
        sys.stderr.write(sentence + "\n")
        sys.stderr.flush()
    except OSError:
        # That nobody hears what is said, or the disk with the log is full, decides nothing.
        let_go_of(sys.stderr)


@contextmanager
def heard_or_not() -> Generator[None]:
    """Write to stdout what decides nothing any more: a reader that has gone changes no exit code."""
    try:
        yield
        sys.stdout.flush()
    except OSError as error:
        if not isinstance(error, BrokenPipeError) and not has_hung_up(error):
            raise
        let_go_of(sys.stdout)


@contextmanager
def as_decided() -> Generator[None]:
    """Write to stdout what a command has come to: its exit code holds, though a full disk takes no output."""
    try:
        with heard_or_not():
            yield
    except OSError as error:
        from tui.text.reasons import reason_of  # the first frame needs none

        let_go_of(sys.stdout)
        say(
            _(
                "What is told above holds, but the output could not be written to the end: {reason}.",
                reason=reason_of(error),
            )
        )


def give_out() -> None:
    """Write what the streams still hold: when Python ends it would be noticed that nobody takes it.

    Raises:
        OSError: a disk does not take what is on stdout.
    """
    with heard_or_not():
        pass
    try:
        sys.stderr.flush()
    except OSError:
        let_go_of(sys.stderr)


def has_hung_up(error: OSError) -> bool:
    """Say whether something failed because the terminal is gone: the line is lost, or its window closed."""
    if error.errno != errno.EIO:
        return False
    poll = select.poll()
    poll.register(sys.stdout.fileno(), 0)
    return any(event & select.POLLHUP for _number, event in poll.poll(0))


def watch_for_hang_up(loop: AbstractEventLoop, then: Callable[[], None]) -> None:
    """Call ``then`` once when the terminal of stdin goes away.

    Who leads the session is told by a signal. A program that make or a script has started may never be: they
    wait for it to end, and it waits for keys. Only Linux can tell this without a read of what is typed.
    """
    if not hasattr(select, "epoll") or not sys.stdin.isatty():
        return
    watch = select.epoll()
    watch.register(sys.stdin.fileno(), 0)  # a hang-up is told of always, and nothing else is asked for

    def tell() -> None:
        loop.remove_reader(watch.fileno())
        watch.close()
        then()

    loop.add_reader(watch.fileno(), tell)


def have_streams() -> None:
    """Put something in place of each stream that was closed before the start: no text, or nobody to tell.

    Else the next file that is opened, a database even, would stand where the output is written. Where a
    terminal has few letters, the others are question marks.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # it takes the lowest number, which is this one
        if getattr(sys, name) is None:
            mode = "r" if number == 0 else "w"
            setattr(sys, name, os.fdopen(number, mode, encoding="utf-8", closefd=False))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A letter that the terminal has not got is no reason to end.
            stream.reconfigure(errors="replace")


def let_go_of(stream: TextIO) -> None:
    """Let nothing be complained of any more about a stream whose reader has gone, nor when Python ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
