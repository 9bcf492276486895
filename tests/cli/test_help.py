"""`sfcred help`, suggestions for typos, and `sfcred explain` for fields of the spec."""

import re
from collections.abc import Callable

import click
import pytest

from scripts.generate import DOCS
from sfcred.cli import group
from sfcred.cli.grouped import PURPOSES
from sfcred.report.field_pages import field_names
from tests.conftest import Outcome

Run = Callable[..., Outcome]
COMMANDS = group.list_commands(click.Context(group))


def words(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("command", COMMANDS)
def test_help_is_the_option_help(run: Run, command: str) -> None:
    done = run("help", command)
    assert (done.status, done.err) == (0, "")
    assert done.out == run(command, "--help").out
    assert done.out.startswith(f"Usage: sfcred {command} ")


def test_each_option_of_doctor_is_in_a_group(run: Run) -> None:
    out = run("help", "doctor").out
    titles = re.findall(r"(?m)^(\w+):$", out)
    assert titles == ["Scope", "Report", "Live", "Ignore", "Fix", "Other"]
    others = re.findall(r"(?m)^  (?:-\w, )?(--[\w-]+)", out.partition("\nOther:\n")[2])
    assert others == ["--help"]
    listed = out.partition("\nScope:\n")[2]
    command = group.get_command(click.Context(group), "doctor")
    assert command is not None
    shown = [one for one in command.params if isinstance(one, click.Option) and not one.hidden]
    for option in shown:
        assert len(re.findall(rf"(?m)^  (?:-\w, )?{option.opts[-1]}(?: |$)", listed)) == 1
    assert "--diff" not in out


def test_help_alone_is_sfcred_s(run: Run) -> None:
    assert run("help").out == run("--help").out
    assert f"\n  {COMMANDS[0]} " in run("help").out


@pytest.mark.parametrize(
    ("arguments", "meant"),
    [
        (("doctr",), "doctor"),
        (("help", "rendr"), "render"),
        (("lst",), "list"),
        (("local_org",), "local-org"),
        (("doctor", "--requre-secrets"), "--require-secrets"),
        (("push", "--dryrun"), "--dry-run"),
        (("explain", "scops"), "app.scopes"),
        (("explain", "app.scope"), "app.scopes"),
        (("explain", "http-requests"), "n8n.http_request"),
        (("explain", "secret-unavailible"), "secret-unavailable"),
    ],
)
def test_a_typo_leads_to_what_is_meant(run: Run, arguments: tuple[str, ...], meant: str) -> None:
    done = run(*arguments)
    assert done.status == 2
    assert "Did you mean" in done.err
    assert meant in done.err


@pytest.mark.parametrize("field", field_names())
def test_a_field_s_explanation_is_that_of_the_reference(run: Run, field: str) -> None:
    """The page and the command have one source: what one says, the other says."""
    page = (DOCS / "spec.md").read_text(encoding="utf-8")
    part = page.partition(f"\n### {field}\n")[2].partition("\n### ")[0].partition("\n## ")[0]
    description, kind = part.strip().split("\n\n")[0], part.partition("- Type: ")[2].split("\n")[0]
    out = run("explain", field).out
    assert words(description) in words(out)
    assert kind.replace("a [reference](#secret-references)", "a reference") in words(out)
    for example in part.split("```yaml\n")[1:]:
        assert example.partition("```")[0] in out


def test_a_field_is_found_by_its_name_where_only_one_has_it(run: Run) -> None:
    assert run("explain", "scopes").out == run("explain", "app.scopes").out
    assert run("explain", "profiles.uat.app.scopes").out == run("explain", "app.scopes").out
    done = run("explain", "client_secret")
    assert done.status == 2
    assert "oauth2.client_secret" in done.err
    assert "client_credentials.client_secret" in done.err


def test_a_section_lists_its_fields(run: Run) -> None:
    out = run("explain", "n8n").out
    assert "\nn8n.version: " in out
    assert "\nn8n.http_request: " in out


def test_what_is_neither_is_an_error(run: Run) -> None:
    done = run("explain", "zzzzzzzzzzzzz")
    assert done.status == 2
    assert "there is no check and no field zzzzzzzzzzzzz" in done.err
    assert "Did you mean" not in done.err


@pytest.mark.parametrize(
    "text",
    [
        '{"client_secret":"0123ABCD9f8e7d6c5b4a","error":"x"}',
        "password=Hunter2canary9 invalid_grant",
        "invalid_grant: Hunter2canary9",
        "Hunter2canary9",
    ],
)
def test_an_error_text_without_the_option_is_not_repeated(run: Run, text: str) -> None:
    done = run("explain", text)
    assert done.status == 2
    assert "`sfcred explain --error -`" in done.err
    assert not re.search("0123|Hunter2", done.out + done.err)


def test_the_commands_are_listed_by_purpose_each_once(run: Run) -> None:
    out = run("help").out
    listed = re.findall(r"(?m)^  ([a-z][a-z-]*)  +[A-Z]", out)
    assert sorted(listed) == COMMANDS
    assert listed[0] == "init"
    for title in PURPOSES:
        assert f"\n{title.capitalize()}:\n" in out
    assert "Other:" not in out
