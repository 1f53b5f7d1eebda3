"""docs/commands.md is an interface: it has every command, every kind of row and every name."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tui import session
from tui.line.registry import COMMANDS
from tui.settings import START

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
NAMED = {
    " ".join(each.split())
    for each in re.findall(r"`([^`]+)`", re.sub(r"```.*?```", "", PAGE, flags=re.DOTALL))
}


def calls(name: str) -> Iterator[ast.Call]:
    """Give every call of something with a name in the modules of the commands."""
    for path in sorted((ROOT / "tui" / "line").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
                yield node


def text_at(call: ast.Call, place: int) -> str | None:
    argument = call.args[place]
    return argument.value if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else None


def test_every_command_is_documented_and_no_other() -> None:
    told = {words for words in NAMED if words.startswith("behorig ")}
    told = {re.sub(r"^behorig (.*?)( --.*)?$", r"\1", words) for words in told if "COMMAND" not in words}
    assert told == {each.words for each in COMMANDS}


def test_every_kind_of_row_and_every_name_is_documented() -> None:
    names = {text_at(call, 0) for call in calls("Field")} - {None}
    kinds = {text_at(call, 1) for call in calls("Output")} - {None, "history"}
    assert len(names) > 50
    assert len(kinds) > 10
    assert names - NAMED == set()
    assert kinds - NAMED == set()


def test_every_exit_code_is_documented_here_and_in_both_manuals() -> None:
    codes = {
        value
        for name, value in vars(session).items()
        if name.isupper() and isinstance(value, int) and not isinstance(value, bool)
    }
    assert codes == {0, 1, 2, 3, 4, 70, 130}
    for name in ("commands.md", "manual.md", "manual.en.md"):
        page = (ROOT / "docs" / name).read_text(encoding="utf-8")
        assert {int(code) for code in re.findall(r"^\| (\d+) \|", page, re.MULTILINE)} >= codes, name


def test_what_says_where_and_who_is_documented() -> None:
    for each in START:
        assert f"--{each.key}" in NAMED
        assert each.variable in NAMED
