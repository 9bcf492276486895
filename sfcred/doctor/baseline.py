"""The baseline: what was found when an old project took doctor up, and is left out since."""

import json
from collections.abc import Callable, Iterator, Mapping

from sfcred.checks import find_check
from sfcred.checks.api import AnyCheck, Trait, Unmatched
from sfcred.doctor.baseline_file import Baseline
from sfcred.doctor.fingerprint import dotted, fingerprints
from sfcred.doctor.suppress import is_settled
from sfcred.findings import Finding, Report, Suppressed
from sfcred.spec.public import known_route

#: Reads a finding's line as it is in the file.
LineOf = Callable[[Finding], str]


def baseline_text(report: Report) -> str:
    """The baseline of a run: one line a finding, so that changes read well.

    It doesn't take what makes a spec unreadable (it would hide what isn't known yet), secrets that
    are in git (they are public until they are replaced), and ignores of no use.
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
    """Tell whether a baseline may hold what a check finds.

    Unreadable specs, secrets in git, hosts that no secret may go to and ignores without a use are
    nothing to get used to: such a check declares it.
    """
    check = find_check(check_id)
    return check is not None and not check.traits & {Trait.ALWAYS, Trait.NEVER_BASELINED}


def leave_out(report: Report, baseline: Baseline, line_of: LineOf) -> Report:
    """Move the baseline's findings among the suppressed.

    The file can be written by hand, so the finding's own check decides whether it can be left out.

    Args:
        report: What was found, in the order of a report.
        baseline: The baseline.
        line_of: Reads a finding's line; only a baseline of version 1 asks for it.
    """
    left: list[Finding] = []
    out: list[Suppressed] = []
    for finding, mark in _marked(report.findings, baseline.version, line_of):
        if mark in baseline.known and is_baselined(finding.check):
            out.append(Suppressed(finding, baseline.known[mark].rule))
        else:
            left.append(finding)
    return report._replace(findings=left, suppressed=[*report.suppressed, *out])


def _marked(
    findings: list[Finding], version: int, line_of: LineOf
) -> Iterator[tuple[Finding, str]]:
    if version == 1:
        from sfcred.doctor import baseline_v1

        return baseline_v1.fingerprints(findings, line_of)
    return fingerprints(findings)


def unmatched(
    report: Report, baseline: Baseline, ran: Mapping[str, AnyCheck], *, whole: bool
) -> Iterator[Unmatched]:
    """What is gone since the baseline was written, as far as this run can judge it.

    Args:
        report: With the baseline's findings left out.
        baseline: The baseline.
        ran: The checks that ran, by id.
        whole: All of the project's specs were looked at.
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
