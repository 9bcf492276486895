"""`{keyring: service/user}`: an entry in the system's keyring."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from pydantic import SecretStr

from sfcred.errors import AlreadyThere, SecretUnavailable, WriteError
from sfcred.installed import install_command
from sfcred.own_files import KEYRING, find_brought_along
from sfcred.programs.empty_folder import HOW_TO_HAVE_ONE, WHY_NONE
from sfcred.programs.trusted import fenced
from sfcred.secrets.provider import Provider, Store, Surroundings
from sfcred.text.shell import for_shell

if TYPE_CHECKING:
    from types import ModuleType


def _library() -> "ModuleType":
    """Return the keyring library, if this machine has a keyring.

    Raises:
        SecretUnavailable: The library isn't installed, or there is no keyring.
    """
    try:
        import keyring
        from keyring.backends.fail import Keyring as NoStore
    except ImportError:
        raise SecretUnavailable(
            "the keyring can't be used: a required package is not installed",
            hint=f"Install it: `{install_command('keyring')}`.",
        ) from None
    try:
        store = keyring.get_keyring()
    except Exception as error:  # noqa: BLE001 - backends can raise anything
        raise SecretUnavailable(
            f"the keyring can't be set up ({type(error).__name__})",
            hint="Check PYTHON_KEYRING_BACKEND and keyringrc.cfg (run keyring diagnose).",
        ) from None
    if isinstance(store, NoStore):
        raise SecretUnavailable(
            "this machine has no usable keyring (macOS, Windows or Secret Service)",
            hint="Use another reference here, such as {env: NAME} or {file: path}.",
        )
    return keyring


@contextmanager
def _fenced(around: Surroundings) -> Iterator[None]:
    """Keep the library from using the project's configuration, which can name a Python module.

    Raises:
        SecretUnavailable: The project contains such a configuration, or there is no empty folder
            for the programs that backends start.
    """
    brought = find_brought_along(KEYRING, around.project, around.environ)
    if brought is not None:
        raise SecretUnavailable(f"the keyring can't be used: {brought.why}", hint=brought.hint)
    with ExitStack() as stack:
        try:
            stack.enter_context(fenced(around.project))
        except OSError:
            why = f"the keyring can't be used: {WHY_NONE}"
            raise SecretUnavailable(why, hint=HOW_TO_HAVE_ONE) from None
        yield


def _parts(locator: str) -> tuple[str, str]:
    service, _, user = locator.rpartition("/")
    return service, user


def _find(locator: str, around: Surroundings) -> str | None:
    """Return the entry's value, if there is one. Backends may run programs on PATH.

    Raises:
        SecretUnavailable: The keyring is locked or broken.
    """
    with _fenced(around):
        keyring = _library()
        try:
            value = keyring.get_password(*_parts(locator))
        except Exception as error:  # noqa: BLE001 - every backend has its own errors
            raise _failed(locator, error) from None
    return value if isinstance(value, str) and value else None


def _failed(locator: str, error: Exception) -> SecretUnavailable:
    return SecretUnavailable(
        f"the keyring entry {locator}: the keyring failed ({type(error).__name__})",
        hint="Unlock the keyring, or check it with `keyring --list-backends`.",
    )


def _read(locator: str, around: Surroundings) -> SecretStr:
    value = _find(locator, around)
    if value is None:
        service, user = _parts(locator)
        raise SecretUnavailable(
            f"the keyring has no entry {locator}",
            hint=f"Store it: `keyring set {for_shell(service)} {for_shell(user)}` (a refresh "
            "token: sfcred login).",
        )
    return SecretStr(value)


def _prepare(locator: str, around: Surroundings, force: bool) -> None:
    if _find(locator, around) is not None and not force:
        raise AlreadyThere(
            f"the keyring already has an entry {locator}",
            hint="Check whether it works: sfcred doctor --live. To replace it, pass --force.",
        )


def _write(locator: str, value: SecretStr, around: Surroundings, force: bool) -> None:
    _prepare(locator, around, force)
    try:
        with _fenced(around):
            _library().set_password(*_parts(locator), value.get_secret_value())
    except Exception as error:  # noqa: BLE001 - as above
        raise WriteError(
            f"the keyring entry {locator}: the keyring failed ({type(error).__name__})",
            hint="Unlock the keyring and try again.",
        ) from None


def _remove(locator: str, value: SecretStr, around: Surroundings) -> None:
    if _find(locator, around) != value.get_secret_value():
        return
    with _fenced(around):
        try:
            _library().delete_password(*_parts(locator))
        except Exception as error:  # noqa: BLE001 - as above
            raise _failed(locator, error) from None


PROVIDER = Provider(
    key="keyring",
    title="an entry in the system's keyring",
    description="An entry in the system's keyring: service, a slash, user. "
    "Needs the extra `keyring`.",
    pattern="[^/\\n\\r][^\\n\\r]*/[^/\\n\\r]+",
    example="sfcred/acme-crm",
    read=_read,
    is_own=lambda _locator: True,
    where=lambda locator, _around: f"keyring entry {locator}",
    store=Store(_prepare, _write, remove=_remove),
)
