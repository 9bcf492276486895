"""Read the bodies of requests to the local org."""

import json
from urllib.parse import parse_qsl

from starlette.requests import Request

#: The largest request body that is accepted, in bytes.
BODY_LIMIT = 64 * 1024


class TooLarge(Exception):
    """A body of more than BODY_LIMIT bytes."""


async def read_body(request: Request) -> bytes:
    """Return a body.

    Raises:
        TooLarge: It has more than BODY_LIMIT bytes.
    """
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_LIMIT:
            raise TooLarge
    return body


async def read_form(request: Request) -> dict[str, str]:
    """Return the fields of a form-encoded body, or of a JSON body (for the org's own settings).

    Raises:
        TooLarge: It has more than BODY_LIMIT bytes.
    """
    text = (await read_body(request)).decode("utf-8", "replace")
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        return _json_fields(text)
    if kind not in ("application/x-www-form-urlencoded", ""):
        return {}
    return dict(parse_qsl(text, keep_blank_values=True))


def _json_fields(text: str) -> dict[str, str]:
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(fields, dict):
        return {}
    return {name: value for name, value in fields.items() if isinstance(value, str)}
