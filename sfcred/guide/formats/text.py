"""Plain text, for a terminal or a ticket without markup."""

from sfcred.guide.api import Guide, GuideField
from sfcred.wrapping import terminal_width, wrapped


def write(guide: Guide) -> str:
    """Return plain text, as wide as the terminal: numbered steps, with their fields below."""
    width = terminal_width()
    lines = [guide.title, "=" * len(guide.title), ""]
    lines += [wrapped(note, width) for note in guide.notes]
    number = 0
    for section in guide.sections:
        lines += ["", section.title, "-" * len(section.title)]
        for step in section.steps:
            number += 1
            lines.append(wrapped(step.text, width, f"{number:>2}. "))
            lines += map(_field, step.fields)
    return "\n".join(lines) + "\n"


def _field(field: GuideField) -> str:
    lines = field.value.split("\n")
    if len(lines) == 1:
        return f"      {field.label}: {field.value}"
    return "\n".join([f"      {field.label}:", *(f"        {line}" for line in lines)])
