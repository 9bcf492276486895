"""`sfcred render`."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sfcred.cli import colours, shared
from sfcred.errors import UsageError
from sfcred.printable import harmless_json
from sfcred.render import target_names

if TYPE_CHECKING:
    from pydantic import SecretStr

    from sfcred.files import WriteScope
    from sfcred.render.api import Order, Target
    from sfcred.render.job import Job


@click.command(short_help="What n8n imports.")
@shared.paths_argument
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
@shared.profile_option
@click.option(
    "--merge-from",
    metavar="EXPORT",
    help="Keep the tokens of the OAuth2 credentials that are connected in this export of n8n's.",
)
@click.option("--no-check", is_flag=True, help="Render in spite of errors, knowingly.")
@click.option("--force", is_flag=True, help="Overwrite, and write where git does not ignore it.")
@shared.allow_host_option
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
    from sfcred.render.api import Order, find_target
    from sfcred.render.job import run_job
    from sfcred.render.output import check_output

    settings, files = shared.set_scene(paths)
    target, scope = find_target(target_name), WriteScope(settings.project)
    if output:
        check_output(output, scope, separate=separate, secret=target.secret, force=force)
    elif target.secret or separate:
        raise UsageError(
            "render writes secrets, and those it never prints", hint="Name a file: -o."
        )
    context = shared.make_context(settings, allow_hosts)
    order = Order(separate, _instance_key(encrypt), _tokens(merge_from))
    # Nothing gets disconnected where n8n's tokens are kept.
    kept = ("SFC504",) if merge_from else ()
    options = configured(Options(ignore=settings.ignore + kept, profile=profile), settings)
    job = run_job(files, context, options, target, order, check=not no_check)
    shared.require_results(job.report, profile)
    return _finish(job, output, target, order, scope, force=force)


def _instance_key(encrypt: bool) -> "SecretStr | None":
    import os

    from sfcred.n8n.encryption_key import read_instance_key

    return read_instance_key(os.environ) if encrypt else None


def _tokens(merge_from: str | None) -> "dict[str, Mapping[str, object]]":
    """n8n's tokens by credential, out of an export."""
    if merge_from is None:
        return {}
    from sfcred.exchange.compare import has_token
    from sfcred.exchange.exports import load_export

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
    from sfcred.render.output import write_all

    if job.documents is None:
        shared.show_findings(job.report)
        shared.emit("nothing was rendered: correct the errors first\n", error=True)
        return 1
    if output is None:
        # JSON with the same values, none of which can be a command for what reads the log.
        shared.emit(harmless_json(job.documents[0].text), is_utf8=True)
        return 0
    write_all(
        job.documents, output, scope, separate=order.separate, secret=target.secret, force=force
    )
    number = len(job.credentials)
    what = "1 credential" if number == 1 else f"{number} credentials"
    shared.emit(
        f"rendered {what} to {output}\nnext: {target.next_step(str(output), order)}\n", error=True
    )
    return 0
