"""What resolving may know of the world: handed in once, by the command line."""

import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import NamedTuple


class Context(NamedTuple):
    """The surroundings of a run.

    Attributes:
        project: The project's root, which has the configuration and `.env`.
        now: The moment that certificates are judged by; aware.
        environ: The process's environment.
        secrets_dirs: Where `{secrets_dir: NAME}` looks.
        allow_hosts: `HOST` or `HOST:PORT` that the person at the command line lets pass as
            an authority. Never from a file that a pull request could change.
        org_hosts: The fence: patterns of the only hosts that anything may be sent to, allowed hosts
            included (http.trust.parse_org_hosts). None: there is no fence.
        certificate_days: From how many days before its end a certificate is a warning.
        reads_remote_secrets: Read references into remote stores (Vault, AWS, …); otherwise their
            values are not known.
        local_org: The URL of a stand-in on this machine that logins go to instead, without a
            slash at its end. Only the person at the command line can name one.
    """

    project: Path
    now: datetime
    environ: Mapping[str, str] = os.environ
    secrets_dirs: tuple[Path, ...] = (Path("/run/secrets"),)
    allow_hosts: frozenset[str] = frozenset()
    org_hosts: frozenset[str] | None = None
    certificate_days: int = 30
    reads_remote_secrets: bool = True
    local_org: str | None = None
