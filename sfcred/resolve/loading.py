"""Load spec files and resolve their credentials, reading each file once."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from sfcred.resolve.context import Context
from sfcred.resolve.credential import Credential, resolve
from sfcred.resolve.values import Values
from sfcred.spec.discover import reported_path
from sfcred.spec.load import Declaration, SpecFile
from sfcred.spec.reader import parse, read

_NOTHING: Mapping[Path, bytes] = MappingProxyType({})


class LoadedFile:
    """A spec file that has been read. Its credentials are resolved on demand.

    Attributes:
        path: The file.
        spec: Its YAML and its declarations, with all syntax and schema errors.
    """

    def __init__(self, path: Path, content: bytes | None, context: Context, values: Values) -> None:
        name = reported_path(path)
        self.path = path
        self.spec = SpecFile(read(path, name) if content is None else parse(content, path, name))
        self._context = context
        self._values = values
        self._resolved: dict[int, list[Credential]] = {}

    def credentials(self, declaration: Declaration) -> list[Credential]:
        """Return the credentials of a declaration; empty if it has schema errors."""
        if declaration.index not in self._resolved:
            found = resolve(declaration, self._context, self._values)
            self._resolved[declaration.index] = found
        return self._resolved[declaration.index]

    def all_credentials(self) -> Iterator[Credential]:
        """Yield the credentials of all declarations."""
        for declaration in self.spec.declarations:
            yield from self.credentials(declaration)


def load_files(
    files: Iterable[Path],
    context: Context,
    given: Mapping[Path, bytes] = _NOTHING,
    values: Values | None = None,
) -> Iterator[LoadedFile]:
    """Read spec files lazily, because a project can have ten thousand.

    Args:
        files: The spec files.
        context: The context of the run.
        given: The content of files that aren't read from disk, such as standard input.
        values: Reads references, and remembers those that were read before. None: a new one.
    """
    values = values or Values(context)
    for path in files:
        yield LoadedFile(path, given.get(path), context, values)
