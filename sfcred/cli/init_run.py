"""Get the answers of `sfcred init` from options, by asking, and by default."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sfcred.cli.output import emit
from sfcred.errors import UsageError
from sfcred.init.answers import QUESTIONS, normalized, objection
from sfcred.paths import is_there
from sfcred.redact import redact

if TYPE_CHECKING:
    from sfcred.init.answers import Objection, Question

# Defaults that are only likely. Who isn't asked is told.
_ASSUMED = ("name", "contact_email")
# Defaults that other answers can rule out.
_DEPENDENT = ("nodes",)


def answers_from(given: dict[str, str], specs: Path, *, asks: bool) -> dict[str, str]:
    """Return every answer, by its field in Answers.

    Args:
        given: The options that were passed, and the name.
        specs: The folder of specs, where the name must be free.
        asks: Ask on the terminal for what is missing.

    Raises:
        UsageError: An option is invalid, or is missing and there is no terminal to ask on.
    """
    answers: dict[str, str] = {}
    missing = []
    for question in QUESTIONS:
        field = question.field
        value = ""
        if question.only(answers):
            value = _answer(question, given.get(field, ""), answers, specs, asks=asks)
            missing += [] if value or not question.is_needed(answers) else [_option(field)]
        elif field in _DEPENDENT and given.get(field):
            flow = answers["flow"]
            raise UsageError(
                f"{_option(field)} doesn't go with --flow {flow}", hint="Leave it out."
            )
        answers[field] = value
    if missing:
        raise UsageError(
            f"init needs {', '.join(missing)}",
            hint="Pass them, or run init on a terminal, where it asks for them.",
        )
    return answers


def _answer(
    question: "Question", text: str, answers: dict[str, str], specs: Path, *, asks: bool
) -> str:
    """Return one answer; empty if there is none."""
    value = normalized(question.field, text)
    if value:
        _require_valid(question, value, answers)
        _tell_change(question, text, value)
        return value
    default = question.default(answers)
    if asks and not question.is_certain(answers):
        return _ask(question, default, answers, specs)
    if question.field in _DEPENDENT:
        _require_valid(question, default, answers)
    if question.field not in _ASSUMED or not default:
        return default
    if objection(question, default, answers) is not None:
        return ""
    emit(f"note: {_option(question.field)} isn't given; using {default}\n", error=True)
    return default


def _require_valid(question: "Question", value: str, answers: dict[str, str]) -> None:
    """Refuse an invalid answer if there is nobody to ask again.

    Raises:
        UsageError: It is invalid; the message gives the reason.
    """
    against = objection(question, value, answers)
    if against is not None:
        raise UsageError(
            f"{_option(question.field)}: {against.words}", hint="Correct it, and run init again."
        )


def _option(field: str) -> str:
    return "NAME" if field == "name" else f"--{field.replace('_', '-')}"


def _tell_change(question: "Question", text: str, value: str) -> None:
    """Say when a name isn't used as it was typed."""
    if question.field == "name" and text.strip() != value:
        emit(f"  the name is {value}: a-z, 0-9 and hyphens only\n", error=True)


def _ask(question: "Question", default: str, answers: dict[str, str], specs: Path) -> str:
    """Ask until the answer is valid."""
    choices = f" [{'/'.join(question.choices)}]" if question.choices else ""
    while True:
        text = str(
            click.prompt(
                f"{question.words}{choices}", default=default, show_default=bool(default), err=True
            )
        )
        value = normalized(question.field, text)
        against = objection(question, value, answers)
        if question.field == "name" and is_there(specs / f"{value}.yaml"):
            emit(f"  there is a credential {value} already; choose another name\n", error=True)
        elif against is None:
            _tell_change(question, text, value)
            return value
        elif corrected := _corrected(question, against, answers):
            return corrected


def _corrected(question: "Question", against: "Objection", answers: dict[str, str]) -> str:
    """Show an objection, and return the right answer if it is known and the person agrees."""
    if not against.instead or objection(question, against.instead, answers) is not None:
        emit(f"  {redact(against.words)}\n", error=True)
        return ""
    emit(f"  {redact(against.words.partition('. ')[0])}\n", error=True)
    agrees = click.confirm(f"  Use {redact(against.instead)}?", default=True, err=True)
    return against.instead if agrees else ""
