"""One visit to an org: a login as n8n would do it, and a look round. One token, few requests.

Nothing is judged here: the live checks do that. A visit never revokes its token, because
Salesforce may have handed the same one to n8n.
"""

import time
from collections.abc import Callable, Generator
from typing import NamedTuple

from pydantic import SecretStr

from sfcred.errors import NotKnown
from sfcred.http.messages import Flow, Request, Response, Unreachable
from sfcred.http.trust import destination, may_send, within_fence
from sfcred.live.clock import Skew, measure
from sfcred.live.org import (
    API_VERSION,
    ApiRefusal,
    Identity,
    Organization,
    Outside,
    Versions,
    read_discovery,
    read_identity,
    read_organization,
    read_refusal,
    read_username,
    read_versions,
)
from sfcred.oauth import jwt_bearer, refresh_token
from sfcred.oauth.token import (
    Outcome,
    Redirected,
    Refused,
    Strange,
    Token,
    host_of,
    read_outcome,
    scrubbed,
)
from sfcred.resolve.credential import Credential
from sfcred.salesforce.diagnosis import Said, diagnose
from sfcred.salesforce.hosts import HostKind, classify
from sfcred.salesforce.refusals import Grant

GENERIC = {
    "production": "https://login.salesforce.com",
    "sandbox": "https://test.salesforce.com",
}


class Attempt(NamedTuple):
    """A login that was tried: where, with which audience (empty but for JWT), what came."""

    host: str
    audience: str
    outcome: Outcome


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
    outside: Outside | None = None
    skew: Skew | None = None
    trouble: str = ""


class Live(NamedTuple):
    """What a live check is handed.

    Attributes:
        credential: The credential.
        visit: What the visit brought.
        found: The ids of offline checks that found something in it.
        unknown: The ids of those that could not be run.
    """

    credential: Credential
    visit: Visit
    found: frozenset[str] = frozenset()
    unknown: frozenset[str] = frozenset()


Clock = Callable[[], float]


def visit(credential: Credential, clock: Clock = time.time) -> Flow[Visit]:
    """Logs in as n8n does and looks round.

    Args:
        credential: The credential.
        clock: Seconds since the epoch.

    Returns:
        A generator of requests; it returns the Visit, also if the org can't be reached.

    Raises:
        NotKnown: Before the first request: a value can't be read here, or nothing may be sent
            to the address.
    """
    return _Visitor(credential, destination(credential), clock).go()


def visit_with(credential: Credential, exchange: Request, clock: Clock = time.time) -> Flow[Visit]:
    """The same with a consent that was just given: `exchange` turns its code into a token."""
    return _Visitor(credential, destination(credential), clock, exchange).go()


class _Visitor:
    """Collects what a visit brings while it goes on."""

    def __init__(
        self, credential: Credential, host: str, clock: Clock, exchange: Request | None = None
    ) -> None:
        self.exchange = exchange
        self.credential = credential
        self.clock = clock
        self.so_far = Visit(host)

    def go(self) -> Flow[Visit]:
        try:
            yield from self._begin()
            if self.so_far.token is not None:
                yield from self._look_round(self.so_far.token)
        except Unreachable as trouble:
            self.so_far = self.so_far._replace(trouble=self.so_far.trouble or trouble.message)
        return self.so_far

    def _begin(self) -> Generator[Request, Response, None]:
        if self.exchange is not None:
            self.so_far = self.so_far._replace(grant="code")
            yield from self._log_in(self.exchange, self.so_far.host, "")
        elif self.credential.flow == "jwt":
            self.so_far = self.so_far._replace(grant="jwt")
            yield from self._jwt()
        elif self.credential.declared(("oauth2", "refresh_token")) is not None:
            self.so_far = self.so_far._replace(grant="refresh")
            request = refresh_token.token_request(self.credential, self.so_far.host)
            yield from self._log_in(request, self.so_far.host, "")
        else:
            yield from self._look_from_outside()

    def _ask(self, request: Request) -> Generator[Request, Response, Response]:
        answer = yield request
        self.so_far = self.so_far._replace(skew=measure(answer, self.so_far.skew))
        return answer

    # -- logging in

    def _jwt(self) -> Generator[Request, Response, None]:
        for host, audience in _pairs(self.credential, self.so_far.host):
            if not self._may_send(host):  # a general login host may be outside of the fence
                return
            request = jwt_bearer.token_request(self.credential, host, audience, self.clock())
            yield from self._log_in(request, host, audience)
            if not _is_about_the_audience(self.so_far.attempts[-1].outcome):
                return

    def _log_in(
        self, request: Request, host: str, audience: str
    ) -> Generator[Request, Response, None]:
        answer = yield from self._ask(request)
        outcome = _without(secrets_of(self.credential, request, None), read_outcome(answer))
        self.so_far = self.so_far._replace(
            attempts=(*self.so_far.attempts, Attempt(host, audience, outcome))
        )
        if isinstance(outcome, Token):
            self.so_far = self.so_far._replace(token=outcome)
        if trouble := _trouble(outcome):
            self.so_far = self.so_far._replace(trouble=trouble)

    # -- with a token

    def _look_round(self, token: Token) -> Generator[Request, Response, None]:
        if not self._may_send(token.instance_url):
            why = "neither a My Domain nor allowed with --allow-host"
            if not within_fence(host_of(token.instance_url), self.credential.context.org_hosts):
                why = "not one of SFCRED_ORG_HOSTS or --org-host"
            self.so_far = self.so_far._replace(
                trouble=f"the answer's instance_url is {why}: the token was sent nowhere"
            )
            return
        bearer = SecretStr(f"Bearer {token.access_token.get_secret_value()}")
        yield from self._read_organization(token.instance_url, bearer)
        yield from self._read_identity(token, bearer)

    def _may_send(self, url: str) -> bool:
        context = self.credential.context
        return may_send(url, context.allow_hosts, context.org_hosts)

    def _read_organization(self, api: str, bearer: SecretStr) -> Generator[Request, Response, None]:
        soql = "SELECT+Id,IsSandbox,TrialExpirationDate+FROM+Organization"
        answer = yield from self._ask(_query(api, soql, bearer))
        organization = read_organization(answer)
        refusal = read_refusal(answer, "rest")
        self.so_far = self.so_far._replace(
            organization=organization, api=self.so_far.api or self._scrubbed(refusal)
        )

    def _read_identity(self, token: Token, bearer: SecretStr) -> Generator[Request, Response, None]:
        """From userinfo at the authority: the request of the Test button of n8n's credential."""
        url = f"{self.so_far.attempts[-1].host}/services/oauth2/userinfo"
        answer = yield from self._ask(Request("GET", url, authorization=bearer))
        identity = read_identity(answer)
        refusal = read_refusal(answer, "userinfo")
        self.so_far = self.so_far._replace(
            identity=identity, api=self.so_far.api or self._scrubbed(refusal)
        )
        if identity is not None and self._is_somebody_else(identity.username):
            # userinfo's preferred_username need not be the username: the user's record decides.
            soql = f"SELECT+Username+FROM+User+WHERE+Id='{identity.user_id}'"
            answer = yield from self._ask(_query(token.instance_url, soql, bearer))
            username = read_username(answer) or identity.username
            self.so_far = self.so_far._replace(identity=identity._replace(username=username))

    def _is_somebody_else(self, username: str) -> bool:
        if self.credential.flow != "jwt":
            return False
        wanted = self.credential.value(("jwt", "username")).get_secret_value()
        return username.casefold() != wanted.casefold()

    def _scrubbed(self, refusal: ApiRefusal | None) -> ApiRefusal | None:
        if refusal is None:
            return None
        secrets = secrets_of(self.credential, None, self.so_far.token)
        return refusal._replace(
            error=scrubbed(refusal.error, secrets),
            description=scrubbed(refusal.description, secrets),
        )

    # -- without one

    def _look_from_outside(self) -> Generator[Request, Response, None]:
        host = self.so_far.host
        answer = yield from self._ask(Request("GET", f"{host}/.well-known/openid-configuration"))
        discovery = read_discovery(answer)
        if isinstance(discovery, str):
            self.so_far = self.so_far._replace(trouble=discovery)
            return
        self.so_far = self.so_far._replace(outside=Outside(discovery, None))
        answer = yield from self._ask(Request("GET", f"{host}/services/data"))
        versions: Versions | None = read_versions(answer)
        self.so_far = self.so_far._replace(outside=Outside(discovery, versions))


def _query(api: str, soql: str, bearer: SecretStr) -> Request:
    url = f"{api}/services/data/{API_VERSION}/query?q={soql}"
    return Request("GET", url, authorization=bearer)


def _pairs(credential: Credential, host: str) -> list[tuple[str, str]]:
    """Token host and audience: n8n's own pair, then those that are worth a try.

    Some orgs want a general audience at their own address; where the general host itself is
    asked, it may be the other one (production for sandbox).
    """
    environment = credential.spec.environment or "production"
    other = "production" if environment == "sandbox" else "sandbox"
    if classify(host.removeprefix("https://")).kind is HostKind.GENERIC_LOGIN:
        another = GENERIC[other] if host == GENERIC[environment] else GENERIC[environment]
        return [(host, host), (another, another)]
    return [(host, host), (host, GENERIC[environment]), (host, GENERIC[other])]


def _is_about_the_audience(outcome: Outcome) -> bool:
    return _is_row(outcome, "audience-invalid")


def _is_row(outcome: Outcome, name: str) -> bool:
    if not isinstance(outcome, Refused):
        return False
    rows = diagnose(Said(outcome.error, outcome.description, "token"))
    return any(row.name == name for row in rows)


def _trouble(outcome: Outcome) -> str:
    """Why an answer says nothing about the credential; empty if it does."""
    if isinstance(outcome, Strange):
        return f"what answered is not Salesforce's token endpoint: {outcome.what}"
    if isinstance(outcome, Refused) and _is_row(outcome, "salesforce-trouble"):
        return (
            f"Salesforce itself has a problem ({outcome.error}): look at status.salesforce.com, "
            "and try again later"
        )
    return ""


def secrets_of(credential: Credential, request: Request | None, token: Token | None) -> list[str]:
    """Every value that an answer might repeat."""
    found = []
    for route, _reference in credential.references():
        try:
            found.append(credential.value(route))
        except NotKnown:
            continue
    if request is not None:
        found += [value for value in (request.form or {}).values() if isinstance(value, SecretStr)]
        found += [request.authorization] if request.authorization else []
    if token is not None:
        found += [token.access_token, *([token.refresh_token] if token.refresh_token else [])]
    return [secret.get_secret_value().removeprefix("Basic ") for secret in found]


def _without(secrets: list[str], outcome: Outcome) -> Outcome:
    match outcome:
        case Refused():
            return outcome._replace(
                error=scrubbed(outcome.error, secrets),
                description=scrubbed(outcome.description, secrets),
            )
        case Redirected():
            return outcome._replace(host=scrubbed(outcome.host, secrets))
        case _:
            return outcome
