"""Show the plan of a push and its results, as text for a terminal."""

from collections.abc import Iterator

from sfcred.exchange.plan import NOT_OURS, Plan, PlannedChange
from sfcred.exchange.push import PushResult
from sfcred.printable import one_line
from sfcred.redact import redact, show

_BLIND = (
    "this n8n can't list its credentials: sfcred knows what was pushed from here, but can't see "
    "what n8n has now"
)
_HOW_TO_ADOPT = (
    "hint: to overwrite a credential, pass --adopt with its id. If it was pushed from another "
    "machine, keep the state where both machines can read it (--state FILE or SFCRED_STATE)."
)


def plan_text(plan: Plan) -> str:
    """Return one line per credential, with what it would overwrite, and hints about refusals.

    Text that looks secret is masked, and terminal control characters are escaped.
    """
    lines = [line for one in plan.planned for line in _lines(one)]
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
    if found is None or planned.action in ("create", "unchanged"):
        return
    verb = "n8n has" if planned.action == "refused" else "overwrites"
    changed = show(found.updated_at) if found.updated_at else "at an unknown time"
    yield (
        f"{'':<10} {verb} {show(found.name)}: type {show(found.type)}, id {show(found.id)}, last "
        f"changed {changed}"
    )


def result_text(result: PushResult) -> str:
    """Return the result of a planned change: one line, and after a failure a hint."""
    what = f"{result.change.action} {result.change.credential}"
    if result.error is None:
        return _text([f"done: {what}", *([f"note: {result.note}"] if result.note else [])])
    return _text([f"failed: {what}: {result.error.message}", f"hint: {result.error.hint}"])


def _text(lines: list[str]) -> str:
    return "".join(f"{one_line(redact(line))}\n" for line in lines)
