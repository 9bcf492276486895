"""What specs, paths and the baseline leave out, and which ignores are unused."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Outcome
from tests.helpers.project import Project

Run = Callable[..., Outcome]

FULL = "app: {label: Full, scopes: [full, refresh_token]}\n"  # SFC206
LIGHTNING = "my_domain: https://acme--uat.sandbox.lightning.force.com\n"  # SFC104
BY_PATH = '[path_ignores."credentials/old/"]\nSFC206 = "the old app goes in May"\n'


def findings(run: Run, *arguments: str | Path) -> list[str]:
    done = run("doctor", *arguments, "--format", "json")
    return [f"{Path(f['file']).name}:{f['line']} {f['check']}" for f in json.loads(done.out)["findings"]]  # fmt: skip


def summary(run: Run, *arguments: str | Path) -> dict[str, int]:
    done = run("doctor", *arguments, "--format", "json")
    found: dict[str, int] = json.loads(done.out)["summary"]
    return found


def other(project: Project, fragment: str, name: str) -> Path:
    head = f"name: {Path(name).stem}\nn8n: {{id: {Path(name).stem}}}\n"
    folder = Path(name).parent
    for file in ("acme.key", "acme.crt"):
        project.material(str(folder / file), {"acme.key": "rsa-2048"}.get(file, "certificate"))
    return project.credential(head + fragment, name=name)


def test_for_paths(project: Project, run: Run) -> None:
    Path("sfcred.toml").write_text(BY_PATH, encoding="utf-8")
    other(project, FULL, "credentials/old/a.yaml")
    other(project, FULL, "credentials/new/b.yaml")
    assert findings(run) == ["b.yaml:18 SFC206"]
    assert summary(run)["ignored"] == 1
    assert len(findings(run, "--no-ignores")) == 2
    # Wherever sfcred is started, and whichever files are named.
    project.monkeypatch.chdir("credentials")
    assert findings(run, "old") == []
    assert findings(run) == ["b.yaml:18 SFC206"]


def test_a_pattern_that_fits_nothing_is_told(project: Project, run: Run) -> None:
    Path("sfcred.toml").write_text("# the configuration\n" + BY_PATH, encoding="utf-8")
    other(project, FULL, "credentials/b.yaml")
    assert findings(run) == ["b.yaml:18 SFC206", "sfcred.toml:3 SFC012"]
    assert findings(run, "credentials/b.yaml") == ["b.yaml:18 SFC206"], "not the whole project"
    message = run("doctor").out
    assert "SFC206 for credentials/old/ is ignored here, but the check finds nothing" in message


@pytest.mark.parametrize(
    ("ignored", "told"),
    [
        ("SFC305", True),
        ("SFC999", True),  # there is no such check
        ("SFC002", True),  # can't be left out
        ("SFC410", False),  # it can appear tomorrow
        ("SFC005", False),  # it can appear elsewhere
        ("SFC903", False),  # only an org can tell
        ("SFC006", False),  # only the whole project can tell
    ],
)
def test_an_ignore_of_no_use(project: Project, run: Run, ignored: str, told: bool) -> None:
    spec = project.credential(f"doctor: {{ignore: {{{ignored}: 'a reason'}}}}\n")
    assert [one.split()[1] for one in findings(run, spec)] == ["SFC012"] * told


def test_what_could_not_be_checked_is_not_judged(project: Project, run: Run) -> None:
    spec = project.credential(
        "doctor: {ignore: {SFC405: 'old', SFC012: 'x'}}\njwt: {private_key: {env: GONE}}\n"
    )
    assert "SFC012" not in " ".join(findings(run, spec))
    assert findings(run, spec, "--select", "SFC1") == []


def test_an_ignore_for_one_profile(project: Project, run: Run) -> None:
    spec = project.credential(
        "profiles:\n  a: {app: {label: a, scopes: [full, refresh_token]}}\n  b: {n8n: {id: b}}\n"
        "doctor: {ignore: {SFC206: 'needed'}}\n"
    )
    assert findings(run, spec) == []
    assert findings(run, spec, "--profile", "b") == []


def test_an_ignore_of_no_use_may_be_ignored(project: Project, run: Run) -> None:
    spec = project.credential("doctor: {ignore: {SFC305: 'later', SFC012: 'as I said'}}\n")
    assert findings(run, spec) == []


def test_the_baseline(project: Project, run: Run) -> None:
    Path("sfcred.toml").touch()  # the project's root
    spec = other(project, FULL, "credentials/a.yaml")
    other(project, LIGHTNING, "credentials/b.yaml")
    assert run("doctor").status == 1
    done = run("doctor", "--write-baseline")
    assert done.status == 0
    assert "wrote 2 findings to sfcred-baseline.json" in done.err
    assert "2 in the baseline" in done.out
    assert re.findall(r"(?m)^ok +(\w)", done.out) == ["a", "b"]
    text = Path("sfcred-baseline.json").read_text(encoding="utf-8")
    assert findings(run) == []
    # With one more line above, and started in another folder: the same findings.
    spec.write_text("# moved\n" + spec.read_text(encoding="utf-8"), encoding="utf-8")
    project.monkeypatch.chdir("credentials")
    assert findings(run, "a.yaml") == []
    assert len(findings(run, "a.yaml", "--no-ignores")) == 1
    project.monkeypatch.chdir("..")
    # New findings are reported, and so are baseline entries that no longer occur.
    other(project, FULL, "credentials/c.yaml")
    spec.write_text(spec.read_text(encoding="utf-8").replace("- full", "- api"), encoding="utf-8")
    spec.write_text(spec.read_text(encoding="utf-8").replace("Full", "Another"), encoding="utf-8")
    assert findings(run) == ["c.yaml:18 SFC206", "sfcred-baseline.json:4 SFC012"]
    assert findings(run, "credentials/b.yaml") == []
    run("doctor", "--write-baseline")
    assert findings(run) == []
    assert Path("sfcred-baseline.json").read_text(encoding="utf-8") != text
    run("doctor", "--write-baseline")
    run("doctor", "--write-baseline", "--baseline", "b.json")
    assert Path("b.json").read_text(encoding="utf-8") == Path("sfcred-baseline.json").read_text(
        encoding="utf-8"
    )


def test_what_nothing_can_do_without_is_in_no_baseline(project: Project, run: Run) -> None:
    project.spec("version: 1\nnam: a\n", "credentials/a.yaml")
    done = run("doctor", "--write-baseline")
    assert done.status == 1
    assert "wrote 0 findings" in done.err
    assert "SFC002" in done.out


def test_secrets_in_git_are_in_no_baseline(project: Project, run: Run) -> None:
    project.credential("oauth2: {client_secret: in-git}\n", "oauth2", "credentials/a.yaml")
    done = run("doctor", "--write-baseline")
    assert "wrote 0 findings" in done.err
    assert "SFC004" in done.out


def test_what_is_no_baseline_is_not_replaced(project: Project, run: Run) -> None:
    Path("sfcred.toml").write_text('baseline = "../notes.txt"\n', encoding="utf-8")
    Path("../notes.txt").write_text("important\n", encoding="utf-8")
    other(project, FULL, "credentials/a.yaml")
    assert run("doctor", "--write-baseline").status == 2
    assert Path("../notes.txt").read_text(encoding="utf-8") == "important\n"


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[]", '{"baseline_version": 3, "findings": []}', "\x00", "x" * 100, "\ud800"],
)
def test_no_baseline(project: Project, run: Run, text: str) -> None:
    spec = project.credential()
    Path("b.json").write_bytes(text.encode("utf-8", "surrogatepass"))
    done = run("doctor", spec, "--baseline", "b.json")
    assert done.status == 2
    assert "b.json: not a baseline" in done.err
    assert run("doctor", spec, "--baseline", "c.json").status == 2


def test_a_baseline_is_of_the_whole_project(project: Project, run: Run) -> None:
    for arguments in ((str(project.credential()),), ("--profile", "a")):
        project.credential(name="credentials/a.yaml")
        done = run("doctor", "--write-baseline", *arguments)
        assert done.status == 2
        assert "whole project" in done.err
        assert not Path("sfcred-baseline.json").exists()


def test_sarif_says_who_left_it_out(project: Project, run: Run) -> None:
    Path("sfcred.toml").write_text(BY_PATH, encoding="utf-8")
    other(project, FULL, "credentials/old/a.yaml")
    other(project, LIGHTNING, "credentials/b.yaml")
    run("doctor", "--write-baseline")
    results = json.loads(run("doctor", "--format", "sarif").out)["runs"][0]["results"]
    assert [(r["ruleId"], r["suppressions"][0]["kind"]) for r in results] == [
        ("SFC206", "external"),
        ("SFC104", "external"),
    ]
    assert results[0]["suppressions"][0]["justification"] == "the old app goes in May"


def test_render_goes_by_the_same(project: Project, run: Run) -> None:
    Path("sfcred.toml").write_text('[path_ignores."*"]\nSFC503 = "a test"\n', encoding="utf-8")
    spec = project.credential("n8n: {id: an-id-that-is-too-long}\n")
    done = run("render", spec, "-o", "out.json", "--force")
    assert done.status == 0, done.err


@pytest.mark.parametrize("value", ['"x"', "{x = 3}", '{x = {SFC = "y"}}', '{x = {SFC206 = ""}}'])
def test_a_bad_table_is_one_message(project: Project, run: Run, value: str) -> None:
    Path("sfcred.toml").write_text(f"path_ignores = {value}\n", encoding="utf-8")
    done = run("doctor", project.credential())
    assert done.status == 2
    assert "path_ignores" in done.err


def test_an_ignore_is_not_called_unused_where_its_check_crashed(
    project: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_value: str) -> str:
        raise ZeroDivisionError

    spec = project.credential("doctor: {ignore: {SFC109: an old username}}\n")
    assert findings(run, spec) == ["acme.yaml:37 SFC012"]
    monkeypatch.setattr("sfcred.checks.offline.username_form._fault", broken)
    assert findings(run, spec) == []
    assert run("doctor", spec).status == 3


@pytest.mark.parametrize(
    ("spec", "profile", "left"),
    [
        ("SFC206: all", "SFC104: later", []),
        ("SFC206: all, SFC104: later", "{}", []),
        ("{}", "SFC206: all, SFC104: later", []),
        ("SFC206: all", "SFC206: here too, SFC104: later", []),
        ("SFC206: all", "{}", ["SFC104"]),
        ("{}", "SFC206: all", ["SFC104"]),
    ],
)
def test_a_profile_s_ignores_come_on_top_of_its_spec_s(
    project: Project, run: Run, spec: str, profile: str, left: list[str]
) -> None:
    own, below = (f"{{ignore: {{{text.replace('{}', '')}}}}}" for text in (profile, spec))
    path = project.credential(
        f"{FULL}{LIGHTNING}doctor: {below}\nprofiles: {{uat: {{doctor: {own}}}}}\n"
    )
    assert [line.split()[1] for line in findings(run, path)] == left
    assert summary(run, path)["ignored"] == 2 - len(left)
    assert len(findings(run, path, "--no-ignores")) == 2


def test_a_baseline_covers_all_checks_whatever_the_file_selects(project: Project, run: Run) -> None:
    other(project, FULL, "credentials/acme.yaml")
    Path("sfcred.toml").write_text('select = ["SFC4"]\n', encoding="utf-8")
    assert run("doctor", "--write-baseline").status == 0
    assert "SFC206" in Path("sfcred-baseline.json").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "`select` in sfcred.toml: no check matches SFC999"),
        ({"SFCRED_SELECT": "SFC998"}, "SFCRED_SELECT: no check matches SFC998"),
    ],
)
def test_an_unknown_selector_is_blamed_on_its_place(
    project: Project, run: Run, given: dict[str, str], words: str
) -> None:
    other(project, FULL, "credentials/acme.yaml")
    Path("sfcred.toml").write_text('select = ["SFC999"]\n', encoding="utf-8")
    for name, value in given.items():
        project.monkeypatch.setenv(name, value)
    done = run("doctor")
    assert done.status == 2
    assert words in done.err


@pytest.mark.parametrize(
    "command", [("push", "--n8n", "https://n8n.acme.com", "--dry-run"), ("app", "-o", "x")]
)
def test_files_that_are_no_specs_have_no_errors_either(
    project: Project, run: Run, command: tuple[str, ...]
) -> None:
    project.monkeypatch.setenv("N8N_API_KEY", "key")
    project.spec("services: {n8n: {image: n8nio/n8n}}\n", "credentials/docker-compose.yaml")
    Path("sfcred.toml").touch()
    done = run(*command)
    assert done.status == 4, done
    assert "no file here is a spec" in done.err
    assert "have errors" not in done.err
