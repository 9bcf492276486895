"""Diagnosis of Salesforce's errors: find the row of the table, and rank its causes."""

import re
from collections.abc import Iterable
from typing import Literal, NamedTuple

from sfcred.salesforce.refusals import (
    REFUSALS,
    Cause,
    Endpoint,
    Grant,
    KnownWording,
    Refusal,
    Where,
)

AppType = Literal["external_client_app", "connected_app"]

#: What a caller can know about a credential in addition to its findings, for ranking causes.
TRAITS = frozenset(
    {
        "generic_host",  # the login goes to login.salesforce.com or test.salesforce.com
        "sandbox",  # the environment is a sandbox
        "young_certificate",  # created less than a day ago, and so probably is the app
        "email_username",  # the username looks like a person's e-mail address
        "clock",  # the clocks differ
    }
)


class ErrorText(NamedTuple):
    """An error, as far as it is known.

    Attributes:
        error: `error` or `errorCode`; can be empty.
        description: `error_description` or `message`; can be empty, or a whole line of a log.
        step: The endpoint; empty if unknown.
        grant: The grant of the request; empty if unknown.
    """

    error: str = ""
    description: str = ""
    step: Endpoint | Literal[""] = ""
    grant: Grant = ""


def diagnose(said: ErrorText) -> list[Refusal]:
    """Find the rows that match an error best: usually one, several if the text is ambiguous.

    Args:
        said: The error. Case, white space and typographic apostrophes don't matter.

    Returns:
        The best rows, in the table's order; empty for an unknown error.
    """
    said = said._replace(error=_folded(said.error), description=_folded(said.description))
    scored = [(max(_score(answer, said) for answer in row.answers), row) for row in REFUSALS]
    best = max(score for score, _ in scored)
    return [row for score, row in scored if score == best] if best > 0 else []


def rank(refusal: Refusal, signs: frozenset[str] | None) -> list[Cause]:
    """Return a row's causes, the likeliest first.

    Args:
        refusal: The row.
        signs: What is known about the credential: ids of checks that found something, and traits.
            None without a credential, which keeps the table's order.
    """
    if signs is None:
        return list(refusal.causes)
    possible = [cause for cause in refusal.causes if not cause.only or cause.only in signs]
    return sorted(possible, key=lambda cause: not signs.intersection(cause.signs))


def fix_of(cause: Cause, app: AppType | None) -> str:
    """Return what to do about a cause, with the path in Setup for one type of app or for both."""
    return cause.fix.replace("{where}", path(cause.where, app) if cause.where else "")


def path(where: Where, app: AppType | None) -> str:
    """Return the path to a place in Setup; with both paths if the type of app is unknown."""
    if app == "external_client_app":
        return where.external_client_app
    if app == "connected_app":
        return where.connected_app
    return f"{where.external_client_app} (Connected App: {where.connected_app})"


def read_error(text: str) -> ErrorText:
    """Find the error and its description in text that someone copied.

    Args:
        text: `invalid_grant: audience is invalid`, Salesforce's JSON, the address of the page that
            the browser ended on, or a line of a log.
    """
    return _from_pairs(text) or _from_words(text)


def _from_pairs(text: str) -> ErrorText | None:
    """Read JSON, a query string, or a program's printout of either; None if it is neither."""
    error = _value(text, "error|errorCode|error_code|ErrorCode|OAUTH_ERROR")
    description = _value(
        text, "error_description|error%5Fdescription|ErrorDescription|message|errorDescription"
    )
    return ErrorText(error, description) if error else None


def _value(text: str, names: str) -> str:
    from urllib.parse import unquote_plus

    quoted = re.search(rf"\\?[\"'](?:{names})\\?[\"']\s*:\s*\\?\"((?:[^\"\\]|\\.)*?)\\?\"", text)
    if quoted:
        return quoted[1].replace("\\'", "'")
    in_query = re.search(rf"(?:[?&#]|^)(?:{names})=([^&#\s]*)", text)
    return unquote_plus(in_query[1]) if in_query else ""


def _from_words(text: str) -> ErrorText:
    codes = {answer.error for answer in _answers() if answer.error}
    for word in re.findall(r"[A-Za-z][A-Za-z_-]{5,}", text):
        if word in codes:
            return ErrorText(word, text)
    return ErrorText("", text)


def _answers() -> Iterable[KnownWording]:
    return (answer for row in REFUSALS for answer in row.answers)


# A matching description counts more than a matching error, and a longer match more than a
# shorter one. Grant and step only decide between rows that otherwise match equally.
_DESCRIPTION, _ERROR, _GRANT, _STEP = 4.0, 2.0, 0.5, 0.25
# These errors are too vague without their description.
_VAGUE = {"invalid_grant", "invalid_request"}


def _score(answer: KnownWording, said: ErrorText) -> float:
    """Return how well a wording of the table matches an error whose text is already folded."""
    if answer.grant and said.grant and answer.grant != said.grant:
        return 0
    same_error = bool(answer.error) and _folded(answer.error) == said.error
    text = _folded(answer.description)
    if text and text in said.description:
        score = _DESCRIPTION + len(text) / 1000 + _ERROR * same_error
    elif same_error and not text:
        score = _ERROR
    elif same_error and _folded(answer.error) not in _VAGUE:
        score = _ERROR / 2
    else:
        return 0
    return score + _GRANT * (answer.grant == said.grant) + _STEP * (answer.step == said.step)


def _folded(text: str) -> str:
    plain = text.lower().replace("’", "'").replace("‘", "'").replace("-", "_")
    return " ".join(plain.split())
