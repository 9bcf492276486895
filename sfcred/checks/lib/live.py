"""What live checks share: whether the visit came so far, and what is known for a diagnosis."""

import json
from datetime import timedelta
from typing import TYPE_CHECKING

from sfcred.checks.api import Reply
from sfcred.errors import NotKnown

if TYPE_CHECKING:
    from sfcred.live.visit import Attempt, Live
    from sfcred.oauth.token import Token
    from sfcred.salesforce.diagnosis import AppType

# -- for examples: an org that has no objections

_HOST = "https://acme--uat.sandbox.my.salesforce.com"
GRANTED = {
    "access_token": "00D000000000001!AQ.example",
    "instance_url": _HOST,
    "scope": "api refresh_token",
    "id": f"{_HOST}/id/00D000000000001EAA/005000000000001AAA",
    "token_type": "Bearer",
}
TOKEN = Reply(json.dumps(GRANTED))
ORGANIZATION = Reply(
    '{"records": [{"Id": "00D000000000001EAA", "IsSandbox": true, "TrialExpirationDate": null}]}'
)
USER = Reply(
    '{"user_id": "005000000000001AAA", "organization_id": "00D000000000001EAA",'
    ' "preferred_username": "n8n@acme.com.uat"}'
)
ALL_IS_WELL = (TOKEN, ORGANIZATION, USER)


def refusal(error: str, description: str = "") -> Reply:
    """The token endpoint's no."""
    return Reply(json.dumps({"error": error, "error_description": description}), 400)


# -- how far the visit came


def require_reached(live: "Live") -> None:
    """Lets a check go on only if the org answered.

    Raises:
        NotKnown: It didn't.
    """
    if live.visit.trouble:
        raise NotKnown("the org was not reached (SFC901)", hint="See SFC901.")


def login(live: "Live") -> "Attempt | None":
    """The login as n8n does it; None for a credential that only a person can log in with.

    Raises:
        NotKnown: The org did not answer.
    """
    if live.visit.attempts:
        return live.visit.attempts[0]
    require_reached(live)
    return None


def token(live: "Live") -> "Token | None":
    """The token that n8n's own login gained; None where there was none to gain.

    Raises:
        NotKnown: The org did not answer, or it refused.
    """
    if live.visit.token is None and login(live) is not None:
        require_reached(live)
        raise NotKnown("no token was granted (SFC903, SFC911)", hint="See SFC903.")
    return live.visit.token


# -- for a diagnosis


def signs(live: "Live") -> frozenset[str]:
    """What is known of a credential, for ranking causes: findings' ids and traits."""
    from sfcred.resolve.authority import is_generic

    credential = live.credential
    traits = {
        "generic_host": credential.authority is not None and is_generic(credential.authority),
        "sandbox": credential.spec.environment == "sandbox",
        "young_certificate": _is_young(live),
        "email_username": _looks_like_e_mail(live),
        "clock": live.visit.skew is not None and live.visit.skew.certain > 60,  # noqa: PLR2004
    }
    return live.found | {name for name, present in traits.items() if present}


def app_type(live: "Live") -> "AppType | None":
    """The sort of app that the spec declares."""
    return live.credential.app.type


def _is_young(live: "Live") -> bool:
    """The certificate was made less than a day ago: then so was the app, or its change."""
    from sfcred.keys.certificate import Certificate

    try:
        certificate = live.credential.certificate
    except NotKnown:
        return False
    if not isinstance(certificate, Certificate):
        return False
    return live.credential.context.now - certificate.not_before < timedelta(days=1)


def _looks_like_e_mail(live: "Live") -> bool:
    """A username of a sandbox that ends as addresses do is probably a person's e-mail."""
    if live.credential.decision.flow != "jwt" or live.credential.spec.environment != "sandbox":
        return False
    try:
        username = live.credential.value(("jwt", "username")).get_secret_value()
    except NotKnown:
        return False
    return username.rpartition(".")[2].lower() in {"com", "org", "net", "de", "eu", "io", "co"}
