"""What providers share whose secrets are on another machine."""

import json
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import NoReturn

from pydantic import SecretStr

from sfcred.errors import SecretUnavailable
from sfcred.files import REFERENCED_LIMIT

#: How long to wait for a connection and for each answer, in seconds.
TIMEOUT = 10


class BackendDown(SecretUnavailable):
    """Nothing of this backend can be read here; it isn't asked again."""


class Memory:
    """What a backend said, for the process: each secret is asked for once.

    A backend that is out of reach is asked once, too: with five hundred specs, each would wait.
    """

    def __init__(self) -> None:
        self._said: dict[tuple[Hashable, str], SecretStr | SecretUnavailable] = {}
        self._down: dict[Hashable, BackendDown] = {}

    def ask(self, backend: Hashable, name: str, fetch: Callable[[], str]) -> str:
        """The secret, from memory or from the backend.

        Args:
            backend: What tells one backend from another.
            name: The secret's name there.
            fetch: Asks the backend.

        Raises:
            SecretUnavailable: As `fetch`.
        """
        if backend in self._down:
            raise _again(self._down[backend])
        key = (backend, name)
        if key not in self._said:
            try:
                self._said[key] = SecretStr(fetch())
            except BackendDown as error:
                self._down[backend] = error
                raise
            except SecretUnavailable as error:
                self._said[key] = error
        found = self._said[key]
        if isinstance(found, SecretUnavailable):
            raise _again(found)
        return found.get_secret_value()

    def clear(self) -> None:
        """Forgets everything."""
        self._said.clear()
        self._down.clear()


def _again(error: SecretUnavailable) -> SecretUnavailable:
    """Anew: an exception collects tracebacks."""
    return SecretUnavailable(error.message, hint=error.hint)


@contextmanager
def library(name: str, extra: str) -> Iterator[None]:
    """Round the import of a client library.

    Raises:
        BackendDown: It isn't installed.
    """
    try:
        yield
    except ImportError:
        raise BackendDown(
            f"{name} can't be asked: a package is missing",
            hint=f"Install it: pip install 'sfcred[{extra}]'",
        ) from None


def quiet(*loggers: str) -> None:
    """Silences libraries that would write to the screen of their own accord."""
    import logging

    for name in loggers:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def sound(value: str, shown: str) -> SecretStr:
    """A value that can be one.

    Raises:
        SecretUnavailable: It is empty or too large.
    """
    if not value:
        raise SecretUnavailable(f"{shown} is empty", hint="Give it a value there.")
    if len(value.encode("utf-8", "surrogatepass")) > REFERENCED_LIMIT:
        raise SecretUnavailable(
            f"{shown} is larger than {REFERENCED_LIMIT // 1024} KB",
            hint="Check that this is the secret you meant.",
        )
    return SecretStr(value)


def field_of(text: str, field: str, shown: str) -> str:
    """A field of a secret that is a JSON object.

    Raises:
        SecretUnavailable: It is no object, has no such field, or the field is no text.
    """
    try:
        data = json.loads(text)
    except ValueError:
        data = None
    if not isinstance(data, dict):
        raise SecretUnavailable(
            f"{shown} is no JSON object, so that it has no field {field}",
            hint=f"Leave out #{field} to take it whole.",
        )
    return text_of(data, field, shown)


def text_of(data: dict[str, object], field: str, shown: str) -> str:
    """A text among a secret's fields.

    Raises:
        SecretUnavailable: There is no such field, or it is no text.
    """
    value = data.get(field)
    if isinstance(value, str):
        return value
    if field in data:
        raise SecretUnavailable(f"the field {field} of {shown} is no text", hint="Store a text.")
    number = "no fields" if not data else f"{len(data)} others"
    raise SecretUnavailable(
        f"{shown} has no field {field} ({number})",
        hint="Correct what stands behind the #, or add the field there.",
    )


def down(backend: str, why: str, hint: str) -> NoReturn:
    """Raises BackendDown.

    Args:
        backend: What can't be asked: "Vault at https://vault.acme.com".
        why: In words that fit after a colon; never a library's own text.
        hint: What to do.
    """
    raise BackendDown(f"{backend}: {why}", hint=hint) from None
