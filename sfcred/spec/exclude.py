"""Leave files out that are in a folder of specs, but aren't specs: the setting `exclude`."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from sfcred.paths import relative_place
from sfcred.spec.foreign import is_usable_spec
from sfcred.spec.reader import read

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


class Exclusion:
    """Decides which files are left out, and remembers them.

    Args:
        patterns: Patterns in .gitignore's syntax, from the project's root.
        project: The project's root.
    """

    def __init__(self, patterns: Sequence[str], project: Path) -> None:
        self._patterns = patterns
        self._project = project
        self.left_out: list[Path] = []

    def covers(self, path: Path) -> bool:
        """Return whether a file is left out."""
        if not self._patterns:
            return False
        if not self._compiled.match_file(relative_place(path, self._project)):
            return False
        self.left_out.append(path)
        return True

    def specs(self) -> list[Path]:
        """Return the files that were left out although they are specs."""
        return [path for path in self.left_out if is_usable_spec(read(path))]

    @cached_property
    def _compiled(self) -> "GitIgnoreSpec":
        from pathspec import GitIgnoreSpec

        return GitIgnoreSpec.from_lines(self._patterns)
