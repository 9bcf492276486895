"""`sfcred init`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sfcred.cli.output import emit
from sfcred.errors import UsageError

if TYPE_CHECKING:
    from sfcred.init.answers import Question


@click.command(short_help="Start a project, or add a credential to one.")
@click.argument("name", metavar="[NAME]", required=False)
@click.option("--my-domain", metavar="URL", help="Set the org's address (Setup, My Domain).")
@click.option(
    "--environment",
    type=click.Choice(["production", "sandbox"]),
    help="Set the org's environment.",
)
@click.option(
    "--flow",
    type=click.Choice(["jwt", "oauth2", "client_credentials"]),
    help="Set how n8n logs in.",
)
@click.option(
    "--username", help="Set the Salesforce user that n8n acts as (JWT, client credentials)."
)
@click.option("--contact-email", help="Set the app's contact, which Salesforce requires.")
@click.option("--n8n-url", metavar="URL", help="Set n8n's address, as browsers see it.")
@click.option("--n8n-version", metavar="VERSION", help="Set n8n's version, for example 2.40.5.")
@click.option("--no-input", is_flag=True, help="Don't ask questions, even on a terminal.")
def command(name: str | None, no_input: bool, **options: str | None) -> int:
    """Write a configuration, a first spec, ignore rules, a CI workflow and a pre-commit hook.

    On a terminal, init asks for what you leave out, and runs doctor's checks on each answer. It
    keeps existing files, adding only missing rules to .gitignore. In an existing project, it adds a
    credential.

    \b
    Examples:
      sfcred init
      sfcred init acme-crm --flow oauth2 --my-domain https://acme.my.salesforce.com \\
        --contact-email crm@acme.com --n8n-url https://n8n.acme.com --no-input
    """
    from sfcred.cli.schemas import schema_text
    from sfcred.init.files import NewProject, next_steps, start_project
    from sfcred.init.layout import layout_of, spec_folder
    from sfcred.init.spec_text import spec_text
    from sfcred.paths import display_path
    from sfcred.settings import load_settings, require_inside

    given = {key: value for key, value in {"name": name, **options}.items() if value is not None}
    asks = sys.stdin.isatty() and sys.stderr.isatty() and not no_input
    answers = _answers(given, asks=asks)
    settings = load_settings(Path.cwd())
    root = settings.project if settings.source else Path.cwd()
    require_inside(settings, "paths")
    layout = layout_of(spec_folder(root, settings.paths), root)
    configuration = Path(settings.source) if settings.source else None
    spec, schema = spec_text(answers, layout.links), schema_text("credential")
    new = NewProject(root, layout, configuration, answers["name"], spec, schema)
    for path, what in start_project(new):
        emit(f"{what:<8} {display_path(path)}\n")
    emit(next_steps(answers["name"], answers["flow"]))
    return 0


def _answers(given: dict[str, str], *, asks: bool) -> dict[str, str]:
    """Return every answer, from the options or by asking.

    Raises:
        UsageError: An option is invalid, or is missing and there is no terminal to ask on.
    """
    from sfcred.init.answers import OPTIONAL, QUESTIONS, normalized, objection

    answers: dict[str, str] = {}
    missing = []
    for question in QUESTIONS:
        field = question.field
        if not question.only(answers):
            answers[field] = ""
            continue
        value = normalized(field, given.get(field, ""))
        if value and (against := objection(question, value, answers)):
            raise UsageError(f"{_option(field)}: {against}", hint="Correct it, and run init again.")
        if not value and not asks:
            value = question.default(answers)
            if not value and field not in OPTIONAL:
                missing.append(_option(field))
        answers[field] = value or (_ask(question, answers) if asks else "")
    if missing:
        raise UsageError(
            f"init needs {', '.join(missing)}",
            hint="Pass them, or run init on a terminal, where it asks for them.",
        )
    return answers


def _option(field: str) -> str:
    return "NAME" if field == "name" else f"--{field.replace('_', '-')}"


def _ask(question: "Question", answers: dict[str, str]) -> str:
    """Ask until the answer is valid."""
    from sfcred.init.answers import normalized, objection
    from sfcred.redact import redact

    default = question.default(answers)
    choices = f" [{'/'.join(question.choices)}]" if question.choices else ""
    while True:
        text = click.prompt(
            f"{question.words}{choices}", default=default, show_default=bool(default), err=True
        )
        value = normalized(question.field, str(text))
        against = objection(question, value, answers)
        if not against:
            return value
        emit(f"  {redact(against)}\n", error=True)
