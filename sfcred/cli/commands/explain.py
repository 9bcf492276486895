"""`sfcred explain`."""

from typing import TYPE_CHECKING

import click

from sfcred.cli import completion_values
from sfcred.cli.output import emit
from sfcred.errors import UsageError

if TYPE_CHECKING:
    from sfcred.report.api import ReportStyle

# The largest text to diagnose, in bytes.
_MOST = 4 * 1024 * 1024


@click.command(short_help="Explain a check, or a Salesforce error.")
@click.argument("check_id", metavar="[ID]", required=False, shell_complete=completion_values.checks)
@click.option(
    "--error",
    "error_text",
    metavar="TEXT",
    help="Diagnose an error text from Salesforce or n8n; - reads it from standard input.",
)
def command(check_id: str | None, error_text: str | None) -> int:
    """Show a check's page: what it finds, why it matters, how to fix it, and the source.

    ID is the check's id or name; without it, explain lists all checks. With --error, it shows what
    the error means, the most likely cause first, and where to click. If Salesforce refuses a field,
    it names the workflows that request it (`workflows` in sfcred.toml). The text can be a log line,
    JSON, or the address of the page where the browser ended up. The exit status is 1 if sfcred
    doesn't know the error.

    \b
    Examples:
      sfcred explain
      sfcred explain SFC104
      sfcred explain not-an-authority
      sfcred explain --error 'invalid_grant: audience is invalid'
    """
    if error_text is not None:
        return _explain_error(_standard_input() if error_text == "-" else error_text)
    from sfcred.checks import all_checks, find_check
    from sfcred.report.check_pages import catalogue, plain_page

    look = _look()
    if check_id is None:
        emit(catalogue(all_checks(), look))
        return 0
    check = find_check(check_id)
    if check is None:
        raise UsageError(f"unknown check {check_id}", hint="Run `sfcred explain` to list them.")
    emit(plain_page(check, look))
    return 0


def _look() -> "ReportStyle":
    from sfcred.cli.colours import style_for, width_for
    from sfcred.report.api import ReportStyle

    return ReportStyle(style_for(), width=width_for())


def _standard_input() -> str:
    """Return the text on standard input. Logs can hold invalid UTF-8, which is replaced."""
    from sfcred.files import read_standard_input

    too_large = UsageError(
        f"the text is larger than {_MOST // 1024 // 1024} MB",
        hint="Pass the lines around the error: grep -C 20 error LOG | sfcred explain --error -",
    )
    return read_standard_input(_MOST, too_large).decode("utf-8", "replace")


def _explain_error(text: str) -> int:
    from sfcred.report.error_text import as_text

    explanation, is_known = as_text(text, _look().width)
    denied = _explain_denied(text, is_explained=is_known)
    if is_known or not denied:
        emit(explanation)
    if denied:
        emit(denied)
    return 0 if is_known or denied else 1


def _explain_denied(text: str, *, is_explained: bool) -> str:
    """Name the nodes that request a field or an object that was refused; empty if none was."""
    from pathlib import Path

    from sfcred.needs.denied import read_denied, requesters
    from sfcred.report import denied_text
    from sfcred.settings import load_settings

    denied = read_denied(text)
    if denied is None:
        return ""
    if not load_settings(Path.cwd()).workflows:
        return denied_text.as_text(denied, [], has_workflows=False, is_explained=is_explained)
    from sfcred.workspace import Workspace

    workspace = Workspace.open(needs_specs=False)
    found = list(requesters(denied, workspace.needs(workspace.workflow_files())))
    return denied_text.as_text(denied, found, has_workflows=True, is_explained=is_explained)
