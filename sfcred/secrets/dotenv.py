"""`{dotenv: KEY}`: a key of the `.env` file next to the project's configuration."""

from pathlib import Path

from pydantic import SecretStr

from sfcred.environment_file import bindings
from sfcred.errors import ReadError, SecretUnavailable, WriteRefused
from sfcred.files import read_regular, refuse_tracking, refuse_unsafe_target, write_safely
from sfcred.secrets._api import Provider, Store, Surroundings, read_secret_file


def _path(_key: str, around: Surroundings) -> Path:
    return around.project / ".env"


def _read(key: str, around: Surroundings) -> SecretStr:
    text = read_secret_file(_path(key, around), "the project's .env file").get_secret_value()
    try:
        value = {line.key: line.value for line in bindings(text)}.get(key)
    except ReadError as error:
        raise SecretUnavailable(
            f"the project's .env file {error.message}", hint=error.hint
        ) from None
    if not value:
        state = "has no value for" if value is not None else "has no key"
        raise SecretUnavailable(
            f"the project's .env file {state} {key}",
            hint=f"Add a line {key}=… to {_path(key, around)}.",
        )
    return SecretStr(value)


def _prepare(key: str, around: Surroundings, force: bool) -> None:
    path = _path(key, around)
    # The file stays as it is but for one key, so that it exists is no reason to refuse.
    refuse_unsafe_target(path, force=True, secret=True)
    if not force:
        refuse_tracking(path)
        _refuse_replacing(key, around)


def _refuse_replacing(key: str, around: Surroundings) -> None:
    try:
        _read(key, around)
    except SecretUnavailable:
        return
    raise WriteRefused(
        f"the project's .env file has a value for {key} already",
        hint="`sfcred doctor --live` tells whether it works; --force replaces it.",
    )


def _write(key: str, value: SecretStr, around: Surroundings, force: bool) -> None:
    _prepare(key, around, force)
    path = _path(key, around)
    before = read_regular(path).decode("utf-8", "surrogateescape") if path.exists() else ""
    write_safely(path, _with_key(before, key, value.get_secret_value()), force=True)


def _with_key(text: str, key: str, value: str) -> str:
    """The file's text with one key set, all else as it was."""
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    line = f"{key}='{escaped}'\n"
    parts = [(binding.key, binding.original.string) for binding in bindings(text)]
    if not any(name == key for name, _ in parts):
        return "".join([text, "" if not text or text.endswith("\n") else "\n", line])
    return "".join(line if name == key else original for name, original in parts)


PROVIDER = Provider(
    key="dotenv",
    title="a key of the project's .env file",
    description="A key of the `.env` file next to the project's configuration. "
    "Nothing is expanded: `${X}` inside a value stays as it is.",
    pattern="[A-Za-z_][A-Za-z0-9_.]*",
    example="ACME_CLIENT_SECRET",
    read=_read,
    where=lambda key, _around: f"key {key} of the project's .env file",
    path=_path,
    store=Store(_prepare, _write),
)
