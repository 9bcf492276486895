"""An app as Salesforce source: written from specs, and read back from what an org gave."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from sfcred.errors import ReadError, UsageError
from sfcred.files import NewFile, WriteScope, read_regular, write_set
from sfcred.paths import is_file, is_folder
from sfcred.printable import one_line
from sfcred.resolve.blueprint import blueprint, folder_of
from sfcred.resolve.credential import Credential
from sfcred.salesforce.metadata import API_VERSION, connected_app, external_client_app
from sfcred.salesforce.metadata.model import MetadataFile
from sfcred.salesforce.metadata.xml import NotMetadata, Texts, package, read
from sfcred.shell import for_shell

_SOURCE = Path("force-app/main/default")
#: The most that a metadata file may hold, in bytes.
_LIMIT = 1024 * 1024


class SourceFile(NamedTuple):
    """A file to write; `sensitive`: it must stay out of git."""

    path: Path
    text: str
    sensitive: bool = False


def app_files(credential: Credential) -> list[MetadataFile]:
    """A credential's app as metadata.

    Raises:
        RenderError: The spec doesn't say enough.
    """
    is_connected = credential.app.type == "connected_app"
    write = connected_app.write_files if is_connected else external_client_app.write_files
    return write(blueprint(credential))


def source_of(credential: Credential) -> list[SourceFile]:
    """A project that the Salesforce CLI deploys, in a folder of the credential's own.

    Raises:
        RenderError: The spec doesn't say enough.
    """
    files = app_files(credential)
    root = folder_of(credential)
    members: dict[str, list[str]] = {}
    for file in files:
        members.setdefault(file.kind, []).append(file.name)
    project = {
        "packageDirectories": [{"path": "force-app", "default": True}],
        "sourceApiVersion": API_VERSION,
    }
    return [
        SourceFile(root / "sfdx-project.json", json.dumps(project, indent=2) + "\n"),
        SourceFile(root / "manifest/package.xml", package(members)),
        *(_source_file(root, file) for file in files),
    ]


def _source_file(root: Path, file: MetadataFile) -> SourceFile:
    name = f"{file.name}.{file.suffix}-meta.xml"
    return SourceFile(root / _SOURCE / file.folder / name, file.text, file.sensitive)


def write_source(
    files: Sequence[SourceFile], folder: Path, scope: WriteScope, *, force: bool
) -> None:
    """Writes all of it, or nothing where something is in the way.

    Raises:
        WriteRefused: A file exists, or git would take one that must stay out of it.
        WriteError: The system refused.
    """
    made = [NewFile(folder / file.path, file.text, file.sensitive) for file in files]
    write_set(made, force=force, scope=scope, folders=0o777)


def read_source(folder: Path) -> list[tuple[str, str, Texts]]:
    """The app metadata below a folder, in source or in metadata format.

    Returns:
        Type, member name and texts of each file.

    Raises:
        UsageError: It is no folder, or there is no app metadata in it.
    """
    if not is_folder(folder):
        raise UsageError(f"{folder}: is not a folder", hint="Name the one with the metadata.")
    suffixes = {suffix for _folder, suffix, _ending in external_client_app.PLACES.values()}
    suffixes.add(connected_app.SUFFIX)
    found = [_read(file, name) for file, name in _candidates(folder, suffixes)]
    if not found:
        raise UsageError(
            f"{folder}: holds no app metadata",
            hint="Retrieve it: sf project retrieve start --manifest manifest/package.xml.",
        )
    return found


def _candidates(folder: Path, suffixes: set[str]) -> Iterable[tuple[Path, str]]:
    for file in sorted(folder.rglob("*")):
        stem = file.name.removesuffix("-meta.xml")
        name, _, suffix = stem.rpartition(".")
        if suffix in suffixes and is_file(file):
            yield file, name


def _read(file: Path, name: str) -> tuple[str, str, Texts]:
    try:
        kind, texts = read(read_regular(file, _LIMIT).decode("utf-8-sig", "replace"))
    except ReadError as error:
        raise UsageError(error.message, hint=error.hint) from None
    except NotMetadata as error:
        raise UsageError(f"{file}: is no metadata: {error}", hint="Retrieve it anew.") from None
    return kind, name, texts


def advice(credentials: Sequence[Credential], folder: Path) -> str:
    """What to do with the source, and the traps on the way, in words."""
    lines = []
    for credential in credentials:
        where = folder / folder_of(credential)
        lines += [f"{where}: the app of {credential.name}", *_steps(credential, where)]
    lines.append(
        "Mind: the files with the certificate must stay out of git; a deployment without it takes "
        "the\n  app's certificate away, and JWT logins fail."
    )
    return "\n".join(lines) + "\n"


def _steps(credential: Credential, where: Path) -> list[str]:
    steps = []
    app = blueprint(credential)
    if app.pre_authorized:
        sets = one_line(", ".join(app.permission_sets)) or "a permission set"
        steps.append(f"first make {sets} in the org and assign it to the user: else nobody gets in")
    steps.append(
        f"cd {for_shell(where)} && sf project deploy start --manifest manifest/package.xml -o ORG"
    )
    if credential.app.type == "connected_app":
        steps.append(
            "new Connected Apps can't be created any more; this updates one that exists (SFC604)"
        )
    steps.append("copy the app's Consumer Key to where `client_id` refers to")
    steps.append(
        f"later: sf project retrieve start --manifest manifest/package.xml -o ORG, then "
        f"sfcred app --check {for_shell(where)}"
    )
    return [f"  {number}. {step}" for number, step in enumerate(steps, 1)]
