"""`sfcred render`."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sfcred.cli import _look, _shared
from sfcred.errors import UsageError
from sfcred.printable import harmless_json
from sfcred.render import target_names

if TYPE_CHECKING:
    from pydantic import SecretStr

    from sfcred.files import WriteScope
    from sfcred.render._api import Order, Target
    from sfcred.render.job import Job


@click.command(short_help="What n8n imports.")
@_shared.paths_argument
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
@_shared.profile_option
@click.option(
    "--merge-from",
    metavar="EXPORT",
    help="Keep the tokens of the OAuth2 credentials that are connected in this export of n8n's.",
)
@click.option("--no-check", is_flag=True, help="Render in spite of errors, knowingly.")
@click.option("--force", is_flag=True, help="Overwrite, and write where git does not ignore it.")
@_shared.allow_host_option
@_look.color_option
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
    from sfcred.doctor import Options
    from sfcred.doctor.configured import configured
    from sfcred.files import WriteScope
    from sfcred.render._api import Order, find_target
    from sfcred.render.job import run_job
    from sfcred.render.writing import check_output

    settings, files = _shared.set_scene(paths)
    target, scope = find_target(target_name), WriteScope(settings.project)
    if output:
        check_output(output, scope, separate=separate, secret=target.secret, force=force)
    elif target.secret or separate:
        raise UsageError(
            "render writes secrets, and those it never prints", hint="Name a file: -o."
        )
    context = _shared.make_context(settings, allow_hosts)
    order = Order(separate, _instance_key(encrypt), _tokens(merge_from))
    # Nothing gets disconnected where n8n's tokens are kept.
    kept = ("SFC504",) if merge_from else ()
    options = configured(Options(ignore=settings.ignore + kept, profile=profile), settings)
    job = run_job(files, context, options, target, order, check=not no_check)
    _shared.require_results(job.report, profile)
    return _finish(job, output, target, order, scope, force=force)


def _instance_key(encrypt: bool) -> "SecretStr | None":
    import os

    from sfcred.resolve.instance_key import read_instance_key

    return read_instance_key(os.environ) if encrypt else None


def _tokens(merge_from: str | None) -> "dict[str, Mapping[str, object]]":
    """n8n's tokens by credential, out of an export."""
    if merge_from is None:
        return {}
    from sfcred.instance.differing import has_token
    from sfcred.instance.exports import load_export

    stored = load_export(merge_from).salesforce
    tokens = {entry.id: entry.data.get("oauthTokenData") for entry in stored if has_token(entry)}
    return {key: value for key, value in tokens.items() if isinstance(value, dict)}


def _finish(
    job: "Job",
    output: Path | None,
    target: "Target",
    order: "Order",
    scope: "WriteScope",
    *,
    force: bool,
) -> int:
    """Writes or prints the documents, or says why there are none."""
    from sfcred.render.writing import write_all
    from sfcred.report._api import Look, find_format

    if job.documents is None:
        _shared.emit(find_format("text")(job.report, Look(_look.style_for(error=True))), error=True)
        _shared.emit("nothing was rendered: correct the errors first\n", error=True)
        return 1
    if output is None:
        # JSON with the same values, none of which can be a command for what reads the log.
        _shared.emit(harmless_json(job.documents[0].text), is_utf8=True)
        return 0
    write_all(
        job.documents, output, scope, separate=order.separate, secret=target.secret, force=force
    )
    number = len(job.credentials)
    what = "1 credential" if number == 1 else f"{number} credentials"
    _shared.emit(
        f"rendered {what} to {output}\nnext: {target.next_step(str(output), order)}\n", error=True
    )
    return 0
