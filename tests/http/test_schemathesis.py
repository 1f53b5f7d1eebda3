"""schemathesis asks the server what its own description says, and everything near it, as each who may call.

Each resource gets a fresh copy of the small country and a fixed number of requests. They vary at a desk and
are the same every time in CI, as all that hypothesis finds.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any
from zlib import crc32

import msgspec
import pytest
import schemathesis
from anyio.from_thread import start_blocking_portal
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from schemathesis.config import SchemathesisConfig

from core.directory import AUTHORITY, Role
from core.wire import encode
from storage.http.routes import ACCOUNT_HEADER, CHANGESETS, ORGANISATION_HEADER, ROLE_HEADER
from storage.http.server.openapi.document import document
from storage.http.server.writes import IDEMPOTENCY_KEY
from tests.builders import DOING, MONEY, NEWS, NORTH, PRESCHOOL, SCHOOL, SOUTH, TEST_OWNER, TODAYS, WARDS
from tests.contract.implementations import IMPLEMENTATIONS
from tests.contract.remote import Remote
from tests.core.examples import CHANGES

PEOPLE = {
    "administrator": f"TSTNMT{TEST_OWNER}-ADMIN1",
    "support": f"TSTNMT{TEST_OWNER}-SUPPORT1",
    "user": f"TSTNMT{TEST_OWNER}-USER1",
}

KNOWN = {
    "organisation_id": (NORTH, NORTH, NORTH, SOUTH, AUTHORITY),
    "account_id": ("user-1", "user-2", "admin-1", "left", "nobody"),
    "permission_id": (SCHOOL, PRESCHOOL, TODAYS),
    "e_service_id": (MONEY, WARDS),
    "announcement_id": (NEWS, DOING),
    "changeset_id": ("seed-4", "seed-6"),
}
"""What is there in the small country: of ids that are made up nothing but "not found" is heard."""

CHECKS = {
    # A value that follows the document and can not be so is told by 422 (a check digit, a cursor of another
    # question, a rule). What does not follow the document is told by 400, which stays a failure here.
    "positive_data_acceptance": {"expected-statuses": ["2xx", "3xx", "401", "403", "404", "409", "422"]},
    # What is longer than described may be too long for an address or a body as well.
    "negative_data_rejection": {
        "expected-statuses": ["400", "401", "403", "404", "406", "409", "413", "414", "415", "422"]
    },
}


class Switch:
    """An ASGI application that is another one in each test, while what is asked is known beforehand."""

    def __init__(self) -> None:
        self.app: Any = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Pass a request on."""
        await self.app(scope, receive, send)


def _formats() -> None:
    """Tell how values look that a pattern can not tell of: their letters, and digits that check others."""
    word = st.text(alphabet="abcdefghijklmnopqrstuvwxyzåäöéABCÅÄÖ", min_size=1, max_size=12)
    words = st.lists(word, min_size=1, max_size=3).map(" ".join)
    suffix = st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=1, max_size=12)
    kinds = {
        "hsa-id": suffix.map(lambda each: f"TSTNMT{TEST_OWNER}-{each}"),
        "organisation-number": st.sampled_from(("212000-2411", "2321000156")),
        "idn-email": word.filter(str.isascii).map(lambda each: f"{each}@kommun.example"),
        "name": words,
        "title": words,
        "note": words,
        "markdown": words.map(lambda each: f"{each}\n\n* {each}"),
        "telephone": st.from_regex(r"0[0-9]([ -]?[0-9]){3,13}", fullmatch=True, alphabet="0123456789 -"),
        "id": st.from_regex(r"[a-z0-9][a-z0-9-]{0,63}", fullmatch=True, alphabet="abcz0189-"),
    }
    for name, kind in kinds.items():
        schemathesis.openapi.format(name, kind)


Test = Callable[..., None]


def _as(people: tuple[str, ...], found: Any, examples: int) -> Callable[[Test], Test]:
    """Give what makes a test of each resource of a description as each of some people."""

    def decorated(test: Test) -> Test:
        bounded = settings(max_examples=examples, suppress_health_check=list(HealthCheck))(test)
        each: Test = found.parametrize()(bounded)
        made: Test = pytest.mark.parametrize("person", people)(each)
        return made

    return decorated


def _schema() -> Any:
    # Every edge of every parameter one after the other ("coverage") takes half a minute to make up, and
    # that before the tests begin, in each process that collects them: what is tried is drawn instead.
    phases = {name: {"enabled": False} for name in ("coverage", "examples")}
    config = SchemathesisConfig.from_dict({"checks": CHECKS, "phases": phases})
    found = schemathesis.openapi.from_dict(document(), config=config)
    found.app = SWITCH
    return found


_formats()
SWITCH = Switch()
SCHEMA = _schema()


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("schemathesis")


@pytest.fixture
def remote(folder: Path) -> Generator[Remote]:
    opened = IMPLEMENTATIONS["http"](folder)
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(opened) as found:
        assert isinstance(found, Remote)
        SWITCH.app = found.app
        yield found


def at_home(case: schemathesis.Case[Any], person: str) -> None:
    """Let most requests be in no other's name, and those that follow the document be about what is there.

    Which ones is told by what was made up, so that the same request is the same the next time.
    """
    chance = crc32(repr((case.path_parameters, case.query, case.body)).encode("utf-8", "replace"))
    if chance % 16:
        for name in (ORGANISATION_HEADER, ACCOUNT_HEADER, ROLE_HEADER, IDEMPOTENCY_KEY):
            case.headers.pop(name, None)
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    case.path_parameters = _known(case.path_parameters, chance)
    case.query = _known(case.query, chance >> 3)
    case.body = _known(case.body, chance >> 5)
    if case.path == CHANGESETS and isinstance(case.body, dict) and chance % 4:
        case.body = _real(case.body, person, chance >> 7)
    if chance % 8:
        case.query.pop("cursor", None)


def _known(value: Any, chance: int) -> Any:
    if isinstance(value, list):
        return [_known(each, chance + place) for place, each in enumerate(value)]
    if not isinstance(value, dict):
        return value
    return {
        name: KNOWN[name][chance % len(KNOWN[name])]
        if name in KNOWN and isinstance(each, str) and chance % 8
        else _known(each, chance)
        for name, each in value.items()
    }


def _real(body: dict[str, Any], person: str, chance: int) -> dict[str, Any]:
    """Give a changeset with a change that can be made in the small country, at times beside what was made up.

    Of changes that are made up whole hardly one gets as far as the rules.
    """
    role = Role(person) if person != "nobody" and chance % 8 else None
    examples = [each for each in CHANGES.values() if role is None or role in each[1].made_by]
    organisation_id, change = (examples or list(CHANGES.values()))[chance % len(examples or CHANGES)]
    made_up = list(body.get("changes", ()))[: chance % 5 // 4]
    changes = [msgspec.json.decode(encode(change)), *made_up]
    return {**body, "id": f"real-{chance}", "organisation_id": organisation_id, "changes": changes}


def ask(case: schemathesis.Case[Any], person: str) -> None:
    """Ask as somebody, and look at the answer with every check that there is."""
    at_home(case, person)
    case.call_and_validate(headers={} if person == "nobody" else {"Authorization": f"Test {PEOPLE[person]}"})


@pytest.mark.usefixtures("remote")
@_as(("administrator", "support", "user", "nobody"), SCHEMA.include(method="GET"), 5)
def test_reading_is_as_described_whoever_asks(case: schemathesis.Case[Any], person: str) -> None:
    ask(case, person)


@pytest.mark.usefixtures("remote")
@_as(("administrator", "support", "user", "nobody"), SCHEMA.include(method="POST"), 30)
def test_writing_is_as_described_whoever_asks(case: schemathesis.Case[Any], person: str) -> None:
    ask(case, person)
