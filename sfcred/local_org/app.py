"""Serve the local org over HTTP with Starlette. Nothing is decided here."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from sfcred.local_org import api
from sfcred.local_org.consent import ConsentResponse, Consents
from sfcred.local_org.forms import TooLarge, read_body, read_form
from sfcred.local_org.guard import AUTHORIZE, HostGuard
from sfcred.local_org.options import ServerOptions
from sfcred.local_org.org import LocalOrg
from sfcred.local_org.pages import status_page
from sfcred.local_org.records import Call
from sfcred.local_org.registry import Registration
from sfcred.local_org.reply import HttpResponse, oauth_error, rest_error
from sfcred.local_org.token_endpoint import answer_token_request, introspect

# The most characters of a path that a note shows.
_NOTED = 200
_REST = ["GET", "POST", "PATCH", "DELETE"]


Handler = Callable[[Request], Awaitable[Response]]


def make_app(org: LocalOrg, options: ServerOptions = ServerOptions()) -> Starlette:  # noqa: B008 - immutable
    """Return the ASGI application.

    Args:
        org: The org.
        options: How it answers.
    """
    pages = _Pages(org, Consents(org), options)
    machine = _Machine(org)
    oauth2 = "/services/oauth2"
    routes = [
        Route("/", pages.status, methods=["GET"]),
        Route("/_local/refuse", pages.refuse, methods=["POST"]),
        Route("/_local/state", pages.state, methods=["GET"]),
        Route("/_local/login", pages.login, methods=["POST"]),
        Route("/_local/consent", pages.consent, methods=["POST"]),
        Route(AUTHORIZE, pages.authorize, methods=["GET"]),
        Route(f"{oauth2}/token", machine.token, methods=["GET", "POST"]),
        Route(f"{oauth2}/userinfo", machine.userinfo, methods=["GET", "POST"]),
        Route(f"{oauth2}/introspect", machine.introspect, methods=["POST"]),
        Route(f"{oauth2}/revoke", machine.revoke, methods=["GET", "POST"]),
        Route("/.well-known/openid-configuration", machine.discovery),
        Route("/services/data", machine.versions),
        Route("/services/data/", machine.versions),
        Route("/services/data/v{version}/{path:path}", machine.rest, methods=_REST),
    ]
    handlers = {404: _not_found, 405: _not_found, TooLarge: _too_large, 500: _failed}
    app = Starlette(
        routes=[_wrapped(route, options) for route in routes],
        middleware=[Middleware(HostGuard, base_url=org.base_url)],
        exception_handlers=handlers,
    )
    app.router.redirect_slashes = False
    return app


def _wrapped(route: Route, options: ServerOptions) -> Route:
    """Return a route that also notes each request, and waits before it answers."""
    endpoint: Handler = route.endpoint

    async def answer(request: Request) -> Response:
        # Percent-encoded: a path can contain line breaks and terminal control characters.
        options.note(f"{request.method} {quote(request.scope['path'])[:_NOTED]}")
        options.refresh()
        if options.latency and route.path != "/":
            await asyncio.sleep(options.latency)
        return await endpoint(request)

    return Route(route.path, answer, methods=list(route.methods or ["GET"]))


def _response(reply: HttpResponse) -> Response:
    headers = {"Cache-Control": "no-store"}
    if isinstance(reply.body, str):
        return Response(reply.body, reply.status, headers, "text/plain; charset=utf-8")
    body = json.dumps(reply.body).encode()
    return Response(body, reply.status, headers, "application/json;charset=UTF-8")


def _page(response: ConsentResponse) -> Response:
    if response.location:
        return RedirectResponse(response.location, 302, {"Cache-Control": "no-store"})
    # Browsers also apply form-action to redirects after a form.
    form_action = f"'self' {response.leads_to}".strip()
    policy = f"default-src 'none'; style-src 'unsafe-inline'; form-action {form_action}"
    headers = {
        "Cache-Control": "no-store",
        "Content-Security-Policy": policy,
        "X-Frame-Options": "DENY",
        # With no-referrer, a browser would not send an origin for the page's own forms.
        "Referrer-Policy": "same-origin",
    }
    return HTMLResponse(response.page, response.status, headers)


async def _not_found(_request: Request, _error: Exception) -> Response:
    return _response(api.not_found())


async def _failed(_request: Request, _error: Exception) -> Response:
    return _response(oauth_error("local_org_failed", "a bug", 500))


async def _too_large(_request: Request, _error: Exception) -> Response:
    return _response(rest_error("TOO_LARGE", "request too large", 413))


def _authorization(request: Request) -> str:
    return request.headers.get("authorization", "")


class _Machine:
    """The endpoints for programs."""

    def __init__(self, org: LocalOrg) -> None:
        self._org = org

    async def token(self, request: Request) -> Response:
        if request.method != "POST":
            return _response(oauth_error("invalid_request", "Must use HTTP POST"))
        form = await read_form(request)
        return _response(answer_token_request(self._org, form, _authorization(request)))

    async def userinfo(self, request: Request) -> Response:
        return _response(api.userinfo(self._org, _authorization(request)))

    async def introspect(self, request: Request) -> Response:
        form = await read_form(request)
        return _response(introspect(self._org, form, _authorization(request)))

    async def revoke(self, request: Request) -> Response:
        form = await read_form(request) if request.method == "POST" else {}
        return _response(self._org.revoke(form.get("token", request.query_params.get("token", ""))))

    async def discovery(self, _request: Request) -> Response:
        return _response(api.discovery(self._org.base_url))

    async def versions(self, _request: Request) -> Response:
        return _response(api.versions())

    async def rest(self, request: Request) -> Response:
        body = await read_body(request)
        call = Call(
            request.method,
            request.path_params["path"],
            dict(request.query_params),
            body.decode("utf-8", "replace"),
        )
        return _response(api.rest(self._org, call, _authorization(request)))


class _Pages:
    """The endpoints for people."""

    def __init__(self, org: LocalOrg, consents: Consents, options: ServerOptions) -> None:
        self._org = org
        self._consents = consents
        self._options = options

    def _refusing(self) -> str:
        return self._org.refusing.name if self._org.refusing else ""

    async def status(self, _request: Request) -> Response:
        page = status_page(self._org, self._refusing(), self._options.started_with)
        return _page(ConsentResponse(200, page))

    async def state(self, _request: Request) -> Response:
        return _response(
            HttpResponse(200, {"refuse": self._refusing(), "logins": self._org.logins})
        )

    async def refuse(self, request: Request) -> Response:
        form = await read_form(request)
        if not self._org.refuse(form.get("name", "")):
            return _response(HttpResponse(400, {"error": "unknown refusal"}))
        if request.headers.get("content-type", "").startswith("application/json"):
            return await self.state(request)
        return RedirectResponse("/", 303)

    async def authorize(self, request: Request) -> Response:
        client = self._org.find_registrations(request.query_params.get("client_id", ""))
        return self._noted(self._consents.begin(dict(request.query_params)), client)

    async def login(self, request: Request) -> Response:
        form = await read_form(request)
        return self._noted(self._consents.log_in(form), self._consents.about(form))

    async def consent(self, request: Request) -> Response:
        form = await read_form(request)
        about = self._consents.about(form)  # the decision ends the login
        return self._noted(self._consents.decide(form), about)

    def _noted(self, response: ConsentResponse, client: Sequence[Registration] = ()) -> Response:
        if response.refusal:
            self._org.log.note("refused", response.refusal, client)
        return _page(response)
