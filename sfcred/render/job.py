"""From spec files to documents: checks first, then renders."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from sfcred.checks._api import Severity
from sfcred.doctor import Options, Report, examine
from sfcred.render._api import Document, Order, Target
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
        RenderError: It can't be rendered correctly.
    """
    credentials: list[Credential] = []
    options = options._replace(
        require_secrets=target.secret, ignore=options.ignore + target.answers
    )
    report = examine(files, context, options, credentials.append)
    broken = any(f.severity is Severity.ERROR for f in report.findings) or report.crashes
    misread = any(f.check in ("SFC001", "SFC002", "SFC003") for f in report.findings)
    if misread or (check and broken) or not credentials:
        return Job(report, credentials, None)
    return Job(report, credentials, target.render(credentials, order))
