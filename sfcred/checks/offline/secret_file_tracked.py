"""A secret's file is under git's control.

**Finds** a file behind a reference (a private key, the project's `.env`) that git tracks.

**Why it matters** It is, or will be, in the repository's history, on every clone and on the
server, and removing the file later does not remove it from there.

**How to fix it** `git rm --cached` the file, add it to `.gitignore`, and replace the secret: make a
new key pair and upload its certificate, or roll the Consumer Secret (External Client App Manager
or App Manager, the app, Consumer Key and Secret).

**Source** git-rm(1), gitignore(5).
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.resolve.credential import Credential
from sfcred.secrets import all_providers
from sfcred.shell import for_shell

BAD = Example("{}\n", files={"acme.key": "tracked:rsa-2048"})
GOOD = Example("{}\n", files={"acme.key": "ignored:rsa-2048"})


@offline_check("SFC009", Severity.ERROR, bad=BAD, good=GOOD)
def check(credential: Credential) -> Iterator[Problem]:
    """Asks git about each file that a reference leads to."""
    around = credential.values.surroundings(credential.folder)
    for route, reference in credential.references():
        path = all_providers()[reference.provider].path(reference.locator, around)
        if path is not None and credential.values.is_tracked(path):
            message = f"the file behind {'.'.join(map(str, route))} is tracked by git"
            hint = f"Run: git rm --cached {for_shell(path)}; ignore it, and replace the secret."
            yield Problem(message, route, hint)
