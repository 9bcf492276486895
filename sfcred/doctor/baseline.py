"""The baseline: what was found when an old project took doctor up, and is left out since."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sfcred.checks.api import Rule, Unmatched
from sfcred.doctor.fingerprint import dotted, fingerprints
from sfcred.doctor.model import ALWAYS, Finding, Report, Suppressed
from sfcred.doctor.suppress import is_settled
from sfcred.errors import SettingsError
from sfcred.spec.public import known_route
from sfcred.spec.source import Place

# Unreadable specs, secrets in git, hosts that secrets must not go to, ignores of no use: nothing to
# get used to.
_NEVER = frozenset({*ALWAYS, "SFC004", "SFC009", "SFC012", "SFC105"})
_REASON = "known since the baseline was written"


class Known(NamedTuple):
    """A finding of the baseline: as a rule that leaves it out, and whose it is."""

    rule: Rule
    credential: str | None
    profile: str | None


class Baseline(NamedTuple):
    """A baseline's findings, by fingerprint; `version` says what those are of."""

    version: Literal[1, 2]
    known: Mapping[str, Known]


#: Reads a finding's line as it is in the file.
LineOf = Callable[[Finding], str]


class _Entry(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", hide_input_in_errors=True)

    fingerprint: str = Field(pattern="^[0-9a-f]{32}$")
    check: str = Field(pattern="^SFC[0-9]{3}$")
    credential: str | None
    profile: str | None
    field: str = ""  # for people who read the file; absent in version 1


class _File(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", hide_input_in_errors=True)

    baseline_version: Literal[1, 2]
    findings: list[_Entry]


def read_baseline(content: bytes, shown: str) -> Baseline:
    """Takes a baseline's text.

    Args:
        content: The file's bytes.
        shown: The file's path, as messages show it.

    Raises:
        SettingsError: It is none.
    """
    try:
        text = content.decode("utf-8")
        file = _File.model_validate_json(text)
    except (UnicodeDecodeError, ValidationError):
        raise SettingsError(
            f"{shown}: is no baseline that sfcred wrote",
            hint="Write it anew with `sfcred doctor --write-baseline`.",
        ) from None
    lines = {
        mark: number for number, line in enumerate(text.split("\n"), 1) for mark in _marks(line)
    }
    known = {e.fingerprint: _known(e, lines.get(e.fingerprint, 1), shown) for e in file.findings}
    return Baseline(file.baseline_version, known)


def _marks(line: str) -> list[str]:
    return re.findall(r"\b[0-9a-f]{32}\b", line)


def _known(entry: _Entry, line: int, shown: str) -> Known:
    rule = Rule(
        entry.check,
        _REASON,
        "baseline",
        shown,
        Place(line, 1),
        scope=entry.credential or "a file without a name",
    )
    return Known(rule, entry.credential, entry.profile)


def baseline_text(report: Report) -> str:
    """The baseline of a run: one line a finding, so that changes read well.

    It doesn't take what makes a spec unreadable (it would hide what isn't known yet), secrets that
    are in git (they are public until they are replaced), and ignores of no use.
    """
    entries = [
        (f.credential or "", f.profile or "", f.check, f.route, mark, json.dumps(_entry(f, mark)))
        for f, mark in fingerprints(report.findings)
        if f.check not in _NEVER
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


def leave_out(report: Report, baseline: Baseline, line_of: LineOf) -> Report:
    """Move the baseline's findings among the suppressed.

    Args:
        report: What was found, in the order of a report.
        baseline: The baseline.
        line_of: Reads a finding's line; only a baseline of version 1 asks for it.
    """
    left: list[Finding] = []
    out: list[Suppressed] = []
    for finding, mark in _marked(report.findings, baseline.version, line_of):
        if mark in baseline.known:
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
    report: Report, baseline: Baseline, ran: Mapping[str, str], *, whole: bool
) -> Iterator[Unmatched]:
    """What is gone since the baseline was written, as far as this run can judge it.

    Args:
        report: With the baseline's findings left out.
        baseline: The baseline.
        ran: The checks that ran, by id, with their groups.
        whole: All of the project's specs were looked at.
    """
    used = {one.rule for one in report.suppressed}
    seen = {(result.name, result.profile) for result in report.results}
    unknown = {(id_, n.credential, n.profile) for n in report.not_run for id_ in n.checks}
    for rule, credential, profile in baseline.known.values():
        is_here = whole or (credential, profile) in seen
        is_known = (rule.check, credential, profile) not in unknown
        if rule not in used and is_here and is_known and is_settled(rule.check, ran, whole=whole):
            yield Unmatched(rule)
