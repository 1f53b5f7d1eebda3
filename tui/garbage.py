"""Python's collector of garbage while the program starts: it waits until what is asked for can be worked on.

It looks through all that is there whenever enough has come, and while modules are loaded nearly nothing of
that is garbage: it took a tenth of the start. What the start loaded lives as long as the program, so that it
is never looked through afterwards either: that would be some forty milliseconds, at a key.
"""

import gc


def wait() -> None:
    """Let the collector rest from here on; what has no references goes at once all the same."""
    gc.disable()


def begin() -> None:
    """Collect only what comes from now on; nothing unless it rests. For what is over sooner than a look."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()


def go_on() -> None:
    """Collect what the start has left, and then only what comes from now on; nothing unless it rests."""
    if not gc.isenabled():
        gc.collect()
        gc.freeze()
        gc.enable()
