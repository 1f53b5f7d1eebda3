"""Two processes that want opposite things at the same moment, two hundred times (DESIGN 4.1, 4.4).

Never a broken rule, never a lost or doubled event, and a clear refusal for the loser. The processes are
real ones and live through all the rounds; before each write they meet at a barrier.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncGenerator, Generator, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

import msgspec
import pytest

from core import changes as c
from core.directory import AUTHORITY, INSTALLATION, Actor
from core.identity import Id
from core.wire import decode, encode
from storage.open import is_postgresql
from tests.builders import (
    NORTH,
    NORTH_ADMINISTRATOR,
    NOW,
    SCHOOL,
    SOUTH,
    SUPPORT,
    TODAY,
    TOMORROW,
    appoint,
    changeset,
    dismiss,
    grant,
    hsa_id,
    launch,
    organisation,
    register,
    retire,
    revoke,
)
from tests.contract.implementations import fill_country
from tests.postgresql import KINDS, NAMES, Kind, server, template
from tests.storage.integrity import assert_whole, assert_whole_on_server, contents, contents_on_server
from tests.storage.racer import Answer, Task

ROOT = Path(__file__).parents[2]
ROUNDS = 200
SUPPORT_2 = Actor(
    account_id="support-2", organisation_id=SUPPORT.organisation_id, role=SUPPORT.role, name="Sten Stöd"
)


class Race(Protocol):
    """Lets both processes write at once, as if it were some moment."""

    def __call__(
        self, first: tuple[c.Changeset, Actor], second: tuple[c.Changeset, Actor], /, *, at: datetime = NOW
    ) -> tuple[Answer, Answer]: ...


class Place(msgspec.Struct, frozen=True):
    """A small country that two processes write to, by its address, and a file in which they meet.

    ``servers`` are the addresses by which each of them writes, where that is not the database's own, and
    ``tokens`` what lets them in there, by account.
    """

    url: str
    meeting: Path
    rounds: int = ROUNDS
    servers: tuple[str, ...] = ()
    tokens: Mapping[str, str] = {}

    def address(self, number: int) -> str:
        """Give where one of the two writes."""
        return self.servers[number] if self.servers else self.url

    def contents(self) -> dict[str, list[tuple[Any, ...]]]:
        return contents_on_server(self.url) if is_postgresql(self.url) else contents(Path(self.url))

    def assert_whole(self) -> None:
        if is_postgresql(self.url):
            assert_whole_on_server(self.url)
        else:
            assert_whole(Path(self.url))

    def events(self) -> int:
        return len(self.contents()["events"])


@pytest.fixture(params=["sqlite", *KINDS], ids=["sqlite", *(NAMES[kind] for kind in KINDS)])
async def place(request: pytest.FixtureRequest, file: Path, tmp_path: Path) -> AsyncGenerator[Place]:
    """The small country on every kind of database."""
    meeting = tmp_path / "meeting"
    if request.param == "sqlite":
        yield Place(str(file), meeting)
        return
    kind: Kind = request.param
    with server(kind).lent(await template(kind, "country", fill_country)) as url:
        # The other server shows that it is no matter of one version: fewer rounds are enough for that.
        yield Place(url, meeting, ROUNDS if kind == "wheel" else ROUNDS // 4)


@contextmanager
def racers(place: Place) -> Generator[Race]:
    """Start two processes on a storage, and give a function with which both write at once."""
    place.meeting.write_bytes(bytes(2))
    processes = [
        subprocess.Popen(
            [
                *(sys.executable, "-m", "tests.storage.racer"),
                *(place.address(number), str(place.meeting), str(number)),
            ],
            cwd=ROOT,
            env={
                **os.environ,
                "PYTHONDONTWRITEBYTECODE": "1",
                "RACER_TOKENS": encode(dict(place.tokens)).decode(),
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for number in range(2)
    ]
    rounds = 0

    def race(*writes: tuple[c.Changeset, Actor], at: datetime = NOW) -> tuple[Answer, Answer]:
        nonlocal rounds
        rounds += 1
        for process, (write, actor) in zip(processes, writes, strict=True):
            task = Task(round=(rounds - 1) % 255 + 1, changeset=write, actor=actor, at=at)
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


async def test_two_that_dismiss_each_others_last_administrator(place: Place) -> None:
    """Each may go as long as the other stays; both at once would leave nobody (DOMAIN 1.3)."""
    won: Counter[int] = Counter()
    before = place.events()
    with racers(place) as race:
        for number in range(place.rounds):
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
    assert place.events() == before + 2 * place.rounds
    place.assert_whole()
    # Otherwise they did not meet, and nothing was tested.
    assert min(won[0], won[1]) > 0


async def test_two_that_register_the_same_hsa_id(place: Place) -> None:
    won: Counter[int] = Counter()
    before = place.events()
    with racers(place) as race:
        for number in range(place.rounds):
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
    assert place.events() == before + place.rounds
    place.assert_whole()
    assert min(won[0], won[1]) > 0


async def test_two_that_apply_the_same_draft(place: Place) -> None:
    """One person in two windows: the same changeset is written once, and both are told so.

    Then the same cells under two ids, as two colleagues would: the second is refused.
    """
    won: Counter[int] = Counter()
    before = place.events()
    with racers(place) as race:
        for number in range(place.rounds):
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
    assert place.events() == before + 2 * place.rounds
    place.assert_whole()
    assert min(won.values()) > 0


async def test_two_organisations_write_at_once_and_both_are_written(place: Place) -> None:
    before = place.events()
    with racers(place) as race:
        for number in range(place.rounds // 4):
            answers = race(
                (changeset(NORTH, register(f"new-{number}"), id=f"same-{number}"), INSTALLATION),
                (changeset(SOUTH, register(f"new-{number}"), id=f"same-{number}"), INSTALLATION),
            )
            assert answers == (Answer(), Answer())
    assert place.events() == before + 2 * (place.rounds // 4)
    place.assert_whole()


def until_both(place: Place, seen: Counter[tuple[str, ...]]) -> Iterator[int]:
    """Number the rounds: as many as there are to be, and on a busy machine more, until each came first."""
    for number in range(10 * place.rounds // 4):
        if number >= place.rounds // 4 and len(seen) == 2:
            return
        yield number


async def test_an_administrator_dismissed_at_the_same_moment_writes_before_or_not_at_all(
    place: Place,
) -> None:
    """The actor's role is looked at inside the lock: nothing is written by one who is no longer it."""
    seen: Counter[tuple[str, ...]] = Counter()
    with racers(place) as race:
        for number in until_both(place, seen):
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
    for _, _, _, kind, account_id, *_ in sorted(row for row in place.contents()["events"] if row[0] == NORTH):
        if kind == "role_changed" and account_id == "admin-1":
            is_administrator = not is_administrator
        elif kind == "account_registered" and str(account_id).startswith("new-"):
            assert is_administrator
    place.assert_whole()
    assert len(seen) == 2, "they never met"


async def test_a_permission_is_given_before_it_is_retired_or_not_at_all(place: Place) -> None:
    """Two chains: what the one decides by is written in the other. The counts say who saw what."""
    seen: Counter[tuple[str, ...]] = Counter()
    with racers(place) as race:
        for number in until_both(place, seen):
            new = (changeset(AUTHORITY, launch(f"p-{number}"), id=f"launch-{number}"), SUPPORT)
            race(new, new)
            given, retired = race(
                (changeset(NORTH, grant("user-1", f"p-{number}"), id=f"a-{number}"), NORTH_ADMINISTRATOR),
                (changeset(AUTHORITY, retire(f"p-{number}", TODAY), id=f"b-{number}"), SUPPORT),
            )
            assert retired == Answer()
            assert given.refusals in ((), ("retired",))
            seen[given.refusals] += 1
    place.assert_whole()
    assert len(seen) == 2, "they never met"


async def test_two_that_are_first_on_the_day_on_which_permissions_end(place: Place) -> None:
    """Each would take the permission out of everybody's counts: that happens once."""
    with racers(place) as race:
        for number in range(place.rounds // 10):
            new = (changeset(AUTHORITY, launch(f"p-{number}"), id=f"launch-{number}"), SUPPORT)
            race(new, new)
            race(
                (changeset(NORTH, grant("user-1", f"p-{number}"), id=f"a-{number}"), NORTH_ADMINISTRATOR),
                (changeset(NORTH, grant("user-2", f"p-{number}"), id=f"b-{number}"), NORTH_ADMINISTRATOR),
            )
        ends = [retire(f"p-{number}", TOMORROW) for number in range(place.rounds // 10)]
        for number, end in enumerate(ends):
            at = NOW + timedelta(days=number)
            later = retire(end.permission_id, TODAY + timedelta(days=number + 1))
            known = (changeset(AUTHORITY, later, id=f"end-{number}"), SUPPORT)
            race(known, known, at=at)
            answers = race(
                (changeset(NORTH, register(f"n-{number}"), id=f"n-{number}"), NORTH_ADMINISTRATOR),
                (changeset(SOUTH, register(f"s-{number}"), id=f"s-{number}"), INSTALLATION),
                at=at + timedelta(days=1),
            )
            assert answers == (Answer(), Answer())
    place.assert_whole()


async def test_two_organisations_made_at_once_have_numbers_of_their_own(place: Place) -> None:
    won: Counter[int] = Counter()
    with racers(place) as race:
        for number in range(place.rounds // 10):
            answers = race(
                (changeset(f"ny-a-{number}", organisation(f"A {number}")), SUPPORT),
                (changeset(f"ny-b-{number}", organisation(f"B {number}")), SUPPORT_2),
            )
            assert answers == (Answer(), Answer())
            winner = assert_one_won(
                race(
                    (changeset(f"ny-c-{number}", organisation(f"C {number}")), SUPPORT),
                    (changeset(f"ny-c-{number}", organisation(f"C {number}")), SUPPORT_2),
                ),
                "id_taken",
            )
            won[winner] += 1
            same = (changeset(f"ny-d-{number}", organisation(f"D {number}"), id=f"d-{number}"), SUPPORT)
            again = race(same, same)
            assert sorted(each.repeated for each in again) == [False, True]
    numbers = [row[1] for row in place.contents()["organisations"]]
    assert sorted(numbers) == list(range(1, len(numbers) + 1))
    place.assert_whole()


async def test_support_that_is_dismissed_writes_elsewhere_before_or_not_at_all(place: Place) -> None:
    """The account that writes is in another chain than what it writes."""
    seen: Counter[tuple[str, ...]] = Counter()
    with racers(place) as race:
        for number in until_both(place, seen):
            written, dismissed = race(
                (changeset(NORTH, register(f"new-{number}"), id=f"a-{number}"), SUPPORT_2),
                (
                    changeset(AUTHORITY, c.DismissSupport(account_id=Id("support-2")), id=f"b-{number}"),
                    SUPPORT,
                ),
            )
            assert dismissed == Answer()
            assert written.refusals in ((), ("actor_gone",))
            seen[written.refusals] += 1
            back = changeset(AUTHORITY, c.AppointSupport(account_id=Id("support-2")), id=f"c-{number}")
            race((back, SUPPORT), (back, SUPPORT))
    place.assert_whole()
    assert len(seen) == 2, "they never met"
