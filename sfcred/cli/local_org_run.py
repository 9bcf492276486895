"""Watch the specs of `sfcred local-org`, so that it knows what was changed after its start."""

import time
from collections.abc import Callable
from pathlib import Path

from sfcred.cli.output import show_findings, warn
from sfcred.errors import ReadError, SfcredError
from sfcred.local_org.org import LocalOrg
from sfcred.local_org.registry import LeftOut, Registry, register
from sfcred.paths import plain_join, real_path
from sfcred.resolve.credential import Credential
from sfcred.text.redact import redact
from sfcred.workspace import Workspace
from sfcred.workspace.errors import Refused

# How often files are looked at, in seconds. A request waits for the look, which is slow with many
# specs: so the pause is at least this many times as long.
_PAUSE, _TIMES = 0.5, 30
_State = dict[Path, tuple[int, int] | None]


class SpecWatch:
    """The specs that a local org was started with.

    Args:
        paths: The paths on the command line.
        profile: The profile to use; None for all.
    """

    def __init__(self, paths: tuple[Path, ...], profile: str | None) -> None:
        self._paths = paths
        self._profile = profile
        self._state: _State = {}
        self._certificates: list[Path] = []
        self._next_look = 0.0

    def load(self, note: Callable[[str], object] = warn) -> Registry:
        """Return what the org knows, from the specs that can be understood.

        Args:
            note: Called with each warning.

        Raises:
            SfcredError: None can be.
        """
        workspace = self._open(note)
        credentials, report = workspace.understood()
        # Credentials can share a certificate.
        self._certificates = list({path: None for one in credentials for path in _certificate(one)})
        self._state = self._look(workspace.files)
        if not credentials:
            raise Refused(
                "no spec can be used for a local org", report, hint="Correct the specs first."
            )
        if report.findings and note is warn:
            show_findings(report)
        return register(credentials)

    def refresh(self, org: LocalOrg) -> None:
        """Let the org learn the specs, if they or their certificates were changed."""
        began = time.monotonic()
        if began < self._next_look:
            return
        try:
            now = self._look(self._open(_quiet).files)
        except SfcredError:  # the next lines say what is wrong
            now = {}
        looked = time.monotonic()
        self._next_look = looked + max(_PAUSE, _TIMES * (looked - began))
        if now == self._state:
            return
        self._state = now  # what can't be used is told once
        try:
            before, registry = org.registry.left_out, self.load(_quiet)
        except SfcredError as error:
            text = f"can't be read again, so the earlier ones stay: {error.message}"
            org.log.note("specs", redact(text))
        else:
            org.learn(registry)
            org.log.note("specs", "read again, because they were changed")
            for one in registry.left_out:
                if one not in before:
                    _tell_left_out(org, one)

    def _open(self, note: Callable[[str], object]) -> Workspace:
        return Workspace.open(
            *self._paths, profile=self._profile, reads_remote_secrets=True, warn=note
        )

    def _look(self, files: list[Path]) -> _State:
        return {path: _state_of(path) for path in (*files, *self._certificates)}


def _tell_left_out(org: LocalOrg, one: LeftOut) -> None:
    reason = redact(f"{one.name}: {one.reason}")
    org.log.note("specs", f"left out {reason}")
    warn(f"left out {reason}; correct that in this terminal, and start the local org again")


def _state_of(path: Path) -> tuple[int, int] | None:
    try:
        found = real_path(path).stat()
    except (ReadError, OSError, ValueError):
        return None
    return found.st_mtime_ns, found.st_size


def _certificate(credential: Credential) -> list[Path]:
    named = credential.named_certificate
    if not named:
        return []
    try:
        return [plain_join(credential.folder, named)]
    except SfcredError:
        return []


def _quiet(_text: str) -> None:
    """Say nothing: what is wrong was said at the start."""
