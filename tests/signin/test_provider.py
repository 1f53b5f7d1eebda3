"""The device flow from beginning to end with a real OpenID provider (npm oidc-provider)."""

from __future__ import annotations

import asyncio
import fcntl
import re
import shutil
import signal
import stat
import subprocess
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import urljoin

import httpx
import msgspec
import pytest

from storage.http.signin.config import OidcConfig, SignInConfig, TokensConfig
from storage.http.signin.credentials import FoundCredentials
from storage.http.signin.document import sign_in_document
from storage.http.signin.kept import Kept, KeptLogins
from storage.http.signin.ways import ways_of
from storage.open import open_storage
from storage.sql.storage import SqlStorage
from tests.line.command import House
from tests.signin.asked import PERSON
from tests.signin.served import application, served

SOURCE = Path(__file__).parent / "provider"
PLACE = Path(__file__).parents[2] / ".cache" / "provider"
CLIENT, AUDIENCE = "behorig-terminal", "https://behorig.example"


def installed() -> Path:
    """Install the provider once, as its lock file says, and give its folder."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip(
            "node and npm are needed for a real OpenID provider (on Debian: apt-get install nodejs npm)"
        )
    PLACE.mkdir(parents=True, exist_ok=True)
    with (PLACE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        wanted = (SOURCE / "package-lock.json").read_bytes()
        done = PLACE / "installed"
        if not done.exists() or done.read_bytes() != wanted:
            for name in ("package.json", "package-lock.json"):
                shutil.copyfile(SOURCE / name, PLACE / name)
            run = subprocess.run(
                [npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"],
                cwd=PLACE, capture_output=True, text=True, check=False, timeout=240,
            )  # fmt: skip
            if run.returncode != 0:
                pytest.skip(f"npm could not install the OpenID provider: {run.stderr[-400:]}")
            done.write_bytes(wanted)
        # Modules are looked for from where a script lies.
        shutil.copyfile(SOURCE / "provider.mjs", PLACE / "provider.mjs")
    return PLACE


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """Give the address of a provider that runs."""
    folder = installed()
    process = subprocess.Popen(
        ["node", "provider.mjs", CLIENT],
        cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    try:
        assert process.stdin is not None
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert address, f"the provider ended with {process.wait()}"
        yield address
    finally:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                stream.close()


def browse(address: str, person: str, *, button: str = "") -> str:
    """Do in a browser what a person does, and give the last page."""
    with httpx.Client(follow_redirects=True, timeout=20, trust_env=False) as browser:
        page = browser.get(address)
        for _ in range(8):
            form = re.search(r'<form[^>]*action="([^"]+)"[^>]*>(.*?)</form>', page.text, re.DOTALL)
            if form is None:
                return page.text
            fields: dict[str, str] = {}
            for tag in re.findall(r"<input[^>]*>", form[2]):
                found = dict(re.findall(r'(\w+)="([^"]*)"', tag))
                if "name" in found:
                    fields[found["name"]] = unescape(found.get("value", ""))
            if "login" in fields:
                fields |= {"login": person, "password": "any"}
            pressed = button if "confirm" in fields else ""
            if pressed:
                fields[pressed] = "yes"
            page = browser.post(urljoin(str(page.url), unescape(form[1])), data=fields)
            if pressed:
                return page.text
    raise AssertionError("the provider asks without end")


class Server:
    """A server that lets in by this issuer, and a person's command."""

    def __init__(self, address: str, house: House) -> None:
        self.address = address
        self.house = house
        self.started: list[subprocess.Popen[str]] = []
        self.logins = KeptLogins(house.home / "state" / "sign-in")

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        # A run of the tests that was started in the background ignores Ctrl+C, and so would what it starts.
        heard = signal.signal(signal.SIGINT, signal.SIG_DFL)
        try:
            process = subprocess.Popen(
                ["behorig", *arguments, "--storage", self.address],
                env=self.house.environment(BEHORIG_STATE=str(self.house.home / "state")),
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            )  # fmt: skip
        finally:
            signal.signal(signal.SIGINT, heard)
        self.started.append(process)
        return process

    def stop(self) -> None:
        """End what a test that failed has left."""
        for process in self.started:
            process.kill()
            process.wait()
            for stream in (process.stdout, process.stderr):
                if stream is not None:
                    stream.close()

    def kept(self) -> Kept | None:
        return self.logins.load(self.address)

    def who(self, kept: Kept) -> httpx.Response:
        headers = {"authorization": f"Bearer {kept.access_token}"}
        return httpx.get(self.address, headers=headers, trust_env=False)


@pytest.fixture
def server(issuer: str, house: House, database: Path) -> Iterator[Server]:
    """Run a server that lets in by the provider, and by tokens of a database."""
    oidc = OidcConfig(issuer=issuer, audience=AUDIENCE, client_id=CLIENT, resource=AUDIENCE)
    config = SignInConfig(tokens=TokensConfig(), oidc=oidc)
    storage = asyncio.run(open_storage(str(database)))
    assert isinstance(storage, SqlStorage)
    try:
        with served(application(ways_of(config, storage), sign_in_document(config))) as address:
            found = Server(address, house)
            yield found
            found.stop()
    finally:
        asyncio.run(storage.close())


def told(process: subprocess.Popen[str]) -> dict[str, str]:
    """Read what the command asks for, up to where it waits."""
    lines: list[str] = []
    assert process.stderr is not None
    for line in process.stderr:
        lines.append(line.rstrip("\n"))
        if line.startswith("Väntar"):
            break
    shown = [line.strip() for line in lines if line.startswith("  ")]
    assert len(shown) == 3, lines
    return dict(zip(("url", "code", "whole"), shown, strict=True))


def rest(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=60)
    return process.returncode, out, err


def test_a_person_signs_in_with_a_browser_and_is_let_in(server: Server) -> None:
    process = server.start("login")
    shown = told(process)
    assert server.kept() is None
    page = browse(shown["whole"], PERSON)
    assert "successful" in page
    code, out, err = rest(process)
    assert (code, out) == (0, "")
    assert err == f"Du är inloggad på {server.address}.\n"
    kept = server.kept()
    assert kept is not None
    assert kept.refresh_token
    assert server.who(kept).json() == {"hsa_id": PERSON, "way": "oidc"}
    changed = msgspec.structs.replace(kept, access_token=kept.access_token[:-6] + "AAAAAA")
    assert server.who(changed).json() == {"code": "access_token_wrong"}
    # The secrets are in one file, for its owner only, and nowhere else.
    secret = kept.access_token.encode()
    (file,) = [path for path in server.house.files() if secret in path.read_bytes()]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    # The real one gives each refresh token for one use.
    credentials = FoundCredentials(server.address, server.logins, environment={}, clock=lambda: kept.expires)
    header = asyncio.run(credentials.header())
    renewed = server.kept()
    assert renewed is not None
    assert header == f"Bearer {renewed.access_token}"
    assert renewed.access_token != kept.access_token
    assert renewed.refresh_token != kept.refresh_token
    assert server.who(renewed).json() == {"hsa_id": PERSON, "way": "oidc"}
    # Signed out, nothing is left.
    code, out, err = rest(server.start("logout"))
    assert (code, out) == (0, "")
    assert server.kept() is None
    assert "Du är utloggad" in err
    assert rest(server.start("logout"))[0] == 0


def test_the_code_can_be_typed_by_hand_and_whose_name_is_no_hsa_id_is_not_let_in(server: Server) -> None:
    process = server.start("login")
    shown = told(process)
    page = browse(f"{shown['url']}?user_code={shown['code']}", "nobody")
    assert "successful" in page
    assert rest(process)[0] == 0
    kept = server.kept()
    assert kept is not None
    answer = server.who(kept)
    assert (answer.status_code, answer.json()) == (401, {"code": "access_token_person"})


def test_a_sign_in_that_is_stopped_in_the_browser_is_told(server: Server) -> None:
    process = server.start("login")
    page = browse(told(process)["whole"], PERSON, button="abort")
    assert "interrupted" in page
    code, out, err = rest(process)
    assert (code, out) == (1, "")
    assert err == "Inloggningen avbröts i webbläsaren: ingen loggades in.\n"
    assert server.kept() is None


def test_ctrl_c_ends_the_wait_cleanly(server: Server) -> None:
    process = server.start("login")
    told(process)
    process.send_signal(signal.SIGINT)
    assert rest(process) == (130, "", "")
    assert server.kept() is None


def test_who_has_an_id_token_only_is_not_let_in(server: Server, issuer: str) -> None:
    """The provider's ID token is signed with the same key, and is for the client."""
    form = {"client_id": CLIENT, "scope": "openid", "resource": AUDIENCE}
    with httpx.Client(base_url=issuer, trust_env=False) as client:
        found = client.get("/.well-known/openid-configuration").json()
        code = client.post(found["device_authorization_endpoint"], data=form).json()
        browse(code["verification_uri_complete"], PERSON)
        grant = {
            "grant_type": "urn:ietf:params:oauth:grant-type:device_code",
            "device_code": code["device_code"],
            "client_id": CLIENT,
        }
        answer = client.post(found["token_endpoint"], data=grant | {"resource": AUDIENCE}).json()
    headers = {"authorization": f"Bearer {answer['id_token']}"}
    refused = httpx.get(server.address, headers=headers, trust_env=False)
    assert (refused.status_code, refused.json()) == (401, {"code": "access_token_wrong"})
