"""With ``--json``, a write that ends with 1 or 4 has a document that says why, whatever stood in the way."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

from core import changes as c
from storage.open import open_storage
from tests.line.test_tasks import AKE, in_sundsvall
from tests.screens.between import Between
from tests.screens.callers import SIV, with_support
from tests.screens.conftest import template
from tests.screens.house import BO, OWNER, PRESCHOOL, SCHOOL
from tui.line.plan import read_plan

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    import pytest

    from core.changes import Changeset
    from core.directory import Actor
    from core.ports import Storage
    from core.rules import Decision
    from tests.line.command import Answer, House

__all__ = ["template"]


def refusals(answer: Answer) -> list[tuple[str, str, bool]]:
    """Give code, subject and staleness of each refusal; its sentence is also what was said."""
    document = json.loads(answer.data)
    rows = document["rows"]
    assert (document["format"], document["kind"], document["count"]) == ("behorig", "refusals", len(rows))
    for row in rows:
        assert row["sentence"] in answer.talk
    assert "Traceback" not in answer.talk
    return [(row["code"], row["subject"], row["stale"]) for row in rows]


def test_what_is_named_and_not_there_has_a_document(house: House, tmp_path: Path, template: Path) -> None:
    _there, eva = in_sundsvall(tmp_path, template)
    people = house.home / "people.csv"
    people.write_text(f"{AKE};Nix\n", encoding="utf-8")
    too_long = str(house.home / ("n" * 254))
    for command, found in (
        (("permissions", "grant", "Nix", "--to", AKE), ("not_found", "Nix", False)),
        (("permissions", "grant", PRESCHOOL, "--to", "Ingen Alls"), ("not_found", "Ingen Alls", False)),
        (("permissions", "grant", "--file", str(people)), ("not_found", "Nix", False)),
        (("permissions", "copy", "", "--to", AKE), ("not_found", "", False)),
        (("users", "amend", "Ingen Alls", "--email", "a@b.example"), ("not_found", "Ingen Alls", False)),
        (("users", "deregister", AKE, "--in", "Bjurholm"), ("not_found", "Bjurholm", False)),
        (("undo", "--as", BO), ("not_found", "", False)),
        (("undo", "nosuch"), ("not_found", "nosuch", False)),
        (
            ("permissions", "grant", PRESCHOOL, "--to", AKE, "--plan", too_long),
            ("file_unwritable", too_long, False),
        ),
        (("users", "deregister", AKE, "--as", f"{OWNER}-NONE"), ("no_account", f"{OWNER}-NONE", False)),
    ):
        answer = house.run(*command, "--yes", "--json", **eva)
        assert answer.code == 1, (command, answer)
        assert refusals(answer) == [found], command
        # Who asked for no document is given none.
        assert house.run(*command, "--yes", **eva).data == ""


def test_news_that_are_not_there_have_a_document(house: House, tmp_path: Path, template: Path) -> None:
    there, settings = in_sundsvall(tmp_path, template, SIV)
    asyncio.run(with_support(there))
    for command, found in (
        (("news", "withdraw", "nosuch"), ("not_found", "nosuch", False)),
        (("agreements", "sign", "nosuch", "--in", "Sundsvalls kommun"), ("not_found", "nosuch", False)),
        (("organisations", "amend", "nosuch", "--name", "Ny"), ("not_found", "nosuch", False)),
        (("permissions", "retire", "nosuch", "--day", "2030-01-01"), ("not_found", "nosuch", False)),
    ):
        answer = house.run(*command, "--yes", "--json", **settings)
        assert answer.code == 1, (command, answer)
        assert refusals(answer) == [found], command


def test_the_id_of_a_plan_that_was_used_for_something_else_is_told(
    house: House, tmp_path: Path, template: Path
) -> None:
    _there, eva = in_sundsvall(tmp_path, template)
    plan = house.home / "plan.json"
    grant = ("permissions", "grant", PRESCHOOL, SCHOOL, "--to", AKE, "--plan", str(plan))
    assert house.run(*grant, **eva).code == 0
    assert house.run("apply", str(plan), "--yes", **eva).code == 0
    document = json.loads(plan.read_text(encoding="utf-8"))
    used = document["changeset"]["id"]
    # Somebody else, who may have meant just this.
    other = house.run("apply", str(plan), "--yes", "--json", **{**eva, "BEHORIG_AS": BO})
    assert other.code == 1
    assert refusals(other) == [("changeset_id_reused", used, False)]
    assert "Planens id är redan använt: Eva Ek skrev med det " in other.talk
    # The same person, with something else.
    del document["changeset"]["changes"][0]
    plan.write_text(json.dumps(document), encoding="utf-8")
    before = plan.read_bytes()
    for more in (("--yes",), ("--yes", "--json"), ("--dry-run", "--json")):
        answer = house.run("apply", str(plan), *more, **eva)
        assert answer.code == 1
        assert "Planens id är redan använt: du skrev något annat med det " in answer.talk
        assert (refusals(answer) if "--json" in more else answer.data) == (
            [("changeset_id_reused", used, False)] if "--json" in more else ""
        )
    assert plan.read_bytes() == before


class Restaged(Between):
    """Somebody adds to the plan while it is reviewed."""

    def __init__(self, storage: Storage, plan: Path) -> None:
        """Stand before a storage, and know where the plan is."""
        super().__init__(storage)
        self._plan = plan

    async def rehearse(self, changeset: Changeset, actor: Actor, now: datetime) -> Decision:
        """Let the plan be another one from now on."""
        self._plan.write_text(self._plan.read_text(encoding="utf-8").replace(PRESCHOOL, SCHOOL))
        return await super().rehearse(changeset, actor, now)


def test_a_plan_that_changed_meanwhile_has_a_document(
    house: House, tmp_path: Path, template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _there, eva = in_sundsvall(tmp_path, template)
    plan = house.home / "plan.json"
    grant = ("permissions", "grant", PRESCHOOL, "--to", AKE, "--plan", str(plan))
    assert house.run(*grant, **eva).code == 0

    async def restaged(storage: str) -> Restaged:
        return Restaged(await open_storage(storage), plan)

    with monkeypatch.context() as patched:
        patched.setattr("tui.assemble.session.open_storage", restaged)
        answer = house.run("apply", str(plan), "--yes", "--json", **eva)
    assert answer.code == 4, answer
    assert refusals(answer) == [("plan_changed", str(plan), True)]
    kept = read_plan(plan)
    assert kept is not None
    assert [type(each) for each in kept.changeset.changes] == [c.Grant]
