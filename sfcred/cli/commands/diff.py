"""`sfcred diff`."""

from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

import click

from sfcred.cli import colours, options
from sfcred.cli.output import emit, show_findings, tell, warn
from sfcred.errors import UsageError

if TYPE_CHECKING:
    from sfcred.exchange.compare import Difference
    from sfcred.resolve.credential import Credential
    from sfcred.settings import Settings


class DiffOptions(TypedDict):
    """The command-line options."""

    paths: tuple[Path, ...]
    source: str | None
    url: str | None
    api_key_variable: str
    state_file: Path | None
    format_name: str
    profile: str | None
    allow_hosts: tuple[str, ...]


@click.command(short_help="Compare specs with the credentials in n8n.")
@options.paths_argument
@click.option(
    "--export",
    "source",
    metavar="FILE",
    help="Compare with this n8n export: a file, a folder written by --separate or --backup, or - "
    "for standard input.",
)
@options.n8n_option
@options.api_key_option
@options.state_option
@options.format_option("text", "json")
@options.profile_option
@options.allow_host_option
@colours.color_option
def command(**given: Unpack[DiffOptions]) -> int:
    """Report each credential as same, changed, missing, unknown or disconnected.

    For a changed credential, diff lists the fields. It compares secrets by value, but only reports
    that they differ. What n8n writes itself (tokens, caches) counts only if it is certainly from
    another org. The API (--n8n) returns no secrets, so credentials that were pushed from here are
    compared by fingerprint, and others by name and type. The exit status is 1 if anything is not
    the same, and 4 if something could not be compared.

    \b
    Examples:
      n8n export:credentials --all --decrypted --output=export.json
      sfcred diff --export export.json
      sfcred diff acme-crm --export export.json --format json
      sfcred diff --n8n https://n8n.acme.com
    """
    from sfcred.findings import Severity
    from sfcred.workspace import Workspace

    url = _n8n_url(given)
    workspace = Workspace.open(
        *given["paths"],
        profile=given["profile"],
        allow_hosts=given["allow_hosts"],
        reads_remote_secrets=True,
        warn=warn,
    )
    credentials, report = workspace.understood()
    if given["source"] is not None:
        found = _with_export(credentials, given["source"], workspace.settings.project)
    else:
        found = _with_n8n(credentials, url, workspace.settings, given)
    _print(found, given["format_name"])
    if report.findings:
        show_findings(report)
    return _exit_status(found, has_findings=report.count(Severity.ERROR) > 0)


def _n8n_url(given: DiffOptions) -> str | None:
    """Return the address of the n8n to compare with; None to compare with an export.

    Raises:
        SfcredError: The options name neither or both, or SFCRED_N8N_URL is empty.
    """
    from sfcred.settings import given_variable

    url = given["url"]
    if given["source"] is None:
        url = url or given_variable("n8n_url")
    if (given["source"] is None) == (url is None):
        raise UsageError(
            "diff compares with either an export or a running n8n",
            hint="Pass either --export FILE or --n8n URL.",
        )
    return url


def _with_export(credentials: "list[Credential]", source: str, project: Path) -> "list[Difference]":
    from sfcred.cli.n8n_export import open_export
    from sfcred.exchange.compare import compare
    from sfcred.exchange.exports import with_ids

    export = with_ids(open_export(source, project), credentials)
    return compare(credentials, export.salesforce, export.not_read)


def _with_n8n(
    credentials: "list[Credential]", url: str | None, settings: "Settings", given: DiffOptions
) -> "list[Difference]":
    from sfcred.cli.running_n8n import make_api, open_state
    from sfcred.exchange.address import other_n8n
    from sfcred.exchange.compare import compare_listed

    api = make_api(url, given["api_key_variable"], settings.project)
    state = open_state(settings, given["state_file"])
    for text in other_n8n(api.url, ((one.label, one.n8n.url) for one in credentials)):
        warn(text)
    return compare_listed(credentials, api.credentials(), api.url, state)


def _print(found: "list[Difference]", format_name: str) -> None:
    from sfcred.exchange.drift_report import as_json, as_text

    if format_name == "json":
        emit(as_json(found), is_utf8=True)
    else:
        tell(as_text(found, colours.style_for()))


def _exit_status(found: "list[Difference]", *, has_findings: bool) -> int:
    states = {one.state for one in found} - {"same"}
    if has_findings or states - {"not_compared"}:
        return 1
    return 4 if states else 0
