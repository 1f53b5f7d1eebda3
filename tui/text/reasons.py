"""Why an operating system does not do something with a file, in the reader's language."""

from __future__ import annotations

import errno
import os

from tui.text import N_, _

_REASONS = {
    errno.ENOENT: N_("the file or folder is not there"),
    errno.EACCES: N_("you may not"),
    errno.EPERM: N_("you may not"),
    errno.EROFS: N_("the disk can only be read"),
    errno.ENOSPC: N_("the disk is full"),
    errno.EDQUOT: N_("your part of the disk is full"),
    errno.ENOTDIR: N_("a part of the path is no folder"),
    errno.EISDIR: N_("it is a folder"),
    errno.ENAMETOOLONG: N_("the name is too long"),
    errno.ELOOP: N_("its links go round"),
    errno.EIO: N_("the disk has a fault"),
    errno.ENOLCK: N_("the disk can not be locked"),
}


def reason_in_words(reason: str) -> str:
    """Give a reason that the operating system said, in the reader's language where it is known."""
    known = next((told for number, told in _REASONS.items() if os.strerror(number) == reason), None)
    return reason if known is None else _(known)


def reason_of(error: OSError) -> str:
    """Give the reason of an error, inside a sentence; a rare one as the operating system says it."""
    known = _REASONS.get(error.errno or 0)
    return _(known) if known is not None else (error.strerror or type(error).__name__)
