"""Find the option that was meant by one in the wrong place or with another dash, and the choice."""

import re
from collections.abc import Sequence

import click

from sfcred.errors import UsageError

# What text programs make of one or two hyphens.
_LONG_DASHES = "‐‑‒–—―−"


def require_hyphens(group: click.Group, arguments: Sequence[str]) -> None:
    """Refuse an option that was copied from a document, with a dash in place of its hyphens.

    Args:
        group: All commands.
        arguments: The command line.

    Raises:
        UsageError: An argument is an option of the command, but for its dash.
    """
    for argument in arguments:
        if not any(dash in argument[:2] for dash in _LONG_DASHES):
            continue
        written, _, _ = argument.partition("=")
        name = written.lstrip(f"-{_LONG_DASHES}")
        option = f"-{name}" if len(name) == 1 else f"--{name}"
        if option in _options(group, _command_in(group, arguments)):
            raise UsageError(f"{written} begins with a typographic dash", hint=f"Write `{option}`.")


def meant_option(error: click.NoSuchOption, arguments: Sequence[str]) -> str:
    """Return what to write in place of an option that a command doesn't have; empty if unknown.

    Args:
        error: The error. `-live` is reported as `-l`, and `-help` as `-e`.
        arguments: The command line.
    """
    group, given = error.ctx.find_root().command if error.ctx else None, error.option_name
    if not isinstance(group, click.Group):
        return ""
    command = _command_in(group, arguments)
    options = _options(group, command)
    if command and given in options:
        return f"Write it after the command: `sfcred {command} {given}`."
    longer = (f"-{one.partition('=')[0]}" for one in arguments if re.match("-[^-].", one))
    whole = next((option for option in longer if option in options), "")
    return _question([whole] if whole else _by_letter(given, options))


def _by_letter(given: str, options: set[str]) -> list[str]:
    """Return the options that a single letter can be short for."""
    return sorted(one for one in options if len(given) == 2 and one.startswith(f"-{given}"))  # noqa: PLR2004 - a hyphen and a letter


def _question(options: Sequence[str]) -> str:
    if len(options) > 1:
        return f"Did you mean one of: {', '.join(map(repr, options))}?"
    return f"Did you mean {options[0]!r}?" if options else ""


# Other names of choices that aren't similar to them: a program, a suffix.
_OTHER_NAMES = {"pwsh": "powershell", "ps1": "powershell", "xml": "junit", "prom": "openmetrics"}


def meant_choice(error: click.BadParameter, arguments: Sequence[str]) -> str:
    """Return which of a parameter's choices was meant by another word; empty if unknown.

    Args:
        error: The error, whose message repeats the word.
        arguments: The command line.
    """
    from sfcred.text.near import is_part, nearest

    kind = error.param.type if error.param else None
    if not isinstance(kind, click.Choice):
        return ""
    words = (word for one in arguments for word in (one, one.partition("=")[2]))
    given = next((word for word in words if f"{word!r} is not one of" in error.message), "")
    choices = [str(choice) for choice in kind.choices]
    parts = (choice for choice in choices if is_part(given, frozenset({choice})))
    meant = _OTHER_NAMES.get(given.lower()) or nearest(given, choices) or next(parts, None)
    return f"Did you mean {meant!r}?" if meant in choices else ""


def _command_in(group: click.Group, arguments: Sequence[str]) -> str:
    """Return the name of the first command among the arguments; empty if there is none."""
    known = set(group.list_commands(click.Context(group)))
    return next((one for one in arguments if one in known), "")


def _options(group: click.Group, name: str) -> set[str]:
    context = click.Context(group, help_option_names=["-h", "--help"])
    command = group.get_command(context, name) or group
    return {option for one in command.get_params(context) for option in one.opts}
