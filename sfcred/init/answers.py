"""What `sfcred init` has to know, and whether an answer is a good one.

An answer is judged by the same checks as doctor's: a spec is made with it, and looked at.
"""

import re
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from sfcred.checks.api import Severity
from sfcred.doctor import ALWAYS, Options, examine
from sfcred.init.spec_text import spec_text
from sfcred.resolve.context import Context

#: What stands for an answer that isn't there yet, so that the others can be judged.
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
    """All that a first spec needs.

    Attributes:
        name: The credential's name.
        flow: jwt or oauth2.
        environment: production or sandbox.
        my_domain: The org's address.
        username: Who n8n acts as; empty for OAuth2.
        contact_email: Salesforce demands one for an app.
        n8n_url: Where n8n is.
        n8n_version: Which n8n; empty if not known.
    """

    name: str
    flow: str
    environment: str
    my_domain: str
    username: str
    contact_email: str
    n8n_url: str
    n8n_version: str

    @property
    def is_cloud(self) -> bool:
        """Whether n8n's makers run it."""
        return re.match(r"https://[^/]+\.n8n\.cloud(/|$)", self.n8n_url) is not None


class Question(NamedTuple):
    """Something to ask.

    Attributes:
        field: The answer's name in Answers.
        words: The question.
        judges: The checks whose findings speak against an answer.
        choices: The only answers, if there are few.
        default: Makes a suggestion from the answers so far.
        only: Whether it is asked at all.
    """

    field: str
    words: str
    judges: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    default: Callable[[dict[str, str]], str] = lambda _given: ""
    only: Callable[[dict[str, str]], bool] = lambda _given: True


def _environment_of(given: dict[str, str]) -> str:
    from sfcred.salesforce.hosts import classify

    host = given.get("my_domain", "").removeprefix("https://").strip("/")
    return classify(host).environment or "production"


QUESTIONS = (
    Question("name", "Name of the credential (a-z, 0-9, -)", ("SFC503",)),
    Question(
        "my_domain",
        "The org's address (Setup, My Domain, Current My Domain URL)",
        ("SFC104", "SFC105", "SFC106", "SFC107"),
    ),
    Question(
        "environment",
        "Environment (scratch orgs count as sandbox)",
        ("SFC103",),
        ("production", "sandbox"),
        _environment_of,
    ),
    Question(
        "flow",
        "How n8n logs in: jwt (a key, nobody clicks) or oauth2 (a person consents)",
        (),
        ("jwt", "oauth2"),
        lambda _given: "jwt",
    ),
    Question(
        "username",
        "Salesforce username that n8n acts as (Setup, Users)",
        ("SFC108", "SFC109"),
        only=lambda given: given.get("flow") == "jwt",
    ),
    Question("contact_email", "Contact e-mail of the app"),
    Question("n8n_url", "n8n's address, as browsers see it", ("SFC305", "SFC303")),
    Question("n8n_version", "n8n's version (empty if you don't know)", ("SFC501",)),
)
#: Those that may be left empty.
OPTIONAL = ("n8n_version",)


def tidied(field: str, text: str) -> str:
    """An answer as it goes into the spec: what is obvious is put right without a word."""
    value = text.strip()
    if field in ("my_domain", "n8n_url") and value:
        if "://" not in value and "." in value:
            value = f"https://{value}"
        value = value.rstrip("/")
    if field == "name":
        value = value.lower().replace(" ", "-").replace("_", "-")
    return value


def objection(question: Question, value: str, given: dict[str, str]) -> str:
    """What speaks against an answer, in words; empty if nothing does.

    Args:
        question: Which one was asked.
        value: The answer, tidied.
        given: The answers so far.
    """
    if not value:
        return "" if question.field in OPTIONAL else "an answer is needed"
    if question.choices and value not in question.choices:
        return f"one of {', '.join(question.choices)}"
    if not value.isprintable():
        return "there is an invisible sign in it"
    known = {**_STAND_INS, **_without_stand_ins(given), question.field: value}
    found = _examined(Answers(**known))
    for check, message, hint in found:
        if check in question.judges or check in ALWAYS:
            return f"{message}. {hint}"
    return ""


def _without_stand_ins(given: dict[str, str]) -> dict[str, str]:
    return {field: value for field, value in given.items() if value}


def _examined(answers: Answers) -> list[tuple[str, str, str]]:
    """What doctor finds in the spec that the answers make."""
    with tempfile.TemporaryDirectory() as folder:
        spec = Path(folder) / "spec.yaml"
        spec.write_text(spec_text(answers._asdict()), encoding="utf-8")
        context = Context(project=Path(folder), now=datetime.now(UTC), environ={})
        report = examine([spec], context, Options())
    # A warning about the username is worth a word later, not a refusal now.
    return [
        (f.check, f.message, f.hint)
        for f in report.findings
        if f.severity is Severity.ERROR or f.check == "SFC106"
    ]
