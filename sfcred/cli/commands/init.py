"""`sfcred init`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sfcred.cli import shared
from sfcred.errors import UsageError

if TYPE_CHECKING:
    from sfcred.init.answers import Question


@click.command(short_help="Start a project, or add a credential to one.")
@click.argument("name", metavar="[NAME]", required=False)
@click.option("--my-domain", metavar="URL", help="The org's address (Setup, My Domain).")
@click.option("--environment", type=click.Choice(["production", "sandbox"]), help="Of the org.")
@click.option("--flow", type=click.Choice(["jwt", "oauth2"]), help="How n8n logs in.")
@click.option("--username", help="JWT: the Salesforce user that n8n acts as.")
@click.option("--contact-email", help="The app's contact, which Salesforce demands.")
@click.option("--n8n-url", metavar="URL", help="n8n's address, as browsers see it.")
@click.option("--n8n-version", metavar="VERSION", help="Such as 2.40.5.")
@click.option("--no-input", is_flag=True, help="Ask nothing, even on a terminal.")
def command(name: str | None, no_input: bool, **options: str | None) -> int:
    """Writes a configuration, a first spec, ignore rules, a CI workflow and a pre-commit hook.

    On a terminal it asks for what isn't given; each answer is judged by the same checks as
    doctor's. Nothing that exists is overwritten; in a project that exists it adds a credential.

    \b
    Examples:
      sfcred init
      sfcred init acme-crm --flow oauth2 --my-domain https://acme.my.salesforce.com \\
        --contact-email crm@acme.com --n8n-url https://n8n.acme.com --no-input
    """
    from sfcred.cli.schemas import schema_text
    from sfcred.init.files import next_steps, start_project
    from sfcred.init.spec_text import spec_text
    from sfcred.paths import display_path
    from sfcred.settings import load_settings

    given = {key: value for key, value in {"name": name, **options}.items() if value is not None}
    asks = sys.stdin.isatty() and sys.stderr.isatty() and not no_input
    answers = _answers(given, asks=asks)
    settings = load_settings(Path.cwd())
    root = settings.project if settings.source else Path.cwd()
    wrote = start_project(root, answers["name"], spec_text(answers), schema_text("credential"))
    for path, what in wrote:
        shared.emit(f"{what:<8} {display_path(path)}\n")
    shared.emit(next_steps(answers["name"], is_jwt=answers["flow"] == "jwt"))
    return 0


def _answers(given: dict[str, str], *, asks: bool) -> dict[str, str]:
    """Every answer, from the options or from the person.

    Raises:
        UsageError: An option is no good, or missing where nobody can be asked.
    """
    from sfcred.init.answers import OPTIONAL, QUESTIONS, objection, tidied

    answers: dict[str, str] = {}
    missing = []
    for question in QUESTIONS:
        field = question.field
        if not question.only(answers):
            answers[field] = ""
            continue
        value = tidied(field, given.get(field, ""))
        if value and (against := objection(question, value, answers)):
            raise UsageError(f"{_option(field)}: {against}", hint="Correct it, and run init again.")
        if not value and not asks:
            value = question.default(answers)
            if not value and field not in OPTIONAL:
                missing.append(_option(field))
        answers[field] = value or (_ask(question, answers) if asks else "")
    if missing:
        raise UsageError(
            f"init needs to know: {', '.join(missing)}",
            hint="Give these options, or run init on a terminal, where it asks.",
        )
    return answers


def _option(field: str) -> str:
    return "NAME" if field == "name" else f"--{field.replace('_', '-')}"


def _ask(question: "Question", answers: dict[str, str]) -> str:
    """Asks until the answer is a good one."""
    from sfcred.init.answers import objection, tidied
    from sfcred.redact import redact

    default = question.default(answers)
    choices = f" [{'/'.join(question.choices)}]" if question.choices else ""
    while True:
        text = click.prompt(
            f"{question.words}{choices}", default=default, show_default=bool(default), err=True
        )
        value = tidied(question.field, str(text))
        against = objection(question, value, answers)
        if not against:
            return value
        shared.emit(f"  {redact(against)}\n", error=True)
