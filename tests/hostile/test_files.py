"""sfcred reads only files of this machine, and writes completely and in the right place, or not at all."""

import errno
import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sfcred.files.atomic import Folder, Mode
from tests.conftest import Outcome
from tests.exchange.test_import import jwt_entry, oauth2_entry
from tests.helpers.material import Workshop
from tests.helpers.project import ENVIRON, REFRESH_TOKEN, Project
from tests.helpers.systems import has_mode
from tests.init.test_init import JWT

Run = Callable[..., Outcome]
posix = pytest.mark.skipif(os.name != "posix", reason="a matter of POSIX systems")
is_root = hasattr(os, "geteuid") and os.geteuid() == 0

# -- paths to other machines

HOST = "evilhost"
FOREIGN = (
    f"//{HOST}/share/x", f"\\\\{HOST}\\share\\x", f"/\\{HOST}/share/x", f"\\/{HOST}\\x",
    f"///{HOST}/x", f"\\\\?\\UNC\\{HOST}\\share\\x", f"//?/UNC/{HOST}/x", f"\\\\.\\pipe\\{HOST}",
    f"//./pipe/{HOST}", f"\\??\\UNC\\{HOST}\\x", f"/??/UNC/{HOST}/x", f"//{HOST}@SSL@443/share/x",
    "CON", "nul", "Aux", "PRN", "COM1", "com¹", "LPT9", "CONIN$", "conout$", "nul.key", "NUL .txt",
    "keys/aux/x.key", "aux.tar.gz", "keys\\con", "NUL:", "COM1:9600",
    "C:x.key", "c:", "Z:..\\x", "x.key:stream", "x.key::$DATA", "keys/a:b", "C:\\a:b",
    f"file://{HOST}/x", f"http://{HOST}/x",
)  # fmt: skip
FIELDS = {
    "jwt.private_key": "jwt: {{private_key: {{file: {0}}}}}\n",
    "jwt.certificate": "jwt: {{certificate: {0}}}\n",
    "n8n.env_file": "n8n: {{env_file: {0}}}\n",
    "client_id": "client_id: {{sops: {1}}}\n",
}


@pytest.fixture
def touched(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Record every path with the host in it that the process passes to the system."""
    seen: list[str] = []

    def watch(name: str) -> None:
        real = getattr(os, name)

        def watching(path: object, *rest: object, **more: object) -> object:
            if HOST in str(path):
                seen.append(f"{name}: {path!s}")
            return real(path, *rest, **more)

        monkeypatch.setattr(os, name, watching)

    for name in ("stat", "lstat", "open", "readlink", "scandir", "listdir", "access"):
        watch(name)
    yield seen
    monkeypatch.undo()


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("path", FOREIGN)
def test_no_field_leads_to_another_machine_or_a_device(
    project: Project, run: Run, touched: list[str], field: str, path: str
) -> None:
    fragment = FIELDS[field].format(json.dumps(path), json.dumps(f"{path}#a.b"))
    spec = project.credential(fragment)
    done = run("doctor", spec, "--format", "json")
    found = [f for f in json.loads(done.out)["findings"] if f["severity"] == "error"]
    assert (done.status, len(found)) == (1, 1), done
    assert found[0]["message"].startswith(f"`{field}")
    for command in (("keygen", spec), ("render", spec, "-o", "out.json", "--no-check"), ("guide", spec)):  # fmt: skip
        assert run(*command).status in (1, 2)
    assert touched == []


@pytest.mark.parametrize("path", FOREIGN[::2])
@pytest.mark.parametrize("field", ["paths = [{}]", "paths = {}", "baseline = {}", "secrets_dirs = [{}]"])  # fmt: skip
def test_no_configuration_does_either(
    project: Project, run: Run, touched: list[str], field: str, path: str
) -> None:
    project.credential()
    Path("sfcred.toml").write_text(field.format(json.dumps(path)) + "\n", encoding="utf-8")
    for command in (("doctor",), ("doctor", "acme.yaml"), ("doctor", "--write-baseline")):
        done = run(*command)
        assert done.status == 2
        assert "sfcred.toml:1:1: " in done.err
    assert touched == []


def test_no_profile_does_either(project: Project, run: Run) -> None:
    for field in ("certificate: //evilhost/x", "private_key: {file: //evilhost/x}"):
        done = run("doctor", project.credential(f"profiles: {{uat: {{jwt: {{{field}}}}}}}\n"))
        assert (done.status, "starts with two slashes" in done.out) == (1, True), done


@pytest.mark.parametrize("name", ["NUL", "con.key", "COM1.txt"])
def test_a_mounted_secret_is_no_device(project: Project, run: Run, name: str) -> None:
    done = run("doctor", project.credential(f"client_id: {{secrets_dir: {name}}}\n"))
    assert done.status == 1
    assert "device" in done.out


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text("\\/", min_size=2, max_size=4),
    st.sampled_from(["", ".", "?", "??", "UNC", "localhost", HOST, "127.0.0.1"]),
    st.text(st.characters(categories=("L", "N", "P", "S")), max_size=12),
)
def test_two_slashes_of_any_kind(
    project: Project, run: Run, slashes: str, host: str, rest: str
) -> None:
    named = json.dumps(f"{slashes}{host}/{rest}", ensure_ascii=False)
    done = run("doctor", project.credential(f"jwt: {{private_key: {{file: {named}}}}}\n"))
    assert done.status == 1
    # Some random names are refused for another reason before, at the field of the file.
    assert "`jwt.private_key" in done.out


@pytest.mark.parametrize(
    "name", ["contract.key", "auxiliary/x.key", "nullable", "com10.key", "prn2"]
)
def test_an_ordinary_name_is_fine(project: Project, run: Run, name: str) -> None:
    project.material(f"keys/{name}", "rsa-2048")
    spec = project.credential(f"jwt: {{private_key: {{file: 'keys/{name}'}}}}\n")
    assert run("doctor", spec).status == 0


@posix
@pytest.mark.parametrize("target", [f"//{HOST}/share/x", f"\\\\{HOST}\\x", f"/??/UNC/{HOST}"])
def test_a_link_leads_to_no_other_machine(
    project: Project, run: Run, touched: list[str], target: str
) -> None:
    """Git stores links as text, and creates real ones on Windows."""
    Path("acme.key").unlink()
    Path("acme.key").symlink_to(target)
    done = run("doctor", project.credential(), "--require-secrets")
    assert "another machine" in done.out
    # On Windows, stat would follow the link. Only functions that don't follow links may see its path.
    assert touched == []


# -- reading


INTERFACES = ("/proc/self/environ", "/proc/self/fd/0", "/dev/stdin", "/dev/fd/0", "/dev/zero",
              "/sys/kernel/notes", "/proc/1/../self/environ", "/proc/self/root/etc/hostname")  # fmt: skip


@posix
@pytest.mark.parametrize("way", ["named", "link", "links", "folder"])
@pytest.mark.parametrize("target", INTERFACES)
def test_no_system_interface_is_read(project: Project, run: Run, target: str, way: str) -> None:
    if not Path(target).parent.exists():
        pytest.skip("this system has none")
    project.monkeypatch.setenv("CANARY", "canary-0123456789")
    name = {"named": target, "link": "a", "links": "b", "folder": f"c/{Path(target).name}"}[way]
    Path("a").symlink_to(target)
    Path("b").symlink_to("a")
    Path("c").symlink_to(Path(target).parent)
    spec = project.credential(f"client_id: {{file: {name}}}\n")
    done = run("doctor", spec, "--require-secrets")
    assert done.status == 1, done
    assert "system interface" in done.out
    done = run("render", spec, "-o", "out.json", "--no-check")
    assert done.status != 0
    assert not Path("out.json").exists()


@pytest.mark.skipif(not is_root or sys.platform != "linux", reason="only root can mount")
def test_nor_where_it_is_mounted_elsewhere(project: Project, run: Run) -> None:
    Path("mounted").mkdir()
    mount = ["mount", "-t", "proc", "proc", "mounted"]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("this machine allows no mount")
    try:
        spec = project.credential("client_id: {file: mounted/self/environ}\n")
        done = run("doctor", spec, "--require-secrets")
    finally:
        subprocess.run(["umount", "mounted"], check=True)
    assert "system interface" in done.out


def _fifo(path: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # its path can be too long for a socket
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(path.name)
    os.chdir(here)


def _looping(path: Path) -> None:
    path.symlink_to(path.name)


def _huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(10**12)


WRONG: dict[str, tuple[Callable[[Path], object], str]] = {
    "a pipe": (_fifo, "not a regular file"),
    "a socket": (_socket, "no such device or address"),
    "a folder": (Path.mkdir, "is a folder"),
    "a link to itself": (_looping, "too many levels"),
    "a terabyte": (_huge, "larger than 64 kb"),
    "nothing": (lambda _path: None, "no such file"),
}


@posix
@pytest.mark.parametrize("field", ["jwt: {private_key: {file: x}}\n", "jwt: {certificate: x}\n", "n8n: {env_file: x}\n"])  # fmt: skip
@pytest.mark.parametrize("kind", WRONG)
def test_what_is_no_file_is_one_clear_error(
    project: Project, run: Run, kind: str, field: str
) -> None:
    make, words = WRONG[kind]
    make(Path("x"))
    done = run("doctor", project.credential(field), "--require-secrets")
    assert words in done.out.lower()
    assert "1 error," in done.out
    assert done.status == 1


@pytest.mark.parametrize("length", [300, 4000])
def test_a_very_long_name(project: Project, run: Run, length: int) -> None:
    long = "x" * length
    for field in (f"jwt: {{private_key: {{file: {long}}}}}\n", f"jwt: {{certificate: {long}}}\n"):
        done = run("doctor", project.credential(field), "--require-secrets")
        assert done.status == 1
    project.credential()
    for command in (
        ("doctor", long),
        ("doctor", "acme.yaml", "-o", long),
        ("render", "acme.yaml", "-o", long, "--no-check"),
        ("render", "acme.yaml", "-o", long, "--separate", "--no-check"),
        ("app", "acme.yaml", "-o", long, "--no-check"),
        ("app", "acme.yaml", "--check", long),
        ("doctor", "acme.yaml", "--baseline", long),
        ("diff", "acme.yaml", "--export", long),
        ("import", long),
        ("keygen", f"{long}.yaml"),
        ("guide", f"./{long}.yaml"),
    ):
        done = run(*command)
        assert done.status in ((2,) if os.name == "posix" else (2, 3)), (command, done)
        assert "bug in sfcred" not in done.err
    assert sorted(Path().iterdir()) == [Path("acme.crt"), Path("acme.key"), Path("acme.yaml")]


def test_a_zero_in_a_name(project: Project, run: Run) -> None:
    for field in ("jwt: {private_key: {file: 'x'}}\n", "jwt: {certificate: 'x'}\n"):
        project.credential(field)
        text = Path("acme.yaml").read_text(encoding="utf-8")
        Path("acme.yaml").write_text(
            text.replace("file: x", 'file: "a\\0b"').replace(
                "certificate: x", 'certificate: "a\\0b"'
            ),
            encoding="utf-8",
        )
        done = run("doctor", "acme.yaml")
        assert done.status == 1
        assert "not allowed in file names" in done.out


@posix
def test_a_name_that_is_not_utf8(project: Project, run: Run) -> None:
    name = os.fsdecode(b"caf\xe9.yaml")
    shutil.copy(project.credential(), name)
    assert run("doctor", name).status == 0
    assert run("render", name, "-o", os.fsdecode(b"\xff.json")).status == 0
    assert Path(os.fsdecode(b"\xff.json")).exists()


# -- writing

# In the middle of a write, the process does to itself what others would do to it.
_CHILD = """
import errno, os, signal, stat, sys
real_fsync, count, after = os.fsync, 0, {after}
def fsync(file):
    global count
    if stat.S_ISREG(os.fstat(file).st_mode):
        count += 1
        if count == after:
            {deed}
    real_fsync(file)
os.fsync = fsync
if {named!r} and hasattr(os, "O_TMPFILE"):
    del os.O_TMPFILE
if {linkless!r}:
    def link(*_a, **_k):
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))
    os.link = link
from sfcred.__main__ import run
run()
"""


def child(
    deed: str, *arguments: str, after: int = 1, named: bool = False, linkless: bool = False
) -> subprocess.CompletedProcess[str]:
    code = _CHILD.format(deed=deed, after=after, named=named, linkless=linkless)
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, encoding="utf-8", check=False
    )


def here() -> dict[str, bytes]:
    return {str(p): p.read_bytes() for p in sorted(Path().rglob("*")) if p.is_file()}


HOW = {
    "as it is": {},
    "without O_TMPFILE": {"named": True},
    "without hard links": {"named": True, "linkless": True},
}
ENDINGS = [n for n in ("SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT") if hasattr(signal, n)]


@posix
@pytest.mark.parametrize("how", HOW.values(), ids=HOW)
@pytest.mark.parametrize("name", ENDINGS)
def test_a_signal_leaves_nothing_behind(project: Project, name: str, how: dict[str, bool]) -> None:
    project.credential()
    deed = f"os.kill(os.getpid(), signal.{name})"
    before = here()
    done = child(deed, "render", "acme.yaml", "-o", "out.json", **how)
    expected = 130 if name == "SIGINT" else -getattr(signal, name)
    assert done.returncode == expected, done
    left = {path: text for path, text in here().items() if path not in before}
    assert set(left) <= {"out.json"}
    assert all(json.loads(text) for text in left.values())


@posix
@pytest.mark.parametrize("how", HOW.values(), ids=HOW)
@pytest.mark.parametrize("name", ENDINGS)
def test_nor_where_a_file_is_replaced(project: Project, name: str, how: dict[str, bool]) -> None:
    project.credential()
    Path("out.json").write_text("before", encoding="utf-8")
    before = here()
    deed = f"os.kill(os.getpid(), signal.{name})"
    child(deed, "render", "acme.yaml", "-o", "out.json", "--force", **how)
    after = here()
    assert set(after) == set(before)
    assert after["out.json"] == b"before" or json.loads(after["out.json"])


@posix
def test_not_even_a_kill(project: Project) -> None:
    if not hasattr(os, "O_TMPFILE"):
        pytest.skip("this system has no anonymous files")
    project.credential()
    before = here()
    done = child("os.kill(os.getpid(), signal.SIGKILL)", "render", "acme.yaml", "-o", "out.json")
    assert done.returncode == -signal.SIGKILL
    assert here() == before


@posix
@pytest.mark.parametrize("how", HOW.values(), ids=HOW)
@pytest.mark.parametrize("force", [[], ["--force"]])
def test_a_full_disk_leaves_what_was(
    project: Project, how: dict[str, bool], force: list[str]
) -> None:
    project.credential()
    if force:
        Path("out.json").write_text("before", encoding="utf-8")
    before = here()
    limit = "pass\nimport resource; resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))"
    code = _CHILD.format(deed="pass", after=9, **{"named": False, "linkless": False, **how})
    code = limit.partition("\n")[2] + code
    done = subprocess.run(
        # -B: Python would write cut files for its modules, too.
        [sys.executable, "-B", "-c", code, "render", "acme.yaml", "-o", "out.json", *force],
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert (done.returncode, "could not be written" in done.stderr) == (3, True), done
    assert here() == before


@posix
@pytest.mark.parametrize("how", HOW.values(), ids=HOW)
def test_a_file_that_appears_meanwhile_stays(project: Project, how: dict[str, bool]) -> None:
    project.credential()
    deed = "open('out.json', 'w').write('of somebody else')"
    done = child(deed, "render", "acme.yaml", "-o", "out.json", **how)
    assert (done.returncode, "already exists" in done.stderr) == (2, True), done
    assert Path("out.json").read_text(encoding="utf-8") == "of somebody else"
    assert [p.name for p in Path().iterdir() if p.name.startswith(".")] == []


@posix
@pytest.mark.parametrize("how", HOW.values(), ids=HOW)
def test_a_link_that_appears_meanwhile_is_not_followed(
    project: Project, how: dict[str, bool]
) -> None:
    project.credential()
    Path("victim").write_text("kept", encoding="utf-8")
    child("os.symlink('victim', 'out.json')", "render", "acme.yaml", "-o", "out.json", **how)
    assert Path("victim").read_text(encoding="utf-8") == "kept"
    assert Path("out.json").is_symlink()


@posix
def test_a_folder_that_is_exchanged_meanwhile(project: Project, tmp_path: Path) -> None:
    project.credential()
    Path("out").mkdir()
    (tmp_path / "elsewhere").mkdir()
    deed = f"os.rename('out', 'away'); os.symlink({str(tmp_path / 'elsewhere')!r}, 'out')"
    child(deed, "render", "acme.yaml", "-o", "out/out.json")
    assert list((tmp_path / "elsewhere").iterdir()) == []


FAIL = "raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))"


def test_half_a_pair_is_taken_back(project: Project) -> None:
    project.credential("jwt: {private_key: {file: new.key}, certificate: new.crt}\n")
    before = here()
    done = child(FAIL, "keygen", "acme-crm", after=2)
    assert done.returncode == 2  # the folder credentials/ doesn't exist
    done = child(FAIL, "keygen", "./acme.yaml", after=2)
    assert (done.returncode, "no space left" in done.stderr) == (3, True), done
    assert here() == before


def entries() -> set[str]:
    return {str(path) for path in Path().rglob("*")}


JWT_FILES = "jwt: {private_key: {file: keys/deep/new.key}, certificate: certs/new.crt}\n"
APP = "app: {label: n8n, contact_email: crm@acme.com, scopes: [api], permission_sets: [N8n]}\n"
MORE = {"keygen": JWT_FILES, "app": APP}
FOLDERS = {
    "keygen": ("keygen", "./acme.yaml"),
    "render": ("render", "acme.yaml", "-o", "out/out.json"),
    "app": ("app", "acme.yaml", "-o", "salesforce/deep"),
    "import": ("import", "export.json", "-o", "specs"),
    "import into a variable": ("import", "export.json", "-o", "specs", "--secrets", "env"),
}


@posix
@pytest.mark.parametrize("in_git", [False, True])
@pytest.mark.parametrize("deed", [FAIL, "os.kill(os.getpid(), signal.SIGTERM)"])
@pytest.mark.parametrize("command", FOLDERS.values(), ids=FOLDERS)
def test_a_failed_command_leaves_no_new_folders(
    project: Project, command: tuple[str, ...], deed: str, in_git: bool
) -> None:
    project.credential(MORE.get(command[0], "{}\n"))
    Path("export.json").write_text(json.dumps([oauth2_entry()]), encoding="utf-8")
    if in_git:
        subprocess.run(["git", "init", "--quiet"], check=True)
        Path(".gitignore").write_text("/salesforce/\n/.git/\n", encoding="utf-8")
    before = entries()
    # In git, the first file is the .gitignore of the new folder for secrets.
    has_rules = in_git and command[0] != "app"
    done = child(deed, *command, after=2 if has_rules else 1)
    assert done.returncode != 0, done
    left = {path for path in entries() - before if Path(path).is_dir()}
    if deed == FAIL:
        assert "no space left" in done.stderr
        assert entries() == before
    else:  # what was written when the signal came stays, but nothing empty
        assert all(any(Path(path).iterdir()) for path in left), left


@posix
def test_a_failed_command_leaves_folders_that_existed(project: Project) -> None:
    project.credential(JWT_FILES)
    Path("keys").mkdir()
    before = entries()
    done = child(FAIL, "keygen", "./acme.yaml")
    assert (done.returncode, entries()) == (3, before), done


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="looks there for open files")
@pytest.mark.parametrize("is_linkless", [False, True])
def test_a_file_is_closed_before_it_is_removed(
    monkeypatch: pytest.MonkeyPatch, is_linkless: bool
) -> None:
    """Windows removes no open file: half of one would stay, and the reason wouldn't be told."""
    real, fsync, syncs = os.unlink, os.fsync, iter((None, OSError(errno.ENOSPC, "full")))

    def unlink(path: str, **options: Any) -> None:
        descriptors = [str(number) for number in range(3, 64)]
        links = [Path("/proc/self/fd", one) for one in descriptors]
        if any(link.is_symlink() and link.readlink().name == Path(path).name for link in links):
            raise PermissionError(errno.EACCES, "Sharing violation")
        real(path, **options)

    def sync(file: int) -> None:
        if not is_linkless or next(syncs):
            raise OSError(errno.ENOSPC, "full")
        fsync(file)

    def link(*_arguments: Any, **_options: Any) -> None:
        raise OSError(errno.EPERM, "no links")

    monkeypatch.delattr(os, "O_TMPFILE", raising=False)
    monkeypatch.setattr(os, "unlink", unlink)
    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(os, "link", link)
    before = here()
    with (
        Folder(Path.cwd(), Path.cwd()) as folder,
        pytest.raises(OSError, match="full"),
    ):
        folder.put("x", b"secret", Mode(), replace=False)
    assert here() == before


def test_half_a_pair_that_replaces_is_told(project: Project) -> None:
    project.credential()
    done = child(FAIL, "keygen", "./acme.yaml", "--force", after=2)
    assert done.returncode == 3
    assert "Already replaced: acme.key" in done.stderr


@posix
def test_a_signal_leaves_no_half_of_a_pair_that_replaces(project: Project) -> None:
    project.credential()
    before = here()
    done = child("os.kill(os.getpid(), signal.SIGTERM)", "keygen", "./acme.yaml", "--force")
    assert done.returncode == -signal.SIGTERM
    after = here()
    assert {name for name in after if after[name] != before.get(name)} == {"acme.key", "acme.crt"}


@posix
@pytest.mark.parametrize("deed", [FAIL, "os.kill(os.getpid(), signal.SIGTERM)"])
def test_half_a_folder_is_taken_back(project: Project, deed: str) -> None:
    for number in range(3):
        project.credential(f"name: a{number}\nn8n: {{id: a{number}}}\n", name=f"s/{number}.yaml")
        shutil.copy("acme.key", "s/acme.key")
        shutil.copy("acme.crt", "s/acme.crt")
    done = child(deed, "render", "s", "--separate", "-o", "out", after=2)
    assert done.returncode in (3, -signal.SIGTERM)
    assert not Path("out").exists()


@posix
def test_a_signal_that_is_ignored_stays_ignored(project: Project) -> None:
    """As under nohup."""
    project.credential()
    deed = "os.kill(os.getpid(), signal.SIGHUP)"
    code = "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN)" + _CHILD.format(
        deed=deed, after=1, named=True, linkless=False
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "render", "acme.yaml", "-o", "out.json"],
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done
    assert Path("out.json").exists()


# -- links


@pytest.fixture
def linked(project: Project, tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """Make a folder of the project a link to one outside of it, which must stay empty."""
    outside = tmp_path / "elsewhere"
    outside.mkdir()

    def link(name: str) -> Path:
        Path(name).symlink_to(outside)
        return outside

    yield link
    assert list(outside.iterdir()) == []


LINKED = "is a symbolic link, and sfcred doesn't write through symbolic links"
OUTSIDE = "outside the project"
KEYS = "jwt: {private_key: {file: ../secrets/x.key}, certificate: ../secrets/x.crt}\n"
TOKEN = "oauth2: {refresh_token: {file: ../secrets/token}}\n"


@posix
@pytest.mark.parametrize("force", [[], ["--force"]])
def test_no_key_goes_through_a_linked_folder(
    project: Project, run: Run, linked: Callable[[str], Path], force: list[str]
) -> None:
    project.credential(KEYS, name="credentials/acme.yaml")
    linked("secrets")
    done = run("keygen", "acme-crm", *force)
    assert (done.status, LINKED in done.err) == (2, True), done


@posix
def test_nor_a_refresh_token(project: Project, run: Run, linked: Callable[[str], Path]) -> None:
    project.credential(TOKEN, "oauth2", name="credentials/acme.yaml")
    linked("secrets")
    done = run("login", "acme-crm", "--no-check")
    assert (done.status, LINKED in done.err) == (2, True), done


@posix
@pytest.mark.parametrize(
    "command",
    [
        ("render", "acme.yaml", "-o", "out/x.json"),
        ("render", "acme.yaml", "-o", "out/x.json", "--force"),
        ("render", "acme.yaml", "--separate", "-o", "out"),
        ("render", "acme.yaml", "--separate", "-o", "out/deeper", "--force"),
        ("app", "acme.yaml", "-o", "out", "--no-check"),
        ("app", "acme.yaml", "-o", "out/deeper", "--no-check", "--force"),
        ("doctor", "acme.yaml", "-o", "out/report.txt"),
        ("doctor", "acme.yaml", "-o", "json=out/report.json"),
        ("import", "export.json", "-o", "out"),
        ("import", "export.json", "-o", "out/deeper/still"),
    ],
)
def test_no_output_goes_through_one(
    project: Project, run: Run, linked: Callable[[str], Path], command: tuple[str, ...]
) -> None:
    project.credential()
    Path("export.json").write_text(json.dumps([oauth2_entry()]), encoding="utf-8")
    linked("out")
    done = run(*command)
    assert (done.status, LINKED in done.err or OUTSIDE in done.err) == (2, True), done


@posix
@pytest.mark.parametrize("folder", ["credentials", "certs", "secrets"])
def test_init_goes_through_none(
    run: Run, tmp_path: Path, linked: Callable[[str], Path], folder: str
) -> None:
    linked(folder)
    done = run("init", "acme-crm", *JWT)
    assert (done.status, LINKED in done.err or OUTSIDE in done.err) == (2, True), done


@posix
def test_init_leaves_out_what_ci_needs_in_a_linked_folder(
    run: Run, linked: Callable[[str], Path]
) -> None:
    target = linked(".github")
    done = run("init", "acme-crm", *JWT)
    assert (done.status, "skipped" in done.out + done.err) == (0, True), done
    assert list(target.rglob("*")) == []


@posix
def test_init_adds_to_no_linked_file(run: Run, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("kept\n", encoding="utf-8")
    Path(".gitignore").symlink_to(victim)
    done = run("init", "acme-crm", *JWT)
    assert (done.status, LINKED in done.err) == (2, True), done
    assert victim.read_text(encoding="utf-8") == "kept\n"


@posix
def test_import_goes_through_none(
    run: Run, linked: Callable[[str], Path], workshop: Workshop
) -> None:
    Path("export.json").write_text(
        json.dumps([oauth2_entry(), jwt_entry(workshop)]), encoding="utf-8"
    )
    linked("secrets")
    for kind in ("file", "env"):
        done = run("import", "export.json", "--secrets", kind)
        assert (done.status, LINKED in done.err) == (2, True), done


@posix
def test_the_baseline_and_a_correction_go_through_none(
    project: Project, run: Run, linked: Callable[[str], Path]
) -> None:
    project.credential()
    linked("out")
    Path("sfcred.toml").write_text(
        'paths = ["acme.yaml"]\nbaseline = "out/known.json"\n', encoding="utf-8"
    )
    done = run("doctor", "--write-baseline")
    assert (done.status, OUTSIDE in done.err) == (2, True), done


@posix
def test_a_correction_stays_in_the_project(project: Project, run: Run, tmp_path: Path) -> None:
    """The spec's folder is a link that leads out of the project."""
    outside = tmp_path / "elsewhere"
    outside.mkdir()
    project.credential("app: {callback_urls: ['http://n8n.acme.com/rest/oauth2-credential/callback']}\n",
                       name="acme.yaml")  # fmt: skip
    shutil.move("acme.yaml", outside / "acme.yaml")
    Path("credentials").symlink_to(outside)
    before = (outside / "acme.yaml").read_text(encoding="utf-8")
    done = run("doctor", "--fix", "credentials/acme.yaml")
    assert (done.status, OUTSIDE in done.err) == (2, True)
    assert (outside / "acme.yaml").read_text(encoding="utf-8") == before


@posix
def test_a_link_above_the_project_is_the_persons_own(
    project: Project, run: Run, tmp_path: Path
) -> None:
    """For example, /tmp on macOS is a link."""
    project.credential(KEYS, name="credentials/acme.yaml")
    Path("secrets").mkdir()
    (tmp_path / "way").symlink_to(tmp_path / "work")
    os.chdir(tmp_path / "way")
    assert run("keygen", "acme-crm").status == 0
    assert run("render", tmp_path / "way/credentials/acme.yaml", "-o", tmp_path / "way/secrets/o.json").status == 0  # fmt: skip
    (tmp_path / "outside").mkdir()
    (tmp_path / "there").symlink_to(tmp_path / "outside")
    assert run("render", "credentials/acme.yaml", "-o", tmp_path / "there/o.json").status == 0


@posix
def test_nor_in_the_working_folder_of_another_project(
    project: Project, run: Run, tmp_path: Path, linked: Callable[[str], Path]
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "sfcred.toml").touch()
    for file in (project.credential().name, "acme.key", "acme.crt"):
        shutil.move(file, other / file)
    linked("out")
    done = run("render", other / "acme.yaml", "-o", "out/x.json")
    assert (done.status, LINKED in done.err) == (2, True), done
    assert run("render", other / "acme.yaml", "-o", "x.json").status == 0


# -- a spec can't write outside its project


@pytest.mark.parametrize("where", ["../../new", "{tmp}/new", "../x/../../new"])
def test_a_spec_writes_nowhere_else(project: Project, run: Run, tmp_path: Path, where: str) -> None:
    where = where.format(tmp=tmp_path)
    Path("x").mkdir()
    keys = f"jwt: {{private_key: {{file: {where}.key}}, certificate: {where}.crt}}\n"
    project.credential(keys, name="credentials/acme.yaml")
    project.credential(
        f"name: web\nn8n: {{id: web}}\noauth2: {{refresh_token: {{file: {where}.token}}}}\n",
        "oauth2", name="credentials/web.yaml",
    )  # fmt: skip
    for command in (("keygen", "acme-crm"), ("login", "web", "--no-check")):
        done = run(*command)
        assert (done.status, "outside the project" in done.err) == (2, True), done
    assert list(tmp_path.glob("new*")) == []
    assert run("keygen", "acme-crm", "--force").status == 0
    assert (tmp_path / "new.key").exists()


@pytest.mark.parametrize("setting", ["baseline = '../known.json'\npaths = ['acme.yaml']\n", "paths = ['../elsewhere']\n"])  # fmt: skip
def test_nor_does_a_configuration(project: Project, run: Run, tmp_path: Path, setting: str) -> None:
    project.credential("n8n: {version: null}\n")
    Path("sfcred.toml").write_text(setting, encoding="utf-8")
    Path("export.json").write_text(json.dumps([oauth2_entry()]), encoding="utf-8")
    command = ("doctor", "--write-baseline") if "baseline" in setting else ("import", "export.json")
    done = run(*command)
    assert (done.status, "outside the project" in done.err) == (2, True), done
    assert sorted(p.name for p in tmp_path.iterdir()) == ["home", "work"]


@pytest.mark.parametrize("kind", ["file", "env", "dotenv"])
def test_but_a_person_may_choose_any_place(run: Run, tmp_path: Path, kind: str) -> None:
    Path("export.json").write_text(json.dumps([oauth2_entry()]), encoding="utf-8")
    (tmp_path / "elsewhere").mkdir()
    done = run("import", "export.json", "-o", tmp_path / "elsewhere/specs", "--secrets", kind)
    assert done.status in (0, 1), done
    assert len(list((tmp_path / "elsewhere/specs").iterdir())) == 1
    assert (tmp_path / "elsewhere/secrets").exists() is (kind != "dotenv")


# -- modes


@posix
@pytest.mark.parametrize("mask", [0o000, 0o022, 0o027, 0o077])
def test_the_umask_counts_for_what_is_no_secret(
    project: Project, run: Run, mask: int, workshop: Workshop
) -> None:
    project.credential("jwt: {private_key: {file: new.key}, certificate: new.crt}\n")
    Path("export.json").write_text(json.dumps([oauth2_entry()]), encoding="utf-8")
    Path("acme.yaml").chmod(0o640)
    before = os.umask(mask)
    try:
        run("keygen", "./acme.yaml")
        run("doctor", "acme.yaml", "-o", "report.txt")
        run("render", "acme.yaml", "-o", "out.json")
        run("init", "other", *JWT)
        run("import", "export.json")
    finally:
        os.umask(before)
    mode = {str(p): stat.S_IMODE(p.stat().st_mode) for p in Path().rglob("*")}
    for public in ("new.crt", "report.txt", "sfcred.toml", "credentials/other.yaml", ".gitignore"):
        assert mode[public] == 0o666 & ~mask, public
    for public in ("credentials", "certs", ".github/workflows"):
        assert mode[public] == 0o777 & ~mask, public
    secrets = [name for name in mode if name.startswith("secrets/")]
    assert secrets
    for secret in ("new.key", "out.json", *secrets):
        assert mode[secret] == 0o600, secret
    assert mode["secrets"] == 0o700 & ~mask


@posix
def test_what_is_there_keeps_its_mode(project: Project, run: Run) -> None:
    project.credential("app: {callback_urls: ['http://n8n.acme.com/rest/oauth2-credential/callback']}\n")  # fmt: skip
    Path("acme.yaml").chmod(0o640)
    Path("report.txt").write_text("before", encoding="utf-8")
    Path("report.txt").chmod(0o604)
    run("doctor", "--fix", "acme.yaml", "-o", "report.txt")
    assert has_mode(Path("acme.yaml"), 0o640)
    assert has_mode(Path("report.txt"), 0o604)
    Path("out.json").write_text("x", encoding="utf-8")
    Path("out.json").chmod(0o644)
    assert run("render", "acme.yaml", "-o", "out.json", "--force", "--no-check").status == 0
    assert has_mode(Path("out.json"), 0o600)


@pytest.mark.skipif(not is_root, reason="only root can give files away")
def test_what_is_there_keeps_its_owner(project: Project, run: Run) -> None:
    """As root in a container, on another user's files."""
    project.credential()
    Path("report.txt").write_text("before", encoding="utf-8")
    os.chown("report.txt", 1234, 1234)
    run("doctor", "acme.yaml", "-o", "report.txt")
    assert Path("report.txt").read_text(encoding="utf-8") != "before"
    assert Path("report.txt").stat().st_uid == 1234


# -- targets that aren't files


@posix
@pytest.mark.parametrize("target", ["/dev/full", "/dev/null", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "pipe", "folder", "", ".", "folder/..", "nowhere/at/x", "acme.key/x"])  # fmt: skip
@pytest.mark.parametrize("force", [[], ["--force"]])
def test_a_target_that_is_no_file(
    project: Project, run: Run, target: str, force: list[str]
) -> None:
    os.mkfifo("pipe")
    Path("folder").mkdir()
    project.credential()
    before = sorted(Path().rglob("*"))
    done = run("render", "acme.yaml", "-o", target, *force)
    assert (done.status, done.err.count("\n")) == (2, 2), done
    assert run("doctor", "acme.yaml", "-o", target).status == 2
    assert sorted(Path().rglob("*")) == before


def test_secrets_may_go_to_memory(project: Project, run: Run, tmp_path: Path) -> None:
    if not Path("/dev/shm").is_dir():  # noqa: S108 - this path is what is tested
        pytest.skip("this system has none")
    target = Path(f"/dev/shm/sfcred-{os.getpid()}.json")  # noqa: S108 - as above
    try:
        assert run("render", project.credential(), "-o", target).status == 0
        assert has_mode(target, 0o600)
    finally:
        target.unlink(missing_ok=True)


@posix  # Windows deletes no folder that a process works in
def test_a_deleted_working_folder(workshop: Workshop, tmp_path: Path) -> None:
    """With absolute paths, there is still something to do."""
    spec = tmp_path / "spec.yaml"
    (tmp_path / "acme.key").write_text(workshop.text("rsa-2048"), encoding="utf-8")
    spec.write_text("version: 1\nname: x\nenvironment: sandbox\nflow: jwt\nclient_id: {env: X}\n"
                    "jwt: {username: a@b.c, private_key: {file: acme.key}}\n", encoding="utf-8")  # fmt: skip
    gone = tmp_path / "gone"
    code = f"import os; os.mkdir({str(gone)!r}); os.chdir({str(gone)!r}); os.rmdir({str(gone)!r})\n"
    code += "import sys; from sfcred.cli import main; sys.exit(main(sys.argv[1:]))"
    for command in (("doctor", str(spec)), ("doctor", str(spec), "-o", str(tmp_path / "r.txt"))):
        done = subprocess.run(
            [sys.executable, "-c", code, *command],
            capture_output=True, encoding="utf-8", check=False, env={**os.environ, **ENVIRON},
        )  # fmt: skip
        assert done.returncode in (0, 1, 4), done
        assert "Traceback" not in done.stderr
    assert REFRESH_TOKEN not in (tmp_path / "r.txt").read_text(encoding="utf-8")


@pytest.mark.timed
@pytest.mark.parametrize("part", ["keys/../", "nowhere/", "../", "./", "keys//"])
def test_a_path_of_many_steps_costs_nothing(project: Project, run: Run, part: str) -> None:
    """A spec can be large, and each step of a path is a call to the system."""
    Path("keys").mkdir()
    times = 4000 // len(part)
    fields = (f"jwt: {{private_key: {{file: '{part * times}x'}}, certificate: '{part * times}x'}}\n"
              f"n8n: {{env_file: '{part * times}x'}}\n")  # fmt: skip
    begin = time.process_time()
    done = run("doctor", project.credential(fields), "--require-secrets")
    assert time.process_time() - begin < 2
    assert done.status == 1


# -- render's own folder


@posix
@pytest.mark.parametrize("target", ["../elsewhere", "../missing", "public", ".git/hooks"])
@pytest.mark.parametrize("start", [".", "credentials"])
@pytest.mark.parametrize("options", [(), ("--separate",)], ids=["one file", "separate"])
def test_render_s_folder_is_no_link(
    project: Project, run: Run, target: str, start: str, options: tuple[str, ...]
) -> None:
    subprocess.run(["git", "init", "--quiet"], check=True)
    Path("sfcred.toml").touch()
    Path(".gitignore").write_text("rendered/\nrendered\n", encoding="utf-8")
    for folder in ("../elsewhere", "public"):
        Path(folder).mkdir()
    project.material("credentials/acme.key", "rsa-2048")
    project.material("credentials/acme.crt", "certificate")
    project.credential("{}\n", "jwt", "credentials/acme.yaml")
    Path("rendered").symlink_to(target)
    before = sorted(Path("..").rglob("*.json"))
    os.chdir(start)
    done = run("render", *options, "--no-check", str(project.folder / "credentials/acme.yaml"))
    assert done.status == 2, done
    assert "a symbolic link" in done.err
    os.chdir(project.folder)
    assert sorted(Path("..").rglob("*.json")) == before
