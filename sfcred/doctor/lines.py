"""Read the lines of findings again."""

from collections.abc import Mapping
from pathlib import Path

from sfcred.findings import Finding
from sfcred.spec.reader import parse, read
from sfcred.spec.source import Source


class Lines:
    """The lines of findings: a baseline of version 1 recognizes findings by them.

    Args:
        paths: The files, by their names in messages.
        given: Contents of specs that aren't read from disk.
    """

    def __init__(self, paths: Mapping[str, Path], given: Mapping[Path, bytes]) -> None:
        self._paths = paths
        self._given = given
        self._source: Source | None = None  # findings come file by file

    def __call__(self, finding: Finding) -> str:
        """Return the line that a finding is about; empty if it can't be read."""
        if self._source is None or self._source.shown != finding.file:
            self._source = self._read(finding.file)
        return self._source.line(finding.line) if self._source else ""

    def _read(self, name: str) -> Source | None:
        path = self._paths.get(name)
        if path is None:
            return None
        given = self._given.get(path)
        return read(path, name) if given is None else parse(given, path, name)
