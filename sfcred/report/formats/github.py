"""Workflow commands of GitHub Actions: annotations on the lines of a pull request.

What could not be read, reached or compared becomes a warning on its file.

Text is escaped as GitHub's runner expects (ActionCommand.cs): %, CR and LF in messages, and also
colon and comma in properties. So no text from a spec can become a command.
"""

import re
from collections.abc import Iterable

from sfcred.findings import Finding, NotRun, Report, Severity
from sfcred.report.absent import absence_line, without_absences
from sfcred.report.api import ReportStyle
from sfcred.report.formats.concise import line_of
from sfcred.report.not_run import explained, left_out
from sfcred.report.worst import counted_rest

# "Annotation limits": GitHub shows this many of each level per step, and silently drops the rest.
_SHOWN = 10
# How many more are printed as plain lines to the log.
_LOGGED = 500
_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
_OWN = re.compile(r"::(?:error|warning|notice) (?:\w+=[^:,]*,)*title=[^:,]*::")

#: For programs: always UTF-8.
UTF8 = True


def is_own(line: str) -> bool:
    """Return whether a line is a command that this format writes."""
    return _OWN.match(line) is not None


def report(report: Report, _look: ReportStyle) -> str:
    """Return the worst ten of each level as commands, more as plain lines, and count the rest.

    Secrets that aren't available here are one line of the log. What differs only in the profile is
    one annotation.
    """
    told = absence_line(report.findings)
    absent = [f"info: {told} (`sfcred doctor -v` lists them)"] if told else []
    report = without_absences(report)
    commands = [
        f"::error title={_property(f'{crash.check} crashed')}::{_message(crash.what)}"
        for crash in report.crashes[:_SHOWN]
    ]
    room = dict.fromkeys(_COMMANDS, _SHOWN)
    room[Severity.ERROR] -= len(commands)
    others = []
    for finding in _once(report.findings):
        if room[finding.severity] > 0:
            room[finding.severity] -= 1
            commands.append(_command(finding))
        else:
            others.append(finding)
    shown = report.unreadable[: room[Severity.WARNING]]
    commands += [_not_checked(entry) for entry in shown]
    more = _log_not_checked(report.unreadable[len(shown) :])
    log = [*_log(others), *more, *absent, *left_out(report)]
    return "".join(f"{line}\n" for line in [*commands, *log])


def _once(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings, worst first: of those that differ only in the profile, the first."""
    once: dict[tuple[object, ...], Finding] = {}
    for finding in findings:
        key = (finding.file, finding.line, finding.column, finding.check, finding.message)
        once.setdefault((*key, finding.severity), finding)
    return sorted(once.values(), key=lambda finding: -finding.severity.rank)


def _not_checked(entry: NotRun) -> str:
    title = _property(f"{', '.join(entry.checks)} could not be checked")
    place = f"file={_property(entry.file)},line=1,col=1"
    return f"::warning {place},title={title}::{_message(explained(entry))}"


def _log_not_checked(entries: list[NotRun]) -> list[str]:
    lines = [
        f"{entry.file}: not checked {', '.join(entry.checks)}: {' '.join(explained(entry).split())}"
        for entry in entries[:_LOGGED]
    ]
    if len(entries) > _LOGGED:
        lines.append(f"… and {len(entries) - _LOGGED:,} more not checked")
    return lines


def _log(others: list[Finding]) -> list[str]:
    """Return log lines for the findings that GitHub would not show as annotations."""
    if not others:
        return []
    lines = [f"{len(others):,} more are only in this log: GitHub shows {_SHOWN} per level"]
    lines += [line_of(finding, ReportStyle()) for finding in others[:_LOGGED]]
    if len(others) > _LOGGED:
        lines.append(f"… and {counted_rest(others[_LOGGED:])}")
    return lines


def _command(finding: Finding) -> str:
    fields = {
        "file": finding.file,
        "line": str(finding.line),
        "col": str(finding.column),
        "title": f"{finding.check} {finding.name}",
    }
    properties = ",".join(f"{name}={_property(value)}" for name, value in fields.items())
    text = f"{finding.message}\nhint: {finding.hint}"
    return f"::{_COMMANDS[finding.severity]} {properties}::{_message(text)}"


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
