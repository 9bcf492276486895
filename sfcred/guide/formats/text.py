"""Plain text, for a terminal or a ticket without markup."""

from sfcred.guide.api import Guide, GuideField
from sfcred.text.wrapping import wrapped


def write(guide: Guide, width: int | None) -> str:
    """Return plain text: numbered steps, with their fields below."""
    lines = [guide.title, "=" * len(guide.title), ""]
    lines += [wrapped(note, width) for note in guide.notes]
    number = 0
    for section in guide.sections:
        lines += ["", section.title, "-" * len(section.title)]
        for step in section.steps:
            number += 1
            lines.append(wrapped(step.text, width, f"{number:>2}. "))
            lines += [line for field in step.fields for line in _field(field, width)]
    return "\n".join(lines) + "\n"


def _field(field: GuideField, width: int | None) -> list[str]:
    """Return a field's lines. A value to paste stays whole."""
    values = field.value.split("\n")
    line = f"      {field.label}: {field.value}"
    if len(values) == 1 and (width is None or len(line) <= width):
        return [line]
    below = " " * 8
    shown = (below + one if field.literal else wrapped(one, width, below) for one in values)
    return [wrapped(f"{field.label}:", width, " " * 6), *shown]
