"""What holds for the project as a whole: its files, its lock, its promises to a reader and to a machine."""

import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent

TOP_LEVEL = {
    # What the program is.
    "core", "storage", "tui",
    # What shows that it works.
    "tests", "bench", "screenshots", ".ci",
    # What tells about it, and what makes it.
    "docs", "README.md", "LICENSE", "Makefile", "pyproject.toml", "uv.lock", ".gitignore",
}  # fmt: skip

# Written in two parts, so that this file does not hold what it looks for.
MACHINE_PATHS = re.compile("/(?:wo" + "rk|ro" + "ot|ho" + "me/[a-z]+)/")
# A linter or the type checker told to look away; the linter sees to it that a code is named. The reason
# follows on the same line, or is the comment on the line above.
SWITCHED_OFF = re.compile(r"# (?:noqa|type: ignore)(?P<rest>.*)")
REASON = re.compile(r" [-#] *\w.*\w")


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def settings() -> dict[str, Any]:
    return tomllib.loads(read("pyproject.toml"))


def package_name(requirement: str) -> str:
    """Give the name in a requirement such as ``sqlalchemy[asyncio]>=2.1``."""
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found is not None
    return found.group().lower()


def tracked() -> list[str]:
    """Give the files that are under version control, as paths from the project's folder."""
    if not (ROOT / ".git").exists():
        pytest.skip("this is not a clone: only version control knows which files belong to the project")
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]


def tracked_texts() -> Iterator[tuple[str, str]]:
    for name in tracked():
        if Path(name).suffix not in {".mo", ".lock", ".svg"}:
            yield name, read(name)


def test_the_top_level_holds_what_the_design_says_and_nothing_else() -> None:
    assert {name.partition("/")[0] for name in tracked()} <= TOP_LEVEL


def test_no_file_names_a_folder_of_the_machine_it_was_made_on() -> None:
    found = [name for name, content in tracked_texts() if MACHINE_PATHS.search(content)]
    assert found == []


def test_a_check_is_switched_off_only_by_its_code_and_with_a_reason() -> None:
    bare = []
    for name, content in tracked_texts():
        if not name.endswith(".py"):
            continue
        above = ""
        for number, line in enumerate(content.splitlines(), 1):
            found = SWITCHED_OFF.search(line)
            if found and not REASON.search(found["rest"]) and not above.startswith("#"):
                bare.append(f"{name}:{number}: {line.strip()}")
            above = line.strip()
    assert bare == []


def test_the_lock_file_was_made_from_these_dependencies() -> None:
    lock = tomllib.loads(read("uv.lock"))
    project = settings()
    (locked,) = [package for package in lock["package"] if package["name"] == "behorig"]
    wanted = {package_name(each) for each in project["project"]["dependencies"]}
    assert {each["name"] for each in locked["metadata"]["requires-dist"]} == wanted
    wanted_dev = {package_name(each) for each in project["dependency-groups"]["dev"]}
    assert {each["name"] for each in locked["metadata"]["requires-dev"]["dev"]} == wanted_dev
    assert lock["requires-python"] == project["project"]["requires-python"]


def test_the_lock_file_names_the_public_index_only() -> None:
    hosts = set(re.findall(r"https?://([^/\"]+)", read("uv.lock")))
    assert hosts == {"pypi.org", "files.pythonhosted.org"}


def test_every_dependency_has_its_reason_in_the_architecture() -> None:
    project = settings()
    text = read("docs/architecture.md").lower()
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    missing = [name for name in map(package_name, wanted) if f"`{name}`" not in text]
    assert missing == []


def test_make_tells_about_every_target() -> None:
    makefile = read("Makefile")
    (phony,) = re.findall(r"^\.PHONY: (help .*)$", makefile, re.MULTILINE)
    told = re.findall(r"@echo 'make ([a-z]+) ", makefile)
    assert told == [target for target in phony.split() if target != "help"]


def test_every_file_that_a_document_points_to_is_there() -> None:
    documents = [name for name in tracked() if name.endswith(".md")]
    assert "README.md" in documents
    missing = [
        f"{name}: {target}"
        for name in documents
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", read(name))
        if "://" not in target and not (ROOT / name).parent.joinpath(target).exists()
    ]
    assert missing == []


def test_the_readme_shows_the_two_commands() -> None:
    readme = read("README.md")
    assert "make demo" in readme
    assert "make test" in readme


def test_the_wheel_holds_the_program_and_its_data_and_nothing_else(tmp_path: Path) -> None:
    uv = Path(sys.executable).parent / "uv"
    if not uv.exists():
        pytest.skip("uv is not in this environment: make it with `make test`")
    # What builds the wheel is in uv's cache since it built the environment; so no network is needed.
    done = subprocess.run(
        [str(uv), "build", "--quiet", "--wheel", "--offline", "--out-dir", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode and "offline" in done.stderr.lower():
        pytest.skip("what builds the wheel is not in uv's cache, and a test does not use the network")
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("behorig-*.whl")
    with zipfile.ZipFile(wheel) as file:
        names = set(file.namelist())
    information = {name for name in names if name.partition("/")[0].endswith(".dist-info")}
    assert {name.partition("/")[0] for name in names - information} == {"core", "storage", "tui"}
    kept = {name for name in tracked() if name.startswith(("core/", "storage/", "tui/"))}
    assert kept <= names
    assert "tui/text/sv/LC_MESSAGES/behorig.mo" in names
    with zipfile.ZipFile(wheel) as file:
        for name in ("manual", "questions"):
            assert file.read(f"tui/text/sv/{name}.md").decode() == read(f"docs/{name}.md"), "one source"
            assert file.read(f"tui/text/en/{name}.md").decode() == read(f"docs/{name}.en.md"), "one source"
    assert any(name.endswith("/licenses/LICENSE") for name in information)


SKIPPING = """
import pytest

def test_that_skips():
    pytest.skip("no reason is enough")

@pytest.mark.skip(reason="marked")
def test_that_is_marked():
    pass

@pytest.mark.xfail(reason="known")
def test_that_is_known_to_fail():
    assert False
"""


@pytest.mark.parametrize(
    ("in_ci", "wanted"), [("true", r"1 failed, 1 xfailed, 1 error"), ("", r"2 skipped, 1 xfailed")]
)
def test_nothing_is_skipped_unseen_in_ci(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, in_ci: str, wanted: str
) -> None:
    monkeypatch.setenv("CI", in_ci)
    shutil.copy(ROOT / "tests" / "conftest.py", tmp_path)
    (tmp_path / "test_skipping.py").write_text(SKIPPING, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text(
        "[pytest]\nasyncio_default_fixture_loop_scope = function\n", encoding="utf-8"
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert re.search(wanted, done.stdout), done.stdout
