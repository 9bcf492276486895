"""Helpers for live checks: example answers, and how far the visit got."""

import json
from typing import TYPE_CHECKING

from sfcred.checks.api import ExampleReply
from sfcred.errors import NotKnown

if TYPE_CHECKING:
    from sfcred.live.visit import Attempt, Live
    from sfcred.oauth.token import Token

# -- for examples: an org where everything works

_HOST = "https://acme--uat.sandbox.my.salesforce.com"
GRANTED = {
    "access_token": "00D000000000001!AQ.example",
    "instance_url": _HOST,
    "scope": "api refresh_token",
    "id": f"{_HOST}/id/00D000000000001EAA/005000000000001AAA",
    "token_type": "Bearer",
}
TOKEN = ExampleReply(json.dumps(GRANTED))
ORGANIZATION = ExampleReply(
    '{"records": [{"Id": "00D000000000001EAA", "IsSandbox": true, "TrialExpirationDate": null}]}'
)
USER = ExampleReply(
    '{"user_id": "005000000000001AAA", "organization_id": "00D000000000001EAA",'
    ' "preferred_username": "n8n@acme.com.uat"}'
)
ALL_IS_WELL = (TOKEN, ORGANIZATION, USER)


def refusal(error: str, description: str = "") -> ExampleReply:
    """Return a refusal from the token endpoint."""
    return ExampleReply(json.dumps({"error": error, "error_description": description}), 400)


# -- how far the visit got


def require_reached(live: "Live") -> None:
    """Let a check continue only if the org answered.

    Raises:
        NotKnown: The org did not answer.
    """
    if live.visit.trouble:
        raise NotKnown(
            "the org was not reached (SFC901)", hint="See SFC901.", because_of=("SFC901",)
        )


def login(live: "Live") -> "Attempt | None":
    """Return the login as n8n does it; None for a credential that needs a person to log in.

    Raises:
        NotKnown: The org did not answer.
    """
    if live.visit.attempts:
        return live.visit.attempts[0]
    require_reached(live)
    return None


def split_audience(live: "Live") -> "Attempt | None":
    """Return a later attempt, with another audience, that got a token at the same host."""
    *others, last = live.visit.attempts or (None,)
    if not others or last is None or live.visit.token is None:
        return None
    return last if last.host == live.visit.host else None


def token(live: "Live") -> "Token | None":
    """Return the token from n8n's own login; None for a credential that needs a person to log in.

    Raises:
        NotKnown: The org did not answer, or it refused the login.
    """
    if live.visit.token is None and login(live) is not None:
        require_reached(live)
        raise NotKnown(
            "no token was granted (SFC903, SFC911)",
            hint="See SFC903.",
            because_of=("SFC903", "SFC911"),
        )
    return live.visit.token


def require_token(live: "Live") -> "Token":
    """Return the token, for checks that can't do without one.

    Raises:
        NotKnown: No token was granted, or the credential needs a person to log in.
    """
    granted = token(live)
    if granted is None:
        raise NotKnown(
            "there is no token, because nobody has given consent yet (SFC909)",
            hint="See SFC909.",
            because_of=("SFC909",),
        )
    return granted
