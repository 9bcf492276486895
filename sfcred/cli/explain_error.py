"""What `sfcred explain --error` does. Its options are in commands/explain.py."""

from typing import TYPE_CHECKING

from sfcred.cli import options
from sfcred.cli.colours import width_for
from sfcred.cli.output import emit, warn
from sfcred.cli.workflow_faults import noting, tell_faults
from sfcred.errors import SfcredError
from sfcred.needs.denied import Denied, not_ruled_out, read_denied, requesters
from sfcred.report.denied_text import NO_WORKFLOWS, UNREAD, meaning, requested
from sfcred.report.error_text import Known, as_text

if TYPE_CHECKING:
    from sfcred.workflows.model import FileFault


def explain_error(text: str, spec: str | None, profile: str | None) -> int:
    """Explain an error text. Trouble with the project never costs the explanation.

    Args:
        text: The error.
        spec: The name of the credential that it belongs to, or the path of its spec.
        profile: The credential's profile.

    Returns:
        The exit status.

    Raises:
        SfcredError: The credential can't be used. The explanation is printed all the same.
    """
    known, trouble = _known(spec, profile)
    explanation, is_known = as_text(text, known, width_for())
    denied = read_denied(text)
    emit(meaning(denied) if denied and not is_known else explanation)
    status = 0 if is_known or denied else 1
    if denied:
        status = _name_requesters(denied)
    if trouble:
        raise trouble
    return status


def _known(spec: str | None, profile: str | None) -> tuple[Known | None, SfcredError | None]:
    """Return a credential with what doctor finds in it offline, or why it can't be used."""
    from sfcred.workspace import Workspace

    if spec is None:
        return None, None
    paths, name = options.split_name(spec)
    try:
        workspace = Workspace.open(*paths, profile=profile, reads_remote_secrets=False, warn=warn)
        return Known(*workspace.require_sound_one(name, check=False)), None
    except SfcredError as error:
        return None, error


def _name_requesters(denied: Denied) -> int:
    """Name the nodes that request a field or an object that was refused.

    Returns:
        The exit status: 4 if a workflow could not be read.
    """
    faults: list[FileFault] = []
    try:
        emit(_requested(denied, faults))
    except SfcredError as error:
        emit(UNREAD)
        warn(f"{error.message}. {error.hint}")
        return 4
    tell_faults(faults)
    return 4 if faults else 0


def _requested(denied: Denied, faults: "list[FileFault]") -> str:
    from pathlib import Path

    from sfcred.settings import load_settings
    from sfcred.workspace import Workspace

    if not load_settings(Path.cwd()).workflows:
        return NO_WORKFLOWS
    workspace = Workspace.open(needs_specs=False)
    files = noting(workspace.workflow_files(), faults)
    needs = workspace.needs(files)
    found = list(requesters(denied, needs))
    return requested(found, list(not_ruled_out(needs, found)))
