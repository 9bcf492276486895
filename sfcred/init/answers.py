"""The questions that `sfcred init` asks, and the validation of the answers.

An answer is validated by running doctor's checks on a spec that contains it.
"""

import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from sfcred.checks import answered_by, has_trait
from sfcred.checks.api import Trait
from sfcred.findings import Finding, Severity
from sfcred.init.spec_text import spec_text
from sfcred.resolve.context import Context
from sfcred.settings import Settings
from sfcred.spec.source import Route
from sfcred.workspace import Workspace

#: Placeholders for missing answers, so that the others can be checked.
_STAND_INS = {
    "name": "acme-crm",
    "flow": "jwt",
    "environment": "sandbox",
    "my_domain": "https://acme--uat.sandbox.my.salesforce.com",
    "username": "n8n@acme.com.uat",
    "contact_email": "you@example.com",
    "n8n_url": "https://n8n.example.com",
    "n8n_version": "2.40.5",
}


class Answers(NamedTuple):
    """The answers that make a first spec.

    Attributes:
        name: The credential's name.
        flow: jwt, oauth2 or client_credentials.
        environment: production or sandbox.
        my_domain: The org's address.
        username: The Salesforce user that n8n acts as; empty for OAuth2.
        contact_email: The app's contact, which Salesforce requires.
        n8n_url: n8n's address.
        n8n_version: n8n's version; empty if not known.
    """

    name: str
    flow: str
    environment: str
    my_domain: str
    username: str
    contact_email: str
    n8n_url: str
    n8n_version: str


class Question(NamedTuple):
    """A question that init asks.

    Attributes:
        field: The answer's name in Answers.
        words: The text of the question.
        fields: Where the answer goes in the spec. An error there makes it invalid.
        choices: The possible answers; empty for any.
        default: Returns a suggestion, given the answers so far.
        only: Returns whether to ask at all, given the answers so far.
    """

    field: str
    words: str
    fields: tuple[Route, ...]
    choices: tuple[str, ...] = ()
    default: Callable[[dict[str, str]], str] = lambda _given: ""
    only: Callable[[dict[str, str]], bool] = lambda _given: True


def _environment_of(given: dict[str, str]) -> str:
    from sfcred.salesforce.hosts import classify

    host = given.get("my_domain", "").removeprefix("https://").strip("/")
    return classify(host).environment or "production"


QUESTIONS = (
    Question("name", "Name of the credential (a-z, 0-9, -)", (("name",),)),
    Question(
        "my_domain",
        "The org's address (Setup, My Domain, Current My Domain URL)",
        (("my_domain",),),
    ),
    Question(
        "environment",
        "Environment (scratch orgs count as sandbox)",
        (("environment",),),
        ("production", "sandbox"),
        _environment_of,
    ),
    Question(
        "flow",
        "How n8n logs in: jwt (with a key, unattended), oauth2 (a person consents once) or "
        "client_credentials (with a secret, unattended)",
        (("flow",),),
        ("jwt", "oauth2", "client_credentials"),
        lambda _given: "jwt",
    ),
    Question(
        "username",
        "Salesforce username that n8n acts as (Setup, Users)",
        (("jwt", "username"), ("client_credentials", "run_as")),
        only=lambda given: given.get("flow") != "oauth2",
    ),
    Question("contact_email", "The app's contact e-mail", (("app", "contact_email"),)),
    Question(
        "n8n_url", "n8n's address, as browsers see it", (("n8n", "url"), ("app", "callback_urls"))
    ),
    Question("n8n_version", "n8n's version (leave empty if you don't know)", (("n8n", "version"),)),
)
#: The questions with an optional answer.
OPTIONAL = ("n8n_version",)


def normalized(field: str, text: str) -> str:
    """Return an answer as it goes into the spec, with obvious mistakes corrected.

    Args:
        field: The answer's name in Answers.
        text: The person's input.
    """
    value = text.strip()
    if field in ("my_domain", "n8n_url") and value:
        if "://" not in value and "." in value:
            value = f"https://{value}"
        value = value.rstrip("/")
    if field == "name":
        value = value.lower().replace(" ", "-").replace("_", "-")
    return value


def objection(question: Question, value: str, given: dict[str, str]) -> str:
    """Return why an answer is invalid, and what to do; empty if it is valid.

    Args:
        question: The question.
        value: The answer, normalized.
        given: The answers so far.
    """
    if not value:
        return "" if question.field in OPTIONAL else "an answer is required"
    if question.choices and value not in question.choices:
        return f"must be one of {', '.join(question.choices)}"
    if not value.isprintable():
        return "contains an invisible character"
    known = {**_STAND_INS, **_without_stand_ins(given), question.field: value}
    later = answered_by("n8n-overwrite")  # the answer is right, and a later step does the rest
    for finding in _errors(Answers(**known)):
        if finding.check in later:
            continue
        is_about_it = any(finding.route[: len(field)] == field for field in question.fields)
        if is_about_it or has_trait(finding.check, Trait.ALWAYS):
            # The hint shows a line of a spec, but here only its value is asked for.
            hint = finding.hint.replace(f"`{question.field}: ", "`")
            return f"{finding.message}. {hint}"
    return ""


def _without_stand_ins(given: dict[str, str]) -> dict[str, str]:
    return {field: value for field, value in given.items() if value}


def _errors(answers: Answers) -> list[Finding]:
    """Return the errors that doctor finds in a spec made from the answers."""
    with tempfile.TemporaryDirectory() as folder:
        spec = Path(folder) / "spec.yaml"
        spec.write_text(spec_text(answers._asdict()), encoding="utf-8")
        context = Context(project=Path(folder), now=datetime.now(UTC), environ={})
        report = Workspace(Settings(context.project), [spec], context).examine()
    # Warnings, for example about the username, don't make an answer invalid.
    return [finding for finding in report.findings if finding.severity is Severity.ERROR]
