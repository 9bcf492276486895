"""What a visit to an org brings. The live checks judge it."""

from typing import Literal, NamedTuple

from sfcred.live.clock import Skew
from sfcred.live.org import ApiRefusal, Identity, Organization, PublicInfo
from sfcred.oauth.token import Token, TokenResult
from sfcred.resolve.credential import Credential
from sfcred.salesforce.refusals import Grant


class Attempt(NamedTuple):
    """A login that was tried.

    Attributes:
        host: The URL that was asked.
        audience: The claim `aud`; empty except for JWT.
        outcome: The answer.
        step: The endpoint that answered: `authorize` for a consent that came back as an error.
    """

    host: str
    audience: str
    outcome: TokenResult
    step: Literal["token", "authorize"] = "token"


class Visit(NamedTuple):
    """All that a visit brought; what it didn't come to is None or empty.

    Attributes:
        host: The URL that was asked.
        grant: Which grant the login used; empty where there was no login.
        attempts: The logins. The first is n8n's own; others only if it refused the audience.
        token: What the last attempt gained.
        api: The refusal of the first API call or of userinfo, if one was refused.
        organization: The org's own record.
        identity: Whose token it is.
        outside: What the org tells anybody (for credentials that only a person can log in with).
        skew: Salesforce's clock against this computer's.
        trouble: Why the visit ended early: nothing came back, or not from Salesforce.
    """

    host: str
    grant: Grant = ""
    attempts: tuple[Attempt, ...] = ()
    token: Token | None = None
    api: ApiRefusal | None = None
    organization: Organization | None = None
    identity: Identity | None = None
    outside: PublicInfo | None = None
    skew: Skew | None = None
    trouble: str = ""


class Live(NamedTuple):
    """What a live check is handed.

    Attributes:
        credential: The credential.
        visit: What the visit brought.
        found: The ids of offline checks that found something in it.
        clean: The ids of those that ran and found nothing.
    """

    credential: Credential
    visit: Visit
    found: frozenset[str] = frozenset()
    clean: frozenset[str] = frozenset()
