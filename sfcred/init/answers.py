"""The questions that `sfcred init` asks, and the validation of the answers.

An answer is validated by running doctor's checks on a spec that contains it.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from sfcred.checks import answered_by, has_trait
from sfcred.checks.api import Trait
from sfcred.findings import Finding, Severity
from sfcred.init.pasted import value_of
from sfcred.init.spec_text import spec_text
from sfcred.n8n.callback import is_cloud
from sfcred.programs.empty_folder import temporary_folder
from sfcred.resolve.context import Context
from sfcred.settings import Settings
from sfcred.spec.meant import nearest_choice
from sfcred.spec.source import Route
from sfcred.workspace import Workspace

if TYPE_CHECKING:
    from sfcred.salesforce.hosts import Host

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
    "nodes": "salesforce",
}


# What other commands offer, and init doesn't.
_NOT_HERE = re.compile(r" If [^.]*, allow it on the command line: --allow-host \S+")


class Answers(NamedTuple):
    """The answers that make a first spec.

    Attributes:
        name: The credential's name.
        flow: jwt, oauth2 or client_credentials.
        environment: production or sandbox.
        my_domain: The org's address.
        username: The Salesforce user that n8n acts as; empty for OAuth2.
        contact_email: The app's contact, which Salesforce requires; empty if not known.
        n8n_url: n8n's address; empty if not known.
        n8n_version: n8n's version; empty if not known.
        nodes: salesforce, or http_request for n8n's generic credential; empty for JWT.
    """

    name: str
    flow: str
    environment: str
    my_domain: str
    username: str
    contact_email: str
    n8n_url: str
    n8n_version: str
    nodes: str


class Question(NamedTuple):
    """A question that init asks.

    Attributes:
        field: The answer's name in Answers.
        words: The text of the question.
        fields: Where the answer goes in the spec. An error there makes it invalid.
        choices: The possible answers; empty for any.
        default: Returns a suggestion, given the answers so far.
        only: Returns whether the spec has the field at all, given the answers so far.
        is_certain: Returns whether the default is right for certain, so that nobody is asked.
        is_needed: Returns whether it needs an answer, given the answers so far.
    """

    field: str
    words: str
    fields: tuple[Route, ...]
    choices: tuple[str, ...] = ()
    default: Callable[[dict[str, str]], str] = lambda _given: ""
    only: Callable[[dict[str, str]], bool] = lambda _given: True
    is_certain: Callable[[dict[str, str]], bool] = lambda _given: False
    is_needed: Callable[[dict[str, str]], bool] = lambda _given: True


class Objection(NamedTuple):
    """Why an answer is invalid, and what to do; `instead` is the right answer, if that is known."""

    words: str
    instead: str = ""


def _org_host(given: dict[str, str]) -> "Host":
    from sfcred.salesforce.hosts import classify

    return classify(given.get("my_domain", "").removeprefix("https://"))


def _name_of_org(given: dict[str, str]) -> str:
    host = _org_host(given)
    return "-".join(part for part in (host.org, host.sandbox) if part)


def _contact_of(given: dict[str, str]) -> str:
    """Return the username's address: in a sandbox, Salesforce adds the sandbox's name to it."""
    sandbox = _org_host(given).sandbox
    return given.get("username", "").removesuffix(f".{sandbox}" if sandbox else "")


QUESTIONS = (
    Question(
        "my_domain",
        "The org's address (Setup, My Domain, Current My Domain URL)",
        (("my_domain",),),
    ),
    Question("name", "Name of the credential (a-z, 0-9, -)", (("name",),), default=_name_of_org),
    Question(
        "environment",
        "Environment (scratch orgs count as sandbox)",
        (("environment",),),
        ("production", "sandbox"),
        lambda given: _org_host(given).environment or "production",
        is_certain=lambda given: _org_host(given).environment is not None,
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
    Question(
        "contact_email",
        "The app's contact e-mail",
        (("app", "contact_email"),),
        default=_contact_of,
        is_needed=lambda _given: False,
    ),
    Question(
        "n8n_url",
        "n8n's address, as browsers see it",
        (("n8n", "url"), ("app", "callback_urls")),
        # Without an address, the callback that Salesforce compares isn't known.
        is_needed=lambda given: given.get("flow") == "oauth2",
    ),
    Question(
        "n8n_version",
        "n8n's version (leave empty if you don't know)",
        (("n8n", "version"),),
        is_needed=lambda _given: False,
    ),
    Question(
        "nodes",
        "Which nodes use it: salesforce, or only http_request (n8n's generic OAuth2 credential)",
        (("n8n", "type"), ("flow",), ("client_credentials",)),
        ("salesforce", "http_request"),
        lambda _given: "salesforce",
        only=lambda given: given.get("flow") != "jwt",
        # Elsewhere, Salesforce nodes can use every flow. Who wants the other type passes --nodes.
        is_certain=lambda given: not is_cloud(given.get("n8n_url", "")),
    ),
)


def normalized(field: str, text: str) -> str:
    """Return an answer as it goes into the spec, with obvious mistakes corrected.

    Args:
        field: The answer's name in Answers.
        text: The person's input.
    """
    choices = (question.choices for question in QUESTIONS if question.field == field)
    return value_of(field, text, next(choices, ()))


def objection(question: Question, value: str, given: dict[str, str]) -> Objection | None:
    """Return why an answer is invalid; None if it is valid.

    Args:
        question: The question.
        value: The answer, normalized.
        given: The answers so far.
    """
    if not value:
        return Objection("an answer is required") if question.is_needed(given) else None
    if question.choices and value not in question.choices:
        meant = nearest_choice(value, question.choices) or ""
        return Objection(f"must be one of {', '.join(question.choices)}", meant)
    if not value.isprintable():
        return Objection("contains an invisible character")
    known = {**_STAND_INS, **_without_stand_ins(given), question.field: value}
    # The answer is right, and a later step does the rest, but not on n8n Cloud.
    later = () if is_cloud(known["n8n_url"]) else answered_by("n8n-overwrite")
    for finding in _errors(Answers(**known)):
        if finding.check in later:
            continue
        is_about_it = any(finding.route[: len(field)] == field for field in question.fields)
        if is_about_it or has_trait(finding.check, Trait.ALWAYS):
            return _objection_of(finding, question.field)
    return None


def _objection_of(finding: Finding, field: str) -> Objection:
    # The hint shows a line of a spec, but here only its value is asked for.
    hint = re.sub(rf"(`|Example: ){field.removeprefix('n8n_')}: |`{field}: ", r"\1", finding.hint)
    hint = hint.replace("n8n.type: oAuth2Api", "http_request (--nodes)")
    hint = hint.replace("an `n8n.name`", "a name")
    hint = _NOT_HERE.sub("", hint)
    address = re.search(r"(?:Write|did you mean) `?(https?://[^\s`]+?)`?[.?](?:\s|$)", hint)
    instead = finding.fix or (address[1] if address else "")
    return Objection(f"{finding.message}. {hint}", instead)


def _without_stand_ins(given: dict[str, str]) -> dict[str, str]:
    return {field: value for field, value in given.items() if value}


def _errors(answers: Answers) -> list[Finding]:
    """Return the errors that doctor finds in a spec made from the answers."""
    with temporary_folder() as folder:
        spec = folder / "spec.yaml"
        spec.write_text(spec_text(answers._asdict()), encoding="utf-8")
        context = Context(project=folder, now=datetime.now(UTC), environ={})
        report = Workspace(Settings(context.project), [spec], context).examine()
    # Warnings, for example about the username, don't make an answer invalid.
    return [finding for finding in report.findings if finding.severity is Severity.ERROR]
