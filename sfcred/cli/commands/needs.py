"""`sfcred needs`."""

from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

import click

from sfcred.cli import colours, options
from sfcred.cli.output import deliver, show_findings, warn

if TYPE_CHECKING:
    from sfcred.needs.model import CredentialNeeds
    from sfcred.workflows.model import FileFault

_NOTHING = "No workflow uses a Salesforce credential"
_NOTHING_CHOSEN = "No workflow uses the chosen credentials, or one without a spec"
_AMONG_READ = ", as far as the files could be read"


class NeedsOptions(TypedDict):
    """The command-line options."""

    paths: tuple[Path, ...]
    workflows: tuple[Path, ...]
    url: str | None
    api_key_variable: str
    format_name: str
    output: Path | None
    profile: str | None


@click.command(short_help="Show what workflows need of each credential.")
@options.paths_argument
@options.workflows_option
@options.n8n_workflows_option
@options.api_key_option
@options.format_option("text", "json", "markdown")
@click.option(
    "-o",
    "--output",
    type=options.PATH,
    metavar="FILE",
    help="Write the result to this file.",
)
@options.profile_option
@colours.color_option
def command(**given: Unpack[NeedsOptions]) -> int:
    """List the Salesforce objects, fields and access that workflows need of each credential.

    needs reads the workflows that n8n exported (--workflows, or `workflows` in sfcred.toml), or
    those of a running n8n (--n8n). It knows which requests n8n's Salesforce nodes send, including
    the fields that n8n requests by itself. What depends on an expression is listed as not known,
    never guessed. With NAME, PATH or --profile, the project's other credentials are left out;
    those that no spec has are always listed. The exit status is 4 if a file could not be read.

    \b
    Examples:
      n8n export:workflow --backup --output=workflows/
      sfcred needs --workflows workflows/
      sfcred needs --n8n https://n8n.acme.com --format markdown
    """
    from sfcred.cli.running_n8n import workflows_of
    from sfcred.cli.workflow_faults import noting, tell_faults
    from sfcred.workspace import Workspace

    workspace = Workspace.open(
        *given["paths"], profile=given["profile"], needs_specs=False, warn=warn
    )
    faults: list[FileFault] = []
    found_in = workflows_of(workspace, given["workflows"], given["url"], given["api_key_variable"])
    files = noting(found_in, faults)
    found = workspace.needs(files)
    is_json = given["format_name"] == "json"
    is_whole = workspace.is_whole and given["profile"] is None
    nothing = _NOTHING if is_whole else _NOTHING_CHOSEN
    text = _text(found, given) or f"{nothing}{_AMONG_READ if faults else ''}.\n"
    deliver(text, given["output"], is_utf8=is_json)
    tell_faults(faults)
    report = workspace.understood().report
    if report.findings:
        show_findings(report)
    return 4 if faults or report.findings else 0


def _text(found: "list[CredentialNeeds]", given: NeedsOptions) -> str:
    from sfcred.report.needs.json import as_json
    from sfcred.report.needs.markdown import as_markdown
    from sfcred.report.needs.text import as_text

    if given["format_name"] == "text":
        return as_text(found, None if given["output"] else colours.width_for())
    return as_json(found) if given["format_name"] == "json" else as_markdown(found)
