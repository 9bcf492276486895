"""Correct the files that have findings."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from sfcred.checks import has_trait
from sfcred.checks.api import Trait
from sfcred.errors import ReadError
from sfcred.files import read_regular
from sfcred.files.writing import rewrite
from sfcred.findings import Finding
from sfcred.fix.difference import difference
from sfcred.fix.documents import data_of
from sfcred.fix.edits import replaced
from sfcred.fix.order import in_order
from sfcred.fix.tidy import tidy_values
from sfcred.spec.discover import reported_path
from sfcred.spec.reader import BYTE_ORDER_MARK, MAX_BYTES
from sfcred.spec.source import Place


class Correction(NamedTuple):
    """The correction of one file.

    Attributes:
        path: The file.
        before, after: Its text.
        values: The number of corrected values.
        ordered: Whether keys were reordered.
    """

    path: Path
    before: str
    after: str
    values: int
    ordered: bool

    def diff(self) -> str:
        """Return the change as a diff for people, with values masked as in a report."""
        return difference(self.before, self.after, reported_path(self.path))

    def write(self) -> None:
        """Write the file atomically.

        Raises:
            WriteRefused: It is a symbolic link, or somebody has changed it since it was read.
            WriteError: The operating system refused.
        """
        rewrite(self.path, self.after, self.before)


def texts_of(files: Iterable[Path]) -> dict[Path, str]:
    """Return the text of each file. Read them before the checks run, which can take a while.

    Files that can't be read are skipped: `doctor` names them, also with --dry-run.
    """
    found = {}
    for path in files:
        with suppress(ReadError, UnicodeDecodeError):
            found[path] = read_regular(path, MAX_BYTES).decode("utf-8")
    return found


def corrections(texts: Mapping[Path, str], findings: Iterable[Finding]) -> Iterator[Correction]:
    """Yield the correction of each file that has one.

    Args:
        texts: The spec files, with their texts from before they were examined.
        findings: What doctor found in them.
    """
    by_file: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        by_file[finding.file].append(finding)
    for path, before in texts.items():
        correction = correct(path, before, by_file[reported_path(path)])
        if correction.after != before:
            yield correction


def correct(path: Path, before: str, findings: Iterable[Finding]) -> Correction:
    """Correct what is certain in a file's text, and sort its keys if it is a spec.

    Args:
        path: The file.
        before: Its text. It isn't changed if it can't be read as YAML.
        findings: What doctor found in it.
    """
    text = before.lstrip(BYTE_ORDER_MARK)
    mark = before[: len(before) - len(text)]
    if data_of(text) is None:
        return Correction(path, before, before, 0, ordered=False)
    found = list(findings)
    # A file that isn't a valid spec may be something else entirely.
    if any(has_trait(finding.check, Trait.ALWAYS) for finding in found):
        return Correction(path, before, before, 0, ordered=False)
    values = dict(tidy_values(text))
    values |= {Place(f.line, f.column): f.fix for f in found if f.fix is not None}
    changed, number = replaced(text, values)
    after = in_order(changed)
    return Correction(path, before, mark + after, number, ordered=after != changed)
