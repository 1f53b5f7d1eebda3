"""A question in plain numbered lines: for the one choice that comes before the full screen."""

from __future__ import annotations

import asyncio
import sys
import termios
from collections.abc import Sequence
from contextlib import suppress

from tui.session import INTERRUPTED, StartError
from tui.terminal import has_hung_up, say
from tui.text import _


def choose(title: str, choices: Sequence[str]) -> int:
    """Ask for one of several and give its place from 0; Enter takes the first.

    It is asked on stderr, because stdout is for data. An ended input is an interruption.
    """
    say(title)
    for number, choice in enumerate(choices, start=1):
        say(f"  {number}  {choice}")
    while True:
        prompt = _("Type a number and Enter (only Enter takes 1): ")
        sys.stderr.write(prompt)
        sys.stderr.flush()
        try:
            line = sys.stdin.readline()
        except KeyboardInterrupt:
            line = ""
        if not line:
            say("")  # what comes next is not to stand behind the question
            raise StartError("", INTERRUPTED)
        answer = line.strip()
        if not answer:
            return 0
        if answer.isdecimal() and 1 <= int(answer) <= len(choices):
            return int(answer) - 1
        say(
            _("There is no {answer}: type a number from 1 to {last}.", answer=repr(answer), last=len(choices))
        )


def can_ask() -> bool:
    """Say whether somebody can be asked: a question goes to stderr, and its answer comes by stdin."""
    return sys.stdin.isatty() and sys.stderr.isatty()


async def confirm(question: str) -> bool:
    """Ask whether to go on. Only a yes is one; an ended input is an interruption.

    So is a terminal that another program has. It waits as the loop does, so that Ctrl+C and the signals by
    which a process is told to end are heard. What was typed before the question stood there is no answer to
    it.
    """
    if sys.stdin.isatty():
        with suppress(termios.error):  # a terminal that has gone, or is not ours, takes no order
            termios.tcflush(sys.stdin.fileno(), termios.TCIFLUSH)
    prompt = _("{question} Type y for yes; only Enter is no: ", question=question)
    sys.stderr.write(prompt)
    sys.stderr.flush()
    try:
        await until_readable(sys.stdin.fileno())
        line = sys.stdin.readline()
    except asyncio.CancelledError:
        say("")  # what comes next is not to stand behind the question
        raise
    except OSError as error:
        if has_hung_up(error):
            raise
        # In the background of a terminal that somebody else works at, what is typed is not ours.
        say("")
        told = _("No answer can be read here: another program has the terminal. Nothing is done.")
        raise StartError(told, INTERRUPTED) from error
    if not line:
        say("")
        raise StartError("", INTERRUPTED)
    return line.strip().casefold() in {"y", "yes", _("y"), _("yes")}


async def until_readable(number: int) -> None:
    """Wait until there is something to read from an open file: a terminal gives whole lines.

    Raises:
        PermissionError: it is a file on a disk, for which nobody waits.
    """
    loop = asyncio.get_running_loop()
    there = loop.create_future()

    def note() -> None:
        loop.remove_reader(number)
        if not there.done():
            there.set_result(None)

    loop.add_reader(number, note)
    try:
        await there
    finally:
        loop.remove_reader(number)
