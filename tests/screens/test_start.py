"""The start: what the first frame has loaded, and that nothing typed meanwhile is lost."""

from __future__ import annotations

import asyncio
import gc
import sys
from typing import TYPE_CHECKING

from tests.screens.house import EVA, House
from tests.screens.seen import seen
from tests.screens.visit import Visit
from tests.terminal import Terminal
from tests.test_imports import modules_loaded_by, packages_of
from tui import garbage
from tui.app import Behorig
from tui.session import StartError

if TYPE_CHECKING:
    from tui.session import Session

FIRST_FRAME = """
import asyncio
from tui.main import plain_start, read_settings
from tui.session import StartError
plain_start(["--storage", "nowhere.sqlite", "--as", "nobody"])
from tui.app import Behorig

async def connect():
    painted = app.export_screenshot()
    assert "öppnar" in painted and "Sök" in painted, painted
    raise StartError("as far as the first frame", 0)

app = Behorig(connect)

async def start():
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()

asyncio.run(start())
assert app.return_value.sentence == "as far as the first frame"
"""


def test_the_first_frame_loads_neither_database_nor_server_nor_command_line() -> None:
    loaded = packages_of(modules_loaded_by(FIRST_FRAME))
    assert {"textual", "tui"} <= loaded
    heavy = {
        "sqlalchemy",
        "alembic",
        "aiosqlite",
        "sqlite3",
        "httpx",
        "cyclopts",
        "babel",
        "litestar",
        "psycopg",
    }
    assert loaded & heavy == set()
    assert "storage" not in loaded


class Gate:
    """A house whose door is kept shut until it is opened."""

    def __init__(self, house: House) -> None:
        """Shut the door."""
        self.house = house
        self.opened = asyncio.Event()

    async def connect(self) -> Session:
        """Sign in once the door is open."""
        await self.opened.wait()
        return await self.house.connect()


async def test_what_is_typed_before_the_storage_is_open_is_searched_for(house: House) -> None:
    gate = Gate(house)
    app = Behorig(gate.connect)
    async with app.run_test(size=(80, 24)) as pilot:
        visit = Visit(app, pilot, house)
        await visit.sees("öppnar", "Öppnar")
        # Help and leaving are there at once; the rest is done in its turn.
        await visit.press("f1")
        await visit.sees("I listan:")
        await visit.press("escape", "ctrl+f")
        await visit.type("ake an")
        gate.opened.set()
        await visit.sees("Sök: ake an", "Annerstedt, Åke", "1 användare", "Sundsvalls kommun")
        assert visit.lacks("Andersson, Anna")
        # It goes on where one was: in the search box.
        await visit.type("x")
        await visit.sees("Ingen motsvarar ”ake anx”.")


async def test_commands_typed_before_the_storage_is_open_are_done_once_it_is(house: House) -> None:
    gate = Gate(house)
    app = Behorig(gate.connect)
    async with app.run_test(size=(80, 24)) as pilot:
        visit = Visit(app, pilot, house)
        await visit.sees("öppnar")
        await visit.press("2", "down", "g", "right", "g")
        gate.opened.set()
        await visit.sees(">2 Behörigheter<", "2 ej skrivna")
        assert "+   +   .   ." in visit.line_with("Annerstedt, Åke")


async def test_the_people_come_with_the_first_frame_after_the_storage_is_open(house: House) -> None:
    gate = Gate(house)
    frames: list[str] = []

    class Watched(Behorig):
        def post_display_hook(self) -> None:
            super().post_display_hook()
            if self.is_open:
                frames.append("\n".join(seen(self)))

    app = Watched(gate.connect)
    async with app.run_test(size=(80, 24)) as pilot:
        visit = Visit(app, pilot, house)
        await visit.sees("öppnar", "Öppnar")
        gate.opened.set()
        await visit.until(lambda: bool(frames), "a frame")
    # A frame that only said that people are being read would be drawn, and sent, for nobody.
    first = frames[0]
    assert "Sundsvalls kommun" in first, first
    assert "Andersson, Anna" in first, first


async def test_the_collector_of_garbage_rests_until_the_people_are_on_the_screen(house: House) -> None:
    gate = Gate(house)
    garbage.wait()
    try:
        app = Behorig(gate.connect)
        async with app.run_test(size=(80, 24)) as pilot:
            visit = Visit(app, pilot, house)
            await visit.sees("öppnar")
            assert not gc.isenabled()
            gate.opened.set()
            await visit.sees("Andersson, Anna")
            await visit.until(gc.isenabled, "the collector")
            # What the start loaded is not looked through any more.
            assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()
        gc.enable()


async def test_what_stands_in_the_way_of_the_start_ends_it_with_a_sentence() -> None:
    async def connect() -> Session:
        raise StartError("Databasen finns inte.", 3)

    app = Behorig(connect)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
    assert app.return_value is not None
    assert (app.return_value.sentence, app.return_value.exit_code) == ("Databasen finns inte.", 3)


def test_keys_typed_before_the_first_frame_are_not_lost(house: House) -> None:
    environment = {
        "BEHORIG_STATE": str(house.folder / "state"),
        "BEHORIG_STORAGE": str(house.path),
        "BEHORIG_AS": EVA,
        "XDG_CONFIG_HOME": str(house.folder),
    }
    with Terminal([sys.executable, "-m", "tui.main"], environment=environment) as terminal:
        terminal.send("ctrl+f", "oberg")
        terminal.wait_for("Öberg, Örjan")
        terminal.wait_for("1 användare")
        terminal.wait_for("Sök: oberg")
