"""The chapters of the catalogue: the first digit of a check's id is its chapter."""

from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

from sfcred.checks.api import AnyCheck


class Chapter(NamedTuple):
    """A group of checks on the same subject.

    Attributes:
        title: The subject.
        command: The command that runs them, if `sfcred doctor` alone doesn't.
        page: The documentation of that command, relative to docs/checks.
    """

    title: str
    command: str = ""
    page: str = ""


_CHAPTERS = {
    "0": Chapter("The file and its secrets"),
    "1": Chapter("Flow, hosts and names"),
    "2": Chapter("Scopes"),
    "3": Chapter("Callbacks"),
    "4": Chapter("Keys and certificates"),
    "5": Chapter("n8n"),
    "6": Chapter("The app and its policies"),
    "7": Chapter("An org's metadata", "sfcred app --check", "../commands.md#sfcred-app"),
    "8": Chapter("Workflows", "sfcred doctor --workflows", "../guides/needs.md"),
    "9": Chapter("The login", "sfcred doctor --live", "../live.md"),
}


def chapter_of(check: AnyCheck) -> Chapter:
    """Return the chapter that a check is in.

    Raises:
        KeyError: No chapter has the id's first digit.
    """
    return _CHAPTERS[check.id[3]]


def elsewhere() -> list[tuple[str, str]]:
    """Return the beginnings of ids whose checks need another command, each with that command."""
    return [(f"SFC{digit}", one.command) for digit, one in _CHAPTERS.items() if one.command]


def by_chapter(checks: Iterable[AnyCheck]) -> list[tuple[Chapter, list[AnyCheck]]]:
    """Return the chapters that have checks, each with its checks.

    Args:
        checks: The checks, sorted by id.
    """
    return [(chapter, list(group)) for chapter, group in groupby(checks, chapter_of)]
