"""Plain text, for a terminal or a ticket without markup."""

import re
from shutil import get_terminal_size
from textwrap import fill

from sfcred.guide.api import Guide, GuideField

_WIDEST = 96
# A space that isn't a place to wrap: a character that no text of a guide contains.
_SPACE = "\x00"


def write(guide: Guide) -> str:
    """Return plain text, as wide as the terminal: numbered steps, with their fields below."""
    width = min(_WIDEST, get_terminal_size((_WIDEST, 24)).columns)
    lines = [guide.title, "=" * len(guide.title), ""]
    lines += [_filled(note, width) for note in guide.notes]
    number = 0
    for section in guide.sections:
        lines += ["", section.title, "-" * len(section.title)]
        for step in section.steps:
            number += 1
            lines.append(_filled(step.text, width, f"{number:>2}. "))
            lines += map(_field, step.fields)
    return "\n".join(lines) + "\n"


def _filled(text: str, width: int, head: str = "") -> str:
    """Wrap a text, but keep URLs, paths and commands whole, so that you can copy them."""
    whole = re.sub(r"`[^`]*`", lambda code: code[0].replace(" ", _SPACE), text)
    return fill(
        whole, width, initial_indent=head, subsequent_indent=" " * len(head),
        break_long_words=False, break_on_hyphens=False,
    ).replace(_SPACE, " ")  # fmt: skip


def _field(field: GuideField) -> str:
    lines = field.value.split("\n")
    if len(lines) == 1:
        return f"      {field.label}: {field.value}"
    return "\n".join([f"      {field.label}:", *(f"        {line}" for line in lines)])
