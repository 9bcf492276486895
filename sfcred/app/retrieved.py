"""Read the app metadata that was retrieved from an org, in source or metadata format."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from sfcred.app.misnamed import looks_misnamed, right_name
from sfcred.errors import ReadError, Unreadable, UsageError
from sfcred.files import read_regular
from sfcred.files.folders import is_hidden_or_packages, is_real_folder, walk
from sfcred.paths import is_folder, is_inside
from sfcred.salesforce.metadata.apps import OrgApp, apps_in
from sfcred.salesforce.metadata.formats import BY_KIND, BY_SUFFIX, OWNER, contradiction
from sfcred.salesforce.metadata.model import Kind, RetrievedFile, UnreadFile
from sfcred.salesforce.metadata.xml import Fields, NotMetadata, read
from sfcred.text.printable import one_line
from sfcred.text.redact import redact

#: The largest metadata file that is read, in bytes, and the most files.
_LIMIT, _MOST = 1024 * 1024, 2000
_RETRIEVE_AGAIN = "Retrieve it again."
_UNPACK = "Unpack the archive, and give the folder with its content."


@dataclass(frozen=True)
class AppFiles:
    """The app metadata of an org.

    Attributes:
        files: The files that could be read, of any number of apps.
        where: The folder, for messages.
        unread: The files that could not be read.
    """

    files: tuple[RetrievedFile, ...]
    where: str
    unread: tuple[UnreadFile, ...] = ()

    @cached_property
    def apps(self) -> list[OrgApp]:
        """The apps that the files belong to."""
        return apps_in(self.files)

    @cached_property
    def _by_name(self) -> Mapping[str, list[OrgApp]]:
        found: dict[str, list[OrgApp]] = {}
        for app in self.apps:
            folded = app.api_name.lower()
            # A lower-case name can't be mistaken for an exact one: `=` is in no name.
            for key in {f"={app.api_name}", folded, f"__{folded.rpartition('__')[2]}"}:
                found.setdefault(key, []).append(app)
        return found

    @cached_property
    def _by_label(self) -> Mapping[str, list[OrgApp]]:
        found: dict[str, list[OrgApp]] = {}
        for app in self.apps:
            for label in app.labels:
                found.setdefault(label, []).append(app)
        return found

    def named(self, name: str, kind: str | None) -> list[OrgApp]:
        """Return the apps of a name: exactly, in another case, or in any package's namespace.

        Args:
            name: The API name.
            kind: The type of app; None for both.
        """
        for key in (f"={name}", name.lower(), f"__{name.lower()}"):
            if found := _of_kind(self._by_name.get(key, ()), kind):
                return found
        return []

    def labelled(self, label: str, kind: str | None) -> list[OrgApp]:
        """Return the apps with a label."""
        return _of_kind(self._by_label.get(label.strip(), ()), kind)


def _of_kind(apps: Sequence[OrgApp], kind: str | None) -> list[OrgApp]:
    return [app for app in apps if kind in (None, app.form.type)]


def read_source(folder: Path) -> AppFiles:
    """Read the app metadata below a folder.

    Files are recognized by the suffixes in the Salesforce CLI's registry. A file that can't be read
    doesn't stop the others.

    Raises:
        UsageError: It is not a folder, or it contains no app metadata.
        Unreadable: A folder in it can't be read, or it contains more files than sfcred reads.
    """
    if not is_folder(folder):
        hint = "Give the folder that contains the metadata."
        raise UsageError(
            f"{folder}: not a folder", hint=_UNPACK if _is_archive(folder.name) else hint
        )
    files: list[RetrievedFile] = []
    unread: list[UnreadFile] = []
    for found in _files_of_apps(folder):
        if len(files) + len(unread) == _MOST:
            raise Unreadable(
                f"{folder}: contains more than {_MOST} files of apps",
                hint="Give the folder with one org's metadata.",
            )
        if isinstance(found, RetrievedFile):
            files.append(found)
        else:
            unread.append(found)
    if not files and not unread:
        raise _nothing(folder)
    return AppFiles(tuple(files), str(folder), tuple(unread))


def _nothing(folder: Path) -> UsageError:
    """Return the error about a folder without app metadata. The metadata can still be packed."""
    names = [entry.name for _, entries in walk(folder, is_hidden_or_packages) for entry in entries]
    hint = "Retrieve it: sf project retrieve start --manifest manifest/retrieve.xml."
    if any(map(_is_archive, names)):
        hint = _UNPACK
    return UsageError(f"{folder}: contains no app metadata", hint=hint)


def _is_archive(name: str) -> bool:
    return name.lower().endswith((".zip", ".tar", ".tgz", ".tar.gz"))


def _files_of_apps(folder: Path) -> Iterator[RetrievedFile | UnreadFile]:
    """Read the files of apps, and name those whose names aren't right.

    Hidden folders and node_modules are left out, and links to folders are not followed.
    """
    for parent, entries in walk(folder, is_hidden_or_packages, Unreadable):
        for entry in entries:
            name, _, suffix = entry.name.removesuffix("-meta.xml").rpartition(".")
            kind, path = BY_SUFFIX.get(suffix), parent / entry.name
            if is_real_folder(entry):
                continue
            if name and kind is not None:
                yield _read(path, name, kind, folder)
            elif looks_misnamed(parent.name, entry.name) and (found := _misnamed(path, folder)):
                yield found


def _misnamed(path: Path, folder: Path) -> UnreadFile | None:
    """Return a file whose root element, but not its name, is that of app metadata."""
    if path.is_symlink() and not is_inside(path, folder):
        return None
    try:
        root, _ = read(read_regular(path, _LIMIT))
    except (ReadError, NotMetadata):
        return None
    if root not in BY_KIND:
        return None
    kind = BY_KIND[root].kind(root)
    name = right_name(path.name, kind)
    return UnreadFile(
        root,
        name.partition(".")[0],
        one_line(str(path)),
        f"its content is {root}, but its name doesn't end with .{kind.suffix}-meta.xml",
        f"Rename it to {one_line(redact(name))}: the Salesforce CLI doesn't take this name.",
    )


def _read(path: Path, name: str, kind: Kind, folder: Path) -> RetrievedFile | UnreadFile:
    def unread(reason: str, hint: str = _RETRIEVE_AGAIN) -> UnreadFile:
        return UnreadFile(kind.kind, name, one_line(str(path)), reason, hint)

    if path.is_symlink() and not is_inside(path, folder):
        return unread("a link that leads outside the folder", "Copy the file into the folder.")
    try:
        root, fields = read(read_regular(path, _LIMIT))
    except ReadError as error:
        return unread(error.message.removeprefix(f"{path}: "), error.hint)
    except NotMetadata as error:
        return unread(str(error))
    if fault := _fault(kind, root, fields):
        return unread(*fault)
    return RetrievedFile(root, name, fields, one_line(str(path)))


def _fault(kind: Kind, root: str, fields: Fields) -> tuple[str, str] | None:
    """Return what is wrong with a file that is XML, and what to do."""
    if root != kind.kind:
        return f"its root element is not {kind.kind}", _RETRIEVE_AGAIN
    if twice := contradiction(root, fields):
        return f"it has {twice} more than once, with different content", _RETRIEVE_AGAIN
    if kind != BY_KIND[root].kinds[0] and not fields.text(OWNER):
        return f"it doesn't name its app ({OWNER})", f"Add <{OWNER}>, or retrieve it again."
    return None
