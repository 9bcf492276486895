"""What a correction changes, as people read it."""

import difflib
import re
from collections.abc import Iterable, Iterator

from sfcred.fix.documents import source_of
from sfcred.spec.masking import masked_line
from sfcred.spec.source import Source

_CONTEXT = 3


def difference(before: str, after: str, shown: str) -> str:
    """A unified diff of two texts of a spec; empty if they are equal.

    Values are masked as in a report: what isn't known to be public isn't shown, so that the
    diff is for people, not for `patch`.

    Args:
        before: The text as it is.
        after: The text as it would be.
        shown: The file's path, as messages show it.
    """
    old, new = source_of(before), source_of(after)
    lines = difflib.unified_diff(_lines(old), _lines(new), shown, shown, n=_CONTEXT, lineterm="")
    # difflib's own heads would be log groups to Buildkite, with the file's name as their title.
    next(lines, "")
    next(lines, "")
    body = list(_masked(lines, old, new))
    return "\n".join([f"=== {shown}", *body]) + "\n" if body else ""


def _lines(source: Source) -> list[str]:
    return [source.line(number) for number in range(1, source.line_at(len(source.text)) + 1)]


def _masked(lines: Iterable[str], old: Source, new: Source) -> Iterator[str]:
    """The lines of a unified diff; each is masked as the line of its file that it is."""
    in_old = in_new = 0
    for line in lines:
        if line.startswith("@@"):
            in_old, in_new = map(int, re.findall(r"[-+]([0-9]+)", line))
            yield line
        elif line.startswith("-"):
            yield f"-{masked_line(old, in_old)}"
            in_old += 1
        else:
            yield f"{line[0]}{masked_line(new, in_new)}"
            in_new += 1
            in_old += line[0] == " "
