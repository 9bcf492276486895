"""The baseline: findings that a project already had when it started to use doctor."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence

from sfcred.checks import find_check
from sfcred.checks.api import AnyCheck, Trait, Unmatched
from sfcred.doctor.baseline_file import Baseline
from sfcred.doctor.fingerprint import dotted, fingerprints
from sfcred.doctor.suppress import is_settled
from sfcred.findings import Finding, Report, Suppressed
from sfcred.spec.public import known_route

#: Returns a finding's line as it is in the file, unmasked.
LineOf = Callable[[Finding], str]


def baseline_text(report: Report) -> str:
    """Return the baseline of a run: one finding per line, so that diffs are easy to read.

    It never includes what makes a spec unreadable (that would hide whatever comes to light later),
    secrets in git (they are public until you replace them), or unused ignores.
    """
    entries = [
        (f.credential or "", f.profile or "", f.check, f.route, mark, json.dumps(_entry(f, mark)))
        for f, mark in fingerprints(report.findings)
        if is_baselined(f.check)
    ]
    entries.sort(key=lambda entry: (*entry[:3], *map(str, entry[3:])))
    lines = ",\n".join(f"  {line}" for *_order, line in entries)
    findings = f"[\n{lines}\n ]" if lines else "[]"
    return f'{{\n "baseline_version": 2,\n "findings": {findings}\n}}\n'


def _entry(finding: Finding, mark: str) -> dict[str, str | None]:
    return {
        "fingerprint": mark,
        "check": finding.check,
        "credential": finding.credential,
        "profile": finding.profile,
        "field": dotted(known_route(finding.route)),
    }


def is_baselined(check_id: str) -> bool:
    """Return whether a baseline can suppress a check's findings.

    Nobody should get used to unreadable specs, secrets in git, hosts that must not get secrets, or
    unused ignores. Checks for these declare a trait that keeps them out.
    """
    check = find_check(check_id)
    return check is not None and not check.traits & {Trait.ALWAYS, Trait.NEVER_BASELINED}


def leave_out(report: Report, baseline: Baseline, line_of: LineOf) -> Report:
    """Move the findings that the baseline lists to the suppressed ones.

    The file may have been edited by hand, so the check decides whether its finding can be
    suppressed.

    Args:
        report: The report, with its findings in order.
        baseline: The baseline.
        line_of: Returns a finding's line; only needed for a baseline of version 1.
    """
    left: list[Finding] = []
    out: list[Suppressed] = []
    for finding, mark in _marked(report.findings, baseline.version, line_of):
        if mark in baseline.known and is_baselined(finding.check):
            out.append(Suppressed(finding, baseline.known[mark].rule))
        else:
            left.append(finding)
    return report._replace(findings=tuple(left), suppressed=(*report.suppressed, *out))


def _marked(
    findings: Sequence[Finding], version: int, line_of: LineOf
) -> Iterator[tuple[Finding, str]]:
    if version == 1:
        from sfcred.doctor import baseline_v1

        return baseline_v1.fingerprints(findings, line_of)
    return fingerprints(findings)


def unmatched(
    report: Report, baseline: Baseline, ran: Mapping[str, AnyCheck], *, whole: bool
) -> Iterator[Unmatched]:
    """Yield the baseline's entries that no longer match, as far as this run can tell.

    Args:
        report: The report, with the baseline's findings suppressed.
        baseline: The baseline.
        ran: The checks that ran, by id.
        whole: Whether all of the project's specs were examined.
    """
    used = {one.rule for one in report.suppressed}
    seen = {(result.name, result.profile) for result in report.results}
    unknown = {(id_, n.credential, n.profile) for n in report.not_run for id_ in n.checks}
    for rule, credential, profile in baseline.known.values():
        if not is_baselined(rule.check):
            yield Unmatched(rule, ineffective=True)
            continue
        is_here = whole or (credential, profile) in seen
        is_known = (rule.check, credential, profile) not in unknown
        if rule not in used and is_here and is_known and is_settled(rule.check, ran, whole=whole):
            yield Unmatched(rule)
