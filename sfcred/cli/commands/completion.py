"""`sfcred completion`."""

import os

import click

from sfcred.cli import shared
from sfcred.errors import UsageError

_SHELLS = ("bash", "zsh", "fish")


@click.command(short_help="Let the shell complete sfcred's words.")
@click.argument("shell", type=click.Choice(_SHELLS), required=False)
def command(shell: str | None) -> int:
    """Prints the script with which bash, zsh or fish completes commands, options and words.

    The names of credentials and profiles come from the specs at hand, the ids of checks from
    sfcred. Without SHELL, it is the one that you use ($SHELL).

    \b
    Examples:
      sfcred completion bash > ~/.local/share/bash-completion/completions/sfcred
      sfcred completion zsh > ~/.zfunc/_sfcred
      sfcred completion fish > ~/.config/fish/completions/sfcred.fish
    """
    from click.shell_completion import get_completion_class

    from sfcred.cli import group

    name = shell or os.path.basename(os.environ.get("SHELL", ""))  # noqa: PTH119 - a plain text
    found = get_completion_class(name)
    if found is None:
        raise UsageError(
            f"no completion for {name or 'an unknown shell'}",
            hint=f"Name the shell: {', '.join(_SHELLS)}.",
        )
    complete = found(group, {}, "sfcred", "_SFCRED_COMPLETE")
    # click asks the shell itself for its version where it makes bash's script.
    shared.emit(complete.source_template % complete.source_vars() + "\n")
    return 0
