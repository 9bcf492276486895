"""Help in groups: of the commands, and of the options of a command that has many."""

from collections.abc import Mapping
from typing import Any

import click

#: Titles, and the names of the parameters in each group.
Groups = Mapping[str, tuple[str, ...]]

#: The commands, by what they are for. Of each group, the first is the one to begin with.
PURPOSES: Groups = {
    "start": ("init", "import", "keygen", "guide", "app", "login"),
    "check": ("doctor", "list", "resolve", "needs", "diff"),
    "deliver": ("render", "push"),
    "try without an org": ("local-org",),
    "look up": ("explain", "help", "schema", "completion"),
}


def write_commands(commands: Mapping[str, str], formatter: click.HelpFormatter) -> None:
    """Write the commands to the help, by what they are for.

    Args:
        commands: What each command does.
        formatter: Where the help goes.
    """
    width = max(map(len, commands))
    grouped = {name for names in PURPOSES.values() for name in names}
    others = tuple(name for name in commands if name not in grouped)
    for title, names in (*PURPOSES.items(), ("other", others)):
        if rows := [(f"{name:<{width}}", commands[name]) for name in names if name in commands]:
            with formatter.section(title.capitalize()):
                formatter.write_dl(rows)


class GroupedCommand(click.Command):
    """A command whose help lists its options in groups, and the others at the end.

    Args:
        groups: The groups, in the order of the help.
    """

    def __init__(self, *given: Any, groups: Groups, **named: Any) -> None:
        super().__init__(*given, **named)
        self.groups = groups

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the groups of options to the help."""
        options = (one for one in self.get_params(ctx) if isinstance(one, click.Option))
        known = {str(option.name): option for option in options}
        grouped = {name for names in self.groups.values() for name in names}
        others = tuple(name for name in known if name not in grouped)
        for title, names in (*self.groups.items(), ("Other", others)):
            records = [known[name].get_help_record(ctx) for name in names]
            if rows := [record for record in records if record is not None]:
                with formatter.section(title):
                    formatter.write_dl(rows)
