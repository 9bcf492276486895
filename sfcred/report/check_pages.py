"""The checks' documentation, for `sfcred explain` and docs/checks."""

import re
from collections.abc import Iterable

from sfcred.checks.api import AnyCheck, Example, ExampleReply
from sfcred.checks.chapters import Chapter, by_chapter
from sfcred.report.api import ReportStyle
from sfcred.text.wrapping import wrapped

_PLAIN = ReportStyle()
# The columns of the list: the width of a severity, where the name begins, and its width. A terminal
# of at least this width has room for titles in a column of their own.
_SEVERITY, _TO_NAME, _NAME, _ROOMY = 7, 17, 24, 76


def plain_page(check: AnyCheck, look: ReportStyle = _PLAIN) -> str:
    """Return a check's page for the terminal: its documentation and its examples."""
    parts = [
        look.style(f"{check.id} {check.name}", "bold"),
        wrapped(f"{check.title}. Severity: {check.severity}.", look.width),
        *(_paragraph(text, look) for text in body(check).split("\n\n")),
        look.style("Example with this problem", "bold"),
        "\n".join(example_lines(check.bad)),
        look.style("Example without it", "bold"),
        "\n".join(example_lines(check.good)),
    ]
    return "\n\n".join(parts).replace("\n\n\n", "\n\n") + "\n"


def _paragraph(text: str, look: ReportStyle) -> str:
    """Return a paragraph of the documentation, with its heading, if it has one, and a colon."""
    headed = re.sub(r"^\*\*(.+?)\*\*", lambda head: look.style(f"{head[1]}:", "bold"), text)
    return headed if look.width is None else wrapped(" ".join(headed.split()), look.width)


def catalogue(checks: Iterable[AnyCheck], look: ReportStyle = _PLAIN) -> str:
    """List the checks by chapter, one per line: id, severity, name and title."""
    return "\n".join(_listed(chapter, found, look) for chapter, found in by_chapter(checks))


def _listed(chapter: Chapter, checks: Iterable[AnyCheck], look: ReportStyle) -> str:
    title = f"{chapter.title} (only with {chapter.command})" if chapter.command else chapter.title
    lines = [look.style(f"{title}:", "bold"), *(_row(check, look) for check in checks)]
    return "".join(f"{line}\n" for line in lines)


def _row(check: AnyCheck, look: ReportStyle) -> str:
    severity = look.style(check.severity.value, check.severity.value)
    padding = " " * (_SEVERITY - len(check.severity.value))
    row = f"{check.id}  {severity}{padding}  "
    if look.width is not None and look.width < _ROOMY:
        return wrapped(f"{row}{check.name}: {check.title}", look.width, indent=_TO_NAME)
    row += f"{check.name:<{_NAME}} {check.title}"
    return wrapped(row, look.width, indent=_TO_NAME + _NAME + 1)


def body(check: AnyCheck) -> str:
    """Return a check's documentation without its title, in Markdown."""
    return check.page.partition("\n")[2].strip()


def example_lines(example: Example) -> list[str]:
    """Return an example's YAML, with files, variables and the org's answers as comments."""
    spec = example.spec.rstrip("\n")
    lines: list[str] = []
    for name, what in example.files.items():
        lines += _described(name, what)
    for name, what in example.environ.items():
        lines += _described(f"${name}", what)
    lines += [f"# with {example.setting.replace('_', ' ')}"] if example.setting else []
    lines += [f"# the org has the app of: {example.deployed.strip()}"] if example.deployed else []
    lines += [f"# with {element}: {text}" for element, text in example.elements.items()]
    lines += ["", "# nodes in a workflow:"] if example.workflow else []
    lines += [f"# {line}" for line in example.workflow.splitlines()]
    lines += [f"# the org {_reply(reply)}" for reply in example.replies[:1]]
    # An empty spec says nothing if it is about something else.
    return lines if lines and spec == "{}" else [*spec.splitlines(), *lines]


def _reply(reply: ExampleReply) -> str:
    if reply.fails:
        return f"doesn't answer: {reply.fails}"
    # Tokens and records are the same in every example: only a refusal is worth showing.
    shown = reply.body if '"error' in reply.body else "with a token, and so on"
    return f"answers: HTTP {reply.status} {shown}"


def _described(name: str, material: str) -> list[str]:
    """Return the comment that says what a file or variable of an example is."""
    first, *others = (material.removeprefix("text:") or "(empty)").rstrip("\n").split("\n")
    if not others:
        return [f"# {name}: {first}"]
    return [f"# {name}:", *(f"#   {line}" for line in (first, *others))]
