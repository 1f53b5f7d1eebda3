"""What happens to the file of a plan: taken back, thinned out, and written as it was reviewed."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from typing import TYPE_CHECKING

from core.changes import AmendOrganisation
from core.ports import StorageError
from core.refusal import Refusal
from storage.open import open_storage
from tests.line.test_tasks import AKE, KAISA, in_sundsvall
from tests.screens.between import Between
from tests.screens.callers import SIV, with_support
from tests.screens.conftest import template
from tests.screens.house import BO, OWNER, PRESCHOOL, SCHOOL, SUNDSVALL, grants, revokes
from tests.screens.house import House as Home
from tests.tasks import NOTE
from tests.terminal import Terminal
from tui.line.plan import read_plan

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    import pytest

    from core.changes import Changeset, Receipt
    from core.directory import Actor
    from core.ports import Refused, Storage
    from tests.line.command import House

__all__ = ["template"]


def test_a_plan_of_which_all_is_taken_back_is_gone(house: House, tmp_path: Path, template: Path) -> None:
    _there, eva = in_sundsvall(tmp_path, template)
    plan = house.home / "plan.json"
    more = ("--plan", str(plan))
    assert house.run("permissions", "grant", PRESCHOOL, "--to", AKE, *more, **eva).code == 0
    back = ("permissions", "revoke", PRESCHOOL, "--from", AKE, *more)
    looked = house.run(*back, "--dry-run", **eva)
    assert (looked.code, looked.talk) == (0, "Inget skulle bli kvar av planen.\n")
    assert plan.exists()
    taken = house.run(*back, **eva)
    assert (taken.code, taken.data) == (0, "")
    assert taken.talk == "Inget är kvar av planen, och filen är borta.\n"
    assert not plan.exists()
    # Where there was no plan, there is none to tell of.
    assert "Inget är kvar att göra" in house.run(*back, **eva).talk


def test_a_note_is_put_into_a_plan_only_when_it_is_written(
    house: House, tmp_path: Path, template: Path
) -> None:
    there, eva = in_sundsvall(tmp_path, template)
    plan = house.home / "plan.json"
    assert house.run("permissions", "grant", PRESCHOOL, "--to", AKE, "--plan", str(plan), **eva).code == 0
    before = plan.read_bytes()
    unasked = house.run("apply", str(plan), "--note", NOTE, **eva)
    assert (unasked.code, unasked.data) == (2, "")
    assert plan.read_bytes() == before
    assert house.run("apply", str(plan), "--note", NOTE, "--yes", **eva).code == 0
    kept = read_plan(plan)
    assert kept is not None
    assert kept.changeset.note == NOTE
    assert NOTE in house.run("history", "--json", **eva).data
    assert asyncio.run(there.has("ake")) == {PRESCHOOL}


def test_what_is_staged_while_apply_asks_is_not_lost(house: House, tmp_path: Path, template: Path) -> None:
    there, eva = in_sundsvall(tmp_path, template)
    plan = str(house.home / "plan.json")
    grant = ("permissions", "grant", "--to", AKE, "--plan", plan)
    assert house.run(*grant, PRESCHOOL, **eva).code == 0
    command = [sys.executable, "-m", "tui.main", "apply", plan]
    with Terminal(command, columns=240, rows=24, environment=house.environment(**eva)) as terminal:
        terminal.wait_for("Skriva 1 ändring?")
        assert house.run(*grant, SCHOOL, **eva).code == 0
        terminal.send("j", "enter")
        terminal.wait_for("har ändrats sedan")
        assert terminal.wait_exit() == 4
    assert not asyncio.run(there.has("ake"))
    # Reviewed anew, all of it is written.
    assert house.run("apply", plan, "--yes", **eva).code == 0
    assert asyncio.run(there.has("ake")) == {PRESCHOOL, SCHOOL}


def test_what_depends_on_a_dropped_registration_goes_with_it(
    house: House, tmp_path: Path, template: Path
) -> None:
    there, siv = in_sundsvall(tmp_path, template, SIV)
    asyncio.run(with_support(there))
    plan = house.home / "umea.json"
    moa = ("TSTNMT2120002627-1", "--name", "Moa Öman", "--email", "moa@umea.example")
    for command in (
        ("administrators", "appoint", *moa, "--in", "Umeå"),
        ("organisations", "amend", "Umeå", "--number", "212000-2627"),
    ):
        answer = house.run(*command, "--plan", str(plan), **siv)
        assert answer.code == 0, answer.talk
    shown = house.run("plan", "show", str(plan), **siv)
    number = next(each[0] for each in shown.data.splitlines() if "Registrera Moa Öman" in each)
    dropped = house.run("plan", "drop", str(plan), number, **siv)
    assert dropped.code == 0, dropped.talk
    assert "1 till följer med." in dropped.talk
    kept = read_plan(plan)
    assert kept is not None
    assert [type(each) for each in kept.changeset.changes] == [AmendOrganisation]
    assert house.run("apply", str(plan), "--yes", **siv).code == 0


def test_a_name_that_may_be_a_newcomers_or_somebody_elses_is_not_guessed(
    house: House, tmp_path: Path, template: Path
) -> None:
    _there, eva = in_sundsvall(tmp_path, template)
    plan = house.home / "plan.json"
    more = ("--plan", str(plan))
    twice = f"{OWNER}-8", f"{OWNER}-9"
    for hsa_id, name in ((f"{OWNER}-7", "Kaisa Hannu"), *((each, "Nils Ny") for each in twice)):
        person = (hsa_id, "--name", name, "--email", f"{hsa_id[-1]}@b.example")
        registered = house.run("users", "register", *person, *more, **eva)
        assert registered.code == 0, registered.talk
    before = plan.read_bytes()
    both = f"”Nils Ny” kan vara en av flera: Nils Ny, {twice[0]}, Sundsvalls kommun; Nils Ny, {twice[1]}, "
    known = f"”Kaisa Hannu” kan vara en av flera: Kaisa Hannu, {KAISA}, Sundsvalls kommun; Kaisa Hannu, "
    for command, said in (
        (("permissions", "grant", PRESCHOOL, "--to", "Nils Ny"), both),
        (("permissions", "grant", PRESCHOOL, "--to", "Ny Nils"), both.replace("Nils Ny”", "Ny Nils”", 1)),
        (("permissions", "grant", PRESCHOOL, "--to", "Kaisa Hannu"), known),
        (("permissions", "copy", "Kaisa Hannu", "--to", AKE), known),
        (("users", "amend", "Kaisa Hannu", "--email", "k@b.example"), known),
    ):
        answer = house.run(*command, *more, **eva)
        assert (answer.code, answer.data) == (2, ""), (command, answer)
        assert said in answer.talk
    assert plan.read_bytes() == before
    # An HSA-id or an address of one's own says who is meant.
    for who in (f"{OWNER}-7", KAISA, "8@b.example"):
        answer = house.run("permissions", "grant", PRESCHOOL, "--to", who, *more, **eva)
        assert answer.code == 0, answer.talk
    kept = read_plan(plan)
    assert kept is not None
    assert len(kept.changeset.changes) == 3 + 2


def test_what_a_plan_claims_to_have_seen_is_not_believed(
    house: House, tmp_path: Path, template: Path
) -> None:
    """Somebody edits the plan that another one applies: the review says what is there, not what was written.

    With another address before, the change of an address looks like the mending of one letter; with
    another name, like a change of somebody else.
    """
    _there, eva = in_sundsvall(tmp_path, template)
    plan = house.home / "plan.json"
    amend = ("users", "amend", KAISA, "--email", "k@elsewhere.example", "--plan", str(plan))
    assert house.run(*amend, **eva).code == 0
    document = json.loads(plan.read_text(encoding="utf-8"))
    (details,) = document["seen"].values()
    details.update(given_name="Åke", family_name="Annerstedt", email="kk@elsewhere.example")
    plan.write_text(json.dumps(document), encoding="utf-8")
    true = "Ändra Kaisa Hannu: e-post från social@sundsvall.example till k@elsewhere.example."
    for command in (("apply", str(plan), "--dry-run"), ("plan", "show", str(plan))):
        answer = house.run(*command, **eva)
        assert (answer.code, answer.data.removeprefix("1  ")) == (0, f"{true}\n")
    # Once it is written, there is no way to it any more.
    assert house.run("apply", str(plan), "--yes", **eva).code == 0
    shown = house.run("plan", "show", str(plan), **eva)
    assert shown.data == "1  Ändra Kaisa Hannu: e-post k@elsewhere.example.\n"


def test_for_a_program_nothing_left_to_do_is_an_answer_too(
    house: House, tmp_path: Path, template: Path
) -> None:
    _there, eva = in_sundsvall(tmp_path, template)
    plan = ("--plan", str(house.home / "plan.json"))
    grant = ("permissions", "grant", PRESCHOOL, "--to", AKE)
    back = ("permissions", "revoke", PRESCHOOL, "--from", AKE)

    def told(*command: str) -> tuple[str, int]:
        answer = house.run(*command, "--json", **eva)
        assert answer.code == 0, answer.talk
        document = json.loads(answer.data)
        assert (document["format"], len(document["rows"])) == ("behorig", document["count"])
        return document["kind"], document["count"]

    # Staged, staged already, taken back, and nothing to take back.
    assert told(*grant, *plan) == ("changes", 1)
    assert told(*grant, *plan) == ("changes", 0)
    assert told(*back, *plan, "--dry-run") == ("changes", 0)
    assert told(*back, *plan) == ("changes", 0)
    assert told(*back, *plan) == ("changes", 0)
    # Written, and so already.
    assert told(*grant, "--yes") == ("receipt", 1)
    assert told(*grant, "--yes") == ("receipt", 0)
    assert told(*grant, "--dry-run") == ("changes", 0)
    assert told("users", "amend", KAISA, "--given-name", "Kaisa", "--yes") == ("receipt", 0)
    # A plan that is written already.
    assert told(*back, *plan) == ("changes", 1)
    assert told("apply", plan[1], "--yes") == ("receipt", 1)
    assert told("apply", plan[1], "--yes") == ("receipt", 1)
    assert told("apply", plan[1], "--dry-run") == ("changes", 0)
    assert told("undo", "--dry-run") == ("changes", 1)
    assert told("undo", "--yes") == ("receipt", 1)


def test_an_undo_that_was_edited_is_refused_and_not_stale(
    house: House, tmp_path: Path, template: Path
) -> None:
    """What is left out of an undo by hand was left out by nobody's work: looking anew does not help."""
    there, eva = in_sundsvall(tmp_path, template)
    plan = house.home / "plan.json"
    assert house.run("permissions", "grant", PRESCHOOL, SCHOOL, "--to", AKE, "--yes", **eva).code == 0
    assert house.run("undo", "--plan", str(plan), **eva).code == 0
    whole = plan.read_text(encoding="utf-8")
    document = json.loads(whole)
    del document["changeset"]["changes"][0]
    plan.write_text(json.dumps(document), encoding="utf-8")
    answer = house.run("apply", str(plan), "--yes", "--json", **eva)
    assert [(row["code"], row["stale"]) for row in json.loads(answer.data)["rows"]] == [
        ("not_an_undo", False)
    ]
    assert answer.code == 1
    # What another has done meanwhile is told by other refusals, and those are stale.
    plan.write_text(whole, encoding="utf-8")
    asyncio.run(there.written_by(BO, *revokes("ake", SCHOOL)))
    overtaken = house.run("apply", str(plan), "--yes", "--json", **eva)
    assert [row["code"] for row in json.loads(overtaken.data)["rows"]] == ["undo_cell_moved_on"]
    assert overtaken.code == 4


class Overtaken(Between):
    """Another one writes just before, or there is no place for the write; either way nothing is written."""

    def __init__(self, storage: Storage, there: Home | None) -> None:
        """Stand before a storage, of which ``there`` is the house in which somebody else writes."""
        super().__init__(storage)
        self._there = there

    async def commit(self, changeset: Changeset, actor: Actor, now: datetime) -> Receipt | Refused:
        """Let the other one write first, or have no place."""
        if self._there is None:
            raise StorageError(Refusal("storage_full", "storage"))
        await self._there.written_by(BO, *grants("ake", PRESCHOOL))
        return await super().commit(changeset, actor, now)


def test_a_note_of_a_write_that_did_not_come_about_is_in_no_plan(
    house: House, tmp_path: Path, template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there, eva = in_sundsvall(tmp_path, template)
    plan = house.home / "plan.json"
    for command in (
        ("permissions", "grant", PRESCHOOL, "--to", AKE),
        ("users", "amend", KAISA, "--email", "kaisa@sundsvall.example", "--note", "ärende 1"),
    ):
        assert house.run(*command, "--plan", str(plan), **eva).code == 0
    before = plan.read_bytes()
    for other, code in ((None, 3), (there, 4)):

        async def fails(storage: str, other: Home | None = other) -> Overtaken:
            return Overtaken(await open_storage(storage), other)

        with monkeypatch.context() as patched:
            patched.setattr("tui.assemble.session.open_storage", fails)
            failed = house.run("apply", str(plan), "--note", "ärende 2", "--yes", **eva)
        assert (failed.code, failed.data) == (code, ""), failed.talk
        assert plan.read_bytes() == before
    # Who writes it later is told which note goes with it, and it is the one that was staged.
    assert house.run("plan", "drop", str(plan), "2", **eva).code == 0
    done = house.run("apply", str(plan), "--yes", **eva)
    assert done.code == 0, done.talk
    assert "Anteckning: ärende 1" in done.talk
    history = house.run("history", "--json", **eva).data
    assert "ärende 1" in history
    assert "ärende 2" not in history


def test_a_note_alone_changes_a_plan(house: House, tmp_path: Path, template: Path) -> None:
    _there, eva = in_sundsvall(tmp_path, template)
    plan = house.home / "plan.json"
    grant = ("permissions", "grant", PRESCHOOL, "--to", AKE)
    assert house.run(*grant, "--plan", str(plan), **eva).code == 0
    noted = house.run(*grant, "--plan", str(plan), "--note", NOTE, "--json", **eva)
    assert (noted.code, json.loads(noted.data)["count"]) == (0, 0)
    assert f"Anteckning: {NOTE}" in noted.talk
    kept = read_plan(plan)
    assert kept is not None
    assert kept.changeset.note == NOTE
    # Without a plan there is no write that it could go with.
    assert house.run(*grant, "--yes", **eva).code == 0
    assert "Inget är kvar att göra" in house.run(*grant, "--yes", "--note", NOTE, **eva).talk


def test_a_plan_of_somebody_hostile_writes_nothing_on_the_terminal(
    house: House, tmp_path: Path, template: Path
) -> None:
    """A plan is prepared by one and applied by another, and names stand in it as anybody can type them."""
    _there, eva = in_sundsvall(tmp_path, template)
    plan = house.home / "plan.json"
    hostile = "\x1b]0;owned\x07\u202eX"
    document = {
        "behorig_plan": 1,
        "changeset": {
            "id": "x",
            "organisation_id": SUNDSVALL,
            "changes": [{"kind": "grant", "account_id": "nobody", "permission_id": PRESCHOOL}],
        },
        "seen": {"nobody": dict.fromkeys(("hsa_id", "given_name", "family_name", "email"), hostile)},
    }
    plan.write_text(json.dumps(document), encoding="utf-8")
    for command in (("apply", str(plan), "--yes", "--json"), ("plan", "show", str(plan))):
        answer = house.run(*command, **eva)
        assert answer.code == 1
        told = answer.data + answer.talk
        assert not {"\x1b", "\x07", "\u202e"} & set(told), told
    # And a program that reads it gets a whole document.
    refused = json.loads(house.run("apply", str(plan), "--yes", "--json", **eva).data)
    assert [(each["code"], each["subject"]) for each in refused["rows"]] == [("not_found", "nobody")]


def test_a_plan_that_is_written_is_not_thinned_out(house: House, tmp_path: Path, template: Path) -> None:
    _there, eva = in_sundsvall(tmp_path, template)
    plan = house.home / "plan.json"
    assert (
        house.run("permissions", "grant", PRESCHOOL, SCHOOL, "--to", AKE, "--plan", str(plan), **eva).code
        == 0
    )
    assert house.run("apply", str(plan), "--yes", **eva).code == 0
    before = plan.read_bytes()
    unnamed = house.run("plan", "drop", str(plan), **eva)
    assert (unnamed.code, plan.read_bytes()) == (2, before)
    assert unnamed.talk == "Säg vilka ändringar, med numren som behorig plan show ger.\n"
    dropped = house.run("plan", "drop", str(plan), "1", **eva)
    assert (dropped.code, plan.read_bytes()) == (2, before)
    assert "är redan skriven" in dropped.talk


def test_a_plan_behind_a_link_stays_behind_it(house: House, tmp_path: Path, template: Path) -> None:
    _there, eva = in_sundsvall(tmp_path, template)
    plan, link = house.home / "plan.json", tmp_path / "link.json"
    link.symlink_to(plan)
    grant = ("permissions", "grant", "--to", AKE, "--plan")
    assert house.run(*grant, str(plan), PRESCHOOL, **eva).code == 0
    assert house.run(*grant, str(link), SCHOOL, **eva).code == 0
    assert link.is_symlink()
    kept = read_plan(plan)
    assert kept is not None
    assert len(kept.changeset.changes) == 2


def test_a_plan_behind_a_link_is_taken_away_itself(house: House, tmp_path: Path, template: Path) -> None:
    """What is told to be gone would still be written by its own name."""
    _there, eva = in_sundsvall(tmp_path, template)
    plan, link = house.home / "plan.json", tmp_path / "link.json"
    link.symlink_to(plan)
    for command in (
        ("plan", "drop", str(link), "1"),
        ("permissions", "revoke", PRESCHOOL, "--from", AKE, "--plan", str(link)),
    ):
        grant = ("permissions", "grant", PRESCHOOL, "--to", AKE, "--plan", str(link))
        assert house.run(*grant, **eva).code == 0
        assert plan.exists()
        answer = house.run(*command, **eva)
        assert (answer.code, "filen är borta" in answer.talk, plan.exists()) == (0, True, False), command
        assert link.is_symlink()


def test_a_name_that_is_too_long_for_a_plan_is_told(house: House, tmp_path: Path, template: Path) -> None:
    _there, eva = in_sundsvall(tmp_path, template)
    plan = house.home / ("n" * 254)  # long enough for what is written beside it
    answer = house.run("permissions", "grant", PRESCHOOL, "--to", AKE, "--plan", str(plan), **eva)
    assert (answer.code, "kan inte skrivas" in answer.talk, "Traceback" in answer.talk) == (1, True, False)
    assert house.files() == []


def test_a_file_in_the_home_of_nobody_is_not_there(house: House, tmp_path: Path, template: Path) -> None:
    _there, eva = in_sundsvall(tmp_path, template)
    for words in (
        ("apply", "~ingenalls/plan.json"),
        ("users", "list", "--storage", "~ingenalls/behorig.sqlite"),
        ("permissions", "grant", PRESCHOOL, "--file", "~ingenalls/lista.csv"),
    ):
        done = house.run(*words, **eva)
        assert done.code in (2, 3), done.talk
        assert "~ingenalls/" in done.talk
        assert "Traceback" not in done.talk


def test_nothing_is_told_to_be_dropped_before_it_is(house: House, tmp_path: Path, template: Path) -> None:
    _there, eva = in_sundsvall(tmp_path, template)
    plan = house.home / "plan.json"
    grant = ("permissions", "grant", PRESCHOOL, SCHOOL, "--to", AKE, "--plan", str(plan))
    assert house.run(*grant, **eva).code == 0
    (house.home / f".plan.json.part-{os.getpid()}").mkdir()  # what is to be written first cannot be
    answer = house.run("plan", "drop", str(plan), "1", **eva)
    assert (answer.code, "Slängt" in answer.talk, "kan inte skrivas" in answer.talk) == (1, False, True)


class Watched(Between):
    """Notes after each write, before its answer is given, which plans of the program's own there are."""

    def __init__(self, storage: Storage, house: House, seen: list[list[Path]]) -> None:
        """Stand before a storage; ``seen`` gets a list for each write."""
        super().__init__(storage)
        self._house = house
        self._seen = seen

    async def commit(self, changeset: Changeset, actor: Actor, now: datetime) -> Receipt | Refused:
        """Look once it is written, or was refused."""
        try:
            return await super().commit(changeset, actor, now)
        finally:
            self._seen.append(own_plans(self._house))


def own_plans(house: House) -> list[Path]:
    """Give the plans that the program keeps by itself."""
    return [each for each in house.files() if "plans" in each.parts]


def test_a_plan_of_the_programs_own_is_there_until_the_answer_is(
    house: House, tmp_path: Path, template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there, eva = in_sundsvall(tmp_path, template)
    grant = ("permissions", "grant", PRESCHOOL, "--to", AKE, "--yes")

    def done(*command: str, cut: str = "") -> tuple[int, list[list[Path]]]:
        seen: list[list[Path]] = []

        async def opened(storage: str) -> Watched:
            watched = Watched(await open_storage(storage), house, seen)
            watched.goes_in_write = cut
            return watched

        with monkeypatch.context() as patched:
            patched.setattr("tui.assemble.session.open_storage", opened)
            return house.run(*command, **eva).code, seen

    code, (once,) = done(*grant)
    assert (code, len(once), own_plans(house)) == (0, 1, [])
    assert house.run("undo", "--yes", **eva).code == 0
    # Its answer is lost, and that of the plan that settles it too: it is there until one has come.
    code, seen = done(*grant, cut="after")
    (kept,) = own_plans(house)
    assert (code, seen) == (3, [[kept], [kept]])
    assert done("apply", str(kept), "--yes", cut="after") == (3, [[kept], [kept]])
    monkeypatch.chdir(kept.parent)  # however it is named, it is the program's own
    assert done("apply", kept.name, "--yes") == (0, [[kept]])
    assert own_plans(house) == []
    assert asyncio.run(there.has("ake")) == {PRESCHOOL}
