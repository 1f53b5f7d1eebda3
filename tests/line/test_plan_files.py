"""What happens to the file of a plan: taken back, thinned out, and written as it was reviewed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.line.test_tasks import AKE, in_sundsvall
from tests.screens.conftest import template
from tests.screens.house import PRESCHOOL

if TYPE_CHECKING:
    from pathlib import Path

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
