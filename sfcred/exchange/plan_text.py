"""Show the plan of a push and its results, as text for a terminal."""

from collections.abc import Iterator

from sfcred.exchange.fields import FieldChange, FieldMarks
from sfcred.exchange.n8n_api import CredentialSummary
from sfcred.exchange.n8n_test import CredentialTest
from sfcred.exchange.plan import NOT_OURS, Plan, PlannedChange
from sfcred.exchange.push import PushResult
from sfcred.n8n.credential_types import JWT
from sfcred.text.printable import one_line
from sfcred.text.redact import redact, show

_BLIND = (
    "this n8n can't list its credentials: sfcred knows what was pushed from here, but can't see "
    "what n8n has now"
)
_HOW_TO_ADOPT = (
    "hint: to overwrite a credential, pass --adopt with its id. If it was pushed from another "
    "machine, keep the state where both machines can read it (--state FILE or SFCRED_STATE)."
)
#: Of a JWT credential (see push).
_ENDS_SESSION = "ends n8n's session, so n8n logs in again"
_INDENT = " " * 11
#: Values can be longer than others in a message: the end of an address matters.
_LONGEST = 200


def plan_text(plan: Plan) -> str:
    """Return the target, then each credential with what changes, and hints about refusals.

    Text that looks secret is masked, and terminal control characters are escaped.
    """
    lines = [f"n8n: {plan.url}", *(line for one in plan.planned for line in _lines(one))]
    lines += [_undeclared(one) for one in plan.undeclared]
    lines += [f"warning: {text}" for text in plan.other_n8n]
    if plan.blind:
        lines.append(_BLIND)
    if any(one.reason == NOT_OURS for one in plan.planned):
        lines.append(_HOW_TO_ADOPT)
    return _text(lines)


def _lines(planned: PlannedChange) -> Iterator[str]:
    reason = f": {planned.reason}" if planned.reason else ""
    tokens = " (with its consent)" if planned.with_tokens and planned.fingerprint.tokens else ""
    yield f"{planned.action:<10} {planned.credential}{tokens}{reason}"
    found = planned.found
    if found is not None and planned.action not in ("create", "unchanged"):
        verb = "n8n has" if planned.action == "refused" else "overwrites"
        changed = show(found.updated_at) if found.updated_at else "at an unknown time"
        yield (
            f"{_INDENT}{verb} {show(found.name)}: type {show(found.type)}, id {show(found.id)}, "
            f"last changed {changed}"
        )
    if planned.action in ("create", "adopt"):
        yield f"{_INDENT}sets {_all_fields(planned.fingerprint.marks)}"
    yield from (f"{_INDENT}{_change(change)}" for change in planned.changes)
    if planned.action in ("update", "adopt") and planned.entry and planned.entry.type == JWT:
        yield f"{_INDENT}{_ENDS_SESSION}"


def _undeclared(found: CredentialSummary) -> str:
    return (
        f"{'left':<10} {show(found.name)} (id {show(found.id)}): pushed from here, still in n8n, "
        "and no spec declares it; to remove it, delete it in n8n's list of credentials"
    )


def _all_fields(marks: FieldMarks) -> str:
    """Return the fields of a credential that is written as a whole, with their public values."""
    public = [
        f"{field} {show(marks.values[field], _LONGEST)}"
        for field in marks.digests
        if field in marks.values
    ]
    hidden = [field for field in marks.digests if field not in marks.values]
    return ", ".join([*public, *hidden]) + (" (not shown)" if hidden else "")


def _change(change: FieldChange) -> str:
    if change.n8n is None or change.spec is None:
        return f"{change.field}: differs"
    values = (show(text, _LONGEST) if text else "none" for text in (change.n8n, change.spec))
    return f"{change.field}: {' -> '.join(values)}"


def result_text(result: PushResult) -> str:
    """Return the result of a planned change: one line, and after a failure a hint."""
    what, error = f"{result.change.action} {result.change.credential}", result.error
    note = [f"note: {result.note}"] if result.note else []
    if error is None:
        return _text([f"done: {what}", *note])
    return _text([f"failed: {what}: {error.message}", f"hint: {error.hint}", *note])


_TEST_WORDS = {
    "passed": "tested",
    "stored": "not tested",
    "not_connected": "not connected",
    "not_tested": "not tested",
    "unreached": "failed: test of",
    "disconnected": "failed: test of",
    "failed": "failed: test of",
}


def test_text(credential: str, result: CredentialTest) -> str:
    """Return the result of n8n's test of a credential: one line, and a hint if there is one."""
    lines = [f"{_TEST_WORDS[result.state]} {credential}: {result.text}"]
    return _text([*lines, *([f"hint: {result.hint}"] if result.hint else [])])


def _text(lines: list[str]) -> str:
    return "".join(f"{one_line(redact(line))}\n" for line in lines)
