"""What importing a part of the program loads, as the running interpreter tells it."""

import importlib.util
import json
import pkgutil
import subprocess
import sys
import tomllib
from pathlib import Path

import core

ROOT = Path(__file__).parent.parent


def modules_loaded_by(code: str) -> set[str]:
    """Give the names in ``sys.modules`` after a new interpreter has run ``code``.

    The code may print; what it raises is an error of the caller.
    """
    program = f"{code}\nimport json, sys\nsys.stderr.write('\\n' + json.dumps(list(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stderr.splitlines()[-1]))


def packages_of(modules: set[str]) -> set[str]:
    """Give the outermost packages of modules."""
    return {module.partition(".")[0] for module in modules}


def modules_in(package: str, path: list[str]) -> list[str]:
    """Give every module of a package, the package first."""
    return [package, *(each.name for each in pkgutil.walk_packages(path, f"{package}."))]


def forbidden_in_core() -> set[str]:
    """Give the modules that the import contract keeps out of ``core``."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    return {
        module
        for contract in contracts
        if contract["id"] == "pure-core"
        for module in contract["forbidden_modules"]
    }


def test_the_helper_sees_what_code_loads_and_nothing_else() -> None:
    assert "sqlite3" in modules_loaded_by("print('talk'); import sqlite3")
    assert "sqlite3" not in modules_loaded_by("pass")


def test_importing_the_whole_core_loads_no_input_output_clock_or_framework() -> None:
    modules = modules_in("core", list(core.__path__))
    assert len(modules) > 1
    # msgspec and zoneinfo are the core's own; what they need of the standard library is theirs.
    given = modules_loaded_by("import msgspec, zoneinfo; zoneinfo.ZoneInfo('Europe/Stockholm')")
    loaded = modules_loaded_by("\n".join(f"import {module}" for module in modules))
    assert packages_of(loaded - given) & forbidden_in_core() == set()
    assert packages_of(loaded) & {"storage", "tui"} == set()


def test_the_line_commands_load_no_textual_and_no_screen() -> None:
    found = importlib.util.find_spec("tui.line")
    assert found is not None
    assert found.submodule_search_locations is not None
    modules = modules_in("tui.line", list(found.submodule_search_locations))
    loaded = modules_loaded_by("\n".join(f"import {module}" for module in modules))
    assert "textual" not in loaded
    assert not {module for module in loaded if module.startswith(("tui.screens", "tui.widgets"))}


def test_the_words_load_neither_babel_nor_textual() -> None:
    loaded = packages_of(modules_loaded_by("from tui.text import _\n_('')"))
    assert loaded & {"babel", "textual", "locale"} == set()


def test_a_start_and_a_question_to_a_local_database_load_nothing_of_the_network() -> None:
    """What signing in over HTTP needs is loaded by who does it."""
    code = """
import tui.assemble.session
import tui.main, tui.app, tui.line.commands, storage.sql.storage, storage.sql.open
"""
    loaded = packages_of(modules_loaded_by(code))
    assert loaded & {"httpx", "joserfc", "cryptography", "litestar", "uvicorn"} == set()


def test_listing_tokens_loads_no_network_and_a_login_loads_no_database() -> None:
    of_tokens = packages_of(modules_loaded_by("import tui.line.token, storage.sql.tokens"))
    assert of_tokens & {"httpx", "joserfc", "cryptography"} == set()
    of_login = packages_of(modules_loaded_by("import tui.line.login, storage.http.signin.login"))
    assert of_login & {"sqlalchemy", "joserfc", "cryptography", "textual"} == set()


def test_a_server_that_takes_tokens_only_loads_what_they_need() -> None:
    modules = "storage.http.server.serve, storage.http.signin.ways, storage.http.signin.tokens"
    loaded = packages_of(modules_loaded_by(f"import {modules}"))
    assert loaded & {"httpx", "joserfc", "cryptography"} == set()
