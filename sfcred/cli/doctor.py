"""`sfcred doctor`."""

from pathlib import Path

import click

from sfcred.cli import _shared
from sfcred.report import format_names


@click.command(short_help="Find what is wrong with specs, offline or live.")
@_shared.paths_argument
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
@_shared.profile_option
@click.option("--select", multiple=True, metavar="IDS", help="Only these checks (SFC4, SFC104, …).")
@click.option("--ignore", multiple=True, metavar="IDS", help="Not these checks.")
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
@click.option("--live", is_flag=True, help="Log in as n8n would, and say what is really wrong.")
@click.option(
    "--jobs",
    type=click.IntRange(1, 100),
    metavar="N",
    help="How many orgs to log in to at the same time.  [default: 8]",
)
@_shared.local_org_option
@_shared.allow_host_option
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
    live: bool,
    jobs: int | None,
    local_org: str | None,
    allow_hosts: tuple[str, ...],
    verbose: bool,
) -> int:
    """Checks specs and says what is wrong, where, why it matters and what to do.

    PATHs are specs or folders of specs; without one, those of the configuration, else the
    folder credentials/. Nothing is sent anywhere, unless --live asks for it: then sfcred logs in
    once with each credential, to Salesforce's hosts only, and never revokes a token.

    \b
    Examples:
      sfcred doctor
      sfcred doctor credentials/acme.yaml --profile production
      sfcred doctor --format json -o report.json --fail-on warning
      sfcred doctor --format github -o sarif=doctor.sarif -o junit=doctor.xml
      sfcred doctor --live --jobs 20
    """
    from sfcred.checks._api import Severity
    from sfcred.doctor import LiveOptions, Options, examine
    from sfcred.report._api import Look, find_format

    targets = [_target(text, format_name) for text in outputs]
    settings, files = _shared.set_scene(paths)
    options = Options(
        _shared.split_ids(select) or settings.select,
        _shared.split_ids(ignore) + settings.ignore,
        profile,
        require_secrets or settings.require_secrets,
    )
    is_live = live or local_org is not None
    _shared.require_known(options.select, "--select")
    _shared.require_known(options.ignore, "--ignore")
    context = _shared.make_context(settings, allow_hosts, local_org)
    with _shared.progress(is_live) as bar:
        if is_live:
            how = LiveOptions(jobs or settings.jobs, bar.begin, bar.tick)
            options = options._replace(live=how)
        report = examine(files, context, options)
    _shared.require_results(report, profile)
    plain = Look(verbose=verbose)
    for name, file in targets:
        _shared.deliver(find_format(name)(report, plain), file)
    if not any(name == format_name for name, _file in targets):
        look = Look(_shared.style_for(), verbose)
        _shared.deliver(find_format(format_name)(report, look), None)
    return report.exit_status(Severity(fail_on or settings.fail_on))


def _target(text: str, format_name: str) -> tuple[str, Path]:
    """`FORMAT=FILE`, or a file in the format of --format."""
    name, equals, file = text.partition("=")
    return (name, Path(file)) if equals and name in format_names() else (format_name, Path(text))
