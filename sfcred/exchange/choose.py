"""Choose which credentials of an export become new specs."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from sfcred.errors import NothingFound
from sfcred.exchange.adopt import ImportOptions, slugs
from sfcred.exchange.exports import Export
from sfcred.exchange.held import why_not_held
from sfcred.n8n.export import NotRead, StoredCredential
from sfcred.n8n.ids import derive_id
from sfcred.n8n.place import n8n_place
from sfcred.n8n.versions import parse_version
from sfcred.paths import is_there
from sfcred.resolve.loading import LoadedFile, load_files
from sfcred.settings import Settings
from sfcred.spec.load import Declaration
from sfcred.workspace.opening import find_files, make_context


class KnownSpec(NamedTuple):
    """An existing spec of a credential in n8n.

    Attributes:
        id: The credential's id in n8n.
        name, type: Its name and type there; empty if the spec has errors.
        url: n8n's address, without a trailing slash; empty if the spec doesn't have one.
        shown: The spec's path for messages.
    """

    id: str
    name: str
    type: str
    url: str
    shown: str


class Choice(NamedTuple):
    """What happens to the credentials of an export.

    Attributes:
        new: Those that become specs.
        known: Those that have a spec, with its path.
        left_out: Those that no spec can stand for, with the reason.
    """

    new: list[StoredCredential]
    known: list[tuple[StoredCredential, str]]
    left_out: list[NotRead]


def choose(export: Export, options: ImportOptions, known: Sequence[KnownSpec]) -> Choice:
    """Sort the Salesforce credentials of an export.

    Args:
        export: The export.
        options: What is known about its n8n.
        known: The specs that exist.
    """
    choice = Choice([], [], [])
    version = parse_version(options.n8n_version)
    finder = _Finder(known, options.n8n_url)
    for stored in export.salesforce:
        if spec := finder.find(stored):
            choice.known.append((stored, spec.shown))
        elif reason := why_not_held(stored, version):
            choice.left_out.append(NotRead(stored.name or "?", reason, stored.id, stored.type))
        else:
            choice.new.append(stored)
    return choice


def known_specs(paths: Iterable[Path], settings: Settings) -> list[KnownSpec]:
    """Return the specs in some files and folders.

    Args:
        paths: The files and folders, which don't have to exist.
        settings: The project's settings. Files that they exclude are no specs.

    Raises:
        UsageError: A link leads out of the project, so a spec could be missed.
    """
    there = [path for path in paths if is_there(path)]
    try:
        files = find_files(there, settings, lambda _text: None) if there else []
    except NothingFound:
        return []
    loaded = load_files(files, make_context(settings))
    return [spec for file in loaded for one in file.spec.declarations for spec in _specs(file, one)]


def _specs(file: LoadedFile, declaration: Declaration) -> Iterator[KnownSpec]:
    shown = declaration.source.shown
    credentials = file.credentials(declaration)
    for one in credentials:
        kind = one.n8n_type if one.decision.flow else ""
        yield KnownSpec(one.n8n.credential_id, one.n8n.credential_name, kind, one.n8n.key, shown)
    if not credentials:
        node = declaration.node.find(("n8n", "id"))
        key = node.value if node is not None else None
        yield KnownSpec(
            key if isinstance(key, str) else derive_id(declaration.name), "", "", "", shown
        )


class _Finder:
    """Finds the spec of a credential: by its id or, if it has none, by name and type."""

    def __init__(self, known: Sequence[KnownSpec], url: str) -> None:
        self._url = n8n_place(url)
        usable = [one for one in known if not (self._url and one.url and one.url != self._url)]
        self._by_id = {one.id: one for one in reversed(usable)}
        self._by_name = {(one.name, one.type): one for one in reversed(usable)}

    def find(self, stored: StoredCredential) -> KnownSpec | None:
        if stored.id:
            return self._by_id.get(stored.id)
        name = stored.name or slugs([""])[0]
        return self._by_name.get((name, stored.type))
