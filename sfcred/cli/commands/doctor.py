"""`sfcred doctor`."""

from typing import TYPE_CHECKING, Unpack

import click
from click.core import ParameterSource

from sfcred.cli import colours, completion_values, options
from sfcred.cli.grouped import GroupedCommand
from sfcred.report import format_names

if TYPE_CHECKING:
    from sfcred.cli.doctor_run import DoctorOptions


_GROUPS = {
    "Scope": (
        "profile", "select", "workflows", "url", "api_key_variable", "stdin_filename",
    ),
    "Report": ("format_name", "outputs", "fail_on", "quiet", "verbose", "color"),
    "Live": ("live", "jobs", "local_org", "require_secrets", "allow_hosts", "org_hosts"),
    "Ignore": ("ignore", "no_ignores", "baseline", "write_baseline"),
    "Fix": ("fixes", "dry_run"),
}  # fmt: skip


@click.command(
    cls=GroupedCommand, groups=_GROUPS, short_help="Find mistakes in specs, offline or live."
)
@options.paths_argument
@options.format_option(*format_names())
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    metavar="[FORMAT=]FILE",
    help="Write the report to this file; FORMAT=FILE for another format (repeatable). Without "
    "--format, the suffix chooses it: .html, .json, .sarif, .xml, .ics, .prom.",
)
@options.profile_option
@click.option(
    "--select",
    multiple=True,
    metavar="IDS",
    help="Run only these checks (SFC4, SFC104, …).",
    shell_complete=completion_values.checks,
)
@click.option(
    "--ignore",
    multiple=True,
    metavar="IDS",
    help="Leave out these checks.",
    shell_complete=completion_values.checks,
)
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning"]),
    help="Exit with status 1 for findings of at least this severity.  [default: error]",
)
@click.option(
    "--require-secrets",
    is_flag=True,
    help="Treat a secret reference that can't be read here as an error.",
)
@click.option(
    "--fix", "fixes", is_flag=True, help="Apply safe corrections to the files, then report."
)
@click.option(
    "--dry-run",
    is_flag=True,
    help="With --fix: only show what would change; exit with status 1 if anything would.",
)
@click.option("--diff", is_flag=True, hidden=True)  # the old name of --fix --dry-run
@click.option(
    "--baseline",
    type=options.PATH,
    metavar="FILE",
    help="Leave out the findings in this baseline.  [default: sfcred-baseline.json, if it exists]",
)
@click.option(
    "--write-baseline",
    is_flag=True,
    help="Write a baseline of the current findings, so that later runs leave them out.",
)
@click.option(
    "--no-ignores",
    is_flag=True,
    help="Also report what specs, configuration or baseline leave out.",
)
@click.option("--live", is_flag=True, help="Log in as n8n would, and diagnose what goes wrong.")
@click.option(
    "--jobs",
    type=options.Number(1, 100),
    metavar="N",
    help="Log in to up to this many orgs at the same time.  [default: 8]",
)
@options.local_org_option(" Implies --live.")
@options.workflows_option
@options.n8n_workflows_option
@options.api_key_option
@options.allow_host_option
@options.org_host_option
@click.option(
    "--stdin-filename",
    type=options.PATH,
    metavar="FILE",
    help="Use this name for the spec on standard input (PATH is -).",
)
@colours.color_option
@click.option(
    "-q", "--quiet", is_flag=True, help="Show only findings, and what could not be checked."
)
@click.option("-v", "--verbose", is_flag=True, help="List every credential and every reason.")
def command(**given: "Unpack[DoctorOptions]") -> int:
    """Check specs, and report what is wrong, where, why it matters and what to do.

    NAME is a credential's name. PATH is a spec, a folder of specs, or - for standard input; what
    exists is a path. Without either, doctor checks the configuration's `paths`, or the folder
    credentials/. It works offline unless you pass --live.
    With --live, it logs in once with each credential, to Salesforce's hosts only, and never revokes
    a token. Only --live and --require-secrets read secrets from stores such as Vault.

    \b
    Examples:
      sfcred doctor
      sfcred doctor acme-crm --profile production
      sfcred doctor --fix --dry-run
      sfcred doctor --format json -o report.json --fail-on warning
      sfcred doctor --format github -o sarif=doctor.sarif -o html=doctor.html
      sfcred doctor --live --jobs 20
    """
    from sfcred.cli.doctor_run import run

    source = click.get_current_context().get_parameter_source("format_name")
    given["is_format_chosen"] = source is not ParameterSource.DEFAULT
    return run(given)
