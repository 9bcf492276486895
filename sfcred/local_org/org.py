"""The local org itself: who may log in, and what tokens open. No HTTP in here.

Its order of checks is that which users' reports suggest for Salesforce: client, signature and
audience, user, approval. It is as lenient as Salesforce where clients rely on it: a slash at an
audience's end, `exp` in milliseconds or as a text.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
import time
from collections.abc import Callable, Mapping
from typing import NamedTuple

from pydantic import SecretStr

from sfcred.local_org.registry import Registration, Registry, Signer
from sfcred.salesforce.refusals import Refusal, Step, find_refusal

_JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_GRANTS = {_JWT_BEARER: "jwt", "refresh_token": "refresh", "authorization_code": "code"}
#: How long a code lives, in seconds (RFC 6749 recommends ten minutes at most).
CODE_LIFETIME = 600
#: From here on a claim's time is in milliseconds: as seconds it would be the year 5138.
_MILLISECONDS = 1e11
# For clients whose assertions end in the very moment of their making (CumulusCI), in seconds.
_LEEWAY = 30


class Reply(NamedTuple):
    """An answer: a mapping or list goes out as JSON, a text as it is."""

    status: int
    body: "Mapping[str, object] | list[object] | str"


class Manner(NamedTuple):
    """How the org answers.

    Attributes:
        latency: How long it waits before each answer, in seconds.
        note: Is handed a line a request: method and path, nothing else.
    """

    latency: float = 0.0
    note: Callable[[str], object] = lambda _line: None


class Code(NamedTuple):
    """An authorization code that was given out."""

    registration: Registration
    redirect_uri: str
    scopes: tuple[str, ...]
    challenge: str
    expires: float


class Session(NamedTuple):
    """What a token opens."""

    registration: Registration
    scopes: tuple[str, ...]


class LocalOrg:
    """The org's state.

    Args:
        registry: The apps and users.
        base_url: Its own address, without a slash at its end.
        clock: Seconds since the epoch.

    Attributes:
        refusing: The refusal that is to be rehearsed, if one is.
        logins: How many tokens were granted.
    """

    def __init__(
        self, registry: Registry, base_url: str, clock: Callable[[], float] = time.time
    ) -> None:
        self.base_url = base_url
        self.refusing: Refusal | None = None
        self.logins = 0
        self._clock = clock
        self._codes: dict[str, Code] = {}
        self._sessions: dict[str, Session] = {}
        self._tokens: dict[tuple[str, tuple[str, ...]], str] = {}
        self._refresh_tokens: dict[str, Session] = {}
        self._approved: set[str] = set()
        self.learn(registry)

    def learn(self, registry: Registry) -> None:
        """Knows these apps and users from now on; tokens that were given out go on working."""
        self.registry = registry
        self._by_client: dict[str, list[Registration]] = {}
        for registration in registry.registrations:
            key = registration.client_id.get_secret_value()
            self._by_client.setdefault(key, []).append(registration)

    # -- refusals on request

    def refuse(self, name: str) -> bool:
        """Rehearses the refusal of that name from now on; an empty name ends it."""
        found = find_refusal(name) if name else None
        self.refusing = found
        return found is not None or not name

    def rehearsed(self, step: Step, grant: str = "") -> Reply | None:
        """The answer of the refusal that is rehearsed, if it belongs to this step."""
        for answer in self.refusing.answers if self.refusing else ():
            if answer.step == step and (not answer.grant or answer.grant == grant):
                if step == "rest":
                    return Reply(answer.status, [_rest_error(answer.error, answer.description)])
                if step == "userinfo":
                    return Reply(answer.status, answer.error)
                return _no(answer.error, answer.description, answer.status)
        return None

    # -- the token endpoint

    def token(self, form: Mapping[str, str], authorization: str) -> Reply:
        """Answers a token request.

        Args:
            form: The body's fields.
            authorization: The Authorization header, or an empty text.
        """
        grant = form.get("grant_type", "")
        rehearsed = self.rehearsed("token", _GRANTS.get(grant, ""))
        if rehearsed is not None:
            return rehearsed
        if grant == _JWT_BEARER:
            return self._jwt(form)
        if grant == "refresh_token":
            return self._refresh(form, authorization)
        if grant == "authorization_code":
            return self._exchange(form, authorization)
        return _no("unsupported_grant_type", "grant type not supported")

    def _jwt(self, form: Mapping[str, str]) -> Reply:
        import jwt

        if "scope" in form:
            return _no("invalid_request", "scope parameter not supported")
        assertion = form.get("assertion", "")
        try:
            claims = jwt.decode(assertion, options={"verify_signature": False})
        except jwt.PyJWTError:
            return _no("invalid_grant", "invalid assertion")
        fitting = self._by_client.get(str(claims.get("iss", "")), [])
        if not fitting:
            return _no("invalid_client_id", "client identifier invalid")
        signers = {r.signer.sha256: r.signer for r in fitting if r.signer}
        signed = {name for name, signer in signers.items() if _has_signed(signer, assertion)}
        fitting = [r for r in fitting if r.signer and r.signer.sha256 in signed]
        if not fitting:
            return _no("invalid_grant", "invalid assertion")
        return self._jwt_user(fitting, claims)

    def _jwt_user(self, signed: list[Registration], claims: Mapping[str, object]) -> Reply:
        ends = _seconds(claims.get("exp"))
        if not ends >= self._clock() - _LEEWAY:  # nor is it if it is no number (NaN)
            return _no("invalid_grant", "expired authorization code")
        audience = str(claims.get("aud", "")).removesuffix("/")
        fitting = [r for r in signed if audience in {self.base_url, *r.audiences}]
        if not fitting:
            return _wrong_audience(signed[0], audience)
        fitting = [r for r in fitting if _is_user(r, claims.get("sub"))]
        if not fitting:
            return _no("invalid_grant", "invalid user credentials")
        registration = fitting[0]
        if not registration.pre_authorized and registration.identity not in self._approved:
            return _no("invalid_grant", "user hasn't approved this consumer")
        return self._grant(Session(registration, registration.scopes))

    def _refresh(self, form: Mapping[str, str], authorization: str) -> Reply:
        clients, refusal = self._clients(form, authorization)
        if refusal is not None:
            return refusal
        given = form.get("refresh_token", "")
        session = self._refresh_tokens.get(given)
        if session is None:
            declared = [r for r in clients if r.refresh_token and _same(r.refresh_token, given)]
            session = Session(declared[0], declared[0].scopes) if declared else None
        if session is None or session.registration not in clients:
            return _no("invalid_grant", "expired access/refresh token")
        return self._grant(session)

    def _exchange(self, form: Mapping[str, str], authorization: str) -> Reply:
        clients, refusal = self._clients(form, authorization)
        if refusal is not None:
            return refusal
        code = self._codes.pop(form.get("code", ""), None)
        if code is None or code.expires < self._clock() or code.registration not in clients:
            return _no("invalid_grant", "expired authorization code")
        if form.get("redirect_uri") != code.redirect_uri:
            return _no("redirect_uri_mismatch", "redirect_uri must match configuration")
        if code.challenge and challenge_of(form.get("code_verifier", "")) != code.challenge:
            return _no("invalid_grant", "invalid code verifier")
        return self._grant_with_refresh(Session(code.registration, code.scopes))

    def _clients(
        self, form: Mapping[str, str], authorization: str
    ) -> tuple[list[Registration], Reply | None]:
        """The registrations that a client's name and secret belong to, or the refusal."""
        pair = _basic(authorization) if authorization else None
        if authorization and pair is None:
            return [], _no("invalid_basic_auth_header", "")
        client_id, secret = pair or (form.get("client_id", ""), form.get("client_secret", ""))
        named = self.find_client(client_id)
        if not named:
            return [], _no("invalid_client_id", "client identifier invalid")
        known = [r for r in named if r.client_secret is None or _same(r.client_secret, secret)]
        if not known:
            return [], _no("invalid_client", "invalid client credentials")
        return known, None

    # -- what a login gives

    def _grant(self, session: Session) -> Reply:
        self.logins += 1
        registration = session.registration
        return Reply(
            200,
            {
                "access_token": self._access_token(session),
                "instance_url": self.base_url,
                "id": f"{self.base_url}/id/{registration.org_id}/{registration.user_id}",
                "token_type": "Bearer",
                "scope": " ".join(session.scopes),
                "issued_at": str(int(self._clock() * 1000)),
            },
        )

    def _grant_with_refresh(self, session: Session) -> Reply:
        reply = self._grant(session)
        if not {"refresh_token", "offline_access"} & set(session.scopes):
            return reply
        self._approved.add(session.registration.identity)
        token = f"5Aep861{secrets.token_urlsafe(48)}"
        self._refresh_tokens[token] = session
        body = dict(reply.body) if isinstance(reply.body, Mapping) else {}
        return Reply(200, {**body, "refresh_token": token})

    def _access_token(self, session: Session) -> str:
        """The token that is still good, as Salesforce may do it, else a new one."""
        key = (session.registration.identity, session.scopes)
        token = self._tokens.get(key, "")
        if token not in self._sessions:
            token = f"{session.registration.org_id[:15]}!{secrets.token_urlsafe(48)}"
            self._tokens[key], self._sessions[token] = token, session
        return token

    # -- the authorize page's part

    def find_client(self, client_id: str) -> list[Registration]:
        """The registrations of OAuth2 apps with that Consumer Key."""
        return [r for r in self._by_client.get(client_id, []) if r.flow == "oauth2"]

    def give_code(
        self, registration: Registration, redirect_uri: str, scopes: tuple[str, ...], challenge: str
    ) -> str:
        """A code for a consent."""
        code = f"aPrx{secrets.token_urlsafe(32)}"
        expires = self._clock() + CODE_LIFETIME
        self._codes[code] = Code(registration, redirect_uri, scopes, challenge, expires)
        return code

    # -- what tokens open

    def session(self, authorization: str) -> Session | None:
        """What a Bearer header opens."""
        kind, _, token = authorization.partition(" ")
        return self._sessions.get(token) if kind.lower() in ("bearer", "oauth") else None

    def introspect(self, form: Mapping[str, str], authorization: str) -> Reply:
        """What a client may know of its own tokens (RFC 7662)."""
        clients, refusal = self._clients(form, authorization)
        if refusal is not None:
            return refusal
        given = form.get("token", "")
        session = self._sessions.get(given) or self._refresh_tokens.get(given)
        if session is None or session.registration not in clients:
            return Reply(200, {"active": False})
        return Reply(
            200,
            {
                "active": True,
                "scope": " ".join(session.scopes),
                "client_id": session.registration.client_id.get_secret_value(),
                "username": username_of(session.registration),
                "sub": f"{self.base_url}/id/{session.registration.org_id}/"
                f"{session.registration.user_id}",
                "token_type": "access_token" if given in self._sessions else "refresh_token",
            },
        )

    def revoke(self, token: str) -> Reply:
        """Ends a token (RFC 7009)."""
        known = self._sessions.pop(token, None) or self._refresh_tokens.pop(token, None)
        if known is None:
            return _no("unsupported_token_type", "this token type is not supported")
        return Reply(200, "")


def challenge_of(verifier: str) -> str:
    """The S256 challenge of a verifier (RFC 7636, section 4.2)."""
    digest = hashlib.sha256(verifier.encode("utf-8", "surrogateescape")).digest()
    return base64.urlsafe_b64encode(digest).decode("ascii").rstrip("=")


def username_of(registration: Registration) -> str:
    """Whose token it is; OAuth2 specs don't say who consents."""
    if registration.username is None:
        return "person@local-org.example"
    return registration.username.get_secret_value()


def _no(error: str, description: str, status: int = 400) -> Reply:
    return Reply(status, {"error": error, "error_description": description})


def _rest_error(code: str, message: str) -> dict[str, object]:
    return {"errorCode": code, "message": message}


def _wrong_audience(registration: Registration, audience: str) -> Reply:
    generic = audience in ("https://login.salesforce.com", "https://test.salesforce.com")
    if registration.external_client_app and generic:
        return _no("app_not_found", "External client app is not installed in this org")
    return _no("invalid_grant", "audience is invalid")


def _same(secret: SecretStr, text: str) -> bool:
    known = secret.get_secret_value().encode("utf-8", "surrogateescape")
    return hmac.compare_digest(known, text.encode("utf-8", "surrogateescape"))


def _is_user(registration: Registration, name: object) -> bool:
    if registration.username is None or not isinstance(name, str):
        return False
    return registration.username.get_secret_value().casefold() == name.casefold()


def _has_signed(signer: Signer, assertion: str) -> bool:
    import jwt

    try:
        # The signature alone: times and audience have words of their own in Salesforce's answers.
        jwt.PyJWS().decode(assertion, signer.key, algorithms=["RS256"])
    except jwt.PyJWTError:
        return False
    return True


def _seconds(claim: object) -> float:
    """A NumericDate as clients send it: a number, a text, or milliseconds."""
    try:
        number = float(claim) if isinstance(claim, int | float | str) else 0.0
    except ValueError:
        return 0.0
    return number / 1000 if number > _MILLISECONDS else number


def _basic(authorization: str) -> tuple[str, str] | None:
    kind, _, value = authorization.partition(" ")
    try:
        text = base64.b64decode(value, validate=True).decode("utf-8", "surrogateescape")
    except (binascii.Error, ValueError):
        return None
    client, colon, secret = text.partition(":")
    return (client, secret) if kind.lower() == "basic" and colon else None
