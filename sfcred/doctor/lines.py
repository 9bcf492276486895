"""Read lines of specs again for findings: keeping them would take memory in every run."""

from collections.abc import Mapping
from pathlib import Path

from sfcred.findings import Finding
from sfcred.spec.masking import masked_line
from sfcred.spec.reader import parse, read
from sfcred.spec.source import Source


class Lines:
    """Lines of the specs that were examined.

    Args:
        paths: The files, by their names in messages.
        given: Contents of specs that aren't read from disk.
    """

    def __init__(self, paths: Mapping[str, Path], given: Mapping[Path, bytes]) -> None:
        self._paths = paths
        self._given = given
        self._source: Source | None = None  # findings come file by file
        self._masked: dict[tuple[str, int], str] = {}

    def __call__(self, finding: Finding) -> str:
        """Return the line that a finding is about; empty if it can't be read.

        A baseline of version 1 recognizes findings by it.
        """
        source = self._reread(finding.file)
        return source.line(finding.line) if source else ""

    def masked(self, name: str, number: int) -> str:
        """Return a line as a report may show it; empty if it can't be read.

        Args:
            name: The file, by its name in messages.
            number: The line, from 1.
        """
        if (name, number) not in self._masked:
            source = self._reread(name)
            self._masked[name, number] = masked_line(source, number) if source else ""
        return self._masked[name, number]

    def _reread(self, name: str) -> Source | None:
        if self._source is None or self._source.shown != name:
            self._source = self._read(name)
        return self._source

    def _read(self, name: str) -> Source | None:
        path = self._paths.get(name)
        if path is None:
            return None
        given = self._given.get(path)
        return read(path, name) if given is None else parse(given, path, name)
