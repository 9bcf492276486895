"""`sfcred push`."""

from typing import TYPE_CHECKING, Unpack

import click

from sfcred.cli import colours, options

if TYPE_CHECKING:
    from sfcred.cli.push_run import PushOptions


@click.command(short_help="Write credentials into a running n8n.")
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
    help="Overwrite n8n's credential with this id, though it was not pushed from here; repeat it "
    "for several.",
)
@click.option("--project", metavar="ID", help="The n8n project that new credentials go to.")
@click.option("--dry-run", is_flag=True, help="Show the plan, and do nothing.")
@click.option("--yes", is_flag=True, help="Do it without asking.")
@click.option("--no-check", is_flag=True, help="Go on in spite of errors in specs, knowingly.")
@options.allow_host_option
@options.org_host_option
@colours.color_option
def command(**given: "Unpack[PushOptions]") -> int:
    """Creates and updates credentials over n8n's public API.

    A plan comes first: create, update, adopt, unchanged, or refused with the way that works. Only
    what was pushed from here is overwritten. Another credential that n8n has under the same id
    needs --adopt ID, or your yes on a terminal; one of another type is never touched. Connected
    OAuth2 credentials keep their tokens. What was pushed is noted in .sfcred/state.json, as
    fingerprints. The address comes from the command line or SFCRED_N8N_URL, never from a spec.

    \b
    Examples:
      sfcred push --n8n https://n8n.acme.com --dry-run
      sfcred push credentials/acme.yaml --n8n https://n8n.acme.com --yes
      sfcred push --n8n https://n8n.acme.com --adopt 4LmoB0rVGGUe0Nxx
    """
    from sfcred.cli.push_run import run

    return run(given)
