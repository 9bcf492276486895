"""The parts of n8n's public API for credentials and workflows (n8n 0.196 to 2.41, /api/v1).

Reads are retried if that can help; writes only if n8n did nothing (429, 503). Nothing is written
before an answer to a read has proved that this is n8n (`look`).
"""

import json
import math
import re
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from pydantic import SecretStr

from sfcred.exchange.address import N8nAddress
from sfcred.exchange.api_errors import (
    UNKNOWN_CALL,
    ApiError,
    Method,
    endless,
    not_json,
    not_n8n,
    redirected,
    refused,
    unexpected,
)
from sfcred.exchange.sent import Sent
from sfcred.http.authorities import Trust
from sfcred.http.client import ClientOptions, run_flow
from sfcred.http.messages import Flow, Request, Response, Unreachable
from sfcred.n8n.credential_types import OAUTH2
from sfcred.n8n.export import is_text
from sfcred.n8n.ids import ID_FORM
from sfcred.text.redact import MASK

#: The number of credentials per page of a list.
_PAGE = 100
#: HTTP statuses of calls that did nothing, so they can be retried.
_DID_NOTHING = (429, 503)
_READ_AGAIN = (*_DID_NOTHING, 502, 504)
_TRIES = 4
#: The most pages and credentials of a list that are read.
_MOST_PAGES, _MOST_CREDENTIALS, _MOST_WORKFLOWS = 1000, 100_000, 20_000
#: The largest answer, in bytes: a page of workflows is much larger than one of credentials.
_BODY_BYTES = 50 * 1024 * 1024
#: The time limit for reading the list, in seconds, from the first request to the last byte.
LIST_SECONDS = 120
#: The time limit for n8n's test of a credential, in seconds: it logs in, with limits of its own.
_TEST_SECONDS = 75
#: The most characters of n8n's own message that are shown.
_MOST_SAID = 300


class _Retryable(Exception):
    """An error that may go away if the call is retried."""

    def __init__(self, error: ApiError) -> None:
        self.error = error


class CredentialSummary(NamedTuple):
    """A credential as n8n lists it, without its data.

    Attributes:
        id, name, type: The values in n8n.
        updated_at: When n8n last changed it, in n8n's format; empty if n8n doesn't say.
    """

    id: str
    name: str
    type: str
    updated_at: str


#: n8n's credentials by their ids.
Listed = Mapping[str, CredentialSummary]


class Api:
    """The API of one n8n.

    Args:
        address: n8n's address. Nothing is sent to any other host.
        key: The API key, which is masked in every error.
        project: The project's root. Certificate authorities from there are never used.
    """

    def __init__(self, address: N8nAddress, key: SecretStr, project: Path) -> None:
        self.url = address.url
        self._key = key
        self._sent = Sent(key.get_secret_value())
        self._options = ClientOptions(
            frozenset({address.host}),
            project=project,
            trust=Trust(project),
            body_bytes=_BODY_BYTES,
        )

    def look(self) -> Listed | None:
        """List n8n's credentials, or prove in another way that this is n8n's API.

        Returns:
            All credentials that the key has access to. None if this n8n can't list them (before
            2.8.0) but has proved to be n8n by the schema of a credential type (0.196 and later;
            read in n8n 1.99.1, 2.3.2 and 2.41.1).

        Raises:
            ApiError: n8n refused, or the answer is not n8n's.
        """
        try:
            return {one.id: one for one in self.credentials()}
        except ApiError as error:
            if error.status not in UNKNOWN_CALL:
                raise
        self._prove()
        return None

    def credentials(self) -> list[CredentialSummary]:
        """List all credentials that the key has access to.

        Raises:
            ApiError: n8n refused (404 or 405 if it is older than 2.8.0), the answer is not n8n's,
                or it takes too long. There is a deadline for each page, and one for all of them.
        """
        pages = self._pages("credentials", _MOST_CREDENTIALS)
        return self._each_once([self._summary(entry) for page in pages for entry in page])

    def workflows(self) -> Iterator[Mapping[str, object]]:
        """Yield all workflows that the key has access to, as n8n's API describes them.

        A list that changes can shift between pages, so an id that comes again is left out.

        Raises:
            ApiError: As for `credentials`.
        """
        seen: set[str] = set()
        for page in self._pages("workflows", _MOST_WORKFLOWS):
            for entry in page:
                if not isinstance(entry, dict):
                    raise not_n8n(self.url)
                key = str(entry.get("id"))
                if key not in seen:
                    seen.add(key)
                    yield entry

    def _pages(self, what: str, most: int) -> Iterator[list[object]]:
        """Yield the pages of a list, with one deadline for all of them.

        Args:
            what: The list: `credentials` or `workflows`.
            most: The most entries that are read.
        """
        ends = time.monotonic() + LIST_SECONDS
        cursors = {""}
        cursor, number = "", 0
        while True:
            after = f"&cursor={quote(cursor, safe='')}" if cursor else ""
            answer = self._call("GET", f"{what}?limit={_PAGE}{after}", ends=ends)
            entries, cursor = self._page(answer)
            number += len(entries)
            yield entries
            if not cursor:
                return
            if cursor in cursors or len(cursors) >= _MOST_PAGES or number > most:
                raise unexpected(self.url, f"its list of {what} doesn't end")
            cursors.add(cursor)

    def _each_once(self, found: list[CredentialSummary]) -> list[CredentialSummary]:
        """Return the entries without repeated ones: a list that changes can shift between pages."""
        by_id = {entry.id: entry for entry in found}
        if any(by_id[entry.id] != entry for entry in found):
            raise unexpected(self.url, "its list has an id twice, with different content")
        return list(by_id.values())

    def create(self, body: Mapping[str, object]) -> CredentialSummary:
        """Create a credential.

        Args:
            body: Its name, type and data; also id and projectId, if this n8n accepts them.

        Raises:
            ApiError: n8n refused, or the answer is not n8n's.
        """
        created = self._written(self._call("POST", "credentials", body))
        if not re.fullmatch(ID_FORM, created.id) or created.type != body["type"]:
            raise unexpected(self.url, "it created a different credential than requested")
        return created

    def update(self, credential_id: str, body: Mapping[str, object]) -> CredentialSummary:
        """Change a credential (n8n 2.3.2 and later).

        Raises:
            ApiError: n8n refused, or the answer is not n8n's.
        """
        path = f"credentials/{quote(credential_id, safe='')}"
        updated = self._written(self._call("PATCH", path, body))
        if updated.id != credential_id:
            raise unexpected(self.url, "it changed a different credential than requested")
        return updated

    def find(self, credential_id: str) -> CredentialSummary:
        """Return a credential (n8n 2.20.0 and later).

        Raises:
            ApiError: n8n refused, or the answer is not n8n's.
        """
        path = f"credentials/{quote(credential_id, safe='')}"
        found = self._summary(self._call("GET", path))
        if found.id != credential_id:
            raise unexpected(self.url, "it returned a different credential than requested")
        return found

    def test(self, credential_id: str, sent: Mapping[str, object]) -> tuple[bool, str]:
        """Let n8n test a credential with its stored values (n8n 2.20.0 and later).

        Args:
            credential_id: Its id in n8n.
            sent: Its data, which is masked in the message.

        Returns:
            Whether the test succeeded, and n8n's message.

        Raises:
            ApiError: n8n refused to run it, or the answer is not n8n's.
        """
        path = f"credentials/{quote(credential_id, safe='')}/test"
        answer = self._call("POST", path, ends=time.monotonic() + _TEST_SECONDS)
        status, message = answer.get("status"), answer.get("message", "")
        if status not in ("OK", "Error") or not isinstance(message, str) or not is_text(message):
            raise unexpected(self.url, "its test of a credential has no result")
        self._sent.add(sent)
        return status == "OK", self._sent.mask(message)[:_MOST_SAID]

    def move(self, credential_id: str, project: str) -> None:
        """Move a credential to a project.

        Raises:
            ApiError: n8n refused.
        """
        path = f"credentials/{quote(credential_id, safe='')}/transfer"
        self._call("PUT", path, {"destinationProjectId": project})

    def _prove(self) -> None:
        """Ask for something that every n8n with a public API knows.

        Raises:
            ApiError: The answer is not n8n's.
        """
        try:
            schema = self._call("GET", f"credentials/schema/{OAUTH2}")
        except ApiError as error:
            if error.status not in UNKNOWN_CALL:
                raise
            raise not_n8n(self.url) from None
        fields = schema.get("properties")
        if not isinstance(fields, dict) or "clientId" not in fields:
            raise not_n8n(self.url)

    def _page(self, page: Mapping[str, object]) -> tuple[list[object], str]:
        entries, cursor = page.get("data"), page.get("nextCursor", 0)
        if not isinstance(entries, list) or not isinstance(cursor, str | None):
            raise not_n8n(self.url)
        if not is_text(cursor or ""):
            raise not_n8n(self.url)
        return entries, cursor or ""

    def _written(self, entry: object) -> CredentialSummary:
        try:
            return self._summary(entry)
        except ApiError:  # it says that nothing is sent
            raise unexpected(self.url, "it describes the credential incompletely") from None

    def _summary(self, entry: object) -> CredentialSummary:
        values = entry if isinstance(entry, dict) else {}
        key, name, kind = (values.get(field) for field in ("id", "name", "type"))
        if not (isinstance(key, str) and isinstance(name, str) and isinstance(kind, str)):
            raise not_n8n(self.url)
        updated_at = values.get("updatedAt")
        updated_at = updated_at if isinstance(updated_at, str) else ""
        if not all(map(is_text, (key, name, kind, updated_at))):
            raise not_n8n(self.url)
        secret = self._key.get_secret_value()
        return CredentialSummary(
            *(text.replace(secret, MASK) for text in (key, name, kind, updated_at))
        )

    def _call(
        self,
        method: Method,
        path: str,
        body: Mapping[str, object] | None = None,
        *,
        ends: float = math.inf,
    ) -> dict[str, object]:
        """Call n8n, and retry if that can help.

        Args:
            method: The HTTP method.
            path: The path below /api/v1/.
            body: The JSON to send.
            ends: When the answer has to be complete, by the monotonic clock, in seconds.

        Raises:
            ApiError: n8n refused, can't be reached, or took too long.
        """
        from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential

        retrying = Retrying(
            retry=retry_if_exception_type(_Retryable),
            stop=stop_after_attempt(_TRIES),
            wait=wait_exponential(multiplier=0.5, max=8),
            reraise=True,
        )
        try:
            found: dict[str, object] = retrying(self._once, method, path, body, ends)
        except _Retryable as error:
            raise error.error from None
        return found

    def _once(
        self, method: Method, path: str, body: Mapping[str, object] | None, ends: float
    ) -> dict[str, object]:
        left = ends - time.monotonic()
        if left <= 0:
            limit = LIST_SECONDS if method == "GET" else _TEST_SECONDS
            raise endless(self.url, method, _subject(path), limit)
        self._sent.add(body)
        text = None if body is None else SecretStr(json.dumps(body))
        request = Request(method, f"{self.url}/api/v1/{path}", api_key=self._key, json=text)
        seconds = self._options.seconds if math.isinf(ends) or method == "GET" else left
        options = self._options._replace(seconds=min(seconds, left))
        try:
            answer = run_flow(lambda: _exchange(request), options)
        except Unreachable as trouble:
            error = ApiError(f"{self.url}: {trouble.message}", hint=trouble.hint, status=0)
            raise (_Retryable(error) if method == "GET" else error) from None
        return self._understood(method, _subject(path), answer)

    def _understood(self, method: Method, what: str, answer: Response) -> dict[str, object]:
        try:
            content = json.loads(answer.body) if answer.body.strip() else {}
        except (ValueError, RecursionError):
            content = None
        if 300 <= answer.status < 400:  # noqa: PLR2004 - HTTP's classes
            raise redirected(self.url, answer, self._sent.mask)
        if answer.status < 300:  # noqa: PLR2004 - HTTP's classes
            if isinstance(content, dict):
                return content
            raise not_json(self.url, answer) if content is None else not_n8n(self.url)
        if content is None:
            error = not_json(self.url, answer)
        else:
            said = content.get("message", "") if isinstance(content, dict) else ""
            text = self._sent.mask(str(said))[:_MOST_SAID]
            error = refused(self.url, method, what, answer.status, text)
        again = _READ_AGAIN if method == "GET" else _DID_NOTHING
        raise _Retryable(error) if answer.status in again else error


def _subject(path: str) -> str:
    """Return what a call is about: `credentials` or `workflows`."""
    return re.split("[/?]", path, maxsplit=1)[0]


def _exchange(request: Request) -> Flow[Response]:
    return (yield request)
