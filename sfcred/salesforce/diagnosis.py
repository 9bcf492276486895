"""Diagnosis of errors: find the rows of the table, and rank their causes."""

import re
from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

from sfcred.salesforce.app_type import AppType
from sfcred.salesforce.other_services import names_salesforce, other_service
from sfcred.salesforce.pasted import (
    VAGUE,
    Reading,
    fold_code,
    is_in_answer,
    labelled_codes,
    names_in,
    pair,
    read,
    read_answer,
)
from sfcred.salesforce.refusals import (
    REFUSALS,
    Endpoint,
    Grant,
    KnownWording,
    Refusal,
    RefusalCause,
    Where,
)
from sfcred.salesforce.refusals.http_status import as_status
from sfcred.salesforce.refusals.model import A_REASON
from sfcred.salesforce.refusals.shared import is_shared, needs_condition
from sfcred.salesforce.refusals.topics import Topic, topic_of
from sfcred.salesforce.refusals.traits import TRAITS


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


# What comes before an answer of the API, which can still quote it: in a value, a rule, a trigger.
_BEFORE_API = frozenset({"token", "authorize", "userinfo", "page", "history", "key", "network"})
# What an org doesn't answer, so that an answer from one is never explained with it.
_NOT_AN_ANSWER = frozenset({"page", "history", "network", "key", "n8n", "cli", "sfcred"})


def diagnose(said: ErrorText) -> list[Refusal]:
    """Find the rows that match an error best: usually one, several if the text is ambiguous.

    Args:
        said: The error. Case, white space and typographic apostrophes don't matter.

    Returns:
        The best rows, in the table's order, with the names of the text in their causes; empty for
        an unknown error.
    """
    reading = read_answer(said.error, said.description)
    return _best(reading, said.step, frozenset({said.grant} - {""}))


def read_text(text: str) -> Reading:
    """Read a text that someone copied."""
    return read(as_status(text))


def diagnose_text(
    text: str, grants: frozenset[Grant] = frozenset(), reading: Reading | None = None
) -> list[Refusal]:
    """Find the rows that match a text that someone copied; the most telling error in it wins.

    Args:
        text: `invalid_grant: audience is invalid`, Salesforce's JSON, the address of the page that
            the browser ended on, or a part of a log.
        grants: The only grants that the login can use; empty for any.
        reading: What `read_text` returns for it, if it is read already: it can be large.
    """
    return _best(reading or read_text(text), "", grants, is_others=bool(other_service(text)))


def topic(text: str, reading: Reading | None = None) -> Topic | None:
    """Return what a text that no row matches is about; None if no topic fits.

    What follows an API's code can quote anything, so that only the code counts (SQLITE_ERROR). If
    an answer gives a reason, what clients say around it doesn't count.
    """
    reading = reading or read_text(text)
    lines = [one for one in reading.answers if one] or reading.lines
    return topic_of(reading.api_code or "\n".join(lines)[:_MOST_OF_TOPIC])


# An unknown text's topic is looked for at its beginning: so many characters.
_MOST_OF_TOPIC = 20_000


def rank(refusal: Refusal, signs: frozenset[str] = frozenset()) -> list[RefusalCause]:
    """Return a row's causes, the likeliest first.

    Args:
        refusal: The row.
        signs: What is known about the credential: ids of checks that found something, and traits.
    """
    possible = [cause for cause in refusal.causes if not signs.intersection(cause.unless)]
    return sorted(possible or refusal.causes, key=lambda cause: not signs.intersection(cause.signs))


def ruled_out(refusal: Refusal, signs: frozenset[str]) -> list[tuple[RefusalCause, str]]:
    """Return the causes that the credential rules out, each with the reason.

    If it rules out all of them, the org differs from the spec, and they all stay.
    """
    out = [
        (cause, TRAITS[next(trait for trait in cause.unless if trait in signs)])
        for cause in refusal.causes
        if signs.intersection(cause.unless)
    ]
    return out if len(out) < len(refusal.causes) else []


def condition_of(row: Refusal, text: str, *, is_ours: bool = False) -> str:
    """Return when a row that matches a text holds, as a sentence; empty if the text shows it.

    Args:
        row: A row that diagnose_text returned.
        text: The text.
        is_ours: Whether sfcred's own words are beside it. sfcred connects to n8n as well, but gets
            refusals of logins only from Salesforce.
    """
    wording = row.wording
    service = other_service(text)
    if service and wording.step in ("network", "key"):
        return f"The text is about {service}. Ignore what follows about Salesforce."
    if names_salesforce(text) or not needs_condition(row, wording):
        return ""
    if wording.step == "network":
        return "The text doesn't say which connection failed. If it is one to Salesforce:"
    return "" if is_ours else "Other services give this answer, too. If it is about Salesforce:"


def signs_in(text: str) -> frozenset[str]:
    """Return the traits of the login that a text shows."""
    shown = frozenset(trait for trait, form in _SIGNS.items() if form.search(text))
    return shown | {"other_service"} if other_service(text) else shown


_SIGNS = {
    "generic_host": re.compile(r"https?(?:://|%3A%2F%2F)(?:login|test)\.salesforce\.com\b"),
    "plain_http": re.compile(
        r"\bhttp(?:://|%3A%2F%2F)(?:login|test|[\w.-]{1,200}\.my)\.salesforce\.com\b", re.IGNORECASE
    ),
    "consent": re.compile(r"grant_type=authorization_code|authenticating with auth code"),
    "password": re.compile(
        r"grant_type=password|loginByOAuth2|username-password flow", re.IGNORECASE
    ),
    "encrypted_file": re.compile(r"\bopenssl (?:enc|aes|des)|\.enc\b", re.IGNORECASE),
    "key_file": re.compile(r"pass ?phrase|PEM routines|PKCS12 routines", re.IGNORECASE),
    "of_a_node": re.compile(
        r"Node(?:Api|Operation)Error|nodes/(?:Postgres|MySql|Redis|Microsoft/Sql|CrateDb|TimescaleDb)"
        r"|(?:Postgres|MySQL|Redis)\w{0,20} (?:node|Trigger)\b"
    ),
    "database": re.compile(r"\b(?:postgres|mysql|mariadb|mongo|pg_|redis\b)", re.IGNORECASE),
    "n8n_host": re.compile(
        r"(?:ENOTFOUND|EAI_AGAIN|resolve host(?:name)?:?|lookup)[ '\"]+[\w.-]*\bn8n\b",
        re.IGNORECASE,
    ),
    # The host of the look-up that failed, which comes after it (Node, Go, Java, curl, .NET,
    # browsers) or before it (requests, Ruby, Chrome).
    "login_host": re.compile(
        r"(?:ENOTFOUND|EAI_AGAIN|resolve|resolve host(?:name| address)?:?|lookup|typo in"
        r"|UnknownHostException:|could not be resolved:)[ '\"(\u2018]{1,3}"
        r"(?:login|test)\.salesforce\.com\b"
        r"|\b(?:login|test)\.salesforce\.com(?::\d{1,5})?(?:['\u2019]s server IP address"
        r"| \(getaddrinfo|: (?:Name or service not known|Temporary failure in name))",
        re.IGNORECASE,
    ),
    "high_port": re.compile(
        r"listen (?:EACCES|tcp)[^\n]{0,60}?"
        r":(?:102[4-9]|10[3-9]\d|1[1-9]\d\d|[2-9]\d{3}|[1-6]\d{4})\b"
    ),
    # n8n only says this without any token to renew, which consents always come with.
    "client": re.compile(r"Failed to acquire OAuth2 access token", re.IGNORECASE),
}


def fix_of(cause: RefusalCause, app: AppType | None, signs: frozenset[str] = frozenset()) -> str:
    """Return what to do about a cause, with the path in Setup for one type of app or for both."""
    fix = (cause.fix_without_consent if signs & {"jwt", "client"} else "") or cause.fix
    return fix.replace("{where}", path(cause.where, app) if cause.where else "")


def path(where: Where, app: AppType | None) -> str:
    """Return the path to a place in Setup; with both paths if the type of app is unknown."""
    if app == "external_client_app":
        return where.external_client_app
    if app == "connected_app":
        return where.connected_app
    return f"{where.external_client_app} (Connected App: {where.connected_app})"


def read_error(text: str) -> ErrorText:
    """Return the first error and its description that a text labels as such."""
    return ErrorText(*pair(text))


def further_codes(text: str, rows: Iterable[Refusal]) -> list[str]:
    """Return the codes in a text that the table knows, apart from those of the rows."""
    explained = {answer.error for row in rows for answer in row.answers}
    known = {answer.error for answer in _wordings()}
    return [code for code in labelled_codes(text) if code in known - explained]


def without_names(refusal: Refusal) -> Refusal:
    """Return a row for a text that names no field and object."""
    return _with_names(refusal, {})


def nearest(text: str) -> list[str]:
    """Return up to three texts of the table that share most words with an unknown one."""
    words = set(_words(text[:2000]))
    shares = [
        (len(words.intersection(known)) / len(known), answer.description)
        for answer in _wordings()
        if answer.step != "sfcred" and len(known := set(_words(answer.description))) > 1
    ]
    near = sorted((-share, wording) for share, wording in shares if share >= _NEAR)
    return list(dict.fromkeys(open_wording(wording) for _, wording in near))[:3]


def open_wording(wording: str) -> str:
    """Return a wording with an ellipsis in place of each part that varies."""
    return re.sub(r"\{\w+\}", "…", wording)


_NEAR = 0.6


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9']{3,}", text.lower())


def _wordings() -> list[KnownWording]:
    return [answer for row in REFUSALS for answer in row.answers]


# -- matching

# A matching description counts more than a matching error, and a longer match more than a
# shorter one. Grant and step only decide between rows that otherwise match equally.
_DESCRIPTION, _ERROR, _GRANT, _STEP = 4.0, 2.0, 0.0005, 0.00025


class _Match(NamedTuple):
    """How well a row matches: what a row tells decides first, then how much of it matches."""

    tells: int = -1
    score: float = 0.0
    names: Mapping[str, str] = {}
    wording: KnownWording | None = None


def _best(
    reading: Reading, step: str, grants: frozenset[Grant], *, is_others: bool = False
) -> list[Refusal]:
    rows = _rows_for(reading)
    if is_others:
        rows = [row for row in map(_not_shared, rows) if row.answers]
    matches = [(_row_match(row, reading, step, grants), row) for row in rows]
    best = max(((match.tells, match.score) for match, _ in matches), default=(-1, 0.0))
    if not best[1]:
        return []
    return [
        _with_names(row, match.names)._replace(matched=match.wording)
        for match, row in matches
        if (match.tells, match.score) == best and not _hides_nothing(match, reading)
    ]


def _hides_nothing(match: _Match, reading: Reading) -> bool:
    """Return whether a text only stands around an answer, which isn't known.

    Its row says that the answer is hidden, or what it usually is.
    """
    wording = match.wording
    if match.tells == A_REASON or wording is None or not reading.answers:
        return False
    if wording.error:  # a page's own code, and another one in its address
        code = fold_code(pair(reading.plain)[0])
        return wording.step == "authorize" and "_" in code and code != fold_code(wording.error)
    return "{" not in wording.description and not is_in_answer(wording.description, reading)


def _rows_for(reading: Reading) -> list[Refusal]:
    """Return the rows that an error can be of: an API's code decides, whatever its text quotes."""
    coded = [row for row in REFUSALS if _answers_with(row, reading.api_code)]
    if any(row.is_in_own_words for row in coded):
        return coded
    if not coded:
        return list(REFUSALS)
    left = (_after_login(row, reading.api_code) for row in REFUSALS)
    return [row for row in left if row.answers]


def _answers_with(row: Refusal, code: str) -> bool:
    return any(answer.step == "node" and answer.error == code for answer in row.answers if code)


def _after_login(row: Refusal, code: str) -> Refusal:
    return row._replace(
        answers=tuple(
            answer
            for answer in row.answers
            if answer.step not in _BEFORE_API or answer.error == code
        )
    )


def _not_shared(row: Refusal) -> Refusal:
    """Return a row without the wordings that other services have, too."""
    return row._replace(answers=tuple(one for one in row.answers if not is_shared(row, one)))


def _row_match(row: Refusal, reading: Reading, step: str, grants: frozenset[Grant]) -> _Match:
    found = _Match()
    for answer in row.answers:
        names = _names(answer, reading, step, grants)
        if names is None:
            continue
        is_its_grant = answer.grant in grants if grants else not answer.grant
        score = _score(answer, reading) + _GRANT * is_its_grant
        score += _STEP * (answer.step == step)
        if score > found.score:
            found = _Match(row.tells, score, names, answer)
    return found


def _names(
    answer: KnownWording, reading: Reading, step: str, grants: frozenset[Grant]
) -> Mapping[str, str] | None:
    """Return the names in a text that matches a wording; None if it doesn't match."""
    if answer.grant and grants and answer.grant not in grants:
        return None
    if step and answer.step in _NOT_AN_ANSWER:
        return None
    if answer.description:
        return names_in(answer.description, reading)
    if not _is_coded(answer, reading) or (answer.error in VAGUE and not reading.is_bare):
        return None
    return {}


def _score(answer: KnownWording, reading: Reading) -> float:
    """Return how much a wording that matches tells."""
    literal = re.sub(r"\{\w+\}", "", answer.description)
    described = _DESCRIPTION + len(literal) / 1000 if literal else 0
    return described + _ERROR * _is_coded(answer, reading)


def _is_coded(answer: KnownWording, reading: Reading) -> bool:
    code = answer.error
    return bool(code) and (
        code in reading.codes or ("_" in code and fold_code(code) in reading.codes)
    )


def _with_names(row: Refusal, names: Mapping[str, str]) -> Refusal:
    """Return the row with a text's own names of object and field in its causes."""
    if not any(
        "{field}" in part or "{object}" in part for cause in row.causes for part in cause[:2]
    ):
        return row
    values = {
        f"{{{part}}}": _quoted(names[part]) if names.get(part) else f"the {part}"
        for part in ("field", "object")
    }
    return row._replace(
        causes=tuple(
            cause._replace(what=_filled(cause.what, values), fix=_filled(cause.fix, values))
            for cause in row.causes
        )
    )


def _quoted(names: str) -> str:
    """Return one name or several in backquotes: `LastName` and `Company`."""
    *others, last = [f"`{name.strip()}`" for name in names.split(",")]
    return f"{', '.join(others)} and {last}" if others else last


def _filled(text: str, values: Mapping[str, str]) -> str:
    for placeholder, value in values.items():
        text = text.replace(placeholder, value)
    return text
