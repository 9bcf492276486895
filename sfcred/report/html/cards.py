"""One card per credential: what it is, what was decided, what was found."""

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from sfcred.findings import Finding, NotRun, Report, Result, Suppressed
from sfcred.report.address import docs_of
from sfcred.report.needs.words import field_words, shown, unasked_words, unknown_words
from sfcred.report.not_run import unreadable_first

#: The statuses in the order in which they are shown, worst first.
STATUSES = ("error", "warning", "unknown", "info", "ok")

_Key = tuple[str, str | None, str | None]


class Note(NamedTuple):
    """A finding on a card. `reason` says why it is suppressed, if it is."""

    finding: Finding
    docs: str
    reason: str = ""


class NeedsRow(NamedTuple):
    """What workflows need of an object: the access, the fields, and what n8n adds by itself."""

    object: str
    verbs: str
    fields: list[str]
    unasked: str


class Card(NamedTuple):
    """A credential, or a file without a readable one.

    Attributes:
        anchor: The card's id in the page.
        title: The name of the credential, or of the file.
        profile: The profile, if there is one.
        file: The spec's file.
        result: doctor's result for the credential; None for a file.
        status: As in Result.
        notes: The findings.
        left_out: The suppressed findings.
        not_checked: Checks that could not be run, and why, starting with those that change the
            exit status.
    """

    anchor: str
    title: str
    profile: str | None
    file: str
    result: Result | None
    status: str
    notes: list[Note]
    left_out: list[Note]
    not_checked: list[NotRun]

    @property
    def words(self) -> str:
        """The text that the page's search matches, in lower case."""
        result = self.result
        parts = [self.title, self.profile or "", self.file]
        if result:
            parts += [result.authority or "", result.flow or "", result.n8n_type or ""]
        parts += [f"{note.finding.check} {note.finding.name}" for note in self.notes]
        return " ".join(parts).lower()

    @property
    def needs(self) -> list[NeedsRow]:
        """What workflows need of the credential, by object."""
        details = self.result.details if self.result else None
        if details is None or details.needs is None:
            return []
        return [
            NeedsRow(shown(one.object), ", ".join(one.verbs), field_words(one), unasked_words(one))
            for one in details.needs.objects
        ]

    @property
    def unknown_needs(self) -> list[str]:
        """What isn't known about the needs, and why."""
        details = self.result.details if self.result else None
        if details is None or details.needs is None:
            return []
        return [unknown_words(one) for one in details.needs.unknown]

    @property
    def checks(self) -> str:
        """The ids of the findings, for the filter."""
        return " ".join(dict.fromkeys(note.finding.check for note in self.notes))


def cards_of(report: Report) -> list[Card]:
    """Return the cards, those that need attention first."""
    shelf = _Shelf(report)
    found = [*_credentials(report, shelf), *_files(report, shelf)]
    found.sort(key=lambda card: (STATUSES.index(card.status), card.title, card.profile or ""))
    return [card._replace(anchor=f"card-{number}") for number, card in enumerate(found, 1)]


class _Shelf:
    """Findings, reported and suppressed, by the credential that they are about."""

    def __init__(self, report: Report) -> None:
        self.findings: dict[_Key, list[Finding]] = defaultdict(list)
        for finding in report.findings:
            self.findings[finding.file, finding.credential, finding.profile].append(finding)
        self.suppressed: dict[_Key, list[Suppressed]] = defaultdict(list)
        for one in report.suppressed:
            finding = one.finding
            self.suppressed[finding.file, finding.credential, finding.profile].append(one)

    def notes(self, *keys: _Key) -> list[Note]:
        found = [f for key in dict.fromkeys(keys) for f in self.findings.get(key, ())]
        return [Note(finding, docs_of(finding.check)) for finding in sorted(found, key=_weight)]

    def left_out(self, *keys: _Key) -> list[Note]:
        found = [one for key in dict.fromkeys(keys) for one in self.suppressed.get(key, ())]
        return [Note(one.finding, docs_of(one.finding.check), one.rule.reason) for one in found]


def _weight(finding: Finding) -> tuple[bool, int, int]:
    """Return a sort key: causes before their consequences, worst first."""
    return bool(finding.because_of), -finding.severity.rank, finding.line


def _credentials(report: Report, shelf: _Shelf) -> Iterator[Card]:
    not_checked: dict[_Key, list[NotRun]] = defaultdict(list)
    for entry in unreadable_first(report):
        not_checked[entry.file, entry.credential, entry.profile].append(entry)
    shown: set[_Key] = set()
    for result in report.results:
        own = (result.file, result.name, result.profile)
        # A finding about the whole spec concerns each of its profiles. Of several documents with
        # one name, the first card has them all: with thousands, the page would have no end.
        keys = () if own in shown else (own, (result.file, result.name, None))
        shown.add(own)
        yield Card(
            "",
            result.name,
            result.profile,
            result.file,
            result,
            result.status,
            shelf.notes(*keys),
            shelf.left_out(*keys),
            not_checked[own] if keys else [],
        )


def _files(report: Report, shelf: _Shelf) -> Iterator[Card]:
    """Yield cards for files: those that aren't YAML, and configurations with ignores."""
    known = {(result.file, result.name) for result in report.results}
    by_file: dict[str, list[_Key]] = defaultdict(list)
    for key in shelf.findings:
        if key[:2] not in known:
            by_file[key[0]].append(key)
    for file in sorted(by_file):
        notes = shelf.notes(*by_file[file])
        worst = max((note.finding.severity for note in notes), key=lambda s: s.rank)
        yield Card("", file, None, file, None, worst.value, notes, [], [])
