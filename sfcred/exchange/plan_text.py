"""A push's plan and its outcome, for people."""

from collections.abc import Iterator

from sfcred.exchange.push import NOT_OURS, Done, Plan, Step
from sfcred.printable import one_line
from sfcred.redact import redact, show

_BLIND = (
    "this n8n can't list its credentials: only what was pushed from here is known, and what is "
    "there now can't be looked at"
)
_HOW_TO_ADOPT = (
    "hint: if a credential is yours to overwrite, pass --adopt with its id. If it was pushed from "
    "another machine, keep the state where both find it (--state FILE or SFCRED_STATE)."
)


def plan_text(plan: Plan) -> str:
    """All steps, each with what it would overwrite, and what to do about refusals."""
    lines = [line for step in plan.steps for line in _lines(step)]
    if plan.blind:
        lines.append(_BLIND)
    if any(step.reason == NOT_OURS for step in plan.steps):
        lines.append(_HOW_TO_ADOPT)
    return "".join(f"{one_line(redact(line))}\n" for line in lines)


def _lines(step: Step) -> Iterator[str]:
    reason = f": {step.reason}" if step.reason else ""
    tokens = " (with its consent)" if step.with_tokens and step.fingerprint.tokens else ""
    yield f"{step.action:<10} {step.credential}{tokens}{reason}"
    found = step.found
    if found is None or step.action in ("create", "unchanged"):
        return
    verb = "n8n has" if step.action == "refused" else "overwrites"
    changed = show(found.updated_at) if found.updated_at else "at an unknown time"
    yield (
        f"{'':<10} {verb} {show(found.name)}: type {show(found.type)}, id {show(found.id)}, last "
        f"changed {changed}"
    )


def done_text(done: Done) -> str:
    """What became of a step: one line, or two with what to do."""
    what = f"{done.step.action} {done.step.credential}"
    lines = [f"done: {what}"]
    if done.error is not None:
        lines = [f"failed: {what}: {done.error.message}", f"hint: {done.error.hint}"]
    return "".join(f"{one_line(redact(line))}\n" for line in lines)
