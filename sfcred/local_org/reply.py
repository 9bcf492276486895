"""What the local org answers, before it is HTTP."""

from collections.abc import Mapping
from typing import NamedTuple


class Reply(NamedTuple):
    """An answer: a mapping or list goes out as JSON, a text as it is."""

    status: int
    body: "Mapping[str, object] | list[object] | str"


def oauth_error(error: str, description: str, status: int = 400) -> Reply:
    """Return a refusal of an OAuth endpoint (RFC 6749, section 5.2)."""
    return Reply(status, {"error": error, "error_description": description})


def rest_error(code: str, message: str, status: int) -> Reply:
    """Return a refusal of Salesforce's REST API."""
    return Reply(status, [{"errorCode": code, "message": message}])
