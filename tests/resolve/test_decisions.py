"""`sfcred resolve`: what was decided where the spec leaves it open, and why."""

import json
from collections.abc import Callable

import pytest

from tests.conftest import Outcome
from tests.helpers.project import Project

Run = Callable[..., Outcome]


@pytest.mark.parametrize(
    ("fragment", "what", "value", "why"),
    [
        ("{}\n", "n8n_deployment", "self_hosted", "n8n.deployment"),
        (
            "n8n: {deployment: null, url: https://acme.app.n8n.cloud}\n",
            "n8n_deployment",
            "cloud",
            "derived from n8n.url",
        ),
        (
            "n8n: {deployment: null, url: null}\n",
            "n8n_deployment",
            "self_hosted",
            "the default without n8n.url",
        ),
    ],
)
def test_a_decision_has_its_reason(
    project: Project, run: Run, fragment: str, what: str, value: str, why: str
) -> None:
    done = run("resolve", project.credential(fragment, "oauth2"), "--format", "json")
    (credential,) = json.loads(done.out)["credentials"]
    (decision,) = [one for one in credential["decisions"] if one["what"] == what]
    assert (decision["value"], decision["why"]) == (value, why)
