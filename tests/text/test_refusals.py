"""Every refusal that the source can give has one sentence of its own, which uses what the refusal tells."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.refusal import Refusal
from tui.text import PLACEHOLDER, _, number, speaking
from tui.text.refusals import FIELDS, ROLES, SENTENCES, sentence

ROOT = Path(__file__).parents[2]

MAKERS = {"Refusal": 0, "_wrong": 1, "refuse": 0, "busy": 1}
"""The functions that make a refusal, and which argument is its code."""

ELSEWHERE: dict[tuple[str, str], set[str]] = {
    # core.text.fault gives these, and a test below holds it to them.
    ("core/identity.py", "code"): {"too_long", "control", "lone_mark", "sign"},
    ("core/identity.py", "found[0]"): {"control", "lone_mark"},
    # These pass on a refusal that was made elsewhere.
    ("core/identity.py", "_wrong"): set(),
    ("core/rules/people.py", "refusal.code"): set(),
    ("core/wire.py", "refusal.code"): set(),
    ("storage/http/problems.py", "refusal.code"): set(),
    ("storage/http/problems.py", "found.code"): set(),
    ("storage/http/problems.py", "each.code"): set(),
    # What a server says when it ends a stream.
    ("storage/http/client.py", "shown(code)"): set(),
}
"""Codes that do not stand where the refusal is made."""

WORDS = {"field", "account", "permission", "subject", "role", "database", "place", "day"}
"""The places of a sentence that are made from more than one parameter."""


class Made:
    """A place in the source that makes a refusal: the codes it can have, its parameters."""

    def __init__(self, where: str, codes: set[str], params: set[str] | None) -> None:
        self.where = where
        self.codes = codes
        self.params = params


def assigned(tree: ast.AST, name: str) -> Iterator[ast.expr]:
    """Give every value that a name gets somewhere in a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id == name for target in node.targets
        ):
            yield node.value


def codes_of(tree: ast.AST, value: ast.expr) -> set[str]:
    """Give the texts that an expression can be; none when that cannot be told."""
    match value:
        case ast.Constant(value=str(code)):
            return {code}
        case ast.IfExp():
            return codes_of(tree, value.body) | codes_of(tree, value.orelse)
        case ast.Dict():
            return set().union(*(codes_of(tree, each) for each in value.values))
        case ast.Subscript():
            return codes_of(tree, value.value)
        case ast.Call(func=ast.Attribute(attr="get", value=table)):
            return codes_of(tree, table).union(*(codes_of(tree, each) for each in value.args[1:]))
        case ast.Name():
            return set().union(*(codes_of(tree, each) for each in assigned(tree, value.id)))
    return set()


def made_in(path: Path) -> Iterator[Made]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    name = path.relative_to(ROOT).as_posix()
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        maker = node.func.id if isinstance(node.func, ast.Name) else ""
        if maker not in MAKERS or len(node.args) <= MAKERS[maker]:
            continue
        code = node.args[MAKERS[maker]]
        codes = codes_of(tree, code) or ELSEWHERE.get((name, ast.unparse(code)), set())
        known = bool(codes) or (name, ast.unparse(code)) in ELSEWHERE or is_parameter(tree, node, code)
        assert known, f"{name}:{node.lineno}: which codes can {ast.unparse(code)} be?"
        yield Made(f"{name}:{node.lineno}", codes, params_of(maker, node))


def is_parameter(tree: ast.AST, call: ast.Call, code: ast.expr) -> bool:
    """Say whether the code comes from the caller: then the callers are the ones that are looked at."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef) and function.name in MAKERS:
            names = {argument.arg for argument in function.args.args}
            if call in set(ast.walk(function)) and isinstance(code, ast.Name) and code.id in names:
                return True
    return False


def params_of(maker: str, call: ast.Call) -> set[str] | None:
    """Give the names of the parameters where they stand in the call."""
    if maker in ("_wrong", "refuse"):
        return {keyword.arg for keyword in call.keywords if keyword.arg is not None}
    if len(call.args) < 3:
        return set()
    table = call.args[2]
    if not isinstance(table, ast.Dict) or not all(isinstance(key, ast.Constant) for key in table.keys):
        return None
    return {str(key.value) for key in table.keys if isinstance(key, ast.Constant)}


def everything_made() -> list[Made]:
    paths = [
        path for package in ("core", "storage", "tui") for path in sorted((ROOT / package).rglob("*.py"))
    ]
    return [made for path in paths for made in made_in(path)]


def test_every_code_in_the_source_has_a_sentence() -> None:
    made = everything_made()
    assert len(made) > 50
    missing = {(code, each.where) for each in made for code in each.codes if code not in SENTENCES}
    assert missing == set()


def test_every_sentence_is_for_a_code_in_the_source() -> None:
    used = set().union(*(each.codes for each in everything_made()))
    assert set(SENTENCES) - used == set()


def test_no_two_codes_share_a_sentence() -> None:
    assert len(set(SENTENCES.values())) == len(SENTENCES)


def test_a_sentence_asks_for_nothing_that_the_refusal_does_not_tell() -> None:
    wrong = {
        (each.where, code, place)
        for each in everything_made()
        if each.params is not None
        for code in each.codes
        for place in PLACEHOLDER.findall(SENTENCES.get(code, ""))
        if place not in WORDS and place not in each.params
    }
    assert wrong == set()


def test_a_day_or_a_role_that_is_told_is_said() -> None:
    unsaid = {
        (each.where, code, param)
        for each in everything_made()
        for code in each.codes
        for param in (each.params or set())
        & {"day", "role", "hsa_id", "longest", "most", "character", "folder"}
        if param not in PLACEHOLDER.findall(SENTENCES[code])
    }
    # The field's own text is in front of the person who typed it.
    assert unsaid == set()


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_a_sentence_begins_and_ends_as_one_and_has_no_gap(code: str) -> None:
    text = sentence(Refusal(code, "Subject", dict.fromkeys(PLACEHOLDER.findall(SENTENCES[code]), "Värde")))
    assert text[0].isupper() or text.startswith("--")
    assert text.endswith(".")
    assert "{" not in text
    assert "  " not in text


@pytest.mark.parametrize(
    ("refusal", "names", "said"),
    [
        (
            Refusal("retired", "medicin", {"day": "2021-07-21", "account_id": "a"}),
            {"medicin": "Medicinska skäl", "a": "Åke"},
            "Medicinska skäl upphörde den 21 juli 2021 och kan inte längre ges eller tas bort.",
        ),
        (
            Refusal("already_granted", "a", {"permission_id": "p"}),
            {"a": "Åke Ek", "p": "Förskola"},
            "Åke Ek har redan behörigheten Förskola: ingenting behöver ges.",
        ),
        (
            Refusal("not_launched", "p", {"day": "2024-02-01", "account_id": "a", "permission_id": "p"}),
            {"p": "Ny typ"},
            "Ny typ kan ges från den 1 februari 2024: vänta till dess.",
        ),
        (
            Refusal("account_not_user", "a", {"role": "administrator"}),
            {},
            "Kontot är administratör och kan inte ha behörigheter: det kan bara användare.",
        ),
        (
            Refusal("too_many_changes", "", {"most": 20_000, "count": 21_500}),
            {},
            f"{number(21_500)} ändringar är för många på en gång: skriv högst {number(20_000)} åt gången.",
        ),
        (
            Refusal("too_long", "given_name", {"longest": 80}),
            {},
            "Förnamn har för många tecken: högst 80 får plats.",
        ),
        (
            Refusal("storage_full", "storage", {"path": "/srv/b.sqlite"}),
            {},
            "Disken är full och ingenting skrevs i databasen /srv/b.sqlite: frigör utrymme och försök igen.",
        ),
        (
            Refusal("storage_full", "storage", {"error": "SQLITE_FULL"}),
            {},
            "Disken är full och ingenting skrevs i databasen: frigör utrymme och försök igen.",
        ),
    ],
)
def test_a_sentence_names_the_thing_and_the_way_out(
    refusal: Refusal, names: dict[str, str], said: str
) -> None:
    assert sentence(refusal, names) == said


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize(
    ("refusal", "begins"),
    [
        (Refusal("storage_not_ours", "storage", {"path": "d"}), "d "),
        (Refusal("authority_wrong", "storage", {"path": "ca.pem"}), "ca.pem "),
        (Refusal("mail_slow", "mail", {"host": "mail.example"}), "mail.example "),
        (Refusal("server_away", "storage", {"server": "https://behorig.example"}), "https://"),
        (Refusal("id_taken", "asyl"), "asyl "),
        (Refusal("last_administrator", "kommun-2281"), "kommun-2281 "),
        (Refusal("account_active", "a1"), "af Ek "),
        (Refusal("retired", "asyl-forskola", {"day": "2024-02-01"}), "åtgärder "),
        (Refusal("empty", "server.listen"), "server.listen "),
    ],
)
def test_a_name_or_an_id_at_the_beginning_is_as_it_is(refusal: Refusal, begins: str, language: str) -> None:
    names = {"a1": "af Ek", "asyl-forskola": "åtgärder"}
    with speaking(language):
        assert sentence(refusal, names).startswith(begins)
        # Words of the program begin a sentence as they should.
        assert sentence(Refusal("account_active", "a1"))[0].isupper()
        assert sentence(Refusal("storage_slow", "storage", {"path": "d"}))[0].isupper()
        assert sentence(Refusal("id_taken"))[0].isupper()


def test_what_a_refusal_holds_is_harmless_and_no_template() -> None:
    text = sentence(
        Refusal("hsa_id_taken", "hsa_id", {"hsa_id": "{account}\x1b[31m\u202e", "account_id": "a"})
    )
    assert "{account}\N{REPLACEMENT CHARACTER}[31m\N{REPLACEMENT CHARACTER}" in text


def test_a_code_of_a_newer_program_is_still_a_sentence() -> None:
    assert sentence(Refusal("from_the_future")) == "Detta nekades (from_the_future)."


def test_every_field_and_role_has_a_word() -> None:
    assert {_(word) for word in FIELDS.values()} >= {"HSA-id", "E-post", "Förnamn", "Efternamn"}
    assert [_(word) for word in ROLES.values()] == ["användare", "administratör", "support", "installation"]
