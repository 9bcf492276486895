"""`sfcred resolve`."""

from pathlib import Path

import click

from sfcred.cli import colours, shared


@click.command(short_help="How specs resolve, and why.")
@shared.paths_argument
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to report.",
)
@shared.profile_option
@shared.allow_host_option
@colours.color_option
def command(
    paths: tuple[Path, ...], format_name: str, profile: str | None, allow_hosts: tuple[str, ...]
) -> int:
    """Shows each decision with its reason: flow, authority, URLs, n8n's type, id and callback.

    Where each secret comes from is named; none is read.

    \b
    Examples:
      sfcred resolve
      sfcred resolve credentials/acme.yaml --profile production --format json
    """
    from sfcred.doctor import Options, examine
    from sfcred.report import resolution
    from sfcred.report.api import Look, find_format
    from sfcred.resolve.credential import Credential

    settings, files = shared.set_scene(paths)
    credentials: list[Credential] = []
    # Only what keeps a spec from being understood: those checks run whatever is selected.
    options = Options(select=("SFC001",), profile=profile)
    report = examine(files, shared.make_context(settings, allow_hosts), options, credentials.append)
    shared.require_results(report, profile)
    if credentials:
        is_json = format_name == "json"
        as_text = resolution.as_json if is_json else resolution.as_text
        shared.emit(as_text(credentials), is_utf8=is_json)
    if report.findings:
        look = Look(colours.style_for(error=True))
        shared.emit(find_format("text")(report, look), error=True)
    return int(bool(report.findings))
