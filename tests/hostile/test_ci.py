"""What runs in CI runs nothing that a pull request brings."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scripts.generate import ROOT
from sfcred.installed import Installation
from tests.conftest import Outcome
from tests.helpers.ci_files import ACTION, CI, HOOKS, DoctorStep, Runner, load
from tests.helpers.project import Project
from tests.hostile.checkout import Checkout

Run = Callable[..., Outcome]
PROGRAMS = Path(sys.executable).parent
#: pip must not find an index. Whatever matters here happens before it looks for one.
NO_INDEX = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "", "PIP_CONFIG_FILE": os.devnull}
SETTINGS = pytest.mark.parametrize("setting", ["plain", "variables"])


@pytest.fixture
def step(tmp_path: Path) -> DoctorStep:
    return DoctorStep(tmp_path / "runner temp")


@pytest.fixture
def checkout(project: Project, tmp_path: Path) -> Checkout:
    """A good project in the working folder, surrounded by hostile files."""
    project.credential(name="credentials/acme.yaml")
    project.material("credentials/acme.key", "rsa-2048")
    project.material("credentials/acme.crt", "certificate")
    return Checkout(Path.cwd(), tmp_path / "marker")


def started(command: list[str], environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, env={**os.environ, **environ}, capture_output=True, encoding="utf-8", check=False
    )


# -- the checkout's files


def test_the_checkout_is_hostile(checkout: Checkout) -> None:
    """Each way in works in an unprotected workflow. Otherwise, the tests below would prove nothing."""
    variables = checkout.variables()
    path = {"PATH": f"{PROGRAMS}:{os.environ['PATH']}"}
    ways: list[tuple[list[str], dict[str, str]]] = [
        ([sys.executable, "-m", "venv", "x"], {}),
        ([sys.executable, "-m", "pip", "--version"], {}),
        ([sys.executable, "-c", ""], {"PYTHONPATH": variables["PYTHONPATH"]}),
        (["/bin/bash", "-c", "true"], {"BASH_ENV": variables["BASH_ENV"]}),
        (["/bin/bash", "-c", "cat /dev/null"], {"PATH": variables["PATH"]}),
        (["/bin/bash", "-c", "cd /"], {**path, "BASH_FUNC_cd%%": variables["BASH_FUNC_cd%%"]}),
    ]
    for command, environ in ways:
        checkout.marker.unlink(missing_ok=True)
        started(command, environ)
        assert checkout.ran(), command


def test_the_action_s_installation_runs_nothing_of_the_checkout(
    checkout: Checkout, tmp_path: Path
) -> None:
    runner = Runner(tmp_path / "runner temp")
    own = {"INTERPRETER": sys.executable, **NO_INDEX}
    done = runner.run("Install sfcred", {**checkout.variables(), **own})
    assert checkout.ran() == ""
    # It got as far as pip, which has no index.
    assert "No matching distribution found" in done.err, done
    assert (runner.temporary / "sfcred/venv/pyvenv.cfg").exists()


@SETTINGS
def test_the_action_s_doctor_runs_nothing_of_the_checkout(
    checkout: Checkout, step: DoctorStep, setting: str
) -> None:
    if setting == "variables":
        step.environ = checkout.variables()
    done = step.run()
    assert checkout.ran() == ""
    assert done.status == 0, done
    assert "1 credential in 1 file: 0 errors" in done.out


def test_the_workflow_of_init_runs_nothing_of_the_checkout(
    run: Run, project: Project, tmp_path: Path
) -> None:
    released = Installation(address="", origin=None, manager="pip")
    project.monkeypatch.setattr("sfcred.init.ci_files.installation", lambda: released)
    flow = ("--flow", "oauth2", "--my-domain", "https://acme.my.salesforce.com")
    n8n = ("--n8n-url", "https://n8n.acme.com", "--n8n-version", "2.40.5")
    contact = ("--contact-email", "crm@acme.com")
    assert run("init", "acme-crm", *flow, *n8n, *contact).status == 0
    (job,) = load(Path(".github/workflows/sfcred.yml"))["jobs"].values()
    commands = [step["run"] for step in job["steps"] if "run" in step]
    project.monkeypatch.setenv("ACME_CRM_CLIENT_ID", os.environ["ACME_CLIENT_ID"])
    project.monkeypatch.setenv("ACME_CRM_CLIENT_SECRET", os.environ["ACME_CLIENT_SECRET"])
    checkout = Checkout(Path.cwd(), tmp_path / "marker")
    path = {"PATH": f"{PROGRAMS}:{os.environ['PATH']}", **NO_INDEX}
    # sfcred is already installed here, so pip has nothing to fetch.
    done = [started(["/bin/bash", "-e", "-c", command], path) for command in commands]
    assert checkout.ran() == ""
    assert len(done) == 2
    assert [step.returncode for step in done] == [0, 0], done


def test_the_gitlab_example_runs_nothing_of_the_checkout(
    checkout: Checkout, tmp_path: Path
) -> None:
    jobs = load(CI / "gitlab-ci.yml")
    before = [line.replace("/tmp/", f"{tmp_path}/") for line in jobs[".sfcred"]["before_script"]]  # noqa: S108 - replaced
    path = {"PATH": f"{PROGRAMS}:{os.environ['PATH']}", **NO_INDEX}
    # pip can't fetch sfcred, so the next line continues with the installed one.
    for line in [*before, *jobs["sfcred"]["script"]]:
        started(["/bin/bash", "-c", line], path)
    assert checkout.ran() == ""
    assert (tmp_path / "sfcred/bin/python").exists()
    assert Path("sfcred.xml").exists()


def test_the_command_runs_nothing_of_the_working_folder(checkout: Checkout) -> None:
    for command in ([str(PROGRAMS / "sfcred")], [sys.executable, "-I", "-m", "sfcred"]):
        done = started([*command, "doctor"], {})
        assert checkout.ran() == ""
        assert "1 credential in 1 file: 0 errors" in done.stdout, done


def test_python_m_sfcred_takes_no_package_of_the_working_folder(checkout: Checkout) -> None:
    """What Python imports before sfcred's first line can't be prevented, but everything after it is."""
    for name in (*sys.stdlib_module_names, "sfcred"):
        Path(f"{name}.py").unlink(missing_ok=True)
    for name in ("encodings", "ensurepip"):
        shutil.rmtree(name)
    assert Path("click.py").exists()
    done = started([sys.executable, "-m", "sfcred", "doctor"], {})
    assert checkout.ran() == ""
    assert "1 credential in 1 file: 0 errors" in done.stdout, done


def every_python() -> Iterator[tuple[str, str]]:
    """Yield each `python -m …` that people run in a checkout: the file, and the words after python."""
    folders = [ROOT / "docs", ROOT / "examples", ROOT / "sfcred"]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    for path in (ACTION, HOOKS, ROOT / "README.md", *files):
        if path.suffix in (".md", ".yml", ".yaml", ".py", ".toml"):
            text = path.read_text(encoding="utf-8")
            for words in re.findall(r"\b(?:python[\d.]*|INTERPRETER|PYTHON)\"? (-.*)", text):
                yield path.relative_to(ROOT).as_posix(), words


def test_python_is_isolated_wherever_it_runs_in_a_checkout() -> None:
    found = list(every_python())
    assert len(found) > 5
    assert [(path, words) for path, words in found if not words.startswith("-I ")] == []


# -- the log


class Log:
    """GitHub's runner as a reader of a log, with what it takes for commands.

    Based on actions/runner: ActionCommand.TryParseV2 and TryParse, and ActionCommandManager's
    stop-commands.
    """

    KNOWN = frozenset((
        "internal-set-repo-path", "set-env", "set-output", "save-state", "add-mask", "add-path",
        "add-matcher", "remove-matcher", "warning", "error", "notice", "debug", "group", "endgroup",
        "echo", "stop-commands",
    ))  # fmt: skip

    def __init__(self, text: str) -> None:
        self.commands: list[tuple[str, str]] = []
        self._stop = ""
        for line in text.splitlines():
            found = self._parse(line)
            if found is None or (self._stop and found[0] != self._stop):
                continue
            self._stop = found[1] if found[0] == "stop-commands" else ""
            self.commands.append(found)

    def _parse(self, line: str) -> tuple[str, str] | None:
        new = re.match(r"\s*::(?P<name>[^ :]+)(?: [^:]*(?::(?!:)[^:]*)*)?::(?P<data>.*)", line)
        old = re.search(r"##\[(?P<name>[^ \]]+)[^\]]*\](?P<data>.*)", line)
        for match in (new, old):
            if match and match["name"].lower() in {*self.KNOWN, self._stop}:
                return match["name"].lower(), match["data"]
        return None


@pytest.mark.parametrize(
    "name",
    [
        "credentials/##[stop-commands]x.yaml",
        "credentials/##[add-mask]acme.yaml",
        "credentials/a ##[add-path]..yaml",
        "::stop-commands::x.yaml",
        "::endgroup::.yaml",
    ],
)
def test_the_runner_takes_nothing_of_the_report_for_a_command(
    step: DoctorStep, project: Project, name: str
) -> None:
    project.credential("my_domain: https://acme--uat.sandbox.lightning.force.com\n", name=name)
    done = step.run(paths=name)
    assert done.status == 1, done
    report = done.out[done.out.index("::group::sfcred doctor") :]
    assert "SFC104" in report
    names = [command for command, _data in Log(report).commands]
    (token,) = [data for command, data in Log(report).commands if command == "stop-commands"]
    assert names == ["group", "stop-commands", token, "endgroup"]
    assert re.fullmatch("[0-9a-f]{32}", token)
    assert token not in step.run(paths=name).out  # nobody can know it in advance


def test_the_log_s_reader_reads_as_the_runner_does() -> None:
    """Lines from the runner's own tests and documentation."""
    assert Log("::error file=a.js,line=1::x\n").commands == [("error", "x")]
    assert Log("  ::debug::x\nno ::debug::x\n").commands == [("debug", "x")]
    assert Log("a b ##[add-mask]x").commands == [("add-mask", "x")]
    assert Log("::unknown::x\n##[unknown]y").commands == []
    stopped = "::stop-commands::t0\n::debug::x\n##[debug]y\n::t0::\n::debug::z"
    assert [name for name, _ in Log(stopped).commands] == ["stop-commands", "t0", "debug"]


@pytest.mark.parametrize("sign", ["\n", "\r", "\x1b"])
def test_no_path_makes_another_output(step: DoctorStep, project: Project, sign: str) -> None:
    project.credential(name="acme.yaml")
    done = step.run(paths="acme.yaml", sarif_file=f"x.sarif{sign}exit-status=0")
    assert done.status == 2
    assert "the input sarif-file must be one line" in done.out
    assert step.outputs() == {}


def test_a_report_that_the_checkout_brings_is_not_uploaded(
    step: DoctorStep, project: Project
) -> None:
    project.credential(name="acme.yaml")
    Path("doctor.sarif").write_text("{}", encoding="utf-8")
    done = step.run(paths="acme.yaml", sarif_file="doctor.sarif", fail_on="nonsense")
    assert done.status == 2
    assert step.outputs() == {"exit-status": "2"}
    assert step.run(paths="acme.yaml", sarif_file="doctor.sarif").status == 0
    assert "runs" in Path("doctor.sarif").read_text(encoding="utf-8")


# -- who wrote the specs

LIVE = [
    {"live": "true"},
    {"args": "--jobs=2\n  --live\n"},
    {"args": "--local-org=http://127.0.0.1:9"},
    {"args": "--local-org\nhttp://127.0.0.1:9"},
]
OURS = (
    *("push", "schedule", "workflow_dispatch", "repository_dispatch", "merge_group", "release"),
    *("deployment", "pull_request"),
)
STRANGERS = (
    *("workflow_run", "issue_comment", "issues", "discussion", "discussion_comment", "fork"),
    *("watch", "pull_request_review", "pull_request_review_comment", "gollum", "", "new_event"),
)
#: A port that nothing listens on: a login attempt exits with 4.
NOWHERE = {"args": "--local-org=http://127.0.0.1:9", "paths": "acme.yaml"}


@pytest.mark.parametrize("inputs", [{}, *LIVE])
def test_pull_request_target_is_refused_altogether(
    step: DoctorStep, project: Project, inputs: dict[str, str]
) -> None:
    project.credential(name="acme.yaml")
    done = step.run("pull_request_target", paths="acme.yaml", org_hosts="a.example", **inputs)
    assert done.status == 2
    assert "::error title=sfcred::this action doesn't run on pull_request_target" in done.out
    assert "1 credential" not in done.out


@pytest.mark.parametrize("event", STRANGERS)
@pytest.mark.parametrize("inputs", LIVE)
def test_live_checks_are_refused_where_anybody_may_have_written_the_specs(
    step: DoctorStep, project: Project, event: str, inputs: dict[str, str]
) -> None:
    project.credential(name="acme.yaml")
    done = step.run(event, paths="acme.yaml", org_hosts="acme.my.salesforce.com", **inputs)
    assert done.status == 2
    assert f"live checks are refused on {event}" in done.out
    assert step.outputs() == {}


@pytest.mark.parametrize("event", OURS)
def test_live_checks_run_on_one_s_own_events(
    step: DoctorStep, project: Project, event: str
) -> None:
    project.credential(name="acme.yaml")
    done = step.run(event, org_hosts="acme--uat.sandbox.my.salesforce.com", **NOWHERE)
    assert done.status == 4, done


@pytest.mark.parametrize("event", ["workflow_run", "issue_comment"])
def test_offline_checks_warn_where_secrets_may_be_near(
    step: DoctorStep, project: Project, event: str
) -> None:
    project.credential(name="acme.yaml")
    done = step.run(event, paths="acme.yaml")
    assert done.status == 0, done
    assert f"::warning title=sfcred::{event} runs with this repository's secrets" in done.out
    assert "::warning title=sfcred" not in step.run("pull_request", paths="acme.yaml").out


# -- which orgs


@pytest.mark.parametrize("inputs", LIVE)
@pytest.mark.parametrize("hosts", ["", "  \n", ",", " , \n,"])
def test_live_checks_need_the_org_s_hosts(
    step: DoctorStep, project: Project, inputs: dict[str, str], hosts: str
) -> None:
    project.credential(name="acme.yaml")
    done = step.run(paths="acme.yaml", org_hosts=hosts, **inputs)
    assert done.status == 2
    assert "::error title=sfcred::live checks need the input org-hosts" in done.out
    assert step.outputs() == {}


@pytest.mark.parametrize(
    "hosts",
    [
        "acme--uat.sandbox.my.salesforce.com",
        "other.my.salesforce.com, acme--uat.sandbox.my.salesforce.com",
        "other.my.salesforce.com\n acme--uat.sandbox.my.salesforce.com\n",
    ],
)
def test_every_host_arrives(step: DoctorStep, project: Project, hosts: str) -> None:
    project.credential(name="acme.yaml")
    done = step.run(org_hosts=hosts, **NOWHERE)
    assert done.status == 4, done


def test_a_pattern_of_hosts_becomes_no_file_of_the_checkout(
    step: DoctorStep, project: Project
) -> None:
    project.credential(name="acme.yaml")
    Path("evil.my.salesforce.com").touch()
    done = step.run(org_hosts="*.my.salesforce.com", **NOWHERE)
    assert done.status == 2
    assert "*.my.salesforce.com would allow everybody's orgs" in done.err


def test_no_login_goes_to_another_org(step: DoctorStep, project: Project) -> None:
    """A pull request names another Salesforce org: nothing is sent, and no port is tried."""
    project.credential("my_domain: https://evil.my.salesforce.com\n", name="acme.yaml")
    done = step.run(paths="acme.yaml", live="true", org_hosts="acme.my.salesforce.com")
    assert "org-host" in done.out + done.err, done
    assert done.status in (1, 4), done
