"""The registry of commands is whole: whatever can be asked, changed or done on a screen has a command."""

import pytest

from core.changes import CHANGES
from core.queries import QUERIES
from tests.test_imports import modules_loaded_by, packages_of
from tui.actions import ACTIONS, EVERYBODY
from tui.line.commands import in_order, program
from tui.line.registry import COMMANDS, GROUPS, command_of, words_after

# What is no task of its own, each with the reason -----------------------------------------------

_MOVES = "goes about on a screen; what is to be seen is named when a command is typed"
_MARKS = "marks people for what follows; a command names them"
_STAGES = "looks after what is staged on a screen; a command stages into a file and writes it whole"
_LOOKS = "changes how a screen looks"
_TERMINAL = "is about a terminal's clipboard, cursor or messages; lines are copied as they stand"

NOT_TASKS = {
    **dict.fromkeys(
        (
            *("app.palette", "app.jump", "app.quit", "search.again"),
            *("news.matrix", "announcement.matrix"),
        ),
        _MOVES,
    ),
    **dict.fromkeys(("announcement.back", "person.back", "card.back", "organisation.back"), _MOVES),
    **dict.fromkeys(("review.back", "review.write", "support.choose", "organisation.choose"), _MOVES),
    **dict.fromkeys(("people.mark", "people.mark_all", "people.unmark_all"), _MARKS),
    **dict.fromkeys(("permissions.reset", "review.drop", "review.keep", "review.drop_all"), _STAGES),
    "app.take_over": _STAGES,
    **dict.fromkeys(("permissions.fold", "app.display"), _LOOKS),
    "app.describe": "says where on a screen one is; a line says by itself what it is about",
    "app.help": "tells the keys of a screen; every command tells its options with --help",
    **dict.fromkeys(("app.told", "app.messages", "card.copy", "card.copy_line", "support.copy"), _TERMINAL),
}


NOT_ASKED = {"own_preferences": "how the screens shall be for somebody; no command has a screen"}
"""Questions that no command asks, each with the reason."""


def tag_of(kind: type) -> str:
    """Give the name of a kind of change or question, as the registry has it."""
    return str(kind.__struct_config__.tag)  # type: ignore[attr-defined]  # a struct has it


def test_every_kind_of_change_has_a_command() -> None:
    kinds = {tag_of(each) for each in CHANGES}
    made = frozenset().union(*(each.changes for each in COMMANDS))
    assert made <= kinds
    assert kinds - made == set()


def test_every_kind_of_question_has_a_command() -> None:
    kinds = {tag_of(each) for each in QUERIES}
    asked = frozenset().union(*(each.queries for each in COMMANDS))
    assert asked <= kinds
    assert kinds - asked == set(NOT_ASKED)


def test_whatever_is_done_on_a_screen_has_a_command_or_a_reason_why_not() -> None:
    known = {each.id for each in ACTIONS}
    done = frozenset().union(*(each.actions for each in COMMANDS))
    assert done <= known
    assert not done & set(NOT_TASKS)
    assert known - done - set(NOT_TASKS) == set()
    assert set(NOT_TASKS) <= known


def test_a_command_is_for_whom_its_questions_and_changes_are() -> None:
    roles = {tag_of(each): frozenset(map(str, each.made_by)) for each in CHANGES}
    roles |= {tag_of(each): frozenset(map(str, each.asked_by)) for each in QUERIES}
    for command in COMMANDS:
        if not command.roles:
            continue
        assert command.roles <= EVERYBODY
        for kind in command.changes | command.queries:
            assert command.roles & roles[kind], (command.words, kind)


def test_the_words_of_commands_are_known_by_their_beginning() -> None:
    assert command_of(["users", "list", "--json"]) is not None
    assert command_of(["users"]) is None
    assert command_of(["--json", "users"]) is None
    assert words_after("token") == ("create", "list", "revoke")
    assert {each.word for each in GROUPS} <= set(words_after())
    words = [each.words for each in COMMANDS]
    assert len(words) == len(set(words))


@pytest.mark.parametrize(
    ("arguments", "ordered"),
    [
        ("--as X --storage=y users list --json", "users list --as X --storage=y --json"),
        ("users --as list list", "users list --as list"),
        ("news show --as X id", "news show --as X id"),
        ("search --in users list", "search --in users list"),
        ("--as X", "--as X"),
        ("--as", "--as"),
        ("--theme dark users list", "--theme dark users list"),
        ("init --organisation 0180", "init --organisation 0180"),
        ("users lst", "users lst"),
    ],
)
def test_where_and_who_may_be_said_before_the_words_of_a_command(arguments: str, ordered: str) -> None:
    assert in_order(arguments.split()) == ordered.split()


def test_every_command_can_be_called_and_says_what_it_is_for() -> None:
    whole = program(whole=True)
    for command in COMMANDS:
        app = whole
        for word in command.words.split():
            app = app[word]
        for argument in app.assemble_argument_collection():
            assert argument.name == "*" or argument.parameter.help, (command.words, argument.name)


def test_no_command_loads_a_screen() -> None:
    """Each function is loaded, and all that it loads when it is run (deferred imports are looked into)."""
    modules = sorted({each.call.partition(":")[0] for each in COMMANDS})
    code = f"""
import ast, importlib, inspect
for name in {modules!r}:
    module = importlib.import_module(name)
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("tui.line."):
            importlib.import_module(node.module)
"""
    loaded = modules_loaded_by(code)
    assert "tui.line.users" in loaded
    assert "textual" not in packages_of(loaded)
    assert not {each for each in loaded if each.startswith(("tui.screens", "tui.widgets"))}
