"""Read the files that a compose file names. They stay inside the project."""

from pathlib import Path

from sfcred.errors import ReadError
from sfcred.paths import is_there, join_local, lies_outside
from sfcred.resolve.environment.model import OR_LEAVE_OUT, WRITE_OUT, Unknown
from sfcred.resolve.values import Values
from sfcred.text.redact import show

_OUTSIDE = Unknown(
    "a file that it names is outside the project, so it is not read",
    f"Move it into the project, {OR_LEAVE_OUT}",
)


#: What Compose replaces with your home folder (compose-go, paths/home.go).
HOME = "~"
#: The most that is read of them, in bytes. Parsing takes about a second for each 64 KB.
MOST_BYTES = 128 * 1024
_TOO_MUCH = Unknown(
    f"the files that it names have more than {MOST_BYTES // 1024} KB in total",
    WRITE_OUT,
)


class Neighbours:
    """The files next to a file of the deployment.

    Args:
        folder: The folder of that file.
        project: The project's root. Nothing outside is read, because an address is shown.
        values: Reads files.
    """

    def __init__(self, folder: Path, project: Path, values: Values) -> None:
        self._folder = folder
        self._project = project
        self._values = values
        self._left = MOST_BYTES

    def has(self, name: str) -> bool:
        """Return whether something is at this path. A path that may not be followed counts."""
        if name.startswith(HOME):
            return True
        try:
            return is_there(join_local(self._folder, name))
        except ReadError:
            return True

    def read(self, name: str) -> bytes | Unknown:
        """Return a file's content, or why it isn't read."""
        try:
            path = join_local(self._folder, name)
            if name.startswith(HOME) or lies_outside(path, self._project):
                return _OUTSIDE
            content = self._values.file(path)
        except ReadError:
            return Unknown(
                f"the file {show(name)}, which it names, can't be read",
                f"Add the file, {OR_LEAVE_OUT}",
            )
        self._left -= len(content)
        return content if self._left >= 0 else _TOO_MUCH

    def text(self, name: str) -> str | Unknown:
        """Return a file's text, or why it isn't read."""
        content = self.read(name)
        return content if isinstance(content, Unknown) else content.decode("utf-8-sig", "replace")
