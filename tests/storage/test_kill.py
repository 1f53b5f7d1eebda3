"""A program that is killed in the middle of a write leaves a file that is whole."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from core.changes import Receipt
from storage.open import open_storage
from tests.builders import NORTH, NORTH_ADMINISTRATOR, NOW, changeset, register
from tests.storage.integrity import assert_whole, contents

ROOT = Path(__file__).parents[2]

# Kills itself right after, or while, the statement of a number is run within a great write.
WRITE = """
import asyncio, os, signal, sys
from sqlalchemy import Engine, event
from storage.open import open_storage
from tests.builders import NORTH, NORTH_ADMINISTRATOR, NOW, changeset, grant, register

path, when = sys.argv[1], sys.argv[2]

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

def after(_connection, _cursor, statement, *_others):
    if statement.startswith("UPDATE organisations"):
        print("writing", flush=True)
    if statement.startswith(when):
        die()

async def main():
    storage = await open_storage(path)
    if when == "COMMIT":
        event.listen(Engine, "commit", die)
    else:
        event.listen(Engine, "after_cursor_execute", after)
    ids = [f"new-{number}" for number in range(2000)]
    changes = [*map(register, ids), *map(grant, ids)]
    await storage.commit(changeset(NORTH, *changes, id="great"), NORTH_ADMINISTRATOR, NOW)

asyncio.run(main())
"""


async def assert_goes_on(path: Path, before: dict[str, list[tuple[object, ...]]]) -> None:
    assert_whole(path)
    after = contents(path)
    written = any(row[3] == "great" for row in after["changesets"])
    assert written or after == before
    # The same again is the retry that a draft would make: written once, whether it was or not.
    storage = await open_storage(str(path))
    answer = await storage.commit(changeset(NORTH, register("after"), id="after"), NORTH_ADMINISTRATOR, NOW)
    assert isinstance(answer, Receipt)
    await storage.close()
    assert_whole(path)


@pytest.mark.parametrize(
    "when",
    [
        "UPDATE organisations",
        "INSERT INTO changesets",
        "INSERT INTO events",
        "INSERT INTO accounts",
        "INSERT INTO account_search",
        "INSERT INTO grants",
        "COMMIT",
    ],
)
async def test_killed_at_a_statement_of_a_write(file: Path, when: str) -> None:
    before = contents(file)
    killed = run([str(file), when])
    assert killed == -signal.SIGKILL
    assert contents(file) == before
    await assert_goes_on(file, before)


def run(arguments: list[str], kill_after: float | None = None) -> int:
    """Run the write, and kill it so many seconds after its first statement unless it kills itself."""
    with subprocess.Popen(
        [sys.executable, "-c", WRITE, *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        if kill_after is not None and process.stdout is not None:
            assert process.stdout.readline() == "writing\n"
            time.sleep(kill_after)
            process.kill()
        return process.wait(timeout=60)


async def test_killed_from_outside_at_any_moment_of_a_write(file: Path) -> None:
    before = contents(file)
    unfinished = 0
    for moment in range(6):
        run([str(file), "never"], kill_after=0.03 * moment)
        assert_whole(file)
        if contents(file) != before:
            break
        unfinished += 1
    assert unfinished > 1
    await assert_goes_on(file, before)
