"""Send requests to Salesforce and to n8n. No other package imports httpx or httpcore.

All logins and all calls of n8n's API use this client, whether one or a thousand. It verifies
certificates, doesn't follow redirects, covers the whole exchange with one deadline, limits the size
of an answer, and never sends anything twice. Flows don't share connections. Requests to secret
stores don't go through it: the providers use the vendors' own clients (sfcred/secrets/providers).
"""

import logging
import math
import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Generic, NamedTuple, Self, TypeVar, cast
from urllib.parse import urlencode

from pydantic import SecretStr

from sfcred.errors import NotKnown
from sfcred.http.authorities import Trust
from sfcred.http.failures import too_slow, unreachable
from sfcred.http.messages import Flow, Request, Response, Unreachable
from sfcred.http.trust import permitted
from sfcred.in_time import first_of
from sfcred.urls import Url
from sfcred.version import __version__

if TYPE_CHECKING:
    import httpx

    from sfcred.http.network import Transport

T = TypeVar("T")

#: The largest answer that is read, in bytes. Salesforce's largest ones here have about 10 KB.
BODY_LIMIT = 256 * 1024


class ClientOptions(NamedTuple):
    """Options for sending.

    Attributes:
        allow_hosts, org_hosts: See Context.
        jobs: The number of flows that run at the same time.
        seconds: The time limit of an exchange, from the DNS lookup to the last byte of the answer.
        connect_seconds: The part of it that connecting may take.
        project: The project's root. Certificate authorities from there are never used.
        trust: Certificate authorities that several runs share. None: read them for this run.
        body_bytes: The largest answer that is read, in bytes.
    """

    allow_hosts: frozenset[str] = frozenset()
    org_hosts: frozenset[str] | None = None
    jobs: int = 1
    seconds: float = 30.0
    connect_seconds: float = 10.0
    project: Path = Path()
    trust: Trust | None = None
    body_bytes: int = BODY_LIMIT


class FlowResults(NamedTuple, Generic[T]):
    """The results of flows.

    Attributes:
        results: In the order of the flows: what each returned; NotKnown if it could not begin;
            another exception if the flow raised it; None if it didn't finish.
        interrupted: Whether Ctrl-C ended the run.
    """

    results: list[T | Exception | None]
    interrupted: bool


def run_flows(
    flows: Sequence[Callable[[], Flow[T]]],
    options: ClientOptions,
    tick: Callable[[], object] = lambda: None,
) -> FlowResults[T]:
    """Run flows to completion, several at a time.

    Args:
        flows: Functions that begin a flow. If one raises NotKnown, that is its result.
        options: Allowed hosts, number of flows at a time, time limits.
        tick: Called after each flow, in the caller's thread.

    Returns:
        The results. Ctrl-C ends the run early, and finished results are kept.
    """
    with _quiet():
        return _Run(flows, options).finish(tick)


def run_flow(flow: Callable[[], Flow[T]], options: ClientOptions) -> T:
    """Run one flow, and return its result or raise what it raised.

    Args:
        flow: As for `run_flows`.
        options: As for `run_flows`.

    Raises:
        NotKnown: It could not begin.
        Unreachable: There was no answer, and the flow didn't handle that.
        KeyboardInterrupt: Ctrl-C ended it.
    """
    driven = run_flows([flow], options)
    (result,) = driven.results
    if driven.interrupted:
        raise KeyboardInterrupt
    if isinstance(result, Exception):
        raise result
    return cast("T", result)  # a flow can return None


class _Run(Generic[T]):
    """Flows that run in threads. Only their waiting is parallel: one computes at a time."""

    def __init__(self, flows: Sequence[Callable[[], Flow[T]]], options: ClientOptions) -> None:
        self._results: list[T | Exception | None] = [None] * len(flows)
        self._waiting = iter(enumerate(flows))
        self._options = options
        self._trust = options.trust or Trust(options.project)
        self._turn = threading.Lock()
        self._stopped = threading.Event()
        self._ends: queue.SimpleQueue[None] = queue.SimpleQueue()

    def finish(self, tick: Callable[[], object]) -> FlowResults[T]:
        for _ in range(min(self._options.jobs, len(self._results))):
            # As daemons, so that none keeps the process alive after Ctrl-C.
            threading.Thread(target=self._work, daemon=True).start()
        try:
            for _ in self._results:
                first_of(self._ends, math.inf)
                tick()
        except KeyboardInterrupt:
            return FlowResults(list(self._results), interrupted=True)
        finally:
            self._stopped.set()
        return FlowResults(self._results, interrupted=False)

    def _work(self) -> None:
        while not self._stopped.is_set():
            with self._turn:
                index, begin = next(self._waiting, (-1, None))
            if begin is None:
                return
            # Not through the queue: a result must not be lost if Ctrl-C comes in between.
            self._results[index] = self._run(begin)
            self._ends.put(None)

    def _run(self, begin: Callable[[], Flow[T]]) -> T | Exception:
        try:
            with _Client(self._options, self._trust) as client:
                with self._turn:
                    flow = begin()
                    request = next(flow)
                while not self._stopped.is_set():
                    request = self._step(flow, client, request)
        except StopIteration as end:
            result: T = end.value
            return result
        except Exception as error:  # noqa: BLE001 - one flow's failure must not end the others
            return error
        except BaseException as error:  # noqa: BLE001 - a panic in Rust code must not hang the run
            return RuntimeError(type(error).__name__)
        return NotKnown("interrupted", hint="Run it again.")

    def _step(self, flow: Flow[T], client: "_Client", request: Request) -> Request:
        try:
            response = client.send(request)
        except Unreachable as trouble:
            with self._turn:
                return flow.throw(trouble)
        with self._turn:
            return flow.send(response)


class _Client:
    """Sends one flow's requests. It has its own connections, so no two credentials share one."""

    def __init__(self, options: ClientOptions, trust: Trust) -> None:
        self._options = options
        self._trust = trust
        self._transports: dict[tuple[str, str | None], Transport] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        for transport in self._transports.values():
            transport.close()

    def send(self, request: Request) -> Response:
        """Send a request and read the answer.

        Raises:
            Unreachable: There is no answer; the message gives the reason.
            NotKnown: Nothing may be sent to that host.
        """
        url = permitted(request.url, self._options.allow_hosts, self._options.org_hosts)
        if url is None:
            raise NotKnown("nothing is sent to this host", hint="Allow it with --allow-host.")
        return self._exchange(request, url)

    def _exchange(self, request: Request, url: Url) -> Response:
        import httpx

        transport = self._transport(url)
        transport.begin(self._options.seconds)
        sent_at = time.time()
        try:
            response = transport.handle_request(_as_httpx(request, url))
            received_at = time.time()
            with closing(response):
                body = _read_body(response, self._options.body_bytes)
        except httpx.HTTPError as error:
            if transport.is_late:
                raise too_slow(self._options.seconds) from None
            raise unreachable(error, url.host, proxied=transport.is_proxied) from None
        headers = dict(response.headers)
        return Response(response.status_code, headers, body, sent_at, received_at)

    def _transport(self, url: Url) -> "Transport":
        from sfcred.http.network import Transport, proxy_for

        # Plain http only goes to this machine, never through a proxy, which could read all of it.
        proxy = proxy_for(url.host) if url.scheme == "https" else None
        anchors = self._trust.anchors if url.scheme == "https" else None
        if (url.scheme, proxy) not in self._transports:
            made = Transport(anchors, proxy, self._options.connect_seconds)
            self._transports[url.scheme, proxy] = made
        return self._transports[url.scheme, proxy]


def _as_httpx(request: Request, url: Url) -> "httpx.Request":
    """Return the request, with exactly the URL that was judged: nothing parses it again."""
    import httpx

    target = httpx.URL(
        scheme=url.scheme, host=url.host, port=url.port, raw_path=url.path.encode("ascii")
    )
    if (target.scheme, target.host) != (url.scheme, url.host):
        raise NotKnown("nothing is sent to this host", hint="Write its URL in a simpler form.")
    body, kind = _content(request)
    headers = {
        b"User-Agent": f"sfcred/{__version__}".encode(),
        b"Accept": b"application/json",
        b"Accept-Encoding": b"identity",
    }
    if kind:
        headers[b"Content-Type"] = kind
    if request.authorization is not None:
        headers[b"Authorization"] = _as_sent(request.authorization)
    if request.api_key is not None:
        headers[b"X-N8N-API-KEY"] = _as_sent(request.api_key)
    return httpx.Request(request.method, target, headers=headers, content=body)


def _content(request: Request) -> tuple[bytes | None, bytes]:
    """Return the body and its content type."""
    if request.json is not None:
        return _as_sent(request.json), b"application/json"
    if request.form is not None:
        fields = {name: _as_sent(value) for name, value in request.form.items()}
        return urlencode(fields).encode("ascii"), b"application/x-www-form-urlencoded"
    return None, b""


def _as_sent(value: str | SecretStr) -> bytes:
    """Return a value as bytes. Encoding must not fail, whatever a file or an answer contained."""
    text = value.get_secret_value() if isinstance(value, SecretStr) else value
    return text.encode("utf-8", "surrogateescape")


def _read_body(response: "httpx.Response", limit: int) -> bytes:
    """Return an answer's body as sent, without decompressing it: it could be a zip bomb.

    Raises:
        Unreachable: It is too large.
    """
    body = bytearray()
    for chunk in response.iter_raw():
        body += chunk
        if len(body) > limit:
            raise Unreachable(
                f"the answer has more than {limit // 1024} KB, far more than expected",
                hint="Check the address.",
            )
    return bytes(body)


@contextmanager
def _quiet() -> Iterator[None]:
    """Silence httpx, which logs URLs, and httpcore, which logs headers, while secrets are sent."""
    import httpx  # noqa: F401 - so that its loggers exist

    loggers = [
        logging.getLogger(name)
        for name in ("httpx", "httpcore", *logging.root.manager.loggerDict)
        if f"{name}.".startswith(("httpx.", "httpcore."))
    ]
    before = [(logger, logger.disabled) for logger in loggers]
    for logger in loggers:
        logger.disabled = True
    try:
        yield
    finally:
        for logger, state in before:
            logger.disabled = state
