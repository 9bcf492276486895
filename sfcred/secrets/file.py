"""`{file: path}`: a file, relative to the spec."""

from pathlib import Path

from pydantic import SecretStr

from sfcred.secrets._api import Provider, Surroundings, read_secret_file


def _path(locator: str, around: Surroundings) -> Path:
    return around.folder / locator


def _read(locator: str, around: Surroundings) -> SecretStr:
    return read_secret_file(_path(locator, around), f"the file {locator}")


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
)
