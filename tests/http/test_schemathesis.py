"""schemathesis asks the server what its own description says, and everything near it, as each who may call.

Each resource gets a fresh copy of the small country and a fixed number of requests. They vary at a desk and
are the same every time in CI, as all that hypothesis finds.
"""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from anyio.from_thread import start_blocking_portal
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from schemathesis.config import SchemathesisConfig

from core.directory import Role
from storage.http.routes import ACCOUNT_HEADER, ORGANISATION_HEADER, ROLE_HEADER
from storage.http.server.openapi.document import document
from storage.http.server.writes import IDEMPOTENCY_KEY
from tests.builders import TEST_OWNER
from tests.contract.implementations import IMPLEMENTATIONS
from tests.contract.remote import Remote, faults

PEOPLE = {
    "administrator": f"TSTNMT{TEST_OWNER}-ADMIN1",
    "support": f"TSTNMT{TEST_OWNER}-SUPPORT1",
    "user": f"TSTNMT{TEST_OWNER}-USER1",
}
EXAMPLES = 6


class Switch:
    """An ASGI application that is another one in each test: what schemathesis asks is told when it begins."""

    def __init__(self) -> None:
        self.app: Any = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.app(scope, receive, send)


CONFIG = SchemathesisConfig.from_dict(
    {
        "checks": {
            # A value that follows the document and can not be so is told by 422 (a check digit, a cursor of
            # another question, a rule); what does not follow it by 400, which stays a failure here.
            "positive_data_acceptance": {
                "expected-statuses": ["2xx", "3xx", "401", "403", "404", "409", "422"]
            },
            # A text or a body that is longer than described can be too long for the server as well.
            "negative_data_rejection": {
                "expected-statuses": ["400", "401", "403", "404", "406", "409", "413", "414", "415", "422"]
            },
        }
    }
)
SWITCH = Switch()
schema = schemathesis.openapi.from_dict(document(), config=CONFIG)
schema.app = SWITCH


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("schemathesis")


@pytest.fixture
def remote(folder: Path) -> Generator[Remote]:
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(IMPLEMENTATIONS["http"](folder)) as found:
        SWITCH.app = found.app
        yield found


@pytest.mark.parametrize("person", [*PEOPLE, "nobody"])
@schema.parametrize()
@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
def test_every_answer_is_as_it_is_described(case: schemathesis.Case, person: str, remote: Remote) -> None:
    headers = {} if person == "nobody" else {"Authorization": f"Test {PEOPLE[person]}"}
    case.call_and_validate(headers=headers)
