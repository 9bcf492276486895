"""Helpers for live checks: how far the visit got, and what is known for a diagnosis."""

import json
from datetime import timedelta
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


# -- for a diagnosis

# Clocks that differ by less, in seconds, refuse no login.
_MOST_SKEW = 60


def signs(live: "Live") -> frozenset[str]:
    """Return what is known about a credential, for ranking causes: ids of findings, and traits."""
    traits = {**_login_traits(live), **_app_traits(live), **_n8n_traits(live)}
    return live.found | {name for name, present in traits.items() if present}


def _login_traits(live: "Live") -> dict[str, bool]:
    """Return the traits of the login and of the org that it goes to."""
    from sfcred.resolve.authority import is_generic

    credential, skew = live.credential, live.visit.skew
    is_general = credential.authority is not None and is_generic(credential.authority)
    return {
        "generic_host": is_general,
        "own_host": credential.spec.my_domain is not None and not is_general,
        "production": credential.spec.environment == "production",
        "jwt": credential.decision.flow == "jwt",
        "young_certificate": _is_young(live),
        "email_username": _looks_like_e_mail(live),
        "clock": skew is not None and skew.certain > _MOST_SKEW,
        "clocks_agree": skew is not None and skew.certain <= _MOST_SKEW,
        "fresh_token": live.visit.token is not None,
    }


def _app_traits(live: "Live") -> dict[str, bool]:
    """Return the app's traits, by the spec. Unset fields add none."""
    app, policy = live.credential.app, live.credential.app.refresh_token_policy
    return {
        "connected_app": app.type == "connected_app",
        "sets_declared": bool(app.permission_sets) and app.pre_authorized is not False,
        "policy_infinite": policy is not None and policy.kind == "infinite",
        "rotates": app.refresh_token_rotation is True,
        "rotation_off": app.refresh_token_rotation is False,
        "ip_relaxed": app.ip_relaxation == "bypass",
        "pkce_optional": app.pkce_required is False,
    }


def _n8n_traits(live: "Live") -> dict[str, bool]:
    """Return what n8n's version does."""
    from sfcred.n8n.versions import PKCE, TOKEN_CACHE, has

    version = live.credential.n8n.version
    return {
        "n8n_sends_pkce": has(PKCE, version) is True,
        "n8n_keeps_tokens": has(TOKEN_CACHE, version) is True,
    }


def _is_young(live: "Live") -> bool:
    """Return whether the certificate is less than a day old: the app's last change then is, too."""
    from sfcred.keys.certificate import Certificate

    try:
        certificate = live.credential.certificate
    except NotKnown:
        return False
    if not isinstance(certificate, Certificate):
        return False
    return live.credential.context.now - certificate.not_before < timedelta(days=1)


def _looks_like_e_mail(live: "Live") -> bool:
    """Return whether the username of a sandbox ends like an e-mail address, so probably is one."""
    if live.credential.decision.flow != "jwt" or live.credential.spec.environment != "sandbox":
        return False
    try:
        username = live.credential.value(("jwt", "username")).get_secret_value()
    except NotKnown:
        return False
    return username.rpartition(".")[2].lower() in {"com", "org", "net", "de", "eu", "io", "co"}
