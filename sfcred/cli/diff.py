"""`sfcred diff`."""

from pathlib import Path

import click

from sfcred.cli import _shared


@click.command(short_help="Compare specs with what n8n has.")
@_shared.paths_argument
@click.option(
    "--export",
    "source",
    metavar="FILE",
    required=True,
    help="n8n's export: a file, a folder of --separate or --backup, or - for standard input.",
)
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
def command(
    paths: tuple[Path, ...],
    source: str,
    format_name: str,
    profile: str | None,
    allow_hosts: tuple[str, ...],
) -> int:
    """Says of each credential: same, changed (in which fields), missing, unknown, disconnected.

    Secrets are compared by their values and named only as differing. What n8n itself writes
    (tokens, caches) doesn't count. The exit status is 1 if anything is not the same, and 4 if
    something could not be compared.

    \b
    Examples:
      n8n export:credentials --all --decrypted --output=export.json
      sfcred diff --export export.json
      sfcred diff credentials/acme.yaml --export export.json --format json
    """
    from sfcred.doctor import Options, examine
    from sfcred.instance.differing import compare
    from sfcred.instance.exports import load_export
    from sfcred.instance.telling import as_json, as_text
    from sfcred.resolve.credential import Credential

    settings, files = _shared.set_scene(paths)
    export = load_export(source)
    credentials: list[Credential] = []
    context = _shared.make_context(settings, allow_hosts)
    options = Options(select=("SFC001",), profile=profile)
    report = examine(files, context, options, credentials.append)
    _shared.require_results(report, profile)
    found = compare(credentials, export.salesforce)
    in_words = format_name == "text"
    _shared.emit(as_text(found, _shared.style_for()) if in_words else as_json(found))
    states = {one.state for one in found}
    if report.findings or states - {"same", "not_compared"}:
        return 1
    return 4 if states - {"same"} else 0
