"""How far long work has come, in words: on stderr, and at most twice a minute.

A line that is drawn over again is read out from its beginning each time by a screen reader, and fills a
log; a sentence now and then does neither.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tui.terminal import say

if TYPE_CHECKING:
    from collections.abc import Callable

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
