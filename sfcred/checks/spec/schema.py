"""A field is unknown or missing, or has the wrong type of value.

**Finds** unknown fields (with the nearest known name), missing fields, and
values of the wrong type: a number in place of text, `yes` in place of `true`, text in place of a
list. One run reports all of them.

**Why it matters** A misspelled field would have no effect, and without quotes, YAML reads
`version: 2.40` as the number 2.4.

**How to fix it** Use the name from the hint, or put the value in quotes. With the schema line at
the top (`# yaml-language-server: $schema=…`), your editor completes the fields and describes each.

**Source** `sfcred schema credential`, which is generated from the same models.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, Trait, spec_check
from sfcred.spec.load import SpecFile

BAD = Example("n8n:\n  verison: '2.40.5'\n")
GOOD = Example("n8n:\n  version: '2.40.5'\n")


@spec_check("SFC002", Severity.ERROR, bad=BAD, good=GOOD, since="0.1.0", traits=(Trait.ALWAYS,))
def check(file: SpecFile) -> Iterator[Problem]:
    """Report what the models reject."""
    for declaration in file.declarations:
        for error in declaration.errors:
            if error.kind == "schema":
                yield Problem(
                    error.message,
                    error.route,
                    error.hint,
                    on_key=error.on_key,
                    document=declaration.index,
                )
