"""Whoever reads the output may go at any moment; how the command ended is told all the same."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.line.test_tasks import AKE, KAISA, in_sundsvall
from tests.screens import house as screens
from tests.screens.conftest import template
from tests.screens.house import SCHOOL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.line.command import House

__all__ = ["template"]


@contextmanager
def a_pipe_that_nobody_reads() -> Iterator[int]:
    """Give the end of a pipe for writing whose other end is closed."""
    reader, writer = os.pipe()
    os.close(reader)
    try:
        yield writer
    finally:
        os.close(writer)


def code_unheard(
    house: House, patches: pytest.MonkeyPatch, *arguments: str, **variables: str
) -> tuple[int, str]:
    """Run a command whose output nobody reads; give its exit code, and what it said on stderr."""
    with a_pipe_that_nobody_reads() as writer, patches.context() as patched:
        patched.setattr(sys, "stdout", os.fdopen(writer, "w", closefd=False))
        answer = house.run(*arguments, **variables)
        sys.stdout.close()  # it has been let go of, and what it still held hurts nobody
    return answer.code, answer.talk


def test_what_a_command_came_to_does_not_depend_on_who_reads_it(
    house: House, tmp_path: Path, template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there, eva = in_sundsvall(tmp_path, template)
    plan = str(house.home / "plan.json")
    staged = ("users", "amend", KAISA, "--email", "kaisa@sundsvall.example")
    assert house.run(*staged, "--plan", plan, **eva).code == 0
    asyncio.run(there.written_by(screens.BO, screens.amend("kaisa", "Hannula")))
    grant = ("permissions", "grant", SCHOOL, "--to", AKE, "--yes", "--json")
    refused = ("users", "deregister", "Bo Berg", "--yes", "--json")
    ends: tuple[tuple[tuple[str, ...], int, str], ...] = (
        (grant, 0, "1 ändring är skriven"),
        (refused, 1, "Inget är skrivet."),
        (("apply", plan, "--yes", "--json"), 4, "det som sågs är inte längre så"),
        (("plan", "show", plan), 4, "det som sågs är inte längre så"),
        (("users", "list"), 0, ""),
    )
    for command, code, said in ends:
        found, talk = code_unheard(house, monkeypatch, *command, **eva)
        assert (found, said in talk) == (code, True), (command, found, talk)
    assert asyncio.run(there.has("ake")) == {SCHOOL}


def test_nothing_is_complained_of_when_python_ends(house: House, tmp_path: Path, template: Path) -> None:
    _there, eva = in_sundsvall(tmp_path, template)
    with a_pipe_that_nobody_reads() as writer:
        done = subprocess.run(
            ["behorig", "users", "deregister", "Bo Berg", "--yes", "--json"],
            env=house.environment(**eva),
            stdin=subprocess.DEVNULL,
            stdout=writer,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            timeout=120,
        )
    assert done.returncode == 1
    assert done.stderr.endswith("Inget är skrivet.\n")


@pytest.mark.parametrize("closed", [">&-", "<&- >&- 2>&-"])
def test_a_stream_that_is_closed_from_the_beginning_is_no_fault(
    house: House, tmp_path: Path, template: Path, closed: str
) -> None:
    there, eva = in_sundsvall(tmp_path, template)
    command = f"behorig permissions grant {SCHOOL} --to {AKE} --json"
    done = subprocess.run(
        ["/bin/sh", "-c", f"{command} {closed}; echo $?; {command} --yes {closed}; echo $?"],
        env=house.environment(**eva),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    codes = [line for line in done.stdout.splitlines() if line.isdecimal()]
    assert (codes, "Traceback" in done.stderr) == (["2", "0"], False), done
    assert asyncio.run(there.has("ake")) == {SCHOOL}


@pytest.mark.parametrize("words", ["--help", "plan show plan.json", "verify"])
def test_a_terminal_of_few_letters_is_no_fault(
    house: House, tmp_path: Path, template: Path, words: str
) -> None:
    there, eva = in_sundsvall(tmp_path, template)
    plan = ("--plan", str(house.home / "plan.json"))
    assert house.run("permissions", "grant", SCHOOL, "--to", AKE, *plan, **eva).code == 0
    if words == "verify":
        words += f" --storage {there.path}"
    answer = house.run_apart(*words.split(), **eva, PYTHONIOENCODING="ascii")
    assert (answer.code, "Traceback" in answer.talk) == (0, False), answer
    assert "?" in answer.data


def test_talk_that_no_disk_takes_stops_no_write(house: House, tmp_path: Path, template: Path) -> None:
    there, eva = in_sundsvall(tmp_path, template)
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            ["behorig", "permissions", "grant", SCHOOL, "--to", AKE, "--yes", "--json"],
            env=house.environment(**eva),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=full,
            check=False,
            timeout=120,
        )
    assert (done.returncode, b'"receipt"' in done.stdout) == (0, True)
    assert asyncio.run(there.has("ake")) == {SCHOOL}


def test_what_a_command_came_to_holds_though_no_disk_takes_its_output(
    house: House, tmp_path: Path, template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there, eva = in_sundsvall(tmp_path, template)
    plan = str(house.home / "plan.json")
    staged = ("users", "amend", KAISA, "--email", "kaisa@sundsvall.example")
    assert house.run(*staged, "--plan", plan, **eva).code == 0
    asyncio.run(there.written_by(screens.BO, screens.amend("kaisa", "Hannula")))
    grant = ("permissions", "grant", SCHOOL, "--to", AKE, "--yes", "--json")
    lost = "skriva till slutet: disken är full."
    holds = f"Det som sägs ovan gäller, men utdata gick inte att {lost}"
    ends: tuple[tuple[tuple[str, ...], int, str], ...] = (
        (grant, 0, holds),
        (("users", "deregister", "Bo Berg", "--yes", "--json"), 1, holds),
        (("apply", plan, "--yes", "--json"), 4, holds),
        # What is read is the whole answer: without it nothing is done.
        (("plan", "show", plan), 70, lost),
        (("users", "list"), 70, lost),
    )
    for command, code, said in ends:
        with Path("/dev/full").open("w") as full, monkeypatch.context() as patched:
            patched.setattr(sys, "stdout", full)
            answer = house.run(*command, **eva)
        assert (answer.code, said in answer.talk) == (code, True), (command, answer)
        assert ("Det som sägs" in answer.talk) is (said is holds)
    assert asyncio.run(there.has("ake")) == {SCHOOL}


def test_a_token_that_no_disk_takes_is_told_by_its_id(
    house: House, tmp_path: Path, template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is shown once and nobody has it: whoever made it has to know what there is to revoke."""
    _there, eva = in_sundsvall(tmp_path, template)
    with Path("/dev/full").open("w") as full, monkeypatch.context() as patched:
        patched.setattr(sys, "stdout", full)
        answer = house.run("token", "create", screens.EVA, "--expires", "3", **eva)
    assert answer.code == 70
    listed = house.run("token", "list", **eva).data
    made = listed.split()[0]
    assert f"återkalla den med behorig token revoke {made} och skapa en ny." in answer.talk
    assert house.run("token", "revoke", made, **eva).code == 0
