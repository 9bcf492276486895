"""What a correction changes, as people read it."""

import difflib

from sfcred.redact import mask_line

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
    lines = difflib.unified_diff(
        before.splitlines(), after.splitlines(), shown, shown, n=_CONTEXT, lineterm=""
    )
    # difflib's own heads would be log groups to Buildkite, with the file's name as their title.
    next(lines, "")
    next(lines, "")
    body = [line if line.startswith("@@") else line[0] + mask_line(line[1:]) for line in lines]
    return "\n".join([f"=== {shown}", *body]) + "\n" if body else ""
