"""`sfcred render`."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sfcred.cli import colours, options
from sfcred.cli.output import emit, warn
from sfcred.errors import UsageError
from sfcred.printable import harmless_json
from sfcred.render import target_names

if TYPE_CHECKING:
    from pydantic import SecretStr

    from sfcred.workspace import Workspace


@click.command(short_help="What n8n imports.")
@options.paths_argument
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="The file; with --separate, the folder."
)
@click.option("--separate", is_flag=True, help="One file a credential, for n8n's --separate.")
@click.option(
    "--encrypt", is_flag=True, help="Encrypt as n8n does, with its own key (N8N_ENCRYPTION_KEY)."
)
@click.option(
    "--target",
    "target_name",
    type=click.Choice(target_names()),
    default="n8n",
    show_default=True,
    help="For n8n's import, or for its CREDENTIALS_OVERWRITE_DATA.",
)
@options.profile_option
@click.option(
    "--merge-from",
    metavar="EXPORT",
    help="Keep the tokens of the OAuth2 credentials that are connected in this export of n8n's.",
)
@click.option("--no-check", is_flag=True, help="Render in spite of errors, knowingly.")
@click.option("--force", is_flag=True, help="Overwrite, and write where git does not ignore it.")
@options.allow_host_option
@options.org_host_option
@colours.color_option
def command(
    paths: tuple[Path, ...],
    output: Path | None,
    separate: bool,
    encrypt: bool,
    target_name: str,
    profile: str | None,
    merge_from: str | None,
    no_check: bool,
    force: bool,
    allow_hosts: tuple[str, ...],
    org_hosts: tuple[str, ...],
) -> int:
    """Writes n8n's credential JSON. What has errors is refused (see doctor).

    The file holds secrets: it gets mode 0600, replaces nothing without --force, and inside a git
    work tree it must be ignored.

    \b
    Examples:
      sfcred render -o rendered/credentials.json
      sfcred render --separate --encrypt -o rendered/
      sfcred render --target n8n-overwrite
    """
    from sfcred.checks import answered_by
    from sfcred.files import WriteScope
    from sfcred.render.api import RenderOptions, find_target
    from sfcred.render.output import Output, check_output, write_all
    from sfcred.workspace import Workspace

    workspace = Workspace.open(
        *paths,
        profile=profile,
        allow_hosts=allow_hosts,
        org_hosts=org_hosts,
        reads_remote_secrets=True,
        warn=warn,
    )
    target, scope = find_target(target_name), WriteScope(workspace.settings.project)
    if output:
        check_output(Output(output, scope, separate, target.secret, force))
    elif target.secret or separate:
        raise UsageError("refusing to print secrets", hint="Name a file: -o FILE.")
    key = _instance_key(encrypt, workspace.settings.project)
    rendering = RenderOptions(separate, key, _tokens(merge_from, workspace))
    # Nothing gets disconnected where n8n's tokens are kept.
    kept = answered_by("merge-from") if merge_from else ()
    documents = workspace.render(target_name, rendering, ignore=kept, check=not no_check)
    if output is None:  # the same values, none of which can be a command for what reads the log
        emit(harmless_json(documents[0].text), is_utf8=True)
        return 0
    write_all(documents, Output(output, scope, separate, target.secret, force))
    _tell(len(workspace.credentials()), output, target.next_step(str(output), rendering))
    return 0


def _tell(number: int, output: Path, next_step: str) -> None:
    what = "1 credential" if number == 1 else f"{number} credentials"
    emit(f"rendered {what} to {output}\nnext: {next_step}\n", error=True)


def _instance_key(encrypt: bool, project: Path) -> "SecretStr | None":
    import os

    from sfcred.n8n.encryption_key import read_encryption_key

    return read_encryption_key(os.environ, project) if encrypt else None


def _tokens(merge_from: str | None, workspace: "Workspace") -> "dict[str, Mapping[str, object]]":
    """n8n's tokens by credential, out of an export."""
    if merge_from is None:
        return {}
    from sfcred.exchange.exports import load_export, tokens_of

    ids = {credential.n8n.credential_id for credential in workspace.credentials()}
    return tokens_of(load_export(merge_from), ids)
