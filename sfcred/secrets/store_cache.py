"""Remember what remote stores answered, for one run."""

from collections.abc import Callable, Hashable

from pydantic import SecretStr

from sfcred.errors import SecretUnavailable


class BackendDown(SecretUnavailable):
    """Nothing of this backend can be read here; it isn't asked again."""


class StoreCache:
    """What remote stores answered in one run: each secret is asked for once.

    A store that is out of reach is asked once, too: with five hundred specs, each would wait.
    """

    def __init__(self) -> None:
        self._said: dict[tuple[Hashable, str], SecretStr | SecretUnavailable] = {}
        self._down: dict[Hashable, BackendDown] = {}

    def ask(self, backend: Hashable, name: str, fetch: Callable[[], str]) -> str:
        """The secret, from memory or from the backend.

        Args:
            backend: What tells one store from another, with the provider's name in it.
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


def _again(error: SecretUnavailable) -> SecretUnavailable:
    """Return a fresh exception, without old tracebacks."""
    return SecretUnavailable(error.message, hint=error.hint)
