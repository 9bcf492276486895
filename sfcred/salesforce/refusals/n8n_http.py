"""n8n's fixed texts for an HTTP status or a system error, which hide the answer behind them.

Source: npm n8n-workflow, errors/node-api.error.js and errors/abstract/node.error.js.
"""

from sfcred.salesforce.refusals.causes import HIDDEN_ANSWER
from sfcred.salesforce.refusals.model import Refusal, RefusalCause, codes, texts
from sfcred.salesforce.refusals.places import OWN

_DETAILS = "Open the error's details in n8n, and pass what is there to `sfcred explain --error`."
_LOGIN = HIDDEN_ANSWER._replace(
    what="n8n hides Salesforce's answer of HTTP 400 (a refused login, or a query or record that "
    "Salesforce rejects)"
)
_NO_SESSION = RefusalCause(
    "n8n hides Salesforce's answer of HTTP 401: the token has expired and can't be renewed, or the "
    "app, the IP address or API Access Control doesn't allow the session",
    f"{_DETAILS} Or run `sfcred doctor --live`. If it works, connect the credential in n8n again.",
)
_NOT_ALLOWED = RefusalCause(
    "n8n hides Salesforce's answer of HTTP 403: after a login that is mostly a missing permission "
    "(API Enabled, the object, the field) or an API limit",
    f"{_DETAILS} Or run `sfcred doctor --live`.",
)
_NOT_THERE = RefusalCause(
    "n8n hides Salesforce's answer of HTTP 404: the record, the object or the API path doesn't "
    "exist, or the user can't see it",
    f"{_DETAILS} Check the id and the names in the node, and `my_domain`.",
    signs=("SFC104", "SFC105"),
)
_LIMIT = RefusalCause(
    "too many calls or logins: the org's API limit, or the limit of 3,600 logins per hour and user",
    "See Setup, System Overview, API Usage. Call less often, and update n8n if it is older than "
    "2.28, which logs in for every call of a JWT credential.",
)
_THEIRS = RefusalCause(
    "Salesforce, or a proxy on the way, has a problem",
    "Try again later, check status.salesforce.com, and turn on Retry On Fail in the node's "
    "settings.",
)
_FILE = RefusalCause(
    "n8n can't use a file or a port on its own machine; it isn't about the Salesforce credential",
    "Check the path as n8n's process or container sees it, and its owner and permissions.",
)

ROWS: tuple[Refusal, ...] = (
    Refusal(
        "n8n-bad-request",
        texts(
            "n8n",
            "Bad request - please check your parameters",
            "Request failed with status code 400",
        ),
        (_LOGIN,),
        OWN,
        only_a_status=True,
        of_any_service=True,
    ),
    Refusal(
        "n8n-unauthorized",
        texts(
            "n8n",
            "Authorization failed - please check your credentials",
            "Request failed with status code 401",
        ),
        (_NO_SESSION,),
        OWN,
        only_a_status=True,
        of_any_service=True,
    ),
    Refusal(
        "n8n-forbidden",
        texts(
            "n8n",
            "Forbidden - perhaps check your credentials?",
            "Request failed with status code 403",
        ),
        (_NOT_ALLOWED,),
        OWN,
        only_a_status=True,
        of_any_service=True,
    ),
    Refusal(
        "n8n-not-found",
        texts(
            "n8n",
            "The resource you are requesting could not be found",
            "Request failed with status code 404",
        ),
        (_NOT_THERE,),
        OWN,
        only_a_status=True,
        of_any_service=True,
    ),
    Refusal(
        "n8n-client-error",
        texts(
            "n8n",
            "Your request is invalid or could not be processed by the service",
            "Payment required - perhaps check your payment details?",
            "Method not allowed - please check you are using the right HTTP method",
            "Request failed with status code",
            "There was an unknown issue while executing the node",
            "UNKNOWN ERROR - check the detailed error for more information",
        ),
        (RefusalCause("n8n hides Salesforce's answer of another HTTP status", _DETAILS),),
        OWN,
        only_a_status=True,
        of_any_service=True,
    ),
    Refusal(
        "n8n-too-many-requests",
        texts(
            "n8n",
            "The service is receiving too many requests from you",
            "Request failed with status code 429",
            "429 Too Many Requests",
        ),
        (_LIMIT,),
        OWN,
        only_a_status=True,
        of_any_service=True,
    ),
    Refusal(
        "n8n-server-error",
        texts(
            "n8n",
            "The service was not able to process your request",
            "The service failed to process your request",
            "Bad gateway - the service failed to handle your request",
            "Service unavailable - try again later or consider setting this node to retry "
            "automatically",
            "Gateway timed out - perhaps try again later?",
            "Request failed with status code 500",
            "Request failed with status code 502",
            "Request failed with status code 503",
            "Request failed with status code 504",
        ),
        (_THEIRS,),
        OWN,
        only_a_status=True,
        of_any_service=True,
    ),
    Refusal(
        "header-unset",
        (
            *texts("n8n", 'Invalid value "undefined" for header'),
            *codes("n8n", "ERR_HTTP_INVALID_HEADER_VALUE"),
        ),
        (
            RefusalCause(
                "a value for the header, such as the token, isn't set: the expression, the "
                "variable or the field that it comes from is empty",
                "Look at the expression or the variable of the header that the text names.",
            ),
        ),
        "n8n shows Node's text.",
    ),
    Refusal(
        "header-character",
        (
            *texts(
                "n8n",
                "Invalid character in header content",
                "Illegal header value",
                "Invalid header value",
                "Header value must be str or bytes",
                "reserved character(s), or return character(s) in header",
                "invalid header field value",
                "is not a legal HTTP header value",
            ),
            *codes("n8n", "ERR_INVALID_CHAR"),
        ),
        (
            RefusalCause(
                "a value for the header, such as the token or the Consumer Secret, has a line "
                "break, a blank or a typographic character in it, often at its end",
                "Enter the value again, without a line break after it: in a shell, `printf %s` "
                "writes none, and `echo` does. For n8n, `sfcred render` writes clean values.",
                signs=("SFC010", "SFC011"),
            ),
        ),
        "n8n shows Node's text.",
    ),
    Refusal(
        "n8n-local-file",
        texts(
            "n8n",
            "The file or directory does not exist",
            "The file path was expected but the given path is a directory",
            "The directory path was expected but the given path is a file",
            "Forbidden by access permissions, make sure you have the right permissions",
            "The file or directory already exists",
            "Operation not permitted, make sure you have the right permissions",
            "The port is already occupied by some other application",
        ),
        (_FILE,),
        OWN,
        says_little=True,
    ),
)
