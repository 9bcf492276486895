"""n8n's own test of a credential that was pushed: run it, and say what its answer means.

For JWT, n8n logs in to Salesforce. For OAuth2, it only looks whether a token is stored. n8n reduces
most of Salesforce's answers to an HTTP status ("Bad Request"). All texts were seen with n8n 2.40.5
and 2.41.1, or read in its credentials-tester.service.
"""

import re
from typing import Literal, NamedTuple

from sfcred.exchange.api_errors import UNKNOWN_CALL, ApiError
from sfcred.exchange.n8n_api import Api
from sfcred.n8n.client_credentials import GRANT
from sfcred.n8n.credential_types import JWT
from sfcred.n8n.export import StoredCredential
from sfcred.salesforce.diagnosis import ErrorText, diagnose, fix_of
from sfcred.text.redact import show

TestState = Literal[
    "passed", "stored", "not_connected", "disconnected", "not_tested", "unreached", "failed"
]

#: The states that make a push fail.
FAILURES = frozenset[TestState](["failed", "unreached", "disconnected"])

_FORBIDDEN = 403
_NOT_CONNECTED = "not connected"
_LIVE = (
    "Run sfcred doctor --live, which logs in the same way and shows the reason. If that works, "
    "Salesforce treats n8n's address differently: see Login History in Setup."
)
#: What n8n's messages mean, and what to do. The first match counts.
_MEANINGS = (
    (
        r"E(?:CONN\w+|TIMEDOUT|\w*UNREACH|PIPE)\b|(?i:time(?:d )?out)",
        "n8n can't connect to the host that it logs in at",
        "Check the network, the firewall and the proxy of n8n's machine.",
    ),
    (
        r"ENOTFOUND|EAI_AGAIN",
        "n8n can't resolve the name of the host that it logs in at",
        "Compare my_domain with Setup, My Domain, and check the DNS of n8n's machine.",
    ),
    (
        r"CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|EPROTO",
        "n8n doesn't trust the certificate of the host that it logs in at",
        "Probably a proxy between n8n and Salesforce replaces it.",
    ),
    (
        r"(?i:domain not allowed|configured to prevent)",
        "n8n may not log in at this host: the credential's Allowed HTTP Request Domains exclude it",
        "Add the host there, in the credential's window in n8n.",
    ),
    (
        r"(?i:bad request|unauthorized|forbidden)|\b40[013]\b",
        "Salesforce refused n8n's login, and n8n hides the reason",
        _LIVE,
    ),
    (
        r"(?i:not found|method not allowed)|\b40[45]\b",
        "the host that n8n logs in at doesn't answer as Salesforce does",
        "Compare my_domain with Setup, My Domain, Current My Domain URL.",
    ),
    (
        r"(?i:too many requests|internal server error|gateway|unavailable)|\b(?:429|5\d\d)\b",
        "Salesforce, or a proxy, couldn't answer n8n",
        "Try again later: push repeats a failed test.",
    ),
)


class CredentialTest(NamedTuple):
    """The result of n8n's test of a credential.

    Attributes:
        state: `passed`: n8n logged in. `stored`: n8n has a token, and checked nothing.
            `not_connected`: it has none, and neither has the spec. `disconnected`: it has none, but
            the spec has one. `not_tested`: n8n didn't run it. `failed`: n8n couldn't log in.
        text: What happened.
        hint: What to do; empty if nothing.
    """

    state: TestState
    text: str
    hint: str = ""


def run_test(entry: StoredCredential, n8n_id: str, api: Api) -> CredentialTest:
    """Let n8n test a credential.

    Args:
        entry: The credential as it was pushed. Its values are masked in n8n's message.
        n8n_id: Its id in n8n.
        api: The n8n.
    """
    try:
        is_fine, message = api.test(n8n_id, entry.data)
    except ApiError as error:
        if error.status == 0:
            return CredentialTest("unreached", error.message, error.hint)
        return CredentialTest("not_tested", *_why_not(error))
    if entry.type == JWT:
        return _jwt(message, is_fine=is_fine)
    return _oauth2(entry, message, is_fine=is_fine)


def _why_not(error: ApiError) -> tuple[str, str]:
    if error.status in UNKNOWN_CALL:
        text = "this n8n can't test credentials over its API (before 2.20.0)"
        return text, "Open the credential in n8n: saving it runs the test."
    if error.status == _FORBIDDEN:
        return (
            "the API key lacks the scope credential:read",
            "Add it in n8n (Settings, n8n API), or leave the test out with --no-test.",
        )
    return error.message, error.hint


def _jwt(message: str, *, is_fine: bool) -> CredentialTest:
    if is_fine:
        return CredentialTest("passed", "n8n logged in to Salesforce")
    what, hint = _meaning(message)
    said = f" (n8n: {show(message)})" if message else ""
    return CredentialTest("failed", f"{what}{said}", hint)


def _meaning(message: str) -> tuple[str, str]:
    for form, what, hint in _MEANINGS:
        if re.search(form, message):
            return what, hint
    for row in diagnose(ErrorText(description=message, grant="jwt")):
        return row.causes[0].what, fix_of(row.causes[0], None)
    return "n8n couldn't log in", _LIVE


def _oauth2(entry: StoredCredential, message: str, *, is_fine: bool) -> CredentialTest:
    if is_fine:
        return CredentialTest(
            "stored",
            "n8n has a token, and doesn't test whether Salesforce accepts it",
            "Run sfcred doctor --live, which logs in, or a workflow."
            if "oauthTokenData" in entry.data
            else "Run a workflow that uses it.",
        )
    if _NOT_CONNECTED not in message:
        return CredentialTest("failed", f"n8n: {show(message)}", "Open the credential in n8n.")
    if entry.data.get("grantType") == GRANT:
        return CredentialTest(
            "not_tested",
            "n8n logs in when a workflow first uses it, and can't test that",
            "Run sfcred doctor --live, or a workflow that uses it.",
        )
    if "oauthTokenData" in entry.data:
        return CredentialTest(
            "disconnected",
            "n8n has no token, although the spec has a consent",
            "Push again: now the consent is sent, too.",
        )
    return CredentialTest(
        "not_connected",
        "nobody has given consent yet",
        "Open it in n8n and press Connect my account.",
    )
