"""The catalogue: one check, one file, named after the check, with its page and its examples."""

from functools import cache
from importlib import import_module
from pathlib import Path

from sfcred.checks._api import Check

#: The folders of checks, by what a check of theirs is handed.
OFFLINE = ("spec", "offline")
GROUPS = (*OFFLINE, "live", "app")


@cache
def all_checks(groups: tuple[str, ...] = GROUPS) -> tuple[Check, ...]:
    """Every check, by id.

    Args:
        groups: Only those of these folders.

    Raises:
        TypeError: A file of a group has no proper `check`.
    """
    here = Path(__file__).parent
    names = [
        f"{__name__}.{group}.{file.stem}"
        for group in groups
        for file in sorted((here / group).glob("[a-z]*.py"))
    ]
    found = [_load(name) for name in names]
    return tuple(sorted(found, key=lambda check: check.id))


def _load(module_name: str) -> Check:
    check = getattr(import_module(module_name), "check", None)
    if not isinstance(check, Check):
        raise TypeError(f"{module_name} has no function `check` with a check's decorator")
    return check


def find_check(text: str) -> Check | None:
    """The check with an id (SFC104) or a name (not-an-authority), in any case."""
    return _by_id_and_name().get(text.strip().lower())


@cache
def _by_id_and_name() -> dict[str, Check]:
    return {word: check for check in all_checks() for word in (check.id.lower(), check.name)}
