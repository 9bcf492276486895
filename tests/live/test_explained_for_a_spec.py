"""`explain --error --spec` gives the causes that doctor --live gives."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import Outcome
from tests.live.conftest import Org

Run = Callable[..., Outcome]

#: What a JWT login, and the renewal of a token, can get.
BOTH = [
    ("invalid_client_id", "client identifier invalid"),
    ("app_not_found", "External client app is not installed in this org"),
    ("invalid_grant", "user is not admin approved to access this app"),
    ("invalid_grant", "authentication failure"),
]
CASES = [
    *(("jwt", *said) for said in BOTH),
    *(("oauth2", *said) for said in BOTH),
    *(("client_credentials", *said) for said in BOTH),
    ("client_credentials", "invalid_client", "invalid client credentials"),
    ("jwt", "invalid_grant", "user hasn't approved this consumer"),
    ("jwt", "invalid_grant", ""),
    ("oauth2", "invalid_grant", "expired access/refresh token"),
    ("oauth2", "invalid_client", "invalid client credentials"),
]


def without_clock(lines: list[str]) -> list[str]:
    """Leave out what only a login shows: whether the clocks agree."""
    return [line for line in lines if "the clock of the computer" not in line]


def hint_lines(explained: str) -> list[str]:
    """Return an explanation in the form of doctor's hint."""
    first, *others = re.findall(r"  \d+\. (.+)\n     (.+)\n", explained)
    ruled_out = re.findall(r"  (Ruled out: .+)\n", explained)
    return [first[1], *(f"Or if {what}: {fix}" for what, fix in others), *ruled_out]


@pytest.mark.parametrize(("base", "error", "description"), CASES)
@pytest.mark.parametrize(
    "fragment",
    [
        "{}\n",
        "app: {type: connected_app, permission_sets: null}\n",
        "app: {refresh_token_policy: zero}\nenvironment: production\n",
    ],
)
def test_the_causes_and_their_order_are_those_of_doctor_live(
    run: Run,
    org: Org,
    doctor: Callable[..., dict[str, Any]],
    base: str,
    error: str,
    description: str,
    fragment: str,
) -> None:
    org.refuses(error, description)
    (live,) = [f for f in doctor(fragment, base)["findings"] if f["check"] == "SFC903"]
    text = json.dumps({"error": error, "error_description": description})
    done = run("explain", "--error", text, "--spec", "acme.yaml")
    expected = [line for line in live["hint"].splitlines() if not line.startswith("n8n ")]
    assert without_clock(hint_lines(done.out)) == without_clock(expected)
    assert f"  1. {live['message'].partition('; most likely ')[2]}\n" in done.out
