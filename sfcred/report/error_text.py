"""Explain an error text: the same diagnosis as doctor's, with or without a credential at hand."""

import re
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from sfcred.checks import find_check, is_live
from sfcred.checks.api import AnyCheck
from sfcred.checks.lib.traits import traits_of
from sfcred.report.own_messages import OwnText, own_texts_in
from sfcred.report.unknown_error import unknown_text
from sfcred.salesforce.app_type import AppType
from sfcred.salesforce.diagnosis import (
    condition_of,
    diagnose_text,
    fix_of,
    further_codes,
    open_wording,
    rank,
    read_text,
    ruled_out,
    signs_in,
)
from sfcred.salesforce.grants import grants_in
from sfcred.salesforce.misspelled import corrected
from sfcred.salesforce.other_services import other_service
from sfcred.salesforce.pasted import Reading
from sfcred.salesforce.refusals import Grant, KnownWording, Refusal
from sfcred.salesforce.refusals.model import A_REASON, A_STATUS
from sfcred.salesforce.refusals.n8n_shows import shown_in_n8n
from sfcred.salesforce.refusals.places import HISTORY_STATUS
from sfcred.text.printable import listed
from sfcred.text.redact import redact
from sfcred.text.wrapping import wrapped

if TYPE_CHECKING:
    from sfcred.resolve.credential import Credential


class PossibleCause(NamedTuple):
    """A possible cause of an error, and how to fix it."""

    what: str
    fix: str


class Diagnosis(NamedTuple):
    """The meaning of an error text.

    Attributes:
        name: The name of the refusal, such as `audience-invalid`.
        said: The wording of the table that the text has.
        causes: The possible causes, likeliest first.
        in_n8n: What n8n shows instead; can be empty.
        ruled_out: What the credential rules out, with the reasons.
        condition: When the diagnosis holds; empty if the text itself shows that it does.
    """

    name: str
    said: str
    causes: tuple[PossibleCause, ...]
    in_n8n: str
    ruled_out: tuple[str, ...] = ()
    condition: str = ""


class Known(NamedTuple):
    """A credential that an error belongs to, and the ids of the checks that found something."""

    credential: "Credential"
    found: frozenset[str] = frozenset()


def diagnose(text: str, known: Known | None = None) -> tuple[Diagnosis, ...]:
    """Return the diagnoses that fit an error text; empty if sfcred doesn't know the error.

    Args:
        text: An error from Salesforce, n8n, a deployment or a log: a line, JSON, an address, or a
            whole page. If it holds several errors, the most telling one counts.
        known: The credential that it belongs to. It orders the causes, and rules some out.
    """
    found = _Pasted(text, known).diagnoses()
    spelled = None if found else _as_spelled(text, known)
    return spelled.diagnoses() if spelled else found


class _Pasted:
    """A text that somebody pasted. It can be large, so it is read once.

    Attributes:
        is_ours: Whether sfcred's own words are beside the text: what sfcred tells of a login is
            Salesforce's answer.
    """

    def __init__(self, text: str, known: Known | None, note: str = "") -> None:
        self.text = text
        self.known = known
        self.is_ours = False
        self._note = note
        self.grants = _grants_of(known.credential) if known else frozenset[Grant]()

    @cached_property
    def reading(self) -> Reading:
        """What the text says."""
        return read_text(self.text)

    @cached_property
    def rows(self) -> list[Refusal]:
        """The rows that fit the text."""
        return diagnose_text(self.text, reading=self.reading)

    @cached_property
    def rows_of_flow(self) -> list[Refusal]:
        """The rows that fit the text, if only the credential's flow logs in.

        Of rows for several kinds of login, those of the kind that the text shows.
        """
        rows = self.rows
        if self.grants:
            rows = diagnose_text(self.text, self.grants, self.reading)
        shown = grants_in(self.text)
        return [row for row in rows if row.wording.grant in shown] or rows

    def diagnoses(self) -> tuple[Diagnosis, ...]:
        """Return what the rows mean for the credential."""
        signs, app_type = signs_in(self.text), None
        if self.known is not None:
            signs |= self.known.found | traits_of(self.known.credential)
            app_type = self.known.credential.app.type
        found = [
            _diagnosis(row, signs, self.grants, app_type)._replace(condition=self._condition(row))
            for row in self.rows_of_flow or self.rows
        ]
        return tuple(map(self._as_answered, found))

    def _as_answered(self, diagnosis: Diagnosis) -> Diagnosis:
        """Return a diagnosis without what isn't so here: that only Login History has the text."""
        if diagnosis.in_n8n == HISTORY_STATUS and _ANSWER.search(self.text):
            return diagnosis._replace(in_n8n="")
        return diagnosis

    def _condition(self, row: Refusal) -> str:
        """Return when a row holds. With a credential, somebody said that it is Salesforce's."""
        condition = "" if self.known else condition_of(row, self.text, is_ours=self.is_ours)
        return " ".join(one for one in (self._note, condition) if one)

    def tells(self, *, own_too: bool = False) -> bool:
        """Return whether the table knows the reason, and not only that something failed.

        Args:
            own_too: Whether reasons of sfcred's own count.
        """
        return any(row.tells == A_REASON and (own_too or not _is_own(row)) for row in self.rows)

    @property
    def is_of_several_flows(self) -> bool:
        """Whether the rows are for different kinds of login, and none of them was chosen."""
        return self.known is None and len({row.wording.grant for row in self.rows_of_flow}) > 1

    @property
    def has_error(self) -> bool:
        """Whether an error of others is in the text, whatever it tells."""
        return any(row.tells > A_STATUS and not _is_own(row) for row in self.rows)


# What an answer to a client has, and a row of Login History hasn't.
_ANSWER = re.compile(
    r"error_?description|exception(?:code|message)|faultstring|invalid_grant", re.IGNORECASE
)


def _as_spelled(text: str, known: Known | None) -> _Pasted | None:
    """Return a text that isn't known as it was probably meant; None if no word is misspelled."""
    meant, words = corrected(text)
    if not words or other_service(text):
        return None
    read_as = listed([f"`{wrong}` stands for `{right}`" for wrong, right in words.items()])
    return _Pasted(meant, known, f"If {read_as}:")


def _is_own(row: Refusal) -> bool:
    return row.answers[0].step == "sfcred"


# The grants that a flow's logins use.
_GRANTS_OF: dict[str, frozenset[Grant]] = {
    "jwt": frozenset({"jwt"}),
    "oauth2": frozenset({"code", "refresh"}),
    "client_credentials": frozenset({"client"}),
}


def _grants_of(credential: "Credential") -> frozenset[Grant]:
    return _GRANTS_OF.get(credential.decision.flow or "", frozenset())


_GRANTS = {
    "": "",
    "jwt": " in the JWT flow",
    "client": " with client credentials",
    "refresh": " when a token is renewed",
    "code": " when a code is exchanged",
}


def _diagnosis(
    row: Refusal,
    signs: frozenset[str],
    grants: frozenset[Grant] = frozenset(),
    app_type: AppType | None = None,
) -> Diagnosis:
    wording = row.wording
    own: frozenset[Grant] = frozenset({wording.grant} - {""})
    shown = shown_in_n8n(row, wording, own or grants)
    said = open_wording(": ".join(part for part in (wording.error, wording.description) if part))
    causes = tuple(
        PossibleCause(redact(cause.what), redact(fix_of(cause, app_type, signs)))
        for cause in rank(row, signs)
    )
    out = tuple(f"{redact(cause.what)} ({why})" for cause, why in ruled_out(row, signs))
    return Diagnosis(row.name, f"{said}{_GRANTS[wording.grant]}", causes, shown, out)


def as_text(text: str, known: Known | None = None, width: int | None = None) -> tuple[str, bool]:
    """Explain an error text to people.

    Args:
        text: As for diagnose.
        known: As for diagnose.
        width: The width to wrap at; None for no line breaks.

    Returns:
        The explanation, and whether the error is known.
    """
    rest = _NEXT_STEP.sub("", text)
    whole = _Pasted(rest if rest.strip() else text, known)
    whole.is_ours = rest != text
    blocks = _explained(whole, width)
    if not blocks and whole.text != text:
        whole = _Pasted(text, known)
        blocks = _row_blocks(whole, width)
    if not blocks and (spelled := _as_spelled(text, known)):
        blocks = _row_blocks(spelled, width)
    if not blocks:
        return unknown_text(text, whole.reading, width), False
    return "\n".join(blocks), True


def _explained(whole: _Pasted, width: int | None) -> list[str]:
    text = whole.text
    own, left = own_texts_in(text)
    others = _Pasted(left, whole.known)
    checks = _checks_in(text, own, left)
    whole.is_ours = others.is_ours = bool(whole.is_ours or own or checks)
    if checks and not (all(is_live(check.id) for check in checks) and whole.tells()):
        told = [_check_block(check, width) for check in checks]
    elif whole.tells(own_too=True):
        told = []
    elif _NOT_RUN.search(text):
        told = [f"{wrapped(_WHY_NOT_RUN, width)}\n"]
    else:
        told = [_own_block(own, width)] if own else []
    if not told:
        return _row_blocks(whole, width)
    if any(f"{check.id} {check.name}" in text for check in checks):
        # A finding. Its words can quote an error, so only one that tells more stands beside it.
        return [*told, *(_row_blocks(others, width) if others.tells() else [])]
    return [*(_row_blocks(others, width) if others.has_error else []), *told]


def _row_blocks(pasted: _Pasted, width: int | None) -> list[str]:
    found = pasted.diagnoses()
    if not found:
        return []
    further = further_codes(pasted.text, pasted.rows)[:_MOST_CODES]
    also = f"The text also has {listed(further)}. To explain one, pass it alone."
    conditions = dict.fromkeys(one.condition for one in found if one.condition)
    when = [f"{wrapped(one, width)}\n" for one in conditions]
    which = [f"{wrapped(_WHICH, width)}\n"] if pasted.is_of_several_flows else []
    blocks = [*_about(pasted, width), *which, *when, *(_block(one, width) for one in found)]
    return [*blocks, f"{wrapped(also, width)}\n"] if further else blocks


def _about(pasted: _Pasted, width: int | None) -> list[str]:
    """Tell which credential the explanation is for."""
    if pasted.known is None:
        return []
    credential = pasted.known.credential
    label, flow = credential.label, credential.decision.flow
    if any(_can_happen(row, pasted.grants) for row in pasted.rows_of_flow):
        return [f"for {label}:\n"]
    rare = "which doesn't usually get this error. In other flows it means:"
    other = f"{label} uses the flow {flow}, {rare}"
    return [f"{wrapped(other, width)}\n"]


def _can_happen(row: Refusal, grants: frozenset[Grant]) -> bool:
    """Return whether a login with these grants can get an error; without grants, any can."""
    if not grants:
        return True
    if grants <= set(row.never_in):
        return False
    if "code" not in grants and all(map(_is_of_a_browser, row.answers)):
        return False
    return row.answers[0].grant in ("", *grants)


def _is_of_a_browser(answer: KnownWording) -> bool:
    return answer.step in ("authorize", "page") or answer.grant == "code"


def _checks_in(text: str, own: Sequence[OwnText], left: str) -> list[AnyCheck]:
    """Return the checks of findings that were pasted, by their ids, otherwise by their words.

    Args:
        text: The text.
        own: The texts of sfcred's own in it. They can name another check than their own.
        left: The text without their words.
    """
    named = dict.fromkeys(_ID.findall(_NOT_RUN.sub("", text)))
    headed = [check for check in named if check in left]
    worded = dict.fromkeys(check for one in own for check in one.checks)
    found = [check for check in map(find_check, headed or worded or named) if check]
    return found[:_MOST_CHECKS]


def _check_block(check: AnyCheck, width: int | None) -> str:
    title = f"{check.id} ({check.name}) is a finding of sfcred's own: {check.title}."
    page = f"Follow its hint. `sfcred explain {check.id}` shows the whole page."
    return f"{wrapped(title, width)}\n{wrapped(page, width, '  ')}\n"


def _own_block(own: Sequence[OwnText], width: int | None) -> str:
    """Explain a message that is sfcred's own, with the hint that the code gives it.

    The hint in the text isn't repeated: anybody can have written it.
    """
    longest = max(own, key=lambda one: len(one.text))
    said = longest.text.replace("{}", "…")
    do = next((one.hint.replace("{}", "…") for one in own if one.hint), _OWN_NEXT)
    title = wrapped(f"sfcred-message ({said})", width, indent=2)
    what = wrapped("sfcred printed this text", width, "  1. ", 5)
    return f"{title}\n{what}\n{wrapped(do, width, '     ')}\n"


def _block(diagnosis: Diagnosis, width: int | None) -> str:
    lines = [wrapped(f"{diagnosis.name} ({diagnosis.said})", width, indent=2)]
    for number, cause in enumerate(diagnosis.causes, 1):
        lines.append(wrapped(cause.what, width, f"  {number}. ", 5))
        lines.append(wrapped(cause.fix, width, "     "))
    lines += [wrapped(f"Ruled out: {one}.", width, "  ") for one in diagnosis.ruled_out]
    if diagnosis.in_n8n:
        lines.append(wrapped(diagnosis.in_n8n, width, "  "))
    return "\n".join(lines) + "\n"


_ID = re.compile(r"\bSFC[0-9]{3}\b")
# A line of doctor's about checks that it didn't run: their ids, then "for", names and the reason.
_NOT_RUN = re.compile(
    r"(?m)^[ \t]{0,20}(?:\d{1,4} checks \()?SFC\d{3}(?:(?:, | to )SFC\d{3}){0,9}\)? for \S.*"
)
# The last line of much that sfcred prints. Beside an error, it tells nothing about it.
_NEXT_STEP = re.compile(r"(?m)^[ \t]{0,20}next: .*$")
_WHY_NOT_RUN = (
    "sfcred did not run these checks, so this is not a finding. The reason follows the colon, and "
    "`sfcred doctor -v` shows what to do about it."
)
# What to do about an error that several kinds of login get.
_WHICH = (
    "Logins of several kinds get this error, each for its own reasons. To see only yours, add "
    "--spec with the credential's name, or pass the lines around the error, too."
)
# The number of findings to explain in one text, and of further codes to name.
_MOST_CHECKS, _MOST_CODES = 5, 5
# What to do about a message that has no hint.
_OWN_NEXT = (
    "Pass all that sfcred printed: the line that begins with hint says what to do. `sfcred help` "
    "lists the commands, and `sfcred COMMAND --help` explains their options."
)
