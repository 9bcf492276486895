"""Explain an error text: the same diagnosis as doctor's, with or without a credential at hand."""

import re
from typing import TYPE_CHECKING, NamedTuple

from sfcred.checks import find_check
from sfcred.checks.lib.traits import traits_of
from sfcred.printable import one_line
from sfcred.redact import redact
from sfcred.salesforce.app_type import AppType
from sfcred.salesforce.diagnosis import (
    diagnose_text,
    fix_of,
    nearest,
    rank,
    read_error,
    ruled_out,
    signs_in,
)
from sfcred.salesforce.refusals import Grant, KnownWording, Refusal
from sfcred.salesforce.refusals.n8n_shows import shown_in_n8n
from sfcred.wrapping import wrapped

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
        said: The usual wording.
        causes: The possible causes, likeliest first.
        in_n8n: What n8n shows instead; can be empty.
        ruled_out: What the credential rules out, with the reasons.
    """

    name: str
    said: str
    causes: tuple[PossibleCause, ...]
    in_n8n: str
    ruled_out: tuple[str, ...] = ()


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
    signs = signs_in(text)
    if known is None:
        return tuple(_diagnosis(row, signs) for row in diagnose_text(text))
    signs |= known.found | traits_of(known.credential)
    grants = _grants_of(known.credential)
    rows = diagnose_text(text, grants) or diagnose_text(text)
    app_type = known.credential.app.type
    return tuple(_diagnosis(row, signs, grants, app_type) for row in rows)


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
    usual = row.answers[0]
    own: frozenset[Grant] = frozenset({usual.grant} - {""})
    shown = shown_in_n8n(row, usual.error, own or grants)
    said = _open(": ".join(part for part in (usual.error, usual.description) if part))
    causes = tuple(
        PossibleCause(redact(cause.what), redact(fix_of(cause, app_type)))
        for cause in rank(row, signs)
    )
    out = tuple(f"{redact(cause.what)} ({why})" for cause, why in ruled_out(row, signs))
    return Diagnosis(row.name, f"{said}{_GRANTS[usual.grant]}", causes, shown, out)


def _open(wording: str) -> str:
    """Return a wording with an ellipsis in place of each part that varies."""
    return re.sub(r"\{\w+\}", "…", wording)


def as_text(text: str, known: Known | None = None, width: int | None = None) -> tuple[str, bool]:
    """Explain an error text to people.

    Args:
        text: As for diagnose.
        known: As for diagnose.
        width: The width to wrap at; None for no line breaks.

    Returns:
        The explanation, and whether the error is known.
    """
    found = diagnose(text, known)
    if found:
        blocks = [_block(one, width) for one in found]
        return "\n".join([*_about(text, known, width), *blocks]), True
    checks = _checks_named_in(text)
    return ("\n".join(checks) + "\n", True) if checks else (_unknown(text, width), False)


def _about(text: str, known: Known | None, width: int | None) -> list[str]:
    """Tell which credential the explanation is for."""
    if known is None:
        return []
    label = known.credential.label
    grants = _grants_of(known.credential)
    rows = diagnose_text(text, grants)
    if any(_can_happen(row, grants) for row in rows):
        return [f"for {label}:\n"]
    flow = known.credential.decision.flow
    rare = "which doesn't usually get this error. In other flows it means:"
    other = f"{label} uses the flow {flow}, {rare}"
    return [f"{wrapped(other, width)}\n"]


def _can_happen(row: Refusal, grants: frozenset[Grant]) -> bool:
    """Return whether a login with these grants can get an error; without grants, any can."""
    if not grants:
        return True
    if "code" not in grants and all(map(_is_of_a_browser, row.answers)):
        return False
    return row.answers[0].grant in ("", *grants)


def _is_of_a_browser(answer: KnownWording) -> bool:
    return answer.step in ("authorize", "page") or answer.grant == "code"


def _checks_named_in(text: str) -> list[str]:
    """Explain findings of sfcred's own that were pasted, by their ids."""
    ids = dict.fromkeys(re.findall(r"\bSFC[0-9]{3}\b", text))
    checks = [check for check in map(find_check, list(ids)[:_MOST_CHECKS]) if check]
    return [
        f"{check.id} ({check.name}) is a finding of sfcred's own: {check.title}.\n"
        f"  Follow its hint. `sfcred explain {check.id}` shows the whole page."
        for check in checks
    ]


def _block(diagnosis: Diagnosis, width: int | None) -> str:
    lines = [wrapped(f"{diagnosis.name} ({diagnosis.said})", width, indent=2)]
    for number, cause in enumerate(diagnosis.causes, 1):
        lines.append(wrapped(cause.what, width, f"  {number}. ", 5))
        lines.append(wrapped(cause.fix, width, "     "))
    lines += [wrapped(f"Ruled out: {one}.", width, "  ") for one in diagnosis.ruled_out]
    if diagnosis.in_n8n:
        lines.append(wrapped(diagnosis.in_n8n, width, "  "))
    return "\n".join(lines) + "\n"


# The number of findings to explain in one text.
_MOST_CHECKS = 5
# What to do about an unknown error.
_NEXT = (
    "For a login that fails, run sfcred doctor --live, which logs in and shows the full answer.",
    "For a key, a certificate or a spec, sfcred doctor needs no connection.",
    "In Salesforce, look at the user's rows in Setup, Login History: Status often has the reason.",
)


def _unknown(text: str, width: int | None) -> str:
    error = read_error(text).error
    what = f" ({one_line(redact(error[:60]))})" if error else ""
    lines = [f"sfcred doesn't know this error{what}."]
    if near := nearest(text):
        lines.append(f"The nearest texts that it knows: {'; '.join(map(_open, near))}.")
    return "".join(f"{wrapped(line, width)}\n" for line in [*lines, *_NEXT])
