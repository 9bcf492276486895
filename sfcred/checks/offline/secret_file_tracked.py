"""git tracks a secret's file.

**Finds** a file behind a reference (a private key, the project's `.env`) that git tracks.

**Why it matters** It is, or will be, in the repository's history, in every clone and on the server.
Deleting the file later doesn't remove it from there.

**How to fix it** Run `git rm --cached` on the file, add it to `.gitignore`, and replace the secret:
create a new key pair and upload its certificate, or rotate the Consumer Secret (External Client App
Manager or App Manager, the app, Consumer Key and Secret).

**Source** git-rm(1), gitignore(5).
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, Trait, offline_check
from sfcred.paths import display_path
from sfcred.resolve.credential import Credential
from sfcred.spec.source import route_text
from sfcred.text.shell import untrack

BAD = Example("{}\n", files={"acme.key": "tracked:rsa-2048"})
GOOD = Example("{}\n", files={"acme.key": "ignored:rsa-2048"})


@offline_check(
    "SFC009",
    Severity.ERROR,
    bad=BAD,
    good=GOOD,
    since="0.1.0",
    traits=(Trait.NEVER_BASELINED, Trait.TRANSIENT),
)
def check(credential: Credential) -> Iterator[Problem]:
    """Ask git about each file that a reference points to."""
    for route, reference in credential.references():
        path = credential.values.path(reference, credential.folder)
        if path is not None and credential.values.is_tracked(path):
            message = f"git tracks the file that {route_text(route)} refers to"
            hint = (
                f"Run `{untrack(display_path(path))}`. Then add the file to .gitignore, and "
                "replace the secret."
            )
            yield Problem(message, route, hint)
