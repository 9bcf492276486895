"""Let only programs on this machine and the org's own pages talk to the local org.

Another site's page can reach a server on this machine through its visitor's browser: with a name
that resolves to 127.0.0.1 (DNS rebinding), or with cross-origin forms and requests. So every
request is checked before it is routed, including those for error pages and WebSockets.
"""

from collections.abc import Iterable

from starlette.types import ASGIApp, Receive, Scope, Send

from sfcred.urls import split_url

#: The only page that another site may send a browser to: that is how a login begins.
AUTHORIZE = "/services/oauth2/authorize"
_REFUSAL = b"The local org only answers at its own address, and not to other sites' pages.\n"


class HostGuard:
    """Middleware that refuses requests from other sites' pages, and to other host names.

    Args:
        app: The application to pass requests to.
        base_url: The org's own URL.
    """

    def __init__(self, app: ASGIApp, base_url: str) -> None:
        self._app = app
        self._hosts = _own_hosts(base_url)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, or refuse it."""
        if scope["type"] == "websocket":  # the org has none
            await send({"type": "websocket.close", "code": 1008})
        elif scope["type"] == "http" and not self._is_welcome(scope):
            headers = [(b"content-type", b"text/plain"), (b"cache-control", b"no-store")]
            await send({"type": "http.response.start", "status": 403, "headers": headers})
            await send({"type": "http.response.body", "body": _REFUSAL})
        else:
            await self._app(scope, receive, send)

    def _is_welcome(self, scope: Scope) -> bool:
        hosts, origins = _values(scope, b"host"), _values(scope, b"origin")
        site = _values(scope, b"sec-fetch-site")
        if len(hosts) != 1 or hosts[0] not in self._hosts:
            return False
        is_own_page = site == ["same-origin"]
        if not all(
            self._is_own(origin) or (origin == "null" and is_own_page) for origin in origins
        ):
            return False
        return is_own_page or site in ([], ["none"]) or _begins_a_login(scope)

    def _is_own(self, origin: str) -> bool:
        scheme, _, host = origin.partition("://")
        return scheme == "http" and host in self._hosts


def _own_hosts(base_url: str) -> frozenset[str]:
    url = split_url(base_url)
    if url is None:
        raise TypeError("the org's own address is not a URL")
    return frozenset(url._replace(host=host).netloc for host in (url.host, "localhost"))


def _begins_a_login(scope: Scope) -> bool:
    """Return whether a browser's whole window (not a frame) navigates to the authorize page."""
    mode, aim = _values(scope, b"sec-fetch-mode"), _values(scope, b"sec-fetch-dest")
    is_visit = (mode, aim) == (["navigate"], ["document"])
    return is_visit and (scope["method"], scope["path"]) == ("GET", AUTHORIZE)


def _values(scope: Scope, name: bytes) -> list[str]:
    headers: Iterable[tuple[bytes, bytes]] = scope["headers"]
    return [value.decode("latin-1").strip().lower() for key, value in headers if key == name]
