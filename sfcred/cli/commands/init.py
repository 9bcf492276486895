"""`sfcred init`."""

import sys
from pathlib import Path

import click

from sfcred.cli.output import emit


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
@click.option("--no-input", is_flag=True, help="Don't ask questions, even on a terminal.")
def command(name: str | None, no_input: bool, **options: str | None) -> int:
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
    """
    from sfcred.cli.init_run import answers_from
    from sfcred.cli.schemas import schema_text
    from sfcred.init.files import NewProject, next_steps, start_project
    from sfcred.init.layout import layout_of, spec_folder
    from sfcred.init.spec_text import connects_in_n8n, spec_text
    from sfcred.paths import display_path
    from sfcred.settings import load_settings, require_inside

    given = {key: value for key, value in {"name": name, **options}.items() if value is not None}
    asks = sys.stdin.isatty() and sys.stderr.isatty() and not no_input
    settings = load_settings(Path.cwd())
    root = settings.project if settings.source else Path.cwd()
    require_inside(settings, "paths")
    layout = layout_of(spec_folder(root, settings.paths), root)
    answers = answers_from(given, layout.specs, asks=asks)
    configuration = Path(settings.source) if settings.source else None
    spec, schema = spec_text(answers, layout.links), schema_text("credential")
    new = NewProject(root, layout, configuration, answers["name"], spec, schema)
    for path, what, note in start_project(new):
        emit(f"{what:<8} {display_path(path)}\n" + (f"{'':<8} {note}\n" if note else ""))
    logs_in = answers["flow"] == "oauth2" and not connects_in_n8n(answers)
    emit(next_steps(answers["name"], answers["flow"], logs_in=logs_in))
    return 0
