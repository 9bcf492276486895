"""The catalogue of checks: one check per file, with its page and its examples."""

import re
from functools import cache

from sfcred.checks.api import AnyCheck, Check, Remedy, Trait
from sfcred.checks.chapters import chapter_of
from sfcred.errors import Topic
from sfcred.registry import load, module_names

#: The folders of checks. The folder decides what a check gets.
OFFLINE = ("spec", "offline", "project", "ignores")
GROUPS = (*OFFLINE, "live", "app", "workflow")


@cache
def all_checks(groups: tuple[str, ...] = GROUPS) -> tuple[AnyCheck, ...]:
    """Return every check, sorted by id.

    Args:
        groups: The folders to return checks from.

    Raises:
        TypeError: A file in one of the folders has no valid `check`.
    """
    packages = [f"{__name__}.{group}" for group in groups]
    found = [_load(package, name) for package in packages for name in module_names(package)]
    return tuple(sorted(found, key=lambda check: check.id))


def _load(package: str, name: str) -> AnyCheck:
    check: object = getattr(load(package, name), "check", None)
    where = f"{package}.{name}"
    if not isinstance(check, Check):
        raise TypeError(f"{where} has no function `check` that is decorated as a check")
    if check.group != package.rpartition(".")[2]:
        raise TypeError(f"{where} is a check of the group {check.group}: move it to that folder")
    _require_chapter(check, where)
    return check


def _require_chapter(check: AnyCheck, where: str) -> None:
    if not re.fullmatch("SFC[0-9]{3}", check.id):
        raise TypeError(f"{where}: the id {check.id} is not SFC and three digits")
    try:
        chapter_of(check)
    except KeyError:
        raise TypeError(f"{where}: chapters.py has no chapter for {check.id}") from None


def find_check(text: str) -> AnyCheck | None:
    """Return the check with this id (SFC104) or name (not-an-authority), ignoring case."""
    word = text.strip().lower()
    # Most lookups are for an offline check, and the others cost imports.
    return _by_id_and_name(OFFLINE).get(word) or _by_id_and_name(GROUPS).get(word)


def copied_check(text: str) -> AnyCheck | None:
    """Return the check in a text as people copy it: `104`, or a part of a line of doctor's."""
    found = re.search(r"(?i)\bSFC([0-9]{3})\b|^\s*([0-9]{3})\s*$", text)
    return find_check(f"SFC{found[1] or found[2]}") if found else None


@cache
def _by_id_and_name(groups: tuple[str, ...]) -> dict[str, AnyCheck]:
    return {word: check for check in all_checks(groups) for word in (check.id.lower(), check.name)}


def has_trait(check_id: str, trait: Trait) -> bool:
    """Return whether the check with this id has a trait; False for an unknown id."""
    check = find_check(check_id)
    return check is not None and trait in check.traits


def is_live(check_id: str) -> bool:
    """Return whether the check with this id needs a login."""
    check = find_check(check_id)
    return check is not None and check.group == "live"


def about_the_visit() -> str:
    """Return the id of the check that is about a visit to an org as a whole."""
    return next(c.id for c in all_checks(("live",)) if Trait.ABOUT_THE_VISIT in c.traits)


def answered_by(remedy: Remedy) -> tuple[str, ...]:
    """Return the ids of the offline checks whose findings a remedy makes irrelevant."""
    return tuple(check.id for check in all_checks(OFFLINE) if remedy in check.answered_by)


def explaining(topic: Topic | None) -> tuple[str, ...]:
    """Return the ids of the checks whose findings explain a topic; empty for None."""
    return tuple(check.id for check in all_checks((*OFFLINE, "app")) if topic in check.explains)


def with_trait(trait: Trait) -> tuple[str, ...]:
    """Return the ids of the offline checks with a trait."""
    return tuple(check.id for check in all_checks(OFFLINE) if trait in check.traits)
