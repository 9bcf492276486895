"""Show what a correction changes, as a diff for people."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from sfcred.fix.documents import source_of
from sfcred.spec.masking import masked_line
from sfcred.spec.source import Source

#: The number of unchanged lines shown around a change.
_CONTEXT = 3

#: One of difflib's opcodes: the kind, then start and end in the old and in the new lines.
_Part = tuple[str, int, int, int, int]


def difference(before: str, after: str, shown: str) -> str:
    """Return a unified diff of two versions of a spec's text; empty if they are equal.

    Values that aren't known to be public are masked, as in a report. So the diff is for people, not
    for `patch`.

    Args:
        before: The current text.
        after: The corrected text.
        shown: The file's path, as messages show it.
    """
    old, new = source_of(before), source_of(after)
    matcher = SequenceMatcher(None, _lines(old), _lines(new))
    parts = matcher.get_grouped_opcodes(_CONTEXT)
    body = [line for part in parts for line in _hunk(part, old, new)]
    # Not `--- FILE`: Buildkite would start a log group with the file's name as its title.
    return "\n".join([f"=== {shown}", *body]) + "\n" if body else ""


def _lines(source: Source) -> list[str]:
    return [source.line(number) for number in range(1, source.line_at(len(source.text)) + 1)]


def _hunk(parts: Sequence[_Part], old: Source, new: Source) -> Iterator[str]:
    """Yield the lines of one hunk. Each is masked in the context of its whole file."""
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
    """Return a range as in a unified diff: the first line, and the count unless it is one."""
    length = end - start
    if length == 1:
        return str(start + 1)
    return f"{start + 1 if length else start},{length}"
