"""The specs of a workspace, read when they are first needed."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from sfcred.paths import places_of
from sfcred.resolve.context import Context
from sfcred.resolve.loading import LoadedFile, load_files
from sfcred.resolve.values import Values


class LoadedSpecs:
    """The spec files, and the values that their credentials share.

    Args:
        files: The files.
        context: The context of the run.
        given: Contents of files that aren't read from disk.
        names: The only credentials that count in some of the files.
        project_files: Returns all of the project's spec files, if the files are some of them.

    Attributes:
        context: The context with which they are loaded next.
    """

    def __init__(
        self,
        files: list[Path],
        context: Context,
        given: Mapping[Path, bytes],
        names: Mapping[Path, frozenset[str]],
        project_files: Callable[[], Iterable[Path]] = tuple,
    ) -> None:
        self.context = context
        self._files = files
        self._given = given
        self._names = names
        self._project_files = project_files
        self._values = Values(context)
        self._kept: list[LoadedFile] | None = None
        self._rest: list[LoadedFile] | None = None

    def keep(self) -> list[LoadedFile]:
        """Return the loaded files, and keep them for whatever uses the credentials next."""
        if self._kept is None:
            self._kept = list(self._load())
        return self._kept

    def stream(self) -> Iterator[LoadedFile]:
        """Yield the loaded files. Unless they are kept, each one can be freed after use."""
        return self._load() if self._kept is None else iter(self._kept)

    def rest(self) -> list[LoadedFile]:
        """Return the project's specs that were not chosen, to compare the chosen ones with."""
        if self._rest is None:
            self._rest = list(self._load_rest())
        return self._rest

    def _load_rest(self) -> Iterator[LoadedFile]:
        known = list(self._project_files())
        if not known:
            return
        whole = set(places_of(path for path in self._files if path not in self._names))
        places = zip(known, places_of(known), strict=True)
        others = (one for one, place in places if place not in whole)
        for file in load_files(others, self.context, values=self._values):
            file.spec.keep_others(self._names.get(file.path, ()))
            yield file

    def forget(self) -> None:
        """Read the files again when they are needed next."""
        self._kept = self._rest = None

    def read_remote_secrets(self) -> None:
        """Read references into remote stores from now on: what is asked for needs their values."""
        if not self.context.reads_remote_secrets:
            self.context = self.context._replace(reads_remote_secrets=True)
            self._values = Values(self.context)
            self.forget()

    def is_misread(self) -> bool:
        """Return whether something can't be understood, whatever is ignored."""
        return any(file.spec.is_misread for file in self.keep())

    def misread(self) -> tuple[str, ...]:
        """Return the project's specs, chosen or not, in which something can't be understood."""
        files = (*self.keep(), *self.rest())
        return tuple(dict.fromkeys(one.spec.source.shown for one in files if one.spec.is_misread))

    def _load(self) -> Iterator[LoadedFile]:
        for file in load_files(self._files, self.context, self._given, self._values):
            if file.path in self._names:
                file.spec.keep_only(self._names[file.path])
            yield file
