"""The real program in a terminal: what a step, a page, a staged change and a search cost, and its silence.

120 columns by 40 rows, 256 colours. Steps are processor time of all threads while a key is held down, to
that of Textual's own repaint of one line in the same kind of terminal, measured right before; bytes are all
that follows one key, also what is read once the cursor rests. The peer is a DataTable.
"""

import asyncio
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.figure import Figure, Peer
from bench.hello import READY
from bench.population import ADMINISTRATOR, BIG, DAY, NOON, population
from bench.program import Program, Step
from bench.statements import pace
from core import changes as c
from core.directory import AUTHORITY, INSTALLATION
from core.identity import EmailAddress, FamilyName, GivenName, HsaId, Id
from core.queries import Accounts, Organisations, Standing
from storage.open import open_storage
from tui.people import PAGE_ROWS

_HELD = 60
_PRESSED = 12
_PAGES = 12
_IDLE_SECONDS = 10.0
_PEER_ROWS = 1_000
# What is typed to find somebody: a letter each, the whole list being drawn anew at each.
_TERM = "berg"
_PERSON = rb"SE5565594230-\w"
# A page may take ten one-line repaints (docs/architecture.md), and a search draws a page.
_PAGE_REPAINTS = 10


@dataclass(frozen=True, slots=True)
class _Room:
    """A room of the program: the key that leads there, and the two that change a cell and change it back."""

    name: str
    key: str
    change: str
    changing: tuple[str, str]
    page_bytes: int


# A list has nothing to toggle: it marks the row and goes on to the next.
_ROOMS = (
    _Room("list", "1", "mark", ("space", "up"), 9_000),
    _Room("matrix", "2", "toggle", ("enter", "enter"), 15_000),
)


@dataclass(frozen=True, slots=True)
class _Costs:
    """Milliseconds of processor time with a key held down, and bytes of one key."""

    step: float
    change: float
    cold_page: float
    warm_page: float
    step_bytes: float
    change_bytes: float
    page_bytes: float


def measure(sizes: Sequence[int]) -> list[Figure]:
    """Measure with so many accounts in one organisation."""
    figures: list[Figure] = []
    peer = _peer()
    for size in sizes:
        storage = population(size, "one")
        for room in _ROOMS:
            floor, line = _floor()
            figures.append(
                Figure(f"{room.name} at {size}: one-line repaint of Textual", floor, None, unit="ms")
            )
            figures += _room(f"{room.name} at {size}", storage, room, floor, peer)
        figures.append(_search(size, storage, line))
        figures.append(_country(size, line))
    return figures


def _floor() -> tuple[float, Step]:
    """Give what a repaint of one line costs with the key held down, and pressed once."""
    with Program.module("bench.hello", "line") as program:
        program.wait_for(READY.encode())
        program.settle(0.5)
        program.held(["down"] * _HELD)
        return program.held(["down"] * _HELD), program.pressed(["down"] * _PRESSED)


def _peer() -> _Costs:
    with Program.module("bench.hello", "table", str(_PEER_ROWS)) as program:
        program.wait_for(f"{READY} {0:07}".encode())
        program.settle(1.0)
        return _costs(program, ("down", "up"))


def _costs(program: Program, changing: tuple[str, str]) -> _Costs:
    program.held(["down", "up"] * 6)
    step = program.held(["down", "up"] * (_HELD // 2))
    change = program.held([*changing] * (_HELD // 2))
    step_bytes = program.pressed(["down"] * _PRESSED).bytes
    change_bytes = max(program.press(key).bytes for key in [*changing] * (_PRESSED // 2))
    page_bytes = max(program.press("pgdn").bytes for _ in range(_PAGES // 2))
    cold = program.held(["pgdn"] * _PAGES)
    warm = program.held(["pgup", "pgdn"] * (_PAGES // 2))
    return _Costs(step, change, cold, warm, step_bytes, change_bytes, page_bytes)


def _room(name: str, storage: Path, room: _Room, floor: float, peer: _Costs) -> list[Figure]:
    with Program.behorig(storage) as program:
        program.wait_for(_PERSON)
        program.settle(1.0)
        program.type(room.key.encode())
        program.settle(1.5)
        costs = _costs(program, room.changing)
        program.settle(1.0)
        before = len(program.output)
        time.sleep(_IDLE_SECONDS)
        program.settle(0)
        idle = len(program.output) - before

    def ratio(what: str, cost: float, ceiling: float, other: float) -> Figure:
        peers = Peer("DataTable", other / floor)
        return Figure(f"{name}: {what} to one-line repaint", cost / floor, ceiling, peers)

    def size(what: str, cost: float, ceiling: float, other: float) -> Figure:
        return Figure(f"{name}: {what}", cost, ceiling, Peer("DataTable", other), "bytes")

    return [
        ratio("row move", costs.step, 1.5, peer.step),
        ratio(room.change, costs.change, 1.5, peer.step),
        ratio("cold page", costs.cold_page, 10, peer.cold_page),
        ratio("warm page", costs.warm_page, 5, peer.warm_page),
        size("row move", costs.step_bytes, 600, peer.step_bytes),
        size(room.change, costs.change_bytes, 800, peer.step_bytes),
        size("page", costs.page_bytes, room.page_bytes, peer.page_bytes),
        Figure(f"{name}: idle for {_IDLE_SECONDS:.0f} s", idle, 0, unit="bytes"),
    ]


def _search(size: int, storage: Path, line: Step) -> Figure:
    """Compare a letter of a search, until the answer is painted, with what it is made of.

    That is the storage's own answer, asked here, and a page drawn within its budget. The clock is read, and
    not the processor: a person waits for both.
    """
    with Program.behorig(storage) as program:
        program.wait_for(_PERSON)
        program.settle(1.0)
        painted = _letters(program, "ctrl+f")
    return _letter(f"search at {size}", painted, asyncio.run(_answer(storage)), line)


def _country(size: int, line: Step) -> Figure:
    """The same for support's search over the whole country, from an empty box."""
    storage = population(size, "country")
    hsa_id = asyncio.run(_support(storage))
    command = Path(sys.executable).parent / "behorig"
    with Program([str(command), "--storage", str(storage), "--as", hsa_id]) as program:
        program.wait_for(b"Skriv en del av namnet")
        program.settle(1.0)
        painted = _letters(program)
    return _letter(f"search over the country at {size}", painted, asyncio.run(_country_answer(storage)), line)


def _letters(program: Program, *keys: str) -> list[float]:
    """Type the word three times, each time after keys; the seconds of each letter until it is painted."""
    painted: list[float] = []
    for _ in range(3):
        for key in keys:
            program.press(key)
        for letter in _TERM:
            before, pressed = len(program.output), time.perf_counter()
            program.type(letter.encode())
            program.wait_for(_PERSON, since=before)
            painted.append(time.perf_counter() - pressed)
            program.settle(0.3)
        program.press("escape")
        program.settle(0.5)
    return painted


def _letter(what: str, painted: list[float], answer: float, line: Step) -> Figure:
    """Compare a letter with what it is made of: the storage's answer in seconds, and a page in its budget."""
    made_of = answer + _PAGE_REPAINTS * line.first_byte / 1000
    return Figure(
        f"{what}: letter to painted answer, to its parts",
        pace(painted) / made_of,
        1,
        Peer("the storage's own answer, ms", 1000 * answer),
    )


async def _support(storage: Path) -> str:
    """Let there be somebody in support, and give the HSA-id; a second time changes nothing."""
    hsa_id = "SE5565594230-SUPPORT"
    person = c.RegisterAccount(
        account_id=Id("support"),
        hsa_id=HsaId(hsa_id),
        given_name=GivenName("Siv"),
        family_name=FamilyName("Ek"),
        email=EmailAddress("siv.ek@mv.example"),
    )
    changeset = c.Changeset(
        id=Id("support"),
        organisation_id=Id(AUTHORITY),
        changes=(person, c.AppointSupport(account_id=person.account_id)),
    )
    opened = await open_storage(str(storage))
    try:
        await opened.commit(changeset, INSTALLATION, datetime.now(UTC))
    finally:
        await opened.close()
    return hsa_id


async def _country_answer(storage: Path) -> float:
    """Give the seconds in which the storage answers what a letter of support's search asks."""
    opened = await open_storage(str(storage))
    everywhere = INSTALLATION
    try:
        seconds: list[float] = []
        for _ in range(4):
            for end in range(1, len(_TERM) + 1):
                search = _TERM[:end]
                question = Accounts(
                    day=DAY, search=search, in_organisations=True, standing=Standing.ANY, limit=PAGE_ROWS
                )
                began = time.perf_counter()
                await opened.ask(question, everywhere, NOON)
                await opened.ask(Organisations(search=search), everywhere, NOON)
                seconds.append(time.perf_counter() - began)
        return pace(seconds)
    finally:
        await opened.close()


async def _answer(storage: Path) -> float:
    """Give the seconds in which the storage answers the same questions, without a screen."""
    opened = await open_storage(str(storage))
    try:
        seconds: list[float] = []
        for _ in range(4):
            for end in range(1, len(_TERM) + 1):
                question = Accounts(day=DAY, organisation_id=BIG, search=_TERM[:end], limit=PAGE_ROWS)
                began = time.perf_counter()
                await opened.ask(question, ADMINISTRATOR, NOON)
                seconds.append(time.perf_counter() - began)
        return pace(seconds)
    finally:
        await opened.close()
