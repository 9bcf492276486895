"""`sfcred init`."""

import click


@click.command(short_help="Start a project, or add a credential to one.")
@click.argument("name", metavar="[NAME]", required=False)
@click.option("--my-domain", metavar="URL", help="Set the org's address (Setup, My Domain).")
@click.option(
    "--environment",
    type=click.Choice(["production", "sandbox"], case_sensitive=False),
    help="Set the org's environment.  [default: as the org's address tells]",
)
@click.option(
    "--flow",
    type=click.Choice(["jwt", "oauth2", "client_credentials"], case_sensitive=False),
    help="Set how n8n logs in.  [default: jwt]",
)
@click.option(
    "--username", help="Set the Salesforce user that n8n acts as (JWT, client credentials)."
)
@click.option("--contact-email", help="Set the app's contact.  [default: the username's address]")
@click.option("--n8n-url", metavar="URL", help="Set n8n's address, as browsers see it.")
@click.option("--n8n-version", metavar="VERSION", help="Set n8n's version, for example 2.40.5.")
@click.option(
    "--nodes",
    type=click.Choice(["salesforce", "http_request"], case_sensitive=False),
    help="Set which nodes use it: Salesforce nodes, or only HTTP Request nodes, with n8n's generic "
    "OAuth2 credential (not for JWT).  [default: salesforce]",
)
@click.option(
    "--no-credential",
    is_flag=True,
    help="Write only the project's files, for example after sfcred import.",
)
@click.option("--no-input", is_flag=True, help="Don't ask questions, even on a terminal.")
def command(name: str | None, no_credential: bool, no_input: bool, **options: str | None) -> int:
    """Write a configuration, a first spec, ignore rules, a CI workflow and a pre-commit hook.

    On a terminal, init asks for what you leave out, and runs doctor's checks on each answer. It
    keeps existing files, adding only missing rules to .gitignore. In an existing project, it adds a
    credential. NAME is by default the org's name. In a subfolder of a repository, the workflow and
    the hook go to the repository's root, where GitHub and pre-commit look for them.

    \b
    Examples:
      sfcred init
      sfcred init acme-crm --flow oauth2 --my-domain https://acme.my.salesforce.com \\
        --contact-email crm@acme.com --n8n-url https://n8n.acme.com --no-input
      sfcred init --no-credential
    """
    from sfcred.cli.init_run import run

    given = {key: value for key, value in {"name": name, **options}.items() if value is not None}
    return run(given, with_credential=not no_credential, may_ask=not no_input)
