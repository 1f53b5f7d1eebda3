"""Lists that commands read: what is wrong with one is told by its line, and nothing is done."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

from tests.line.test_tasks import AKE, in_sundsvall
from tests.screens.conftest import template
from tests.screens.house import PRESCHOOL, SUNDSVALL
from tests.tasks import ANNA, written

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
