"""`sfcred render`."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

import click

from sfcred.cli import colours, options
from sfcred.cli.output import emit, tell, warn
from sfcred.errors import AlreadyThere, UsageError
from sfcred.paths import is_there
from sfcred.render import target_names
from sfcred.text.printable import counted, harmless_json, listed
from sfcred.text.shell import for_shell

if TYPE_CHECKING:
    from pydantic import SecretStr

    from sfcred.exchange.exports import Export
    from sfcred.render.api import Target
    from sfcred.render.output import Output
    from sfcred.workspace import Workspace


class RenderCommandOptions(TypedDict):
    """The command-line options."""

    paths: tuple[Path, ...]
    output: Path | None
    separate: bool
    encrypt: bool
    target_name: str
    profile: str | None
    merge_from: str | None
    url: str | None
    api_key_variable: str
    no_check: bool
    force: bool
    allow_hosts: tuple[str, ...]
    org_hosts: tuple[str, ...]


@click.command(short_help="Write the JSON that n8n imports.")
@options.paths_argument
@click.option(
    "-o",
    "--output",
    type=options.PATH,
    help="Write to this file; with --separate, to this folder; - for a pipe.  [default: "
    "rendered/credentials.json, in the project]",
)
@click.option(
    "--separate", is_flag=True, help="Write one file per credential (for n8n's --separate)."
)
@click.option(
    "--encrypt", is_flag=True, help="Encrypt as n8n does, with its own key (N8N_ENCRYPTION_KEY)."
)
@click.option(
    "--target",
    "target_name",
    type=click.Choice(target_names()),
    default="n8n",
    show_default=True,
    help="Render for n8n's import, or for its CREDENTIALS_OVERWRITE_DATA.",
)
@options.profile_option
@click.option(
    "--merge-from",
    metavar="EXPORT",
    help="Keep the tokens of the OAuth2 credentials that are connected in this n8n export. With "
    "n8n-overwrite: refuse it if the export has others that it would change.",
)
@click.option(
    "--n8n",
    "url",
    metavar="URL",
    help="With n8n-overwrite: refuse it if the n8n at this address has others that it would "
    "change.",
)
@options.api_key_option
@click.option("--no-check", is_flag=True, help="Render despite errors in specs.")
@click.option(
    "--force", is_flag=True, help="Overwrite files, and write even where git doesn't ignore them."
)
@options.allow_host_option
@options.org_host_option
@colours.color_option
def command(**given: Unpack[RenderCommandOptions]) -> int:
    """Write the JSON that n8n imports. Specs with errors are refused (see `sfcred doctor`).

    The file holds secrets. It gets mode 0600, replaces an existing file only with --force, and must
    be ignored by git if it is inside a work tree. With `-o -`, the JSON goes to the next program of
    a pipe, and never to a terminal.

    \b
    Examples:
      sfcred render
      sfcred render acme-crm --profile production
      sfcred render --separate --encrypt
      sfcred render -o - | docker exec -i n8n n8n import:credentials --input=/dev/stdin
      sfcred render --target n8n-overwrite --n8n https://n8n.acme.com
    """
    from sfcred.checks import answered_by
    from sfcred.cli.whole_n8n import WholeN8n, require_instance_wide, require_specs_for_all
    from sfcred.render.api import RenderOptions, find_target
    from sfcred.render.output import write_all

    name, target = given["target_name"], find_target(given["target_name"])
    workspace = _workspace(given, target)
    require_instance_wide(name, target, given["url"])
    output = _output(given, workspace.settings.project, is_secret=target.secret)
    key = _instance_key(given["encrypt"], workspace.settings.project)
    export = _export(given["merge_from"], workspace.settings.project)
    rendering = RenderOptions(given["separate"], key, _tokens(export, workspace))
    # With n8n's tokens kept, an import doesn't disconnect anything.
    kept = answered_by("merge-from") if export else ()
    documents = workspace.render(name, rendering, ignore=kept, check=not given["no_check"])
    credentials = [one for one in workspace.credentials() if target.takes(one)]
    if target.is_instance_wide:
        whole = WholeN8n(export, given["url"], given["api_key_variable"])
        require_specs_for_all(workspace, credentials, whole)
    _warn(target.caution(credentials))
    path = str(output.path) if output else ""
    if output is None:
        # The values are the same; none can act as a command for what reads the log.
        emit(harmless_json(documents[0].text), is_utf8=True)
    else:
        write_all(documents, output)
        tell(f"rendered {counted(len(credentials), 'credential')} to {path}\n", error=True)
    if output or given["output"] is None:  # what `-o -` pipes to is the next step
        tell(f"next: {target.next_step(path, rendering, credentials)}\n", error=True)
    return 0


def _workspace(given: RenderCommandOptions, target: "Target") -> "Workspace":
    """Open the workspace. Nobody needs the secrets of several n8n instances to choose one.

    Raises:
        RenderError: The credentials are for several n8n instances.
    """
    from sfcred.render.api import require_one_n8n
    from sfcred.workspace import Workspace

    workspace = Workspace.open(
        *given["paths"],
        profile=given["profile"],
        allow_hosts=given["allow_hosts"],
        org_hosts=given["org_hosts"],
        reads_remote_secrets=True,
        warn=warn,
    )
    require_one_n8n([one for one in workspace.credentials() if target.takes(one)])
    return workspace


def _warn(caution: str) -> None:
    if caution:
        warn(caution)


def _output(given: RenderCommandOptions, project: Path, *, is_secret: bool) -> "Output | None":
    """Return where the documents go; None for standard output.

    Raises:
        SfcredError: The output can't be written, or a terminal would show secrets.
    """
    from sfcred.files.writing import WriteScope
    from sfcred.render.output import Output, check_output

    separate = given["separate"]
    path = given["output"] or _default(project, separate=separate, is_secret=is_secret)
    if path is None or str(path) == "-":
        _require_pipe(separate=separate, is_secret=is_secret)
        return None
    output = Output(path, WriteScope(project), separate, is_secret, given["force"])
    try:
        check_output(output)
    except AlreadyThere as error:
        error.hint = _instead_of(path, given["profile"] if given["output"] is None else None)
        raise
    return output


def _instead_of(path: Path, profile: str | None) -> str:
    """Return what to do about a file that an earlier run has left, perhaps for another profile."""
    other = path.with_name(f"{profile}{path.suffix}")
    example = f", for example {for_shell(other)}" if profile and not is_there(other) else ""
    return (
        "If it has been imported already, delete it. Otherwise write to another file with "
        f"-o{example}, or replace this one with --force."
    )


def _default(project: Path, *, separate: bool, is_secret: bool) -> Path | None:
    """Return the path in the folder that `sfcred init` makes git ignore; None to print."""
    from sfcred.resolve.n8n_ways import rendered_file

    return rendered_file(project, separate=separate) if is_secret or separate else None


def _require_pipe(*, separate: bool, is_secret: bool) -> None:
    if separate:
        raise UsageError(
            "--separate writes several files, so it doesn't go with `-o -`",
            hint="Pass -o FOLDER, or leave out --separate.",
        )
    if is_secret and sys.stdout.isatty():
        raise UsageError(
            "refusing to show secrets on a terminal",
            hint="Pipe the output to the program that reads it, or leave out -o.",
        )


def _instance_key(encrypt: bool, project: Path) -> "SecretStr | None":
    import os

    from sfcred.n8n.encryption_key import read_encryption_key

    return read_encryption_key(os.environ, project) if encrypt else None


def _export(merge_from: str | None, project: Path) -> "Export | None":
    from sfcred.cli.n8n_export import open_export

    return None if merge_from is None else open_export(merge_from, project)


def _tokens(export: "Export | None", workspace: "Workspace") -> "dict[str, Mapping[str, object]]":
    """Return n8n's tokens from an export, by credential."""
    if export is None:
        return {}
    from sfcred.exchange.exports import (
        of_other_apps,
        tokens_of,
        with_ids,
        would_be_disconnected,
    )

    credentials = workspace.credentials()
    export = with_ids(export, credentials)
    tokens = tokens_of(export, credentials)
    if moved := of_other_apps(export, credentials):
        warn(
            f"{listed(moved)}: the export has another clientId than the spec, and Salesforce "
            "accepts the token that is kept only from the old app; connect it in n8n again"
        )
    if absent := would_be_disconnected(export, credentials):
        warn(
            f"{listed(absent)}: not in the export, so no token is kept; if n8n has it, export "
            "with --all"
        )
    return tokens
