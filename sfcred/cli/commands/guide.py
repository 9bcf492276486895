"""`sfcred guide`."""

from pathlib import Path

import click

from sfcred.cli import options
from sfcred.cli.output import deliver, warn
from sfcred.guide import format_names


@click.command(short_help="Print the manual setup steps, with a credential's own values.")
@options.name_argument
@options.profile_option
@options.format_option(*format_names(), help_text="Choose the output format.")
@click.option("-o", "--output", type=options.PATH, help="Write the guide to this file.")
def command(name: str, profile: str | None, format_name: str, output: Path | None) -> int:
    """Print numbered steps for Salesforce Setup and n8n, ready to paste into a ticket.

    NAME is a credential's name, or the path of its spec. The guide never shows a value that comes
    from a reference, only where to find it.

    \b
    Examples:
      sfcred guide acme-crm
      sfcred guide acme-crm --profile production --format markdown
      sfcred guide acme-crm --format html -o guide.html
    """
    from sfcred.cli.colours import width_for
    from sfcred.guide.api import find_format
    from sfcred.guide.steps import make_guide
    from sfcred.text.redact import redact
    from sfcred.workspace import Workspace

    paths, only = options.split_name(name)
    credential = Workspace.open(
        *paths, profile=profile, reads_remote_secrets=False, warn=warn
    ).credential(only)
    width = width_for() if output is None else None
    text = redact(find_format(format_name)(make_guide(credential), width))
    deliver(text, output, is_utf8=format_name == "html")
    return 0
