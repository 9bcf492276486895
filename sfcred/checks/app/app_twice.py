"""The app is in the retrieved metadata more than once.

**Finds** several files of one app and type in the folder.

**Why it matters** They can come from different orgs or times. If they differ, sfcred can't know
which one the org has, and doesn't compare them.

**How to fix it** Retrieve one org's metadata to an empty folder, and give that folder to
`sfcred app --check`.

**Source** The Salesforce CLI's source format: one file per member.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sfcred.checks.api import Example, Problem, Severity, app_check
from sfcred.checks.lib.apps import names

if TYPE_CHECKING:
    from sfcred.app.compare import Deployed

BAD = Example("{}\n", deployed="{}\n---\n{}\n")
GOOD = Example("{}\n", deployed="{}\n---\napp: {label: Another}\n")
#: How many paths the message lists.
_LISTED = 4


@app_check("SFC711", Severity.WARNING, bad=BAD, good=GOOD, since="0.2.0")
def check(app: "Deployed") -> Iterator[Problem]:
    """Report each type of file once."""
    for files in app.org_app.copies if app.org_app else ():
        paths = names([file.path for file in files[:_LISTED]])
        more = f" and {len(files) - _LISTED} more" if len(files) > _LISTED else ""
        is_same = all(file.fields == files[0].fields for file in files)
        message = (
            f"the metadata contains the app {len(files)} times ({files[0].kind}), with "
            f"{'the same' if is_same else 'different'} content: {paths}{more}"
        )
        yield Problem(message, ("app",), "Pass a folder with only one org's metadata.")
