"""The file that a name means which somebody wrote: `~` is the home folder, and any name is one."""

from __future__ import annotations

from pathlib import Path


def named_file(name: str) -> Path:
    """Give the file that a name means; `~somebody` is a file's own name where nobody is called that."""
    path = Path(name)
    try:
        return path.expanduser()
    except RuntimeError:
        return path
