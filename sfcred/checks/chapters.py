"""The chapters of the catalogue: what the first digit of a check's id means."""

from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

from sfcred.checks.api import AnyCheck


class Chapter(NamedTuple):
    """Checks with something in common.

    Attributes:
        title: What they are about.
        command: The command that runs them, where `sfcred doctor` alone doesn't.
        page: Where the documentation describes that command, seen from docs/checks.
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
    "8": Chapter("What workflows need"),
    "9": Chapter("The login", "sfcred doctor --live", "../live.md"),
}


def chapter_of(check: AnyCheck) -> Chapter:
    """Return the chapter that a check is in.

    Raises:
        KeyError: There is no such chapter.
    """
    return _CHAPTERS[check.id[3]]


def by_chapter(checks: Iterable[AnyCheck]) -> list[tuple[Chapter, list[AnyCheck]]]:
    """Return the chapters, each with its checks; a chapter without checks is left out.

    Args:
        checks: By id.
    """
    return [(chapter, list(group)) for chapter, group in groupby(checks, chapter_of)]
