"""What the code hands to the functions of `tui.text`, read from its syntax and not by the extraction."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.text.test_translations import forms
from tests.translations import CODE, messages, stored

FUNCTIONS = {"_": 0, "N_": 0, "ngettext": 0, "pgettext": 1}
"""The functions, each with the place of its msgid."""

LOADED_AFTERWARDS = "line"
"""The package whose modules are loaded once the language is chosen: its options are made at import."""


@cache
def _modules() -> dict[Path, ast.Module]:
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(CODE.rglob("*.py"))}


def _calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in FUNCTIONS:
            yield node.func.id, node


def test_every_text_of_the_code_is_in_the_catalogue_wherever_it_stands() -> None:
    # The extraction passes over what stands inside of an f-string, or of another call.
    known = {forms(message.id)[0] for message in messages(stored("sv"))}
    missing = [
        f"{path.relative_to(CODE)}:{call.lineno}: {argument.value}"
        for path, tree in _modules().items()
        for name, call in _calls(tree)
        if isinstance(argument := call.args[FUNCTIONS[name]], ast.Constant)
        and isinstance(argument.value, str)
        and argument.value not in known
    ]
    assert missing == []


def _at_import(node: ast.AST) -> Iterator[ast.AST]:
    """Give what runs when a module is imported: what stands in functions does not, but their defaults do."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            for each in (*child.args.defaults, *child.args.kw_defaults, *child.decorator_list):
                if each is not None:
                    yield each
                    yield from _at_import(each)
        elif not isinstance(child, ast.Lambda):
            yield child
            yield from _at_import(child)


def test_no_text_is_translated_before_the_language_is_chosen() -> None:
    early = [
        f"{path.relative_to(CODE)}:{node.lineno}"
        for path, tree in _modules().items()
        if path.relative_to(CODE).parts[0] != LOADED_AFTERWARDS
        for node in _at_import(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in FUNCTIONS
        and node.func.id != "N_"
    ]
    assert early == []


def test_no_time_is_written_the_swedish_way_outside_of_the_texts() -> None:
    # A time by strftime has a full stop in English too; tui.text.dates writes it as the language does.
    found = [
        f"{path.relative_to(CODE)}:{node.lineno}"
        for path, tree in _modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "%H.%M" in node.value
    ]
    assert found == []
