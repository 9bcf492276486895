"""Others on this machine can read a secret's file.

**Finds** a file behind a reference that is readable for its group or for everyone.

**Why it matters** Every account on the machine, and every program that it runs, could take the
private key or the Consumer Secret.

**How to fix it** Run `chmod 600` on the file, as its owner. Folders that Docker or Kubernetes mount
for a single container are not checked, because Docker or Kubernetes sets their mode.

**Source** POSIX file modes; ssh refuses private keys with such a mode for the same reason.
"""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from sfcred.checks.api import Example, Problem, Severity, Trait, offline_check
from sfcred.errors import ReadError
from sfcred.paths import display_path, real_path
from sfcred.resolve.credential import Credential
from sfcred.spec.source import route_text
from sfcred.text.shell import for_shell

BAD = Example("{}\n", files={"acme.key": "world-readable:rsa-2048"})
GOOD = Example("{}\n", files={"acme.key": "rsa-2048"})


@offline_check(
    "SFC008", Severity.WARNING, bad=BAD, good=GOOD, since="0.1.0", traits=(Trait.TRANSIENT,)
)
def check(credential: Credential) -> Iterator[Problem]:
    """Check the mode of each file that a reference points to."""
    if os.name != "posix":
        return
    for route, reference in credential.references():
        path = credential.values.path(reference, credential.folder)
        if reference.provider != "secrets_dir" and path is not None and _is_exposed(path):
            field = route_text(route)
            message = f"other users on this machine can read the file that {field} refers to"
            yield Problem(message, route, f"Run `chmod 600 {for_shell(display_path(path))}`.")


def _is_exposed(path: Path) -> bool:
    try:
        mode = real_path(path).stat().st_mode
    except (ReadError, OSError, ValueError):
        return False  # SFC005 reports what is wrong with it, as with a folder
    return stat.S_ISREG(mode) and bool(mode & (stat.S_IRGRP | stat.S_IROTH))
