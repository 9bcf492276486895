"""`sfcred keygen`."""

from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

import click

from sfcred.cli import options
from sfcred.cli.output import tell, warn
from sfcred.errors import SfcredError

if TYPE_CHECKING:
    from pathlib import Path

    from sfcred.resolve.credential import Credential


@click.command(short_help="Create the private key and certificate of a JWT credential.")
@options.name_argument
@options.profile_option
@click.option(
    "--bits",
    type=click.Choice(["2048", "3072", "4096"]),
    default="2048",
    show_default=True,
    help="Set the size of the RSA key.",
)
@click.option(
    "--days",
    type=options.Number(1, 3650),
    default=730,
    show_default=True,
    help="Set how many days the certificate is valid.",
)
@click.option(
    "--subject", metavar="TEXT", help="Set the certificate's name.  [default: sfcred NAME]"
)
@click.option("--rotate", is_flag=True, help="Create the next pair, and keep the one in use.")
@click.option(
    "--repair", is_flag=True, help="Rewrite the existing key in the form that every n8n reads."
)
@click.option("--force", is_flag=True, help="Replace existing files; the old key is lost.")
def command(
    name: str,
    profile: str | None,
    bits: str,
    days: int,
    subject: str | None,
    rotate: bool,
    repair: bool,
    force: bool,
) -> int:
    """Create an RSA key (PKCS#8) and a self-signed certificate at the paths in the spec.

    NAME is a credential's name, or the path of its spec. The certificate goes to Salesforce. The
    private key goes to n8n, and never to Salesforce.

    \b
    Examples:
      sfcred keygen acme-crm
      sfcred keygen acme-crm --profile production --bits 4096 --days 365
      sfcred keygen acme-crm --rotate
      sfcred keygen acme-crm --repair
    """
    from sfcred.keygen import KeyOptions, advice, find_holders, make_keys, repair_key
    from sfcred.text.shell import for_shell
    from sfcred.workspace import Workspace

    if repair and (rotate or force):
        raise click.UsageError("--repair keeps the key, so --rotate and --force don't go with it.")
    paths, only = options.split_name(name)
    credential = Workspace.open(
        *paths, profile=profile, reads_remote_secrets=False, warn=warn
    ).credential(only)
    if repair:
        tell(f"{repair_key(credential)}: rewritten; it is still the same key\n")
        tell(f"next: sfcred doctor {for_shell(name)}{credential.profile_option}\n")
        return 0
    made = make_keys(credential, KeyOptions(int(bits), days, subject, rotate, force))
    tell(advice(credential, made, find_holders(made, _all_credentials(paths))))
    return 0


def _all_credentials(paths: "tuple[Path, ...]") -> "Iterator[Credential]":
    """Yield the credentials of a path and of the working folder's project, with all profiles."""
    from sfcred.workspace import Workspace

    if paths:
        yield from Workspace.open(*paths, reads_remote_secrets=False).credentials()
    with suppress(SfcredError):  # the path may be all that there is
        yield from Workspace.open(reads_remote_secrets=False).credentials()
