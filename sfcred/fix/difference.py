"""What a correction changes, as people read it."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from sfcred.fix.documents import source_of
from sfcred.spec.masking import masked_line
from sfcred.spec.source import Source

#: How many unchanged lines are shown around a change.
_CONTEXT = 3

#: What difflib says of a part: its kind, then where it begins and ends in the old and new lines.
_Part = tuple[str, int, int, int, int]


def difference(before: str, after: str, shown: str) -> str:
    """Return a unified diff of two texts of a spec; empty if they are equal.

    Values are masked as in a report: what isn't known to be public isn't shown. So the diff is for
    people, not for `patch`.

    Args:
        before: The text as it is.
        after: The text as it would be.
        shown: The file's path, as messages show it.
    """
    old, new = source_of(before), source_of(after)
    matcher = SequenceMatcher(None, _lines(old), _lines(new))
    parts = matcher.get_grouped_opcodes(_CONTEXT)
    body = [line for part in parts for line in _hunk(part, old, new)]
    # Not `--- FILE`, which would be a log group to Buildkite, with the file's name as its title.
    return "\n".join([f"=== {shown}", *body]) + "\n" if body else ""


def _lines(source: Source) -> list[str]:
    return [source.line(number) for number in range(1, source.line_at(len(source.text)) + 1)]


def _hunk(parts: Sequence[_Part], old: Source, new: Source) -> Iterator[str]:
    """Changes that stand close together; each line is masked as the line of its file that it is."""
    _, first_old, _, first_new, _ = parts[0]
    _, _, last_old, _, last_new = parts[-1]
    yield f"@@ -{_range(first_old, last_old)} +{_range(first_new, last_new)} @@"
    for kind, start_old, end_old, start_new, end_new in parts:
        if kind == "equal":
            yield from (f" {line}" for line in _masked(new, start_new, end_new))
            continue
        yield from (f"-{line}" for line in _masked(old, start_old, end_old))
        yield from (f"+{line}" for line in _masked(new, start_new, end_new))


def _masked(source: Source, start: int, end: int) -> Iterator[str]:
    return (masked_line(source, number) for number in range(start + 1, end + 1))


def _range(start: int, end: int) -> str:
    """Lines as a unified diff names them: the first, and how many unless there is one."""
    length = end - start
    if length == 1:
        return str(start + 1)
    return f"{start + 1 if length else start},{length}"
