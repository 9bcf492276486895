"""`sfcred doctor`."""

from pathlib import Path

import click

from sfcred.cli import colours, completion_values, shared
from sfcred.report import format_names


@click.command(short_help="Find what is wrong with specs, offline or live.")
@shared.paths_argument
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
@shared.profile_option
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
@shared.local_org_option
@shared.allow_host_option
@shared.org_host_option
@click.option(
    "--stdin-filename",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The name of the spec that comes from standard input (PATH is -).",
)
@colours.color_option
@click.option("-q", "--quiet", is_flag=True, help="Findings, and nothing else.")
@click.option("-v", "--verbose", is_flag=True, help="Name every credential and every reason.")
def command(
    paths: tuple[Path, ...],
    format_name: str,
    outputs: tuple[str, ...],
    profile: str | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    fail_on: str | None,
    require_secrets: bool,
    fixes: bool,
    diff: bool,
    baseline: Path | None,
    write_baseline: bool,
    no_ignores: bool,
    live: bool,
    jobs: int | None,
    local_org: str | None,
    allow_hosts: tuple[str, ...],
    org_hosts: tuple[str, ...],
    stdin_filename: Path | None,
    quiet: bool,
    verbose: bool,
) -> int:
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
    from sfcred.checks.api import Severity
    from sfcred.cli import doctor_run
    from sfcred.doctor import Options
    from sfcred.report.api import wants_details

    targets = [_target(text, format_name) for text in outputs]
    scene = doctor_run.set_scene(paths, stdin_filename)
    settings = scene.settings
    options = Options(
        shared.split_ids(select) or settings.select,
        shared.split_ids(ignore) + settings.ignore,
        profile,
        require_secrets or settings.require_secrets,
        heeds_ignores=not no_ignores,
        whole=not paths,
        given=scene.given,
        details=any(map(wants_details, {format_name, *(name for name, _file in targets)})),
    )
    shared.require_known(options.select, "--select")
    shared.require_known(options.ignore, "--ignore")
    doctor_run.require_sense(options, fixes=fixes, diff=diff, write_baseline=write_baseline)
    is_live = live or local_org is not None
    context = shared.make_context(
        settings,
        allow_hosts,
        local_org,
        org_hosts=org_hosts,
        asks_stores=is_live or options.require_secrets,
    )
    run = doctor_run.Run(scene, context, options, baseline)
    if diff:
        return run.show_fixes()
    if fixes:
        run.fix()
    if write_baseline:
        run.write_baseline()
    report = run.examine((jobs or settings.jobs) if is_live else None)
    shared.require_results(report, profile)
    doctor_run.deliver(report, targets, format_name, verbose=verbose, quiet=quiet)
    return report.exit_status(Severity(fail_on or settings.fail_on))


def _target(text: str, format_name: str) -> tuple[str, Path]:
    """`FORMAT=FILE`, or a file in the format of --format."""
    name, equals, file = text.partition("=")
    return (name, Path(file)) if equals and name in format_names() else (format_name, Path(text))
