"""Helpers for providers that read secrets from another machine."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import NoReturn

from pydantic import SecretStr

from sfcred.errors import SecretUnavailable, SfcredError
from sfcred.files import REFERENCED_LIMIT
from sfcred.in_time import Overdue, in_time
from sfcred.installed import install_command
from sfcred.own_files import OwnFiles, find_brought_along
from sfcred.programs.empty_folder import HOW_TO_HAVE_ONE, WHY_NONE
from sfcred.programs.trusted import fenced
from sfcred.secrets.provider import Surroundings
from sfcred.secrets.store_cache import BackendDown

#: How long to wait for a connection and for each answer, in seconds.
TIMEOUT = 10
#: The time limit for all that a client does for a secret, its programs and logins included, in
#: seconds. TIMEOUT doesn't end a server that sends a byte now and then.
SECONDS = 60


@contextmanager
def fenced_client(backend: str, files: OwnFiles, around: Surroundings) -> Iterator[None]:
    """Keep a client from using the project's programs and configuration.

    As a decorator of what asks the backend, it only judges when the cache has no answer.

    Args:
        backend: The backend's name for messages: "AWS".
        files: The user's own files that the client reads.
        around: The project and the environment.

    Raises:
        BackendDown: One of these files is part of the project, or there is no empty folder for its
            programs.
    """
    brought = find_brought_along(files, around.project, around.environ)
    if brought is not None:
        raise_backend_down(backend, brought.why, brought.hint)
    with ExitStack() as stack:
        try:
            stack.enter_context(fenced(around.project, files.login_variables))
        except OSError:
            raise_backend_down(backend, WHY_NONE, HOW_TO_HAVE_ONE)
        yield


def bounded(
    backend: str, files: OwnFiles, around: Surroundings, fetch: Callable[[], object]
) -> Callable[[], str]:
    """Return a function that asks a backend through its client: fenced, and with a time limit.

    Args:
        backend: The backend's name for messages: "AWS".
        files: The user's own files that the client reads.
        around: The project and the environment.
        fetch: Asks the client. Its result can be anything that an answer contains: clients check
            no types.
    """

    @fenced_client(backend, files, around)
    def ask() -> str:
        try:
            found = in_time(fetch, SECONDS)
        except Overdue:
            raise_backend_down(backend, "timed out", "Check the network and the proxy.")
        except SfcredError:
            raise
        # What clients make of an answer that isn't the backend's differs from version to version.
        except Exception as error:  # noqa: BLE001 - see above
            why = f"it does not answer as expected ({type(error).__name__})"
            raise_backend_down(backend, why, "Check the network and the proxy.")
        if not isinstance(found, str):
            raise SecretUnavailable(
                f"{backend} returned a secret that is not text",
                hint="Store the value as a string.",
            )
        return found

    return ask


@contextmanager
def require_extra(name: str, extra: str) -> Iterator[None]:
    """Report a missing client library when the block imports it.

    Raises:
        BackendDown: The library isn't installed.
    """
    try:
        yield
    except ImportError:
        raise BackendDown(
            f"{name}: a required package is not installed",
            hint=f"Install it: `{install_command(extra)}`.",
        ) from None


def quiet(*loggers: str) -> None:
    """Silence libraries that write to the terminal on their own."""
    import logging

    for name in loggers:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def checked_value(value: str, shown: str) -> SecretStr:
    """Return a value as a secret.

    Raises:
        SecretUnavailable: The value is empty, too large, or not text.
    """
    if not value:
        raise SecretUnavailable(f"{shown} is empty", hint="Set its value in the store.")
    try:
        size = len(value.encode("utf-8"))
    except UnicodeEncodeError:
        raise SecretUnavailable(
            f"{shown} contains half of a character", hint="Store the value again."
        ) from None
    if size > REFERENCED_LIMIT:
        raise SecretUnavailable(
            f"{shown} is larger than {REFERENCED_LIMIT // 1024} KB",
            hint="Check that this is the secret you meant.",
        )
    return SecretStr(value)


def field_of(text: str, field: str, shown: str) -> str:
    """Return a field of a secret that is a JSON object.

    Raises:
        SecretUnavailable: The secret is not an object, or the field is missing or not a string.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        raise SecretUnavailable(
            f"{shown} is not a JSON object, so it has no field {field}",
            hint=f"To use the whole secret, leave out #{field}.",
        )
    return text_of(data, field, shown)


def text_of(data: dict[str, object], field: str, shown: str) -> str:
    """Return one of a secret's fields.

    Raises:
        SecretUnavailable: The field is missing or not a string.
    """
    value = data.get(field)
    if isinstance(value, str):
        return value
    if field in data:
        raise SecretUnavailable(
            f"the field {field} of {shown} is not a string", hint="Store the value as a string."
        )
    number = "it has no fields" if not data else f"it has {len(data)} others"
    raise SecretUnavailable(
        f"{shown} has no field {field} ({number})",
        hint="Correct the field after the #, or add it to the secret.",
    )


def raise_backend_down(backend: str, why: str, hint: str) -> NoReturn:
    """Raise BackendDown.

    Args:
        backend: The backend for the message: "Vault at https://vault.acme.com".
        why: The reason, to follow a colon. Never a library's own text.
        hint: What to do next.
    """
    raise BackendDown(f"{backend}: {why}", hint=hint) from None
