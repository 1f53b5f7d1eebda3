"""How far long work has come, in words: on stderr, and at most twice a minute.

A line that is drawn over again is read out from its beginning each time by a screen reader, and fills a
log; a sentence now and then does neither.
"""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tui.terminal import say

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

SECONDS = 30.0
"""How long nothing is said after the beginning, and after each sentence."""


class Progress:
    """Says now and then how far the work has come."""

    def __init__(
        self, say_it: Callable[[str], None] = say, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Begin now; ``clock`` gives seconds."""
        self._say = say_it
        self._clock = clock
        self._last = clock()

    def tell(self, sentence: Callable[[], str]) -> None:
        """Say a sentence, unless one was said not long ago; it is made only when it is said."""
        now = self._clock()
        if now - self._last >= SECONDS:
            self._last = now
            self._say(sentence())


@contextmanager
def told_while(
    sentence: Callable[[], str], say_it: Callable[[str], None] = say, seconds: float = SECONDS
) -> Generator[None]:
    """Say a sentence every so many seconds while a block works that tells nothing by itself."""
    done = threading.Event()

    def tell() -> None:
        while not done.wait(seconds):
            say_it(sentence())

    # A daemon: a block that is broken off waits for nobody.
    teller = threading.Thread(target=tell, daemon=True)
    teller.start()
    try:
        yield
    finally:
        done.set()
        teller.join()
