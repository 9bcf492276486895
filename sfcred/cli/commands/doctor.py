"""`sfcred doctor`."""

from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import click

from sfcred.cli import colours, completion_values, options
from sfcred.report import format_names

if TYPE_CHECKING:
    from sfcred.cli.doctor_run import DoctorOptions


@click.command(short_help="Find what is wrong with specs, offline or live.")
@options.paths_argument
@click.option(
    "--format",
    "format_name",
    type=click.Choice(format_names()),
    default="text",
    show_default=True,
    help="How to report.",
)
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    metavar="[FORMAT=]FILE",
    help="Write the report to this file; FORMAT=FILE for another format, also several times.",
)
@options.profile_option
@click.option(
    "--select",
    multiple=True,
    metavar="IDS",
    help="Only these checks (SFC4, SFC104, …).",
    shell_complete=completion_values.checks,
)
@click.option(
    "--ignore",
    multiple=True,
    metavar="IDS",
    help="Not these checks.",
    shell_complete=completion_values.checks,
)
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning"]),
    help="From which severity on the exit status is 1.  [default: error]",
)
@click.option(
    "--require-secrets",
    is_flag=True,
    help="A secret reference that can't be read here is an error, not a warning.",
)
@click.option(
    "--fix", "fixes", is_flag=True, help="Correct what is certain, in the files; then report."
)
@click.option(
    "--diff", is_flag=True, help="Show what --fix would change; status 1 if there is something."
)
@click.option(
    "--baseline",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Leave out the findings that this file holds.  [default: sfcred-baseline.json, if there]",
)
@click.option(
    "--write-baseline", is_flag=True, help="Write the baseline: what is found now is left out."
)
@click.option(
    "--no-ignores", is_flag=True, help="Show what specs, configuration and baseline leave out."
)
@click.option("--live", is_flag=True, help="Log in as n8n would, and say what is really wrong.")
@click.option(
    "--jobs",
    type=click.IntRange(1, 100),
    metavar="N",
    help="How many orgs to log in to at the same time.  [default: 8]",
)
@options.local_org_option
@options.allow_host_option
@options.org_host_option
@click.option(
    "--stdin-filename",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The name of the spec that comes from standard input (PATH is -).",
)
@colours.color_option
@click.option("-q", "--quiet", is_flag=True, help="Only findings, and what could not be checked.")
@click.option("-v", "--verbose", is_flag=True, help="Name every credential and every reason.")
def command(**given: "Unpack[DoctorOptions]") -> int:
    """Checks specs and says what is wrong, where, why it matters and what to do.

    PATHs are specs or folders of specs, or - for standard input; without one, those of the
    configuration, else the folder credentials/. Nothing is sent anywhere, unless --live asks for
    it: then sfcred logs in once with each credential, to Salesforce's hosts only, and never
    revokes a token. Stores such as Vault are asked for secrets then, or with --require-secrets.

    \b
    Examples:
      sfcred doctor
      sfcred doctor credentials/acme.yaml --profile production
      sfcred doctor --fix
      sfcred doctor --format json -o report.json --fail-on warning
      sfcred doctor --format github -o sarif=doctor.sarif -o html=doctor.html
      sfcred doctor --live --jobs 20
    """
    from sfcred.cli.doctor_run import run

    return run(given)
