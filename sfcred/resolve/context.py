"""The context of a run: everything that resolving needs from outside, passed in once."""

import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import NamedTuple


class Context(NamedTuple):
    """The context of a run.

    Attributes:
        project: The project's root, which has the configuration and `.env`.
        specs: The files and folders in which names of credentials are looked up.
        now: The time against which certificates are judged (timezone-aware).
        environ: The process's environment.
        secrets_dirs: The folders in which `{secrets_dir: NAME}` looks.
        allow_hosts: `HOST` or `HOST:PORT` to accept as an authority. They come from the command
            line or SFCRED_ALLOW_HOSTS, never from a file that a pull request could change.
        org_hosts: The fence: patterns of the only hosts that anything may be sent to, including
            allowed hosts (http.trust.parse_org_hosts). None if there is no fence.
        certificate_days: Warn about a certificate this many days before it expires.
        reads_remote_secrets: Read references to remote stores (Vault, AWS, …); otherwise their
            values are unknown.
        local_org: The URL of a stand-in on this machine that logins go to instead, without a
            trailing slash. Only the command line can set it.
    """

    project: Path
    now: datetime
    specs: tuple[Path, ...] = ()
    environ: Mapping[str, str] = os.environ
    secrets_dirs: tuple[Path, ...] = (Path("/run/secrets"),)
    allow_hosts: frozenset[str] = frozenset()
    org_hosts: frozenset[str] | None = None
    certificate_days: int = 30
    reads_remote_secrets: bool = True
    local_org: str | None = None
