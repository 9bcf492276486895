"""Holes that were found by attacking sfcred. Each test here failed when it was written."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest
from pytest_httpx import HTTPXMock

from tests.conftest import Outcome
from tests.helpers.n8n_api import API_KEY, URL, N8n
from tests.helpers.project import CONSUMER_SECRET, REFRESH_TOKEN, Project
from tests.helpers.systems import make_executable, skip_without_posix
from tests.hostile.servers import isolated

Run = Callable[..., Outcome]
EVIL = "https://evil.example.com"


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("N8N_API_KEY", API_KEY)


@pytest.fixture
def n8n(httpx_mock: HTTPXMock) -> N8n:
    return N8n(httpx_mock)


# -- a spec adds a host by ignoring the check that would refuse it


@pytest.mark.parametrize("by", ["doctor.ignore", "ignore", "select", "path_ignores", "baseline"])
def test_render_hands_no_secret_to_a_host_that_the_repository_chose(
    project: Project, run: Run, by: str
) -> None:
    ignored = "doctor: {ignore: {SFC105: nothing to see}}\n" if by == "doctor.ignore" else ""
    project.credential(f"my_domain: {EVIL}\n{ignored}", "oauth2", "credentials/a.yaml")
    settings = {
        "ignore": 'ignore = ["SFC105"]\n',
        "select": 'select = ["SFC4"]\n',
        "path_ignores": '[path_ignores."credentials/"]\nSFC105 = "x"\n',
    }
    Path("sfcred.toml").write_text(settings.get(by, ""), encoding="utf-8")
    if by == "baseline":
        run("doctor", "--write-baseline")
    done = run("render", "-o", "out.json")
    text = Path("out.json").read_text(encoding="utf-8") if Path("out.json").exists() else ""
    assert (done.status, EVIL in text, CONSUMER_SECRET in text, REFRESH_TOKEN in text) == (
        1, False, False, False,
    )  # fmt: skip


@pytest.mark.parametrize("host", ["evil.my.site.com", "evil.force.com"])
def test_render_hands_no_secret_to_a_customer_s_site(project: Project, run: Run, host: str) -> None:
    """Nothing has to be ignored: SFC104 and SFC105 don't report sites."""
    project.credential(
        f"my_domain: https://{host}\nenvironment: production\n", "oauth2", "credentials/a.yaml"
    )
    done = run("render", "-o", "out.json")
    assert (done.status, Path("out.json").exists()) == (1, False)


def test_an_overwrite_leads_an_n8n_to_no_host_that_the_repository_chose(
    project: Project, run: Run
) -> None:
    """It applies to every Salesforce OAuth2 credential of the instance, even of other projects."""
    project.credential(
        f'my_domain: {EVIL}\nn8n: {{version: "2.41.1"}}\ndoctor: {{ignore: {{SFC105: x}}}}\n',
        "oauth2",
        "credentials/a.yaml",
    )
    done = run("render", "--target", "n8n-overwrite")
    assert (done.status, EVIL in done.out) == (1, False)


@pytest.mark.parametrize("base", ["jwt", "oauth2"])
def test_push_sends_n8n_to_no_host_that_the_repository_chose(
    project: Project, run: Run, n8n: N8n, base: str
) -> None:
    project.credential(
        f'my_domain: {EVIL}\nn8n: {{version: "2.41.1"}}\napp: {{type: connected_app}}\n'
        "doctor: {ignore: {SFC105: x, SFC502: x}}\n",
        base,
        "credentials/a.yaml",
    )
    project.material("credentials/acme.key", "rsa-2048")
    project.material("credentials/acme.crt", "certificate")
    done = run("push", "--n8n", URL, "--yes")
    assert EVIL not in json.dumps(n8n.bodies)
    assert done.status == 1


def test_render_keeps_to_the_fence(
    project: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SFCRED_ORG_HOSTS", "acme.my.salesforce.com")
    project.credential(
        "my_domain: https://mallory.my.salesforce.com\nenvironment: production\n",
        "oauth2",
        "credentials/a.yaml",
    )
    done = run("render", "-o", "out.json")
    assert (done.status, Path("out.json").exists()) == (1, False)


# -- programs of a repository that contains the project


@pytest.mark.parametrize("name", ["git", "sops"])
def test_no_program_of_the_repository_around_the_project_runs(
    project: Project, tmp_path: Path, name: str
) -> None:
    """`npm run` and direnv put node_modules/.bin and bin of the repository's root on PATH."""
    root = Path.cwd()
    subprocess.run(["git", "init", "--quiet"], check=True)
    sub = root / "services/crm"
    project.credential(
        "oauth2: {client_secret: {sops: s.json}}\n", "oauth2", "services/crm/credentials/a.yaml"
    )
    (sub / "sfcred.toml").touch()
    key = {"recipient": "age1x", "enc": "-----BEGIN AGE ENCRYPTED FILE-----\nx\n-----END AGE ENCRYPTED FILE-----\n"}  # fmt: skip
    (sub / "credentials/s.json").write_text(
        json.dumps({"data": "x", "sops": {"age": [key]}}), encoding="utf-8"
    )
    marker = tmp_path / "marker"
    program = root / "bin" / name
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\ntouch {marker}\n", encoding="utf-8")
    make_executable(program)
    os.chdir(sub)
    search = os.pathsep.join([str(program.parent), os.environ["PATH"]])
    for command in (
        ("doctor", "--require-secrets"),
        ("render", "-o", "out.json", "--no-check"),
    ):
        isolated(*command, PATH=search)
        assert not marker.exists(), command


# -- programs that other packages look up by name


def _stand_ins(folder: Path, marker: Path, names: tuple[str, ...]) -> None:
    folder.mkdir()
    for name in names:
        (folder / name).write_text(f"#!/bin/sh\nenv > {marker}\n", encoding="utf-8")
        make_executable(folder / name)


@pytest.mark.parametrize("is_relative", [False, True])
def test_the_keyring_runs_no_program_of_the_project(
    project: Project, tmp_path: Path, is_relative: bool
) -> None:
    """Keyring's backends look for libraries with ldconfig, gcc and ld (ctypes.util)."""
    assert find_spec("keyring"), "without the library, nothing would look for programs"
    marker = tmp_path / "marker"
    _stand_ins(Path("bin"), marker, ("ldconfig", "gcc", "cc", "ld", "objdump", "dbus-launch"))
    project.credential("client_id: {keyring: a/b}\n", "oauth2", "credentials/a.yaml")
    first = "bin" if is_relative else str(Path("bin").absolute())
    isolated("doctor", PATH=os.pathsep.join([first, os.environ["PATH"]]))
    assert not marker.exists()


@pytest.mark.skipif(sys.platform != "linux", reason="browsers are found by PATH there")
def test_the_browser_is_no_program_of_the_project(project: Project, tmp_path: Path) -> None:
    marker = tmp_path / "marker"
    _stand_ins(Path("bin"), marker, ("xdg-open", "xdg-settings", "www-browser", "firefox"))
    Path("sfcred.toml").touch()
    project.credential(
        "oauth2: {refresh_token: {file: ../token}}\n"
        "app: {callback_urls: [http://localhost:17171/x]}\n",
        "oauth2",
        "credentials/a.yaml",
    )
    process = subprocess.Popen(
        [sys.executable, "-I", "-m", "sfcred", "login", "acme-crm", "--no-check"],
        env={**os.environ, "DISPLAY": ":0", "PATH": f"{Path('bin').absolute()}:{os.environ['PATH']}"},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
    )  # fmt: skip
    assert process.stdout is not None
    for line in process.stdout:
        if "waiting for Salesforce" in line:
            break
    else:
        pytest.fail("no login began")
    time.sleep(2)
    process.kill()
    process.communicate()
    assert not marker.exists()


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_a_sops_that_is_interrupted_leaves_nothing(project: Project, tmp_path: Path) -> None:
    """The program runs in its own session, and would go on with the user's logins."""
    folder, temporary, pid = tmp_path / "programs", tmp_path / "temporary", tmp_path / "pid"
    folder.mkdir()
    temporary.mkdir()
    (folder / "sops").write_text(f"#!/bin/sh\necho $$ > {pid}\nexec sleep 30\n", encoding="utf-8")
    make_executable(folder / "sops")
    key = {"recipient": "age1x", "enc": "-----BEGIN AGE ENCRYPTED FILE-----\nx\n-----END AGE ENCRYPTED FILE-----\n"}  # fmt: skip
    project.credential("oauth2: {client_secret: {sops: s.json}}\n", "oauth2", "credentials/a.yaml")
    Path("credentials/s.json").write_text(
        json.dumps({"data": "x", "sops": {"age": [key]}}), encoding="utf-8"
    )
    process = subprocess.Popen(
        [sys.executable, "-I", "-m", "sfcred", "doctor", "--require-secrets"],
        env={**os.environ, "TMPDIR": str(temporary), "PATH": f"{folder}:{os.environ['PATH']}"},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    for _ in range(200):
        if pid.exists() and pid.read_text(encoding="utf-8"):
            break
        time.sleep(0.05)
    process.terminate()
    process.wait()
    lives = True
    for _ in range(100):
        # One that was killed may wait for its parent to notice: then its state is Z.
        found = subprocess.run(["ps", "-o", "stat=", "-p", pid.read_text(encoding="utf-8").strip()], capture_output=True, encoding="utf-8", check=False)  # fmt: skip
        lives = found.stdout.strip()[:1] not in ("", "Z")
        if not lives:
            break
        time.sleep(0.05)
    assert (lives, list(temporary.iterdir())) == (False, [])


# -- people copy suggested commands, so these must do only what they say


NAMES = ["a;touch PWNED;b", "a$(touch PWNED)b", "a`touch PWNED`b", "a\ntouch PWNED\nb"]


def _runs(text: str, start: str) -> bool:
    """Return whether a shell runs anything else when it gets the suggested lines, or the rest of one."""
    skip_without_posix("a POSIX shell")
    Path("PWNED").unlink(missing_ok=True)
    for line in text.splitlines():
        if start in line:
            command = start + line.partition(start)[2].partition(" (")[0].rstrip("`).")
            subprocess.run(["sh", "-c", command], check=False, capture_output=True)
    return Path("PWNED").exists()


@pytest.mark.parametrize("name", NAMES[:3])
def test_the_commands_of_a_rotation_run_nothing_else(project: Project, run: Run, name: str) -> None:
    Path("sfcred.toml").touch()
    project.credential(
        f"jwt: {{private_key: {{file: '{name}.key'}}, certificate: '{name}.crt'}}\n",
        "jwt",
        "credentials/a.yaml",
    )
    project.material(f"credentials/{name}.key", "rsa-2048")
    project.material(f"credentials/{name}.crt", "certificate")
    done = run("keygen", "acme-crm", "--rotate")
    assert done.status == 0
    assert not _runs(done.out, "mv ")


@pytest.mark.parametrize("name", NAMES[:3])
def test_the_command_that_asks_git_runs_nothing_else(project: Project, run: Run, name: str) -> None:
    subprocess.run(["git", "init", "--quiet"], check=True)
    project.credential(
        f"jwt: {{private_key: {{file: '{name}.key'}}, certificate: '{name}.crt'}}\n",
        "jwt",
        "credentials/a.yaml",
    )
    done = run("keygen", "acme-crm")
    assert done.status == 2
    assert not _runs(done.err, "git check-ignore ")


@pytest.mark.parametrize("name", NAMES[:3])
def test_the_command_that_stores_in_the_keyring_runs_nothing_else(
    project: Project, tmp_path: Path, name: str
) -> None:
    (tmp_path / "empty_ring.py").write_text(
        "from keyring.backend import KeyringBackend\n"
        "class Ring(KeyringBackend):\n"
        "    priority = 9\n"
        "    def get_password(self, service, user): return None\n"
        "    def set_password(self, service, user, password): pass\n",
        encoding="utf-8",
    )
    project.credential(f"client_id: {{keyring: '{name}/x'}}\n", "jwt", "credentials/a.yaml")
    done = subprocess.run(
        [sys.executable, "-m", "sfcred", "doctor", "--require-secrets"],
        env={**os.environ, "PYTHONPATH": str(tmp_path), "PYTHON_KEYRING_BACKEND": "empty_ring.Ring"},
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert "keyring set" in done.stdout
    assert not _runs(done.stdout, "keyring set ")


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="needs two users")
def test_the_command_that_trusts_a_folder_runs_nothing_else(project: Project, run: Run) -> None:
    """The folder's name comes from an archive."""
    folder = Path("a;touch PWNED;b")
    spec = project.credential("{}\n", "jwt", str(folder / "credentials/a.yaml"))
    subprocess.run(["git", "init", "--quiet"], cwd=folder, check=True)
    for path in (folder, folder / ".git", spec):
        os.chown(path, 65534, 65534)
    here = Path.cwd()
    os.chdir(folder)
    done = run("keygen", "acme-crm")
    os.chdir(here)
    assert "safe.directory" in done.err
    assert not _runs(done.err.replace("git config --global", "echo"), "echo ")


# -- a state that comes with the repository


def _state(path: Path, key: str, mode: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    entry = {"id": key, "fingerprint": "x", "tokens": "", "type": "salesforceJwtApi"}
    content = {"version": 1, "key": "0" * 64, "instances": {URL: {"acmeCrm000000001": entry}}}
    path.write_text(json.dumps(content), encoding="utf-8")
    path.chmod(mode)


def _victim(n8n: N8n) -> dict[str, str]:
    entry = {"id": "victim01", "name": "Production", "type": "salesforceJwtApi", "updatedAt": ""}
    n8n.entries["victim01"] = entry
    return dict(entry)


def _jwt_project(project: Project) -> None:
    Path("sfcred.toml").touch()
    project.credential("n8n: {version: '2.41.1'}\n", "jwt", "credentials/a.yaml")
    project.material("credentials/acme.key", "rsa-2048")
    project.material("credentials/acme.crt", "certificate")


def test_a_state_out_of_an_archive_owns_nothing(project: Project, run: Run, n8n: N8n) -> None:
    """Tar keeps the mode 0600. Without a .git, or with one that ignores the file, nothing gives it away."""
    _jwt_project(project)
    _state(Path(".sfcred/state.json"), "victim01", 0o600)
    before = _victim(n8n)
    run("push", "--n8n", URL, "--yes", "--no-check")
    assert n8n.entries["victim01"] == before


def test_a_state_that_is_named_and_lies_in_the_project_owns_nothing(
    project: Project, run: Run, n8n: N8n
) -> None:
    """A runner that starts fresh, with a checkout without .git: a pull request contains the file."""
    _jwt_project(project)
    _state(Path("ci/state.json"), "victim01", 0o644)
    before = _victim(n8n)
    run("push", "--n8n", URL, "--yes", "--no-check", "--state", "ci/state.json")
    assert n8n.entries["victim01"] == before


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="needs two users")
def test_a_state_of_another_user_owns_nothing(project: Project, run: Run, n8n: N8n) -> None:
    _jwt_project(project)
    _state(Path(".sfcred/state.json"), "victim01", 0o600)
    os.chown(".sfcred/state.json", 65534, 65534)
    before = _victim(n8n)
    run("push", "--n8n", URL, "--yes", "--no-check")
    assert n8n.entries["victim01"] == before


# -- a project in another user's folder


TWO_USERS = pytest.mark.skipif(
    not hasattr(os, "getuid") or os.getuid() != 0, reason="needs two users"
)
NOBODY, SOMEBODY = 65534, 65533


def _given_to(user: int, *paths: str) -> None:
    for path in paths:
        os.lchown(path, user, user)


@TWO_USERS
@pytest.mark.parametrize("file", ["sfcred.toml", "pyproject.toml", ".git"])
@pytest.mark.parametrize("place", ["below", "the very folder", "a path below", "a path"])
def test_a_configuration_of_another_user_is_not_used(
    project: Project, run: Run, file: str, place: str
) -> None:
    """One in a shared folder would apply to everybody who works there (see git's CVE-2022-24765)."""
    project.credential("{}\n", "jwt", "own/a.yaml")
    project.credential("{}\n", "jwt", "b.yaml")
    if file == ".git":
        Path(".git").mkdir()
    else:
        Path(file).write_text(
            "[tool.sfcred]\n" if file == "pyproject.toml" else "", encoding="utf-8"
        )
    _given_to(NOBODY, file)
    paths = {"a path below": ["own/a.yaml"], "a path": ["b.yaml"], "the very folder": ["b.yaml"]}
    if place == "below":
        os.chdir("own")
    done = run("doctor", *paths.get(place, ["a.yaml"]))
    assert done.status == 2, done
    assert "belongs to another user (uid 65534)" in done.err
    assert "acme-crm" not in done.out
    os.environ["SUDO_UID"] = str(NOBODY)  # the user who became root
    try:
        assert "acme-crm" in run("doctor", *paths.get(place, ["a.yaml"])).out
    finally:
        del os.environ["SUDO_UID"]


@TWO_USERS
@pytest.mark.parametrize("sub", [".", "services/crm"])
def test_a_checkout_of_another_user_can_be_worked_in(project: Project, run: Run, sub: str) -> None:
    """A container's root, or a user id without an account, in a runner's checkout and its folders."""
    folder = Path(sub)
    project.credential("{}\n", "jwt", str(folder / "a.yaml"))
    Path("sfcred.toml").touch()
    _given_to(NOBODY, ".", "sfcred.toml", "services" if sub != "." else ".", sub, f"{sub}/a.yaml")
    assert "acme-crm" in run("doctor", f"{sub}/a.yaml").out
    os.chdir(folder)
    assert "acme-crm" in run("doctor", "a.yaml").out


@TWO_USERS
def test_a_third_user_is_trusted_in_nobody_s_checkout(project: Project, run: Run) -> None:
    project.credential("{}\n", "jwt", "theirs/a.yaml")
    Path("sfcred.toml").touch()
    _given_to(NOBODY, "theirs", "theirs/a.yaml")
    _given_to(SOMEBODY, "sfcred.toml")
    os.chdir("theirs")
    assert run("doctor", "a.yaml").status == 2


# -- what import writes, and make reads


@pytest.mark.skipif(shutil.which("make") is None, reason="needs make")
def test_make_runs_nothing_of_an_environment_file(run: Run, tmp_path: Path) -> None:
    """`include .env` with `export` is as common as `. .env`, and make runs `$(shell …)` in quotes."""
    marker = tmp_path / "marker"
    secret = f"a$(shell touch {marker})"
    data = {"clientId": "a", "clientSecret": secret, "environment": "production"}
    entry = {"id": "abc", "name": "x", "type": "salesforceOAuth2Api", "data": data}
    Path("export.json").write_text(json.dumps([entry]), encoding="utf-8")
    run("import", "export.json", "--secrets", "dotenv")
    Path("Makefile").write_text("-include .env\nexport\nall:\n\t@echo done\n", encoding="utf-8")
    subprocess.run(["make"], check=True, capture_output=True)
    assert not marker.exists()


# -- paths that a spec chooses


@pytest.mark.parametrize("folder", [".git", "sub/.GIT", ".git/hooks", "git~1", ".git. "])
def test_no_key_is_written_into_git_s_own_folder(project: Project, run: Run, folder: str) -> None:
    Path(folder).mkdir(parents=True)
    project.credential(
        f"jwt: {{private_key: {{file: '../{folder}/a.key'}}, certificate: '../{folder}/a.crt'}}\n",
        "jwt",
        "credentials/a.yaml",
    )
    Path("sfcred.toml").touch()
    done = run("keygen", "acme-crm", "--force")
    assert (done.status, "git's own folder" in done.err) == (2, True), done
    assert list(Path(folder).glob("a.*")) == []


def test_force_replaces_nothing_outside_of_the_project(
    project: Project, run: Run, tmp_path: Path
) -> None:
    own = tmp_path / "home" / "id_rsa"
    own.write_text("mine", encoding="utf-8")
    project.credential(
        f"jwt: {{private_key: {{file: '{own}'}}, certificate: acme.crt}}\n",
        "jwt",
        "credentials/a.yaml",
    )
    Path("sfcred.toml").touch()
    done = run("keygen", "acme-crm", "--force")
    assert (done.status, own.read_text(encoding="utf-8")) == (2, "mine")
    own.unlink()
    assert run("keygen", "acme-crm", "--force").status == 0
