"""Local writes: one durable change, and ten thousand at once, to the bare driver writing the same rows.

The bare driver begins, runs the very statements that wrote, recorded from the storage, and waits for
the disk. The storage besides looks up what the rules need, decides, and makes events, hashes and keys.
"""

import asyncio
import shutil
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from bench.figure import Figure, Peer
from bench.population import BIG, population
from bench.statements import Statement, bare, pace, recorded, run
from core import changes as c
from core.changes import Changeset, Receipt
from core.directory import Actor
from core.identity import EmailAddress, FamilyName, GivenName, HsaId, Id
from core.service import actor_of
from storage.open import OpenStorage, open_storage
from storage.seed import facts

SIZES = (1_000, 100_000, 1_000_000)
NOW = datetime(2026, 10, 1, 6, 12, tzinfo=UTC)
TIMES = 30
MANY = 10_000
MANY_TIMES = 3


def measure(sizes: Sequence[int] = SIZES) -> list[Figure]:
    """Measure writes at several sizes of the organisation."""
    return [figure for size in sizes for figure in asyncio.run(_measure(population(size, "one"), size))]


async def _measure(path: Path, size: int) -> list[Figure]:
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        ours, other = (Path(shutil.copyfile(path, Path(folder) / name)) for name in ("ours.db", "bare.db"))
        storage = await open_storage(str(ours))
        try:
            member = (await storage.identify(f"SE5565594230-ADM{BIG.removeprefix('kommun-')}"))[0]
            writer = _Writer(storage, actor_of(member))
            figures = []
            for name, made, times in (
                ("one new colleague", _one, TIMES),
                ("one permission given", _granted, TIMES),
                (f"{MANY} registrations", _many, MANY_TIMES),
            ):
                whole, raw = await writer.compare(other, [made(turn) for turn in range(-1, times)])
                figures.append(
                    Figure(
                        f"{name}, {size} accounts, to bare driver",
                        whole / raw,
                        4,
                        Peer("bare driver, ms", raw),
                    )
                )
            return figures
        finally:
            await storage.close()


class _Writer:
    def __init__(self, storage: OpenStorage, actor: Actor) -> None:
        self.storage = storage
        self.actor = actor

    async def compare(self, other: Path, writes: list[tuple[c.AnyChange, ...]]) -> tuple[float, float]:
        """Give what a write takes, through everything and on the bare driver in a file of its own.

        The first write of each, which makes statements and opens the file, is not counted.
        """
        whole: list[float] = []
        raw: list[float] = []
        with closing(bare(other)) as connection:
            for changes in writes:
                changeset = Changeset(
                    id=Id(f"bench-{time.perf_counter_ns()}"), organisation_id=Id(BIG), changes=changes
                )
                with recorded() as statements:
                    began = time.perf_counter()
                    answer = await self.storage.commit(changeset, self.actor, NOW)
                    whole.append((time.perf_counter() - began) * 1000)
                if not isinstance(answer, Receipt):
                    raise ValueError(answer.refusals)
                writing = [each for each in statements if _writes(each)]
                began = time.perf_counter()
                run(connection, writing)
                raw.append((time.perf_counter() - began) * 1000)
        return pace(whole[1:]), pace(raw[1:])


def _writes(statement: Statement) -> bool:
    return statement[0].startswith(("BEGIN", "INSERT", "UPDATE", "DELETE"))


def _register(mark: str) -> c.RegisterAccount:
    return c.RegisterAccount(
        account_id=Id(f"bench-{mark.lower()}"),
        hsa_id=HsaId(f"SE5565594230-{mark}"),
        given_name=GivenName("Åsa"),
        family_name=FamilyName("Lindström"),
        email=EmailAddress(f"asa.{mark.lower()}@sundsvall.example"),
    )


def _one(turn: int) -> tuple[c.AnyChange, ...]:
    return (_register(f"ONE{turn + 1}"),)


def _granted(turn: int) -> tuple[c.AnyChange, ...]:
    permission = next(each.id for each in facts.permissions() if each.retired_on is None)
    return (c.Grant(account_id=Id(f"bench-one{turn + 1}"), permission_id=Id(permission)),)


def _many(turn: int) -> tuple[c.AnyChange, ...]:
    return tuple(_register(f"MANY{turn + 1}X{number}") for number in range(MANY))


if __name__ == "__main__":
    from bench.figure import line

    for figure in measure():
        print(line(figure))
