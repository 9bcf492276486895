"""What the tests of remote providers share."""

import io
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest
from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter

from sfcred.errors import SecretUnavailable
from sfcred.secrets import Surroundings, all_providers, aws_clients
from sfcred.secrets.providers import azure, gcp, onepassword, sops, vault
from sfcred.secrets.remote import StoreCache

CANARY = "canaryVerySecretValue4711"


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    memories: list[StoreCache] = [
        aws_clients.MEMORY, azure._MEMORY, gcp._MEMORY, onepassword._MEMORY, sops._MEMORY, vault._MEMORY
    ]  # fmt: skip
    for memory in memories:
        memory.clear()
    yield
    for memory in memories:
        memory.clear()


def read(reference: str, **environ: str) -> str:
    """The value behind `provider: locator`, as sfcred reads it."""
    return read_with(reference, environ)


def read_with(reference: str, environ: Mapping[str, str]) -> str:
    key, _, locator = reference.partition(": ")
    provider = all_providers()[key]
    assert provider.read is not None
    return provider.read(locator, Surroundings(Path.cwd(), Path.cwd(), environ, ())).get_secret_value()  # fmt: skip


def refusal(reference: str, **environ: str) -> str:
    """Message and hint, where a reference can't be read; never with a value in it."""
    with pytest.raises(SecretUnavailable) as caught:
        read_with(reference, environ)
    text = f"{caught.value.message}\n{caught.value.hint}"
    assert CANARY not in text
    assert caught.value.__cause__ is None or CANARY not in str(caught.value.__cause__)
    return text


class Answer(NamedTuple):
    """What a server says to a request; a body that is not a string goes out as JSON."""

    status: int
    body: object = ""
    headers: Mapping[str, str] = {}


Server = Callable[[PreparedRequest], Answer]


def serve(monkeypatch: pytest.MonkeyPatch, server: Server) -> None:
    """Lets a server answer whatever is sent with requests: all but the wire is real."""

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
    """The URL without scheme, query, and host."""
    return "/" + (request.url or "").partition("://")[2].partition("?")[0].partition("/")[2]
