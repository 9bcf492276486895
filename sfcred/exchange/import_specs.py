"""`sfcred import`: writes specs and their secrets, all of it or nothing."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from sfcred.errors import SfcredError, UsageError, WriteError, WriteRefused
from sfcred.exchange.adopt import Adopted, adopt, slugs
from sfcred.exchange.exports import Export
from sfcred.files import (
    REFERENCED_LIMIT,
    NewFile,
    WriteScope,
    make_folder,
    refuse_unsafe_target,
    write_safely,
    write_set,
)
from sfcred.paths import display_path, is_folder, is_there
from sfcred.secrets import Surroundings, all_providers
from sfcred.secrets.assignment import assignment


class Imported(NamedTuple):
    """What became of an export.

    Attributes:
        specs: The files that were written.
        env_file: With env: the file that has the variables.
        variables: The same, for a look at the specs right away.
    """

    specs: list[Path]
    env_file: Path | None
    variables: Mapping[str, str]


def import_credentials(
    export: Export,
    folder: Path,
    project: Path,
    kind: str,
    n8n: Mapping[str, str],
    allow_hosts: frozenset[str] = frozenset(),
    *,
    configured: bool = False,
) -> Imported:
    """Writes a spec for each Salesforce credential.

    Args:
        export: What n8n had.
        folder: Where the specs go.
        project: The project's root.
        kind: Where the secrets go: env, file, dotenv or keyring.
        n8n: url and version, as far as they are known.
        allow_hosts: See Context.
        configured: The configuration chose the folder, not the person at the command line.

    Raises:
        UsageError: There is nothing to import.
        WriteRefused: Something is there already; nothing was written.
    """
    if not export.salesforce:
        raise UsageError(
            "there is no Salesforce credential in it",
            hint="Salesforce OAuth2 API and Salesforce JWT API are what sfcred knows.",
        )
    taken = [file.stem for file in folder.glob("*.y*ml")] if is_folder(folder) else []
    names = slugs((stored.name for stored in export.salesforce), taken)
    secrets = _secrets_folder(folder, project)
    near = "secrets" if secrets.parent == folder else "../secrets"
    adopted = [
        adopt(stored, name, kind, n8n, allow_hosts, near)
        for stored, name in zip(export.salesforce, names, strict=True)
    ]
    if kind in ("env", "dotenv"):
        _require_writable(adopted, project / ".env" if kind == "dotenv" else None)
    paths = [folder / f"{one.name}.yaml" for one in adopted]
    scope = WriteScope(project, confined=configured)
    for path in paths:
        refuse_unsafe_target(path, force=False, secret=False, scope=scope)
    is_new = not is_there(folder)
    make_folder(folder, scope=scope)
    try:
        env_file, variables = _keep(adopted, folder, secrets, scope, kind)
    except WriteRefused as refusal:
        if is_new:
            folder.rmdir()
        raise WriteRefused(
            refusal.message,
            hint="Nothing was written. Move away what is there; what git would take, it must "
            "ignore first: `sfcred init` writes the rules, or choose another place (--secrets).",
        ) from None
    specs = [NewFile(p, one.text, secret=False) for p, one in zip(paths, adopted, strict=True)]
    try:
        write_set(specs, force=False, scope=scope)
    except (WriteError, WriteRefused) as error:
        error.hint = f"The secrets are stored already, but no spec refers to them. {error.hint}"
        raise
    return Imported([display_path(path) for path in paths], env_file, variables)


def _require_writable(adopted: list[Adopted], env_file: Path | None) -> None:
    """Refuses values that no environment file can hold, before anything is written.

    Args:
        adopted: With their secrets.
        env_file: The project's `.env`, if they go there: sfcred reads it again, up to a limit.

    Raises:
        WriteRefused: With the first of them.
    """
    lines = [assignment(s.locator, s.value) for one in adopted for s in one.secrets]
    if env_file is None:
        return
    size = sum(map(len, lines)) + (env_file.stat().st_size if env_file.is_file() else 0)
    if size > REFERENCED_LIMIT:
        raise WriteRefused(
            f"{env_file}: would hold more than {REFERENCED_LIMIT // 1024} KB, which is the most "
            "that is read again",
            hint="Nothing was written. Choose another place: --secrets file.",
        )


def _secrets_folder(folder: Path, project: Path) -> Path:
    """The folder for files of secrets: beside the specs', but never outside of the project."""
    is_root = os.path.realpath(folder) == os.path.realpath(project)
    return (folder if is_root else folder.parent) / "secrets"


def _keep(
    adopted: list[Adopted], folder: Path, secrets: Path, scope: WriteScope, kind: str
) -> tuple[Path | None, Mapping[str, str]]:
    if kind == "env":
        return _keep_variables(adopted, secrets / "imported.env", scope)
    store = all_providers()[kind].store
    if store is None:
        raise TypeError(f"{kind} can't keep a value")
    if kind == "file":
        make_folder(secrets, 0o700, scope)
    # A person may have named a folder outside of the project; its secrets lie beside it.
    beside = kind == "file" and not scope.confined
    around = Surroundings(folder, secrets.parent if beside else scope.project, {}, ())
    apart = [secret for one in adopted for secret in one.secrets]
    for secret in apart:
        store.prepare(secret.locator, around, False)  # noqa: FBT003 - a provider's own signature
    kept: list[str] = []
    for secret in apart:
        try:
            store.write(secret.locator, secret.value, around, False)  # noqa: FBT003 - as above
        except SfcredError as error:
            told = f"Stored already: {', '.join(kept)}. " if kept else ""
            error.hint = f"{told}No spec was written. {error.hint}"
            raise
        kept.append(secret.locator)
    return None, {}


def _keep_variables(
    adopted: list[Adopted], path: Path, scope: WriteScope
) -> tuple[Path, Mapping[str, str]]:
    """A file for `set -a; . FILE`: sfcred can't set variables of a shell itself."""
    variables = {s.locator: s.value for one in adopted for s in one.secrets}
    make_folder(path.parent, 0o700, scope)
    refuse_unsafe_target(path, force=False, secret=True, scope=scope)
    text = "".join(assignment(name, value) for name, value in variables.items())
    write_safely(path, text, force=False, scope=scope)
    return display_path(path), {name: value.get_secret_value() for name, value in variables.items()}
