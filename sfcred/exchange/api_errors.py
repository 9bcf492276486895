"""What can go wrong with n8n's API, in words: what it means, and what to do next."""

from typing import Literal

from sfcred.errors import SfcredError
from sfcred.http.messages import Response

Method = Literal["GET", "POST", "PATCH", "PUT"]

#: The statuses of calls that this version of n8n doesn't know.
UNKNOWN_CALL = (404, 405)

#: The scope that a key needs, by call (n8n 1.94 and later; older keys may do everything).
_SCOPES: dict[Method, str] = {
    "GET": "credential:list",
    "POST": "credential:create",
    "PATCH": "credential:update",
    "PUT": "credential:move",
}
_HINTS = {
    401: "The API key is wrong or expired: make a new one in n8n (Settings, n8n API).",
    404: "It is not there, or this n8n is too old for the call: use n8n import:credentials with "
    "what sfcred render writes.",
    405: "This version of n8n can't do it over the API: use n8n import:credentials with what "
    "sfcred render writes.",
    409: "There is a credential with this id that the key may not see: use a key of its owner, or "
    "another n8n.id.",
    429: "Too many requests: try again in a minute.",
}
_UPDATE_UNKNOWN = (
    "This n8n can't update credentials over the API (before 2.3.2 and in some later versions), or "
    "the credential was deleted: use n8n import:credentials with what sfcred render writes."
)


class ApiError(SfcredError):
    """n8n's API refused a call, or something else answered.

    Attributes:
        status: The answer's HTTP status; 0 where nothing answered, or not as n8n does.
        said: n8n's own message, without what was sent.
    """

    exit_status = 1

    def __init__(self, message: str, *, hint: str, status: int = 0, said: str = "") -> None:
        super().__init__(message, hint=hint)
        self.status = status
        self.said = said


def not_n8n(url: str) -> ApiError:
    """Something answers, but not as n8n's API does."""
    return ApiError(
        f"{url}: something answers there, but not as n8n's API does, so nothing is sent to it",
        hint="Give n8n's own address: what the browser shows, up to the host (and the path, if n8n "
        "lives below one). n8n may have its API switched off (N8N_PUBLIC_API_DISABLED).",
    )


def unexpected(url: str, what: str) -> ApiError:
    """n8n's API answers, but not what this call should bring."""
    return ApiError(
        f"{url}: an unexpected answer from n8n: {what}",
        hint="Look at n8n's log, and at what stands between sfcred and n8n.",
    )


def endless(url: str, seconds: int) -> ApiError:
    """n8n's list of credentials took too long, in seconds."""
    return ApiError(
        f"{url}: its list of credentials took longer than {seconds} seconds",
        hint="Look at n8n's load and log, and at what stands between sfcred and n8n. Use a key "
        "that sees fewer credentials.",
    )


def not_json(url: str, answer: Response) -> ApiError:
    """A web page answers."""
    return ApiError(
        f"{url}: a web page answers instead of n8n's API (HTTP {answer.status})",
        hint="Is it n8n's address? A proxy may ask for a login; n8n may have its API switched off "
        "(N8N_PUBLIC_API_DISABLED).",
        status=answer.status,
    )


def refused(url: str, method: Method, status: int, said: str) -> ApiError:
    """n8n refuses a call.

    Args:
        url: n8n's address.
        method: The call.
        status: The answer's HTTP status.
        said: n8n's own message, without what was sent.
    """
    words = f": {said}" if said else ""
    return ApiError(
        f"{url}: n8n refuses {method} credentials (HTTP {status}{words})",
        hint=_hint(method, status),
        status=status,
        said=said,
    )


def _hint(method: Method, status: int) -> str:
    if 300 <= status < 400:  # noqa: PLR2004 - HTTP's classes
        return "Redirects are not followed: give the address that it leads to, if that is n8n's."
    if method == "PATCH" and status in UNKNOWN_CALL:
        return _UPDATE_UNKNOWN
    if status == 403:  # noqa: PLR2004 - HTTP's own number
        return f"The API key lacks the scope {_SCOPES[method]}: in n8n, Settings, n8n API."
    return _HINTS.get(status, "Look at n8n's log.")
