"""`sfcred resolve`: what was decided where the spec leaves it open, and why."""

import json
from collections.abc import Callable

import pytest

from tests.conftest import Outcome
from tests.helpers.project import Project

Run = Callable[..., Outcome]


OPEN = "n8n: {deployment: null, url: %s}\n"
HOSTS = "n8n: {version: %s, http_request: [api.acme.com]}\n"
LOGIN = "n8n.http_request, and the host of the login"


@pytest.mark.parametrize(
    ("base", "fragment", "what", "value", "why"),
    [
        ("oauth2", "{}\n", "n8n_deployment", "self_hosted", "n8n.deployment"),
        (
            "oauth2",
            OPEN % "https://acme.app.n8n.cloud",
            "n8n_deployment",
            "cloud",
            "derived from n8n.url",
        ),
        ("oauth2", OPEN % "null", "n8n_deployment", "self_hosted", "the default without n8n.url"),
        # n8n's node logs in at my_domain from 2.20.0 on, and an unknown version may be a new one.
        (
            "jwt",
            HOSTS % "2.19.0",
            "n8n_http_request",
            "api.acme.com, test.salesforce.com",
            LOGIN,
        ),
        (
            "jwt",
            HOSTS % "null",
            "n8n_http_request",
            "api.acme.com, acme--uat.sandbox.my.salesforce.com",
            LOGIN,
        ),
    ],
)
def test_a_decision_has_its_reason(
    project: Project, run: Run, base: str, fragment: str, what: str, value: str, why: str
) -> None:
    done = run("resolve", project.credential(fragment, base), "--format", "json")
    (credential,) = json.loads(done.out)["credentials"]
    (decision,) = [one for one in credential["decisions"] if one["what"] == what]
    assert (decision["value"], decision["why"]) == (value, why)
