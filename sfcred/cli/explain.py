"""`sfcred explain`."""

import click

from sfcred.cli import _shared
from sfcred.errors import UsageError


@click.command(short_help="A check's documentation; without an id, the catalogue.")
@click.argument("check_id", metavar="[ID]", required=False)
def command(check_id: str | None) -> int:
    """Shows a check's page: what it finds, why it matters, how to fix it, and the source.

    ID is an id or a name; without one, all checks are listed.

    \b
    Examples:
      sfcred explain
      sfcred explain SFC104
      sfcred explain not-an-authority
    """
    from sfcred.checks import all_checks, find_check
    from sfcred.report.pages import catalogue, plain_page

    if check_id is None:
        _shared.emit(catalogue(all_checks()))
        return 0
    check = find_check(check_id)
    if check is None:
        raise UsageError(f"there is no check {check_id}", hint="`sfcred explain` lists the checks.")
    _shared.emit(plain_page(check))
    return 0
