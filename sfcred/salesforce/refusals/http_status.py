"""An HTTP status without an answer, as other clients than n8n show it.

The forms are those of curl, requests, httpx, axios, Guzzle, Faraday, .NET, Go, Java and R.
"""

import re

from sfcred.salesforce.refusals.model import KnownWording, Refusal, RefusalCause, texts

_HIDES = (
    "the text hides the answer, or has one that sfcred doesn't know, so that only its status tells "
    "something: HTTP {}, which from Salesforce means that {}"
)
_SHOW = (
    "Look for the answer's error and error_description (or errorCode and message) in the client's "
    "log, and pass it to `sfcred explain --error`. For a login, `sfcred doctor --live` shows it."
)
_AGAIN = (
    "Try again later, and check status.salesforce.com. If it stays, check the proxy and "
    "`my_domain`."
)
_CALLBACK = RefusalCause(
    "if n8n's connect window shows it, n8n's callback didn't get the session cookie of n8n",
    "Log in to n8n at the very address of the callback, and click Connect there.",
)
_FORMS = (
    "HTTP {}",
    "HTTP Error {}",
    "HTTP/1.1 {}",
    "HTTP/2 {}",
    "ERROR_HTTP_{}",
    "status code {}",
    "status code: {}",
    "status code '{}'",
    "[status code] {}",
    "Code={}",
    "statusCode: {}",
    "response code {}",
    "response code: {}",
    "responded with status {}",
    "HTTP response ({})",
    "unsuccessful status [{}]",
    ":status=>{}",
    "does not indicate success: {}",
    "{} Client Error",
    "{} Server Error",
    "HTTP code {}",
    "HTTP code: {}",
)
_CLOUDFLARE = ("Error {}", "error code: {}", "HTTP {}", "status code {}", "status code: {}")
# Their names, as a person reads them off the screen. In a longer text, they tell nothing.
_NAMES = {
    400: "bad request", 401: "unauthorized", 403: "forbidden", 404: "not found",
    405: "not allowed", 406: "not acceptable", 500: "internal server error",
}  # fmt: skip


# What fails with a status in brackets: in `tests failed (401)`, it is a number of tests.
_FAILED = re.compile(
    r"(\b(?:request|call|login|log-?in|auth\w{0,11}|token|refresh|exchange|connection|query|sync)"
    r" failed|^(?:error:? )?failed):? ?\(([45]\d\d)\)",
    re.IGNORECASE,
)
# A socket that isn't opened isn't an answer to a request.
_SOCKET = re.compile(r"(WebSocket handshake: )Unexpected response code: \d{3}")


def as_status(text: str) -> str:
    """Return a text that is only a status or its name in a form that the table has."""
    text = _SOCKET.sub(r"\1refused", text)
    text = _FAILED.sub(r"\1: HTTP \2", text)
    said = text.strip(" \t\r\n.!'\"").lower()
    said = said.removeprefix("error: ").removeprefix("error ").removesuffix(" error")
    found = (status for status, name in _NAMES.items() if said in (str(status), name))
    return next((f"HTTP {status}" for status in found), text)


def _forms(status: int, *reasons: str) -> tuple[KnownWording, ...]:
    # A number beside `error` alone can be that of a line, or of how many there are.
    named = (
        f"{status}{text}" for one in reasons for text in (f" {one}", f": {one}", f" error ({one})")
    )
    return texts("cli", *named, *(form.format(status) for form in _FORMS))


def _row(status: int, means: str, *reasons: str, others: tuple[RefusalCause, ...] = ()) -> Refusal:
    causes = (RefusalCause(_HIDES.format(status, means), _SHOW), *others)
    return Refusal(f"status-{status}", _forms(status, *reasons), causes, only_a_status=True)


ROWS: tuple[Refusal, ...] = (
    _row(400, "a login, a query or a record was rejected", "Bad Request"),
    _row(
        401,
        "the token has ended, or the app or its secret was refused",
        "Unauthorized",
        others=(_CALLBACK,),
    ),
    _row(403, "a permission is missing, or an API limit is reached", "Forbidden"),
    _row(404, "the address, the object or the record doesn't exist", "Not Found"),
    _row(
        405,
        "the address is another one, such as a Lightning page's",
        "Not Allowed",
        "Method Not Allowed",
    ),
    _row(406, "a header of the request doesn't fit, or a fault was temporary", "Not Acceptable"),
    Refusal(
        "status-413",
        (
            *texts("cli", "Payload Too Large", "Request Entity Too Large"),
            *_forms(413, "Content Too Large"),
        ),
        (
            RefusalCause(
                "the request is too large for the server that answered: Salesforce's, or one on "
                "the way",
                "Send a smaller file or fewer records at once.",
            ),
        ),
    ),
    Refusal(
        "status-5xx",
        (
            *_forms(500, "Internal Server Error"),
            *_forms(502, "Bad Gateway"),
            *_forms(503, "Service Unavailable", "Service Temporarily Unavailable"),
            *_forms(504, "Gateway Timeout", "Gateway Time-out"),
            *texts(
                "cli",
                "Bad Gateway",
                "Gateway Timeout",
                "Gateway Time-out",
                "Service Unavailable",
                "Service Temporarily Unavailable",
            ),
        ),
        (
            RefusalCause(
                "a proxy on the way, or Salesforce's server itself, has a problem", _AGAIN
            ),
            RefusalCause(
                "login.salesforce.com or test.salesforce.com fails, while the org's own address "
                "answers (reported for test.salesforce.com)",
                "Set `my_domain`, and log in at the org's own address.",
                unless=("own_host",),
            ),
        ),
        only_a_status=True,
    ),
    Refusal(
        "status-52x",
        texts("cli", *(form.format(status) for status in range(521, 527) for form in _CLOUDFLARE)),
        (
            RefusalCause(
                "the server behind Cloudflare doesn't answer it: often n8n's own, at the address "
                "of its callback",
                "Check that the server runs, and that its firewall lets Cloudflare's addresses in. "
                "For 525 and 526, check its certificate.",
            ),
        ),
    ),
)
