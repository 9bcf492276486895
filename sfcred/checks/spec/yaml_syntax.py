"""The file is not YAML that sfcred can read.

**Finds** a file that is no YAML, no UTF-8 text, binary, empty or unreadable; one of more than
1 MB, nested deeper than 32 levels, with aliases that expand without measure, or beyond another of
the [limits](../spec.md#limits); tabs as indentation; YAML tags such as `!vault`.

**Why it matters** Nothing of the file can be checked or rendered. The limits are there because a
spec may come from anyone who can open a pull request.

**How to fix it** Go to the line and column of the message, and look at the line before it, too:
most often it is the indentation, a missing colon, or a value that needs quotes.

**Source** YAML 1.2.2, chapters 5 to 8; libyaml's parser reads the file.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, spec_check
from sfcred.spec.load import SpecFile

BAD = Example("version: 1\nname: acme-crm\n\tenvironment: sandbox\n", base="whole")
GOOD = Example('description: "a tab\\tin quotes is fine"\n')


@spec_check("SFC001", Severity.ERROR, bad=BAD, good=GOOD)
def check(file: SpecFile) -> Iterator[Problem]:
    """Passes on what the parser found."""
    for fault in file.source.faults:
        if fault.kind == "syntax":
            yield Problem(f"the file {fault.message}", (), fault.hint, place=fault.place)
