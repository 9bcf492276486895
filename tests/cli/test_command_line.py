"""What all commands share: completion, colours, quiet, standard input, and examples that run."""

import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pexpect
import pytest

from sfcred.cli import group
from tests.conftest import Outcome
from tests.helpers.project import BASES, Project
from tests.helpers.systems import needs_terminal
from tests.helpers.workflows import node, workflow, write

Run = Callable[..., Outcome]
LIGHTNING = "my_domain: https://acme--uat.sandbox.lightning.force.com\n"
COMMANDS = group.list_commands(click.Context(group))


@pytest.fixture
def piped(monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], None]:
    """Pass bytes to standard input."""

    def pipe(content: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content), encoding="utf-8"))

    return pipe


def test_a_spec_from_standard_input(
    project: Project, run: Run, piped: Callable[[bytes], None]
) -> None:
    piped(project.credential(LIGHTNING).read_bytes())
    done = run("doctor", "-", "--stdin-filename", "credentials/acme.yaml", "--format", "concise")
    assert done.status == 1
    assert done.out.startswith("credentials/acme.yaml:4:12: error SFC104 ")
    piped(b"version: 1\nname: [\n")
    assert run("doctor", "-").out.startswith("stdin.yaml:")


def test_its_references_are_relative_to_its_name(
    project: Project, run: Run, piped: Callable[[bytes], None]
) -> None:
    project.material("sub/acme.key", "rsa-2048")
    project.material("sub/acme.crt", "certificate")
    piped(BASES["jwt"].encode())
    assert "SFC005" not in run("doctor", "-", "--stdin-filename", "sub/acme.yaml").out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("-", "acme.yaml"), "can't be combined with other paths"),
        (("-", "--fix"), "--fix needs files"),
        (("-", "--fix", "--dry-run"), "--fix needs files"),
        (("-", "--diff"), "--fix needs files"),
        (("-", "--dry-run"), "--dry-run belongs to --fix"),
        (("acme.yaml", "--stdin-filename", "x.yaml"), "needs a spec on standard input"),
    ],
)
def test_standard_input_alone(
    project: Project, run: Run, piped: Callable[[bytes], None], arguments: tuple[str], told: str
) -> None:
    project.credential()
    piped(b"")
    done = run("doctor", *arguments)
    assert done.status == 2
    assert told in done.err


def test_too_much_from_standard_input(run: Run, piped: Callable[[bytes], None]) -> None:
    piped(b"#" * 3_000_000)
    done = run("doctor", "-")
    assert (done.status, "larger than" in done.err) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "environ", "coloured"),
    [
        ((), {}, False),
        ((), {"FORCE_COLOR": "1"}, True),
        ((), {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        (("--color", "always"), {"NO_COLOR": "1"}, True),
        (("--color", "never"), {"FORCE_COLOR": "1"}, False),
        (("--color", "auto"), {"FORCE_COLOR": "1"}, True),
    ],
)
def test_colours(
    project: Project, run: Run, arguments: tuple[str, ...], environ: dict[str, str], coloured: bool
) -> None:
    spec = project.credential(LIGHTNING)
    for name, value in environ.items():
        project.monkeypatch.setenv(name, value)
    assert ("\x1b[" in run("doctor", spec, *arguments).out) is coloured
    assert ("\x1b[" in run(*arguments, "doctor", spec).out) is coloured
    for name in ("json", "sarif", "junit", "github"):
        assert "\x1b[" not in run("doctor", spec, "--format", name, *arguments).out


def test_what_is_ok_is_green_and_what_is_unknown_is_yellow(project: Project, run: Run) -> None:
    options = ("--color", "always", "-v")
    assert "\x1b[32mok\x1b[0m" in run("doctor", project.credential("{}\n", "oauth2"), *options).out
    fragment = "oauth2: {refresh_token: {env: NOPE}}\ndoctor: {ignore: {SFC005: later}}\n"
    shown = run("doctor", project.credential(fragment, "oauth2"), "--live", *options).out
    assert "\x1b[33m\x1b[1munknown\x1b[0m" in shown


@needs_terminal
def test_colours_on_a_terminal(project: Project) -> None:
    project.credential(LIGHTNING)
    command = f"{sys.executable} -m sfcred doctor acme.yaml"
    environ = {**os.environ, "TERM": "xterm"}
    shown = pexpect.run(command, env=environ, encoding="utf-8")
    assert "\x1b[31m\x1b[1merror\x1b[0m" in shown


def test_quiet_and_verbose(project: Project, run: Run) -> None:
    sound = project.credential(name="sound.yaml")
    assert run("doctor", sound, "-q").out == ""
    done = run("doctor", project.credential(LIGHTNING), "-q")
    assert "SFC104" in done.out
    assert "credential in" not in done.out
    assert "ok      acme-crm" in run("doctor", sound, "-v").out


# -- completion


def completed(line: str) -> list[str]:
    """Return what the shell would offer at the end of a line."""
    words = line.split(" ")
    done = subprocess.run(
        [sys.executable, "-m", "sfcred"],
        env={
            **os.environ,
            "_SFCRED_COMPLETE": "bash_complete",
            "COMP_WORDS": line,
            "COMP_CWORD": str(len(words) - 1),
        },
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stderr == ""
    return [entry.partition(",")[2] for entry in done.stdout.split()]


def test_what_is_completed(project: Project) -> None:
    project.credential("profiles: {uat: {}, production: {}}\n", name="credentials/acme.yaml")
    assert completed("sfcred do") == ["doctor"]
    assert "--write-baseline" in completed("sfcred doctor --w")
    assert completed("sfcred doctor --profile p") == ["production"]
    assert completed("sfcred guide ac") == ["acme-crm"]
    assert completed("sfcred explain SFC10")[:2] == ["SFC101", "SFC102"]
    assert completed("sfcred explain not-an") == ["not-an-authority"]
    assert completed("sfcred doctor --select SFC104,SFC41")[0] == "SFC104,SFC410"
    assert completed("sfcred doctor --color a") == ["auto", "always"]


def test_what_powershell_s_script_gets(project: Project) -> None:
    """Lines of type, word and help, from words that come one per line."""
    project.credential(name="credentials/acme.yaml")

    def told(*words: str, word: str) -> list[list[str]]:
        own = {
            "_SFCRED_COMPLETE": "powershell_complete",
            "COMP_WORDS": "\n".join(words),
            "COMP_CWORD": word,
        }
        done = subprocess.run(
            [sys.executable, "-m", "sfcred"],
            env={**os.environ, **own},
            capture_output=True,
            check=True,
        )
        return [line.split("\t") for line in done.stdout.decode().splitlines()]

    assert told("sfcred", word="do") == [
        ["plain", "doctor", "Find mistakes in specs, offline or live."]
    ]
    assert next(word for _, word, _ in told("sfcred", "guide", word="")) == "acme-crm"
    lists = told("sfcred", "doctor", "--select", word="SFC104,SFC41")
    assert lists[0][1] == "'SFC104,SFC410'"  # without quotes, PowerShell would make an array of it
    assert all(len(line) == 3 and line[2] for line in lists)
    assert told("sfcred", "doctor", word="cred")[0][0] in ("file", "dir")


def test_powershell_7_by_the_name_of_its_program(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = run("completion", "powershell").out
    assert run("completion", "pwsh").out == run("completion", "PowerShell").out == wanted
    monkeypatch.setenv("SHELL", "/usr/bin/pwsh")
    assert run("completion").out == wanted


def test_completion_without_a_project_is_empty() -> None:
    assert completed("sfcred guide a") == []
    Path("credentials").mkdir()
    Path("credentials/a.yaml").write_text("[", encoding="utf-8")
    assert completed("sfcred doctor --profile x") == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_completion_scripts_are_ones(run: Run, shell: str) -> None:
    done = run("completion", shell)
    assert done.status == 0
    assert "_SFCRED_COMPLETE" in done.out
    program = shutil.which(shell)
    if program and shell != "powershell":
        subprocess.run([program, "-n"], input=done.out, encoding="utf-8", check=True)


@needs_terminal
def test_bash_completes_for_real(project: Project, run: Run) -> None:
    project.credential(name="credentials/acme.yaml")
    Path("script").write_text(run("completion", "bash").out, encoding="utf-8")
    folder = str(Path(sys.executable).parent)
    shell = pexpect.spawn("bash --norc --noprofile", env={**os.environ, "PATH": f"{folder}:{os.environ['PATH']}", "TERM": "dumb", "PS1": "> "}, encoding="utf-8")  # fmt: skip
    shell.sendline("source ./script")
    shell.send("sfcred guide ac\t")
    shell.expect("sfcred guide acme-crm", timeout=10)
    shell.close(force=True)


def test_the_shell_is_the_one_in_use(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHELL", "/usr/bin/zsh")
    assert "#compdef sfcred" in run("completion").out
    monkeypatch.setenv("SHELL", "/bin/tcsh")
    done = run("completion")
    assert (done.status, "Choose one of bash" in done.err) == (2, True)


# -- help


def examples(name: str) -> list[str]:
    """Yield the command lines in a command's help."""
    help_text = group.get_command(click.Context(group), name).help or ""  # type: ignore[union-attr]
    joined = help_text.replace("\\\n", "")
    return [line.strip() for line in joined.splitlines() if line.strip().startswith("sfcred ")]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_s_help_has_examples(name: str) -> None:
    assert examples(name)


@pytest.mark.parametrize("line", [line for name in COMMANDS for line in examples(name)])
def test_the_examples_in_the_help_are_well_formed(line: str) -> None:
    import shlex

    line = re.sub(r"\s[>|]\s.*", "", line)
    _program, name, *arguments = shlex.split(line)
    command = group.get_command(click.Context(group), name)
    assert command is not None
    parent = click.Context(group, **group.context_settings)
    command.make_context(name, arguments, parent)  # raises UsageError for anything unknown


# These need an org, an n8n or a person. Other tests cover them.
_ELSEWHERE = ("--live", "--local-org", "--n8n ", "sfcred local-org", "sfcred login", "sfcred push")
_ALONE = [
    line
    for name in COMMANDS
    for line in examples(name)
    if line != "sfcred init" and not any(mark in line for mark in _ELSEWHERE)
]
_EXPORT = {
    "id": "acmeCrm000000001",
    "name": "Other CRM",
    "type": "salesforceOAuth2Api",
    "data": {"clientId": "3MVG9x", "clientSecret": "0" * 64, "environment": "production"},
}


@pytest.mark.parametrize("line", _ALONE)
def test_the_examples_in_the_help_run(line: str, project: Project, run: Run) -> None:
    """In a project of the kind that they are about."""
    import shlex

    fragment = "app: {scopes: [api, refresh_token]}\n"
    if "--profile" in line:
        fragment += "profiles: {production: {}}\n"
    base = "oauth2" if "n8n-overwrite" in line else "jwt"
    if not line.startswith("sfcred init"):
        project.credential(fragment, base, "credentials/acme.yaml")
    if not line.startswith("sfcred keygen") or "--rotate" in line or "--repair" in line:
        project.material("credentials/acme.key", "rsa-2048")
        project.material("credentials/acme.crt", "certificate")
    Path("export.json").write_text(json.dumps([_EXPORT]), encoding="utf-8")
    write(Path("workflows/lead.json"), workflow(node()))
    Path("rendered").mkdir()
    project.monkeypatch.setenv("N8N_ENCRYPTION_KEY", "x" * 32)
    if "--check" in line or "--over" in line:
        assert run("app", "-o", "salesforce").status == 0
    _program, *arguments = shlex.split(re.sub(r"\s[>|]\s.*", "", line))
    done = run(*arguments)
    assert done.status in (0, 1), done
    assert "sfcred:" not in done.err


def test_options_that_would_be_dropped_in_silence(project: Project, run: Run) -> None:
    project.spec("", "sfcred.toml")
    project.credential("{}\n", "jwt", "credentials/acme.yaml")
    for options in (
        ["--fix", "--dry-run", "--write-baseline"],
        ["--fix", "--dry-run", "--live"],
        ["--fix", "--dry-run", "-o", "x.txt"],
        ["--diff", "-o", "x.txt"],
    ):
        done = run("doctor", *options)
        assert done.status == 2, done
        assert "--dry-run only shows" in done.err
    done = run("doctor", "--write-baseline", "--select", "SFC5")
    assert done.status == 2
    assert not Path("sfcred-baseline.json").exists()


def test_a_correction_is_reported_as_it_is_now(project: Project, run: Run) -> None:
    """Files that are kept for a profile are read again after --fix."""
    text = "my_domain: HTTPS://acme--uat.sandbox.my.salesforce.com/\nprofiles: {uat: {}}\n"
    spec = project.credential(text)
    assert run("doctor", spec, "--profile", "uat").status == 1
    done = run("doctor", spec, "--profile", "uat", "--fix")
    assert done.status == 0, done


@pytest.mark.parametrize(
    ("given", "meant"), [("check", "doctor"), ("auth", "login"), ("version", "--version")]
)
def test_a_command_by_the_name_that_other_tools_give_it(run: Run, given: str, meant: str) -> None:
    done = run(given, "x")
    assert done.status == 2
    assert f"No such command '{given}'. Did you mean '{meant}'?" in done.err


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (
            ["--live", "doctor"],
            "No such option '--live'. Write it after the command: `sfcred doctor --live`.",
        ),
        (["-q", "doctor"], "`sfcred doctor -q`."),
        (["--profile=uat", "local-org"], "`sfcred local-org --profile`."),
        (["doctor", "-live"], "No such option '-l'. Did you mean '--live'?"),
        (["doctor", "-profile=uat"], "Did you mean '--profile'?"),
        (["-help"], "Did you mean '--help'?"),
        (["doctor", "-help"], "Did you mean '--help'?"),
        (["doctor", "-xyz"], "No such option '-x'.\n"),
        (["--secret", "doctor"], "No such option '--secret'.\n"),
        (
            ["doctor", "\u2014live"],
            "\u2014live begins with a typographic dash\nhint: Write `--live`.\n",
        ),
        (["doctor", "\u2013\u2013profile=uat"], "hint: Write `--profile`.\n"),
        (["doctor", "\u2013q"], "hint: Write `-q`.\n"),
        (["doctor", "\u2013hunter2"], "\u2013hunter2: no such file or folder"),
    ],
)
def test_an_option_that_was_meant(run: Run, given: list[str], told: str) -> None:
    done = run(*given)
    assert done.status == 2
    assert told in done.err
