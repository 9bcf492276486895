"""What runs elsewhere: the action, the workflows, the hooks and the CI examples."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from scripts.generate import ROOT
from sfcred.cli import group
from sfcred.doctor import unknown_selectors
from sfcred.init.ci_files import hook_text, job_for, workflow_text
from sfcred.installed import Installation
from tests.conftest import Outcome
from tests.helpers.ci_files import (
    ACTION,
    CI,
    HOOKS,
    WORKFLOWS,
    DoctorStep,
    commands_in,
    is_pin,
    load,
    scripts,
)
from tests.helpers.project import CONSUMER_KEY, CONSUMER_SECRET, Project
from tests.helpers.systems import needs_posix

Run = Callable[..., Outcome]
PROGRAMS = Path(sys.executable).parent
#: What init writes where sfcred is installed from an index.
RELEASE = job_for(ROOT / "credentials", ROOT, ROOT, Installation("", None, "pip"))


@pytest.fixture
def started(run: Run) -> Path:
    """A project as `sfcred init` writes it."""
    flow = ("--my-domain", "https://acme--uat.sandbox.my.salesforce.com")
    user = ("--username", "n8n@acme.com.uat", "--contact-email", "crm@acme.com")
    n8n = ("--n8n-url", "https://n8n.acme.com", "--n8n-version", "2.40.5")
    assert run("init", "acme-crm", *flow, *user, *n8n).status == 0
    return Path.cwd()


# -- what other tools report


def tell(*command: str | Path) -> None:
    done = subprocess.run(
        [str(c) for c in command], capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_zizmor_finds_nothing(started: Path) -> None:
    """With the strictest settings. To prove that zizmor reads the files, a bad one is included."""
    zizmor = (PROGRAMS / "zizmor", "--offline", "--no-progress", "--persona", "auditor")
    dependabot = ROOT / ".github/dependabot.yml"
    tell(*zizmor, ACTION, dependabot, *WORKFLOWS, started / ".github/workflows/sfcred.yml")
    bad = started / "bad.yml"
    bad.write_text(
        WORKFLOWS[0]
        .read_text(encoding="utf-8")
        .replace("persist-credentials: false", "fetch-depth: 1"),
        encoding="utf-8",
    )
    done = subprocess.run([*zizmor, bad], capture_output=True, check=False)
    assert done.returncode != 0


def test_the_platforms_own_schemas_take_the_files(started: Path) -> None:
    check = PROGRAMS / "check-jsonschema"
    own = started / ".github/workflows/sfcred.yml"
    tell(check, "--builtin-schema", "vendor.github-actions", ACTION)
    tell(check, "--builtin-schema", "vendor.github-workflows", *WORKFLOWS, own)
    gitlab = ("--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci")
    tell(check, *gitlab, CI / "gitlab-ci.yml")


# -- what they contain


def every_use() -> Iterator[tuple[str, str]]:
    """Yield the file and the rest of the line of each `uses:`."""
    files = (ACTION, *WORKFLOWS, *ROOT.glob("docs/**/*.md"))
    texts = {path.name: path.read_text(encoding="utf-8") for path in files}
    texts["init"] = workflow_text(RELEASE)
    for name, text in texts.items():
        for rest in re.findall(r"(?m)^ *(?:- )?uses: (.*)", text):
            yield name, rest


def test_every_action_is_pinned_by_commit_and_names_its_version() -> None:
    pins: dict[str, set[str]] = {}
    for name, rest in every_use():
        if rest.startswith("./"):
            continue
        match = re.fullmatch(r"([\w./-]+)@([0-9a-f]{40}) # v\d+\.\d+\.\d+", rest)
        assert match, (name, rest)
        pins.setdefault(match[1], set()).add(rest)
    assert {action for action, rests in pins.items() if len(rests) > 1} == set()
    assert set(pins) == {
        "actions/attest-build-provenance", "actions/checkout", "actions/download-artifact",
        "actions/setup-python", "actions/upload-artifact", "github/codeql-action/upload-sarif",
        "pypa/gh-action-pypi-publish", "sfcred/sfcred",
    }  # fmt: skip


def test_the_project_s_address_is_written_in_one_way() -> None:
    """After a release, by its commit: see docs/releasing.md."""
    found: set[str] = set()
    for path in (*CI.iterdir(), ROOT / "docs/ci.md"):
        found.update(re.findall(r"sfcred/sfcred@\S+(?: # [\w.]+)?", path.read_text("utf-8")))
    (use,) = found
    match = re.fullmatch(r"sfcred/sfcred@([0-9a-f]{40}) # v([\d.]+)", use)
    assert match
    assert is_pin(*match.groups())


def test_no_script_of_the_action_has_an_expression() -> None:
    found = scripts(load(ACTION))
    assert len(found) == 2
    assert not any("${{" in script for script in found)


def test_every_input_of_the_action_arrives() -> None:
    action = load(ACTION)
    text = ACTION.read_text(encoding="utf-8")
    for name in action["inputs"]:
        assert f"inputs.{name} " in text.replace("}}", " ").replace("'", " "), name
    (doctor,) = [s for s in action["runs"]["steps"] if s.get("id") == "doctor"]
    for variable, expression in doctor["env"].items():
        name = variable.removeprefix("INPUT_").replace("_", "-").lower()
        assert expression == f"${{{{ inputs.{name} }}}}"
        assert f"${variable}" in doctor["run"] or f"${{{variable}" in doctor["run"], variable


def test_live_checks_never_see_what_a_stranger_wrote() -> None:
    live = [path for path in WORKFLOWS if "live:" in path.read_text(encoding="utf-8")]
    assert live
    for path in live:
        workflow = load(path)
        events = set(workflow[True])
        assert events == {"push", "schedule", "workflow_dispatch"}, path
        for job in workflow["jobs"].values():
            assert job["environment"]
            assert job["if"] == "github.ref == 'refs/heads/main'"
            given = [step["with"] for step in job["steps"] if "live" in step.get("with", {})]
            assert all(inputs["org-hosts"] for inputs in given)
    for path in WORKFLOWS:
        assert "pull_request_target" not in load(path)[True]
    (rule,) = load(CI / "gitlab-ci.yml")["sfcred-live"]["rules"]
    assert '$CI_COMMIT_REF_PROTECTED == "true"' in rule["if"]
    assert "merge_request" not in rule["if"]
    assert load(CI / "gitlab-ci.yml")["sfcred-live"]["variables"]["SFCRED_ORG_HOSTS"]


def every_command() -> Iterator[tuple[str, list[str]]]:
    """Yield each `sfcred …` in the files and in docs/ci.md, with the file's name."""
    named = {
        path.name: path for path in (HOOKS, ROOT / "docs/ci.md", *CI.glob("*.yml"), *WORKFLOWS)
    }
    for name, path in named.items():
        for command in commands_in(path.read_text(encoding="utf-8")):
            yield name, command
    for text in (workflow_text(RELEASE), hook_text(RELEASE)):
        for command in commands_in(text):
            yield "init", command


def test_commands_are_found_wherever_they_stand() -> None:
    names = {name for name, _command in every_command()}
    assert names == {".pre-commit-hooks.yaml", "ci.md", "gitlab-ci.yml", "init"}


@pytest.mark.parametrize(
    ("name", "command"),
    list(every_command()),
    ids=lambda part: part if isinstance(part, str) else "",
)
def test_every_command_line_is_one_that_sfcred_takes(name: str, command: list[str]) -> None:
    # With the group's settings: a command keeps its help option, which the docs are generated from.
    context = click.Context(group, **group.context_settings)
    _name, found, rest = group.resolve_command(context, list(command))
    assert found is not None
    options = found.make_context(command[0], rest, parent=context).params
    for option in ("select", "ignore"):
        ids = tuple(part for value in options.get(option, ()) for part in value.split(","))
        assert not unknown_selectors(ids), (name, command)


def test_workflows_that_use_the_action_give_it_inputs_that_it_has() -> None:
    known = load(ACTION)["inputs"]
    used = [
        step.get("with", {})
        for path in WORKFLOWS
        for job in load(path)["jobs"].values()
        for step in job["steps"]
        if step.get("uses", "").startswith(("./", "sfcred/"))
    ]
    assert len(used) >= 5
    for given in used:
        assert set(given) <= set(known)
        assert not unknown_selectors(tuple(given.get("select", "SFC4").split(",")))


def test_the_hooks_are_the_ones_that_are_documented() -> None:
    hooks = {hook["id"]: hook for hook in load(HOOKS)}
    assert list(hooks) == ["sfcred-validate", "sfcred-doctor"]
    assert all(hook["pass_filenames"] is False for hook in hooks.values())
    page = (ROOT / "docs/ci.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in page for name in hooks)


def test_init_s_hook_starts_on_the_same_changes() -> None:
    (hook,) = yaml.safe_load(hook_text(RELEASE))["repos"][0]["hooks"]
    (own,) = [hook for hook in load(HOOKS) if hook["id"] == "sfcred-doctor"]
    for field in ("id", "name", "entry", "language", "files", "pass_filenames"):
        assert hook[field] == own[field]


@pytest.mark.parametrize(
    ("path", "starts"),
    [
        ("credentials/acme.yaml", True),
        ("credentials/crm/acme.yml", True),
        ("teams/crm/credentials/acme.yaml", True),
        ("sfcred.toml", True),
        ("deploy/values.yaml", False),
        ("my-credentials/acme.yaml", False),
        ("credentials/README.md", False),
    ],
)
def test_which_changes_start_the_hooks(path: str, starts: bool) -> None:
    for hook in load(HOOKS):
        assert (re.search(hook["files"], path) is not None) is starts


# -- the action's own step, run like GitHub's runner runs it

LIGHTNING = "my_domain: https://acme--uat.sandbox.lightning.force.com\n"


@pytest.fixture
def step(tmp_path: Path) -> DoctorStep:
    return DoctorStep(tmp_path / "runner temp")


def sarif_of(path: str) -> Any:
    import json

    return json.loads(Path(path).read_text(encoding="utf-8"))


def test_the_action_passes_what_is_good(step: DoctorStep, project: Project) -> None:
    project.credential(name="credentials/acme.yaml")
    project.material("credentials/acme.key", "rsa-2048")
    project.material("credentials/acme.crt", "certificate")
    done = step.run()
    assert done.status == 0, done
    assert "::error" not in done.out
    assert "1 credential in 1 file: 0 errors" in done.out
    outputs = step.outputs()
    assert outputs["exit-status"] == "0"
    assert sarif_of(outputs["sarif-file"])["runs"][0]["results"] == []


def test_the_action_fails_with_annotations_and_sarif(step: DoctorStep, project: Project) -> None:
    project.credential(LIGHTNING, name="credentials/acme.yaml")
    done = step.run(sarif_file="reports here.sarif")
    assert done.status == 1, done
    assert re.search(
        r"^::error file=credentials/acme.yaml,line=4,col=12,title=SFC104", done.out, re.MULTILINE
    )
    # The report for the log, in a separate group.
    group_ = done.out.partition("::group::")[2]
    assert "credentials/acme.yaml:4:12: error SFC104" in group_
    assert done.out.rstrip().endswith("::endgroup::")
    assert step.outputs() == {"exit-status": "1", "sarif-file": "reports here.sarif"}
    results = sarif_of("reports here.sarif")["runs"][0]["results"]
    assert "SFC104" in {result["ruleId"] for result in results}
    assert CONSUMER_KEY not in done.out + done.err


def test_the_action_s_inputs_reach_doctor(step: DoctorStep, project: Project) -> None:
    project.credential(
        "profiles: {uat: {}, production: {environment: production}}\n", name="a b/x.yaml"
    )
    project.credential(LIGHTNING, name="other.yaml")
    project.credential(name="-o.yaml")
    done = step.run(
        paths="a b/x.yaml\nother.yaml\n\n", profile="uat", select="SFC1", args="--verbose\n"
    )
    assert done.status == 1, done
    assert "SFC104" in done.out
    assert "SFC103" not in done.out  # production's
    assert step.run(paths="other.yaml", ignore="SFC104,SFC103", select="SFC10").status == 0
    project.monkeypatch.delenv("ACME_CLIENT_ID")
    only = {"paths": "-o.yaml", "select": "SFC005"}
    assert step.run(**only).status == 0
    assert step.run(**only, fail_on="warning").status == 1
    assert step.run(**only, require_secrets="true").status == 1


def test_no_input_of_the_action_becomes_code(step: DoctorStep, project: Project) -> None:
    project.credential("profiles: {uat: {}}\n", name="acme.yaml")
    before = sorted(Path.cwd().iterdir())
    attacks = ("$(touch owned)", "`touch owned`", '"; touch owned; "', "x\ntouch owned", "--help")
    inputs = ("profile", "select", "ignore", "fail_on", "paths")
    for name, attack in [*zip(inputs, attacks, strict=True), ("paths", attacks[0])]:
        done = step.run(**{"paths": "acme.yaml", name: attack})
        assert done.status == 2, (name, attack, done)
        assert "sarif-file" not in step.outputs()
    assert sorted(Path.cwd().iterdir()) == before


def test_the_action_refuses_what_it_would_misread(step: DoctorStep, project: Project) -> None:
    project.credential(name="acme.yaml")
    for name in ("live", "require_secrets"):
        done = step.run(**{name: "yes"})
        assert done.status == 2
        assert (
            f"::error title=sfcred::the input {name.replace('_', '-')} must be true or false"
            in done.out
        )


@pytest.mark.parametrize(
    "inputs",
    [{"live": "true"}, {"args": "--jobs=2\n--live\n"}, {"args": "--local-org=http://127.0.0.1:1"}],
)
def test_the_action_refuses_live_checks_of_strangers_specs(
    step: DoctorStep, project: Project, inputs: dict[str, str]
) -> None:
    project.credential(name="acme.yaml")
    done = step.run(event="pull_request_target", paths="acme.yaml", **inputs)
    assert done.status == 2
    assert "doesn't run on pull_request_target" in done.out
    assert step.outputs() == {}


def test_the_action_logs_in_only_when_asked(step: DoctorStep, project: Project) -> None:
    """To a port that nothing listens on: a login attempt exits with 4, and no attempt with 0."""
    project.credential(name="acme.yaml")
    local = {
        "args": "--local-org=http://127.0.0.1:9",
        "org_hosts": "acme--uat.sandbox.my.salesforce.com",
    }
    assert step.run(paths="acme.yaml").status == 0
    done = step.run(paths="acme.yaml", **local)
    assert done.status == 4, done
    assert step.outputs()["exit-status"] == "4"


def test_the_certificates_need_no_secret(step: DoctorStep, project: Project) -> None:
    """With the inputs of the weekly workflow, and without the key and the variables."""
    (job,) = load(CI / "github-certificates.yml")["jobs"].values()
    given = {name.replace("-", "_"): value for name, value in job["steps"][-1]["with"].items()}
    project.credential(name="acme.yaml")
    Path("acme.key").unlink()
    project.monkeypatch.delenv("ACME_CLIENT_ID")
    assert step.run(paths="acme.yaml", **given).status == 0
    project.material("acme.crt", "certificate-expiring")
    done = step.run(paths="acme.yaml", **given)
    assert done.status == 1, done
    assert "SFC410" in done.out
    project.material("acme.crt", "certificate-expired")
    assert "SFC409" in step.run(paths="acme.yaml", **given).out


@needs_posix
def test_the_live_workflow_puts_the_key_where_doctor_takes_it(project: Project, run: Run) -> None:
    (job,) = load(CI / "github-live.yml")["jobs"].values()
    (script,) = [step["run"] for step in job["steps"] if "run" in step]
    # GitHub passes a secret without its last line break.
    environ = {**os.environ, "PRIVATE_KEY": project.workshop.text("rsa-2048").rstrip("\n")}
    subprocess.run(["bash", "-e", "-o", "pipefail", "-c", script], env=environ, check=True)
    key = "jwt: {private_key: {file: secrets/acme-crm.key}}\n"
    done = run("doctor", project.credential(key), "--require-secrets", "--fail-on", "warning")
    assert done.status == 0, done


def test_gitlab_collects_what_its_job_writes(project: Project, run: Run) -> None:
    project.credential(LIGHTNING, name="credentials/acme.yaml")
    job = load(CI / "gitlab-ci.yml")["sfcred"]
    (line,) = job["script"]
    (command,) = commands_in(line)
    assert run(*command).status == 1
    for report in job["artifacts"]["reports"].values():
        assert "SFC104" in Path(report).read_text(encoding="utf-8")


def test_no_secret_leaves_the_action(step: DoctorStep, project: Project) -> None:
    project.credential(
        "oauth2: {client_secret: " + CONSUMER_SECRET + "}\n", base="oauth2", name="acme.yaml"
    )
    done = step.run(paths="acme.yaml", sarif_file="out.sarif")
    assert done.status == 1
    assert "SFC004" in done.out
    assert CONSUMER_SECRET not in done.out + done.err + Path("out.sarif").read_text(
        encoding="utf-8"
    )
