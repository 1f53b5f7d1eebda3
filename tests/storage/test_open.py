"""What stands in the way of opening, each as one refusal, and nothing is lost by any of them."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from core.changes import Receipt
from core.directory import INSTALLATION
from core.ports import StorageError
from core.queries import Accounts, OrganisationById
from core.refusal import Refusal
from storage.open import new_sqlite, open_storage, sqlite_path
from storage.sql.mounts import mount_table, network_file_system
from storage.sql.version import APPLICATION_ID, SCHEMA_VERSION
from tests.builders import NORTH, NORTH_ADMINISTRATOR, NOW, TODAY, changeset, register
from tests.storage.integrity import assert_whole, contents

ROOT = Path(__file__).parents[2]
EVERYWHERE = INSTALLATION


async def refusal_of_opening(address: str | Path, **options: object) -> Refusal:
    with pytest.raises(StorageError) as caught:
        await open_storage(str(address), **options)  # type: ignore[arg-type]  # named in each test
    return caught.value.refusal


def content_of(path: Path) -> bytes:
    return path.read_bytes()


def names_in(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def linked(link: Path, target: Path) -> Path:
    link.symlink_to(target)
    return link


def mark_as(path: Path, version: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (version,))


# Addresses ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("sqlite:///here.db", "here.db"),
        ("sqlite:////var/lib/behorig/a.db", "/var/lib/behorig/a.db"),
        ("sqlite:////srv/med%20mellanslag/å.db", "/srv/med mellanslag/å.db"),
        ("/srv/med mellanslag/100%.db", "/srv/med mellanslag/100%.db"),
        ("relative/a.db", "relative/a.db"),
        ("~/a.db", str(Path.home() / "a.db")),
    ],
)
def test_an_address_names_a_file(address: str, path: str) -> None:
    assert sqlite_path(address) == Path(path)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "sqlite:///",
        "sqlite://",
        "sqlite:a.db",
        "sqlite://host/a.db",
        "mysql://host/database",
        "https://behorig.example",
        "file:///a.db",
        "a\0.db",
    ],
)
async def test_another_kind_of_address_is_refused_with_what_is_accepted(address: str) -> None:
    refusal = await refusal_of_opening(address)
    assert (refusal.code, refusal.subject) == ("storage_url", "storage")
    assert refusal.params["accepted"] == "sqlite:///"


# Files --------------------------------------------------------------------------------------------


async def test_a_missing_file_is_refused_and_not_made(tmp_path: Path) -> None:
    path = tmp_path / "none.db"
    assert await refusal_of_opening(path) == Refusal("storage_missing", "storage", {"path": str(path)})
    assert names_in(tmp_path) == []
    assert (await refusal_of_opening(tmp_path / "no" / "folder.db")).code == "storage_missing"
    folder = tmp_path / "no"
    refusal = await refusal_of_opening(folder / "folder.db", create=True)
    assert refusal == Refusal("storage_no_folder", "storage", {"path": str(folder)})


async def test_a_missing_file_is_made_when_asked_for_and_opened_the_next_time(tmp_path: Path) -> None:
    path = tmp_path / "new å ?#%.db"
    for _ in range(2):
        storage = await open_storage(str(path), create=True)
        assert not storage.is_demo
        assert (await storage.ask(Accounts(day=TODAY), EVERYWHERE, NOW)).total == 0
        await storage.close()
    assert names_in(tmp_path) == [path.name]


async def test_what_is_no_file_is_no_database(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for place in (tmp_path, pipe, Path("/dev/null")):
        assert (await refusal_of_opening(place)).code == "storage_not_ours"


async def test_a_database_is_not_made_where_a_folder_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for place in (Path(), Path(".."), tmp_path):
        with pytest.raises(StorageError) as caught:
            async with new_sqlite(place):
                pass
        assert caught.value.refusal.code == "storage_exists"
    assert names_in(tmp_path) == []


async def test_a_database_of_another_program_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE accounts (id)")
    before = content_of(path)
    for create in (False, True):
        assert (await refusal_of_opening(path, create=create)).code == "storage_not_ours"
    assert content_of(path) == before
    assert names_in(tmp_path) == ["other.db"]


async def test_an_empty_file_is_told_to_be_empty_and_not_filled(tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    path.touch()
    for create in (False, True):
        assert (await refusal_of_opening(path, create=create)).code == "storage_empty_file"
    assert (content_of(path), names_in(tmp_path)) == (b"", ["empty.db"])


@pytest.mark.parametrize("content", [b"hello" * 1000, b"SQLite", b"SQLite format 3\0" + b"\xff" * 5000])
async def test_a_file_that_is_no_database_is_told_to_be_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.db"
    path.write_bytes(content)
    for create in (False, True):
        assert (await refusal_of_opening(path, create=create)).code == "storage_not_ours"
    assert content_of(path) == content


def cut_off(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 3)


def spoil(path: Path, index: str) -> None:
    """Fill the first page of an index with rubbish."""
    with closing(sqlite3.connect(path)) as connection:
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (index,)).fetchone()
    with path.open("r+b") as content:
        content.seek((page - 1) * size)
        content.write(b"\x5a" * size)


async def use(path: Path) -> None:
    storage = await open_storage(str(path))
    try:
        await storage.ask(Accounts(day=TODAY, search="anna"), EVERYWHERE, NOW)
        await storage.commit(changeset(NORTH, register("new-1")), NORTH_ADMINISTRATOR, NOW)
    finally:
        await storage.close()


async def test_a_database_cut_off_in_the_middle_is_damaged(file: Path) -> None:
    cut_off(file)
    with pytest.raises(StorageError) as caught:
        await use(file)
    assert caught.value.refusal.code == "storage_damaged"
    assert caught.value.refusal.params["path"] == str(file)


async def test_damage_inside_is_told_when_it_is_met_and_what_is_whole_is_still_read(file: Path) -> None:
    spoil(file, "ix_accounts_by_email")
    storage = await open_storage(str(file))
    try:
        assert await storage.ask(OrganisationById(organisation_id=NORTH), EVERYWHERE, NOW) is not None
        with pytest.raises(StorageError) as caught:
            await storage.commit(changeset(NORTH, register("new-1")), NORTH_ADMINISTRATOR, NOW)
        assert caught.value.refusal.code == "storage_damaged"
        assert await storage.ask(OrganisationById(organisation_id=NORTH), EVERYWHERE, NOW) is not None
    finally:
        await storage.close()


async def test_a_newer_schema_is_refused_with_both_versions(file: Path) -> None:
    mark_as(file, "0417")
    before = contents(file)
    refusal = await refusal_of_opening(file)
    assert refusal == Refusal(
        "storage_newer", "storage", {"path": str(file), "found": "0417", "known": SCHEMA_VERSION}
    )
    assert contents(file) == before


@pytest.mark.parametrize("version", ["", "abc", "1", "99999"])
async def test_a_version_that_is_none_is_damage(file: Path, version: str) -> None:
    mark_as(file, version)
    assert (await refusal_of_opening(file)).code == "storage_damaged"


# What may not be written to -----------------------------------------------------------------------

# The superuser may write everywhere, so the program is run as nobody in these tests. All that it needs is
# loaded before, by doing the same in a folder of its own, since nobody may not be able to read it.
AS_NOBODY = """
import asyncio, os, sys
from pathlib import Path
from core.ports import StorageError
from storage.open import new_sqlite, open_storage

async def do(what, path):
    if what == "new":
        async with new_sqlite(path):
            pass
    else:
        await (await open_storage(str(path))).close()

asyncio.run(do("new", Path(sys.argv[3])))
asyncio.run(do("open", Path(sys.argv[3])))
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
try:
    asyncio.run(do(sys.argv[1], Path(sys.argv[2])))
except StorageError as error:
    print(error.refusal.code, error.refusal.params["path"])
else:
    print("opened")
"""


@pytest.fixture
def public() -> Generator[Path]:
    """A folder that everybody can reach, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="behorig-test-"))
    folder.chmod(0o777)
    yield folder
    folder.chmod(0o777)
    shutil.rmtree(folder)


def as_nobody(what: str, path: Path) -> str:
    with tempfile.TemporaryDirectory() as own:
        done = subprocess.run(
            [sys.executable, "-c", AS_NOBODY, what, str(path), f"{own}/own.db"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_read_only_file_is_refused_and_left_as_it_is(country_template: Path, public: Path) -> None:
    path = Path(shutil.copyfile(country_template, public / "a.db"))
    path.chmod(0o444)
    before = content_of(path)
    assert as_nobody("open", path) == f"storage_read_only {path}"
    assert content_of(path) == before
    path.chmod(0o666)
    assert as_nobody("open", path) == "opened"


def test_a_file_that_may_not_be_read_is_refused(country_template: Path, public: Path) -> None:
    path = Path(shutil.copyfile(country_template, public / "a.db"))
    path.chmod(0o000)
    assert as_nobody("open", path) == f"storage_read_only {path}"


def test_a_read_only_folder_is_refused(country_template: Path, public: Path) -> None:
    path = Path(shutil.copyfile(country_template, public / "a.db"))
    path.chmod(0o666)
    public.chmod(0o555)
    assert as_nobody("open", path) == f"storage_read_only {public}"
    assert as_nobody("new", public / "new.db") == f"storage_read_only {public}"
    assert names_in(public) == ["a.db"]


# Network file systems -----------------------------------------------------------------------------

MOUNTS = """\
22 1 252:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw
30 22 0:40 / /srv/share rw,relatime shared:9 - nfs4 server:/export rw,vers=4.2
31 30 252:2 / /srv/share/local rw - ext4 /dev/vdb1 rw
32 22 0:41 / /mnt/med\\040mellanslag rw - cifs //server/share rw
33 22 0:42 / /srv/eva/far rw - fuse.sshfs eva@server: rw
34 22 252:3 / /srv/sharepoint rw - xfs /dev/vdc1 rw
35 34 0:43 / /srv/sharepoint rw master:3 propagate_from:2 - smb3 //server/other rw
not a line
"""


@pytest.mark.parametrize(
    ("folder", "found"),
    [
        ("/", None),
        ("/var/lib", None),
        ("/srv/share", "nfs4"),
        ("/srv/share/deep/down", "nfs4"),
        ("/srv/share/local/a", None),
        ("/srv/shared", None),
        ("/mnt/med mellanslag/a", "cifs"),
        ("/srv/eva/far", "fuse.sshfs"),
        ("/srv/sharepoint/a", "smb3"),
    ],
)
def test_a_network_file_system_is_known_from_the_mount_table(folder: str, found: str | None) -> None:
    assert network_file_system(Path(folder), MOUNTS) == found


def test_the_machines_own_mount_table_is_read() -> None:
    table = mount_table()
    assert not table or any(" / " in line for line in table.splitlines())
    assert network_file_system(Path(__file__).parent, table) is None


async def test_a_file_on_a_network_is_neither_opened_nor_made(
    file: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    mounts = MOUNTS + f"40 22 0:44 / {file.parent} rw - nfs4 server:/a rw\n"
    before = content_of(file)
    refusal = await refusal_of_opening(file, mounts=mounts)
    assert refusal == Refusal("storage_network", "storage", {"path": str(file), "file_system": "nfs4"})
    with pytest.raises(StorageError) as caught:
        async with new_sqlite(file.with_name("new.db"), mounts=mounts):
            pytest.fail("a database was made on a network")
    assert caught.value.refusal.code == "storage_network"
    # A link from elsewhere leads to the same place.
    link = linked(elsewhere / "link.db", file)
    assert (await refusal_of_opening(link, mounts=mounts)).code == "storage_network"
    assert names_in(file.parent) == [file.name]
    assert content_of(file) == before


# Locked -------------------------------------------------------------------------------------------

HOLD_THE_LOCK = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.readline()
connection.execute("ROLLBACK")
print("let go", flush=True)
"""


@contextmanager
def holding_the_lock(path: Path) -> Generator[Callable[[], None]]:
    """Let another process hold the write lock, until it is told to let go."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD_THE_LOCK, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        if holder.stdin is None or holder.stdout is None:
            raise AssertionError("both ends were asked for")
        assert holder.stdout.readline() == "held\n"
        yield holder.stdin.close


async def test_a_write_waits_for_another_process_and_is_refused_when_that_takes_too_long(file: Path) -> None:
    storage = await open_storage(str(file), busy_seconds=0.3)
    with holding_the_lock(file) as let_go:
        write = changeset(NORTH, register("new-1"), id="waits")
        with pytest.raises(StorageError) as caught:
            await storage.commit(write, NORTH_ADMINISTRATOR, NOW)
        assert caught.value.refusal.code == "storage_locked"
        # Reading goes on meanwhile, and a patient one gets through when the lock is let go.
        assert (await storage.ask(Accounts(day=TODAY), EVERYWHERE, NOW)).total > 0
        patient = await open_storage(str(file), busy_seconds=30)
        task = asyncio.create_task(patient.commit(write, NORTH_ADMINISTRATOR, NOW))
        await asyncio.sleep(0.2)
        assert not task.done()
        let_go()
        assert isinstance(await task, Receipt)
    await patient.close()
    await storage.close()
    assert_whole(file)


# New files ----------------------------------------------------------------------------------------


async def test_a_new_file_is_ours_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    async with new_sqlite(path, demo=True) as storage:
        assert storage.is_demo
        assert not path.exists()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("SELECT is_demo FROM meta").fetchone() == (1,)
    assert path.stat().st_mode & 0o777 == 0o600
    opened = await open_storage(str(path))
    assert opened.is_demo
    await opened.close()


@pytest.mark.parametrize("fast", [False, True])
@pytest.mark.parametrize("error", [RuntimeError, SystemExit, asyncio.CancelledError, KeyboardInterrupt])
async def test_a_new_file_that_is_not_finished_leaves_nothing(
    tmp_path: Path, error: type[BaseException], fast: bool
) -> None:
    with pytest.raises(error):
        async with new_sqlite(tmp_path / "new.db", fast=fast):
            raise error
    assert names_in(tmp_path) == []


async def test_a_new_file_never_takes_the_place_of_another(tmp_path: Path) -> None:
    path = tmp_path / "there.db"
    path.write_text("precious", encoding="utf-8")
    with pytest.raises(StorageError) as caught:
        async with new_sqlite(path):
            pytest.fail("it was there already")
    assert caught.value.refusal == Refusal("storage_exists", "storage", {"path": str(path)})
    path.unlink()
    with pytest.raises(StorageError) as caught:
        async with new_sqlite(path):
            path.write_text("put there meanwhile", encoding="utf-8")
    assert caught.value.refusal.code == "storage_exists"
    assert path.read_text(encoding="utf-8") == "put there meanwhile"
    assert names_in(tmp_path) == [path.name]


# What is loaded -----------------------------------------------------------------------------------


def test_nothing_heavy_is_loaded_before_a_storage_is_opened_and_no_alembic_after(file: Path) -> None:
    program = (
        "import asyncio, sys; import storage.open\n"
        "heavy = {'sqlalchemy', 'sqlalchemy.orm', 'sqlalchemy.dialects.postgresql', 'alembic', 'sqlite3',\n"
        "    'greenlet', 'aiosqlite'}\n"
        "def loaded(): return sorted(heavy & set(sys.modules))\n"
        "print(loaded())\n"
        f"asyncio.run(storage.open.open_storage({str(file)!r}))\n"
        "print(loaded())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.splitlines() == ["[]", "['sqlalchemy', 'sqlite3']"]
