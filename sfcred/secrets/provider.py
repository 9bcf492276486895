"""The extension point for secret references: everything that a new provider's author needs.

A provider is one module of this package with a `PROVIDER`. Its key is what a spec writes:
`{env: ACME_CLIENT_ID}` has the key `env` and the locator `ACME_CLIENT_ID`. From the module
alone come the spec's syntax, the JSON Schema, the messages and the reading.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from pydantic import SecretStr

from sfcred.errors import ReadError, SecretUnavailable
from sfcred.files import read_regular


class Surroundings(NamedTuple):
    """What a locator may be relative to."""

    folder: Path  # of the spec
    project: Path  # the project's root: where `.env` lies
    environ: Mapping[str, str]
    secrets_dirs: tuple[Path, ...]


class Store(NamedTuple):
    """How a provider keeps a value that sfcred got, such as a refresh token.

    Attributes:
        prepare: Raises WriteRefused or SecretUnavailable where `write` would: asked before the
            work begins. Its last argument allows to replace a value that is there.
        write: Keeps the value. The same errors, and WriteError.
    """

    prepare: Callable[[str, Surroundings, bool], None]
    write: Callable[[str, SecretStr, Surroundings, bool], None]


class Provider(NamedTuple):
    """One kind of secret reference.

    Attributes:
        key: The reference's only key in a spec.
        title: What it is, for people: "an environment variable".
        description: One or two sentences for editors and the documentation.
        pattern: What a locator looks like: a regular expression for the whole text, in the
            dialect that ECMA-262 and Python share, because the JSON Schema carries it too.
        example: A locator.
        read: Gives the value, or raises SecretUnavailable. None: sfcred never sees the value.
        where: The place in words, for `sfcred resolve` and messages; never the value.
        path: The file behind a locator, if there is one.
        path_text: The path that stands in a locator, as it stands there; empty without one.
        store: How to keep a value there; None: sfcred can't.
        is_remote: Reading asks another machine, or a program that does: only what needs the value
            may do so, not a look at the specs.
        is_own: Whether nobody but the person can put a value at a locator. Only such values are
            compared with each other: a pull request can bring a file, or name an account of its
            author's, and so write down guesses of a secret.
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


def read_secret_file(path: Path, shown: str) -> SecretStr:
    """A file's content as a secret, without the line end that editors and `echo` add.

    Args:
        path: The file: regular, at most 64 KB.
        shown: The place in words, for messages.

    Returns:
        The text. Bytes that are no UTF-8 survive as surrogates, for the checks to name.

    Raises:
        SecretUnavailable: It can't be read, or it is empty.
    """
    try:
        content = read_regular(path)
    except ReadError as error:
        reason = error.message.removeprefix(f"{path}: ")
        raise SecretUnavailable(f"{shown}: {reason}", hint=error.hint) from None
    text = content.decode("utf-8-sig", "surrogateescape").removesuffix("\n").removesuffix("\r")
    if not text:
        raise SecretUnavailable(f"{shown}: is empty", hint="Put the value into the file.")
    return SecretStr(text)
