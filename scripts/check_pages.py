"""Generate docs/checks: a table of all checks, and a page for each with doctor's real output."""

import re
import tempfile
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import time_machine

from sfcred.checks import all_checks
from sfcred.checks.api import AnyCheck, Example
from sfcred.checks.chapters import by_chapter
from sfcred.report.api import ReportStyle
from sfcred.report.check_pages import body, example_lines
from sfcred.report.formats import text
from tests.helpers.examples import examine_example
from tests.helpers.material import Workshop
from tests.helpers.project import BASES, Project

_MERGED = {
    "jwt": "With this merged into the [JWT spec](index.md#base-specs-for-the-examples), ",
    "oauth2": "With this merged into the [OAuth2 spec](index.md#base-specs-for-the-examples), ",
    "client_credentials": "With this merged into the [client credentials "
    "spec](index.md#base-specs-for-the-examples), ",
    "whole": "With this file, ",
}


def check_pages() -> dict[str, str]:
    """Return every page of docs/checks by file name."""
    pages = {f"{check.id.lower()}.md": _page(check) for check in all_checks()}
    return {"index.md": _index(), **pages}


def _index() -> str:
    lines = [
        "# The checks",
        "",
        "These pages are generated from the checks. To see one in the terminal, run",
        "`sfcred explain SFC104`. To list all checks, run `sfcred explain`.",
        "",
        "An id never changes its meaning. The severity is the usual one; a single finding can have",
        "another. Errors make the [exit status](../commands.md#exit-status) 1, warnings only with",
        "`--fail-on warning`. If a check can't run, for example because a secret or a version is",
        "missing, doctor lists it with the reason. If a check doesn't apply to you,",
        "[ignore it and say why](../adopting.md#leaving-findings-out): in the spec, in the",
        "configuration, or with a baseline.",
        "",
        *_chapters(),
        "## Base specs for the examples",
        "",
        "Each page has an example with the problem, and one that comes close but is fine. Both are",
        "merged into one of these specs, as a profile is. `acme.key` and `acme.crt` are a pair.",
        "",
    ]
    for base in BASES:
        lines += ["```yaml", BASES[base].rstrip(), "```", ""]
    return "\n".join(lines)


def _chapters() -> Iterator[str]:
    for chapter, checks in by_chapter(all_checks()):
        yield from (f"## {chapter.title}", "")
        if chapter.command:
            yield from (f"Only with [`{chapter.command}`]({chapter.page}).", "")
        yield from ("| id | name | severity | finds |", "|---|---|---|---|")
        yield from (
            f"| [{c.id}]({c.id.lower()}.md) | {c.name} | {c.severity} | {c.title} |" for c in checks
        )
        yield ""


def _page(check: AnyCheck) -> str:
    lines = [
        f"# {check.id} {check.name}",
        "",
        f"{check.title}.",
        "",
        "| severity | checks | since |",
        "|---|---|---|",
        f"| {check.severity} | {check.kind.words} | {check.since} |",
        "",
        body(check),
        "",
        *_consequence(check),
        "## Example with this problem",
        "",
        *_yaml(check.bad),
        f"{_with(check.bad)}doctor prints:",
        "",
        "```text",
        outputs()[check.id].rstrip(),
        "```",
        "",
        "## Example without it",
        "",
        *_yaml(check.good),
        f"{_with(check.good)}{check.id} finds nothing.",
        "",
        "[All checks](index.md)",
    ]
    return "\n".join(lines) + "\n"


def _with(example: Example) -> str:
    if example.workflow and example.spec.strip() == "{}":
        words = {"jwt": "JWT", "oauth2": "OAuth2"}[example.base]
        return (
            f"With these nodes in a workflow, and the [{words} "
            "spec](index.md#base-specs-for-the-examples), "
        )
    return _MERGED[example.base]


def _consequence(check: AnyCheck) -> list[str]:
    if not check.follows:
        return []
    causes = " or ".join(f"[{cause}]({cause.lower()}.md)" for cause in check.follows)
    return [f"If doctor also finds {causes}, it shows this finding as a consequence.", ""]


def _yaml(example: Example) -> list[str]:
    lines = ["```yaml", *example_lines(example), "```", ""]
    if example.workflow:
        nodes = ["and these nodes in a workflow:", "", "```json", example.workflow, "```", ""]
        return [*lines, *nodes] if example.spec.strip() != "{}" else nodes[2:]
    return lines


@cache
def outputs() -> dict[str, str]:
    """Return what doctor prints for each check's bad example, by id."""
    with tempfile.TemporaryDirectory() as folder:
        workshop = Workshop(Path(folder))
        return {check.id: _output(check, workshop) for check in all_checks()}


def _output(check: AnyCheck, workshop: Workshop) -> str:
    # A fixed clock makes the text reproducible. It is a minute ahead of the certificates.
    fixed = time_machine.travel(int(time.time()) + 60, tick=False)
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        folder = Path(name).resolve()
        patch.chdir(folder)
        patch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
        project = Project(folder, workshop, patch)
        with fixed:
            printed = text.report(examine_example(project, check.bad), ReportStyle())
    printed = printed.replace(f"{folder}/", "")
    return re.sub(r"\b20[0-9]{2}-[0-9]{2}-[0-9]{2}\b", "YYYY-MM-DD", printed)
