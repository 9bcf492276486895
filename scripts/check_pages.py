"""docs/checks: the table of all checks, and a page for each, with its example's real output."""

import re
import tempfile
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import time_machine

from sfcred.checks import all_checks
from sfcred.checks.api import Check, Example
from sfcred.report.api import Look
from sfcred.report.check_pages import body, example_lines
from sfcred.report.formats import text
from tests.examples import examine_example
from tests.material import Workshop
from tests.project import BASES, Project

#: What a check is handed, in words; and the first version with checks of the sort.
_GROUPS = {
    "spec": ("a spec's file as it stands", "0.1.0"),
    "offline": ("a credential: a spec with its profile applied", "0.1.0"),
    "project": ("all credentials together", "0.1.0"),
    "ignores": ("an ignore that took nothing out", "0.2.0"),
    "app": ("an app that was retrieved from an org (`sfcred app --check`)", "0.2.0"),
    "live": ("a login (`sfcred doctor --live`)", "0.2.0"),
}
_CHAPTERS = {
    "0": ("The file and its secrets", ""),
    "1": ("Flow, hosts and names", ""),
    "2": ("Scopes", ""),
    "3": ("Callbacks", ""),
    "4": ("Keys and certificates", ""),
    "5": ("n8n", ""),
    "6": ("The app and its policies", ""),
    "7": ("An org's metadata", "Only with [`sfcred app --check`](../commands.md#sfcred-app)."),
    "9": ("The login", "Only with [`sfcred doctor --live`](../live.md)."),
}
_LAID_OVER = {
    "jwt": "The lines are laid over the [JWT spec](index.md#the-specs-of-the-examples), ",
    "oauth2": "The lines are laid over the [OAuth2 spec](index.md#the-specs-of-the-examples), ",
    "whole": "The lines are a whole file, ",
}


def check_pages() -> dict[str, str]:
    """Every page of docs/checks by its file's name."""
    pages = {f"{check.id.lower()}.md": _page(check) for check in all_checks()}
    return {"index.md": _index(), **pages}


def _index() -> str:
    lines = [
        "# The checks",
        "",
        "Made from the checks themselves. `sfcred explain SFC104` shows a check's page in the",
        "terminal, `sfcred explain` lists them all.",
        "",
        "An id never changes its meaning. The severity is the usual one: a check may find less or",
        "more, and says so. With an error the [exit status](../commands.md#exit-status) is 1, with",
        "warnings only with `--fail-on warning`. A check that can't be run (a secret that isn't",
        "there, a version that isn't given) is listed with the reason. A check that doesn't apply",
        "is [left out with its reason](../adopting.md#leaving-findings-out): in the spec, in the",
        "configuration, or by a baseline.",
        "",
        *_chapters(),
        "## The specs of the examples",
        "",
        "Each page has an example that the check finds, and a near miss. They are laid over one of",
        "these two specs as a profile would be; `acme.key` and `acme.crt` are a pair.",
        "",
    ]
    for base in ("jwt", "oauth2"):
        lines += ["```yaml", BASES[base].rstrip(), "```", ""]
    return "\n".join(lines)


def _chapters() -> Iterator[str]:
    for digit, (title, when) in _CHAPTERS.items():
        checks = [check for check in all_checks() if check.id[3] == digit]
        yield from (f"## {title}", "", *([when, ""] if when else []))
        yield from ("| id | name | severity | finds |", "|---|---|---|---|")
        yield from (
            f"| [{c.id}]({c.id.lower()}.md) | {c.name} | {c.severity} | {c.title} |" for c in checks
        )
        yield ""


def _page(check: Check) -> str:
    looks_at, since = _GROUPS[check.group]
    lines = [
        f"# {check.id} {check.name}",
        "",
        f"{check.title}.",
        "",
        "| severity | looks at | since |",
        "|---|---|---|",
        f"| {check.severity} | {looks_at} | {since} |",
        "",
        body(check),
        "",
        *_consequence(check),
        "## An example that has it",
        "",
        *_yaml(check.bad),
        f"{_LAID_OVER[check.bad.base]}and doctor says:",
        "",
        "```text",
        outputs()[check.id].rstrip(),
        "```",
        "",
        "## A near miss",
        "",
        *_yaml(check.good),
        f"{_LAID_OVER[check.good.base]}and {check.id} finds nothing.",
        "",
        "[All checks](index.md)",
    ]
    return "\n".join(lines) + "\n"


def _consequence(check: Check) -> list[str]:
    if not check.follows:
        return []
    causes = ", ".join(f"[{cause}]({cause.lower()}.md)" for cause in check.follows)
    return [f"**A consequence of** {causes}, where that is found too: then it is only noted.", ""]


def _yaml(example: Example) -> list[str]:
    return ["```yaml", *example_lines(example), "```", ""]


@cache
def outputs() -> dict[str, str]:
    """What doctor says of each check's bad example, by id."""
    with tempfile.TemporaryDirectory() as folder:
        workshop = Workshop(Path(folder))
        return {check.id: _output(check, workshop) for check in all_checks()}


def _output(check: Check, workshop: Workshop) -> str:
    # A clock that stands still gives the same text each time; a minute ahead of the certificates.
    still = time_machine.travel(int(time.time()) + 60, tick=False)
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        folder = Path(name).resolve()
        patch.chdir(folder)
        patch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
        project = Project(folder, workshop, patch)
        with still:
            said = text.report(examine_example(project, check.bad), Look())
    said = said.replace(f"{folder}/", "")
    return re.sub(r"\b20[0-9]{2}-[0-9]{2}-[0-9]{2}\b", "YYYY-MM-DD", said)
