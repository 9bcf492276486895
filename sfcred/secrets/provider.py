"""The interface for secret providers. To add a provider, write one file in `providers/`.

The file needs a `PROVIDER`, which is a Provider. In a spec, a reference is the provider's key and a
locator: `{env: ACME_CLIENT_ID}` has the key `env` and the locator `ACME_CLIENT_ID`. The spec's
syntax, its JSON Schema and its documentation are made from the provider.

- Read nothing before `read` is called, and import a client library there: listing the providers
  must stay fast. A client library is an extra in pyproject.toml.
- Raise SecretUnavailable where there is no value. Never return an empty text.
- Put no value into a message, and no text of a client library's, which can hold one.
- A provider that asks another machine takes the rest from `remote.py`.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from pydantic import SecretStr

from sfcred.errors import ReadError, SecretUnavailable
from sfcred.files import read_regular
from sfcred.secrets.store_cache import StoreCache


class Surroundings(NamedTuple):
    """What a locator may be relative to.

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
