"""The errors of n8n's API: what each one means, and what to do next."""

from collections.abc import Callable
from typing import Literal

from sfcred.errors import SfcredError
from sfcred.http.messages import Response
from sfcred.n8n.callback import is_cloud
from sfcred.text.redact import public_address
from sfcred.urls import split_url

Method = Literal["GET", "POST", "PATCH", "PUT"]

#: HTTP statuses that ask for a login or refuse, and those of a server that isn't there.
_REFUSES, _DOWN = (401, 403, 407), (502, 503, 504)
#: HTTP statuses of calls that this version of n8n doesn't know.
UNKNOWN_CALL = (404, 405)

#: The scope that an API key needs, by method (n8n 1.94 and later; older keys have full access).
_SCOPES: dict[Method, str] = {
    "GET": "credential:list",
    "POST": "credential:create",
    "PATCH": "credential:update",
    "PUT": "credential:move",
}
_HINTS = {
    401: "The API key is wrong or expired. Create a new one in n8n (Settings, n8n API).",
    409: "A credential with this id exists, but the API key has no access to it. Use a key of its "
    "owner, or choose another n8n.id.",
    429: "Too many requests. Try again in a minute.",
}
_UNLISTED = {
    "credentials": "n8n lists credentials over its API from 2.8.0 on. Compare with an export "
    "instead: `n8n export:credentials --all --output=FILE`, and `sfcred diff --export FILE`.",
    "workflows": "Check that this is n8n's URL. Or read exported workflows instead: "
    "`n8n export:workflow --backup --output=FOLDER`, and --workflows FOLDER.",
}
_UNKNOWN = {
    404: "It does not exist, or this n8n is too old for the call.",
    405: "This version of n8n doesn't support it over the API.",
}
_UPDATE_UNKNOWN = (
    "This n8n can't update credentials over the API (before 2.3.2 and in some later versions), or "
    "the credential was deleted."
)
_IMPORT = "Import the output of sfcred render with n8n import:credentials instead."
_NO_IMPORT = (
    "n8n Cloud has no import: update n8n, or enter the credential by hand (sfcred guide shows how)."
)


class ApiError(SfcredError):
    """n8n's API refused a call, or something else answered.

    Attributes:
        status: The answer's HTTP status; 0 if there was no answer, or it wasn't n8n's.
        said: n8n's own message, without the values that were sent.
    """

    exit_status = 4  # as for an org: nothing could be read or compared

    def __init__(self, message: str, *, hint: str, status: int = 0, said: str = "") -> None:
        super().__init__(message, hint=hint)
        self.status = status
        self.said = said


def not_n8n(url: str) -> ApiError:
    """Return the error for an answer that is not from n8n's API."""
    return ApiError(
        f"{url}: the answer is not from n8n's API, so nothing is sent to it",
        hint="Pass n8n's own URL: the address in the browser up to the host, and the path if n8n "
        "runs under one. n8n's API may also be turned off (N8N_PUBLIC_API_DISABLED).",
    )


def unexpected(url: str, what: str) -> ApiError:
    """Return the error for an answer from n8n's API that doesn't fit the call."""
    return ApiError(
        f"{url}: an unexpected answer from n8n: {what}",
        hint="Check n8n's log, and any proxy between sfcred and n8n.",
    )


def endless(url: str, method: Method, what: str, seconds: float) -> ApiError:
    """Return the error for answers that took longer than a number of seconds altogether.

    Args:
        url: n8n's URL.
        method: The HTTP method of the call.
        what: What the call is about: `credentials` or `workflows`.
        seconds: The limit.
    """
    slow = f"its list of {what}" if method == "GET" else "its answer"
    fewer = f" Or use an API key with access to fewer {what}." if method == "GET" else ""
    return ApiError(
        f"{url}: {slow} took longer than {seconds:.0f} seconds",
        hint=f"Check n8n's load and log, and any proxy between sfcred and n8n.{fewer}",
    )


def not_json(url: str, answer: Response) -> ApiError:
    """Return the error for something other than JSON in place of n8n's API."""
    status = answer.status
    if status in _DOWN:
        return ApiError(
            f"{url}: a server answers, but n8n behind it does not (HTTP {status})",
            hint="n8n may be stopped, starting or overloaded. Check that it runs, and try again.",
            status=status,
        )
    if status in _REFUSES:
        return ApiError(
            f"{url}: something before n8n's API asks for a login, or blocks the request "
            f"(HTTP {status})",
            hint="n8n itself doesn't answer like this. Let requests to /api/v1 through, or check "
            "that this is n8n's URL.",
            status=status,
        )
    return ApiError(
        f"{url}: got a web page instead of an answer from n8n's API (HTTP {status})",
        hint="Check that this is n8n's URL. A proxy may ask for a login, or n8n's API may be "
        "turned off (N8N_PUBLIC_API_DISABLED).",
        status=status,
    )


def redirected(url: str, answer: Response, mask: Callable[[str], str]) -> ApiError:
    """Return the error for a redirect. Only the host that it leads to is shown.

    Args:
        url: n8n's URL.
        answer: The answer.
        mask: Masks what was sent.
    """
    target = split_url(answer.headers.get("location", ""))
    host = public_address(f"{target.scheme}://{target.netloc}") if target else ""
    to = f" to {mask(host)}" if host else ""
    return ApiError(
        f"{url}: got a redirect{to} instead of an answer from n8n's API (HTTP {answer.status})",
        hint="sfcred doesn't follow redirects. If that is n8n's own address, pass it. If it is a "
        "login page, let requests to /api/v1 through.",
        status=answer.status,
    )


def refused(url: str, method: Method, what: str, status: int, said: str) -> ApiError:
    """Return the error for a call that n8n refused.

    Args:
        url: n8n's URL.
        method: The HTTP method of the call.
        what: What the call is about: `credentials` or `workflows`.
        status: The answer's HTTP status.
        said: n8n's own message, without the values that were sent.
    """
    words = f": {said}" if said else ""
    return ApiError(
        f"{url}: n8n refused {method} /{what} (HTTP {status}{words})",
        hint=_hint(url, method, what, status),
        status=status,
        said=said,
    )


def _hint(url: str, method: Method, what: str, status: int) -> str:
    if status in UNKNOWN_CALL and method == "GET":
        return _UNLISTED[what]
    if status in UNKNOWN_CALL:
        why = _UPDATE_UNKNOWN if method == "PATCH" else _UNKNOWN[status]
        return f"{why} {_NO_IMPORT if is_cloud(url) else _IMPORT}"
    if status == 403:  # noqa: PLR2004 - HTTP's own number
        scope = "workflow:list" if what == "workflows" else _SCOPES[method]
        return f"The API key lacks the scope {scope}. Add it in n8n (Settings, n8n API)."
    return _HINTS.get(status, "Check n8n's log.")
