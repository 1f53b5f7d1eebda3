"""The small country, written into the model by the rules themselves."""

import pytest

from core.changes import AnyChange, Receipt
from core.directory import INSTALLATION, Actor
from core.refusal import Refusal
from tests.builders import NORTH, NORTH_ADMINISTRATOR, NOW, changeset, country, notes
from tests.model import Model


def _written() -> Model:
    model = Model()
    for step in country():
        answer = model.write(step.changeset, step.actor, step.at)
        assert isinstance(answer, Receipt), answer
    for each in notes():
        assert model.enter(each.entry, each.actor, each.at) is None
    return model


WRITTEN = _written()
"""The small country; work on a copy."""


@pytest.fixture
def model() -> Model:
    """The small country, for one test to change."""
    return WRITTEN.copy()


class Desk:
    """Writes at ``NOW`` and tells what came of it in a word or two."""

    def __init__(self, model: Model) -> None:
        self.model = model

    def refusals(
        self, *changes: AnyChange, by: Actor = NORTH_ADMINISTRATOR, at: str = NORTH
    ) -> tuple[Refusal, ...]:
        """Try changes without writing them."""
        return self.model.decide(changeset(at, *changes), by, NOW).refusals

    def codes(self, *changes: AnyChange, by: Actor = NORTH_ADMINISTRATOR, at: str = NORTH) -> list[str]:
        """Try changes without writing them, and give the codes of the refusals."""
        return [refusal.code for refusal in self.refusals(*changes, by=by, at=at)]

    def write(self, *changes: AnyChange, by: Actor = INSTALLATION, at: str = NORTH) -> str:
        """Write changes, which must be accepted; give the changeset's id."""
        made = changeset(at, *changes)
        answer = self.model.write(made, by, NOW)
        assert isinstance(answer, Receipt), answer
        return made.id


@pytest.fixture
def desk(model: Model) -> Desk:
    """A place to write at."""
    return Desk(model)
