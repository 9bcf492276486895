"""An ignore has no effect.

**Finds** an ignore without effect: in a spec (`doctor.ignore`), in the configuration
(`path_ignores`), or in the baseline. Either the check finds nothing there, or it can't be ignored,
or its id doesn't exist. Some ignores are never reported: those of checks that depend on the
machine, the day or the org (SFC005, SFC008, SFC009, SFC114, SFC409, SFC410, the live checks), and
with `--profile`, all of them. Those of checks over the whole project are reported only if you check
the whole project.

**Why it matters** An ignore that outlives its reason hides the next finding of the same kind, which
can have a different cause.

**How to fix it** Remove the line. For a baseline, run `sfcred doctor --write-baseline`, which keeps
only the findings that are left.

**Source** sfcred itself.
"""

from collections.abc import Iterator, Mapping

from sfcred.checks.api import Example, Problem, Severity, Trait, Unmatched, ignore_check
from sfcred.spec.source import Route

BAD = Example('doctor:\n  ignore: {SFC206: "the sync needs every object"}\n')
GOOD = Example(
    "app:\n  scopes: [full, refresh_token]\n"
    'doctor:\n  ignore: {SFC206: "the sync needs every object"}\n'
)

_PLACES: Mapping[str, Route] = {"spec": ("doctor", "ignore")}
_REWRITE = "Rewrite the baseline with `sfcred doctor --write-baseline`."


@ignore_check(
    "SFC012",
    Severity.WARNING,
    bad=BAD,
    good=GOOD,
    since="0.2.0",
    traits=(Trait.NEVER_BASELINED, Trait.TRANSIENT),
)
def check(unmatched: Unmatched) -> Iterator[Problem]:
    """Report each rule without effect."""
    rule = unmatched.rule
    where = f" for {rule.scope}" if rule.scope else ""
    if unmatched.ineffective:
        why = "the check doesn't exist, or it always runs"
        message = f"{rule.check}{where} is ignored, but can't be: {why}"
    else:
        message = f"{rule.check}{where} is ignored here, but the check finds nothing"
    hint = _REWRITE if rule.origin == "baseline" else f"Remove the entry for {rule.check}."
    at = (*_PLACES.get(rule.origin, (rule.origin, rule.scope)), rule.check)
    yield Problem(message, at, hint)
