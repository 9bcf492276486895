"""A secret's file can be read by others on the machine.

**Finds** a file behind a reference that its group or everyone may read.

**Why it matters** Every account on the machine, and every program that one of them runs, could
take the private key or the Consumer Secret.

**How to fix it** `chmod 600` the file, as its owner. Folders that Docker or Kubernetes mount for a
single container are left out: there the mode is theirs to set.

**Source** POSIX file modes; ssh refuses private keys with such a mode for the same reason.
"""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.errors import ReadError
from sfcred.paths import real_path
from sfcred.resolve.credential import Credential
from sfcred.secrets import all_providers
from sfcred.shell import for_shell

BAD = Example("{}\n", files={"acme.key": "world-readable:rsa-2048"})
GOOD = Example("{}\n", files={"acme.key": "rsa-2048"})


@offline_check("SFC008", Severity.WARNING, bad=BAD, good=GOOD)
def check(credential: Credential) -> Iterator[Problem]:
    """Looks at the mode of each file that a reference leads to."""
    if os.name != "posix":
        return
    around = credential.values.surroundings(credential.folder)
    for route, reference in credential.references():
        path = all_providers()[reference.provider].path(reference.locator, around)
        if reference.provider != "secrets_dir" and path is not None and _is_exposed(path):
            message = f"the file behind {'.'.join(map(str, route))} can be read by others"
            yield Problem(message, route, f"Run: chmod 600 {for_shell(path)}.")


def _is_exposed(path: Path) -> bool:
    try:
        return bool(real_path(path).stat().st_mode & (stat.S_IRGRP | stat.S_IROTH))
    except (ReadError, OSError, ValueError):
        return False  # SFC005 says what is wrong with it
