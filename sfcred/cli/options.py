"""Options that several commands share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from sfcred.cli import completion_values

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


class _Path(click.Path):
    """A path that nothing looks at yet.

    click would follow a link that a repository brought along. On Windows, one to another machine
    sends the user's password hash there.
    """

    def convert(
        self,
        value: Any,
        param: click.Parameter | None,  # noqa: ARG002 - click's interface
        ctx: click.Context | None,  # noqa: ARG002 - as above
    ) -> Path:
        """Return the path."""
        return Path(value)


class _Named(_Path):
    """A path that isn't empty: an unset variable in a script would mean the working folder."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Refuse an empty path."""
        if value == "":
            self.fail("the name or path is empty. Pass one, or leave it out.", param, ctx)
        return super().convert(value, param, ctx)


class Number(click.IntRange):
    """A whole number between two others."""

    name = "number"  # click's messages and the help have it: "'2y' is not a valid number"


#: The type of each option that takes a path.
PATH = _Path()

paths_argument: Decorator = click.argument(
    "paths",
    nargs=-1,
    type=_Named(),
    metavar="[NAME|PATH]...",
    shell_complete=completion_values.specs,
)


def filled(_context: click.Context, _option: click.Parameter, text: str | None) -> str | None:
    """Refuse an empty value, usually a script's mistake: it would match nothing, and succeed."""
    if text is not None and not text.strip():
        raise click.BadParameter("the value is empty. Pass a value, or leave the option out.")
    return text


name_argument: Decorator = click.argument(
    "name", metavar="NAME", callback=filled, shell_complete=completion_values.credentials
)


def all_filled(
    context: click.Context, option: click.Parameter, texts: tuple[str, ...]
) -> tuple[str, ...]:
    """Refuse empty values of an option that can be repeated."""
    for text in texts:
        filled(context, option, text)
    return texts


profile_option: Decorator = click.option(
    "--profile",
    metavar="NAME",
    callback=filled,
    help="Use only this profile, in specs that have profiles.",
    shell_complete=completion_values.profiles,
)
allow_host_option: Decorator = click.option(
    "--allow-host",
    "allow_hosts",
    multiple=True,
    metavar="HOST[:PORT]",
    help="Accept this host as an authority, for example a stand-in org's. Loopback hosts can use "
    "plain http.",
)
org_host_option: Decorator = click.option(
    "--org-host",
    "org_hosts",
    multiple=True,
    metavar="HOST",
    help="Send only to this org's host (repeatable). *.NAME matches all hosts below NAME.  "
    "[$SFCRED_ORG_HOSTS]",
)

workflows_option: Decorator = click.option(
    "--workflows",
    "workflows",
    multiple=True,
    type=PATH,
    metavar="PATH",
    help="Read n8n's workflows in this file or folder (repeatable).  [default: `workflows` in the "
    "configuration]",
)
n8n_option: Decorator = click.option(
    "--n8n",
    "url",
    metavar="URL",
    help="Connect to the n8n at this address.  [$SFCRED_N8N_URL]",
)
n8n_workflows_option: Decorator = click.option(
    "--n8n",
    "url",
    metavar="URL",
    help="Read the workflows of the n8n at this address.",
)
api_key_option: Decorator = click.option(
    "--api-key-env",
    "api_key_variable",
    metavar="NAME",
    callback=filled,
    default="N8N_API_KEY",
    show_default=True,
    help="Read the API key from this variable (create a key in n8n: Settings, n8n API).",
)
state_option: Decorator = click.option(
    "--state",
    "state_file",
    type=PATH,
    metavar="FILE",
    help="Keep the record of pushed credentials in this file.  [$SFCRED_STATE; default: "
    ".sfcred/state.json]",
)


def local_org_option(note: str = "") -> Decorator:
    """Return the option --local-org, with a note in its help."""
    return click.option(
        "--local-org",
        metavar="URL",
        help=f"Log in to this `sfcred local-org` instead of the real org.{note}",
    )


def format_option(*names: str, help_text: str = "Choose the report format.") -> Decorator:
    """Return the option --format of a command that reports in these formats, text by default."""
    return click.option(
        "--format",
        "format_name",
        type=click.Choice(names),
        default="text",
        show_default=True,
        help=help_text,
    )


def split_name(name: str) -> tuple[tuple[Path, ...], str | None]:
    """Sort an argument into a credential's name or the path of its spec.

    Returns:
        The paths to open, and the name; None for a path. What exists is a path.
    """
    from sfcred.workspace.names import is_name

    return ((), name) if is_name(name) else ((Path(name),), None)
