"""What is sent and what comes back.

A flow is a generator: it yields a Request and is sent the Response, and returns what came of it. It
has no socket, so that a test drives it by hand, and it can't send anything itself.
"""

from collections.abc import Generator, Mapping
from typing import Literal, NamedTuple, TypeVar

from pydantic import SecretStr

from sfcred.errors import SfcredError

T = TypeVar("T")


class Request(NamedTuple):
    """Something to send.

    Attributes:
        method: GET, POST, PATCH or PUT.
        url: Without secrets: they travel in the body or in the header.
        form: The fields of a form-encoded body (POST).
        authorization: The Authorization header's value, such as `Bearer …`.
        api_key: The X-N8N-API-KEY header's value, for n8n.
        json: A JSON body, instead of a form.
    """

    method: Literal["GET", "POST", "PATCH", "PUT"]
    url: str
    form: Mapping[str, str | SecretStr] | None = None
    authorization: SecretStr | None = None
    api_key: SecretStr | None = None
    json: SecretStr | None = None


class Response(NamedTuple):
    """What came back.

    Attributes:
        status: The HTTP status.
        headers: By their names in lower case.
        body: At most `client.BODY_LIMIT` bytes, as they were sent: nothing is unpacked.
        sent_at, received_at: When the request left and the answer was there, in seconds since
            the epoch by this computer's clock.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    sent_at: float
    received_at: float


class Unreachable(SfcredError):
    """Nothing came back that could be an answer. The message says which: DNS, TLS, a time-out."""

    exit_status = 4


Flow = Generator[Request, Response, T]
