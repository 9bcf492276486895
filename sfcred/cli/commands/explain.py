"""`sfcred explain`."""

import click

from sfcred.cli import completion_values, shared, streams
from sfcred.errors import UsageError

# Bytes of a text to diagnose.
_MOST = 4 * 1024 * 1024


@click.command(short_help="What a check, or an error of Salesforce's, means.")
@click.argument("check_id", metavar="[ID]", required=False, shell_complete=completion_values.checks)
@click.option(
    "--error",
    "error_text",
    metavar="TEXT",
    help="Diagnose an error text of Salesforce's or n8n's; - reads it from standard input.",
)
def command(check_id: str | None, error_text: str | None) -> int:
    """Shows a check's page: what it finds, why it matters, how to fix it, and the source.

    ID is an id or a name; without one, all checks are listed. With --error: what the text means,
    the likeliest cause first, and where to click. It may be a line of a log, JSON, or the address
    of the page that the browser ended on. The exit status is 1 if nobody knows the text.

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

    if check_id is None:
        shared.emit(catalogue(all_checks()))
        return 0
    check = find_check(check_id)
    if check is None:
        raise UsageError(f"there is no check {check_id}", hint="`sfcred explain` lists the checks.")
    shared.emit(plain_page(check))
    return 0


def _standard_input() -> str:
    """The text on standard input: a log, perhaps with bytes in it that are no text."""
    content = streams.read_input(_MOST + 1)
    if len(content) > _MOST:
        raise UsageError(
            f"the text is larger than {_MOST // 1024 // 1024} MB",
            hint="Give the lines around the error: grep -C 20 error LOG | sfcred explain --error -",
        )
    return content.decode("utf-8", "replace")


def _explain_error(text: str) -> int:
    from sfcred.report.error_text import as_text
    from sfcred.salesforce.diagnosis import diagnose, read_error

    said = read_error(text)
    rows = diagnose(said)
    shared.emit(as_text(said, rows))
    return 0 if rows else 1
