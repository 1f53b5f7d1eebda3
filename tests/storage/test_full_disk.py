"""A disk that is full: one refusal, and nothing of what was there is lost.

SQLite is brought to it in three ways: it may use no more pages (``PRAGMA max_page_count``), which it
answers as it answers a full disk; the system lets no file grow (setrlimit(2)), as a quota does; and,
where the test may mount one, a small file system really is full.
"""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from core.changes import Receipt
from storage.open import open_storage
from tests.builders import NORTH, NORTH_ADMINISTRATOR, NOW, changeset, register
from tests.storage.integrity import assert_whole, contents

ROOT = Path(__file__).parents[2]

FILL = """
import asyncio, sys
from sqlalchemy import Engine, event
from core.ports import StorageError
from storage.open import open_storage
from tests.builders import NORTH, NORTH_ADMINISTRATOR, NOW, changeset, register

pages = int(sys.argv[2])
if pages:
    event.listen(Engine, "connect", lambda raw, _: raw.execute(f"PRAGMA max_page_count = {pages}"))

async def main():
    storage = await open_storage(sys.argv[1])
    for turn in range(100):
        people = [register(f"new-{turn}-{number}") for number in range(200)]
        try:
            await storage.commit(changeset(NORTH, *people, id=f"fill-{turn}"), NORTH_ADMINISTRATOR, NOW)
        except StorageError as error:
            print(error.refusal.code, turn)
            break
    await storage.close()
    print("closed")

asyncio.run(main())
"""


def fill(path: Path, *, pages: int = 0, size: int = 0) -> tuple[str, int]:
    """Write until it is refused, and give the code and how many writes were done."""

    def limit() -> None:
        if size:
            # Without this the system ends the program instead of answering the write.
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    done = subprocess.run(
        [sys.executable, "-c", FILL, str(path), str(pages)],
        cwd=ROOT,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        preexec_fn=limit,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    refused, closed = done.stdout.splitlines()
    assert closed == "closed"
    code, turns = refused.split()
    return code, int(turns)


async def assert_nothing_lost(path: Path, turns: int) -> None:
    """Assert that all writes are there that were answered, and that with room again one goes on."""
    assert_whole(path)
    written = [row for row in contents(path)["changesets"] if str(row[3]).startswith("fill-")]
    assert len(written) == turns
    storage = await open_storage(str(path))
    answer = await storage.commit(changeset(NORTH, register("after")), NORTH_ADMINISTRATOR, NOW)
    assert isinstance(answer, Receipt)
    await storage.close()
    assert_whole(path)


async def test_a_database_that_gets_no_more_pages_refuses_the_write_and_keeps_the_others(file: Path) -> None:
    code, turns = fill(file, pages=350)
    assert (code, turns > 0) == ("storage_full", True)
    await assert_nothing_lost(file, turns)


async def test_a_file_that_may_not_grow_refuses_the_write_and_keeps_the_others(file: Path) -> None:
    """SQLite tells a quota apart from a full disk, and so do we: it is another one to ask."""
    code, turns = fill(file, size=1_500_000)
    assert (code, turns > 0) == ("storage_failed", True)
    await assert_nothing_lost(file, turns)


@contextmanager
def small_disk(folder: Path) -> Generator[None]:
    """Mount a small file system in a folder; where that may not be done, an ``OSError`` says so."""
    mount = ["mount", "-t", "tmpfs", "-o", "size=2500k", "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True, check=False).returncode:
        raise PermissionError
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def can_mount() -> bool:
    with tempfile.TemporaryDirectory() as folder:
        try:
            with small_disk(Path(folder)):
                return True
        except OSError:
            return False


def enlarge(folder: Path) -> None:
    subprocess.run(["mount", "-o", "remount,size=9000k", str(folder)], check=True)


if can_mount():

    async def test_a_full_file_system_refuses_the_write_and_keeps_the_others(
        country_template: Path, tmp_path: Path
    ) -> None:
        with small_disk(tmp_path):
            path = Path(shutil.copyfile(country_template, tmp_path / "country.db"))
            code, turns = fill(path)
            assert (code, turns > 0) == ("storage_full", True)
            enlarge(tmp_path)
            await assert_nothing_lost(path, turns)
