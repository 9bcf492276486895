"""For a terminal or a ticket without markup."""

from collections.abc import Iterator
from textwrap import fill

from sfcred.guide.api import Entry, Guide, Step

_WIDTH = 96


def write(guide: Guide) -> str:
    """Plain text: steps numbered through all sections, fields below them."""
    lines = [guide.title, "=" * len(guide.title), ""]
    lines += [fill(note, _WIDTH) for note in guide.notes]
    number = 0
    for section in guide.sections:
        lines += ["", section.title, "-" * len(section.title)]
        for step in section.steps:
            number += 1
            lines += _step(number, step)
    return "\n".join(lines) + "\n"


def _step(number: int, step: Step) -> Iterator[str]:
    head = f"{number:>2}. "
    # Addresses and paths stay whole: they are there to be copied.
    yield fill(
        step.text, _WIDTH, initial_indent=head, subsequent_indent="    ",
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
    for entry in step.entries:
        yield _entry(entry)


def _entry(entry: Entry) -> str:
    lines = entry.value.split("\n")
    if len(lines) == 1:
        return f"      {entry.field}: {entry.value}"
    return "\n".join([f"      {entry.field}:", *(f"        {line}" for line in lines)])
