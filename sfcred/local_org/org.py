"""The local org's state: apps and users, codes, tokens, and the refusal that it simulates."""

import secrets
import time
from collections.abc import Callable, Mapping
from typing import NamedTuple

from sfcred.local_org.access import Access
from sfcred.local_org.log import Log
from sfcred.local_org.registry import Registration, Registry
from sfcred.local_org.reply import HttpResponse, oauth_error, rest_error
from sfcred.salesforce.refusals import Endpoint, Refusal, find_refusal

#: How long a code is valid, in seconds (RFC 6749 recommends ten minutes at most).
CODE_LIFETIME = 600
_REFRESH = frozenset({"refresh_token", "offline_access"})


class Code(NamedTuple):
    """An authorization code that was issued. `expires` is in seconds since the epoch."""

    registration: Registration
    redirect_uri: str
    scopes: tuple[str, ...]
    challenge: str
    expires: float


class Session(NamedTuple):
    """What a token gives access to."""

    registration: Registration
    scopes: tuple[str, ...]


class LocalOrg:
    """The org's state.

    Args:
        registry: The apps and users.
        base_url: Its own URL, without a trailing slash.
        clock: Returns seconds since the epoch.

    Attributes:
        refusing: The refusal to simulate, or None.
        logins: The number of tokens that were granted.
        access: What its users may do; everything unless it is set.
        log: What happened here.
    """

    def __init__(
        self, registry: Registry, base_url: str, clock: Callable[[], float] = time.time
    ) -> None:
        self.base_url = base_url
        self.access = Access()
        self.refusing: Refusal | None = None
        self.logins = 0
        self.clock = clock
        self.log = Log(clock)
        self._codes: dict[str, Code] = {}
        self._sessions: dict[str, Session] = {}
        self._tokens: dict[tuple[str, tuple[str, ...]], str] = {}
        self._refresh_tokens: dict[str, Session] = {}
        self._approved: set[str] = set()
        self.learn(registry)

    def learn(self, registry: Registry) -> None:
        """Replace the apps and users. Tokens that were issued keep working."""
        self.registry = registry
        self._by_client: dict[str, list[Registration]] = {}
        for registration in registry.registrations:
            key = registration.client_id.get_secret_value()
            self._by_client.setdefault(key, []).append(registration)

    # -- refusals on request

    def refuse(self, name: str) -> bool:
        """Simulate the refusal with that name from now on. An empty name ends the simulation.

        Returns:
            Whether the name is empty or a known refusal.
        """
        found = find_refusal(name) if name else None
        self.refusing = found
        return found is not None or not name

    def rehearsed(self, step: Endpoint, grant: str = "") -> HttpResponse | None:
        """Return the simulated refusal's answer, if there is one for this step."""
        for answer in self.refusing.answers if self.refusing else ():
            if answer.step == step and (not answer.grant or answer.grant == grant):
                if step == "rest":
                    return rest_error(answer.error, answer.description, answer.status)
                if step == "userinfo":
                    return HttpResponse(answer.status, answer.error)
                return oauth_error(answer.error, answer.description, answer.status)
        return None

    # -- apps and approvals

    def find_registrations(self, client_id: str) -> list[Registration]:
        """Return the registrations of apps with that Consumer Key."""
        return self._by_client.get(client_id, [])

    def find_client(self, client_id: str) -> list[Registration]:
        """Return the registrations with that Consumer Key whose clients have a secret."""
        return [r for r in self.find_registrations(client_id) if r.flow != "jwt"]

    def is_approved(self, registration: Registration) -> bool:
        """Return whether the user may use the app, by an admin's approval or an earlier consent."""
        return registration.pre_authorized or registration.identity in self._approved

    # -- codes

    def give_code(
        self, registration: Registration, redirect_uri: str, scopes: tuple[str, ...], challenge: str
    ) -> str:
        """Return a new code for a consent."""
        code = f"aPrx{secrets.token_urlsafe(32)}"
        expires = self.clock() + CODE_LIFETIME
        self._codes[code] = Code(registration, redirect_uri, scopes, challenge, expires)
        return code

    def take_code(self, text: str) -> Code | None:
        """Return a code that is still valid. Each works once."""
        code = self._codes.pop(text, None)
        return None if code is None or code.expires < self.clock() else code

    # -- tokens

    def grant(self, session: Session) -> HttpResponse:
        """Answer a login with an access token."""
        self.logins += 1
        registration = session.registration
        self.log.note("logged in", registration.flow, [registration])
        return HttpResponse(
            200,
            {
                "access_token": self._access_token(session),
                "instance_url": self.base_url,
                "id": self.identity_url(registration),
                "token_type": "Bearer",
                "scope": " ".join(session.scopes),
                "issued_at": str(int(self.clock() * 1000)),
            },
        )

    def grant_with_refresh(self, session: Session) -> HttpResponse:
        """Answer a consent with an access token and, if the scopes include it, a refresh token."""
        reply = self.grant(session)
        if not _REFRESH & set(session.scopes):
            return reply
        self._approved.add(session.registration.identity)
        token = f"5Aep861{secrets.token_urlsafe(48)}"
        self._refresh_tokens[token] = session
        body = dict(reply.body) if isinstance(reply.body, Mapping) else {}
        return HttpResponse(200, {**body, "refresh_token": token})

    def _access_token(self, session: Session) -> str:
        """Return a token that is still valid, as Salesforce may do, or a new one."""
        key = (session.registration.identity, session.scopes)
        token = self._tokens.get(key, "")
        if token not in self._sessions:
            token = f"{session.registration.org_id[:15]}!{secrets.token_urlsafe(48)}"
            self._tokens[key], self._sessions[token] = token, session
        return token

    def refresh_session(self, token: str) -> Session | None:
        """Return the session of a refresh token that this org issued."""
        return self._refresh_tokens.get(token)

    def session(self, authorization: str) -> Session | None:
        """Return the session of a Bearer header."""
        kind, _, token = authorization.partition(" ")
        return self._sessions.get(token) if kind.lower() in ("bearer", "oauth") else None

    def describe_token(self, token: str) -> tuple[Session, dict[str, object]] | None:
        """Return the session of a token, and the fields that introspection shows (RFC 7662)."""
        session = self._sessions.get(token) or self._refresh_tokens.get(token)
        if session is None:
            return None
        registration = session.registration
        return session, {
            "active": True,
            "scope": " ".join(session.scopes),
            "client_id": registration.client_id.get_secret_value(),
            "username": username_of(registration),
            "sub": self.identity_url(registration),
            "token_type": "access_token" if token in self._sessions else "refresh_token",
        }

    def revoke(self, token: str) -> HttpResponse:
        """Revoke a token (RFC 7009)."""
        known = self._sessions.pop(token, None) or self._refresh_tokens.pop(token, None)
        if known is None:
            return oauth_error("unsupported_token_type", "this token type is not supported")
        return HttpResponse(200, "")

    def identity_url(self, registration: Registration) -> str:
        """Return the URL that identifies a registration's user."""
        return f"{self.base_url}/id/{registration.org_id}/{registration.user_id}"


def username_of(registration: Registration) -> str:
    """Return the user that tokens belong to. OAuth2 specs don't say who consents."""
    if registration.username is None:
        return "person@local-org.example"
    return registration.username.get_secret_value()
