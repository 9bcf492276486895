"""Plain text, for a terminal or a ticket without markup."""

from collections.abc import Iterator
from textwrap import fill

from sfcred.guide.api import Guide, GuideField, GuideStep

_WIDTH = 96


def write(guide: Guide) -> str:
    """Return plain text: steps numbered across all sections, with their fields below."""
    lines = [guide.title, "=" * len(guide.title), ""]
    lines += [fill(note, _WIDTH) for note in guide.notes]
    number = 0
    for section in guide.sections:
        lines += ["", section.title, "-" * len(section.title)]
        for step in section.steps:
            number += 1
            lines += _step(number, step)
    return "\n".join(lines) + "\n"


def _step(number: int, step: GuideStep) -> Iterator[str]:
    head = f"{number:>2}. "
    # Keep URLs and paths whole, so that you can copy them.
    yield fill(
        step.text, _WIDTH, initial_indent=head, subsequent_indent="    ",
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
    for field in step.fields:
        yield _field(field)


def _field(field: GuideField) -> str:
    lines = field.value.split("\n")
    if len(lines) == 1:
        return f"      {field.label}: {field.value}"
    return "\n".join([f"      {field.label}:", *(f"        {line}" for line in lines)])
