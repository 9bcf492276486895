"""Requests, responses, and flows.

A flow is a generator: it yields a Request, is sent the Response, and returns its result. It can't
send anything itself, so a test can drive it without sockets.
"""

from collections.abc import Generator, Mapping
from typing import Literal, NamedTuple, TypeVar

from pydantic import SecretStr

from sfcred.errors import SfcredError

T = TypeVar("T")


class Request(NamedTuple):
    """An HTTP request.

    Attributes:
        method: GET, POST, PATCH or PUT.
        url: The URL. It never contains secrets: they go into the body or a header.
        form: The fields of a form-encoded body (POST).
        authorization: The value of the Authorization header, such as `Bearer …`.
        api_key: The value of the X-N8N-API-KEY header, for n8n.
        json: A JSON body, instead of a form.
    """

    method: Literal["GET", "POST", "PATCH", "PUT"]
    url: str
    form: Mapping[str, str | SecretStr] | None = None
    authorization: SecretStr | None = None
    api_key: SecretStr | None = None
    json: SecretStr | None = None


class Response(NamedTuple):
    """An HTTP response.

    Attributes:
        status: The HTTP status.
        headers: The headers, by their names in lower case.
        body: At most `ClientOptions.body_bytes` bytes, as sent, without decompression.
        sent_at, received_at: When the request was sent and the answer arrived, in seconds since the
            epoch by this computer's clock.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    sent_at: float
    received_at: float


class Unreachable(SfcredError):
    """There is no usable answer. The message gives the reason, such as DNS, TLS or a timeout."""

    exit_status = 4


Flow = Generator[Request, Response, T]
