"""The results of a visit to an org, which the live checks judge."""

from typing import Literal, NamedTuple

from sfcred.live.clock import Skew
from sfcred.live.org import ApiRefusal, Identity, Organization, PublicInfo
from sfcred.oauth.token import Token, TokenResult
from sfcred.resolve.credential import Credential
from sfcred.salesforce.refusals import Grant


class Attempt(NamedTuple):
    """A login that was tried.

    Attributes:
        host: The base URL that was asked.
        audience: The claim `aud`; empty except for JWT.
        outcome: The answer.
        step: The endpoint that answered: `authorize` for a consent that came back as an error.
    """

    host: str
    audience: str
    outcome: TokenResult
    step: Literal["token", "authorize"] = "token"


class Visit(NamedTuple):
    """The results of a visit. What it didn't get to is None or empty.

    Attributes:
        host: The base URL that was asked.
        grant: The grant that the login used; empty if there was no login.
        attempts: The logins. The first is n8n's own; there are more only if the org refused the
            audience.
        token: The token from the last attempt.
        api: The refusal of the first API call or of userinfo, if one was refused.
        organization: The org's own record.
        identity: The user that the token belongs to.
        outside: What the org tells without a login (for credentials that need a person's consent).
        skew: The difference between Salesforce's clock and this computer's.
        trouble: Why the visit ended early: there was no answer, or it wasn't Salesforce's.
        advice: What to do about the trouble; empty if there is none, or nothing special.
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
    advice: str = ""


class Live(NamedTuple):
    """The input of a live check.

    Attributes:
        credential: The credential.
        visit: The results of the visit.
        found: The ids of offline checks that found something in the credential.
        clean: The ids of offline checks that ran and found nothing.
    """

    credential: Credential
    visit: Visit
    found: frozenset[str] = frozenset()
    clean: frozenset[str] = frozenset()
