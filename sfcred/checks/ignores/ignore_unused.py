"""Something is ignored that doesn't come up.

**Finds** an ignore without effect: in a spec (`doctor.ignore`), in the configuration
(`path_ignores`), or in the baseline. Either the check found nothing there, or it can't be left out,
or there is none with that id. What depends on the machine, the day or the org (SFC005, SFC008,
SFC009, SFC409, SFC410, the live checks) isn't judged, nor is anything with `--profile`; checks over
the whole project, only where the whole project is checked.

**Why it matters** An ignore that outlived its reason hides the next finding of the same kind,
which may have another cause.

**How to fix it** Remove the line. A baseline is written anew with `sfcred doctor --write-baseline`:
it then holds what is left.

**Source** sfcred itself.
"""

from collections.abc import Iterator, Mapping

from sfcred.checks.api import Example, Problem, Severity, Unmatched, ignore_check
from sfcred.spec.source import Route

BAD = Example('doctor:\n  ignore: {SFC206: "the sync needs every object"}\n')
GOOD = Example(
    "app:\n  scopes: [full, refresh_token]\n"
    'doctor:\n  ignore: {SFC206: "the sync needs every object"}\n'
)

_PLACES: Mapping[str, Route] = {"spec": ("doctor", "ignore")}
_ANEW = "Write it anew with `sfcred doctor --write-baseline`."


@ignore_check("SFC012", Severity.WARNING, bad=BAD, good=GOOD)
def check(unmatched: Unmatched) -> Iterator[Problem]:
    """One problem a rule: there is nothing right about it."""
    rule = unmatched.rule
    where = f" for {rule.scope}" if rule.scope else ""
    if unmatched.ineffective:
        message = f"{rule.check}{where} is ignored, but can't be: it is no check, or always runs"
    else:
        message = f"{rule.check}{where} is ignored, but doesn't come up"
    hint = _ANEW if rule.origin == "baseline" else f"Remove {rule.check} here."
    at = (*_PLACES.get(rule.origin, (rule.origin, rule.scope)), rule.check)
    yield Problem(message, at, hint)
