"""`sfcred resolve`."""

from pathlib import Path

import click

from sfcred.cli import _look, _shared


@click.command(short_help="How specs resolve, and why.")
@_shared.paths_argument
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to report.",
)
@_shared.profile_option
@_shared.allow_host_option
@_look.color_option
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
    from sfcred.report._api import Look, find_format
    from sfcred.resolve.credential import Credential

    settings, files = _shared.set_scene(paths)
    credentials: list[Credential] = []
    # Only what keeps a spec from being understood: those checks run whatever is selected.
    options = Options(select=("SFC001",), profile=profile)
    report = examine(
        files, _shared.make_context(settings, allow_hosts), options, credentials.append
    )
    _shared.require_results(report, profile)
    if credentials:
        is_json = format_name == "json"
        as_text = resolution.as_json if is_json else resolution.as_text
        _shared.emit(as_text(credentials), is_utf8=is_json)
    if report.findings:
        look = Look(_look.style_for(error=True))
        _shared.emit(find_format("text")(report, look), error=True)
    return int(bool(report.findings))
