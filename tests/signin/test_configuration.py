"""The server's tables in the configuration file: what is read, and each mistake with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.http.signin.config import CertificatesConfig, OidcConfig, SignInConfig, TokensConfig
from tests.line.command import House
from tests.signin.asked import PERSON
from tui.assemble.serving import sign_in_config
from tui.session import WRONG_USE, StartError
from tui.settings import read_server_table, read_settings

HTTPS = "Adressen måste börja med https:// och får inte innehålla användare, fråga eller fragment."
LIST = 'Inställningen måste vara en lista med texter, till exempel ["ett", "två"].'

WHOLE = """
storage = "/srv/behorig.sqlite"

[server]
listen = "unix:/run/behorig/behorig.socket"

[server.tokens]

[server.oidc]
issuer = "https://issuer.example"
audience = "https://behorig.example"
algorithms = ["PS256"]
hsa_id_claim = "hsaid"
leeway_seconds = 5
client_id = "behorig-terminal"

[server.certificates]
form = "rfc9440"
peers = ["unix", "192.0.2.1"]
authorities = "{file}"
issuers = ["SITHS e-id Person HSA-id 3 CA v1"]
"""


def written(folder: Path, text: str) -> dict[str, str]:
    """Write a configuration and give the environment that names it."""
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return {"BEHORIG_CONFIG": str(path)}


def read(folder: Path, text: str) -> SignInConfig:
    return sign_in_config(read_server_table(written(folder, text)))


def refused(folder: Path, text: str) -> str:
    with pytest.raises(StartError) as caught:
        read(folder, text)
    assert caught.value.exit_code == WRONG_USE
    return caught.value.sentence


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "authorities.pem"
    path.write_text("a certificate, for all that is known here", encoding="utf-8")
    return path


def test_each_way_has_a_table(tmp_path: Path, file: Path) -> None:
    config = read(tmp_path, WHOLE.replace("{file}", str(file)))
    assert config == SignInConfig(
        tokens=TokensConfig(),
        oidc=OidcConfig(
            issuer="https://issuer.example",
            audience="https://behorig.example",
            algorithms=("PS256",),
            hsa_id_claim="hsaid",
            leeway_seconds=5,
            client_id="behorig-terminal",
        ),
        certificates=CertificatesConfig(
            form="rfc9440",
            peers=("unix", "192.0.2.1"),
            authorities=str(file),
            issuers=("SITHS e-id Person HSA-id 3 CA v1",),
        ),
    )


def test_nothing_said_lets_in_nobody(tmp_path: Path) -> None:
    assert read(tmp_path, "") == SignInConfig()
    assert read(tmp_path, '[server]\nlisten = "x"\n') == SignInConfig()


def test_what_the_server_is_told_stops_no_other_command(tmp_path: Path, file: Path) -> None:
    environment = written(tmp_path, WHOLE.replace("{file}", str(file)))
    assert read_settings({}, environment).storage == "/srv/behorig.sqlite"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            '[server.oidc]\nissuer = "https://i.example"\naudiense = "x"\n',
            '{file}, rad 3: inställningen "audiense" finns inte. Menade du "audience"?',
        ),
        (
            '[server.oidc]\nissuer = "https://i.example"\n',
            "{file}, rad 1: Inställningen audience saknas: fyll i den.",
        ),
        (
            '# one\n[server.oidc]\nissuer = "http://i.example"\naudience = "x"\n',
            "{file}, rad 3: issuer: " + HTTPS,
        ),
        (
            '[server.oidc]\nissuer = 5\naudience = "x"\n',
            "{file}, rad 2: issuer: Inställningen måste vara en text inom citattecken.",
        ),
        (
            '[server.oidc]\nissuer = "https://i.example"\naudience = "x"\nalgorithms = "RS256"\n',
            "{file}, rad 4: algorithms: " + LIST,
        ),
        (
            '[server.oidc]\nissuer = "https://i.example"\naudience = "x"\nleeway_seconds = "5"\n',
            "{file}, rad 4: leeway_seconds: Inställningen måste vara ett heltal.",
        ),
        (
            '[server.tokens]\naccepted = "yes"\n',
            "{file}, rad 2: accepted: Inställningen måste vara true eller false.",
        ),
        (
            '[server]\nissuer = "not this one"\n[server.oidc]\naudience = "x"\nissuer = ""\n',
            "{file}, rad 5: issuer: " + HTTPS,
        ),
        ('[server]\noidc = "x"\n', "{file}, rad 2: Skriv [server.oidc] och dess inställningar under."),
        ('server = "x"\n', "{file}, rad 1: skriv [server] och dess inställningar under."),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    assert refused(tmp_path, text) == told.replace("{file}", str(tmp_path / "config.toml"))


def test_a_token_has_no_flag_and_no_key(house: House, tmp_path: Path) -> None:
    """Flags are seen in the list of processes, and configurations are shown to others."""
    secret = "behorig_0011223344556677_" + "x" * 43
    for arguments in (("--token", secret), ("token", "list", "--token", secret)):
        answer = house.run(*arguments)
        assert answer.code == 2
        assert secret not in answer.talk + answer.data
    environment = written(tmp_path, f'token = "{secret}"\n')
    answer = house.run("token", "create", PERSON, "--expires", "1", **environment)
    assert answer.code == 2
    assert secret not in answer.talk
    assert "token_file" in answer.talk


def test_how_a_server_is_reached_is_read_from_file_and_environment(tmp_path: Path) -> None:
    environment = written(tmp_path, 'token_file = "/etc/behorig/token"\nproxy = "http://proxy.example"\n')
    found = read_settings({}, environment | {"BEHORIG_AUTHORITY": "/etc/ssl/own.pem"}).connection
    assert (found.token_file, found.authority, found.proxy) == (
        "/etc/behorig/token",
        "/etc/ssl/own.pem",
        "http://proxy.example",
    )
