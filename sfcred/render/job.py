"""From spec files to documents: checks first, then renders."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from sfcred.checks.api import Severity
from sfcred.doctor import Options, Report, examine
from sfcred.errors import NotKnown, RenderError
from sfcred.http.trust import destination, fenced_out
from sfcred.render.api import Document, Order, Target
from sfcred.resolve.context import Context
from sfcred.resolve.credential import Credential


class Job(NamedTuple):
    """What came of it: the report, the credentials, and the documents unless it was refused."""

    report: Report
    credentials: list[Credential]
    documents: list[Document] | None


def run_job(
    files: Iterable[Path],
    context: Context,
    options: Options,
    target: Target,
    order: Order,
    *,
    check: bool,
) -> Job:
    """Examines specs and renders them, if nothing is wrong with them.

    Args:
        files: The spec files.
        context: The surroundings.
        options: Which checks, which profile. A secret that can't be read is an error here.
        target: What to render.
        order: How.
        check: Refuse what has errors. A spec that can't be understood is refused in any case.

    Raises:
        RenderError: It can't be rendered correctly, or n8n would send secrets to a host that they
            must not go to.
    """
    credentials: list[Credential] = []
    options = options._replace(
        require_secrets=target.secret, ignore=options.ignore + target.answers
    )
    report = examine(files, context, options, credentials.append)
    broken = any(f.severity is Severity.ERROR for f in report.findings) or report.crashes
    for credential in credentials:
        _require_destination(credential, check=check)
    misread = any(f.check in ("SFC001", "SFC002", "SFC003") for f in report.findings)
    if misread or (check and broken) or not credentials:
        return Job(report, credentials, None)
    return Job(report, credentials, target.render(credentials, order))


def _require_destination(credential: Credential, *, check: bool) -> None:
    """Refuse a host that n8n must not send secrets to, whatever the repository ignores.

    A check can be ignored in a spec; who may get the secrets is not for a spec to say. `--no-check`
    is the person's own word, but for the fence round the orgs.
    """
    fenced = fenced_out(credential)
    try:
        if fenced or check:
            destination(credential)
    except NotKnown as reason:
        raise RenderError(f"{credential.name}: {reason.message}", hint=reason.hint) from None
