"""`sfcred diff`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sfcred.cli import colours, options
from sfcred.cli.output import emit, show_findings, warn
from sfcred.errors import UsageError

if TYPE_CHECKING:
    from sfcred.exchange.compare import Difference
    from sfcred.exchange.n8n_api import Api
    from sfcred.exchange.state import State
    from sfcred.resolve.credential import Credential


@click.command(short_help="Compare specs with what n8n has.")
@options.paths_argument
@click.option(
    "--export",
    "source",
    metavar="FILE",
    help="n8n's export: a file, a folder of --separate or --backup, or - for standard input.",
)
@options.n8n_option
@options.api_key_option
@options.state_option
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to report.",
)
@options.profile_option
@options.allow_host_option
@colours.color_option
def command(
    paths: tuple[Path, ...],
    source: str | None,
    url: str | None,
    api_key_variable: str,
    state_file: Path | None,
    format_name: str,
    profile: str | None,
    allow_hosts: tuple[str, ...],
) -> int:
    """Says of each credential: same, changed (in which fields), missing, unknown, disconnected.

    Secrets are compared by their values and named only as differing. What n8n itself writes
    (tokens, caches) doesn't count. Over the API (--n8n) secrets can't be read: what was pushed from
    here is known by a fingerprint, the rest by name and type. The exit status is 1 if anything is
    not the same, and 4 if something could not be compared.

    \b
    Examples:
      n8n export:credentials --all --decrypted --output=export.json
      sfcred diff --export export.json
      sfcred diff credentials/acme.yaml --export export.json --format json
      sfcred diff --n8n https://n8n.acme.com
    """
    from sfcred.cli.running_n8n import make_api, open_state
    from sfcred.exchange.drift_report import as_json, as_text
    from sfcred.settings import given_variable
    from sfcred.workspace import Workspace

    if source is None:
        url = url or given_variable("n8n_url")
    if (source is None) == (url is None):
        raise UsageError("compare with what?", hint="Give either --export FILE or --n8n URL.")
    workspace = Workspace.open(
        *paths, profile=profile, allow_hosts=allow_hosts, reads_remote_secrets=True, warn=warn
    )
    credentials, report = workspace.understood()
    if source is not None:
        found = _with_export(credentials, source)
    else:
        api = make_api(url, api_key_variable, workspace.settings.project)
        found = _with_api(credentials, api, open_state(workspace.settings, state_file))
    in_words = format_name == "text"
    text = as_text(found, colours.style_for()) if in_words else as_json(found)
    emit(text, is_utf8=not in_words)
    if report.findings:
        show_findings(report)
    states = {one.state for one in found}
    if report.findings or states - {"same", "not_compared"}:
        return 1
    return 4 if states - {"same"} else 0


def _with_export(credentials: "list[Credential]", source: str) -> "list[Difference]":
    from sfcred.exchange.compare import compare
    from sfcred.exchange.exports import load_export

    export = load_export(source)
    return compare(credentials, export.salesforce, export.not_compared)


def _with_api(credentials: "list[Credential]", api: "Api", state: "State") -> "list[Difference]":
    from sfcred.exchange.compare import compare_listed

    return compare_listed(credentials, api.credentials(), api.url, state)
