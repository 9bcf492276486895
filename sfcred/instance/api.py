"""n8n's public API, as far as credentials go (n8n 0.196 to 2.41, /api/v1).

Reads are repeated where that helps; writes only where n8n said that it did nothing (429, 503).
"""

import json
from collections.abc import Mapping
from typing import Literal, NamedTuple
from urllib.parse import quote, urlsplit

from pydantic import SecretStr

from sfcred.errors import SfcredError, UsageError
from sfcred.http.client import ClientOptions, run_flows
from sfcred.http.messages import Flow, Request, Unreachable
from sfcred.http.messages import Response as Answer
from sfcred.resolve.authority import is_loopback

Method = Literal["GET", "POST", "PATCH", "PUT"]
_PAGE = 100
_AGAIN = (429, 503)
_READ_AGAIN = (*_AGAIN, 502, 504)
_TRIES = 4

#: The scope that a key needs, by call (n8n 1.94 and later; older keys may do everything).
_SCOPES = {
    "GET": "credential:list",
    "POST": "credential:create",
    "PATCH": "credential:update",
    "PUT": "credential:move",
}


class ApiError(SfcredError):
    """n8n's API said no. `status` is HTTP's, 0 where nothing answered."""

    exit_status = 1

    def __init__(self, message: str, *, hint: str, status: int, said: str = "") -> None:
        super().__init__(message, hint=hint)
        self.status = status
        self.said = said


class _Again(Exception):
    """An answer that may be another one in a moment."""

    def __init__(self, error: ApiError) -> None:
        self.error = error


class Listed(NamedTuple):
    """A credential as n8n lists it: never its data."""

    id: str
    name: str
    type: str
    updated_at: str


class Api:
    """One n8n.

    Args:
        url: Its address, without `/api/v1`.
        key: The API key.

    Raises:
        UsageError: The address is none that secrets may be sent to.
    """

    def __init__(self, url: str, key: SecretStr) -> None:
        parts = urlsplit(url.strip())
        host = parts.hostname or ""
        if parts.username or not host or not _is_safe(parts.scheme, host):
            raise UsageError(
                "--n8n: not an address that secrets may be sent to",
                hint="Write https://n8n.acme.com; plain http only for this machine.",
            )
        self.url = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
        self._key = key
        self._how = ClientOptions(frozenset({f"{host}:{parts.port}" if parts.port else host}))

    def credentials(self) -> list[Listed]:
        """All credentials that the key may see.

        Raises:
            ApiError: n8n said no; 404 and 405 mean a version before 2.8.0.
        """
        found: list[Listed] = []
        cursor = ""
        while True:
            more = f"&cursor={quote(cursor)}" if cursor else ""
            page = self._call("GET", f"credentials?limit={_PAGE}{more}")
            entries = page.get("data")
            listed = entries if isinstance(entries, list) else []
            found += [_listed(entry) for entry in listed if isinstance(entry, dict)]
            cursor = str(page.get("nextCursor") or "")
            if not cursor:
                return found

    def create(self, body: Mapping[str, object]) -> Listed:
        """Creates a credential."""
        return _listed(self._call("POST", "credentials", body))

    def update(self, credential_id: str, body: Mapping[str, object]) -> Listed:
        """Changes a credential (n8n 2.3.2 and later)."""
        path = f"credentials/{quote(credential_id, safe='')}"
        return _listed(self._call("PATCH", path, body))

    def move(self, credential_id: str, project: str) -> None:
        """Moves a credential to a project."""
        path = f"credentials/{quote(credential_id, safe='')}/transfer"
        self._call("PUT", path, {"destinationProjectId": project})

    def _call(
        self, method: Method, path: str, body: Mapping[str, object] | None = None
    ) -> dict[str, object]:
        from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential

        retrying = Retrying(
            retry=retry_if_exception_type(_Again),
            stop=stop_after_attempt(_TRIES),
            wait=wait_exponential(multiplier=0.5, max=8),
            reraise=True,
        )
        try:
            found: dict[str, object] = retrying(self._once, method, path, body)
        except _Again as error:
            raise error.error from None
        return found

    def _once(
        self, method: Method, path: str, body: Mapping[str, object] | None
    ) -> dict[str, object]:
        text = None if body is None else SecretStr(json.dumps(body))
        request = Request(method, f"{self.url}/api/v1/{path}", api_key=self._key, json=text)
        driven = run_flows([lambda: _exchange(request)], self._how)
        (answer,) = driven.results
        if driven.interrupted:
            raise KeyboardInterrupt
        if isinstance(answer, Unreachable):
            error = ApiError(f"{self.url}: {answer.message}", hint=answer.hint, status=0)
            raise _Again(error) if method == "GET" else error
        if not isinstance(answer, Answer):
            raise answer or TypeError("no answer")
        return self._understood(method, answer)

    def _understood(self, method: Method, answer: Answer) -> dict[str, object]:
        try:
            content = json.loads(answer.body) if answer.body.strip() else {}
        except (ValueError, RecursionError):
            content = None
        if content is None:
            raise _no_json(self.url, answer)
        if answer.status < 300 and isinstance(content, dict):  # noqa: PLR2004 - HTTP's classes
            return content
        said = content.get("message", "") if isinstance(content, dict) else ""
        error = _refused(self.url, method, answer.status, str(said)[:300])
        again = _READ_AGAIN if method == "GET" else _AGAIN
        raise _Again(error) if answer.status in again else error


def _exchange(request: Request) -> Flow[Answer | Unreachable]:
    try:
        answer = yield request
    except Unreachable as trouble:
        return trouble
    return answer


def _is_safe(scheme: str, host: str) -> bool:
    return scheme == "https" or (scheme == "http" and is_loopback(host))


def _listed(entry: Mapping[str, object]) -> Listed:
    fields = (str(entry.get(name) or "") for name in ("id", "name", "type", "updatedAt"))
    return Listed(*fields)


def _no_json(url: str, answer: Answer) -> ApiError:
    return ApiError(
        f"{url}: a web page answers instead of n8n's API (HTTP {answer.status})",
        hint="Is it n8n's address? A proxy may ask for a login; n8n may have its API switched off "
        "(N8N_PUBLIC_API_DISABLED).",
        status=answer.status,
    )


_HINTS = {
    401: "The API key is wrong or expired: in n8n, Settings, n8n API, make a new one.",
    404: "It is not there, or this n8n is too old for it: use n8n import:credentials with what "
    "sfcred render writes.",
    405: "This version of n8n can't do it over the API: use n8n import:credentials with what "
    "sfcred render writes.",
    409: "There is a credential with this id that the key may not see: use a key of its owner, or "
    "another n8n.id.",
    429: "Too many requests: try again in a minute.",
}


def _refused(url: str, method: Method, status: int, said: str) -> ApiError:
    hint = _HINTS.get(status, "Look at n8n's log.")
    if status == 403:  # noqa: PLR2004 - HTTP's own number
        hint = f"The API key lacks the scope {_SCOPES[method]}: in n8n, Settings, n8n API."
    words = f": {said}" if said else ""
    return ApiError(
        f"{url}: n8n refuses {method} credentials (HTTP {status}{words})",
        hint=hint,
        status=status,
        said=said,
    )
