"""Write an app as Salesforce source, and read the source retrieved from an org."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from sfcred.errors import ReadError, Unreadable, UsageError
from sfcred.files import NewFile, WriteScope, read_regular, write_set
from sfcred.paths import is_file, is_folder
from sfcred.printable import one_line
from sfcred.resolve.blueprint import blueprint
from sfcred.resolve.credential import Credential
from sfcred.salesforce.metadata import API_VERSION
from sfcred.salesforce.metadata.formats import SUFFIXES, format_of
from sfcred.salesforce.metadata.model import MetadataFile, RetrievedFile
from sfcred.salesforce.metadata.xml import NotMetadata, package, read
from sfcred.shell import for_shell

#: The source folder in a project made by `sf project generate`.
_SOURCE = Path("force-app/main/default")
#: The largest metadata file that is read, in bytes.
_LIMIT = 1024 * 1024


class SourceFile(NamedTuple):
    """A file to write.

    Attributes:
        path: Its path below the output folder.
        text: Its content.
        sensitive: Whether it must stay out of git.
    """

    path: Path
    text: str
    sensitive: bool = False


def app_files(credential: Credential) -> list[MetadataFile]:
    """Return a credential's app as metadata.

    Raises:
        RenderError: The spec doesn't state enough about the app.
    """
    return format_of(credential.app.type).write(blueprint(credential))


def source_of(credential: Credential) -> list[SourceFile]:
    """Return the files of a project that the Salesforce CLI can deploy.

    Each credential gets its own folder, because each app is for a different org.

    Raises:
        RenderError: The spec doesn't state enough about the app.
    """
    root = _folder_of(credential)
    files = app_files(credential)
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


def _folder_of(credential: Credential) -> Path:
    profile = f".{credential.profile}" if credential.profile else ""
    return Path(f"{credential.name}{profile}")


def _source_file(root: Path, file: MetadataFile) -> SourceFile:
    name = f"{file.name}.{file.suffix}-meta.xml"
    return SourceFile(root / _SOURCE / file.folder / name, file.text, file.sensitive)


def write_source(
    files: Sequence[SourceFile], folder: Path, scope: WriteScope, *, force: bool
) -> None:
    """Write all files, or none if one of them can't be written.

    Args:
        files: The result of `source_of`, for one or several credentials.
        folder: The output folder; it is created if needed.
        scope: The project, and what may be written.
        force: Overwrite files, and write sensitive files even if git doesn't ignore them.

    Raises:
        WriteRefused: A file exists, or a sensitive one would be committed.
        WriteError: The operating system refused.
    """
    new = [NewFile(folder / file.path, file.text, file.sensitive) for file in files]
    write_set(new, force=force, scope=scope, folders=0o777)


def read_source(folder: Path) -> list[RetrievedFile]:
    """Read the app metadata below a folder, in source or metadata format.

    It recognizes files by the suffixes in the Salesforce CLI's registry.

    Raises:
        UsageError: It is not a folder, or it contains no app metadata.
        Unreadable: A file can't be read. Without it, the comparison would treat part of the app as
            missing.
    """
    if not is_folder(folder):
        raise UsageError(
            f"{folder}: not a folder", hint="Pass the folder that contains the metadata."
        )
    found = [_read(file, name) for file, name in _candidates(folder)]
    if not found:
        raise UsageError(
            f"{folder}: contains no app metadata",
            hint="Retrieve it: sf project retrieve start --manifest manifest/package.xml.",
        )
    return found


def _candidates(folder: Path) -> Iterator[tuple[Path, str]]:
    """Yield the files of apps, each with its member's name."""
    for file in sorted(folder.rglob("*")):
        name, _, suffix = file.name.removesuffix("-meta.xml").rpartition(".")
        if suffix in SUFFIXES and is_file(file):
            yield file, name


def _read(file: Path, name: str) -> RetrievedFile:
    try:
        kind, texts = read(read_regular(file, _LIMIT).decode("utf-8-sig", "replace"))
    except ReadError as error:
        raise Unreadable(error.message, hint=error.hint) from None
    except NotMetadata as error:
        raise Unreadable(f"{file}: not metadata: {error}", hint="Retrieve it again.") from None
    return RetrievedFile(kind, name, texts)


def advice(credentials: Sequence[Credential], folder: Path) -> str:
    """Return the next steps with the source, and a warning, as text for a terminal.

    Args:
        credentials: The credentials whose source was written.
        folder: The output folder.

    Raises:
        RenderError: As `source_of`.
    """
    lines = []
    for credential in credentials:
        where = folder / _folder_of(credential)
        lines += [f"{where}: the app of {credential.name}", *_steps(credential, where)]
    lines.append(
        "Keep the files with the certificate out of git. If you deploy without them, the app\n"
        "  loses its certificate, and JWT logins fail."
    )
    return "\n".join(lines) + "\n"


def _steps(credential: Credential, where: Path) -> list[str]:
    steps = []
    app = blueprint(credential)
    if app.pre_authorized:
        sets = one_line(", ".join(app.permission_sets)) or "a permission set"
        steps.append(f"create {sets} in the org and assign it to the user; otherwise logins fail")
    steps.append(
        f"cd {for_shell(where)} && sf project deploy start --manifest manifest/package.xml -o ORG"
    )
    if credential.app.type == "connected_app":
        steps.append("you can't create new Connected Apps any more; this updates an existing one")
    steps.append("copy the app's Consumer Key to the place that `client_id` refers to")
    steps.append(
        f"later: sf project retrieve start --manifest manifest/package.xml -o ORG, then "
        f"sfcred app --check {for_shell(where)}"
    )
    return [f"  {number}. {step}" for number, step in enumerate(steps, 1)]
