"""Opening a file that somebody named, which may be no file at all."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from tui.named_file import named_file
from tui.settings import wrong
from tui.text import _

if TYPE_CHECKING:
    from pathlib import Path


def file_named(name: str) -> Path:
    """Give the file that an option or a place of a command names.

    Raises:
        StartError: the name is empty, as a script's is whose variable is not set: it would be this folder.
    """
    if not name:
        raise wrong(_("The name of the file is empty: name a file."))
    return named_file(name)


def beginning_of(path: Path, most: int) -> bytes:
    """Give at most so many bytes of a regular file.

    Raises:
        FileNotFoundError: there is none.
        OSError: it cannot be read.
        StartError: it is a folder, a pipe or a device.
    """
    # A pipe to which nobody writes would be waited for when it is opened, for ever.
    opened = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        if not stat.S_ISREG(os.fstat(opened).st_mode):
            raise wrong(_("{file} is no ordinary file.", file=str(path)))
        with os.fdopen(opened, "rb", closefd=False) as file:
            return file.read(most)
    finally:
        os.close(opened)
