"""The authorize page: a login form, then the consent form. HTTP is handled in `app`."""

import secrets
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

from sfcred.local_org.org import LocalOrg, username_of
from sfcred.local_org.pages import consent_page, error_page, login_page
from sfcred.local_org.registry import Registration
from sfcred.salesforce.refusals import KnownWording
from sfcred.salesforce.scopes import includes

# Enough for people, but too few to fill the memory.
_MOST_TICKETS = 1000


class ConsentResponse(NamedTuple):
    """The response to a browser: a page, or a redirect.

    Attributes:
        status: The HTTP status.
        page: The page's HTML; empty for a redirect.
        location: The target of a redirect; empty for a page.
        leads_to: The origin, other than the org, that a form on the page may redirect to.
        refusal: The error and its description, for the log; empty if there is none.
    """

    status: int
    page: str = ""
    location: str = ""
    leads_to: str = ""
    refusal: str = ""


class _Ticket(NamedTuple):
    """A request that waits for a person's decision."""

    registration: Registration
    redirect_uri: str
    scopes: tuple[str, ...]
    state: str
    challenge: str


class Consents:
    """The logins in progress."""

    def __init__(self, org: LocalOrg) -> None:
        self._org = org
        self._tickets: dict[str, _Ticket] = {}

    def begin(self, query: Mapping[str, str]) -> ConsentResponse:
        """Answer a request for the authorize page (RFC 6749, section 4.1.1)."""
        known = self._org.find_client(query.get("client_id", ""))
        clients = [client for client in known if client.flow == "oauth2"]
        if not clients:
            return _error("invalid_client_id", "client identifier invalid")
        redirect_uri = query.get("redirect_uri", "")
        if not redirect_uri:
            return _error("redirect_uri_missing", "redirect_uri not provided")
        listed = [client for client in clients if redirect_uri in client.callback_urls]
        if not listed:
            # Never redirect there: it could be anybody's address (RFC 6749, section 4.1.2.1).
            return _error("redirect_uri_mismatch", "redirect_uri must match configuration")
        return self._rehearsed(redirect_uri, query) or self._ask(listed[0], redirect_uri, query)

    def _rehearsed(self, redirect_uri: str, query: Mapping[str, str]) -> ConsentResponse | None:
        refusing = self._org.refusing
        for answer in refusing.answers if refusing else ():
            if answer.step == "authorize":
                return _refused(answer, redirect_uri, query)
        return None

    def _ask(
        self, registration: Registration, redirect_uri: str, query: Mapping[str, str]
    ) -> ConsentResponse:
        state = query.get("state", "")
        if query.get("response_type") != "code":
            no = ("unsupported_response_type", "response type not supported")
            return _back(redirect_uri, state, *no)
        challenge = query.get("code_challenge", "")
        if registration.pkce_required and not challenge:
            return _error("invalid_request", "missing required code challenge")
        scopes = tuple(query.get("scope", "").split()) or registration.scopes
        if not set(scopes) <= _allowed(registration):
            text = "An unexpected error has occurred during authentication. Please try again."
            return _error("OAUTH_APPROVAL_ERROR_GENERIC", text)
        ticket = secrets.token_urlsafe(24)
        if len(self._tickets) >= _MOST_TICKETS:
            self._tickets.clear()
        self._tickets[ticket] = _Ticket(registration, redirect_uri, scopes, state, challenge)
        return ConsentResponse(200, login_page(ticket, username_of(registration)))

    def about(self, form: Mapping[str, str]) -> list[Registration]:
        """Return the registration that a form's login is for; empty if the login is over."""
        ticket = self._tickets.get(form.get("ticket", ""))
        return [ticket.registration] if ticket else []

    def log_in(self, form: Mapping[str, str]) -> ConsentResponse:
        """Answer the login form. It accepts any password, if the app admits anybody."""
        ticket = self._tickets.get(form.get("ticket", ""))
        if ticket is None:
            return _error("login_error", "this login is over; start again")
        if ticket.registration.admits_nobody:
            text = "user is not admin approved to access this app"
            return _error("OAUTH_APP_ACCESS_DENIED", text)
        page = consent_page(form["ticket"], ticket.registration.label, ticket.scopes)
        return ConsentResponse(200, page, leads_to=_origin(ticket.redirect_uri))

    def decide(self, form: Mapping[str, str]) -> ConsentResponse:
        """Answer the consent form: redirect to the callback with a code or an error."""
        ticket = self._tickets.pop(form.get("ticket", ""), None)
        if ticket is None:
            return _error("login_error", "this login is over; start again")
        if form.get("decision") != "allow":
            no = ("access_denied", "end-user denied authorization")
            return _back(ticket.redirect_uri, ticket.state, *no)
        code = self._org.give_code(
            ticket.registration, ticket.redirect_uri, ticket.scopes, ticket.challenge
        )
        return ConsentResponse(
            302, location=_with(ticket.redirect_uri, code=code, state=ticket.state)
        )


def _allowed(registration: Registration) -> set[str]:
    return set(registration.scopes).union(*(includes(scope) for scope in registration.scopes))


def _refused(answer: KnownWording, redirect_uri: str, query: Mapping[str, str]) -> ConsentResponse:
    if answer.status == 302:  # noqa: PLR2004 - HTTP's own number
        return _back(redirect_uri, query.get("state", ""), answer.error, answer.description)
    return _error(answer.error, answer.description)


def _error(error: str, description: str) -> ConsentResponse:
    page = error_page(error, description)
    return ConsentResponse(400, page, refusal=f"{error}: {description}")


def _back(redirect_uri: str, state: str, error: str, description: str) -> ConsentResponse:
    location = _with(redirect_uri, error=error, error_description=description, state=state)
    return ConsentResponse(302, location=location, refusal=f"{error}: {description}")


def _with(redirect_uri: str, **fields: str) -> str:
    query = urlencode({name: value for name, value in fields.items() if value})
    return f"{redirect_uri}{'&' if urlsplit(redirect_uri).query else '?'}{query}"


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
