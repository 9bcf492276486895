"""A mapping has a duplicate key.

**Finds** a key that is repeated in the same mapping, at any depth.

**Why it matters** YAML readers silently keep one of the two, and they disagree about which. What
you see in the file may not be what is used.

**How to fix it** Keep one of the two lines.

**Source** YAML 1.2.2, section 3.2.1.1: the keys of a mapping are unique.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, Trait, spec_check
from sfcred.spec.load import SpecFile
from sfcred.spec.public import may_be_shown

BAD = Example(
    "version: 1\nname: acme-crm\nenvironment: sandbox\nenvironment: production\n", base="whole"
)
GOOD = Example(
    "environment: sandbox\nprofiles:\n  production:\n    environment: production\n"
    "    my_domain: https://acme.my.salesforce.com\n    jwt:\n      username: n8n@acme.com\n"
)


@spec_check("SFC003", Severity.ERROR, bad=BAD, good=GOOD, since="0.1.0", traits=(Trait.ALWAYS,))
def check(file: SpecFile) -> Iterator[Problem]:
    """Report the duplicates that the parser found."""
    for fault in file.source.faults:
        if fault.kind == "duplicate":
            what = f"`{fault.key}`" if may_be_shown(fault.key) else "a key"
            yield Problem(f"{what} {fault.message}", (), fault.hint, place=fault.place)
