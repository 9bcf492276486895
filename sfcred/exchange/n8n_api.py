"""n8n's public API, as far as credentials go (n8n 0.196 to 2.41, /api/v1).

Reads are repeated where that helps; writes only where n8n said that it did nothing (429, 503).
Nothing is written before a read was answered as only n8n answers it (`look`).
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple
from urllib.parse import quote

from pydantic import SecretStr

from sfcred.errors import SfcredError
from sfcred.exchange.address import Address
from sfcred.http.client import ClientOptions, run_flows
from sfcred.http.messages import Flow, Request, Response, Unreachable
from sfcred.n8n.credential_types import OAUTH2
from sfcred.n8n.export import is_text
from sfcred.redact import scrub

Method = Literal["GET", "POST", "PATCH", "PUT"]
_PAGE = 100
_AGAIN = (429, 503)
_READ_AGAIN = (*_AGAIN, 502, 504)
_TRIES = 4
#: The most that is read of a list of credentials, in pages.
_PAGES = 1000
_ENTRIES = 100_000
#: The calls that an n8n before 2.8.0 doesn't know.
_UNKNOWN = (404, 405)
#: The ids that n8n itself makes, or takes over its API (sfcred.n8n.ids): safe in an address.
ID_FORM = r"[A-Za-z0-9_-]{1,36}"

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


class Summary(NamedTuple):
    """A credential as n8n lists it: never its data. `updated_at` is n8n's text, or empty."""

    id: str
    name: str
    type: str
    updated_at: str


Listed = Mapping[str, Summary]


class Api:
    """One n8n.

    Args:
        address: Where it is.
        key: The API key.
    """

    def __init__(self, address: Address, key: SecretStr) -> None:
        self.url = address.url
        self._key = key
        self._how = ClientOptions(frozenset({address.place}))

    def look(self) -> Listed | None:
        """Lists n8n's credentials, or makes sure in another way that n8n's API is there.

        Returns:
            All credentials that the key may see; None where this n8n can't list them (before
            2.8.0) and its API has proved itself by the schema of a credential type (0.196 and
            later, read in n8n 1.99.1, 2.3.2 and 2.41.1).

        Raises:
            ApiError: n8n refused, or what answers isn't n8n's API.
        """
        try:
            return {one.id: one for one in self.credentials()}
        except ApiError as error:
            if error.status not in _UNKNOWN:
                raise
        self._prove()
        return None

    def credentials(self) -> list[Summary]:
        """All credentials that the key may see.

        Raises:
            ApiError: n8n refused; 404 and 405 mean a version before 2.8.0. Or it isn't n8n.
        """
        found: list[Summary] = []
        cursors = {""}
        cursor = ""
        while True:
            more = f"&cursor={quote(cursor, safe='')}" if cursor else ""
            page = self._call("GET", f"credentials?limit={_PAGE}{more}")
            entries, cursor = self._page(page)
            found += entries
            if not cursor:
                return found
            if cursor in cursors or len(cursors) >= _PAGES or len(found) > _ENTRIES:
                raise _strange(self.url, "its list of credentials doesn't end")
            cursors.add(cursor)

    def create(self, body: Mapping[str, object]) -> Summary:
        """Creates a credential."""
        created = self._summary(self._call("POST", "credentials", body))
        if not re.fullmatch(ID_FORM, created.id) or created.type != body["type"]:
            raise _strange(self.url, "it answered that it made something else")
        return created

    def update(self, credential_id: str, body: Mapping[str, object]) -> Summary:
        """Changes a credential (n8n 2.3.2 and later)."""
        path = f"credentials/{quote(credential_id, safe='')}"
        updated = self._summary(self._call("PATCH", path, body))
        if updated.id != credential_id:
            raise _strange(self.url, "it answered that it changed something else")
        return updated

    def move(self, credential_id: str, project: str) -> None:
        """Moves a credential to a project."""
        path = f"credentials/{quote(credential_id, safe='')}/transfer"
        self._call("PUT", path, {"destinationProjectId": project})

    def _prove(self) -> None:
        """Asks for what every n8n with a public API knows.

        Raises:
            ApiError: The answer isn't n8n's.
        """
        try:
            schema = self._call("GET", f"credentials/schema/{OAUTH2}")
        except ApiError as error:
            if error.status not in _UNKNOWN:
                raise
            raise _no_api(self.url) from None
        fields = schema.get("properties")
        if not isinstance(fields, dict) or "clientId" not in fields:
            raise _no_api(self.url)

    def _page(self, page: Mapping[str, object]) -> tuple[list[Summary], str]:
        entries, cursor = page.get("data"), page.get("nextCursor", 0)
        if not isinstance(entries, list) or not isinstance(cursor, str | None):
            raise _no_api(self.url)
        if not is_text(cursor or ""):
            raise _no_api(self.url)
        return [self._summary(entry) for entry in entries], cursor or ""

    def _summary(self, entry: object) -> Summary:
        values = entry if isinstance(entry, dict) else {}
        key, name, kind = (values.get(field) for field in ("id", "name", "type"))
        if not (isinstance(key, str) and isinstance(name, str) and isinstance(kind, str)):
            raise _no_api(self.url)
        updated_at = values.get("updatedAt")
        updated_at = updated_at if isinstance(updated_at, str) else ""
        if not all(map(is_text, (key, name, kind, updated_at))):
            raise _no_api(self.url)
        return Summary(key, name, kind, updated_at)

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
        if not isinstance(answer, Response):
            raise answer or TypeError("no answer")
        return self._understood(method, answer, [self._key.get_secret_value(), *_texts(body)])

    def _understood(self, method: Method, answer: Response, sent: list[str]) -> dict[str, object]:
        try:
            content = json.loads(answer.body) if answer.body.strip() else {}
        except (ValueError, RecursionError):
            content = None
        if content is None:
            raise _no_json(self.url, answer)
        if answer.status < 300 and isinstance(content, dict):  # noqa: PLR2004 - HTTP's classes
            return content
        said = content.get("message", "") if isinstance(content, dict) else ""
        error = _refused(self.url, method, answer.status, scrub(str(said), sent)[:300])
        again = _READ_AGAIN if method == "GET" else _AGAIN
        raise _Again(error) if answer.status in again else error


def _texts(content: object) -> Iterator[str]:
    """Every text in what was sent: a refusal may repeat it."""
    waiting = [content]
    while waiting:
        part = waiting.pop()
        if isinstance(part, str):
            yield part
        elif isinstance(part, Mapping):
            waiting += part.values()


def _exchange(request: Request) -> Flow[Response | Unreachable]:
    try:
        answer = yield request
    except Unreachable as trouble:
        return trouble
    return answer


def _no_api(url: str) -> ApiError:
    return ApiError(
        f"{url}: something answers there, but not as n8n's API does, so nothing is sent to it",
        hint="Give n8n's own address, as the browser shows it up to the host (and the path, if n8n "
        "lives below one). n8n may have its API switched off (N8N_PUBLIC_API_DISABLED).",
        status=0,
    )


def _strange(url: str, what: str) -> ApiError:
    return ApiError(
        f"{url}: not n8n's usual answer: {what}",
        hint="Look at n8n's log, and at what stands between sfcred and n8n.",
        status=0,
    )


def _no_json(url: str, answer: Response) -> ApiError:
    return ApiError(
        f"{url}: a web page answers instead of n8n's API (HTTP {answer.status})",
        hint="Is it n8n's address? A proxy may ask for a login; n8n may have its API switched off "
        "(N8N_PUBLIC_API_DISABLED).",
        status=answer.status,
    )


_UPDATE_UNKNOWN = (
    "This n8n can't update credentials over the API (before 2.3.2 and in some later versions), or "
    "the credential was deleted: use n8n import:credentials with what sfcred render writes."
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
    if 300 <= status < 400:  # noqa: PLR2004 - HTTP's classes
        hint = "Redirects are not followed: give the address that it leads to, if that is n8n's."
    if method == "PATCH" and status in _UNKNOWN:
        hint = _UPDATE_UNKNOWN
    if status == 403:  # noqa: PLR2004 - HTTP's own number
        hint = f"The API key lacks the scope {_SCOPES[method]}: in n8n, Settings, n8n API."
    words = f": {said}" if said else ""
    return ApiError(
        f"{url}: n8n refuses {method} credentials (HTTP {status}{words})",
        hint=hint,
        status=status,
        said=said,
    )
