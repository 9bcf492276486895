"""Decide which browser request completes a login, and which page the browser gets.

There are no sockets here; sfcred.oauth.callback_server has them.

The browser starts at one of the listener's own URLs, which redirects it to Salesforce. So the URL
that you see, and that the browser is started with, doesn't contain the Consumer Key. Other users
of this machine can see that URL in the list of processes. Whoever opens it gets the state, and
could come back with the code of another user. So only one browser may open it, known by a cookie:
a second one ends the login. The callback needs no cookie: only that browser knows the state.
"""

import hmac
import queue
import secrets
import threading
from typing import NamedTuple
from urllib.parse import parse_qs

from pydantic import SecretStr

from sfcred.in_time import first_of
from sfcred.oauth.authorization_code import Consent
from sfcred.templates import render
from sfcred.urls import Url, split_url, take_apart

LOOPBACK = ("127.0.0.1", "::1")
# How long a browser waits for the page with the result, in seconds.
_PATIENCE = 60
# How long the terminal waits until the browser has that page, in seconds.
_COURTESY = 3
_HTTP_PORT = 80


class CallbackResult(NamedTuple):
    """What the browser brought back: a code, or Salesforce's error."""

    code: SecretStr | None
    error: str = ""
    description: str = ""


class ResultPage(NamedTuple):
    """A page for the browser, with a title and a text."""

    title: str
    text: str
    good: bool

    def html(self) -> str:
        """Return the page as HTML; title and text are escaped."""
        return render("sfcred.oauth", "result_page.html", page=self)


class BrowserResponse(NamedTuple):
    """The response to a browser's request: a page, or a redirect.

    Attributes:
        status: The HTTP status.
        page: The page; None for a redirect.
        location: The target of a redirect. It contains the Consumer Key, so it is never shown.
        cookie: The value of the header Set-Cookie; empty for none.
    """

    status: int
    page: ResultPage | None
    location: SecretStr = SecretStr("")
    cookie: SecretStr = SecretStr("")


_FOREIGN = ResultPage("Wrong address", "sfcred doesn't answer at this address.", good=False)
_NOT_FOUND = ResultPage("Not found", "sfcred is waiting for a login.", good=False)
_OTHER_LOGIN = ResultPage(
    "Wrong login",
    "This page belongs to another login. Start with the address in the terminal.",
    good=False,
)
_USED = ResultPage(
    "Already done", "This login is already complete. You can close this page.", good=False
)
_SHARED = ResultPage(
    "Opened twice",
    "Another browser or program has opened this address, too, so sfcred canceled the login. Start "
    "it again. To choose the browser yourself, use --no-browser.",
    good=False,
)
_ENDED = ResultPage("Canceled", "This login was canceled in the terminal.", good=False)


class Listener:
    """Accepts the callback of one login, once.

    Attributes:
        start_url: The URL to open in the browser.
    """

    def __init__(self, consent: Consent, port: int) -> None:
        self._consent = consent
        self._path = take_apart(consent.redirect_uri).path or "/"
        self._start = f"/start/{secrets.token_hex(8)}"
        self._hosts = _host_headers(consent.redirect_uri, port)
        self._results: queue.SimpleQueue[CallbackResult] = queue.SimpleQueue()
        self._used = threading.Lock()
        self._cookie = f"sfcred={secrets.token_urlsafe(24)}"
        self._opened = threading.Lock()
        self._shared = threading.Event()
        self._ended = threading.Event()
        self._delivered = threading.Event()
        self._page = _ENDED
        self.start_url = f"http://localhost:{port}{self._start}"

    @property
    def is_shared(self) -> bool:
        """Whether a second browser or program has opened the start URL."""
        return self._shared.is_set()

    def wait(self, seconds: float) -> CallbackResult | None:
        """Return the result of this login.

        Returns:
            None if it doesn't come in time (seconds), or must not be used (is_shared).
        """
        return first_of(self._results, seconds, self._shared.is_set)

    def show(self, page: ResultPage) -> None:
        """Show the waiting browser how the login ended."""
        self._page = page
        self._ended.set()
        if self._used.locked():
            self._delivered.wait(_COURTESY)

    def give_up(self) -> None:
        """Stop keeping a browser waiting."""
        self._ended.set()

    def delivered(self, page: ResultPage | None) -> None:
        """Note that a browser has received a page."""
        if page is self._page:
            self._delivered.set()

    def answer(self, target: str, host: str, cookies: str = "") -> BrowserResponse:
        """Return the response to a request.

        Args:
            target: The request's path and query.
            host: Its Host header.
            cookies: Its Cookie header.
        """
        route, _, query = target.partition("?")
        if host not in self._hosts:  # DNS rebinding: another site's name resolves to this machine
            return BrowserResponse(403, _FOREIGN)
        if route == self._start:
            return self._begin(cookies)
        if route == self._path:
            return self._take(query)
        return BrowserResponse(404, _NOT_FOUND)

    def _begin(self, cookies: str) -> BrowserResponse:
        """Send the first browser to Salesforce, also if the person reloads the page."""
        if not self._opened.acquire(blocking=False):
            given = [cookie.strip().encode("utf-8", "replace") for cookie in cookies.split(";")]
            if not any(hmac.compare_digest(one, self._cookie.encode()) for one in given):
                self._shared.set()
            if self.is_shared:
                return BrowserResponse(409, _SHARED)
        cookie = f"{self._cookie}; Path={self._start}; HttpOnly; SameSite=Lax"
        return BrowserResponse(302, None, self._consent.url, SecretStr(cookie))

    def _take(self, query: str) -> BrowserResponse:
        fields = {name: values[0] for name, values in parse_qs(query).items()}
        given, wanted = fields.get("state", ""), self._consent.state.get_secret_value()
        if not hmac.compare_digest(given.encode(), wanted.encode()):
            return BrowserResponse(400, _OTHER_LOGIN)
        if self.is_shared:
            return BrowserResponse(409, _SHARED)
        if not self._used.acquire(blocking=False):
            return BrowserResponse(409, _USED)
        self._results.put(_result(fields))
        self._ended.wait(_PATIENCE)
        return BrowserResponse(200, self._page)


def _result(fields: dict[str, str]) -> CallbackResult:
    code = fields.get("code")
    if code:
        return CallbackResult(SecretStr(code), fields.get("error", ""))
    error = fields.get("error", "no code")
    return CallbackResult(None, error, fields.get("error_description", ""))


def redirect_of(uri: str) -> Url:
    """Return the parts of a callback URL on this machine."""
    url = split_url(uri)
    if url is None:
        raise TypeError("the callback on this machine is not a URL")
    return url


def _host_headers(redirect_uri: str, port: int) -> set[str]:
    """Return the Host headers that browsers send for the start URL and the callback URL."""
    names = {"localhost", *LOOPBACK, redirect_of(redirect_uri).host}
    written = {f"[{name}]" if ":" in name else name for name in names}
    ports = {f":{port}", "" if port == _HTTP_PORT else f":{port}"}
    return {f"{name}{end}" for name in written for end in ports}
