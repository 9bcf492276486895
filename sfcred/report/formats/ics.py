"""A calendar of the days on which certificates expire, in iCalendar's format (RFC 5545).

The same certificates give the same calendar on every day, so that it can be published or committed
without noise. Only events about a certificate that could not be read have the day of the run.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from sfcred.checks import has_trait
from sfcred.checks.api import Trait
from sfcred.findings import Obstacle, Report, Result, Severity
from sfcred.report.api import ReportStyle
from sfcred.text.printable import labelled, listed, one_line, shortened
from sfcred.text.shell import with_profile

#: Results must include when certificates are valid.
DETAILS = True

#: For programs: always UTF-8.
UTF8 = True

#: RFC 5545, section 3.1.
LINE_END = "\r\n"

# The most bytes in a line (section 3.1), and how far back to look for a good place to fold it.
_WIDTH, _BACK = 75, 30
# When calendars remind of an expiry: as early as doctor warns.
_REMINDER = "-P30D"


class _Event(NamedTuple):
    """An event.

    Attributes:
        identity: What makes it the same event in every report.
        start: The moment (UTC) or, if `is_day`, the day.
        stamp: When its content was new (UTC). Of two versions, calendars keep the later one.
        title: One line.
        text: A description, one line per paragraph.
        is_day: The event has no time of day, and no reminder.
    """

    identity: tuple[str | None, ...]
    start: datetime
    stamp: datetime
    title: str
    text: Sequence[str]
    is_day: bool = False


def report(report: Report, _look: ReportStyle) -> str:
    """Return one event per certificate, and one for each certificate that could not be read."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//sfcred//doctor//EN",
        "NAME:Salesforce certificates",
        "X-WR-CALNAME:Salesforce certificates",
    ]
    seen: dict[tuple[str | None, ...], int] = {}
    for event in [*_expiries(report), *_unknown(report), *_unreadable_files(report)]:
        seen[event.identity] = seen.get(event.identity, 0) + 1
        lines += _event(event, seen[event.identity])
    return "".join(f"{_folded(line)}\n" for line in [*lines, "END:VCALENDAR"])


# -- what the calendar has


def _expiries(report: Report) -> Iterator[_Event]:
    pairs = _by_key(report)
    for result in report.results:
        details = result.details
        if details is None or details.certificate_until is None:
            continue
        yield _Event(
            _identity(result, "expiry"),
            details.certificate_until,
            details.certificate_from or details.certificate_until,
            f"Certificate of {_label(result)} expires",
            (
                f"{_label(result)} logs in to {result.authority or 'Salesforce'} with it.",
                "Once it has expired, Salesforce may refuse every login.",
                f"What to do: run {_rotate(pairs.get(details.key_file, [result]))}.",
                f"Spec: {_file(result.file)}",
            ),
        )


def _unknown(report: Report) -> Iterator[_Event]:
    """Yield events for certificates whose expiry isn't known: leaving them out would be wrong."""
    for result in report.results:
        obstacle = _obstacle(result)
        if obstacle is None:
            continue
        yield _Event(
            _identity(result, "unknown"),
            report.moment,
            report.moment,
            f"Certificate of {_label(result)} could not be checked",
            (
                f"sfcred doesn't know when it expires: {obstacle.reason}",
                *([f"What to do: {obstacle.hint}"] if obstacle.hint else []),
                f"Spec: {_file(result.file)}",
            ),
            is_day=True,
        )


def _obstacle(result: Result) -> Obstacle | None:
    """Return why it isn't known when a credential's certificate expires; None if it is known."""
    if result.details is None or result.flow is None:
        return Obstacle("the spec has errors", "Run `sfcred doctor`, and fix them.")
    return result.details.certificate_obstacle


def _unreadable_files(report: Report) -> Iterator[_Event]:
    """Yield an event for each spec that could not be read at all."""
    read = {result.file for result in report.results}
    for finding in report.findings:
        is_unread = has_trait(finding.check, Trait.ALWAYS) and finding.severity is Severity.ERROR
        if not is_unread or finding.file in read:
            continue
        read.add(finding.file)
        yield _Event(
            (finding.file, "file"),
            report.moment,
            report.moment,
            "Certificates of a spec could not be checked",
            (
                f"sfcred can't use {_file(finding.file)}: {finding.check} {finding.message}",
                f"What to do: {finding.hint}",
            ),
            is_day=True,
        )


def _identity(result: Result, kind: str) -> tuple[str | None, ...]:
    """Return what stays the same when a certificate is renewed, and differs between orgs."""
    return result.file, result.name, result.profile, result.authority, kind


def _label(result: Result) -> str:
    return labelled(result.name, result.profile)


def _file(name: str) -> str:
    return shortened(one_line(name))


def _by_key(report: Report) -> dict[str | None, list[Result]]:
    """Return the credentials by the file of their private key.

    Those that name no certificate are among them: a new key changes their login, too.
    """
    found: dict[str | None, list[Result]] = {}
    for result in report.results:
        if result.details and result.details.key_file:
            found.setdefault(result.details.key_file, []).append(result)
    return found


def _rotate(holders: Sequence[Result]) -> str:
    """Return the command that replaces a key pair, for the end of a sentence."""
    # What names no certificate can't be rotated itself.
    first = next(one for one in holders if one.details and one.details.certificate_until)
    command = f"`sfcred keygen {with_profile(first.name, first.profile)} --rotate`"
    if len(holders) == 1:
        return f"{command}, and follow the steps that it prints"
    names = listed([*map(_label, holders)])
    return f"{command} once, and follow its steps for all that use this key: {names}"


# -- how iCalendar writes it


def _event(event: _Event, number: int) -> list[str]:
    """Return an event's lines.

    Args:
        event: The event.
        number: The place of the event among those with the same identity, from 1.
    """
    start = f";VALUE=DATE:{_day(event.start)}" if event.is_day else f":{_utc(event.start)}"
    return [
        "BEGIN:VEVENT",
        f"UID:{_uid((*event.identity, number))}",
        f"DTSTAMP:{_utc(event.stamp)}",
        f"DTSTART{start}",
        f"SUMMARY:{_text(event.title)}",
        "DESCRIPTION:" + r"\n".join(map(_text, event.text)),
        "TRANSP:TRANSPARENT",
        *([] if event.is_day else _reminder(event.title)),
        "END:VEVENT",
    ]


def _reminder(title: str) -> list[str]:
    return [
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{_text(title)}",
        f"TRIGGER:{_REMINDER}",
        "END:VALARM",
    ]


def _uid(identity: Sequence[object]) -> str:
    return f"{hashlib.sha256(json.dumps(identity).encode()).hexdigest()[:32]}@sfcred"


def _utc(moment: datetime) -> str:
    moment = moment.astimezone(UTC)
    return f"{_day(moment)}T{moment:%H%M%SZ}"


def _day(moment: datetime) -> str:
    return f"{moment.year:04}{moment:%m%d}"  # %Y has fewer digits before the year 1000


def _text(text: str) -> str:
    """Escape a text (section 3.3.11), which is on one line and harmless in a log before."""
    return re.sub(r"([\\;,])", r"\\\1", one_line(" ".join(text.split())))


def _folded(line: str) -> str:
    """Fold a line of more than 75 bytes (section 3.1)."""
    parts = []
    width = _WIDTH
    while len(line.encode()) > width:
        cut = _cut(line, width)
        parts.append(line[:cut])
        line, width = line[cut:], _WIDTH - 1  # a space begins the next line
    return "\n ".join([*parts, line])


def _cut(line: str, width: int) -> int:
    """Return where to fold: before a letter or digit, so that no line begins like a command."""
    most = len(line.encode()[:width].decode(errors="ignore"))
    good = (at for at in range(most, max(0, most - _BACK), -1) if line[at].isalnum())
    return next(good, most)
