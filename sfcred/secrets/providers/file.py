"""`{file: path}`: a file, relative to the spec."""

from collections.abc import Sequence
from pathlib import Path

from pydantic import SecretStr

from sfcred.errors import WriteRefused
from sfcred.files.new_folders import removed_on_failure
from sfcred.files.private_folder import make_private_folder
from sfcred.files.writing import NewFile, WriteScope, refuse_unsafe_target, write_safely
from sfcred.paths import is_folder, why_foreign
from sfcred.secrets.provider import Provider, Store, Surroundings, local_path, read_secret_file
from sfcred.text.shell import create_folder


def _path(locator: str, around: Surroundings) -> Path | None:
    return None if why_foreign(locator) else around.folder / locator


def _read(locator: str, around: Surroundings) -> SecretStr:
    return read_secret_file(local_path(locator, around), f"the file {locator}")


def _prepare(locator: str, around: Surroundings, force: bool) -> None:
    path = local_path(locator, around)
    # One missing folder is created, as in a fresh clone. If more are missing, it is a mistake.
    if not is_folder(path.parent) and not is_folder(path.parent.parent):
        raise WriteRefused(
            f"{path}: its folder does not exist",
            hint=f"Create it: `{create_folder(path.parent, private=True)}`",
        )
    refuse_unsafe_target(path, force=force, secret=True, scope=_scope(around, force))


def _write(locator: str, value: SecretStr, around: Surroundings, force: bool) -> None:
    file, scope = _file(locator, value, around), _scope(around, force)
    with removed_on_failure([file.path.parent], scope):
        make_private_folder(file.path.parent, scope)
        write_safely(file.path, file.content, force=force, scope=scope)


def _file(locator: str, value: SecretStr, around: Surroundings) -> NewFile:
    text = value.get_secret_value()
    # Reading takes one line break away, which can be that of Windows.
    end = "\r\n" if text.endswith("\r") else "\n"
    return NewFile(local_path(locator, around), f"{text}{end}", secret=True)


def _files(values: Sequence[tuple[str, SecretStr]], around: Surroundings) -> list[NewFile]:
    return [_file(locator, value, around) for locator, value in values]


def _scope(around: Surroundings, force: bool) -> WriteScope:
    return WriteScope(around.project, confined=not force, chosen=True)


PROVIDER = Provider(
    key="file",
    title="a file",
    description="The content of a file, without its final line break. "
    "A relative path starts at the spec's folder.",
    pattern="[^\\n\\r]+",
    example="../secrets/acme.key",
    read=_read,
    where=lambda locator, _around: f"file {locator}",
    path=_path,
    path_text=lambda locator: locator,
    store=Store(_prepare, _write, _files),
)
