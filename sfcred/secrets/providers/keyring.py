"""`{keyring: service/user}`: an entry of the system's own store of passwords."""

from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import SecretStr

from sfcred.errors import SecretUnavailable, WriteError, WriteRefused
from sfcred.programs import fenced
from sfcred.secrets.provider import Provider, Store, Surroundings
from sfcred.shell import for_shell

if TYPE_CHECKING:
    from types import ModuleType

_INSTALL = "pip install 'sfcred[keyring]'"


def _library() -> "ModuleType":
    """The library, with a store behind it.

    Raises:
        SecretUnavailable: It isn't installed, or this machine has no store.
    """
    try:
        import keyring
        from keyring.backends.fail import Keyring as NoStore
        from keyring.util.platform_ import config_root
    except ImportError:
        raise SecretUnavailable(
            "the keyring can't be asked: a package is missing", hint=f"Install it: {_INSTALL}"
        ) from None
    if not Path(config_root()).is_absolute():  # it may name a Python module to load
        raise SecretUnavailable(
            "the keyring can't be asked: its configuration would be read from the working folder",
            hint="Set XDG_CONFIG_HOME (on Windows LOCALAPPDATA) to an absolute path.",
        )
    try:
        store = keyring.get_keyring()
    except Exception as error:  # noqa: BLE001 - what its configuration names may raise anything
        raise SecretUnavailable(
            f"the keyring can't be asked: it can't be set up ({type(error).__name__})",
            hint="Look at PYTHON_KEYRING_BACKEND and keyringrc.cfg: keyring diagnose.",
        ) from None
    if isinstance(store, NoStore):
        raise SecretUnavailable(
            "this machine has no keyring that works (none of macOS, Windows, Secret Service)",
            hint="Use another kind of reference here, such as {env: NAME} or {file: path}.",
        )
    return keyring


def _parts(locator: str) -> tuple[str, str]:
    service, _, user = locator.rpartition("/")
    return service, user


def _find(locator: str, around: Surroundings) -> str | None:
    """The entry's value, if there is one. Stores look for libraries with programs of the PATH.

    Raises:
        SecretUnavailable: The store is locked or broken.
    """
    with fenced(around.project):
        keyring = _library()
        try:
            value = keyring.get_password(*_parts(locator))
        except Exception as error:  # noqa: BLE001 - every store has errors of its own
            raise _failed(locator, error) from None
    return value if isinstance(value, str) and value else None


def _failed(locator: str, error: Exception) -> SecretUnavailable:
    return SecretUnavailable(
        f"the keyring entry {locator}: the keyring failed ({type(error).__name__})",
        hint="Unlock the keyring, or look at it with the command `keyring --list-backends`.",
    )


def _read(locator: str, around: Surroundings) -> SecretStr:
    value = _find(locator, around)
    if value is None:
        service, user = _parts(locator)
        raise SecretUnavailable(
            f"the keyring has no entry {locator}",
            hint=f"Store it: keyring set {for_shell(service)} {for_shell(user)} (a refresh token: "
            "sfcred login).",
        )
    return SecretStr(value)


def _prepare(locator: str, around: Surroundings, force: bool) -> None:
    if _find(locator, around) is not None and not force:
        raise WriteRefused(
            f"the keyring has an entry {locator} already",
            hint="`sfcred doctor --live` tells whether it works; --force replaces it.",
        )


def _write(locator: str, value: SecretStr, around: Surroundings, force: bool) -> None:
    _prepare(locator, around, force)
    try:
        with fenced(around.project):
            _library().set_password(*_parts(locator), value.get_secret_value())
    except Exception as error:  # noqa: BLE001 - as above
        raise WriteError(
            f"the keyring entry {locator}: the keyring failed ({type(error).__name__})",
            hint="Unlock the keyring and try again; nothing was stored.",
        ) from None


PROVIDER = Provider(
    key="keyring",
    title="an entry of the system's keyring",
    description="An entry of the system's own store of passwords: service, a slash, user. "
    f"Needs an extra: {_INSTALL}.",
    pattern="[^/\\n\\r][^\\n\\r]*/[^/\\n\\r]+",
    example="sfcred/acme-crm",
    read=_read,
    is_own=lambda _locator: True,
    where=lambda locator, _around: f"keyring entry {locator}",
    store=Store(_prepare, _write),
)
