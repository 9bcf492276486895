"""Public reports: what somebody pasted, and what they need to read first. Also scores sfcred on them.

Run `python -m tests.helpers.reports` for the score.
"""

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Literal, NamedTuple

import yaml

from sfcred.report.error_text import diagnose
from sfcred.salesforce.diagnosis import topic
from sfcred.salesforce.refusals import KnownWording

FOLDER = Path(__file__).parents[1] / "salesforce" / "reports"

Grade = Literal["right", "partly", "wrong", "silent"]


class Report(NamedTuple):
    """A report.

    Attributes:
        id: Its thread, in short.
        about: What had happened, in our own words.
        source: Where it is public.
        text: What somebody would paste.
        first: A pattern that the first cause, or its fix, has to match.
        any: A pattern that one of the causes has to match. Without both, the text says too little,
            or isn't about any of this: sfcred has to say that it doesn't know it.
    """

    id: str
    about: str
    source: str
    text: str
    first: str = ""
    any: str = ""


def reports(name: str) -> list[Report]:
    """Return the reports of one file."""
    entries = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return [Report(**entry) for entry in entries]


def grade(report: Report) -> Grade:
    """Grade what `sfcred explain --error` says about a report.

    Returns:
        right if the first cause is the one; partly if it is among the others; wrong if it is
        missing; silent if it says nothing about the error.
    """
    texts = _texts(report.text)
    if not (report.first or report.any):
        return "wrong" if texts else "right"
    if not texts:
        return "silent"
    if _fits(report.first, texts[:1]) and _fits(report.any, texts):
        return "right"
    return "partly" if _fits(report.first or report.any, texts) else "wrong"


def _texts(text: str) -> list[str]:
    """Return the causes of an error; of one that sfcred doesn't know, the advice for its topic."""
    if found := diagnose(text):
        return [f"{cause.what}. {cause.fix}" for one in found for cause in one.causes]
    about = topic(text)
    return [f"About {about.about}. {about.usually} {about.fix}"] if about else []


def _fits(pattern: str, texts: Iterable[str]) -> bool:
    return not pattern or any(re.search(pattern, text, re.IGNORECASE | re.DOTALL) for text in texts)


def example(answer: KnownWording) -> str:
    """Return a wording's description with names in place of its placeholders."""
    parts = {
        "{field}": "Region__c",
        "{fields}": "Region__c",
        "{object}": "Lead",
        "{host}": "acme.my.salesforce.com",
        "{label}": "redis",
        "{unset}": "undefined",
        "{any}": "17",
        "{word}": "17",
    }
    return re.sub(r"\{\w+\}", lambda found: parts[found[0]], answer.description)


def score(name: str) -> Counter[Grade]:
    """Return how often each grade comes."""
    return Counter(grade(report) for report in reports(name))


if __name__ == "__main__":
    for one in sorted(path.stem for path in FOLDER.glob("*.yaml")):
        print(one, dict(score(one)))  # noqa: T201
        missed = [f"{grade(report)} {report.id}" for report in reports(one)]
        print("\n".join(line for line in missed if not line.startswith("right")))  # noqa: T201
