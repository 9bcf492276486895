"""One line a finding, as compilers and editors' problem matchers have it."""

from sfcred.doctor import Report
from sfcred.report._api import Look


def report(report: Report, look: Look) -> str:
    """`FILE:LINE:COLUMN: SEVERITY ID message`, then what could not be checked, then nothing."""
    lines = [
        f"{look.style(f'{f.file}:{f.line}:{f.column}', 'bold')}: "
        f"{look.style(f.severity.value, f.severity.value)} {f.check} {_line(f.message)}"
        for f in report.findings
    ]
    lines += [
        f"{skipped.file}: not checked {check} {_line(skipped.reason)}"
        for skipped in report.not_run
        for check in skipped.checks
        if check.startswith("SFC9") or look.verbose
    ]
    lines += [
        f"{crash.file or '-'}: crashed {crash.check} {crash.what}" for crash in report.crashes
    ]
    return "".join(f"{line}\n" for line in lines)


def _line(text: str) -> str:
    return " ".join(text.split())
