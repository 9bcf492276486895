"""`sfcred login`."""

import click

from sfcred.cli import completion_values, shared


@click.command(short_help="Give the OAuth2 consent in the browser, and store it.")
@click.argument("name", metavar="NAME", shell_complete=completion_values.credentials)
@shared.profile_option
@click.option(
    "--port",
    type=click.IntRange(1024, 65535),
    help="The callback's port on this machine.  [default: of app.callback_urls, else 1717]",
)
@click.option(
    "--timeout",
    type=click.IntRange(10, 3600),
    default=300,
    show_default=True,
    metavar="SECONDS",
    help="How long to wait for the browser.",
)
@click.option("--no-browser", is_flag=True, help="Only show the address to open.")
@click.option("--no-check", is_flag=True, help="Go on in spite of errors in the spec, knowingly.")
@click.option("--force", is_flag=True, help="Replace a refresh token that is stored already.")
@shared.local_org_option
@shared.allow_host_option
@shared.org_host_option
def command(
    name: str,
    profile: str | None,
    port: int | None,
    timeout: int,
    no_browser: bool,
    no_check: bool,
    force: bool,
    local_org: str | None,
    allow_hosts: tuple[str, ...],
    org_hosts: tuple[str, ...],
) -> int:
    """Opens Salesforce's consent page, and stores the refresh token where the spec refers to.

    NAME is a credential's name, or the path of its spec. The app needs a callback on this machine:
    one of app.callback_urls, such as http://localhost:1717/OauthRedirect. What is asked for are the
    declared scopes, not n8n's `full`.

    \b
    Examples:
      sfcred login acme-crm
      sfcred login acme-crm --profile production --no-browser
    """
    from sfcred.login import How, log_in

    settings, files, only = shared.find_scene(name)
    context = shared.make_context(settings, allow_hosts, local_org, org_hosts=org_hosts)
    credential, found = shared.choose(settings, files, context, only, profile, check=not no_check)
    inviter = shared.Inviter(opens=not no_browser, project=settings.project)
    how = How(port, timeout, force, inviter, _warn, found)
    place = log_in(credential, how)
    again = f" --profile {credential.profile}" if credential.profile else ""
    shared.emit(
        f"stored the refresh token in {place.words}\n"
        f"next: sfcred doctor --live{again}\n"
        f"      sfcred render{again} -o credentials.json, which is then connected\n",
        error=True,
    )
    return 0


def _warn(text: str) -> None:
    from sfcred.printable import one_line
    from sfcred.redact import redact

    shared.emit(f"warning: {one_line(redact(text))}\n", error=True)
