"""A field is unknown, missing, or has the wrong kind of value.

**Finds** fields that a spec doesn't have (with the nearest name that it has), fields that are
missing, and values of the wrong kind: a number where a text belongs, `yes` where `true` belongs,
a text where a list belongs. All of them are reported in one run.

**Why it matters** A misspelt field would have no effect, and an unquoted `version: 2.40` is the
number 2.4 to YAML.

**How to fix it** Take the name from the hint, or put the value in quotes. With the schema line on
top (`# yaml-language-server: $schema=…`) an editor completes the fields and shows what each means.

**Source** `sfcred schema credential`, which is made from the same models.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, spec_check
from sfcred.spec.load import SpecFile

BAD = Example("n8n:\n  verison: '2.40.5'\n")
GOOD = Example("n8n:\n  version: '2.40.5'\n")


@spec_check("SFC002", Severity.ERROR, bad=BAD, good=GOOD)
def check(file: SpecFile) -> Iterator[Problem]:
    """Passes on what the models refuse."""
    for declaration in file.declarations:
        for misfit in declaration.misfits:
            if misfit.kind == "schema":
                yield Problem(
                    misfit.message,
                    misfit.route,
                    misfit.hint,
                    on_key=misfit.on_key,
                    document=declaration.index,
                )
