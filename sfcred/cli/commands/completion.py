"""`sfcred completion`."""

import os
import sys

import click

from sfcred.cli.output import emit
from sfcred.errors import UsageError

_SHELLS = ("bash", "zsh", "fish", "powershell")
# What PowerShell 7 calls its program, which is also $SHELL where it is the login shell.
_OTHER_NAMES = {"pwsh": "powershell"}


@click.command(short_help="Print a shell completion script.")
@click.argument(
    "shell", type=click.Choice((*_SHELLS, *_OTHER_NAMES), case_sensitive=False), required=False
)
def command(shell: str | None) -> int:
    """Print a script that completes commands, options and names in bash, zsh, fish or PowerShell.

    It completes names of credentials and profiles from your specs, and ids of checks. Without an
    argument, sfcred prints the script for your own shell ($SHELL; on Windows PowerShell).

    \b
    Examples:
      sfcred completion bash > ~/.local/share/bash-completion/completions/sfcred
      sfcred completion zsh > ~/.zfunc/_sfcred
      sfcred completion fish > ~/.config/fish/completions/sfcred.fish
      sfcred completion powershell > sfcred.ps1
    """
    from click.shell_completion import get_completion_class

    from sfcred.cli import COMPLETES, group, powershell

    powershell.register()
    usual = powershell.NAME if sys.platform == "win32" else ""
    own = os.path.basename(os.environ.get("SHELL", ""))  # noqa: PTH119 - not a path
    name = shell or own or usual
    found = get_completion_class(_OTHER_NAMES.get(name, name))
    if found is None:
        raise UsageError(
            f"no completion script for {name or 'an unknown shell'}",
            hint=f"Choose one of {', '.join(_SHELLS)}.",
        )
    complete = found(group, {}, "sfcred", COMPLETES)
    # For bash, click runs the shell to find out its version.
    emit(complete.source_template % complete.source_vars() + "\n")
    return 0
