"""The interface for secret providers. To add a provider, add a file to `providers/`.

The file defines `PROVIDER`, a Provider. In a spec, a reference is the provider's key and a locator:
`{env: ACME_CLIENT_ID}` has the key `env` and the locator `ACME_CLIENT_ID`. The spec's syntax, its
JSON Schema and its documentation are generated from the provider.

- Read nothing before `read` is called, and import client libraries only there, because listing the
  providers must stay fast. A client library is an extra in pyproject.toml.
- Raise SecretUnavailable if there is no value. Never return an empty string.
- Don't put a value into a message, nor a client library's own text, which can contain one.
- A provider that asks another machine uses the helpers in `remote.py`.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from pydantic import SecretStr

from sfcred.errors import ReadError, SecretUnavailable
from sfcred.files import read_regular
from sfcred.files.writing import NewFile
from sfcred.paths import join_local
from sfcred.secrets.store_cache import StoreCache


class Surroundings(NamedTuple):
    """What a locator can be relative to.

    Attributes:
        folder: The spec's folder.
        project: The project's root, where `.env` is.
        environ: The environment variables.
        secrets_dirs: Where `{secrets_dir: NAME}` looks.
        cache: What remote stores answered in this run.
    """

    folder: Path
    project: Path
    environ: Mapping[str, str]
    secrets_dirs: tuple[Path, ...]
    cache: StoreCache


#: Takes a value back from a place.
Remove = Callable[[str, SecretStr, Surroundings], None]


class Store(NamedTuple):
    """How a provider stores a value that sfcred received, such as a refresh token.

    Attributes:
        prepare: Raises WriteRefused or SecretUnavailable if `write` would. It is called before any
            work begins. Its last argument allows replacing an existing value.
        write: Stores the value. It raises the same errors, and WriteError.
        files: Returns the files that `write` would write for many values, so that they are checked
            and written together. None if values don't go into files.
        remove: Takes a value back that `write` stored. Any other value stays. It raises
            SecretUnavailable. None if `files` isn't.
    """

    prepare: Callable[[str, Surroundings, bool], None]
    write: Callable[[str, SecretStr, Surroundings, bool], None]
    files: Callable[[Sequence[tuple[str, SecretStr]], Surroundings], list[NewFile]] | None = None
    remove: Remove | None = None


class Provider(NamedTuple):
    """One kind of secret reference.

    Attributes:
        key: The reference's only key in a spec.
        title: What the provider reads, for people: "an environment variable".
        description: One or two sentences for editors and the documentation.
        pattern: A regular expression for the whole locator, in the dialect that ECMA-262 and Python
            share, because the JSON Schema contains it too.
        example: An example locator.
        read: Returns the value, or raises SecretUnavailable. None if sfcred never sees the value.
        where: Describes the place for `sfcred resolve` and messages, never the value.
        path: Returns the file that a locator refers to, if any.
        path_text: Returns the path in a locator exactly as it is written, or an empty string.
        store: How to store a value there. None if sfcred can't.
        is_remote: Whether reading asks another machine, or runs a program that does. Commands that
            don't need the value don't read it.
        is_own: Whether only you can put a value at a locator. Only such values are compared with
            each other. A pull request can add a file, or name its author's account, and could
            use the comparison to guess a secret.
    """

    key: str
    title: str
    description: str
    pattern: str
    example: str
    read: Callable[[str, Surroundings], SecretStr] | None
    where: Callable[[str, Surroundings], str]
    path: Callable[[str, Surroundings], Path | None] = lambda _locator, _around: None
    path_text: Callable[[str], str] = lambda _locator: ""
    store: Store | None = None
    is_remote: bool = False
    is_own: Callable[[str], bool] = lambda _locator: False


def local_path(locator: str, around: Surroundings) -> Path:
    """Return the file that a locator names, relative to the spec.

    Raises:
        SecretUnavailable: It can't be a file on this machine.
    """
    try:
        return join_local(around.folder, locator)
    except ReadError as error:
        raise SecretUnavailable(error.message, hint=error.hint) from None


def read_secret_file(path: Path, shown: str) -> SecretStr:
    """Return a file's content as a secret, without the line break that editors and `echo` add.

    Args:
        path: A regular file of at most 64 KB.
        shown: The file's description for messages.

    Returns:
        The text. Bytes that are not UTF-8 become surrogates, which checks report.

    Raises:
        SecretUnavailable: The file can't be read, or is empty.
    """
    try:
        content = read_regular(path)
    except ReadError as error:
        reason = error.message.removeprefix(f"{path}: ")
        raise SecretUnavailable(f"{shown}: {reason}", hint=error.hint) from None
    text = content.decode("utf-8-sig", "surrogateescape").removesuffix("\n").removesuffix("\r")
    if not text:
        raise SecretUnavailable(f"{shown}: is empty", hint="Write the value to the file.")
    return SecretStr(text)
