"""`sfcred login`."""

from typing import TYPE_CHECKING

import click

from sfcred.cli import options
from sfcred.cli.output import tell, warn
from sfcred.text.shell import for_shell

if TYPE_CHECKING:
    from sfcred.login import LoginResult
    from sfcred.resolve.credential import Credential


@click.command(short_help="Give OAuth2 consent in the browser, and store the refresh token.")
@options.name_argument
@options.profile_option
@click.option(
    "--port",
    type=options.Number(1024, 65535),
    help="Receive the callback on this local port.  [default: from app.callback_urls, or 1717]",
)
@click.option(
    "--timeout",
    type=options.Number(10, 3600),
    default=300,
    show_default=True,
    metavar="SECONDS",
    help="Wait this long for the browser.",
)
@click.option("--no-browser", is_flag=True, help="Show the address without opening a browser.")
@click.option("--no-check", is_flag=True, help="Continue despite errors in the spec.")
@click.option("--force", is_flag=True, help="Replace a refresh token that is already stored.")
@options.local_org_option()
@options.allow_host_option
@options.org_host_option
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
    """Open Salesforce's consent page, and store the refresh token in the place the spec refers to.

    NAME is a credential's name, or the path of its spec. One of app.callback_urls must be on this
    machine, for example http://localhost:1717/OauthRedirect. sfcred requests the scopes that the
    spec declares, not n8n's `full`.

    \b
    Examples:
      sfcred login acme-crm
      sfcred login acme-crm --profile production --no-browser
      sfcred login acme-crm --local-org http://127.0.0.1:8787
    """
    from sfcred.cli.browser import Inviter
    from sfcred.login import LoginOptions, log_in
    from sfcred.workspace import Workspace

    paths, only = options.split_name(name)
    workspace = Workspace.open(
        *paths,
        profile=profile,
        allow_hosts=allow_hosts,
        org_hosts=org_hosts,
        local_org=local_org,
        reads_remote_secrets=True,
        warn=warn,
    )
    credential, found = workspace.require_sound_one(only, check=not no_check)
    inviter = Inviter(opens=not no_browser, project=workspace.settings.project)
    result = log_in(credential, LoginOptions(port, timeout, force, inviter, warn, found))
    tell(_told(credential, result, for_shell(name), bool(paths)), error=True)
    return 0


def _told(credential: "Credential", result: "LoginResult", given: str, is_path: bool) -> str:
    """Return how the login ended, and the next step. Only Salesforce's own token connects n8n."""
    from sfcred.resolve.n8n_ways import has_way_in, ways_in

    chosen = credential.profile_option
    doctor = f"sfcred doctor{f' {given}' if is_path else ''} --live{chosen}"
    if not result.stored:
        token = "the token in {} stays as it is" if result.stays else "nothing was stored in {}"
        return (
            f"the login works with the stand-in org at {result.stand_in}\n"
            f"  this was a rehearsal: {token.format(result.place)}, and nothing is connected\n"
            f"next: {doctor if result.stays else f'sfcred login {given}{chosen}'}\n"
        )
    if result.stand_in:
        return (
            f"stored the refresh token of {result.stand_in} in {result.place}\n"
            "  this org is on this machine, so the token is of no use at Salesforce\n"
            f"next: {doctor}\n"
        )
    arrives = ", and n8n has it connected" if has_way_in(credential) else ""
    return (
        f"stored the refresh token in {result.place}\n"
        f"next: {doctor}\n"
        f"      then {ways_in(credential)}{arrives}\n"
    )
