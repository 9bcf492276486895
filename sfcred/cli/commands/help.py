"""`sfcred help`."""

import click

from sfcred.cli import completion_values
from sfcred.cli.help_text import HelpContext
from sfcred.cli.output import emit


@click.command(short_help="Show the help of sfcred, or of a command.")
@click.argument(
    "name", metavar="[COMMAND]", required=False, shell_complete=completion_values.commands
)
@click.pass_context
def command(context: click.Context, name: str | None) -> int:
    """Show what `sfcred COMMAND --help` shows.

    \b
    Examples:
      sfcred help
      sfcred help doctor
    """
    parent = context.parent or context
    if name is None:
        emit(parent.get_help() + "\n")
        return 0
    group = parent.command
    if not isinstance(group, click.Group):
        raise TypeError("help is a command of a group")
    _name, found, _rest = group.resolve_command(parent, [name])
    if found is not None:
        emit(found.get_help(HelpContext(found, parent=parent, info_name=name)) + "\n")
    return 0
