"""Markdown, for a ticket, a wiki or a pull request."""

import re
from collections.abc import Iterator

from sfcred.guide.api import Guide, GuideField, GuideStep


def write(guide: Guide, _width: int | None) -> str:
    """Return Markdown: a heading per section, with steps numbered across all sections."""
    lines = [f"# {_plain(guide.title)}", ""]
    lines += [f"> {_plain(note)}\n" for note in guide.notes]
    number = 0
    for section in guide.sections:
        lines += [f"## {_plain(section.title)}", ""]
        for step in section.steps:
            number += 1
            lines += _step(number, step)
        lines.append("")
    return "\n".join(lines)


def _step(number: int, step: GuideStep) -> Iterator[str]:
    yield f"{number}. {_plain(step.text)}"
    for field in step.fields:
        yield from _field(field)


def _field(field: GuideField) -> Iterator[str]:
    shown = [_code(line) if field.literal else _plain(line) for line in field.value.split("\n")]
    if len(shown) == 1:
        yield f"    - **{_plain(field.label)}**: {shown[0]}"
        return
    yield f"    - **{_plain(field.label)}**:"
    yield from (f"        - {line}" for line in shown)


def _code(text: str) -> str:
    """Return a code span, even if the text has backticks (CommonMark, section 6.1)."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    ticks = "`" * (longest + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def _plain(text: str) -> str:
    """Return escaped text, except for the code spans that guides themselves contain."""
    parts = re.split(r"(`[^`\n]+`)", text)
    return "".join(
        part if part.startswith("`") and part.endswith("`") and len(part) > 1 else _escaped(part)
        for part in parts
    )


def _escaped(text: str) -> str:
    return re.sub(r"([\\`*_\[\]<>#|~])", r"\\\1", text)
