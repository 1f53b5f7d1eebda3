"""The demo's database, built once for all tests of a run, whatever process asks first."""

import asyncio
import fcntl
from pathlib import Path

import pytest

from tui.assemble.databases import make_demo


def built_demo(factory: pytest.TempPathFactory) -> Path:
    """Give the database, which is for copying and reading only."""
    # Workers of pytest-xdist have folders of their own in one that they share.
    shared = factory.getbasetemp()
    if shared.name.startswith("popen-"):
        shared = shared.parent
    path = shared / "demo-for-tests.sqlite"
    with (shared / "demo-for-tests.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            asyncio.run(make_demo(path))
    return path
