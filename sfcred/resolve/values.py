"""Read secret references: each only once, and only when it is needed."""

from collections import OrderedDict
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from sfcred.errors import Cause, NotKnown, ReadError, SecretUnavailable
from sfcred.files import read_regular
from sfcred.git import Git
from sfcred.paths import plain_join
from sfcred.resolve.context import Context
from sfcred.secrets import Surroundings, find_provider
from sfcred.secrets.store_cache import StoreCache
from sfcred.spec.refs import Reference

# Enough for what neighbouring credentials share, but small even with ten thousand specs.
_KEPT = 512


class Values:
    """The values behind references and the files that specs name, for one run."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._secrets: OrderedDict[tuple[str, str, Path], SecretStr | SecretUnavailable] = (
            OrderedDict()
        )
        self._files: OrderedDict[Path, bytes | ReadError] = OrderedDict()
        self._stores = StoreCache()
        self._git = Git(context.project, context.environ)

    def surroundings(self, folder: Path) -> Surroundings:
        """Return what references in a spec in this folder can be relative to."""
        context = self._context
        return Surroundings(
            folder, context.project, context.environ, context.secrets_dirs, self._stores
        )

    def path(self, reference: Reference, folder: Path) -> Path | None:
        """Return the file that a reference in a spec in this folder points to, if any."""
        provider = find_provider(reference.provider)
        return provider.path(reference.locator, self.surroundings(folder))

    def place(self, reference: Reference, folder: Path) -> str:
        """Return where a reference in a spec in this folder leads, in words.

        Raises:
            ReadError: The path can't be that of a file on this machine.
        """
        if reference.provider == "file":
            # As one can open it from here. In the spec, it is relative to the spec.
            return f"file {plain_join(folder, reference.locator)}"
        provider = find_provider(reference.provider)
        return provider.where(reference.locator, self.surroundings(folder))

    def secret(self, reference: Reference, folder: Path) -> SecretStr:
        """Return the value of a reference.

        Raises:
            SecretUnavailable: It can't be read here.
            NotKnown: Only n8n has it, or a remote store that this run doesn't ask.
        """
        key = (reference.provider, reference.locator, folder)
        if key not in self._secrets:
            self._secrets[key] = self._read(reference, folder)
            _forget_oldest(self._secrets)
        found = self._secrets[key]
        if isinstance(found, SecretUnavailable):  # a new one, because exceptions collect tracebacks
            raise SecretUnavailable(found.message, hint=found.hint)
        return found

    def file(self, path: Path) -> bytes:
        """Return the content of a file that a spec names, such as a certificate.

        Raises:
            ReadError: It can't be read.
        """
        if path not in self._files:
            try:
                self._files[path] = read_regular(path)
            except ReadError as error:
                self._files[path] = error
            _forget_oldest(self._files)
        found = self._files[path]
        if isinstance(found, ReadError):
            raise ReadError(found.message, hint=found.hint)
        return found

    def is_tracked(self, path: Path) -> bool:
        """Return whether git tracks a file.

        Raises:
            NotKnown: It is in a repository that git can't read.
        """
        try:
            return self._git.tracks(path)
        except (ReadError, OSError, ValueError):
            return False  # the file doesn't exist, which reading it reports

    def _read(self, reference: Reference, folder: Path) -> SecretStr | SecretUnavailable:
        provider = find_provider(reference.provider)
        around = self.surroundings(folder)
        if provider.read is None:
            raise NotKnown(
                f"the value is {provider.where(reference.locator, around)}",
                hint="Only n8n can resolve it.",
                cause=Cause.SECRET,
            )
        if provider.is_remote and not self._context.reads_remote_secrets:
            raise NotKnown(
                f"the value is in {provider.where(reference.locator, around)}, "
                "which is only read with --require-secrets or --live",
                hint="Log in there, and run `sfcred doctor --require-secrets`.",
                cause=Cause.SECRET,
            )
        try:
            return provider.read(reference.locator, around)
        except SecretUnavailable as error:
            return error


def _forget_oldest(cache: "OrderedDict[Any, Any]") -> None:
    if len(cache) > _KEPT:
        cache.popitem(last=False)
