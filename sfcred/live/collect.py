"""Visit an org: log in as n8n would, and read a little. It takes one token and few requests.

Nothing is judged here; that is for the live checks. A visit never revokes its token, because
Salesforce may have given n8n the same one.
"""

import time
from collections.abc import Callable, Generator

from pydantic import SecretStr

from sfcred.http.messages import Flow, Request, Response, Unreachable
from sfcred.http.trust import login_url, permitted, within_fence
from sfcred.live.audiences import is_about_the_audience, is_refusal, pairs_to_try
from sfcred.live.clock import measure
from sfcred.live.grants import client_of, issuer_of, refresh_token_of
from sfcred.live.org import (
    API_VERSION,
    PublicInfo,
    read_discovery,
    read_identity,
    read_organization,
    read_refusal,
    read_username,
    read_versions,
)
from sfcred.live.sent import SentSecrets
from sfcred.live.visit import Attempt, Visit
from sfcred.oauth import client_credentials, jwt_bearer, refresh_token
from sfcred.oauth.token import (
    Token,
    TokenRefusal,
    TokenResult,
    UnexpectedAnswer,
    host_of,
    read_token_result,
)
from sfcred.resolve.credential import Credential

Clock = Callable[[], float]
#: What to do if nothing answers at the address of a local org.
START_LOCAL_ORG = (
    "Start a local org in another terminal with `sfcred local-org`, and use the address that it "
    "prints."
)
Requests = Generator[Request, Response, None]


def visit(credential: Credential, clock: Clock = time.time) -> Flow[Visit]:
    """Log in as n8n does, and read a little about the org.

    Args:
        credential: The credential.
        clock: Returns seconds since the epoch.

    Returns:
        A generator of requests. It returns a Visit, even if the org can't be reached.

    Raises:
        NotKnown: Before the first request, if a value can't be read here, or nothing may be sent to
            the address.
    """
    return _Visitor(credential, login_url(credential), clock).go()


def visit_with(credential: Credential, exchange: Request, clock: Clock = time.time) -> Flow[Visit]:
    """Log in with a consent that was just given, and read a little about the org.

    Args:
        credential: The credential.
        exchange: The request that exchanges the consent's code for a token.
        clock: Returns seconds since the epoch.

    Returns:
        As visit().

    Raises:
        NotKnown: As visit().
    """
    return _Visitor(credential, login_url(credential), clock, exchange).go()


def visit_that_was_denied(credential: Credential, host: str, error: str, text: str) -> Visit:
    """Return the visit for a consent that came back as an error.

    Args:
        credential: The credential.
        host: The base URL that was asked for the consent.
        error: The parameter `error` of the callback (RFC 6749, section 4.1.2.1).
        text: The parameter `error_description`.
    """
    refused = SentSecrets(credential).mask_result(TokenRefusal(302, error, text))
    return Visit(host, "code", (Attempt(host, "", refused, "authorize"),))


class _Visitor:
    """Collects the results of a visit as it goes on."""

    def __init__(
        self, credential: Credential, host: str, clock: Clock, exchange: Request | None = None
    ) -> None:
        self.credential = credential
        self.clock = clock
        self.exchange = exchange
        self.sent = SentSecrets(credential)
        self.so_far = Visit(host)

    def go(self) -> Flow[Visit]:
        try:
            yield from self._begin()
            if self.so_far.token is not None:
                yield from self._read_org(self.so_far.token)
        except Unreachable as trouble:
            if not self.so_far.trouble:
                self._end(trouble.message, self._advice(trouble))
        return self.so_far

    def _end(self, trouble: str, advice: str = "") -> None:
        self.so_far = self.so_far._replace(trouble=trouble, advice=advice)

    @property
    def _is_rehearsal(self) -> bool:
        return self.credential.context.local_org is not None

    def _advice(self, trouble: Unreachable) -> str:
        return START_LOCAL_ORG if self._is_rehearsal else trouble.hint

    def _begin(self) -> Requests:
        if self.exchange is not None:
            self.so_far = self.so_far._replace(grant="code")
            yield from self._log_in(self.exchange, self.so_far.host)
        elif self.credential.flow == "jwt":
            self.so_far = self.so_far._replace(grant="jwt")
            yield from self._jwt()
        elif self.credential.flow == "client_credentials":
            self.so_far = self.so_far._replace(grant="client")
            request = client_credentials.token_request(client_of(self.credential), self.so_far.host)
            yield from self._log_in(request, self.so_far.host)
        elif (token := refresh_token_of(self.credential)) is not None:
            self.so_far = self.so_far._replace(grant="refresh")
            client = client_of(self.credential)
            request = refresh_token.token_request(client, self.so_far.host, token)
            yield from self._log_in(request, self.so_far.host)
        else:
            yield from self._read_public_info()

    def _ask(self, request: Request) -> Generator[Request, Response, Response]:
        answer = yield request
        self.so_far = self.so_far._replace(skew=measure(answer, self.so_far.skew))
        return answer

    # -- logging in

    def _jwt(self) -> Requests:
        issuer = issuer_of(self.credential)
        environment = self.credential.spec.environment or "production"
        for host, audience in pairs_to_try(environment, self.so_far.host):
            if not self._may_send(host):  # the fence may exclude a general login host
                return
            request = jwt_bearer.token_request(issuer, host, audience, self.clock())
            yield from self._log_in(request, host, audience)
            if not is_about_the_audience(self.so_far.attempts[-1].outcome):
                return

    def _log_in(self, request: Request, host: str, audience: str = "") -> Requests:
        self.sent.add_request(request)
        answer = yield from self._ask(request)
        result = self.sent.mask_result(read_token_result(answer))
        self.so_far = self.so_far._replace(
            attempts=(*self.so_far.attempts, Attempt(host, audience, result))
        )
        if isinstance(result, Token):
            self.sent.add_token(result)
            self.so_far = self.so_far._replace(token=result)
        if trouble := _trouble(result):
            is_other = isinstance(result, UnexpectedAnswer) and self._is_rehearsal
            self._end(trouble, START_LOCAL_ORG if is_other else "")

    # -- with a token

    def _read_org(self, token: Token) -> Requests:
        if not self._may_send(token.instance_url):
            why = "is neither a My Domain nor allowed with --allow-host"
            if not within_fence(host_of(token.instance_url), self.credential.context.org_hosts):
                why = "is not in SFCRED_ORG_HOSTS or --org-host"
            self._end(f"the instance_url in the answer {why}, so the token was not sent to it")
            return
        bearer = SecretStr(f"Bearer {token.access_token.get_secret_value()}")
        yield from self._read_organization(token.instance_url, bearer)
        yield from self._read_identity(token, bearer)

    def _may_send(self, url: str) -> bool:
        context = self.credential.context
        return permitted(url, context.allow_hosts, context.org_hosts) is not None

    def _read_organization(self, api: str, bearer: SecretStr) -> Requests:
        soql = "SELECT+Id,IsSandbox,TrialExpirationDate+FROM+Organization"
        answer = yield from self._ask(_query(api, soql, bearer))
        refusal = self.sent.mask_refusal(read_refusal(answer, "rest"))
        self.so_far = self.so_far._replace(
            organization=read_organization(answer), api=self.so_far.api or refusal
        )

    def _read_identity(self, token: Token, bearer: SecretStr) -> Requests:
        """Ask userinfo at the authority, as the Test button of n8n's credential does."""
        url = f"{self.so_far.attempts[-1].host}/services/oauth2/userinfo"
        answer = yield from self._ask(Request("GET", url, authorization=bearer))
        identity = read_identity(answer)
        refusal = self.sent.mask_refusal(read_refusal(answer, "userinfo"))
        self.so_far = self.so_far._replace(identity=identity, api=self.so_far.api or refusal)
        if identity is not None and self._is_somebody_else(identity.username):
            # userinfo's preferred_username can differ from the username, so ask the user's record.
            soql = f"SELECT+Username+FROM+User+WHERE+Id='{identity.user_id}'"
            answer = yield from self._ask(_query(token.instance_url, soql, bearer))
            username = read_username(answer) or identity.username
            self.so_far = self.so_far._replace(identity=identity._replace(username=username))

    def _is_somebody_else(self, username: str) -> bool:
        route = self.credential.username_route
        if route is None or self.credential.declared(route) is None:
            return False
        wanted = self.credential.value(route).get_secret_value()
        return username.casefold() != wanted.casefold()

    # -- without a token

    def _read_public_info(self) -> Requests:
        host = self.so_far.host
        answer = yield from self._ask(Request("GET", f"{host}/.well-known/openid-configuration"))
        discovery = read_discovery(answer)
        if isinstance(discovery, str):
            self._end(discovery)
            return
        self.so_far = self.so_far._replace(outside=PublicInfo(discovery, None))
        answer = yield from self._ask(Request("GET", f"{host}/services/data"))
        self.so_far = self.so_far._replace(outside=PublicInfo(discovery, read_versions(answer)))


def _query(api: str, soql: str, bearer: SecretStr) -> Request:
    url = f"{api}/services/data/{API_VERSION}/query?q={soql}"
    return Request("GET", url, authorization=bearer)


def _trouble(result: TokenResult) -> str:
    """Return why an answer tells nothing about the credential; empty if it does."""
    if isinstance(result, UnexpectedAnswer):
        return f"the answer is not from Salesforce's token endpoint: {result.what}"
    if isinstance(result, TokenRefusal) and is_refusal(result, "salesforce-trouble"):
        return (
            f"Salesforce itself has a problem ({result.error}): check status.salesforce.com, "
            "and try again later"
        )
    return ""
