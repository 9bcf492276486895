"""Plain text for people: what is wrong, where, and what to do."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby

from sfcred.checks import has_trait, is_live
from sfcred.checks.api import Trait
from sfcred.errors import Cause
from sfcred.findings import Crash, Finding, LiveCount, NotRun, Report, Result, Severity
from sfcred.report.absent import absence_line, is_absence
from sfcred.report.api import ReportStyle
from sfcred.report.login_words import login_words
from sfcred.report.worst import counted_rest, rest, worst
from sfcred.text.printable import counted, labelled, listed, one_line
from sfcred.text.shell import for_shell, with_profile
from sfcred.text.wrapping import wrapped, wrapped_lines

# Healthy credentials are listed if there are at most this many credentials.
_FEW = 10
# The most ids, names and reasons that are listed; if there are more, they are counted.
_LISTED_IDS, _LISTED_NAMES, _LISTED_REASONS, _LISTED_UNREADABLE = 4, 3, 5, 20
# The most findings shown without -v and, if there are more, the most of one check.
_SHOWN, _SHOWN_OF_CHECK = 100, 10
_TO_SEE_ALL = "  to see all: sfcred doctor -v, or --format json for programs"
# The most characters of a line that an excerpt shows, and what is to the left of them.
_EXCERPT, _MARGIN = 100, 8
# The most consequences and profiles shown with one finding, and the most crashes.
_FOLDED, _CRASHES = 10, 10

_NORMAL = (
    "This is normal in a pull request, or wherever secrets aren't kept. To list them: "
    "`sfcred doctor -v`"
)
# As many secrets that aren't read here become one reason.
_FEW_SECRETS = 2

_UNREADABLE = Cause.UNREADABLE

# The width of a credential's status.
_STATUS = 7

# The most files to name in a command.
_NAMED = 3

# What a hint says to run, or a command that goes on with the setup. Others are alternatives, or
# need a value to fill in.
_NAME = "[a-z0-9][a-z0-9-]*"
_COMMAND = re.compile(
    rf"(?:^Run `|`(?=sfcred (?:keygen|guide|login) {_NAME}))(?P<whole>sfcred (?P<verb>[a-z-]+)"
    rf"(?: (?P<chosen>{_NAME}(?: --profile {_NAME})?))?"
    "(?: --repair| --rotate| --target n8n-overwrite)?)`"
)
# The setup's commands, in the order of init's steps.
_SETUP_ORDER = ("keygen", "guide", "login")

_Owner = tuple[str, str | None, str | None]
_Cause = tuple[_Owner, str]


def report(report: Report, look: ReportStyle) -> str:
    """Return the findings, healthy credentials, what could not be checked, and a summary.

    If there are more than a hundred findings, it shows the worst and counts the rest, unless the
    look is verbose.
    """
    blocks = [*_findings(report, look), *_crashes(report.crashes, look)]
    if not look.quiet:
        blocks += _healthy(report, look)
    # With -q, too: without this, nothing would explain an exit status of 4.
    blocks += _unreadable(report, look)
    if not look.quiet:
        blocks += _not_run([one for one in report.not_run if one.cause is not _UNREADABLE], look)
        blocks.append(_summary(report, look))
    return "\n".join(blocks) + "\n" if blocks else ""


def _findings(report: Report, look: ReportStyle) -> Iterator[str]:
    folded = _Consequences(report.findings)
    causes = folded.roots(report.findings)
    groups = [list(group) for _, group in groupby(causes, key=_sameness)]
    absent = [] if look.verbose else [group for group in groups if is_absence(group[0])]
    if len(absent) > 1:
        groups = [group for group in groups if not is_absence(group[0])]
    limit = len(groups) if look.verbose else _SHOWN
    shown = worst([group[0] for group in groups], limit, _SHOWN_OF_CHECK)
    for place in shown:
        yield _finding(groups[place], folded.of(groups[place]), look)
    if len(shown) < len(groups):
        more = counted_rest(finding for group in rest(groups, shown) for finding in group)
        yield f"{wrapped(more, look.width, '… and ', 2)}\n{_TO_SEE_ALL}\n"
    if len(absent) > 1:
        yield _absent([finding for group in absent for finding in group], look)


def _absent(findings: list[Finding], look: ReportStyle) -> str:
    """Return one finding about all credentials of which no secret is here."""
    info = look.style(Severity.INFO.value, Severity.INFO.value)
    about = f"{info} {findings[0].check} {findings[0].name}: {absence_line(findings)}"
    return "\n".join([wrapped(about, look.width, indent=2), _hint(_NORMAL, look, "  ")]) + "\n"


def _sameness(finding: Finding) -> tuple[object, ...]:
    """Return a key that is equal for findings that differ only in their profile."""
    return finding.file, finding.line, finding.column, finding.check, finding.message


class _Consequences:
    """The findings that follow from others, by their cause."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self._known = {(_owner(finding), finding.check) for finding in findings}
        self._by_cause: dict[_Cause, list[Finding]] = defaultdict(list)
        for finding in findings:
            if finding.because_of:
                self._by_cause[_owner(finding), finding.because_of].append(finding)

    def roots(self, findings: Sequence[Finding]) -> list[Finding]:
        """Return the findings that are shown by themselves: none is lost with its cause."""
        roots = [f for f in findings if (_owner(f), f.because_of) not in self._known]
        reached = {id(finding) for finding in self._below(roots)}
        return [finding for finding in findings if id(finding) not in reached]

    def of(self, causes: Sequence[Finding]) -> list[Finding]:
        """Return what follows from any of these, without what would be told in the same words."""
        told: dict[tuple[object, ...], Finding] = {}
        for finding in self._below(causes):
            words = finding.message if is_live(finding.check) else ""
            told.setdefault((finding.check, finding.line, words), finding)
        return list(told.values())

    def _below(self, causes: Sequence[Finding]) -> Iterator[Finding]:
        """Yield what follows from findings, and what follows from that, each once."""
        waiting = list(dict.fromkeys((_owner(cause), cause.check) for cause in causes))
        seen = set(waiting)
        for at in waiting:  # grows while it is read
            for finding in self._by_cause.get(at, ()):
                yield finding
                below = (_owner(finding), finding.check)
                if below not in seen:
                    seen.add(below)
                    waiting.append(below)


def _owner(finding: Finding) -> _Owner:
    return finding.file, finding.credential, finding.profile


def _finding(same: list[Finding], folded: list[Finding], look: ReportStyle) -> str:
    first = same[0]
    place = f"{first.file}:{first.line}:{first.column}"
    severity = look.style(first.severity.value, first.severity.value)
    title = f": {severity} {first.check} {first.name}{_whose(same)}"
    # The place stays whole, even if a path has spaces: a click on it opens the file.
    title = wrapped(title, look.width, place, 2).removeprefix(place)
    message = wrapped(one_line(first.message), look.width, "  ")
    lines = [f"{look.style(place, 'bold')}{title}", *_excerpt(first, look), message]
    lines.append(_hint(first.hint, look, "  "))
    shown = folded if look.verbose else folded[:_FOLDED]
    for one in shown:
        lines += _consequence(one, look)
    if len(shown) < len(folded):
        lines.append(f"  follows from this: {len(folded) - len(shown):,} more")
    return "\n".join(lines) + "\n"


def _hint(hint: str, look: ReportStyle, indent: str) -> str:
    return wrapped_lines(hint, look.width, f"{indent}hint: ")


def _consequence(finding: Finding, look: ReportStyle) -> Iterator[str]:
    """Yield a consequence and, for live ones, Salesforce's words: they help even with the cause."""
    what = f"{finding.check} {finding.name} (line {finding.line})"
    yield wrapped(what, look.width, "  follows from this: ", 4)
    if is_live(finding.check):
        yield wrapped(one_line(finding.message), look.width, "    ")


def _whose(same: list[Finding]) -> str:
    name = same[0].credential
    profiles = list(dict.fromkeys(finding.profile for finding in same if finding.profile))
    if not name:
        return ""
    return f" ({name}: {listed(profiles)})" if profiles else f" ({name})"


def _excerpt(finding: Finding, look: ReportStyle) -> list[str]:
    if not finding.excerpt.strip():
        return []
    number = f"{finding.line:>5}"
    # Of a line that is too long, show the part around the finding.
    most = min(_EXCERPT, look.width - _MARGIN) if look.width else _EXCERPT
    start = max(0, finding.column - most * 3 // 5)
    excerpt = finding.excerpt[start : start + most]
    caret = " " * (finding.column - 1 - start) + "^"
    bar = look.style("|", "dim")
    return [
        f"{look.style(number, 'dim')} {bar} {excerpt}",
        f"      {bar} {look.style(caret, finding.severity.value)}",
    ]


def _healthy(report: Report, look: ReportStyle) -> Iterator[str]:
    if len(report.results) > _FEW and not look.verbose:
        return
    lines = [_result(r, report, look) for r in report.results if look.verbose or r.status == "ok"]
    if lines:
        yield "\n".join(lines) + "\n"


def _result(result: Result, report: Report, look: ReportStyle) -> str:
    name = labelled(result.name, result.profile)
    facts = [result.flow or "flow undecided", result.environment or "?", result.authority or "?"]
    colour = "warning" if result.status == "unknown" else result.status
    status = look.style(result.status, colour) + " " * (_STATUS - len(result.status))
    live = f": {login_words(result.live, report)}" if result.live else ""
    line = f"{status} {look.style(name, 'bold')} ({', '.join(facts)}) in {result.file}{live}"
    return wrapped(line, look.width, indent=_STATUS + 1)


def _unreadable(report: Report, look: ReportStyle) -> Iterator[str]:
    """Yield what changes the exit status to 4, always with hints, but no finding's hint again."""
    told = {finding.hint: f"See {finding.check}." for finding in report.findings if finding.hint}
    reasons = _by_reason([
        entry._replace(hint=told.get(entry.hint, entry.hint)) for entry in report.unreadable
    ])  # fmt: skip
    if not reasons:
        return
    shown = reasons if look.verbose else reasons[:_LISTED_UNREADABLE]
    lines = [look.style("could not be checked:", "warning")]
    for group in shown:
        lines += _reason(group, look, hint=True)
    yield "\n".join([*lines, *_more(len(reasons) - len(shown))]) + "\n"


def _not_run(entries: list[NotRun], look: ReportStyle) -> Iterator[str]:
    reasons = _by_reason(entries)
    if not reasons:
        return
    reasons = reasons if look.verbose else _with_secrets_folded(reasons)
    shown = reasons if look.verbose else reasons[:_LISTED_REASONS]
    lines = [look.style("not checked:", "bold")]
    for group in shown:
        lines += _reason(group, look, hint=look.verbose)
    yield "\n".join([*lines, *_more(len(reasons) - len(shown))]) + "\n"


def _by_reason(entries: list[NotRun]) -> list[list[NotRun]]:
    reasons: dict[tuple[str, str], list[NotRun]] = {}
    for entry in entries:
        reasons.setdefault((entry.reason, entry.hint), []).append(entry)
    return list(reasons.values())


def _with_secrets_folded(reasons: list[list[NotRun]]) -> list[list[NotRun]]:
    """Return the reasons, with all secrets that aren't read here as one."""
    secret = [entry for group in reasons if group[0].cause is Cause.SECRET for entry in group]
    others = [group for group in reasons if group[0].cause is not Cause.SECRET]
    if len(reasons) - len(others) < _FEW_SECRETS:
        return reasons
    reason = "the secrets that they need are not read here (-v lists them)"
    return [[entry._replace(reason=reason, hint="") for entry in secret], *others]


def _reason(group: list[NotRun], look: ReportStyle, *, hint: bool) -> Iterator[str]:
    line = f"{_ids(group)} for {_names(group)}: {one_line(group[0].reason)}"
    yield wrapped(line, look.width, "  ", 4)
    if hint and group[0].hint:
        yield _hint(one_line(group[0].hint), look, "    ")


def _more(number: int) -> list[str]:
    return (
        [f"  and {counted(number, 'more reason')}; to list them: sfcred doctor -v"]
        if number
        else []
    )


def _ids(group: list[NotRun]) -> str:
    ids = sorted({check for skipped in group for check in skipped.checks})
    return (
        ", ".join(ids) if len(ids) <= _LISTED_IDS else f"{len(ids)} checks ({ids[0]} to {ids[-1]})"
    )


def _names(group: list[NotRun]) -> str:
    names = list(dict.fromkeys(skipped.credential or skipped.file for skipped in group))
    return ", ".join(names) if len(names) <= _LISTED_NAMES else f"{len(names)} credentials"


def _crashes(crashes: Sequence[Crash], look: ReportStyle) -> Iterator[str]:
    for crash in crashes[:_CRASHES]:
        whose = crash.credential or crash.file or "the project"
        hint = "this is a bug in sfcred; please report this line and describe your spec."
        line = f"{look.style('crashed', 'error')}: {crash.check} for {whose}: {crash.what}"
        yield "\n".join([wrapped(line, look.width, indent=2), _hint(hint, look, "  ")]) + "\n"
    if len(crashes) > _CRASHES:
        yield f"… and {len(crashes) - _CRASHES:,} more crashes\n"


def _summary(report: Report, look: ReportStyle) -> str:
    errors, warnings = report.count(Severity.ERROR), report.count(Severity.WARNING)
    counts = [
        _style_count(errors, "error", look),
        _style_count(warnings, "warning", look),
        _style_count(report.count(Severity.INFO), "info", look),
    ]
    # Without results, no file is a spec, or another command shows only why it can't use some.
    whose = f"{counted(len(report.results), 'credential')} in " if report.results else ""
    text = f"{whose}{counted(report.files, 'file')}: {', '.join(counts)}"
    if report.ignored:
        text += f"; {report.ignored} ignored"
    if report.in_baseline:
        text += f"; {report.in_baseline} in the baseline"
    text += _logins(report.live) if report.live is not None else ""
    skipped = sum(len(entry.checks) for entry in report.not_run)
    if skipped:
        text += f"; {counted(skipped, 'check')} not run"
    unreadable = sum(len(entry.checks) for entry in report.unreadable)
    if unreadable:
        some = f"{unreadable} of them" if unreadable < skipped else "all of them"
        text += f", {some} because something could not be read, reached or compared"
    fixable = sum(finding.fix is not None for finding in report.findings)
    if fixable:
        text += f"; {fixable} can be corrected with --fix"
    text, step = wrapped(text, look.width, indent=2), _next(report, look)
    return f"{text}\nnext: {step}" if step else text


def _next(report: Report, look: ReportStyle) -> str:
    """Return the next step: errors come first, then the setup, and then the first warning."""
    # Without secrets, a job has nothing to do, but a person at a terminal has.
    skips = look.width is None
    causes = [
        one for one in report.findings if not one.because_of and not (skips and is_absence(one))
    ]
    # Of equally bad ones, what needs no thought comes first.
    first = max(causes, key=lambda one: (one.severity.rank, one.fix is not None), default=None)
    if first is None:
        return ""
    setup = "" if first.severity is Severity.ERROR else _setup(causes)
    return setup or _step(first, report)


def _logins(live: LiveCount) -> str:
    unreached = live.unreached - live.untried
    text = f"; {live.logged_in} logged in"
    if live.local_org:
        text += f" to the local org at {live.local_org} (a rehearsal, not Salesforce)"
    text += f", {live.untried} not tried" if live.untried else ""
    text += f", {unreached} not reached" if unreached else ""
    return text + ("; interrupted" if live.interrupted else "")


def _setup(findings: Sequence[Finding]) -> str:
    """Return the command that makes the first of what the setup still lacks; empty for none."""
    lacking = [one for one in findings if has_trait(one.check, Trait.ABOUT_SECRETS)]
    commands = (found for one in lacking for found in _suggested(one))
    setup = (found for found in commands if found["verb"] in _SETUP_ORDER)
    first = min(setup, key=lambda found: _SETUP_ORDER.index(found["verb"]), default=None)
    return first["whole"] if first else ""


def _suggested(finding: Finding) -> Iterator[re.Match[str]]:
    """Yield the commands in a hint that are for its own credential.

    No others: a name or a value in the hint can contain any command, with any option.
    """
    own = (None, with_profile(finding.credential or "", finding.profile))
    return (found for found in _COMMAND.finditer(finding.hint) if found["chosen"] in own)


def _step(first: Finding, report: Report) -> str:
    """Return how to go on: a correction, the command that the hint gives, or the check's page."""
    if first.fix is not None:
        files = dict.fromkeys(one.file for one in report.findings if one.fix is not None)
        named = "".join(f" {for_shell(file)}" for file in files) if len(files) <= _NAMED else ""
        return one_line(f"sfcred doctor{named} --fix")
    command = next(_suggested(first), None)
    return command["whole"] if command else f"sfcred explain {first.check}"


def _style_count(number: int, what: str, look: ReportStyle) -> str:
    text = counted(number, what)
    return look.style(text, what) if number else text
