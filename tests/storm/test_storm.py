"""A small storm in every run of the tests; the whole of it is `make storm`."""

import asyncio
from pathlib import Path

from tests.postgresql import server
from tests.storm.storm import storm


def test_in_a_storm_every_changeset_is_written_exactly_once_and_the_screen_follows(tmp_path: Path) -> None:
    here = server("wheel")
    url = here.create("storm")
    try:
        done = asyncio.run(storm(url, tmp_path, changesets=400, clients=16, lost=0.05))
    finally:
        here.drop("storm")
    assert done.wrong == [], done.told()
    assert done.answers_lost > 5
    assert done.repeated > 0, "of what was written and whose answer was lost"
    assert done.screen_followed
