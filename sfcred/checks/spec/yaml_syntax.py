"""The file is not YAML that sfcred can read.

**Finds** a file that is not YAML or not UTF-8 text, is binary, empty or unreadable, or exceeds a
[limit](../spec.md#limits): larger than 1 MB, nested deeper than 32 levels, aliases that expand too
far. Also finds tabs used as indentation, and YAML tags like `!vault`.

**Why it matters** Nothing in the file can be checked or rendered. The limits exist because a spec
can come from anyone who can open a pull request.

**How to fix it** Go to the line and column in the message, and check the line before it, too.
Usually it is the indentation, a missing colon, or a value that needs quotes.

**Source** YAML 1.2.2, chapters 5 to 8; libyaml's parser reads the file.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, Trait, spec_check
from sfcred.spec.load import SpecFile

BAD = Example("version: 1\nname: acme-crm\n\tenvironment: sandbox\n", base="whole")
GOOD = Example('description: "a tab\\tin quotes is fine"\n')


@spec_check("SFC001", Severity.ERROR, bad=BAD, good=GOOD, since="0.1.0", traits=(Trait.ALWAYS,))
def check(file: SpecFile) -> Iterator[Problem]:
    """Report what the parser found."""
    for fault in file.source.faults:
        if fault.kind == "syntax":
            yield Problem(f"the file {fault.message}", (), fault.hint, place=fault.place)
