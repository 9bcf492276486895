"""For a ticket, a wiki or a pull request."""

import re
from collections.abc import Iterator

from sfcred.guide.api import Entry, Guide, Step


def write(guide: Guide) -> str:
    """Markdown: a heading a section, one numbered list through all of them."""
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


def _step(number: int, step: Step) -> Iterator[str]:
    yield f"{number}. {_plain(step.text)}"
    for entry in step.entries:
        yield from _entry(entry)


def _entry(entry: Entry) -> Iterator[str]:
    shown = [_code(line) if entry.literal else _plain(line) for line in entry.value.split("\n")]
    if len(shown) == 1:
        yield f"    - **{_plain(entry.field)}**: {shown[0]}"
        return
    yield f"    - **{_plain(entry.field)}**:"
    yield from (f"        - {line}" for line in shown)


def _code(text: str) -> str:
    """A code span, whatever backticks the text has (CommonMark, section 6.1)."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    ticks = "`" * (longest + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def _plain(text: str) -> str:
    """Text that stays text, but for the code spans that guides themselves have."""
    parts = re.split(r"(`[^`\n]+`)", text)
    return "".join(
        part if part.startswith("`") and part.endswith("`") and len(part) > 1 else _escaped(part)
        for part in parts
    )


def _escaped(text: str) -> str:
    return re.sub(r"([\\`*_\[\]<>#|~])", r"\\\1", text)
