"""`{file: path}`: a file, relative to the spec."""

from pathlib import Path

from pydantic import SecretStr

from sfcred.errors import WriteRefused
from sfcred.files import refuse_unsafe_target, write_safely
from sfcred.secrets._api import Provider, Store, Surroundings, read_secret_file
from sfcred.shell import for_shell


def _path(locator: str, around: Surroundings) -> Path:
    return around.folder / locator


def _read(locator: str, around: Surroundings) -> SecretStr:
    return read_secret_file(_path(locator, around), f"the file {locator}")


def _prepare(locator: str, around: Surroundings, force: bool) -> None:
    path = _path(locator, around)
    if not path.parent.is_dir():
        raise WriteRefused(
            f"{path}: its folder does not exist",
            hint=f"Make it: mkdir -m 700 -p {for_shell(path.parent)}",
        )
    refuse_unsafe_target(path, force=force, secret=True)


def _write(locator: str, value: SecretStr, around: Surroundings, force: bool) -> None:
    write_safely(_path(locator, around), f"{value.get_secret_value()}\n", force=force)


PROVIDER = Provider(
    key="file",
    title="a file",
    description="The content of a file, without the line end at its end. "
    "A relative path starts at the spec's folder.",
    pattern="[^\\n\\r]+",
    example="../secrets/acme.key",
    read=_read,
    where=lambda locator, _around: f"file {locator}",
    path=_path,
    store=Store(_prepare, _write),
)
