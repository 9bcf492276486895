"""From findings to corrected files."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from sfcred.doctor import ALWAYS, Finding
from sfcred.errors import ReadError
from sfcred.files import read_regular, rewrite
from sfcred.fix.difference import difference
from sfcred.fix.documents import data_of
from sfcred.fix.edits import replaced
from sfcred.fix.order import in_order
from sfcred.fix.tidy import tidy_values
from sfcred.spec.discover import shown
from sfcred.spec.source import BYTE_ORDER_MARK, MAX_BYTES, Place


class Correction(NamedTuple):
    """What changes in a file.

    Attributes:
        path: The file.
        before, after: Its text.
        values: How many values are corrected.
        ordered: Keys changed places.
    """

    path: Path
    before: str
    after: str
    values: int
    ordered: bool

    def diff(self) -> str:
        """For people, with values masked as in a report."""
        return difference(self.before, self.after, shown(self.path))

    def write(self) -> None:
        """Writes the file whole or not at all.

        Raises:
            WriteRefused: It is a symbolic link.
            WriteError: The system said no.
        """
        rewrite(self.path, self.after)


def corrections(files: Iterable[Path], findings: Iterable[Finding]) -> Iterator[Correction]:
    """What is certain to be right, file by file.

    Args:
        files: The spec files.
        findings: What doctor found in them.
    """
    by_file: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        by_file[finding.file].append(finding)
    for path in files:
        try:
            content = read_regular(path, MAX_BYTES)
            before = content.decode("utf-8")
        except (ReadError, UnicodeDecodeError):  # doctor has told what is wrong with the file
            continue
        correction = correct(path, before, by_file[shown(path)])
        if correction.after != before:
            yield correction


def correct(path: Path, before: str, findings: Iterable[Finding]) -> Correction:
    """Corrects what is certain in a file's text, and puts its keys in order if it is a spec.

    Args:
        path: The file.
        before: Its text. One that isn't readable as YAML stays as it is.
        findings: What doctor found in it.
    """
    text = before.lstrip(BYTE_ORDER_MARK)
    mark = before[: len(before) - len(text)]
    if data_of(text) is None:
        return Correction(path, before, before, 0, ordered=False)
    found = list(findings)
    if any(finding.check in ALWAYS for finding in found):  # perhaps it is something else
        return Correction(path, before, before, 0, ordered=False)
    values = dict(tidy_values(text))
    values |= {Place(f.line, f.column): f.fix for f in found if f.fix is not None}
    changed, number = replaced(text, values)
    after = in_order(changed)
    return Correction(path, before, mark + after, number, ordered=after != changed)
