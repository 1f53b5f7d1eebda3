"""The device flow against an issuer of the tests that stumbles in every way, and the login that is kept."""

from __future__ import annotations

import asyncio
import stat
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from core.ports import StorageError
from storage.http.signin.config import OidcConfig, SignInConfig, TokensConfig
from storage.http.signin.credentials import FoundCredentials
from storage.http.signin.device import DeviceCode, DeviceFlow
from storage.http.signin.document import SignInDocument, sign_in_document
from storage.http.signin.kept import Kept, KeptLogins, server_of
from storage.http.signin.login import log_in
from storage.http.signin.web import http_client
from tests.signin.asked import assert_silent
from tests.signin.issuer import AUDIENCE, CLIENT, ISSUER, Issuer

SERVER = "https://behorig.example"
ACCESS, REFRESH = "access-" + "a" * 40, "refresh-" + "r" * 40
GOOD: tuple[int, dict[str, Any]] = (
    200,
    {"access_token": ACCESS, "refresh_token": REFRESH, "token_type": "Bearer", "expires_in": 300},
)
PENDING = (400, {"error": "authorization_pending"})
SLOW = (400, {"error": "slow_down"})
DOCUMENT = SignInDocument(
    ways=("oidc",), issuer=ISSUER, client_id=CLIENT, scopes=("openid", "offline_access")
)


class Scene:
    """A server and its issuer, a folder for logins, and time that goes only while somebody waits."""

    def __init__(self, folder: Path) -> None:
        self.issuer = Issuer()
        self.document: Any = msgspec.to_builtins(DOCUMENT)
        self.logins = KeptLogins(folder)
        self.now = 0.0
        self.waits: list[float] = []
        self.shown: list[DeviceCode] = []

    @property
    def transport(self) -> httpx.MockTransport:
        def answer(request: httpx.Request) -> httpx.Response:
            if request.url.host == "behorig.example":
                assert request.url.path == "/v1/sign-in"
                return httpx.Response(200, json=self.document)
            return self.issuer.answer(request)

        return httpx.MockTransport(answer)

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds

    async def log_in(self, server: str = SERVER) -> None:
        await log_in(
            server,
            self.logins,
            self.shown.append,
            transport=self.transport,
            sleep=self.sleep,
            clock=lambda: self.now,
        )

    async def stopped(self, server: str = SERVER) -> str:
        """Log in and give the code of what stopped it; nothing is kept then, and nothing told."""
        with pytest.raises(StorageError) as caught:
            await self.log_in(server)
        refusal = caught.value.refusal
        assert_silent(
            f"{refusal}{caught.value!r}", [ACCESS, REFRESH, str(self.issuer.device[1].get("device_code"))]
        )
        assert self.logins.load(SERVER) is None
        return refusal.code

    def credentials(self, clock: float = 1000.0, **more: Any) -> FoundCredentials:
        return FoundCredentials(
            SERVER,
            self.logins,
            transport=self.transport,
            clock=lambda: clock,
            **({"environment": {}} | more),
        )


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path / "sign-in")


def kept(expires: float = 2000.0, **more: str) -> Kept:
    good: dict[str, Any] = {
        "server": SERVER,
        "issuer": ISSUER,
        "client_id": CLIENT,
        "access_token": ACCESS,
        "refresh_token": REFRESH,
    }
    return Kept(expires=expires, **(good | more))


# The flow -------------------------------------------------------------------------------------


async def test_a_person_is_shown_an_address_and_a_code_and_is_then_signed_in(scene: Scene) -> None:
    scene.issuer.answers = [PENDING, PENDING, GOOD]
    await scene.log_in()
    (code,) = scene.shown
    assert (code.url, code.code) == (f"{ISSUER}/go", "WDJB-MJHT")
    assert scene.waits == [5, 5, 5]
    found = scene.logins.load(SERVER)
    assert found is not None
    assert (found.access_token, found.refresh_token) == (ACCESS, REFRESH)
    asked = dict(scene.issuer.asked)
    assert asked["/device"] == {"client_id": CLIENT, "scope": "openid offline_access"}
    assert asked["/token"]["grant_type"] == "urn:ietf:params:oauth:grant-type:device_code"


async def test_slow_down_makes_every_later_pause_longer(scene: Scene) -> None:
    scene.issuer.answers = [PENDING, SLOW, PENDING, SLOW, PENDING, GOOD]
    await scene.log_in()
    assert scene.waits == [5, 5, 10, 10, 15, 15]


async def test_a_line_that_is_down_is_waited_for_longer_each_time(scene: Scene) -> None:
    down = httpx.ConnectError("down")
    scene.issuer.answers = [down, httpx.ReadTimeout("slow"), (503, {}), PENDING, GOOD]
    await scene.log_in()
    assert scene.waits == [5, 10, 20, 40, 5]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ((400, {"error": "access_denied"}), "login_denied"),
        ((400, {"error": "expired_token"}), "login_too_late"),
        ((400, {"error": "invalid_grant"}), "login_failed"),
        ((401, {"error": "invalid_client"}), "login_failed"),
        ((400, {}), "login_failed"),
        ((400, {"error": ["slow_down"]}), "login_failed"),
        ((200, {}), "login_failed"),
        ((200, {**GOOD[1], "token_type": "DPoP"}), "login_failed"),
        ((200, {**GOOD[1], "access_token": "two words"}), "login_failed"),
        ((200, {**GOOD[1], "access_token": "line\r\nX-Evil: 1"}), "login_failed"),
        ((200, {**GOOD[1], "refresh_token": 5}), "login_failed"),
        ((200, {**GOOD[1], "expires_in": "soon"}), "login_failed"),
    ],
)
async def test_what_ends_a_sign_in_is_told_in_a_word(scene: Scene, answer: Any, code: str) -> None:
    scene.issuer.answers = [PENDING, answer]
    assert await scene.stopped() == code


async def test_nobody_waits_longer_than_the_code_holds(scene: Scene) -> None:
    scene.issuer.answers = [PENDING] * 1000
    assert await scene.stopped() == "login_too_late"
    assert sum(scene.waits) < 600
    scene.issuer.device[1]["expires_in"] = 10**8
    assert await scene.stopped() == "login_too_late"
    assert sum(scene.waits) < 600 + 1800


@pytest.mark.parametrize(
    "change",
    [
        {"verification_uri": "javascript:alert(1)"},
        {"verification_uri": "http://issuer.example/go"},
        {"verification_uri": "https://issuer.example/\x1b[2J"},
        {"verification_uri": None},
        {"user_code": "\x1b]0;title\x07"},
        {"user_code": "x" * 41},
        {"user_code": "kød"},
        {"device_code": ""},
        {"device_code": None},
        {"expires_in": "600"},
        {"interval": -1},
    ],
)
async def test_what_cannot_be_shown_or_used_is_refused(scene: Scene, change: dict[str, Any]) -> None:
    scene.issuer.device[1].update(change)
    assert await scene.stopped() == "login_failed"
    assert scene.shown == []


async def test_an_address_with_the_code_in_it_is_left_out_where_it_is_not_safe(scene: Scene) -> None:
    scene.issuer.device[1]["verification_uri_complete"] = "javascript:alert(1)"
    scene.issuer.answers = [GOOD]
    await scene.log_in()
    assert scene.shown[0].url_with_code == ""


async def test_an_issuer_without_the_flow_or_away_is_told(scene: Scene) -> None:
    del scene.issuer.discovery["device_authorization_endpoint"]
    assert await scene.stopped() == "login_not_offered"
    scene.issuer.discovery["device_authorization_endpoint"] = f"{ISSUER}/device"
    scene.issuer.device = (400, {"error": "unauthorized_client"})
    assert await scene.stopped() == "login_failed"
    scene.issuer.discovery["issuer"] = "https://evil.example"
    assert await scene.stopped() == "login_away"
    scene.issuer.away = True
    assert await scene.stopped() == "login_away"


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ({}, "login_not_offered"),
        ({"ways": ["token"]}, "login_not_offered"),
        ({"issuer": "http://issuer.example", "client_id": CLIENT}, "login_failed"),
        ({"issuer": 5}, "login_no_server"),
        ([], "login_no_server"),
    ],
)
async def test_a_server_that_does_not_tell_how_is_told(scene: Scene, document: Any, code: str) -> None:
    scene.document = document
    assert await scene.stopped() == code
    assert scene.issuer.asked == []


@pytest.mark.parametrize(
    "server", ["http://behorig.example", "ftp://x", "behorig.sqlite", "", "https://u:p@behorig.example"]
)
async def test_a_login_is_for_an_encrypted_line_only(scene: Scene, server: str) -> None:
    assert await scene.stopped(server) == "login_url"


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"authority": "/nowhere/at/all.pem"}, "authority_wrong"),
        ({"authority": __file__}, "authority_wrong"),
        ({"proxy": "nonsense"}, "proxy_wrong"),
        ({"proxy": "ftp://anna:password-of-a-proxy-0001@proxy.example"}, "proxy_wrong"),
    ],
)
async def test_a_connection_that_is_wrongly_configured_is_told(
    scene: Scene, settings: dict[str, Any], code: str
) -> None:
    with pytest.raises(StorageError) as caught:
        await log_in(SERVER, scene.logins, scene.shown.append, **settings)
    assert caught.value.refusal.code == code
    assert "password" not in str(caught.value.refusal)


async def test_a_newer_server_may_tell_more(scene: Scene) -> None:
    scene.document |= {"motto": "news", "resource": AUDIENCE}
    scene.issuer.answers = [GOOD]
    await scene.log_in()
    asked = dict(scene.issuer.asked)
    assert asked["/device"]["resource"] == asked["/token"]["resource"] == AUDIENCE


async def test_a_sign_in_that_is_given_up_keeps_nothing(scene: Scene) -> None:
    started = asyncio.Event()

    async def sleep(_seconds: float) -> None:
        started.set()
        await asyncio.sleep(60)

    async with http_client(transport=scene.transport) as client:
        flow = DeviceFlow(client, DOCUMENT, sleep=sleep)
        task = asyncio.create_task(flow.wait(await flow.begin()))
        await started.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert scene.logins.load(SERVER) is None


def test_the_server_tells_what_the_client_reads() -> None:
    oidc = OidcConfig(issuer=ISSUER, audience=AUDIENCE, client_id=CLIENT, resource=AUDIENCE)
    document = sign_in_document(SignInConfig(tokens=TokensConfig(), oidc=oidc))
    assert msgspec.json.decode(msgspec.json.encode(document), type=SignInDocument) == document
    assert document.ways == ("token", "oidc")
    assert (document.issuer, document.client_id, document.resource) == (ISSUER, CLIENT, AUDIENCE)
    without = sign_in_document(SignInConfig(oidc=OidcConfig(issuer=ISSUER, audience=AUDIENCE)))
    assert msgspec.json.encode(without) == b'{"ways":["oidc"]}'


# What is kept ---------------------------------------------------------------------------------


def test_a_login_is_kept_for_its_owner_only(tmp_path: Path) -> None:
    (tmp_path / "a" / "sign-in").mkdir(parents=True)  # somebody made it, for everybody to read
    logins = KeptLogins(tmp_path / "a" / "sign-in")
    logins.save(kept())
    (file,) = (tmp_path / "a" / "sign-in").glob("*.json")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert logins.load("HTTPS://Behorig.Example:443/") == kept()
    assert logins.load("https://other.example") is None
    file.chmod(0o640)
    with pytest.raises(StorageError) as caught:
        logins.load(SERVER)
    assert caught.value.refusal.code == "secret_open"
    logins.save(kept())
    assert logins.load(SERVER) == kept()
    assert logins.drop(SERVER)
    assert not logins.drop(SERVER)


def test_a_login_is_never_written_through_a_link(tmp_path: Path) -> None:
    logins = KeptLogins(tmp_path)
    logins.save(kept())
    (file,) = tmp_path.glob("*.json")
    elsewhere = tmp_path / "elsewhere"
    file.with_suffix(".new").symlink_to(elsewhere)
    logins.save(kept(access_token="other"))
    assert not elsewhere.exists()


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b'{"format":2}'])
def test_a_file_that_cannot_be_read_is_no_login(tmp_path: Path, content: bytes) -> None:
    logins = KeptLogins(tmp_path)
    logins.save(kept())
    (file,) = tmp_path.glob("*.json")
    file.write_bytes(content)
    assert logins.load(SERVER) is None


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("https://Behorig.Example/", "https://behorig.example"),
        ("https://behorig.example:443", "https://behorig.example"),
        ("https://behorig.example:8443/a/", "https://behorig.example:8443/a"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_a_server_has_one_name(written: str, name: str) -> None:
    assert server_of(written) == name


def test_nothing_secret_is_in_a_representation(scene: Scene) -> None:
    code = DeviceCode(url="u", code="USER-CODE", url_with_code="w", seconds=1, interval=1, secret="s" * 30)
    assert_silent(f"{kept()!r}{code!r}{scene.credentials()!r}", [ACCESS, REFRESH, "s" * 30])
    assert "USER-CODE" not in repr(code)


# What is brought with a request ---------------------------------------------------------------


async def test_the_environment_goes_before_the_file_and_that_before_the_login(
    scene: Scene, tmp_path: Path
) -> None:
    scene.logins.save(kept())
    file = tmp_path / "token"
    file.write_text("of-the-file\n")
    file.chmod(0o600)
    given: dict[str, Any] = {"environment": {"BEHORIG_TOKEN": "of-the-environment"}, "token_file": file}
    assert await scene.credentials(**given).header() == "Bearer of-the-environment"
    credentials = scene.credentials(token_file=file)
    assert await credentials.header() == "Bearer of-the-file"
    # It is read anew, so that one can be replaced while the program runs.
    file.write_text("the-new-one")
    assert await credentials.header() == "Bearer the-new-one"
    assert not await credentials.refused()
    assert await scene.credentials().header() == f"Bearer {ACCESS}"
    assert scene.issuer.asked == []


@pytest.mark.parametrize(
    ("mode", "content", "code"),
    [(0o644, "x", "secret_open"), (0o640, "x", "secret_open"), (0o600, "", "secret_form"),
     (0o600, "two words", "secret_form"), (0o600, "a\r\nX-Evil: 1", "secret_form"),
     (0o600, "å", "secret_form"),
     (None, "", "secret_missing")],
)  # fmt: skip
async def test_a_token_file_that_cannot_be_used_is_told(
    scene: Scene, tmp_path: Path, mode: int | None, content: str, code: str
) -> None:
    scene.logins.save(kept())
    file = tmp_path / "token"
    if mode is not None:
        file.write_text(content, newline="")
        file.chmod(mode)
    with pytest.raises(StorageError) as caught:
        await scene.credentials(token_file=file).header()
    assert caught.value.refusal.code == code


async def test_who_is_not_signed_in_is_told_to(scene: Scene) -> None:
    with pytest.raises(StorageError) as caught:
        await scene.credentials().header()
    assert caught.value.refusal.code == "login_needed"
    assert not await scene.credentials().refused()


async def test_a_token_that_is_about_to_end_is_made_anew_once(scene: Scene) -> None:
    scene.logins.save(kept(expires=1010.0))
    new = {
        "access_token": "new-access",
        "refresh_token": "new-refresh",
        "token_type": "bearer",
        "expires_in": 300,
    }
    scene.issuer.answers = [(200, new)]
    # Two programs of the same person, and several requests of each, at once.
    first, second = scene.credentials(), scene.credentials()
    headers = await asyncio.gather(*(each.header() for each in (first, second) for _ in range(4)))
    assert set(headers) == {"Bearer new-access"}
    assert scene.issuer.count("/token") == 1
    assert dict(scene.issuer.asked)["/token"]["refresh_token"] == REFRESH
    found = scene.logins.load(SERVER)
    assert found is not None
    assert (found.access_token, found.refresh_token, found.server) == ("new-access", "new-refresh", SERVER)


async def test_a_refresh_token_that_is_not_replaced_is_kept(scene: Scene) -> None:
    scene.logins.save(kept(expires=1010.0))
    scene.issuer.answers = [(200, {"access_token": "new-access", "token_type": "Bearer", "expires_in": 300})]
    assert await scene.credentials().header() == "Bearer new-access"
    found = scene.logins.load(SERVER)
    assert found is not None
    assert found.refresh_token == REFRESH


async def test_what_is_left_of_a_token_is_used_while_the_issuer_is_away(scene: Scene) -> None:
    scene.logins.save(kept(expires=1010.0))
    scene.issuer.away = True
    assert await scene.credentials(clock=1000.0).header() == f"Bearer {ACCESS}"
    with pytest.raises(StorageError) as caught:
        await scene.credentials(clock=1011.0).header()
    assert caught.value.refusal.code == "login_away"
    # The login is what it was, for when the issuer is back.
    assert scene.logins.load(SERVER) == kept(expires=1010.0)


async def test_a_refresh_token_that_has_ended_means_signing_in_again(scene: Scene) -> None:
    scene.logins.save(kept(expires=900.0))
    scene.issuer.answers = [(400, {"error": "invalid_grant"})]
    with pytest.raises(StorageError) as caught:
        await scene.credentials().header()
    assert caught.value.refusal.code == "login_needed"
    scene.logins.save(kept(expires=900.0, refresh_token=""))
    with pytest.raises(StorageError):
        await scene.credentials().header()
    assert scene.issuer.count("/token") == 1


async def test_a_token_that_the_server_does_not_take_is_made_anew_before_its_time(scene: Scene) -> None:
    scene.logins.save(kept())
    credentials = scene.credentials()
    assert await credentials.header() == f"Bearer {ACCESS}"
    scene.issuer.answers = [(200, {"access_token": "new-access", "token_type": "Bearer"})]
    assert await credentials.refused()
    assert await credentials.header() == "Bearer new-access"
    # Another program has made it anew already: that is tried, and the issuer left alone.
    scene.logins.save(kept(access_token="newer-access"))
    assert await credentials.refused()
    assert await credentials.header() == "Bearer newer-access"
    assert scene.issuer.count("/token") == 1


async def test_a_lock_is_let_go_when_its_process_ends(scene: Scene) -> None:
    async with scene.logins.locked(SERVER):
        waiting = asyncio.create_task(scene.logins.locked(SERVER).__aenter__())
        await asyncio.sleep(0.1)
        assert not waiting.done()
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
    async with asyncio.timeout(2), scene.logins.locked(SERVER):
        pass
