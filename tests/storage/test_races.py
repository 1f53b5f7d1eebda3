"""Two processes that want opposite things at the same moment, two hundred times (DESIGN 4.1, 4.4).

Never a broken rule, never a lost or doubled event, and a clear refusal for the loser. The processes are
real ones and live through all the rounds; before each write they meet at a barrier.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

from core import changes as c
from core.directory import INSTALLATION, Actor
from core.wire import decode, encode
from storage.open import OpenStorage
from tests.builders import (
    NORTH,
    NORTH_ADMINISTRATOR,
    NOW,
    SCHOOL,
    SOUTH,
    SUPPORT,
    appoint,
    changeset,
    dismiss,
    grant,
    hsa_id,
    register,
    revoke,
)
from tests.storage.integrity import assert_whole, contents
from tests.storage.racer import Answer, Task

ROOT = Path(__file__).parents[2]
ROUNDS = 200
SUPPORT_2 = Actor(
    account_id="support-2", organisation_id=SUPPORT.organisation_id, role=SUPPORT.role, name="Sten Stöd"
)

Race = Callable[[tuple[c.Changeset, Actor], tuple[c.Changeset, Actor]], tuple[Answer, Answer]]


@contextmanager
def racers(file: Path) -> Generator[Race]:
    """Start two processes on a file, and give a function with which both write at once."""
    meeting = file.with_name("meeting")
    meeting.write_bytes(bytes(2))
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.storage.racer", str(file), str(meeting), str(place)],
            cwd=ROOT,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for place in range(2)
    ]
    rounds = 0

    def race(*writes: tuple[c.Changeset, Actor]) -> tuple[Answer, Answer]:
        nonlocal rounds
        rounds += 1
        for process, (write, actor) in zip(processes, writes, strict=True):
            task = Task(round=(rounds - 1) % 255 + 1, changeset=write, actor=actor, at=NOW)
            assert process.stdin is not None
            process.stdin.write(encode(task) + b"\n")
            process.stdin.flush()
        answers = []
        for process in processes:
            assert process.stdout is not None
            answers.append(decode(process.stdout.readline(), Answer))
        return answers[0], answers[1]

    try:
        yield race
    finally:
        for process in processes:
            process.communicate(timeout=30)
    assert [process.returncode for process in processes] == [0, 0]


def assert_one_won(answers: tuple[Answer, Answer], code: str) -> int:
    """Assert that one write was done and the other refused for a reason, and give who won."""
    refused = [each.refusals for each in answers]
    assert sorted(refused) == [(), (code,)], answers
    return refused.index(())


def events(file: Path) -> int:
    return len(contents(file)["events"])


async def test_two_that_dismiss_each_others_last_administrator(storage: OpenStorage, file: Path) -> None:
    """Each may go as long as the other stays; both at once would leave nobody (DOMAIN 1.3)."""
    await storage.close()
    won: Counter[int] = Counter()
    before = events(file)
    with racers(file) as race:
        for number in range(ROUNDS):
            winner = assert_one_won(
                race(
                    (changeset(NORTH, dismiss("admin-1"), id=f"a-{number}"), SUPPORT),
                    (changeset(NORTH, dismiss("admin-2"), id=f"b-{number}"), SUPPORT_2),
                ),
                "last_administrator",
            )
            won[winner] += 1
            # The one who was dismissed comes back, also in a race: asked twice, written once.
            back = changeset(NORTH, appoint(("admin-1", "admin-2")[winner]), id=f"back-{number}")
            again = race((back, SUPPORT), (back, SUPPORT))
            assert sorted(each.repeated for each in again) == [False, True]
            assert [each.refusals for each in again] == [(), ()]
    assert events(file) == before + 2 * ROUNDS
    assert_whole(file)
    # Otherwise they did not meet, and nothing was tested.
    assert min(won[0], won[1]) > 0


async def test_two_that_register_the_same_hsa_id(storage: OpenStorage, file: Path) -> None:
    await storage.close()
    won: Counter[int] = Counter()
    before = events(file)
    with racers(file) as race:
        for number in range(ROUNDS):
            same = hsa_id(f"RACE{number}")
            lower = type(same)(same.lower().replace("tstnmt", "TSTNMT"))
            winner = assert_one_won(
                race(
                    (
                        changeset(NORTH, register(f"a-{number}", hsa=same), id=f"a-{number}"),
                        NORTH_ADMINISTRATOR,
                    ),
                    (
                        changeset(NORTH, register(f"b-{number}", hsa=lower), id=f"b-{number}"),
                        NORTH_ADMINISTRATOR,
                    ),
                ),
                "hsa_id_taken",
            )
            won[winner] += 1
    assert events(file) == before + ROUNDS
    assert_whole(file)
    assert min(won[0], won[1]) > 0


async def test_two_that_apply_the_same_draft(storage: OpenStorage, file: Path) -> None:
    """One person in two windows: the same changeset is written once, and both are told so.

    Then the same cells under two ids, as two colleagues would: the second is refused.
    """
    await storage.close()
    won: Counter[int] = Counter()
    before = events(file)
    with racers(file) as race:
        for number in range(ROUNDS):
            cell = (revoke if number % 2 == 0 else grant)("user-1", SCHOOL)
            changes = (cell, register(f"new-{number}"))
            if number % 4 < 2:
                draft = (changeset(NORTH, *changes, id=f"draft-{number}"), NORTH_ADMINISTRATOR)
                answers = race(draft, draft)
                assert [each.refusals for each in answers] == [(), ()]
                assert sorted(each.repeated for each in answers) == [False, True]
                won[answers[1].repeated] += 1
            else:
                first, second = race(
                    (changeset(NORTH, *changes, id=f"a-{number}"), NORTH_ADMINISTRATOR),
                    (changeset(NORTH, *changes, id=f"b-{number}"), NORTH_ADMINISTRATOR),
                )
                refused = first.refusals or second.refusals
                assert (first.refusals == ()) != (second.refusals == ())
                assert refused == ("not_granted" if number % 2 == 0 else "already_granted", "id_taken")
                won[first.refusals == ()] += 1
    assert events(file) == before + 2 * ROUNDS
    assert_whole(file)
    assert min(won.values()) > 0


async def test_two_organisations_write_at_once_and_both_are_written(storage: OpenStorage, file: Path) -> None:
    await storage.close()
    before = events(file)
    with racers(file) as race:
        for number in range(ROUNDS // 4):
            answers = race(
                (changeset(NORTH, register(f"new-{number}"), id=f"same-{number}"), INSTALLATION),
                (changeset(SOUTH, register(f"new-{number}"), id=f"same-{number}"), INSTALLATION),
            )
            assert answers == (Answer(), Answer())
    assert events(file) == before + 2 * (ROUNDS // 4)
    assert_whole(file)


async def test_an_administrator_dismissed_at_the_same_moment_writes_before_or_not_at_all(
    storage: OpenStorage, file: Path
) -> None:
    """The actor's role is looked at inside the lock: nothing is written by one who is no longer it."""
    await storage.close()
    seen: Counter[tuple[str, ...]] = Counter()
    with racers(file) as race:
        for number in range(ROUNDS // 4):
            written, dismissed = race(
                (changeset(NORTH, register(f"new-{number}"), id=f"a-{number}"), NORTH_ADMINISTRATOR),
                (changeset(NORTH, dismiss("admin-1"), id=f"b-{number}"), SUPPORT),
            )
            assert dismissed == Answer()
            assert written.refusals in ((), ("actor_gone",))
            seen[written.refusals] += 1
            back = (changeset(NORTH, appoint("admin-1"), id=f"c-{number}"), SUPPORT)
            race(back, back)
    is_administrator = False
    for _, _, _, kind, account_id, *_ in sorted(row for row in contents(file)["events"] if row[0] == NORTH):
        if kind == "role_changed" and account_id == "admin-1":
            is_administrator = not is_administrator
        elif kind == "account_registered" and str(account_id).startswith("new-"):
            assert is_administrator
    assert_whole(file)
    assert len(seen) == 2, "they never met"
