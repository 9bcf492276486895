"""`{dotenv: KEY}`: a key of the `.env` file next to the project's configuration."""

import re
from collections.abc import Sequence
from pathlib import Path

from pydantic import SecretStr

from sfcred.environment_file import bindings
from sfcred.errors import AlreadyThere, ReadError, SecretUnavailable, WriteRefused
from sfcred.files import REFERENCED_LIMIT, read_regular
from sfcred.files.writing import (
    NewFile,
    WriteScope,
    refuse_tracking,
    refuse_unsafe_target,
    write_set,
)
from sfcred.paths import is_there
from sfcred.secrets.assignment import assignment, is_plain, require_name
from sfcred.secrets.provider import Provider, Store, Surroundings, read_secret_file

# Lines that shells and python-dotenv read the same way, to the end. No open quote swallows the
# lines that follow.
_SOUND = re.compile(
    r"""(?:[ \t]*+(?:(?:export[ ])?[A-Za-z_][A-Za-z0-9_]*=
    (?:[A-Za-z0-9_./@%+,:=-]*|'[^']*'|"[^"\\$`]*")(?=[ \t\n]))?[ \t]*+(?:\#[^\n]*+)?\n)*+""",
    re.VERBOSE,
)


def _file(around: Surroundings) -> Path:
    return around.project / ".env"


def _values(around: Surroundings) -> dict[str | None, str | None]:
    text = read_secret_file(_file(around), "the project's .env file").get_secret_value()
    try:
        return {line.key: line.value for line in bindings(text)}
    except ReadError as error:
        raise SecretUnavailable(
            f"the project's .env file {error.message}", hint=error.hint
        ) from None


def _read(key: str, around: Surroundings) -> SecretStr:
    if not is_there(_file(around)):
        raise SecretUnavailable(
            "the project's .env file: no such file or directory",
            hint=f"Create {_file(around)} with a line {key}=…",
        )
    value = _values(around).get(key)
    if not value:
        state = "has no value for" if value is not None else "has no key"
        raise SecretUnavailable(
            f"the project's .env file {state} {key}",
            hint=f"Add a line {key}=… to {_file(around)}.",
        )
    return SecretStr(value)


def _prepare(key: str, around: Surroundings, force: bool) -> None:
    _require_storable([key], around, force=force)


def _require_storable(keys: Sequence[str], around: Surroundings, *, force: bool) -> None:
    for key in keys:
        require_name(key)
    path = _file(around)
    # Only some keys of the file change, so an existing file is not a reason to refuse.
    scope = WriteScope(around.project)
    refuse_unsafe_target(path, force=True, secret=True, scope=scope)
    if not force:
        refuse_tracking([path], scope)
        _refuse_replacing(keys, around)


def _refuse_replacing(keys: Sequence[str], around: Surroundings) -> None:
    try:
        values = _values(around)
    except SecretUnavailable:
        return
    if there := next(filter(values.get, keys), None):
        raise AlreadyThere(
            f"the project's .env file already has a value for {there}",
            hint="Check whether it works: sfcred doctor --live. To replace it, pass --force.",
        )


def _write(key: str, value: SecretStr, around: Surroundings, force: bool) -> None:
    _prepare(key, around, force)
    write_set([_with_keys([(key, value)], around)], force=True, scope=WriteScope(around.project))


def _files(values: Sequence[tuple[str, SecretStr]], around: Surroundings) -> list[NewFile]:
    _require_storable([key for key, _value in values], around, force=False)
    return [_with_keys(values, around)]


def _with_keys(values: Sequence[tuple[str, SecretStr]], around: Surroundings) -> NewFile:
    """Return the project's .env file with these keys set, and everything else unchanged."""
    path = _file(around)
    is_known = is_there(path)
    before = read_regular(path).decode("utf-8", "surrogateescape") if is_known else ""
    text = before
    try:
        for key, value in values:
            text = _with_key(text, key, assignment(key, value))
    except ReadError as error:
        raise WriteRefused(f"the project's .env file {error.message}", hint=error.hint) from None
    if len(text.encode("utf-8", "surrogateescape")) > REFERENCED_LIMIT:
        raise WriteRefused(
            f"the project's .env file would be larger than {REFERENCED_LIMIT // 1024} KB, the most "
            "that sfcred reads",
            hint="Keep the values in separate files ({file: …}; for import: --secrets file).",
        )
    return NewFile(path, text, secret=True, replaces=before if is_known else None)


def _with_key(text: str, key: str, line: str) -> str:
    """Return the file's text with one key set, and everything else unchanged.

    A line with quotes goes to the top if a shell might not get through the lines above it. After
    an open quote, the shell would run the value.
    """
    text = text.removeprefix("\ufeff")
    parts = [(binding.key, binding.original.string) for binding in bindings(text)]
    places = [number for number, (name, _) in enumerate(parts) if name == key]
    first = places[0] if places else len(parts)
    before = "".join(original for _, original in parts[:first])
    after = "".join(original for name, original in parts[first:] if name != key)
    if places:
        own = parts[first][1]
        blank = own[: len(own) - len(own.lstrip())]
        before += blank
        line = f"export {line}" if own.lstrip().startswith("export ") else line
    elif before and not before.endswith("\n"):
        before += "\n"
    if is_plain(line.removeprefix("export ")) or _SOUND.fullmatch(before):
        return before + line + after
    return line + before + after


PROVIDER = Provider(
    key="dotenv",
    title="a key of the project's .env file",
    description="A key of the `.env` file next to the project's configuration. "
    "Nothing is expanded: `${X}` inside a value stays as it is.",
    pattern="[A-Za-z_][A-Za-z0-9_.]*",
    example="ACME_CLIENT_SECRET",
    read=_read,
    where=lambda key, _around: f"key {key} of the project's .env file",
    path=lambda _key, around: _file(around),
    store=Store(_prepare, _write, _files),
)
