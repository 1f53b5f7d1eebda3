"""A copy put back under a running program: what it has in mind of the file before is not believed."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from core.changes import AnyChange, Receipt
from core.directory import AUTHORITY, Actor
from core.ports import Storage
from storage.open import open_storage
from tests.builders import NORTH, NORTH_ADMINISTRATOR, NOW, SUPPORT, changeset, grant, launch


async def written(storage: Storage, organisation_id: str, who: Actor, *changes: AnyChange) -> Receipt:
    """Write changes, which must be accepted."""
    answer = await storage.commit(changeset(organisation_id, *changes), who, NOW)
    assert isinstance(answer, Receipt), answer
    return answer


async def test_a_catalogue_that_grew_as_long_in_another_way_is_read_anew(file: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copyfile(file, tmp_path / "copy.db"))
    elsewhere = await open_storage(str(copy))
    other = await written(elsewhere, AUTHORITY, SUPPORT, launch("andra"))
    await elsewhere.close()
    storage = await open_storage(str(file))
    try:
        first = await written(storage, AUTHORITY, SUPPORT, launch("forsta"))
        assert first.last_number == other.last_number
        await written(storage, NORTH, NORTH_ADMINISTRATOR, grant("user-6", "forsta"))
        with closing(sqlite3.connect(copy)) as source, closing(sqlite3.connect(file)) as target:
            source.backup(target)
        gone = await storage.rehearse(changeset(NORTH, grant("user-6", "forsta")), NORTH_ADMINISTRATOR, NOW)
        assert [each.code for each in gone.refusals] == ["not_found"]
        await written(storage, NORTH, NORTH_ADMINISTRATOR, grant("user-6", "andra"))
    finally:
        await storage.close()
