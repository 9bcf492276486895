"""What people read at a terminal: lines fit its width, and no word of the report is lost."""

import os
import re
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pexpect
import pytest

from sfcred.cli import group
from sfcred.text.wrapping import OWN_COMMANDS, wrapped, wrapped_text
from tests.conftest import Outcome
from tests.helpers.project import ENVIRON, Project
from tests.helpers.systems import skip_without_posix
from tests.helpers.workflows import node, workflow, write

Run = Callable[..., Outcome]
STYLE = re.compile(r"\x1b\[[0-9;]*m")
#: Messages, hints, consequences, what was not checked, an excerpt that is too long, and healthy ones.
SPEC = """\
description: a description that is long enough for a line that no terminal has, so that it is cut
app: {scopes: [Api, full], permission_sets: []}
n8n: {url: http://n8n.internal.acme.example:5678/home/workflows, version: "2.41.1"}
jwt: {username: n8n@acme.com.uat, private_key: {file: acme.key}, certificate: certificates/acme-uat.crt}
"""
WIDTHS = pytest.mark.parametrize("width", [60, 80, 120])


def at_terminal(width: int, *arguments: str, **environ: str) -> str:
    """Return what a terminal of this width shows, with its styles."""
    skip_without_posix("a pseudo-terminal")
    child = pexpect.spawn(
        sys.executable,
        ["-m", "sfcred", *arguments],
        dimensions=(50, width),
        env={"PATH": os.environ["PATH"], "TERM": "xterm", **ENVIRON, **environ},
        encoding="utf-8",
        timeout=60,
    )
    child.expect(pexpect.EOF)
    return str(child.before).replace("\r\n", "\n")


def words(text: str) -> list[str]:
    """Return the words, without the excerpts, which are cut to the width."""
    lines = STYLE.sub("", text).splitlines()
    return " ".join(line for line in lines if not re.match(r" *\d* *\| ", line)).split()


def assert_fits(text: str, width: int) -> None:
    for line in STYLE.sub("", text).splitlines():
        # What can't be broken sticks out: a command, a URL, a path.
        assert len(line) <= width or len(re.sub(r"`[^`]*`", "x", line).split()) <= 2, line


@WIDTHS
def test_the_report_fits(project: Project, run: Run, width: int) -> None:
    project.credential(SPEC, name="credentials/acme.yaml")
    project.spec("x: [", "credentials/broken.yaml")
    shown = at_terminal(width, "doctor", "credentials")
    assert_fits(shown, width)
    assert words(shown) == words(run("doctor", "credentials").out)
    assert "\x1b[31m\x1b[1merror\x1b[0m" in shown
    carets = re.findall(r"(?m)^ +\d+ \| (.*)\n +\| (.*)\^$", STYLE.sub("", shown))
    assert carets
    assert all(len(before) < len(line) for line, before in carets)


@WIDTHS
def test_a_page_fits_and_keeps_its_headings(run: Run, width: int) -> None:
    shown = at_terminal(width, "explain", "SFC104")
    assert_fits(shown, width)
    assert words(shown) == words(run("explain", "SFC104").out)
    for heading in ("Finds:", "Why it matters:", "How to fix it:", "Source:", "Example without it"):
        assert re.search(rf"(?m)^\x1b\[1m{heading}\x1b\[0m", shown), heading


@WIDTHS
def test_the_list_of_checks_fits(run: Run, width: int) -> None:
    shown = at_terminal(width, "explain", NO_COLOR="1")
    assert "\x1b" not in shown
    assert_fits(shown, width)
    assert [word.rstrip(":") for word in words(shown)] == [word.rstrip(":") for word in words(run("explain").out)]  # fmt: skip


@WIDTHS
@pytest.mark.parametrize("error", ["invalid_grant: audience is invalid", "the moon is full"])
def test_an_explained_error_fits(run: Run, width: int, error: str) -> None:
    shown = at_terminal(width, "explain", "--error", error)
    assert_fits(shown, width)
    assert words(shown) == words(run("explain", "--error", error).out)


@WIDTHS
@pytest.mark.parametrize("command", ["resolve", "doctor credentials --stdin-filename x", "doctor nowhere/to/be/found.yaml credentials --profile does-not-exist"])  # fmt: skip
def test_decisions_and_errors_fit(project: Project, run: Run, width: int, command: str) -> None:
    project.credential(SPEC, name="credentials/acme.yaml")
    Path("sfcred.toml").touch()
    shown = at_terminal(width, *command.split())
    assert_fits(shown, width)
    done = run(*command.split())
    assert words(shown) == words(done.out + done.err)


@WIDTHS
def test_what_workflows_need_fits(project: Project, run: Run, width: int) -> None:
    project.credential(base="oauth2", name="credentials/acme.yaml")
    fields = ", ".join(f"Long_Field_Number_{number}__c" for number in range(12))
    soql = f"SELECT {fields} FROM A_Custom_Object__c"  # noqa: S608 - it goes nowhere
    query = {"resource": "search", "query": soql}
    unknown = node({"resource": "search", "query": "={{ $json.q }}"}, name="Whatever is asked for")
    write(Path("workflows/a.json"), workflow(node(query), unknown))
    arguments = ("needs", "--workflows", "workflows")
    shown = at_terminal(width, *arguments)
    assert_fits(shown, width)
    assert words(shown) == words(run(*arguments).out)
    assert any(len(line) > width for line in run(*arguments).out.splitlines())


LONG = (
    "--my-domain", "https://acmemanufacturing--integration.sandbox.my.salesforce.com",
    "--username", "n8n.integration@acme-manufacturing.com.integration",
    "--n8n-url", "https://automation.acme-manufacturing.com",
)  # fmt: skip
#: What prepares a copy of the project, and the command.
TOLD = {
    "init": ("", "init acme-leads --no-input"),
    "init again": ("", "init acme-billing --flow client_credentials --no-input"),
    "keygen": ("", "keygen acme-crm"),
    "keygen again": ("keygen acme-crm", "keygen acme-crm"),
    "rotate": ("keygen acme-crm", "keygen acme-crm --rotate"),
    "guide": ("", "guide acme-crm"),
    "app": ("keygen acme-crm", "app -o salesforce"),
    "render": ("keygen acme-crm", "render"),
    "list": ("", "list"),
    "diff": ("", "diff --export export.json"),
    "import": ("", "import export.json --secrets file"),
}
EXPORT = """[{"id": "acmeCrm000000001", "name": "Acme CRM of the integration team", "type":
"salesforceJwtApi", "data": {"environment": "sandbox", "clientId": "3MVG9abcdefghijklmnop",
"username": "n8n.integration@acme-manufacturing.com", "privateKey": "x"}},
{"id": "2", "name": "a", "type": "httpHeaderAuth", "data": {}}]"""


@pytest.mark.parametrize("width", [50, 80])
@pytest.mark.parametrize("told", TOLD)
def test_what_a_command_tells_fits(run: Run, width: int, told: str, tmp_path: Path) -> None:
    before, command = TOLD[told]
    variables = {"ACME_CRM_CLIENT_ID": f"3MVG9{'a' * 80}"}
    outputs = []
    for place in ("terminal", "pipe"):
        folder = tmp_path / place / "project"
        folder.mkdir(parents=True)
        os.chdir(folder)
        run("init", "acme-crm", *LONG, "--no-input")
        Path("export.json").write_text(EXPORT, encoding="utf-8")
        if before:
            run(*before.split())
        more = LONG if command.startswith("init") else ()
        if place == "terminal":
            outputs.append(at_terminal(width, *command.split(), *more, **variables))
        else:
            os.environ.update(variables)
            done = run(*command.split(), *more)
            outputs.append(done.out + done.err)
    shown, piped = outputs
    assert sorted(words(shown)) == sorted(words(piped))
    commands = re.compile(r"^ *(?:\d\. |next: |\* )?(?:mv|rm|docker|n8n|sfcred|/\S+/python\S*) .*")
    for line in STYLE.sub("", shown).splitlines():
        if not commands.match(line):
            assert_fits(line, width)
    assert any(len(line) > width for line in piped.splitlines()), piped


def test_a_line_is_aligned_after_its_head() -> None:
    text = (
        "next: rm one two three\n  1. sfcred keygen acme-crm  creates the pair\n"
        "changed      acme: differs in scope\nnot_checked: and so on\n"
    )
    assert wrapped_text(text, None) == text
    assert wrapped_text(text, 20) == (
        "next: rm one two three\n  1. sfcred keygen acme-crm\n     creates the\n     pair\n"
        "changed      acme:\n             differs\n             in\n             scope\nnot_checked: and so\non\n"
    )


@pytest.mark.parametrize(
    "line",
    [
        "sfcred reads only the files of the project.",
        "sfcred reads only the files of the project",
        "note: cp is missing on this system, so copy it",
        "warning: rm is missing on this system",
        "cd into the folder with the specs, and go on.",
        "next: export it again with the same options",
        "acme/acme.key: rewritten; it is still the same key",
    ],
)
def test_a_sentence_that_starts_like_a_command_is_wrapped(line: str) -> None:
    assert all(len(part) <= 30 for part in wrapped_text(line, 30).splitlines())


@pytest.mark.parametrize(
    "line",
    [
        "openssl req -x509 -new -key acme.key -out acme.crt",
        "   git mv credentials/acme.yaml specs/acme.yaml",
        "next: export N8N_API_KEY=KEY && sfcred push acme",
        "   $env:N8N_API_KEY = 'KEY'; sfcred push acme-crm",
        "Copy-Item certs/acme.crt -Destination certs/b.crt",
        "  2. cp credentials/acme.yaml credentials/copy .",
        "  /opt/tools/bin/python3.11 -I -m pip wheel sfcred",
        "then: sfcred local-org --port 8443 --profile uat",
    ],
)
def test_a_command_on_its_own_line_stays_whole(line: str) -> None:
    assert wrapped_text(line, 30) == line
    assert wrapped_text(f"{line}  does it", 30) == f"{line}\n{' ' * len(_head(line))}does it"


def _head(line: str) -> str:
    found = re.match(r" *(?:\d\. |[a-z]+: )?", line)
    return found[0] if found else ""


def test_the_widest_state_of_diff_is_a_head() -> None:
    assert wrapped_text("not_compared  acme: so many words", 24) == (
        f"not_compared  acme: so\n{' ' * 14}many words"
    )


def test_wrapping_knows_all_commands() -> None:
    assert list(OWN_COMMANDS) == sorted(group.list_commands(click.Context(group)))


@pytest.mark.parametrize("width", [50, 80])
@pytest.mark.parametrize("command", ["", *sorted(group.list_commands(click.Context(group)))])
def test_help_breaks_no_command(run: Run, command: str, width: int) -> None:
    text = at_terminal(width, *command.split(), "--help")
    for line in text.splitlines():
        assert not re.search(r"[a-z0-9]-$", line), line
        # A command that is longer than its column can't stay whole.
        if width > 50:
            assert line.count("`") % 2 == 0 or line.startswith(" " * 12), line


def test_a_file_is_not_wrapped(project: Project, run: Run) -> None:
    spec = project.credential(SPEC)
    at_terminal(60, "doctor", str(spec), "-o", "report.txt")
    assert Path("report.txt").read_text(encoding="utf-8") == run("doctor", spec).out


def test_styles_stay_with_their_words() -> None:
    red, off = "\x1b[31m", "\x1b[0m"
    text = f"one {red}two{off} three {red}four five{off} six"
    assert wrapped(text, 10, "- ") == (
        f"- one {red}two{off}\n  three\n  {red}four\n  five{off} six"
    )
    assert wrapped(f"{red}one{off}{red}two{off}", 40) == f"{red}one{off}{red}two{off}"
    assert wrapped(text, None, "- ") == f"- {text}"
