"""The local org's answers, before they are sent over HTTP."""

from collections.abc import Mapping
from typing import NamedTuple


class HttpResponse(NamedTuple):
    """An answer. A mapping or list is sent as JSON, a text as it is."""

    status: int
    body: "Mapping[str, object] | list[object] | str"


def oauth_error(error: str, description: str, status: int = 400) -> HttpResponse:
    """Return a refusal of an OAuth endpoint (RFC 6749, section 5.2)."""
    return HttpResponse(status, {"error": error, "error_description": description})


def rest_error(code: str, message: str, status: int) -> HttpResponse:
    """Return a refusal of Salesforce's REST API."""
    return HttpResponse(status, [{"errorCode": code, "message": message}])
