"""The catalogue: one check, one file, named after the check, with its page and its examples."""

from functools import cache

from sfcred.checks.api import Check
from sfcred.registry import load, module_names

#: The folders of checks, by what a check of theirs is handed.
OFFLINE = ("spec", "offline", "project", "ignores")
GROUPS = (*OFFLINE, "live", "app")


@cache
def all_checks(groups: tuple[str, ...] = GROUPS) -> tuple[Check, ...]:
    """Every check, by id.

    Args:
        groups: Only those of these folders.

    Raises:
        TypeError: A file of a group has no proper `check`.
    """
    packages = [f"{__name__}.{group}" for group in groups]
    found = [_load(package, name) for package in packages for name in module_names(package)]
    return tuple(sorted(found, key=lambda check: check.id))


def _load(package: str, name: str) -> Check:
    check = getattr(load(package, name), "check", None)
    if not isinstance(check, Check):
        raise TypeError(f"{package}.{name} has no function `check` with a check's decorator")
    return check


def find_check(text: str) -> Check | None:
    """The check with an id (SFC104) or a name (not-an-authority), in any case."""
    return _by_id_and_name().get(text.strip().lower())


@cache
def _by_id_and_name() -> dict[str, Check]:
    return {word: check for check in all_checks() for word in (check.id.lower(), check.name)}
