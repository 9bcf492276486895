"""`{dotenv: KEY}`: a key of the `.env` file next to the project's configuration."""

import io
from pathlib import Path

from pydantic import SecretStr

from sfcred.errors import SecretUnavailable, WriteRefused
from sfcred.files import (
    WriteScope,
    read_regular,
    refuse_tracking,
    refuse_unsafe_target,
    write_safely,
)
from sfcred.paths import is_there
from sfcred.secrets._api import Provider, Store, Surroundings, read_secret_file


def _path(_key: str, around: Surroundings) -> Path:
    return around.project / ".env"


def _read(key: str, around: Surroundings) -> SecretStr:
    from dotenv import dotenv_values

    text = read_secret_file(_path(key, around), "the project's .env file").get_secret_value()
    # interpolate=False: `${X}` inside a secret is part of the secret.
    value = dotenv_values(stream=io.StringIO(text), interpolate=False).get(key)
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
    scope = WriteScope(around.project)
    refuse_unsafe_target(path, force=True, secret=True, scope=scope)
    if not force:
        refuse_tracking([path], scope)
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
    before = read_regular(path).decode("utf-8", "surrogateescape") if is_there(path) else ""
    text = _with_key(before, key, value.get_secret_value())
    write_safely(path, text, force=True, scope=WriteScope(around.project))


def _with_key(text: str, key: str, value: str) -> str:
    """The file's text with one key set, all else as it was."""
    from dotenv.parser import parse_stream

    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    line = f"{key}='{escaped}'\n"
    parts = [(binding.key, binding.original.string) for binding in parse_stream(io.StringIO(text))]
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
