"""A web page, to read or print."""

from itertools import accumulate

from sfcred.guide.api import Guide
from sfcred.templates import render


def write(guide: Guide, _width: int | None) -> str:
    """Return one self-contained page; every text is escaped."""
    lengths = [len(section.steps) for section in guide.sections]
    first_numbers = accumulate(lengths, initial=1)
    # Not strict: accumulate yields one number more than there are sections.
    sections = list(zip(first_numbers, guide.sections, strict=False))
    return render("sfcred.guide", "page.html", guide=guide, sections=sections)
