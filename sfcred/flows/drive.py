"""The only place that sends. httpx stays behind this module.

Every flow's requests go through one client: certificates are checked, redirects are not followed,
every wait has an end, an answer's size has one too, and nothing is sent twice.
"""

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Generic, NamedTuple, Self, TypedDict, TypeVar

from pydantic import SecretStr

from sfcred import __version__
from sfcred.errors import NotKnown
from sfcred.flows._api import Answer, Flow, Request, Unreachable
from sfcred.http.trust import may_send

if TYPE_CHECKING:
    import ssl

    import httpx

T = TypeVar("T")

#: The most of an answer that is read, in bytes: Salesforce's largest here has some 10 KB.
BODY_LIMIT = 256 * 1024
# Of a client's at the same time: the authority's, and that of the instance it names.
_CONNECTIONS = 2


class Waits(NamedTuple):
    """How long something may take, in seconds: a connection, and a whole answer."""

    connect: float = 10.0
    answer: float = 30.0


class Drive(NamedTuple):
    """How to send.

    Attributes:
        allow_hosts, org_hosts: See Context.
        jobs: How many flows go on at the same time.
        waits: How long to wait.
    """

    allow_hosts: frozenset[str] = frozenset()
    org_hosts: frozenset[str] | None = None
    jobs: int = 1
    waits: Waits = Waits()


class Driven(NamedTuple, Generic[T]):
    """What came of some flows.

    Attributes:
        results: In the flows' order: what each returned; NotKnown where it could not be begun;
            another exception where it failed, which is a bug; None where it wasn't finished.
        interrupted: Ctrl-C came.
    """

    results: list[T | Exception | None]
    interrupted: bool


def drive(
    flows: Sequence[Callable[[], Flow[T]]],
    how: Drive,
    tick: Callable[[], object] = lambda: None,
) -> Driven[T]:
    """Runs flows to their ends, some at a time.

    Args:
        flows: Each begins a flow; one that raises NotKnown is recorded as not begun.
        how: Hosts, number at a time, waits.
        tick: Is called after each.

    Returns:
        The results. Ctrl-C ends the run early, and what is done is kept.
    """
    with _quiet():
        if len(flows) == 1:  # starting asyncio for one flow would take longer than the flow
            return _drive_alone(flows[0], how, tick)
        import asyncio

        return asyncio.run(_drive_all(flows, how, tick))


def _drive_alone(begin: Callable[[], Flow[T]], how: Drive, tick: Callable[[], object]) -> Driven[T]:
    with _Sender(how) as sender:
        try:
            result = _run_alone(begin, sender)
        except KeyboardInterrupt:
            return Driven([None], interrupted=True)
    tick()
    return Driven([result], interrupted=False)


def _run_alone(begin: Callable[[], Flow[T]], sender: "_Sender") -> T | Exception:
    try:
        flow = begin()
        request = next(flow)
        while True:
            try:
                answer = sender.send(request)
            except Unreachable as trouble:
                request = flow.throw(trouble)
            else:
                request = flow.send(answer)
    except StopIteration as end:
        result: T = end.value
        return result
    except Exception as error:  # noqa: BLE001 - as for many
        return error


async def _drive_all(
    flows: Sequence[Callable[[], Flow[T]]], how: Drive, tick: Callable[[], object]
) -> Driven[T]:
    import asyncio

    results: list[T | Exception | None] = [None] * len(flows)
    waiting = iter(enumerate(flows))

    async def work(trust: _Trust) -> None:
        # A client for each: httpcore looks through all of a client's connections at each request.
        async with _AsyncSender(how, trust) as sender:
            for index, begin in waiting:
                results[index] = await _run(begin, sender)
                tick()

    trust = _Trust()
    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(min(how.jobs, len(flows))):
                group.create_task(work(trust))
    except asyncio.CancelledError:
        return Driven(results, interrupted=True)
    return Driven(results, interrupted=False)


async def _run(begin: Callable[[], Flow[T]], sender: "_AsyncSender") -> T | Exception:
    try:
        flow = begin()
        request = next(flow)
        while True:
            try:
                answer = await sender.send(request)
            except Unreachable as trouble:
                request = flow.throw(trouble)
            else:
                request = flow.send(answer)
    except StopIteration as end:
        result: T = end.value
        return result
    except Exception as error:  # noqa: BLE001 - one flow's failure must not end the others
        return error


class _Sender:
    """The client for a flow that runs alone."""

    def __init__(self, how: Drive) -> None:
        self._how = how
        self._clients: dict[bool, httpx.Client] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        for client in self._clients.values():
            client.close()

    def send(self, request: Request) -> Answer:
        """Sends a request and reads the answer.

        Raises:
            Unreachable: There is no answer, with the reason.
            NotKnown: Nothing may be sent to that host.
        """
        import httpx

        secure = _require_trust(request, self._how)
        if secure not in self._clients:
            options = _client_options(self._how, _Trust(), secure=secure)
            self._clients[secure] = httpx.Client(**options)
        reading = _Reading(self._how.waits.answer)
        client, sent = self._clients[secure], _request_options(request)
        try:
            with client.stream(request.method, request.url, **sent) as response:
                reading.begins(response)
                for chunk in response.iter_raw():
                    reading.take(chunk)
        except httpx.HTTPError as error:
            raise _unreachable(error) from None
        return reading.answer()


class _AsyncSender:
    """The client for flows that run one after the other, beside others."""

    def __init__(self, how: Drive, trust: "_Trust") -> None:
        self._how = how
        self._trust = trust
        self._clients: dict[bool, httpx.AsyncClient] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_raised: object) -> None:
        for client in self._clients.values():
            await client.aclose()

    async def send(self, request: Request) -> Answer:
        """As _Sender's; here a head that trickles in has an end, too."""
        import asyncio

        try:
            async with asyncio.timeout(self._how.waits.answer):
                return await self._send(request)
        except TimeoutError:
            raise _too_slow(self._how.waits.answer) from None

    async def _send(self, request: Request) -> Answer:
        import httpx

        secure = _require_trust(request, self._how)
        if secure not in self._clients:
            options = _client_options(self._how, self._trust, secure=secure)
            self._clients[secure] = httpx.AsyncClient(**options)
        reading = _Reading(self._how.waits.answer)
        client, sent = self._clients[secure], _request_options(request)
        try:
            async with client.stream(request.method, request.url, **sent) as response:
                reading.begins(response)
                async for chunk in response.aiter_raw():
                    reading.take(chunk)
        except httpx.HTTPError as error:
            raise _unreachable(error) from None
        return reading.answer()


class _Reading:
    """An answer that is coming in: it has to end in time, and must not be too large."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._sent_at = self._received_at = time.time()
        self._began = time.monotonic()
        self._response: httpx.Response | None = None
        self._body = bytearray()

    def begins(self, response: "httpx.Response") -> None:
        """The head is there."""
        self._received_at = time.time()
        self._response = response

    def take(self, chunk: bytes) -> None:
        """More of the body, as it was sent: what is packed unasked could be a bomb.

        Raises:
            Unreachable: It goes on for too long, or there is too much of it.
        """
        self._body += chunk
        if len(self._body) > BODY_LIMIT:
            raise Unreachable(
                f"an answer of more than {BODY_LIMIT // 1024} KB, which is not Salesforce's",
                hint="Check the address.",
            )
        if time.monotonic() - self._began > self._seconds:
            raise _too_slow(self._seconds)

    def answer(self) -> Answer:
        """All of it."""
        if self._response is None:
            raise TypeError("an answer without a head")
        head = self._response
        return Answer(
            head.status_code,
            dict(head.headers),
            bytes(self._body),
            self._sent_at,
            self._received_at,
        )


def _too_slow(seconds: float) -> Unreachable:
    return Unreachable(f"no whole answer within {seconds:.0f} seconds", hint=_LATER)


def _require_trust(request: Request, how: Drive) -> bool:
    """Whether the request goes over https.

    Raises:
        NotKnown: Nothing may be sent to that host.
    """
    if not may_send(request.url, how.allow_hosts, how.org_hosts):
        raise NotKnown("nothing is sent to this host", hint="Allow it with --allow-host.")
    return request.url.startswith("https:")


class _RequestOptions(TypedDict):
    headers: dict[str, str]
    data: dict[str, str] | None
    content: str | None


def _request_options(request: Request) -> _RequestOptions:
    headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
    if request.authorization is not None:
        headers["Authorization"] = request.authorization.get_secret_value()
    if request.api_key is not None:
        headers["X-N8N-API-KEY"] = request.api_key.get_secret_value()
    if request.json is not None:
        headers["Content-Type"] = "application/json"
    body = request.json.get_secret_value() if request.json is not None else None
    return {"headers": headers, "data": _plain(request.form), "content": body}


def _plain(form: Mapping[str, str | SecretStr] | None) -> dict[str, str] | None:
    if form is None:
        return None
    return {
        name: value.get_secret_value() if isinstance(value, SecretStr) else value
        for name, value in form.items()
    }


class _ClientOptions(TypedDict):
    verify: "ssl.SSLContext"
    trust_env: bool
    follow_redirects: bool
    timeout: "httpx.Timeout"
    limits: "httpx.Limits"
    headers: dict[str, str]


def _client_options(how: Drive, trust: "_Trust", *, secure: bool) -> _ClientOptions:
    import httpx

    return {
        "verify": trust.anchors if secure else trust.nobody,
        # Plain http goes to this machine only, never through a proxy, which would see it all.
        "trust_env": secure,
        "follow_redirects": False,
        "timeout": httpx.Timeout(how.waits.answer, connect=how.waits.connect, pool=None),
        "limits": httpx.Limits(max_connections=_CONNECTIONS),
        "headers": {"User-Agent": f"sfcred/{__version__}"},
    }


class _Trust:
    """Whose certificates are believed: read once a run, because reading them takes time."""

    @cached_property
    def anchors(self) -> "ssl.SSLContext":
        """Those that httpx believes: certifi's, or those of SSL_CERT_FILE."""
        import httpx

        return httpx.create_ssl_context()

    @cached_property
    def nobody(self) -> "ssl.SSLContext":
        """For plain http, which needs none: a context that refuses every certificate."""
        import ssl

        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


_LATER = "Check the network, a proxy and the address, and try again."


def _unreachable(error: "httpx.HTTPError") -> Unreachable:
    """What a failure of the transport means, without any of its text, which may hold the URL."""
    import httpx

    reasons = list(_reasons(error))
    if any(type(reason).__name__ == "gaierror" for reason in reasons):
        return Unreachable(
            "the host's name is not known (DNS): a My Domain that is misspelt, or an org that is "
            "gone or not known everywhere yet",
            hint="Compare my_domain with Setup, My Domain.",
        )
    if any(type(reason).__name__.startswith(("SSL", "CertificateError")) for reason in reasons):
        return Unreachable(
            "the connection is not safe: the host's certificate was refused, as a company's proxy "
            "causes it",
            hint="Set SSL_CERT_FILE to a file with your company's certificate authority.",
        )
    if isinstance(error, httpx.ProxyError):
        return Unreachable(
            "the proxy of HTTPS_PROXY refused or is not there", hint="Check HTTPS_PROXY, NO_PROXY."
        )
    if isinstance(error, httpx.TimeoutException):
        return Unreachable("nobody answered in time", hint=_LATER)
    if isinstance(error, httpx.ConnectError):
        return Unreachable(
            "no connection: nobody listens there, or it is not let through", hint=_LATER
        )
    return Unreachable("the connection broke, or what came was no HTTP", hint=_LATER)


def _reasons(error: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__


@contextmanager
def _quiet() -> Iterator[None]:
    """Httpx logs URLs and httpcore headers: neither may say anything while secrets travel."""
    loggers = [logging.getLogger(name) for name in ("httpx", "httpcore")]
    children = [
        logging.getLogger(name)
        for name in logging.root.manager.loggerDict
        if name.startswith(("httpx.", "httpcore."))
    ]
    before = [(logger, logger.disabled) for logger in (*loggers, *children)]
    for logger, _state in before:
        logger.disabled = True
    try:
        yield
    finally:
        for logger, state in before:
            logger.disabled = state
