"""The profile that a run is about: which credentials it covers, and which it covers without it."""

from collections.abc import Callable

from sfcred.text.printable import listed
from sfcred.workspace.errors import no_such_profile
from sfcred.workspace.loaded_specs import LoadedSpecs


class ChosenProfile:
    """The profile that was asked for.

    Args:
        name: Its name; None for all profiles.
        specs: The specs that may have it.
        warn: Called with a warning, once, about credentials that count without having it.
    """

    def __init__(self, name: str | None, specs: LoadedSpecs, warn: Callable[[str], object]) -> None:
        self._name = name
        self._specs = specs
        self._warn = warn
        self._is_told = name is None

    def keep_quiet(self) -> None:
        """Give no warning: what is shown names the credential and its profile anyway."""
        self._is_told = True

    def require(self) -> None:
        """Refuse a profile that no spec names, before anything is done with the other specs.

        Raises:
            UsageError: With the nearest name.
        """
        if self._name is None:
            return
        declarations = [one for file in self._specs.keep() for one in file.spec.declarations]
        declared = {name for one in declarations for name in one.profiles}
        # An unreadable spec may declare the profile; report that instead.
        if self._name not in declared and not self._specs.is_misread():
            raise no_such_profile(self._name, declared)
        self._tell()

    def _tell(self) -> None:
        """Name the credentials without profiles, whose environment may be another one."""
        if self._is_told:
            return
        self._is_told = True
        credentials = (one for file in self._specs.keep() for one in file.all_credentials())
        named = [f"{o.name} ({o.spec.environment})" for o in credentials if o.profile is None]
        if named:
            what = "has no profiles" if len(named) == 1 else "have no profiles"
            self._warn(f"--profile {self._name}: {listed(named)} {what}; included all the same")
