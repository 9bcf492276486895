"""`sfcred push`."""

from typing import TYPE_CHECKING, Unpack

import click

from sfcred.cli import colours, options

if TYPE_CHECKING:
    from sfcred.cli.push_run import PushOptions


@click.command(short_help="Create and update credentials in a running n8n.")
@options.paths_argument
@options.n8n_option
@options.api_key_option
@options.profile_option
@options.state_option
@click.option(
    "--adopt",
    "adopt",
    multiple=True,
    metavar="ID",
    callback=options.all_filled,
    help="Overwrite n8n's credential with this id, even though it wasn't pushed from here "
    "(repeatable).",
)
@click.option(
    "--project",
    metavar="ID",
    callback=options.filled,
    help="Create new credentials in this n8n project.",
)
@click.option("--dry-run", is_flag=True, help="Show the plan without applying it.")
@click.option("--yes", is_flag=True, help="Apply the plan without asking.")
@click.option("--no-test", is_flag=True, help="Don't let n8n test the credentials afterwards.")
@click.option("--no-check", is_flag=True, help="Continue despite errors in specs.")
@options.allow_host_option
@options.org_host_option
@colours.color_option
def command(**given: "Unpack[PushOptions]") -> int:
    """Create and update credentials through n8n's public API.

    push first shows its plan: create, update, adopt, unchanged, or refused (with what to do
    instead). It overwrites only what was pushed from here. To overwrite another credential with
    the same id, pass --adopt ID, or confirm on a terminal; one of another type is never touched.
    Connected OAuth2 credentials keep their tokens. Afterwards, n8n tests what was pushed: with JWT
    it logs in, with OAuth2 it only looks for a token.

    .sfcred/state.json records what was pushed, as fingerprints. n8n's address comes from the
    command line or SFCRED_N8N_URL, never from a spec.

    \b
    Examples:
      sfcred push --n8n https://n8n.acme.com --dry-run
      sfcred push acme-crm --n8n https://n8n.acme.com --yes
      sfcred push --n8n https://n8n.acme.com --adopt 4LmoB0rVGGUe0Nxx
    """
    from sfcred.cli.push_run import run

    return run(given)
