"""Read the token endpoint's answers (RFC 6749, sections 5.1 and 5.2; Salesforce adds fields)."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

from sfcred.http.messages import Response
from sfcred.text.echoes import scrub_start
from sfcred.urls import take_apart

_LONGEST_TEXT = 300
_ORG_AND_USER = re.compile(r"/id/(00D[A-Za-z0-9]{12,15})/(005[A-Za-z0-9]{12,15})$")


class Token(NamedTuple):
    """A token that was granted.

    Attributes:
        access_token: The token for API calls.
        instance_url: The base URL of API calls.
        scopes: The granted scopes; None if the answer doesn't list them.
        org_id, user_id: The org and user that it belongs to; empty if the answer doesn't say.
        refresh_token: Only from the authorization code flow, or with rotation; otherwise None.
    """

    access_token: SecretStr
    instance_url: str
    scopes: frozenset[str] | None
    org_id: str
    user_id: str
    refresh_token: SecretStr | None


class TokenRefusal(NamedTuple):
    """A refusal in OAuth's form (RFC 6749, section 5.2)."""

    status: int
    error: str
    description: str


class Redirected(NamedTuple):
    """A redirect, which was not followed. `host` is empty if it can't be read."""

    status: int
    host: str


class UnexpectedAnswer(NamedTuple):
    """An answer that isn't OAuth's, such as a web page or broken JSON. `what` describes it."""

    status: int
    what: str


TokenResult = Token | TokenRefusal | Redirected | UnexpectedAnswer


class _Body(BaseModel):
    """The fields that sfcred reads. Others are ignored."""

    model_config = ConfigDict(hide_input_in_errors=True, extra="ignore")

    access_token: SecretStr | None = None
    refresh_token: SecretStr | None = None
    instance_url: str = ""
    scope: str | None = None
    id: str = ""
    error: str = ""
    error_description: str = ""


def read_token_result(answer: Response) -> TokenResult:
    """Return the meaning of the token endpoint's answer. Never raises, whatever the answer is."""
    if 300 <= answer.status < 400:  # noqa: PLR2004 - HTTP's own classes
        # Not shortened either: secrets are masked first, in upper and lower case.
        return Redirected(answer.status, host_of(answer.headers.get("location", "")))
    try:
        body = _Body.model_validate_json(answer.body)
    except ValidationError:
        return UnexpectedAnswer(answer.status, describe(answer))
    if body.error:
        # Not shortened yet: secrets that they repeat have to be masked first (scrubbed).
        return TokenRefusal(answer.status, body.error, body.error_description)
    if answer.status >= 400 or not body.access_token:  # noqa: PLR2004 - as above
        return UnexpectedAnswer(answer.status, describe(answer))
    if not body.instance_url:
        return UnexpectedAnswer(answer.status, "a token without instance_url, which n8n refuses")
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
    """Describe an answer without repeating any of its content."""
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not answer.body.strip():
        return f"an empty answer (HTTP {answer.status})"
    if kind == "text/html" or answer.body.lstrip()[:1] == b"<":
        return f"a web page instead of JSON (HTTP {answer.status}), from a proxy or the wrong host"
    if kind.endswith("json"):
        return f"JSON that is broken or unexpected (HTTP {answer.status})"
    return f"something other than JSON (HTTP {answer.status})"


def scrubbed(text: str, secrets: Iterable[str]) -> str:
    """Return an untrusted text without these secrets, on one line and shortened."""
    return clip(scrub_start(text, secrets))


def clip(text: str) -> str:
    """Return an untrusted text, on one line and shortened."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_TEXT else line[: _LONGEST_TEXT - 1] + "…"


def host_of(url: str) -> str:
    """Return the host of an untrusted URL, for a message; empty if there is none."""
    parts = take_apart(url)
    return parts.host.lower() if parts.slashes == "//" else ""
