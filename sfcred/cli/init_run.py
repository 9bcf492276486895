"""The steps of `sfcred init`: get the answers from options, by asking and by default, and write."""

from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sfcred.cli.colours import width_for
from sfcred.cli.output import tell
from sfcred.cli.streams import can_ask
from sfcred.errors import UsageError
from sfcred.init.answers import QUESTIONS, normalized, objection
from sfcred.paths import display_path, is_there
from sfcred.text.redact import redact
from sfcred.text.wrapping import wrapped

if TYPE_CHECKING:
    from sfcred.init.answers import Objection, Question
    from sfcred.init.files import Wrote

# Defaults that are only likely. Who isn't asked is told.
_ASSUMED = ("name", "contact_email")
# Defaults that other answers can rule out.
_DEPENDENT = ("nodes",)


def run(given: dict[str, str], *, with_credential: bool, may_ask: bool) -> int:
    """Start a project, or add a credential to one, and tell what to do next.

    Args:
        given: The options that were passed, and the name.
        with_credential: Write a spec, and not only the project's files.
        may_ask: Ask for what is missing if there is a terminal.

    Returns:
        The exit status.

    Raises:
        SfcredError: An answer is missing or invalid, or something is in the way.
    """
    from sfcred.cli.schemas import schema_text
    from sfcred.init.files import NewProject, app_label, next_steps, start_project
    from sfcred.init.layout import layout_of, spec_folder
    from sfcred.init.spec_text import connects_in_n8n, needs_overwrite, spec_text
    from sfcred.settings import load_settings, require_inside

    settings = load_settings(Path.cwd())
    root = settings.project if settings.source else Path.cwd()
    require_inside(settings, "paths")
    layout = layout_of(spec_folder(root, settings.paths), root)
    configuration = Path(settings.source) if settings.source else None
    new = NewProject(root, layout, configuration, "", "", schema_text("credential"))
    flow, n8n_url, by_hand, overwrite = "", "", False, None
    if with_credential:
        answers = answers_from(given, layout.specs, asks=may_ask and can_ask())
        label = app_label(answers["name"], answers["my_domain"], layout.specs)
        new = new._replace(name=answers["name"], spec=spec_text(answers, layout.links, label))
        flow, n8n_url = answers["flow"], answers["n8n_url"]
        by_hand = connects_in_n8n(answers)
        overwrite = needs_overwrite(answers)
    else:
        _require_no_answers(given)
    done = start_project(new)
    _tell(done)
    wheel = next((one.first for one in done if one.first), "")
    tell(
        next_steps(
            new.name, flow, by_hand=by_hand, overwrite=overwrite, wheel=wheel, n8n_url=n8n_url
        )
    )
    return 0


def _require_no_answers(given: dict[str, str]) -> None:
    if given:
        raise UsageError(
            f"--no-credential writes no spec, so {_option(next(iter(given)))} has no effect",
            hint="Leave one of them out.",
        )


def _tell(done: "list[Wrote]") -> None:
    for one in done:
        note = f"{'':<8} {one.note}\n" if one.note else ""
        tell(f"{one.what:<8} {display_path(one.path)}\n{note}")


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
    if asks and question.field == "name" and value and not _is_free(value, specs):
        tell(_taken(value), error=True)
        value = ""
    if value:
        against = objection(question, value, answers)
        if against is not None and asks:
            corrected = _corrected(question, against, answers)
            return corrected or _ask(question, _offered(question, answers, specs), answers, specs)
        _require_valid(question, value, answers)
        _tell_change(question, text, value)
        return value
    if asks and not question.is_certain(answers):
        return _ask(question, _offered(question, answers, specs), answers, specs)
    default = question.default(answers)
    if question.field in _DEPENDENT:
        _require_valid(question, default, answers)
    if question.field not in _ASSUMED or not default:
        return default
    if objection(question, default, answers) is not None:
        return ""
    tell(f"note: {_option(question.field)} isn't given; using {default}\n", error=True)
    return default


def _offered(question: "Question", answers: dict[str, str], specs: Path) -> str:
    """Return the default, or the first answer like it that is possible: Enter mustn't be refused.

    Only a person who is asked gets another one. Without a terminal, the default is refused.
    """
    default = question.default(answers)
    if question.field == "name" and default:
        names = (f"{default}-{number}" for number in count(2))
        return default if _is_free(default, specs) else next(n for n in names if _is_free(n, specs))
    choices = [default, *question.choices] if question.choices else []
    return next((one for one in choices if objection(question, one, answers) is None), default)


def _taken(name: str) -> str:
    return f"  there is a credential {name} already; choose another name\n"


def _is_free(name: str, specs: Path) -> bool:
    return not is_there(specs / f"{name}.yaml")


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
        tell(f"  the name is {value}: a-z, 0-9 and hyphens only\n", error=True)


def _ask(question: "Question", default: str, answers: dict[str, str], specs: Path) -> str:
    """Ask until the answer is valid."""
    choices = f" [{'/'.join(question.choices)}]" if question.choices else ""
    words = wrapped(f"{question.words}{choices}", width_for(error=True))
    while True:
        text = str(click.prompt(words, default=default, show_default=bool(default), err=True))
        value = normalized(question.field, text)
        against = objection(question, value, answers)
        if question.field == "name" and not _is_free(value, specs):
            tell(_taken(value), error=True)
        elif against is None:
            _tell_change(question, text, value)
            return value
        elif corrected := _corrected(question, against, answers):
            return corrected


def _corrected(question: "Question", against: "Objection", answers: dict[str, str]) -> str:
    """Show an objection, and return the right answer if it is known and the person agrees."""
    known = _known(question, against, answers)
    if not known:
        tell(f"  {redact(against.words)}\n", error=True)
        return ""
    tell(f"  {_first_sentence(against)}\n", error=True)
    agrees = click.confirm(f"  Use {redact(known)}?", default=True, err=True)
    return known if agrees else ""


def _known(question: "Question", against: "Objection", answers: dict[str, str]) -> str:
    """Return the right answer in place of an invalid one; empty if it isn't known."""
    known = against.instead
    return known if known and objection(question, known, answers) is None else ""


def _first_sentence(against: "Objection") -> str:
    return redact(against.words.partition(". ")[0])
