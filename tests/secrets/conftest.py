"""What the tests of remote providers share."""

import io
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest
from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter

from sfcred.errors import SecretUnavailable
from sfcred.secrets import Surroundings, find_provider
from sfcred.secrets.store_cache import StoreCache

CANARY = "canaryVerySecretValue4711"
_RUN = [StoreCache()]


@pytest.fixture(autouse=True)
def _forgotten() -> None:
    """Each test is a run of its own; forget() begins another one."""
    forget()


def forget() -> None:
    """Begin a new run: nothing is remembered of what stores answered."""
    _RUN[:] = [StoreCache()]


def read(reference: str, **environ: str) -> str:
    """Return the value of `provider: locator`, as sfcred reads it."""
    return read_with(reference, environ)


def read_with(reference: str, environ: Mapping[str, str]) -> str:
    key, _, locator = reference.partition(": ")
    provider = find_provider(key)
    assert provider.read is not None
    return provider.read(locator, Surroundings(Path.cwd(), Path.cwd(), environ, (), _RUN[0])).get_secret_value()  # fmt: skip


def refusal(reference: str, **environ: str) -> str:
    """Return message and hint for a reference that can't be read. Assert that they contain no value."""
    with pytest.raises(SecretUnavailable) as caught:
        read_with(reference, environ)
    text = f"{caught.value.message}\n{caught.value.hint}"
    assert CANARY not in text
    assert caught.value.__cause__ is None or CANARY not in str(caught.value.__cause__)
    return text


class Answer(NamedTuple):
    """A server's answer to a request. A body that isn't text is sent as JSON."""

    status: int
    body: object = ""
    headers: Mapping[str, str] = {}


Server = Callable[[PreparedRequest], Answer]


def serve(monkeypatch: pytest.MonkeyPatch, server: Server) -> None:
    """Let a server answer everything that is sent with requests: only the wire isn't real."""

    def send(_adapter: object, request: PreparedRequest, **_options: object) -> Response:
        answer = server(request)
        text = answer.body if isinstance(answer.body, str) else json.dumps(answer.body)
        response = Response()
        response.request, response.url = request, request.url or ""
        response.status_code, response.raw = answer.status, io.BytesIO(text.encode())
        response.headers.update({"Content-Type": "application/json", **answer.headers})
        return response

    monkeypatch.setattr(HTTPAdapter, "send", send)


def path_of(request: PreparedRequest) -> str:
    """Return the URL without scheme, query and host."""
    return "/" + (request.url or "").partition("://")[2].partition("?")[0].partition("/")[2]
