"""``behorig config``: what is in force and why, all that is wrong at once, and the schema of the file."""

import json
import tomllib
from pathlib import Path

import jsonschema_rs
import pytest

from tests.line.command import House
from tui.actions import ACTIONS
from tui.settings import SETTINGS

RIGHT = """
storage = "postgresql://eva:hemligt-1@db.example/behorig"
theme = "dark"
letters = false
proxy = "http://eva:hemligt-2@proxy.example:3128"
smtp_host = "post.example"

[keys]
"permissions.give" = ["å", "Ctrl+Y"]
users.detail = "ö"

[server]
listen = "127.0.0.1:9000"

[server.oidc]
issuer = "https://issuer.example"
audience = "https://behorig.example"

[server.limits]
most_body = 1000
"""

WRONG = """
theme = "drak"
storge = "x"
letters = "ja"
smtp_port = "99999"
smtp_host = "post.example"
[keys]
"permissions.giv" = "å"
"users.detail" = "F6"
[server]
lisen = "127.0.0.1:9000"
behind_tls = "yes"
limit = 5
[server.oidc]
issuer = "http://issuer.example"
audience = "https://behorig.example"
leeway_secnds = 5
[server.limits]
most_body = -1
seconds = "9"
[server.token]
accepted = true
"""

TOLD = """
2: "drak" är inget tema. Menade du "dark"?
3: inställningen "storge" finns inte. Menade du "storage"?
4: "letters" måste vara true eller false.
5: "99999" är ingen port.
8: det finns inget kommando "permissions.giv".
9: "F6" skulle bli tangent för både "users.detail" (Detaljer) och "app.messages" (Meddelanden).
11: inställningen "lisen" finns inte. Menade du "listen"?
12: behind_tls: Inställningen måste vara true eller false.
13: inställningen "limit" finns inte. Menade du "limits"?
15: issuer: Adressen måste börja med https://
17: inställningen "leeway_secnds" finns inte. Menade du "leeway_seconds"?
19: most_body: Inställningen måste vara ett heltal.
20: seconds: Inställningen måste vara ett heltal.
21: inställningen "token" finns inte. Menade du "tokens"?
"""


def written(house: House, text: str) -> Path:
    """Write the configuration where the program looks for it by itself."""
    path = Path(house.run("config", "path").data.strip())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_what_is_in_force_is_told_with_where_it_comes_from_and_no_secret(house: House) -> None:
    path = written(house, RIGHT)
    secrets = {"BEHORIG_TOKEN": "hemligt-3", "BEHORIG_SMTP_PASSWORD": "hemligt-4"}
    answer = house.run("config", "show", BEHORIG_THEME="light", **secrets)
    assert (answer.code, answer.talk) == (0, "")
    assert "hemligt" not in answer.data
    lines = answer.data.splitlines()
    assert f"# {path}" in lines
    assert f'storage = "postgresql://eva@db.example:5432/behorig"  # {path}, rad 2' in lines
    assert 'theme = "light"  # BEHORIG_THEME' in lines
    assert f"letters = false  # {path}, rad 4" in lines
    assert "# language: inte valt" in lines
    assert "# BEHORIG_TOKEN: angiven, visas aldrig" in lines
    assert f'"permissions.give" = ["å", "ctrl+y"]  # {path}, rad 9' in lines
    # It is written as the file is, and would be read as the same.
    assert tomllib.loads(answer.data)["keys"] == {"permissions.give": ["å", "ctrl+y"], "users.detail": ["ö"]}
    assert house.run("config", "validate").code == 0


def test_all_that_is_wrong_is_told_at_once_with_file_line_and_what_was_meant(house: House) -> None:
    path = written(house, WRONG)
    answer = house.run("config", "validate", BEHORIG_PROFILE="skärmläsare")
    assert (answer.code, answer.data) == (2, "")
    told = sorted(answer.talk.splitlines())
    expected = [f"{path}, rad {each}" for each in TOLD.strip().splitlines()]
    expected.append('BEHORIG_PROFILE: "skärmläsare" är ingen profil.')
    assert len(told) == len(expected)
    for got, wanted in zip(told, sorted(expected), strict=True):
        assert got.startswith(wanted)
    # The same stops the program itself, and what is right of it is still shown.
    assert house.run().code == 2
    answer = house.run("config", "show")
    assert answer.code == 2
    assert f'smtp_host = "post.example"  # {path}, rad 6' in answer.data
    assert "storge" in answer.talk


def test_the_schema_takes_what_the_program_takes_and_refuses_what_it_refuses(house: House) -> None:
    schema = json.loads(house.run("config", "schema").data)
    jsonschema_rs.meta.validate(schema)
    whole = jsonschema_rs.validator_for(schema)
    whole.validate(tomllib.loads(RIGHT))
    for text in (
        'theme = "drak"',
        'storge = "x"',
        'letters = "ja"',
        'keys = "g"',
        '[keys]\n"users.detail" = 5',
        '[keys]\n"users.detial" = "g"',
        "[server.oidc]\nissuer = 5",
        "[server.limits]\nmost = 5",
    ):
        with pytest.raises(jsonschema_rs.ValidationError):
            whole.validate(tomllib.loads(text))
    assert {each.key for each in SETTINGS} <= set(schema["properties"])
    assert {each.id for each in ACTIONS} <= set(schema["properties"]["keys"]["properties"])
