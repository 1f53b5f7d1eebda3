"""The commands on a PostgreSQL database, and ``behorig migrate`` on a file."""

import shlex
import shutil
from collections.abc import Generator
from pathlib import Path

import psycopg
import pytest

from storage.sql.migrate import migrate
from storage.sql.postgresql.address import address_of
from storage.sql.postgresql.open import migrate_postgresql
from storage.sql.version import SCHEMA_VERSION
from tests.line.command import House
from tests.line.test_init import EVA, SUNDSVALL
from tests.postgresql import server

DATABASE = "behorig"


@pytest.fixture
def empty() -> Generator[str]:
    """An empty database, by its address with a password that nobody asks for."""
    here = server("wheel")
    here.drop(DATABASE)
    yield here.create(DATABASE).replace("postgres@", "postgres:hemligt@")
    here.drop(DATABASE)


def test_init_fills_an_empty_database_and_the_other_commands_read_it(house: House, empty: str) -> None:
    answer = house.run("init", *SUNDSVALL, *EVA, "--storage", empty)
    assert answer.code == 0, answer.talk
    assert "hemligt" not in answer.data + answer.talk
    *_, url, _as, hsa_id = shlex.split(answer.talk.splitlines()[-1])
    assert url == answer.data.strip()
    assert house.files() == []
    checked = house.run("verify", "--storage", url)
    assert (checked.code, checked.talk) == (0, "")
    assert "312 organisationer" in checked.data
    history = house.run("history", "--csv", "--storage", url, "--as", hsa_id)
    assert history.code == 0
    assert "Eva Ek" in history.data
    nobody = house.run("history", "--csv", "--storage", empty, "--as", "SE5565594230-0000")
    assert nobody.code == 1
    assert "hemligt" not in nobody.talk
    again = house.run("init", *SUNDSVALL, *EVA, "--storage", empty)
    assert (again.code, again.data) == (1, "")
    assert "har redan ett innehåll" in again.talk


def test_an_init_that_is_refused_leaves_nothing(house: House, empty: str) -> None:
    support = ("--support", EVA[1], "--support-name", "Bo Berg", "--support-email", "bo@mv.example")
    wrong = house.run("init", *SUNDSVALL, *EVA[:-1], "eva", *support, "--storage", empty)
    assert wrong.code != 0
    with psycopg.connect(empty) as connection:
        found = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname NOT LIKE 'pg_%'")
        assert found.fetchone() == (len(SYSTEM_TABLES),)


SYSTEM_TABLES = ("sql_features", "sql_implementation_info", "sql_parts", "sql_sizing")
"""What every database has in ``information_schema``."""


def test_migrate_tells_and_does(house: House, empty: str) -> None:
    nothing = house.run("migrate", "--check", "--storage", empty)
    assert (nothing.code, nothing.data) == (3, "")
    assert "är tom" in nothing.talk
    assert house.run("init", *SUNDSVALL, *EVA, "--storage", empty).code == 0
    up_to_date = house.run("migrate", "--check", "--storage", empty)
    assert up_to_date.code == 0
    assert f"har version {SCHEMA_VERSION}, som denna behorig behöver" in up_to_date.data
    assert "hemligt" not in up_to_date.data
    migrate_postgresql(address_of(empty), "0004", busy_seconds=5)
    for _ in range(2):
        older = house.run("migrate", "--check", "--storage", empty)
        assert older.code == 1
        assert f"har version 0004, och denna behorig behöver {SCHEMA_VERSION}" in older.data
    refused = house.run("history", "--csv", "--storage", empty, "--as", EVA[1])
    assert (refused.code, refused.data) == (3, "")
    assert "kör behorig migrate" in refused.talk
    done = house.run("migrate", "--storage", empty)
    assert done.code == 0
    assert f"från version 0004 till {SCHEMA_VERSION}" in done.data
    assert house.run("migrate", "--storage", empty).code == 0
    assert house.run("history", "--csv", "--storage", empty, "--as", EVA[1]).code == 0


def test_migrate_keeps_a_copy_of_a_file(house: House, demo_database: Path, tmp_path: Path) -> None:
    file = Path(shutil.copyfile(demo_database, tmp_path / "demo.sqlite"))
    assert house.run("migrate", "--check", "--storage", str(file)).code == 0
    migrate(file, "0005")
    before = file.read_bytes()
    assert house.run("migrate", "--check", "--storage", str(file)).code == 1
    assert file.read_bytes() == before
    assert [each.name for each in tmp_path.glob("demo.sqlite.*")] == []
    done = house.run("migrate", "--storage", str(file))
    assert done.code == 0
    copy = file.with_name("demo.sqlite.version-0005")
    assert str(copy) in done.data
    assert copy.exists()
    assert house.run("migrate", "--check", "--storage", str(file)).code == 0
    assert house.run("migrate", "--storage", str(tmp_path / "no.sqlite")).code == 3
    unnamed = house.run("migrate")
    assert unnamed.code == 2
    assert "Ingen databas är angiven" in unnamed.talk
