"""Local reads: a page through the whole data layer to the bare driver, size to size, search to page.

The bare driver runs the very statements of the page, recorded from it, and fetches their rows; the
data layer besides makes them harmless, builds rows for showing, and goes to a thread and back.
"""

import asyncio
import time
from collections.abc import Sequence
from contextlib import closing
from datetime import date
from pathlib import Path

import msgspec

from bench.figure import Figure, Peer
from bench.population import ADMINISTRATOR, BIG, DAY, NOON, population
from bench.statements import bare, pace, recorded, run
from core.directory import INSTALLATION
from core.queries import Accounts, NearAccounts, SortBy
from storage.open import open_storage

SIZES = (1_000, 10_000, 100_000, 1_000_000)
BASE = 10_000
"""The size that larger ones are compared with."""
TIMES = 60

TERMS = (
    # one letter and two, in many people and in few
    *("a", "q", "z", "7", "an", "qv", "zq", "q7", "é"),
    # parts of names: in many, in some, in one, in none
    *("son", "berg", "andersson", "gunqvi", "holmlund", "qqq", "xyzzyxyzzy"),
    # what everybody has: the domain, the number of the directory owner
    *("@", ".example", "se5565594230", "kommun"),
    # several words, with and without dots, and what is said of nobody
    *("ann berg", "ström å", "a e i o u", "anna anna-qviman zzz"),
)
"""What is searched for; the worst of them is what counts."""
PLACED = ("sund", "sundsvall", "kommun", "k", "anna sundsvall", "ann be sund", "berg sunds kommun", "s k a")
"""What names an organisation as well."""
MISTYPED = (
    *("andresson", "gunqvxi", "berrg", "linxd", "qqqqqqq", "xyzzyxyzzy", "@kommmun.example"),
    *("anan sundsvall", "anna sunsdvall", "holmlund xqv", "se5565594230-admx0", "se5565594230-17aax"),
)
"""What finds nobody as it is."""


def measure(sizes: Sequence[int] = SIZES) -> list[Figure]:
    """Measure reads at several sizes, in one organisation and over the country."""
    figures: list[Figure] = []
    for size in sizes:
        for sort_by in SortBy:
            whole, raw = asyncio.run(_page(population(size, "one"), sort_by))
            name = f"page of 100 by {sort_by}, {size} accounts, to bare driver"
            figures.append(Figure(name, whole / raw, 3, Peer("bare driver, ms", raw)))
    paths = {size: population(size, "one") for size in sorted({*sizes, BASE})}
    pages = asyncio.run(_sizes(paths))
    for size in sizes:
        figures.append(Figure(f"page of 100, {size} accounts", pages[size], None, unit="ms"))
        if size > BASE:
            name = f"page in {size} accounts to page in {BASE}"
            figures.append(Figure(name, pages[size] / pages[BASE], 1.3))
    for size in sizes:
        path = paths[size]
        for when, day in (("the last day", DAY), ("half-way", _half_way(path))):
            then, now = asyncio.run(_as_of(path, day))
            name = f"page of 100 as of {when}, {size} accounts, to the page now"
            figures.append(Figure(name, then / now, 3, Peer("the page now, ms", now)))
    for size in sizes:
        one, country = population(size, "one"), population(size, "country")
        for where, path, by in (
            ("one organisation", one, BIG),
            ("the country", country, None),
            ("one organisation of the country", country, BIG),
        ):
            page, worst, term = asyncio.run(_search(path, by))
            name = f"search in {where}, {size} accounts, worst term {term!r}, to a page"
            figures.append(Figure(name, worst / page, 100, Peer("a page, ms", page)))
        page, worst, term = asyncio.run(_search(country, None, in_organisations=True))
        name = f"search over the country at {size}, with organisations, worst term {term!r}, to a page"
        figures.append(Figure(name, worst / page, 100, Peer("a page, ms", page)))
        worst, term = asyncio.run(_guess(country))
        name = f"guess over the country at {size}, worst term {term!r}, to a page"
        figures.append(Figure(name, worst / page, 100, Peer("a page, ms", page)))
    return figures


async def _sizes(paths: dict[int, Path]) -> dict[int, float]:
    """Give what a page takes at each size, measured in turns, since the pace of a machine changes."""
    by = ADMINISTRATOR
    storages = {size: await open_storage(str(path)) for size, path in paths.items()}
    took: dict[int, list[float]] = {size: [] for size in paths}
    cursors = {
        size: (await storage.ask(Accounts(day=DAY), by, NOON)).after for size, storage in storages.items()
    }
    for _ in range(TIMES):
        for size, storage in storages.items():
            began = time.perf_counter()
            await storage.ask(Accounts(day=DAY, cursor=cursors[size]), by, NOON)
            took[size].append((time.perf_counter() - began) * 1000)
    for storage in storages.values():
        await storage.close()
    return {size: pace(each) for size, each in took.items()}


def _half_way(path: Path) -> date:
    """Give the day on which half of all was written."""
    with closing(bare(path)) as connection:
        (at,) = connection.execute(
            "SELECT at FROM changesets WHERE organisation_id = ? AND last_number >= (SELECT head_number / 2"
            " FROM organisations WHERE id = ?) ORDER BY number LIMIT 1",
            (BIG, BIG),
        ).fetchone()
    return date.fromisoformat(at[:10])


async def _as_of(path: Path, day: date) -> tuple[float, float]:
    """Give what a page from the middle of an organisation takes as of a day, and now, in turns."""
    by = ADMINISTRATOR
    storage = await open_storage(str(path))
    try:
        first = Accounts(day=DAY), Accounts(day=DAY, as_of=day)
        queries = [msgspec.structs.replace(q, cursor=(await storage.ask(q, by, NOON)).after) for q in first]
        took: list[list[float]] = [[], []]
        for _ in range(TIMES):
            for query, times in zip(queries, took, strict=True):
                began = time.perf_counter()
                await storage.ask(query, by, NOON)
                times.append((time.perf_counter() - began) * 1000)
    finally:
        await storage.close()
    now, then = map(pace, took)
    return then, now


async def _page(path: Path, sort_by: SortBy) -> tuple[float, float]:
    """Give what a page from the middle of a list takes, through everything and on the bare driver."""
    by = ADMINISTRATOR
    storage = await open_storage(str(path))
    try:
        cursor = (await storage.ask(Accounts(day=DAY, sort_by=sort_by), by, NOON)).after
        query = Accounts(day=DAY, sort_by=sort_by, cursor=cursor)
        with recorded() as statements:
            await storage.ask(query, by, NOON)
        whole: list[float] = []
        raw: list[float] = []
        with closing(bare(path)) as connection:
            for _ in range(TIMES):
                began = time.perf_counter()
                await storage.ask(query, by, NOON)
                middle = time.perf_counter()
                run(connection, statements)
                whole.append((middle - began) * 1000)
                raw.append((time.perf_counter() - middle) * 1000)
    finally:
        await storage.close()
    return pace(whole), pace(raw)


async def _guess(path: Path) -> tuple[float, str]:
    """Give what the guess takes that takes longest."""
    storage = await open_storage(str(path))
    took: list[tuple[float, str]] = []
    try:
        for term in MISTYPED:
            each: list[float] = []
            for _ in range(5):
                began = time.perf_counter()
                await storage.ask(NearAccounts(day=DAY, search=term), INSTALLATION, NOON)
                each.append((time.perf_counter() - began) * 1000)
            took.append((pace(each), term))
    finally:
        await storage.close()
    return max(took)


async def _search(
    path: Path, organisation_id: str | None, *, in_organisations: bool = False
) -> tuple[float, float, str]:
    """Give what a page takes, and what the term takes that takes longest."""
    by = INSTALLATION if organisation_id is None else ADMINISTRATOR
    storage = await open_storage(str(path))

    async def took(term: str, times: int) -> float:
        answer = []
        for _ in range(times):
            began = time.perf_counter()
            await storage.ask(Accounts(day=DAY, search=term, in_organisations=in_organisations), by, NOON)
            answer.append((time.perf_counter() - began) * 1000)
        return pace(answer)

    try:
        page = await took("", TIMES)
        terms = (*TERMS, *PLACED) if in_organisations else TERMS
        worst = max([(await took(term, 5), term) for term in terms])
    finally:
        await storage.close()
    return page, *worst


if __name__ == "__main__":
    from bench.figure import line

    for figure in measure():
        print(line(figure))
