"""What the token endpoint may answer (RFC 6749, sections 5.1 and 5.2; Salesforce adds fields)."""

import re
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

from sfcred.http.messages import Response
from sfcred.redact import scrub

_LONGEST_TEXT = 300
_ORG_AND_USER = re.compile(r"/id/(00D[A-Za-z0-9]{12,15})/(005[A-Za-z0-9]{12,15})$")


class Token(NamedTuple):
    """A token that was granted.

    Attributes:
        access_token: For API calls.
        instance_url: Where those go.
        scopes: What was granted; None where the answer doesn't say.
        org_id, user_id: Whose it is; empty where the answer doesn't say.
        refresh_token: Only the authorization code flow gives one, and rotation.
    """

    access_token: SecretStr
    instance_url: str
    scopes: frozenset[str] | None
    org_id: str
    user_id: str
    refresh_token: SecretStr | None


class Refused(NamedTuple):
    """An answer of OAuth's: no."""

    status: int
    error: str
    description: str


class Redirected(NamedTuple):
    """An answer that points elsewhere, which nobody followed. `host` is empty if unreadable."""

    status: int
    host: str


class Strange(NamedTuple):
    """An answer that isn't OAuth's: a page, broken JSON. `what` describes it."""

    status: int
    what: str


Outcome = Token | Refused | Redirected | Strange


class _Body(BaseModel):
    """The fields that are read; whatever else stands there is left alone."""

    model_config = ConfigDict(hide_input_in_errors=True, extra="ignore")

    access_token: SecretStr | None = None
    refresh_token: SecretStr | None = None
    instance_url: str = ""
    scope: str | None = None
    id: str = ""
    error: str = ""
    error_description: str = ""


def read_outcome(answer: Response) -> Outcome:
    """Understands an answer of the token endpoint. Nothing is raised, whatever stands there."""
    if 300 <= answer.status < 400:  # noqa: PLR2004 - HTTP's own classes
        return Redirected(answer.status, host_of(answer.headers.get("location", "")))
    try:
        body = _Body.model_validate_json(answer.body)
    except ValidationError:
        return Strange(answer.status, describe(answer))
    if body.error:
        # Not cut yet: what they repeat of secrets is masked first (scrubbed).
        return Refused(answer.status, body.error, body.error_description)
    if answer.status >= 400 or not body.access_token:  # noqa: PLR2004
        return Strange(answer.status, describe(answer))
    if not body.instance_url:
        return Strange(answer.status, "a token without instance_url, which n8n refuses")
    return _token(body, body.access_token)


def _token(body: _Body, access_token: SecretStr) -> Token:
    ids = _ORG_AND_USER.search(body.id)
    return Token(
        access_token,
        body.instance_url.rstrip("/"),
        None if body.scope is None else frozenset(body.scope.split()),
        ids[1] if ids else "",
        ids[2] if ids else "",
        body.refresh_token or None,
    )


def describe(answer: Response) -> str:
    """An answer in words, without any of its content."""
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not answer.body.strip():
        return f"an empty answer (HTTP {answer.status})"
    if kind == "text/html" or answer.body.lstrip()[:1] == b"<":
        return f"a web page instead of JSON (HTTP {answer.status}): a proxy's, or a wrong host's"
    if kind.endswith("json"):
        return f"JSON that is broken or has another form (HTTP {answer.status})"
    return f"something else than JSON (HTTP {answer.status})"


def scrubbed(text: str, secrets: Iterable[str]) -> str:
    """A text from outside without the secrets that were sent, on one line and not too long."""
    return clip(scrub(text, secrets))


def clip(text: str) -> str:
    """A text from outside, on one line and not too long."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_TEXT else line[: _LONGEST_TEXT - 1] + "…"


def host_of(url: str) -> str:
    """The host of a URL that somebody else wrote; empty where there is none."""
    try:
        return (urlsplit(url).hostname or "")[:255]
    except ValueError:
        return ""
