"""Live checks against canned replies: pytest-httpx replaces the network."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from pytest_httpx import HTTPXMock

from tests.conftest import Outcome
from tests.helpers.org_answers import GRANTED, HOST, RECORD, USER
from tests.helpers.project import Project

TOKEN_URL = f"{HOST}/services/oauth2/token"
Run = Callable[..., Outcome]
#: What the base spec of either flow tells about the causes of a refusal.
COMMON_SIGNS = frozenset(
    {
        "own_host",
        "sets_declared",
        "policy_infinite",
        "rotation_off",
        "n8n_sends_pkce",
        "n8n_keeps_tokens",
    }
)


class Org:
    """The org's answers, one reply after another."""

    def __init__(self, mock: HTTPXMock) -> None:
        self.mock = mock

    def grants(self, **changes: object) -> None:
        """Answer with a token."""
        self.mock.add_response(method="POST", url=TOKEN_URL, json={**GRANTED, **changes})

    def refuses(self, error: str, description: str = "", status: int = 400) -> None:
        """Refuse the token."""
        body = {"error": error, "error_description": description}
        self.mock.add_response(method="POST", url=TOKEN_URL, status_code=status, json=body)

    def tells(self, organization: object = None, user: object = None) -> None:
        """Answer with the Organization record and the user."""
        records = {"records": [organization or RECORD]}
        self.mock.add_response(url=ANY_QUERY, json=records)
        self.mock.add_response(url=f"{HOST}/services/oauth2/userinfo", json=user or USER)

    def is_well(self) -> None:
        """Answer everything without objections."""
        self.grants()
        self.tells()


ANY_QUERY = re.compile(r".*/services/data/v59\.0/query\?q=.*")


@pytest.fixture
def org(httpx_mock: HTTPXMock) -> Org:
    return Org(httpx_mock)


@pytest.fixture
def doctor(project: Project, run: Run) -> Callable[..., dict[str, Any]]:
    """Run doctor --live on a base spec, and return its JSON report with the exit status."""

    def call(fragment: str = "{}\n", base: str = "jwt", *options: str) -> dict[str, Any]:
        spec = project.credential(fragment, base)
        done = run("doctor", spec, "--live", "--format", "json", *options)
        assert done.err == "", done
        report: dict[str, Any] = json.loads(done.out)
        return {**report, "exit": done.status}

    return call


def checks(report: dict[str, Any]) -> list[str]:
    """Return the ids of the checks that found something."""
    return [finding["check"] for finding in report["findings"]]
