"""Write the specs and secrets of `sfcred import`, or nothing at all."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, Self

from pydantic import SecretStr

from sfcred.ending import cleaned_up
from sfcred.errors import (
    AlreadyThere,
    Interrupted,
    SfcredError,
    UsageError,
    WriteError,
    WriteRefused,
    bug_place,
)
from sfcred.exchange.adopt import AdoptedSpec, ExtractedSecret, ImportOptions, adopt, slugs
from sfcred.exchange.choose import Choice, KnownSpec, choose
from sfcred.exchange.exports import Export, require_readable
from sfcred.files.atomic import signals_held
from sfcred.files.new_folders import removed_on_failure
from sfcred.files.private_folder import make_private_folder
from sfcred.files.writing import (
    NewFile,
    WriteScope,
    make_folder,
    refuse_unsafe_set,
    refuse_unsafe_target,
    write_set,
    write_sets,
)
from sfcred.init.layout import Layout, layout_of
from sfcred.n8n.export import StoredCredential
from sfcred.paths import display_path, is_file, is_folder
from sfcred.secrets import Surroundings, find_provider
from sfcred.secrets.assignment import assignment
from sfcred.secrets.provider import Remove, Store
from sfcred.secrets.store_cache import StoreCache

#: With `--secrets env`, the file in the folder of secrets that you load into a shell.
_ENV_FILE = "imported.env"


class Imported(NamedTuple):
    """The results of an import.

    Attributes:
        specs: The spec files, as messages show them.
        env_file: With `--secrets env`, the file with the variables; otherwise None.
        variables: With `--secrets env`, the variables, so that the specs can be checked at once.
        choice: Which credentials became specs, and which didn't.
    """

    specs: list[Path]
    env_file: Path | None
    variables: Mapping[str, SecretStr]
    choice: Choice


class _Destination(NamedTuple):
    """The folders for specs and secret files, and what may be written there."""

    layout: Layout
    scope: WriteScope

    @classmethod
    def of(cls, folder: Path, project: Path, *, configured: bool) -> Self:
        """Return where the specs of a folder and their secrets go."""
        return cls(layout_of(folder, project), WriteScope(project, confined=configured))


def import_credentials(
    export: Export,
    folder: Path,
    project: Path,
    options: ImportOptions,
    tell: Callable[[Imported], object],
    *,
    known: Callable[[], Sequence[KnownSpec]] = tuple,
    configured: bool = False,
) -> Imported:
    """Write a spec for each Salesforce credential of an export, and store its secrets.

    Credentials that have a spec already are left alone.

    Args:
        export: The export from n8n.
        folder: The folder for the specs.
        project: The project's root.
        options: Where the secrets go, and what is known about n8n.
        tell: Called with the results. A signal that comes when all is written waits for it.
        known: Returns the specs that exist.
        configured: Whether the folder comes from the configuration, not from the command line.

    Raises:
        UsageError: The export has no Salesforce credentials.
        Unreadable: It has entries, and none can be read.
        WriteRefused: A file can't be written. Nothing was written.
        WriteError: The operating system refused. The message says what was written.
        SecretUnavailable: The secret store refused.
    """
    _require_credentials(export)
    destination = _Destination.of(folder, project, configured=configured)
    taken = _names_in(destination.layout.specs)  # before the specs are read
    choice = choose(export, options, known())
    if not choice.new:
        imported = Imported([], None, {}, choice)
        tell(imported)
        return imported
    adopted = _adopt_all(choice.new, taken, destination, options)
    secrets = _secrets_of(adopted, options.secrets)
    specs = _spec_files(adopted, folder, destination.scope)
    to_load = _to_load(secrets, destination, options.secrets)
    imported = Imported([display_path(spec.path) for spec in specs], *to_load, choice)
    _write(secrets, specs, destination, options.secrets, lambda: tell(imported))
    return imported


def _secrets_of(adopted: Sequence[AdoptedSpec], kind: str) -> list[ExtractedSecret]:
    """Return the secrets to store.

    Raises:
        SfcredError: A shell's file can't hold one. Nothing was written.
    """
    secrets = [secret for one in adopted for secret in one.secrets]
    if kind in ("env", "dotenv"):
        for secret in secrets:  # now, and with a hint that fits
            assignment(secret.locator, secret.value)
    return secrets


def _to_load(
    secrets: Sequence[ExtractedSecret], destination: _Destination, kind: str
) -> tuple[Path | None, Mapping[str, SecretStr]]:
    """Return the file to load into a shell, and its variables, if there is one."""
    if kind != "env":
        return None, {}
    variables = {secret.locator: secret.value for secret in secrets}
    return display_path(destination.layout.secrets / _ENV_FILE), variables


def _require_credentials(export: Export) -> None:
    require_readable(export)
    if not export.salesforce:
        raise UsageError(
            "the export contains no Salesforce credentials",
            hint="sfcred imports the types Salesforce OAuth2 API and Salesforce JWT API, and "
            "OAuth2 API if its URLs are Salesforce's.",
        )


def _names_in(folder: Path) -> list[str]:
    """Return the names that specs can't have.

    If they are looked up before the specs are read, a spec that another import writes meanwhile is
    in the way: the same credential can't get a second one.
    """
    return [file.stem for file in folder.glob("*.y*ml")] if is_folder(folder) else []


def _adopt_all(
    credentials: Sequence[StoredCredential],
    taken: Sequence[str],
    destination: _Destination,
    options: ImportOptions,
) -> list[AdoptedSpec]:
    names = slugs((stored.name for stored in credentials), taken)
    links = destination.layout.links
    if not is_file(destination.layout.specs / links.schema):
        links = links._replace(schema="")
    return [
        adopt(stored, name, options, links) for stored, name in zip(credentials, names, strict=True)
    ]


def _spec_files(adopted: Sequence[AdoptedSpec], folder: Path, scope: WriteScope) -> list[NewFile]:
    """Return the files of specs.

    Raises:
        WriteRefused: One of them can't be written.
    """
    specs = [NewFile(folder / f"{one.name}.yaml", one.text, secret=False) for one in adopted]
    try:
        for spec in specs:
            refuse_unsafe_target(spec.path, force=False, secret=False, scope=scope)
    except AlreadyThere as error:
        error.hint = f"{_NOTHING_LEFT}{_advice(error)}"
        raise
    return specs


def _write(
    secrets: Sequence[ExtractedSecret],
    specs: Sequence[NewFile],
    destination: _Destination,
    kind: str,
    tell: Callable[[], object],
) -> None:
    """Write specs and store secrets, and tell it before a signal ends the process.

    Raises:
        SfcredError: Something can't be written. The message says what was.
    """
    folders = (destination.layout.specs, destination.layout.secrets)
    with removed_on_failure(folders, destination.scope):
        files = _prepare(secrets, destination, kind)
        if files is None:
            _store(secrets, specs, destination, kind, tell)
            return
        with signals_held():  # or one could end the process when all is done
            _write_all(files, specs, destination, kind)
            tell()


def _prepare(
    secrets: Sequence[ExtractedSecret], destination: _Destination, kind: str
) -> list[NewFile] | None:
    """Check that all secrets can be stored, and return their files; None if they have none.

    Raises:
        WriteRefused, SecretUnavailable: One of them can't. Nothing was stored.
    """
    make_folder(destination.layout.specs, scope=destination.scope)
    try:
        return _require_storable(secrets, destination, kind)
    except WriteRefused as error:
        error.hint = _NOTHING_WRITTEN
        raise


_NOTHING_WRITTEN = (
    "Nothing was written. If a file is in the way, move it. If git doesn't ignore the secrets, add "
    "secrets/ and .env to .gitignore, or choose another place with --secrets."
)


def _require_storable(
    secrets: Sequence[ExtractedSecret], destination: _Destination, kind: str
) -> list[NewFile] | None:
    if kind in ("env", "file"):
        make_private_folder(destination.layout.secrets, destination.scope)
    files = _files(secrets, destination, kind)
    if files is not None:
        refuse_unsafe_set(files, _scope_of_secrets(destination, kind))
        return files
    store, around = _store_of(kind), _surroundings(destination, kind)
    for secret in secrets:
        store.prepare(secret.locator, around, False)  # noqa: FBT003 - a provider's own signature
    return None


def _files(
    secrets: Sequence[ExtractedSecret], destination: _Destination, kind: str
) -> list[NewFile] | None:
    """Return the files for secrets; None if they are stored elsewhere.

    For `env`, it is a file for `set -a; . FILE`, because sfcred can't set variables in your shell.
    """
    if kind == "env":
        text = "".join(assignment(secret.locator, secret.value) for secret in secrets)
        return [NewFile(destination.layout.secrets / _ENV_FILE, text, secret=True)]
    make_files, around = _store_of(kind).files, _surroundings(destination, kind)
    if make_files is None:
        return None
    return make_files([(secret.locator, secret.value) for secret in secrets], around)


def _scope_of_secrets(destination: _Destination, kind: str) -> WriteScope:
    if kind == "env":
        return destination.scope
    return WriteScope(_surroundings(destination, kind).project, confined=True)


def _write_all(
    files: Sequence[NewFile], specs: Sequence[NewFile], destination: _Destination, kind: str
) -> None:
    """Write secrets and specs together: if one can't be written, or on Ctrl-C, none stays."""
    sets = [(files, _scope_of_secrets(destination, kind)), (specs, destination.scope)]
    try:
        write_sets(sets, force=False)
    except (WriteError, WriteRefused) as error:
        error.hint = f"{_NOTHING_LEFT}{_advice(error)}"
        raise


_NOTHING_LEFT = "No spec was written, and no secret was stored. "


def _advice(error: SfcredError) -> str:
    # The error's own hint suggests --force, which import doesn't have.
    if not isinstance(error, WriteRefused):
        return error.hint
    if isinstance(error, AlreadyThere):
        return "Run the command again if another import was running, or else move it away."
    return "Move what is in the way."


def _store(
    secrets: Sequence[ExtractedSecret],
    specs: Sequence[NewFile],
    destination: _Destination,
    kind: str,
    tell: Callable[[], object],
) -> None:
    """Store secrets and write specs: if one can't be, or on Ctrl-C, none stays."""
    store, around = _store_of(kind), _surroundings(destination, kind)
    remove = store.remove
    if remove is None:
        raise TypeError(f"{kind} can't take a value back")
    tried: list[ExtractedSecret] = []
    with cleaned_up(lambda: _take_back(tried, remove, around)):
        try:
            for secret in secrets:
                tried.append(secret)  # before: an interrupted write may have stored it
                try:
                    store.write(secret.locator, secret.value, around, False)  # noqa: FBT003 - as above
                except AlreadyThere:  # another import's, even if the value is the same
                    tried.pop()
                    raise
            with signals_held():  # as above
                write_set(specs, force=False, scope=destination.scope)
                tried.clear()
                tell()
        except BaseException as error:
            left, again = _take_back(tried, remove, around)
            state = f"No spec was written. Delete what may be left: {', '.join(left)}. "
            if left and (again or isinstance(error, KeyboardInterrupt)):
                raise Interrupted("interrupted", hint=state.strip()) from None
            if isinstance(error, SfcredError):
                error.hint = f"{state if left else _NOTHING_LEFT}{_advice(error)}"
            elif left:
                message = f"the import failed: {bug_place(error)}"
                raise WriteError(message, hint=state.strip()) from None
            raise


def _take_back(
    tried: Sequence[ExtractedSecret], remove: Remove, around: Surroundings
) -> tuple[list[str], bool]:
    """Remove what was stored. Return the places that may be left, and whether Ctrl-C came."""
    waiting, left = list(tried), list[str]()
    try:
        while waiting:
            try:
                remove(waiting[0].locator, waiting[0].value, around)
            except SfcredError:
                left.append(waiting[0].locator)
            del waiting[0]
    except KeyboardInterrupt:
        return [*left, *(secret.locator for secret in waiting)], True
    return left, False


def _store_of(kind: str) -> Store:
    store = find_provider(kind).store
    if store is None:
        raise TypeError(f"{kind} can't store a value")
    return store


def _surroundings(destination: _Destination, kind: str) -> Surroundings:
    # You can name a folder outside the project. The secret files are then next to it.
    is_outside = kind == "file" and not destination.scope.confined
    project = destination.layout.secrets.parent if is_outside else destination.scope.project
    return Surroundings(destination.layout.specs, project, {}, (), StoreCache())
