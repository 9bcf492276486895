"""The checks' documentation, for `sfcred explain` and docs/checks."""

import re
from collections.abc import Iterable

from sfcred.checks.api import AnyCheck, Example, ExampleReply
from sfcred.checks.chapters import Chapter, by_chapter


def plain_page(check: AnyCheck) -> str:
    """Return a check's page for the terminal: its documentation and its examples."""
    parts = [
        f"{check.id} {check.name}",
        f"{check.title}. Severity: {check.severity}.",
        re.sub(r"(?m)^\*\*(.+?)\*\*", r"\1:", body(check)),
        "Example with this problem",
        "\n".join(example_lines(check.bad)),
        "Example without it",
        "\n".join(example_lines(check.good)),
    ]
    return "\n\n".join(parts).replace("\n\n\n", "\n\n") + "\n"


def catalogue(checks: Iterable[AnyCheck]) -> str:
    """List the checks by chapter, one per line: id, severity, name and title."""
    return "\n".join(_listed(chapter, found) for chapter, found in by_chapter(checks))


def _listed(chapter: Chapter, checks: Iterable[AnyCheck]) -> str:
    title = f"{chapter.title} (only with {chapter.command})" if chapter.command else chapter.title
    lines = [f"{c.id}  {c.severity:<7}  {c.name:<24} {c.title}" for c in checks]
    return "".join(f"{line}\n" for line in (f"{title}:", *lines))


def body(check: AnyCheck) -> str:
    """Return a check's documentation without its title, in Markdown."""
    return check.page.partition("\n")[2].strip()


def example_lines(example: Example) -> list[str]:
    """Return an example's YAML, with files, variables and the org's answers as comments."""
    lines = example.spec.rstrip("\n").splitlines()
    lines += [f"# {name}: {_described(what)}" for name, what in example.files.items()]
    lines += [f"# ${name}: {_described(what)}" for name, what in example.environ.items()]
    lines += [f"# with {example.setting.replace('_', ' ')}"] if example.setting else []
    lines += [f"# the org has the app of: {example.deployed.strip()}"] if example.deployed else []
    lines += [f"# with {element}: {text}" for element, text in example.elements.items()]
    lines += ["", "# nodes in a workflow:"] if example.workflow else []
    lines += [f"# {line}" for line in example.workflow.splitlines()]
    return [*lines, *[f"# the org {_reply(reply)}" for reply in example.replies[:1]]]


def _reply(reply: ExampleReply) -> str:
    if reply.fails:
        return f"doesn't answer: {reply.fails}"
    # Tokens and records are the same in every example: only a refusal is worth showing.
    shown = reply.body if '"error' in reply.body else "with a token, and so on"
    return f"answers: HTTP {reply.status} {shown}"


def _described(material: str) -> str:
    return material.removeprefix("text:") or "(empty)"
