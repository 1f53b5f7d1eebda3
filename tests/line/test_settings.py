"""Flags before environment before configuration file; a wrong one is a sentence that names it."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tui.session import WRONG_USE, StartError
from tui.settings import (
    KEYS,
    SERVER,
    SETTINGS,
    Settings,
    configuration_path,
    nearest,
    read_settings,
    state_path,
)


def written(folder: Path, content: str | bytes) -> dict[str, str]:
    """Write a configuration and give the environment that names it."""
    path = folder / "config.toml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return {"BEHORIG_CONFIG": str(path)}


def refused(flags: Mapping[str, str], environment: Mapping[str, str]) -> str:
    with pytest.raises(StartError) as caught:
        read_settings(flags, environment)
    assert caught.value.exit_code == WRONG_USE
    return caught.value.sentence


def test_flags_go_before_the_environment_and_that_before_the_file(tmp_path: Path) -> None:
    environment = written(
        tmp_path, 'storage = "file"\nas = "file"\norganisation = "file"\ntheme = "dark"\n'
    ) | {"BEHORIG_AS": "environment", "BEHORIG_ORGANISATION": "environment", "BEHORIG_THEME": ""}
    settings = read_settings({"organisation": "flag"}, environment)
    assert settings == Settings(
        storage="file", hsa_id="environment", organisation="flag", theme="dark", origins=settings.origins
    )
    assert settings.origin("storage") == f"{tmp_path / 'config.toml'}, rad 1"
    assert settings.origin("as") == "BEHORIG_AS"
    assert settings.origin("organisation") == "--organisation"


def test_nothing_said_is_nothing_chosen(tmp_path: Path) -> None:
    settings = read_settings({}, {"HOME": str(tmp_path), "BEHORIG_CONFIG": ""})
    assert (settings.storage, settings.hsa_id, settings.organisation, settings.theme) == (
        None,
        None,
        None,
        None,
    )
    assert settings.origin("as") == "--as"


def test_the_file_and_the_drafts_lie_where_the_system_keeps_such(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", "/etc/mine")
    monkeypatch.setenv("XDG_STATE_HOME", "/var/mine")
    assert configuration_path({}) == Path("/etc/mine/behorig/config.toml")
    assert state_path({}) == Path("/var/mine/behorig")
    assert state_path({"BEHORIG_STATE": "/elsewhere"}) == Path("/elsewhere")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            'theme = "dark"\nstorge = "x"\n',
            '{file}, rad 2: inställningen "storge" finns inte. Menade du "storage"?',
        ),
        ("\n\n[storag]\nx = 1\n", '{file}, rad 3: inställningen "storag" finns inte. Menade du "storage"?'),
        (
            'qqqq = "x"\n',
            '{file}, rad 1: inställningen "qqqq" finns inte. Det finns: '
            + ", ".join((*(each.key for each in SETTINGS), KEYS, SERVER))
            + ".",
        ),
        ("as = 1337\n", '{file}, rad 1: "as" måste vara en text inom citattecken, inte tom.'),
        ('storage = ""\n', '{file}, rad 1: "storage" måste vara en text inom citattecken, inte tom.'),
        (
            'theme = "dark"\nstorage = behorig.sqlite\n',
            '{file}, rad 2: detta är inte giltig TOML. En inställning skrivs nyckel = "värde".',
        ),
        (
            'storage = "a\n',
            '{file}, rad 1: detta är inte giltig TOML. En inställning skrivs nyckel = "värde".',
        ),
        ('theme = "drak"\n', '{file}, rad 1: "drak" är inget tema. Menade du "dark"?'),
        (b'storage = "\xff"\n', "{file} är inte skriven i UTF-8, som en konfiguration måste vara."),
    ],
)
def test_a_wrong_file_is_told_with_line_key_and_what_was_meant(
    tmp_path: Path, content: str | bytes, said: str
) -> None:
    environment = written(tmp_path, content)
    assert refused({}, environment) == said.replace("{file}", str(tmp_path / "config.toml"))


def test_a_file_that_was_named_must_be_there(tmp_path: Path) -> None:
    path = tmp_path / "none.toml"
    said = f"BEHORIG_CONFIG anger filen {path}, som inte finns."
    assert refused({}, {"BEHORIG_CONFIG": str(path)}) == said


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    said = f"Konfigurationen {tmp_path} går inte att läsa."
    assert refused({}, {"BEHORIG_CONFIG": str(tmp_path)}) == said
    # A device without an end is not read to its end.
    assert refused({}, {"BEHORIG_CONFIG": "/dev/zero"}) == "/dev/zero är för stor."


def test_a_wrong_theme_is_told_with_where_it_was_named(tmp_path: Path) -> None:
    environment = {"HOME": str(tmp_path), "BEHORIG_THEME": "pink"}
    names = "Det finns: dark, light, contrast, terminal."
    assert refused({}, environment) == f'BEHORIG_THEME: "pink" är inget tema. {names}'
    assert refused({"theme": "ligt"}, environment) == '--theme: "ligt" är inget tema. Menade du "light"?'


def test_switches_are_true_or_false_in_the_file_and_words_in_the_environment(tmp_path: Path) -> None:
    environment = written(
        tmp_path, 'letters = true\nfollow = false\nglyphs = "plain"\nprofile = "magnifier"\n'
    ) | {"BEHORIG_LETTERS": "nej", "BEHORIG_CURSOR": "1"}
    settings = read_settings({"profile": "screen_reader"}, environment)
    assert settings.switches == {"letters": False, "cursor": True, "follow": False, "glyphs": "plain"}
    assert settings.profile == "screen_reader"
    assert settings.origin("letters") == "BEHORIG_LETTERS"
    assert refused({}, {**environment, "BEHORIG_LETTERS": "kanske"}) == (
        'BEHORIG_LETTERS: "kanske" är varken true eller false.'
    )
    environment = written(tmp_path, 'letters = "nej"\n')
    assert (
        refused({}, environment)
        == f'{tmp_path / "config.toml"}, rad 1: "letters" måste vara true eller false.'
    )
    assert refused({"language": "no"}, {"HOME": str(tmp_path)}).startswith(
        '--language: "no" är inget av programmets språk.'
    )


def test_a_long_list_of_choices_is_not_said() -> None:
    assert nearest("zzzz", [f"choice-{number}" for number in range(31)]) == ""


# The mail server ----------------------------------------------------------------------------------


def test_a_mail_server_is_named_by_its_host_and_encrypts_without_being_told(tmp_path: Path) -> None:
    environment = written(tmp_path, 'smtp_host = "post.kommun.example"\nsmtp_user = "eva"\n')
    server = read_settings({}, environment).mail
    assert server is not None
    assert (server.host, server.port, server.security, server.user) == (
        "post.kommun.example",
        587,
        "starttls",
        "eva",
    )
    server = read_settings({}, environment | {"BEHORIG_SMTP_SECURITY": "tls"}).mail
    assert server is not None
    assert (server.port, server.security) == (465, "tls")
    assert read_settings({}, {"HOME": str(tmp_path), "BEHORIG_CONFIG": ""}).mail is None


def test_the_password_is_no_setting_and_is_kept_nowhere(tmp_path: Path) -> None:
    environment = written(tmp_path, 'smtp_host = "h"\n') | {"BEHORIG_SMTP_PASSWORD": "hemligt-7f3a"}
    assert "hemligt-7f3a" not in repr(read_settings({}, environment))
    told = refused({}, written(tmp_path, 'smtp_password = "hemligt-7f3a"\n'))
    assert "smtp_password_file" in told
    assert "hemligt" not in told


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('smtp_user = "eva"\n', "{file}, rad 1: smtp_user kräver också smtp_host."),
        (
            'smtp_host = "h"\nsmtp_security = "none"\n',
            '{file}, rad 2: "none" är inget sätt att kryptera. Det finns: starttls, tls.',
        ),
        ('smtp_host = "h"\nsmtp_port = "99999"\n', '{file}, rad 2: "99999" är ingen port.'),
    ],
)
def test_a_wrong_mail_server_is_told(tmp_path: Path, content: str, said: str) -> None:
    environment = written(tmp_path, content)
    assert refused({}, environment) == said.replace("{file}", str(tmp_path / "config.toml"))
