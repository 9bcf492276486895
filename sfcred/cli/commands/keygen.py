"""`sfcred keygen`."""

import click

from sfcred.cli import completion_values, options
from sfcred.cli.output import emit, warn


@click.command(short_help="Make the private key and certificate of a JWT credential.")
@click.argument("name", metavar="NAME", shell_complete=completion_values.credentials)
@options.profile_option
@click.option(
    "--bits",
    type=click.Choice(["2048", "3072", "4096"]),
    default="2048",
    show_default=True,
    help="The RSA key's size.",
)
@click.option(
    "--days",
    type=click.IntRange(1, 3650),
    default=730,
    show_default=True,
    help="How long the certificate is valid.",
)
@click.option("--subject", metavar="TEXT", help="The certificate's name.  [default: sfcred NAME]")
@click.option("--rotate", is_flag=True, help="Make the next pair beside the one in use.")
@click.option("--force", is_flag=True, help="Replace files that are there: the old key is lost.")
def command(
    name: str,
    profile: str | None,
    bits: str,
    days: int,
    subject: str | None,
    rotate: bool,
    force: bool,
) -> int:
    """Makes the key pair at the paths that the spec names: RSA, PKCS#8, a self-signed certificate.

    NAME is a credential's name, or the path of its spec. The certificate goes to Salesforce; the
    private key goes to n8n and never to Salesforce.

    \b
    Examples:
      sfcred keygen acme-crm
      sfcred keygen acme-crm --profile production --bits 4096 --days 365
      sfcred keygen acme-crm --rotate
    """
    from sfcred.keygen import KeyOptions, advice, make_keys
    from sfcred.workspace import Workspace

    paths, only = options.split_name(name)
    credential = Workspace.open(
        *paths, profile=profile, reads_remote_secrets=False, warn=warn
    ).credential(only)
    made = make_keys(credential, KeyOptions(int(bits), days, subject, rotate, force))
    emit(advice(credential, made))
    return 0
