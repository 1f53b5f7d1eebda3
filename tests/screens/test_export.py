"""The history written to a file from its room: all that is shown, and never over another unasked."""

from __future__ import annotations

import csv
import io
import json
import stat
from pathlib import Path

from tests.screens.house import BO, PRESCHOOL, House, grants, register
from tests.screens.visit import Visit, visiting


async def to_export(visit: Visit, path: Path) -> None:
    """Open the dialog and write the name of a file."""
    await visit.press("e")
    await visit.sees("Filens namn.")
    await visit.clear()
    await visit.paste(str(path))
    await visit.press("enter")


def files(folder: Path) -> set[str]:
    return {each.name for each in folder.iterdir()}


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""), delimiter=";"))


async def test_what_is_shown_is_written_and_told(house: House, tmp_path: Path) -> None:
    async with visiting(house, size=(120, 40)) as visit:
        await visit.press("5")
        await visit.sees("4 skrivningar")
        whole = tmp_path / "allt.csv"
        await to_export(visit, whole)
        await visit.sees("55 händelser skrivna till ", "allt.csv.")
        assert len(rows(whole)) == 55
        assert stat.S_IMODE(whole.stat().st_mode) == 0o600
        await visit.press("1", "h")
        await visit.sees("Visar: om Anna Andersson")
        hers = tmp_path / "anna.jsonl"
        await to_export(visit, hers)
        await visit.sees("4 händelser skrivna till ")
        found = [json.loads(line) for line in hers.read_text(encoding="utf-8").splitlines()]
        assert [each["kind"] for each in found] == ["permission_granted"] * 3 + ["account_registered"]
        assert {each["name"] for each in found} == {"Anna Andersson"}
    left = files(tmp_path)
    assert {"allt.csv", "anna.jsonl"} <= left
    assert not [name for name in left if "part" in name]


async def test_a_write_of_more_events_than_are_shown_is_written_whole(house: House, tmp_path: Path) -> None:
    crowd = [
        register(f"many-{place}", "Många", "Ek", "m@sundsvall.example", f"SE5565594230-M{place}")
        for place in range(250)
    ]
    await house.written_by(BO, *crowd)
    async with visiting(house, size=(120, 40)) as visit:
        await visit.press("5")
        await visit.sees("5 skrivningar")
        await to_export(visit, tmp_path / "allt.csv")
        await visit.sees("305 händelser skrivna till ")
    assert len(rows(tmp_path / "allt.csv")) == 305


async def test_a_file_that_is_there_is_replaced_after_a_question_only(house: House, tmp_path: Path) -> None:
    path = tmp_path / "finns.csv"
    path.write_text("mitt", encoding="utf-8")
    await house.written_by(BO, *grants("ake", PRESCHOOL))
    async with visiting(house, size=(120, 40)) as visit:
        await visit.press("5")
        await visit.sees("5 skrivningar")
        await to_export(visit, path)
        await visit.sees("finns redan.")
        assert visit.at_cursor().startswith("Låt den vara")
        await visit.press("enter")
        assert path.read_text(encoding="utf-8") == "mitt"
        await to_export(visit, path)
        await visit.sees("finns redan.")
        await visit.press("right", "enter")
        await visit.sees("56 händelser skrivna till ")
    assert len(rows(path)) == 56


async def test_a_name_that_will_not_do_gets_a_sentence(house: House, tmp_path: Path) -> None:
    async with visiting(house, size=(120, 40)) as visit:
        await visit.press("5")
        await visit.sees("4 skrivningar")
        await to_export(visit, tmp_path / "fil.xlsx")
        await visit.sees("Sluta namnet med .csv")
        for wrong, said in (
            (tmp_path / "ingen" / "a.csv", "Mappen "),
            (Path("/proc/a.csv"), "gick inte att skriva"),
        ):
            await visit.clear()
            await visit.paste(str(wrong))
            await visit.press("enter")
            await visit.sees(said)
