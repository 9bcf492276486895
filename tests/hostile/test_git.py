"""Nothing in a repository is run, and what git says about files is git's own answer."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sfcred.git import FENCE
from tests.conftest import Outcome
from tests.exchange.test_import import oauth2_entry
from tests.helpers.material import Workshop
from tests.helpers.project import ENVIRON, Project
from tests.helpers.systems import has_mode, make_executable
from tests.hostile.repositories import NEW, TRAPS, Ground, Trap, lay_ground, walk_in
from tests.hostile.servers import isolated
from tests.init.test_init import JWT

Run = Callable[..., Outcome]

#: Every command, each run as far as it gets without a network.
COMMANDS: tuple[tuple[str, ...], ...] = (
    ("doctor",),
    ("doctor", "--require-secrets", "-v", "--format", "json"),
    ("doctor", "--select", "SFC0"),
    ("doctor", "--diff"),
    ("doctor", "--fix"),
    ("doctor", "--write-baseline"),
    ("doctor", "-o", "report.json"),
    ("guide", "acme-crm"),
    ("guide", "credentials/acme.yaml"),
    ("resolve",),
    ("render", "credentials/acme.yaml", "-o", "out.json", "--no-check"),
    ("render", "credentials/acme.yaml", "-o", "keys/out.json", "--no-check"),
    ("render", "credentials/acme.yaml", "--separate", "-o", "keys/out", "--no-check"),
    ("render", "--target", "n8n-overwrite"),
    ("app", "-o", "salesforce", "--no-check"),
    ("app", "-o", "keys", "--no-check"),
    ("app", "--check", "keys"),
    ("diff", "--export", "export.json"),
    ("import", "export.json", "-o", "keys/imported"),
    ("import", "export.json", "--secrets", "dotenv"),
    ("keygen", "acme-new"),
    ("keygen", "acme-crm", "--rotate"),
    ("login", "acme-web", "--no-check"),
    ("init", "other", *JWT),
    ("explain", "SFC009"),
    ("schema",),
    ("completion", "bash"),
)
#: In another process, because these would use the network.
SENDING: tuple[tuple[str, ...], ...] = (
    ("push", "--dry-run", "--n8n", "http://127.0.0.1:1"),
    ("push", "--yes", "--n8n", "http://127.0.0.1:1"),
)


@pytest.fixture
def ground(workshop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ground]:
    for name, value in ENVIRON.items():
        monkeypatch.setenv(name, value)
    yield lay_ground(Path.cwd(), tmp_path / "marker", workshop)
    # Remove what the trap made, because pytest can fail to.
    shutil.rmtree(Path.cwd() / ".git", ignore_errors=True)


@pytest.mark.parametrize("name", [name for name, trap in TRAPS.items() if trap.walk_in])
def test_the_trap_catches_an_unfenced_git(ground: Ground, name: str) -> None:
    """A control: without it, the next test could prove nothing."""
    TRAPS[name].build(ground)
    if not walk_in(ground, TRAPS[name]):
        pytest.skip("this git does not fall for it any more")


@pytest.mark.parametrize("trap", TRAPS.values(), ids=TRAPS)
def test_no_command_runs_its_program(ground: Ground, run: Run, trap: Trap) -> None:
    trap.build(ground)
    ground.write("export.json", json.dumps([oauth2_entry()]))
    for command in COMMANDS:
        done = run(*command)
        assert not ground.marker.exists(), command
        assert done.status in (0, 1, 2, 4), (command, done)
        assert "Traceback" not in done.err


@pytest.mark.parametrize("trap", TRAPS.values(), ids=TRAPS)
def test_nor_with_files_named_like_the_fence(ground: Ground, run: Run, trap: Trap) -> None:
    """A variable whose value is a file of the project isn't passed on, but sfcred's own are."""
    trap.build(ground)
    for name in filter(None, FENCE.values()):
        ground.write(name, "")
    for command in COMMANDS:
        run(*command)
        assert not ground.marker.exists(), command


@pytest.mark.parametrize("trap", TRAPS.values(), ids=TRAPS)
def test_push_does_not_either(ground: Ground, trap: Trap) -> None:
    trap.build(ground)
    for command in SENDING:
        isolated(*command, N8N_API_KEY="key")
        assert not ground.marker.exists(), command


@pytest.mark.parametrize("trap", TRAPS.values(), ids=TRAPS)
def test_nor_with_the_variables_of_a_hook(
    ground: Ground, run: Run, trap: Trap, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Git sets such variables for its hooks, and people set others. PATH may have unsafe folders."""
    trap.build(ground)
    for name in ("GIT_EXTERNAL_DIFF", "GIT_SSH_COMMAND", "GIT_ASKPASS", "GIT_PAGER", "GIT_EDITOR"):
        monkeypatch.setenv(name, str(ground.program))
    monkeypatch.setenv("GIT_DIR", "keys")
    monkeypatch.setenv("GIT_WORK_TREE", ".")
    monkeypatch.setenv("GIT_CONFIG_PARAMETERS", f"'core.fsmonitor'='{ground.program}'")
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "core.fsmonitor")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", str(ground.program))
    careless = os.pathsep.join((".", "", "bin", str(Path("keys").absolute()), os.environ["PATH"]))
    monkeypatch.setenv("PATH", careless)
    for command in (
        ("doctor",),
        ("render", "credentials/acme.yaml", "-o", "out.json", "--no-check"),
        ("keygen", "acme-new"),
    ):
        run(*command)
        assert not ground.marker.exists(), command


def test_nor_where_home_is_the_project(
    ground: Ground, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some runners set HOME to the checkout. Then a pull request supplies the user's settings."""
    ground.git("init", "-q")
    ground.git("add", "a.txt")
    ground.write(".gitattributes", "* filter=evil diff=evil\n")
    ground.everything(".gitconfig")
    ground.everything("git/config")
    monkeypatch.setenv("HOME", str(ground.root))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(ground.root))
    monkeypatch.delenv("GIT_CONFIG_GLOBAL")
    for command in COMMANDS:
        run(*command)
        assert not ground.marker.exists(), command


def test_git_sees_no_secret_and_no_variable_of_git(
    ground: Ground, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program in place of git, outside the project, records what it is passed."""
    ground.git("init", "-q")
    told, real = tmp_path / "told", shutil.which("git")
    stand_in = tmp_path / "tools/git"
    stand_in.parent.mkdir()
    stand_in.write_text(
        f'#!/bin/sh\n{{ env; pwd; echo "$@"; }} >> {told}\nexec {real} "$@"\n', encoding="utf-8"
    )
    make_executable(stand_in)
    monkeypatch.setenv("PATH", f"{stand_in.parent}{os.pathsep}{os.environ['PATH']}")
    for name in ("GIT_SSH_COMMAND", "GIT_DIR", "VAULT_TOKEN", "SFCRED_CANARY"):
        monkeypatch.setenv(name, "canary-0123456789")
    run("doctor")
    run("render", "credentials/acme.yaml", "-o", "out.json", "--no-check")
    text = told.read_text(encoding="utf-8")
    assert "ls-files" in text
    assert "check-ignore" in text
    assert "canary" not in text
    assert not any(value in text for value in ENVIRON.values())
    assert {line for line in text.splitlines() if line.endswith("/keys")} == set()


# -- and the answers are right


def tracked(done: Outcome) -> bool:
    return "git tracks the file that" in done.out


def test_a_key_in_a_folder_like_a_bare_repository_is_still_known(ground: Ground, run: Run) -> None:
    """For git, it is an ordinary folder: what is committed there is committed."""
    TRAPS["a folder like a bare repository"].build(ground)
    assert not tracked(run("doctor", "--select", "SFC009"))
    ground.git("add", "keys/x.key")
    assert tracked(run("doctor", "--select", "SFC009"))


@pytest.mark.parametrize("kind", ["a .git folder in a folder", "a .git file in a folder", "a submodule"])  # fmt: skip
def test_files_of_another_repository_are_not_known(ground: Ground, run: Run, kind: str) -> None:
    TRAPS[kind].build(ground)
    done = run("doctor", "--select", "SFC009", "-v")
    assert "is in another repository" in done.out
    for command in (
        ("keygen", "acme-new"),
        ("render", "credentials/acme.yaml", "-o", "keys/out.json", "--no-check"),
    ):
        done = run(*command)
        assert done.status == 2
        assert "is in another repository" in done.err
    assert not Path("keys/out.json").exists()
    assert (
        run(
            "render", "credentials/acme.yaml", "-o", "keys/out.json", "--no-check", "--force"
        ).status
        == 0
    )


def test_a_fresh_clone_without_the_folder(project: Project, run: Run) -> None:
    """Git can answer even for a folder that doesn't exist yet."""
    project.credential("jwt: {private_key: {file: secrets/x.key}}\n")
    subprocess.run(["git", "init", "-q"], check=True)
    Path(".gitignore").write_text("/secrets/\n", encoding="utf-8")
    done = run("doctor", "acme.yaml", "-v")
    assert "can't use git" not in done.out
    assert not tracked(done)
    assert run("render", "acme.yaml", "-o", "secrets.json", "--no-check").status == 2
    Path("secrets").mkdir()
    shutil.copy("acme.key", "secrets/x.key")
    assert run("render", "acme.yaml", "-o", "secrets/out.json").status == 0


STRANGE = (
    ":x.key", ":(exclude)x.key", "*.key", "[x].key", "-x.key", "--help", "x y.key", "x\ty.key",
    "größe.key", "\\x.key", "!x.key", "#x.key", "'x.key", "x.key ", "日本.key",
)  # fmt: skip


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such names")
@pytest.mark.parametrize("name", STRANGE)
def test_a_strange_name(project: Project, run: Run, name: str) -> None:
    """In the list of tracked files, and in the rules. A colon only if a person typed it."""
    shutil.copy("acme.key", f"./{name}")
    plain = project.credential()
    named = json.dumps("./" + name)
    spec = project.credential(f"jwt: {{private_key: {{file: {named}}}}}\n", name="named.yaml")
    subprocess.run(["git", "init", "-q"], check=True)
    Path("other.key").write_text("x", encoding="utf-8")
    subprocess.run(["git", "add", "other.key"], check=True)
    assert not tracked(run("doctor", spec))
    assert run("render", plain, "-o", f"./{name}.json").status == 2
    Path(".gitignore").write_text("*.json\n", encoding="utf-8")
    assert run("render", plain, "-o", f"./{name}.json").status == 0
    subprocess.run(["git", "--literal-pathspecs", "add", "--", f"./{name}"], check=True)
    assert tracked(run("doctor", spec)) is (":" not in name)


def test_an_exception_to_a_rule_is_not_ignored(project: Project, run: Run) -> None:
    subprocess.run(["git", "init", "-q"], check=True)
    Path(".gitignore").write_text("*.json\n!out.json\n", encoding="utf-8")
    done = run("render", project.credential(), "-o", "out.json")
    assert (done.status, "does not ignore it" in done.err) == (2, True)
    assert run("render", "acme.yaml", "-o", "other.json").status == 0


def test_a_tracked_file_is_not_ignored_whatever_the_rules_say(project: Project, run: Run) -> None:
    subprocess.run(["git", "init", "-q"], check=True)
    Path("out.json").write_text("{}", encoding="utf-8")
    subprocess.run(["git", "add", "out.json"], check=True)
    Path(".gitignore").write_text("*.json\n", encoding="utf-8")
    Path("out.json").unlink()
    assert run("render", project.credential(), "-o", "out.json").status == 2


def test_a_project_in_a_folder_of_the_repository(project: Project, run: Run) -> None:
    project.material("acme.key", "tracked:rsa-2048")
    inner = Path("teams/crm")
    (inner / "credentials").mkdir(parents=True)
    (inner / "sfcred.toml").touch()
    shutil.copy("acme.key", inner / "inner.key")
    for file, name in (("../inner.key", "one"), ("../../../acme.key", "two")):
        project.credential(
            f"name: {name}\njwt: {{private_key: {{file: {file}}}, certificate: null}}\nn8n: {{id: {name}}}\n",
            name=f"{inner}/credentials/{name}.yaml",
        )
    os.chdir(inner)
    done = run("doctor", "--select", "SFC009", "--format", "json")
    found = [f["credential"] for f in json.loads(done.out)["findings"] if f["check"] == "SFC009"]
    assert found == ["two"]
    subprocess.run(["git", "add", "inner.key"], check=True)
    done = run("doctor", "--select", "SFC009", "--format", "json")
    found = [f["credential"] for f in json.loads(done.out)["findings"] if f["check"] == "SFC009"]
    assert found == ["one", "two"]


@pytest.mark.parametrize("kind", ["worktree", "submodule"])
def test_the_project_is_a_worktree_or_a_submodule(
    project: Project, run: Run, tmp_path: Path, kind: str
) -> None:
    """Their .git is a file that legitimately points elsewhere."""
    project.credential()
    identity = ("-c", "user.name=x", "-c", "user.email=x@x.x", "-c", "protocol.file.allow=always")
    subprocess.run(["git", "init", "-q"], check=True)
    subprocess.run(["git", "add", "acme.yaml", "acme.crt", "acme.key"], check=True)
    subprocess.run(["git", *identity, "commit", "-qm", "x"], check=True)
    if kind == "worktree":
        subprocess.run(["git", "worktree", "add", "-q", str(tmp_path / "other/sub")], check=True)
    else:
        subprocess.run(["git", "init", "-q", str(tmp_path / "other")], check=True)
        add = ["submodule", "add", "-q", str(Path.cwd()), "sub"]
        subprocess.run(["git", *identity, *add], cwd=tmp_path / "other", check=True)
    os.chdir(tmp_path / "other/sub")
    assert Path(".git").is_file()
    assert tracked(run("doctor", "acme.yaml"))
    assert run("render", "acme.yaml", "-o", "out.json").status == 2
    Path(".gitignore").write_text("out.json\n", encoding="utf-8")
    assert run("render", "acme.yaml", "-o", "out.json", "--no-check").status == 0


def test_a_link_that_leads_to_a_tracked_key(project: Project, run: Run) -> None:
    project.material("real.key", "tracked:rsa-2048")
    Path("acme.key").unlink()
    Path("acme.key").symlink_to("real.key")
    assert tracked(run("doctor", project.credential()))


def test_a_huge_file_of_rules(project: Project, run: Run) -> None:
    project.material("acme.key", "ignored:rsa-2048")
    rules = "".join(f"**/a*b*c*d*{number}*e*f*\n" for number in range(100_000))
    Path(".gitignore").write_text(rules + "out.json\n", encoding="utf-8")
    assert Path(".gitignore").stat().st_size > 2_000_000
    assert run("render", project.credential(), "-o", "out.json").status == 0
    assert run("render", "acme.yaml", "-o", "abcdefabcdef.txt").status == 2


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give")
def test_a_folder_of_another_user(project: Project, run: Run) -> None:
    project.material("acme.key", "ignored:rsa-2048")
    for path in (Path.cwd(), *Path.cwd().rglob("*")):
        os.chown(path, 12345, 12345)
    done = run("render", project.credential(), "-o", "out.json")
    assert done.status == 2
    assert "in a container, use --user" in done.err
    assert "safe.directory" in done.err


def test_many_files_start_git_once(
    project: Project, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.material("acme.key", "ignored:rsa-2048")
    told, real = tmp_path / "told", shutil.which("git")
    stand_in = tmp_path / "tools/git"
    stand_in.parent.mkdir()
    stand_in.write_text(f'#!/bin/sh\necho started >> {told}\nexec {real} "$@"\n', encoding="utf-8")
    make_executable(stand_in)
    monkeypatch.setenv("PATH", f"{stand_in.parent}{os.pathsep}{os.environ['PATH']}")
    for number in range(40):
        Path(f"k{number}").mkdir()
        shutil.copy("acme.key", f"k{number}/x.key")
        project.credential(
            f"name: a{number}\njwt: {{private_key: {{file: ../k{number}/x.key}}, certificate: null}}\n"
            f"n8n: {{id: a{number}}}\n",
            name=f"credentials/{number}.yaml",
        )
    run("doctor")
    assert told.read_text(encoding="utf-8").count("started") == 1
    told.unlink()
    Path(".gitignore").write_text("out\n", encoding="utf-8")
    assert run("render", "--separate", "-o", "out", "--no-check").status == 0
    assert told.read_text(encoding="utf-8").count("started") <= 3
    assert all(has_mode(f, 0o600) for f in Path("out").iterdir())


def test_new_keys_are_named_as_the_rules_are(ground: Ground) -> None:
    """The helper's own specs are valid. Otherwise, the commands above would stop early."""
    assert "new.key" in NEW
    done = isolated("doctor", "--format", "json", "--select", "SFC001")
    assert json.loads(done.stdout)["findings"] == []


def test_the_specs_are_a_repository_of_their_own(project: Project, run: Run) -> None:
    """An output in the working folder's repository: sfcred may run git there, too."""
    Path("inner").mkdir()
    for file in ("acme.key", "acme.crt", project.credential().name):
        shutil.move(file, f"inner/{file}")
    for folder in (".", "inner"):
        subprocess.run(["git", "init", "-q", folder], check=True)
    done = run("render", "inner/acme.yaml", "-o", "out.json")
    assert (done.status, "does not ignore it" in done.err) == (2, True)
    Path(".gitignore").write_text("out.json\n", encoding="utf-8")
    assert run("render", "inner/acme.yaml", "-o", "out.json").status == 0
    assert not tracked(run("doctor", "inner/acme.yaml"))
    subprocess.run(["git", "add", "acme.key"], cwd="inner", check=True)
    assert tracked(run("doctor", "inner/acme.yaml"))


def test_a_project_without_a_repository(project: Project, run: Run) -> None:
    assert run("render", project.credential(), "-o", "out.json").status == 0
    assert "can't use git" not in run("doctor", "acme.yaml", "-v").out
