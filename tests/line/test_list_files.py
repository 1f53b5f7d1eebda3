"""Lists that commands read: what is wrong with one is told by its line, and nothing is done."""

from __future__ import annotations

import asyncio
import cProfile
import json
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.line.test_tasks import AKE, in_sundsvall
from tests.screens.conftest import template
from tests.screens.house import OWNER, PRESCHOOL, SECONDARY, SUNDSVALL
from tests.tasks import ANNA, written
from tests.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

    from tests.line.command import House

__all__ = ["template"]


def test_a_line_that_names_nobody_is_not_passed_over(house: House, tmp_path: Path, template: Path) -> None:
    there, eva = in_sundsvall(tmp_path, template)
    before = asyncio.run(written(str(there.path), SUNDSVALL))
    people = house.home / "people.csv"
    people.write_text(f"Efternamn;HSA-id\nAnnerstedt;{AKE}\nHannu;\n", encoding="utf-8")
    for command in (
        ("users", "deregister"),
        ("permissions", "copy", ANNA),
        ("permissions", "grant", PRESCHOOL),
    ):
        answer = house.run(*command, "--file", str(people), "--yes", **eva)
        assert (answer.code, answer.data) == (2, ""), (command, answer)
        assert f"{people}, rad 3: HSA-id saknas." in answer.talk
    assert asyncio.run(written(str(there.path), SUNDSVALL)) == before


def test_what_is_no_ordinary_file_is_refused_and_not_waited_for(
    house: House, tmp_path: Path, template: Path
) -> None:
    there, eva = in_sundsvall(tmp_path, template)
    before = asyncio.run(written(str(there.path), SUNDSVALL))
    pipe = house.home / "pipe"
    os.mkfifo(pipe)
    for named in (str(pipe), "/dev/zero", str(house.home)):
        for command in (
            ("apply", named),
            ("plan", "show", named),
            ("permissions", "grant", PRESCHOOL, "--to", AKE, "--plan", named),
            ("users", "deregister", "--yes", "--file", named),
            ("letters", "question", "--subject", "En fråga", "--text-file", named),
        ):
            answer = house.run(*command, **eva)
            assert (answer.code, answer.data) == (2, ""), (command, answer)
            assert f"{named} är ingen vanlig fil." in answer.talk
    assert asyncio.run(written(str(there.path), SUNDSVALL)) == before


def test_a_list_that_is_twice_as_long_is_twice_the_work(house: House, tmp_path: Path, template: Path) -> None:
    """Counted in calls, which are the same on every machine."""
    _there, eva = in_sundsvall(tmp_path, template)
    plan = house.home / "plan.json"
    newcomers, given = house.home / "new.csv", house.home / "given.csv"

    def calls(*command: str) -> int:
        profile = cProfile.Profile()
        answer = profile.runcall(house.run, *command, **eva)
        assert answer.code == 0, answer.talk
        return sum(each.callcount for each in profile.getstats())

    work: list[tuple[int, int]] = []
    for count in (20, 100, 200, 400):
        ids = [f"{OWNER}-N{number}" for number in range(count)]
        newcomers.write_text("".join(f"{each};Nils;Ny;{each}@b.example;Fsk\n" for each in ids))
        given.write_text("".join(f"{each};Gru\n" for each in ids))
        registering = calls("users", "register", "--file", str(newcomers), "--plan", str(plan))
        granting = calls("permissions", "grant", "--file", str(given), "--plan", str(plan))
        work.append((registering, granting))
        plan.unlink()
    # The first run loads what all of them need.
    for one, two, four in zip(*work[1:], strict=True):
        assert four - two < 2.2 * (two - one), work


def test_a_mistake_in_a_list_is_told_with_its_line(house: House, tmp_path: Path, template: Path) -> None:
    _there, eva = in_sundsvall(tmp_path, template)
    people, old = house.home / "people.csv", house.home / "old.csv"
    people.write_text(f"{AKE};Gru\n{ANNA};Nix\n", encoding="utf-8")
    given = house.run("permissions", "grant", "--file", str(people), "--yes", **eva)
    assert given.code == 1
    assert f"{people}, rad 2: Det finns ingen behörighet ”Nix”" in given.talk
    people.write_text(f"{OWNER}-7;Nils;Ny;n@b.example\n{OWNER}-8;Nora;Ny;n@b.example;Nix\n", encoding="utf-8")
    registered = house.run("users", "register", "--file", str(people), "--yes", **eva)
    assert registered.code == 1
    assert f"{people}, rad 2: Det finns ingen behörighet ”Nix”" in registered.talk
    # The ends of lines of an old Mac are ends of lines.
    old.write_bytes(f"{AKE}\r{ANNA}\r".encode())
    assert house.run("permissions", "grant", "Gym", "--file", str(old), "--yes", **eva).code == 0
    missing = house.run("users", "deregister", "--file", str(tmp_path / "none.csv"), "--yes", **eva)
    assert "(filen eller mappen finns inte)" in missing.talk


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 128 + signal.SIGTERM)])
def test_whoever_types_a_list_can_stop(
    house: House, tmp_path: Path, template: Path, number: signal.Signals, code: int
) -> None:
    _there, eva = in_sundsvall(tmp_path, template)
    command = [sys.executable, "-m", "tui.main", "users", "deregister", "--file", "-", "--yes"]
    with Terminal(command, columns=80, rows=24, environment=house.environment(**eva)) as terminal:
        terminal.wait_for("Skriv här, och avsluta med Ctrl+D")
        terminal.send(AKE, "enter")
        terminal.process.send_signal(number)
        assert terminal.wait_exit() == code
    assert "Traceback" not in terminal.text()


def test_a_list_from_what_can_only_be_written_to_is_wrong_use(
    house: House, tmp_path: Path, template: Path
) -> None:
    _there, eva = in_sundsvall(tmp_path, template)
    with (tmp_path / "out").open("w") as out:
        done = subprocess.run(
            ["behorig", "users", "deregister", "--file", "-", "--yes"],
            env=house.environment(**eva),
            stdin=out,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
    assert (done.returncode, done.stdout, "Traceback" in done.stderr) == (2, "", False), done
    assert "- kan inte läsas" in done.stderr


def test_an_empty_name_is_refused_when_somebody_is_taken_back(
    house: House, tmp_path: Path, template: Path
) -> None:
    _there, eva = in_sundsvall(tmp_path, template)
    assert house.run("users", "deregister", AKE, "--yes", **eva).code == 0
    for flag in ("--given-name", "--family-name", "--email"):
        answer = house.run("users", "reregister", AKE, flag, "", "--yes", **eva)
        assert (answer.code, f"{flag}: " in answer.talk) == (2, True), (flag, answer)


def test_a_newcomer_twice_in_a_list_with_other_details_is_told_with_both_lines(
    house: House, tmp_path: Path, template: Path
) -> None:
    there, eva = in_sundsvall(tmp_path, template)
    before = asyncio.run(written(str(there.path), SUNDSVALL))
    people, plan = house.home / "people.csv", house.home / "plan.json"
    first, other = f"{OWNER}-7;Nils;Ny;n@b.example", f"{OWNER}-7;Nils;Nyman;n@b.example"
    people.write_text(f"{first}\n{OWNER}-8;Nora;Ny;n@b.example\n\n{other}\n", encoding="utf-8")
    register = ("users", "register", "--file", str(people))
    for more in (("--yes", "--json"), ("--dry-run",), ("--plan", str(plan))):
        answer = house.run(*register, *more, **eva)
        assert (answer.code, answer.data) == (2, ""), answer
        assert answer.talk == (
            f"{people}, rad 1 och 4: {OWNER}-7 står två gånger med olika uppgifter. Ta bort den ena raden.\n"
        )
    assert not plan.exists()
    assert asyncio.run(written(str(there.path), SUNDSVALL)) == before
    # Where the other one is in the plan already, the list is right, and it is a rule that is against it.
    people.write_text(f"{first}\n", encoding="utf-8")
    assert house.run(*register, "--plan", str(plan), **eva).code == 0
    people.write_text(f"{other}\n", encoding="utf-8")
    assert house.run(*register, "--plan", str(plan), **eva).code == 1


def test_somebody_twice_in_a_list_counts_once_and_that_is_told(
    house: House, tmp_path: Path, template: Path
) -> None:
    _there, eva = in_sundsvall(tmp_path, template)
    people = house.home / "people.csv"
    people.write_text(
        f"{OWNER}-7;Nils;Ny;n@b.example;Fsk\n{OWNER.lower()}-7;Nils;Ny;n@b.example;Gru\n", encoding="utf-8"
    )
    once = f"{people}, rad 2: någon som står på en tidigare rad. Personen räknas en gång.\n"
    registered = house.run("users", "register", "--file", str(people), "--dry-run", **eva)
    # What each of the lines says that the person shall have is had.
    assert (registered.code, registered.data.count("\n")) == (0, 3), registered
    assert once in registered.talk
    people.write_text(f"{AKE}\nÅke Annerstedt\n", encoding="utf-8")
    for command in (
        ("users", "deregister"),
        ("permissions", "grant", PRESCHOOL),
        ("permissions", "copy", ANNA),
    ):
        answer = house.run(*command, "--file", str(people), "--dry-run", **eva)
        assert answer.code == 0, answer
        assert once in answer.talk
    people.write_text(f"{AKE}\n{AKE}\n{ANNA}\n{ANNA}\n{ANNA}\n", encoding="utf-8")
    several = house.run("permissions", "grant", PRESCHOOL, "--file", str(people), "--dry-run", **eva)
    told = f"{people}: 3 rader nämner någon som står på en tidigare rad, den första är rad 2."
    assert told in several.talk


def test_a_selection_in_which_nobody_is_says_so(house: House, tmp_path: Path, template: Path) -> None:
    there, eva = in_sundsvall(tmp_path, template)
    before = asyncio.run(written(str(there.path), SUNDSVALL))
    for verb in ("grant", "revoke"):
        answer = house.run("permissions", verb, PRESCHOOL, "--having", SECONDARY, "--yes", "--json", **eva)
        assert (answer.code, json.loads(answer.data)["count"]) == (0, 0), answer
        assert (
            answer.talk == "Ingen har behörigheten Asylsökande i gymnasieskola: det finns inget att göra.\n"
        )
    # Who is named besides is meant all the same.
    both = house.run(
        "permissions", "grant", PRESCHOOL, "--having", SECONDARY, "--to", AKE, "--dry-run", **eva
    )
    assert (both.code, both.data.count("\n")) == (0, 1)
    assert "Ingen har behörigheten Asylsökande i gymnasieskola." in both.talk
    copied = house.run("permissions", "copy", AKE, "--to", ANNA, "--yes", **eva)
    assert (copied.code, copied.data) == (0, "")
    assert copied.talk == "Åke Annerstedt har inga behörigheter: det finns inget att kopiera.\n"
    people = house.home / "people.csv"
    for content in ("", "\n\n", "hsa_id;family_name\n"):
        people.write_text(content, encoding="utf-8")
        for command in (
            ("users", "register"),
            ("users", "deregister"),
            ("permissions", "grant", PRESCHOOL),
            ("permissions", "copy", ANNA),
        ):
            empty = house.run(*command, "--file", str(people), "--yes", **eva)
            assert (empty.code, empty.data) == (2, ""), (command, empty)
            assert empty.talk == f"{people} nämner ingen: listan är tom.\n"
    assert asyncio.run(written(str(there.path), SUNDSVALL)) == before


def test_a_file_without_a_name_is_wrong_use(house: House, tmp_path: Path, template: Path) -> None:
    """Such is a script's variable that is not set."""
    there, eva = in_sundsvall(tmp_path, template)
    before = asyncio.run(written(str(there.path), SUNDSVALL))
    asked = house.home / "question.txt"
    asked.write_text("Hur?\n")
    assert house.run("letters", "question", "--subject", "x", "--text-file", str(asked), **eva).code == 0
    letter = json.loads(house.run("letters", "list", "--json", **eva).data)["rows"][0]["id"]
    for command in (
        ("apply", "", "--yes"),
        ("plan", "show", ""),
        ("plan", "drop", "", "1"),
        ("permissions", "grant", PRESCHOOL, "--to", AKE, "--yes", "--plan", ""),
        ("permissions", "grant", PRESCHOOL, "--yes", "--file", ""),
        ("users", "register", "--yes", "--file", ""),
        ("letters", "save", letter, ""),
        ("letters", "question", "--subject", "x", "--text-file", ""),
    ):
        answer = house.run(*command, **eva)
        assert (answer.code, answer.data) == (2, ""), (command, answer)
        assert answer.talk == "Filens namn är tomt: ange en fil.\n", command
    assert asyncio.run(written(str(there.path), SUNDSVALL)) == before
    # Why a letter cannot be saved is said in the reader's language too.
    away = house.run("letters", "save", letter, str(house.home / "no" / "x.eml"), **eva)
    assert "(filen eller mappen finns inte)" in away.talk, away
