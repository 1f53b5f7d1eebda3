"""A question in plain numbered lines: for the one choice that comes before the full screen."""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence

from tui.session import INTERRUPTED, StartError
from tui.terminal import say
from tui.text import _


def choose(title: str, choices: Sequence[str]) -> int:
    """Ask for one of several and give its place from 0; Enter takes the first.

    It is asked on stderr, because stdout is for data. An ended input is an interruption.
    """
    say(title)
    for number, choice in enumerate(choices, start=1):
        say(f"  {number}  {choice}")
    while True:
        answer = _answer_to(_("Type a number and Enter (only Enter takes 1): "))
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


def confirm(question: str) -> bool:
    """Ask whether to go on. Only a yes is one; an ended input is an interruption."""
    answer = _answer_to(_("{question} Type y for yes; only Enter is no: ", question=question))
    return answer.casefold() in {"y", "yes", _("y"), _("yes")}


def _answer_to(prompt: str) -> str:
    """Give the line that is typed after a prompt."""
    sys.stderr.write(prompt)
    sys.stderr.flush()
    # A loop of asyncio hears Ctrl+C only when it is at work again, which is after the answer.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        line = sys.stdin.readline()
    except KeyboardInterrupt:
        line = ""
    finally:
        signal.signal(signal.SIGINT, before)
    if not line:
        say("")  # what comes next is not to stand behind the question
        raise StartError("", INTERRUPTED)
    return line.strip()
