"""Lines of a spec as reports may show them.

What is shown is decided by the nodes that stand in a line, not by its text: by the fields that the
model marks as public, whatever the YAML's style. The rest is masked: names that nobody knows,
anchors, tags, directives, and all that comes after a fault. Comments are never shown. They explain
secrets, hold old ones, and no finding is about them.
"""

import re
from bisect import bisect_right

from sfcred.redact import MASK, redact
from sfcred.spec.public import bare, public_places
from sfcred.spec.source import Place, Source, Span

# What stands between scalars. A document's marks are three signs each.
_BETWEEN = re.compile(
    r"(?P<blank>\s+)|(?P<comment>#.*)|(?P<sign>[-?:,{}\[\]]|\.\.\.)|(?P<mark>[&*!]?)[^\s,{}\[\]]*",
    re.DOTALL,
)


def masked_line(source: Source, number: int) -> str:
    """Return a line of a spec as a report may show it.

    The masked line has its unmasked beginning at the same columns, so that a caret still fits.

    Args:
        source: The file.
        number: The line, from 1.

    Returns:
        The line, printable; empty beyond the last.
    """
    if number not in source.masked:
        source.masked[number] = redact(_masked(source, number).replace("\t", " "))
    return source.masked[number]


def _masked(source: Source, number: int) -> str:
    shown = _public(source)
    start, end = source.line_span(number)
    end = start + len(source.line(number))
    parts = []
    for span in _overlapping(source.scalars, start, end):
        if span.start > start:
            parts.append(_between(source, start, span.start))
        parts.append(_scalar(source, span, shown, start, end))
        start = min(span.end, end)
    return "".join([*parts, _between(source, start, end)])


def _public(source: Source) -> dict[Place, int]:
    if source.public is None:
        roots = [*source.documents, *([source.fragment] if source.fragment else [])]
        source.public = public_places(source.text, roots)
    return source.public


def _overlapping(spans: list[Span], start: int, end: int) -> list[Span]:
    first = bisect_right(spans, start, key=lambda span: span.end)
    last = bisect_right(spans, end - 1, key=lambda span: span.start)
    return spans[first:last]


def _scalar(source: Source, span: Span, shown: dict[Place, int], start: int, end: int) -> str:
    """The part of a scalar that stands between two places."""
    length = shown.get(span.place, 0)
    written = bare(source.text, span)
    if not length or not written:
        part = source.text[max(span.start, start) : min(span.end, end)]
        blank = len(part) - len(part.lstrip())
        return part[:blank] + MASK if part.strip() else part
    quote = span.style
    return f"{quote}{written[:length]}{MASK if length < len(written) else ''}{quote}"


def _between(source: Source, start: int, end: int) -> str:
    """What stands between scalars: nothing but punctuation is shown."""
    known = max(start, min(end, source.reached))
    parts = [_token(match) for match in _BETWEEN.finditer(source.text, start, known)]
    rest = source.text[known:end]
    blank = len(rest) - len(rest.lstrip())
    return "".join([*parts, rest[:blank], MASK if rest.strip() else ""])


def _token(match: re.Match[str]) -> str:
    if match["blank"] or match["sign"]:
        return match.group()
    if match["comment"]:
        return "# …"
    return match["mark"] + MASK if match.group() else ""
