"""Mask lines of a spec for reports.

The nodes on a line decide what is shown, not the line's text. Only fields that the model marks as
public are shown, in whatever YAML style they are written. Everything else is masked: unknown names,
anchors, tags, directives, and whatever follows a syntax fault. Comments are never shown: they can
contain old secrets, and no finding is about them.
"""

import re
from bisect import bisect_right

from sfcred.spec.public import bare, public_places
from sfcred.spec.source import Place, Source, Span
from sfcred.text.redact import MASK, redact

# What can be between scalars. The document markers, `---` and `...`, have three characters.
_BETWEEN = re.compile(
    r"(?P<blank>\s+)|(?P<comment>#.*)|(?P<sign>[-?:,{}\[\]]|\.\.\.)|(?P<mark>[&*!]?)[^\s,{}\[\]]*",
    re.DOTALL,
)


def masked_line(source: Source, number: int) -> str:
    """Return a line of a spec as a report may show it.

    Text before the first mask keeps its columns, so a caret still points to the right place.

    Args:
        source: The file.
        number: The line, from 1.

    Returns:
        The line, printable. Empty after the last line.
    """
    if number not in source.masked:
        source.masked[number] = redact(_masked(source, number).replace("\t", " "))
    return source.masked[number]


def _masked(source: Source, number: int) -> str:
    shown = _public(source)
    start, _ = source.line_span(number)
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
    """Return the part of a scalar between two positions."""
    length = shown.get(span.place, 0)
    written = bare(source.text, span)
    if not length or not written:
        return _hidden(source.text[max(span.start, start) : min(span.end, end)])
    quote = span.style
    return f"{quote}{written[:length]}{MASK if length < len(written) else ''}{quote}"


def _between(source: Source, start: int, end: int) -> str:
    """Return the text between scalars, with everything but punctuation masked."""
    known = max(start, min(end, source.reached))
    parts = [_token(match) for match in _BETWEEN.finditer(source.text, start, known)]
    return "".join([*parts, _hidden(source.text[known:end])])


def _hidden(text: str) -> str:
    """Mask a text, except for the white space before it."""
    blank = len(text) - len(text.lstrip())
    return text[:blank] + (MASK if text.strip() else "")


def _token(match: re.Match[str]) -> str:
    if match["blank"] or match["sign"]:
        return match.group()
    if match["comment"]:
        return "# …"
    return match["mark"] + MASK if match.group() else ""
