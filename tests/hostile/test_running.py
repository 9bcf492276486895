"""Programs that sfcred starts end with it, whenever it ends, and within their limits."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Outcome
from tests.helpers.project import Project
from tests.helpers.systems import make_executable

Run = Callable[..., Outcome]

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals and sessions")

KEY = {"recipient": "age1x", "enc": "-----BEGIN AGE ENCRYPTED FILE-----\nx\n-----END AGE ENCRYPTED FILE-----\n"}  # fmt: skip
# Run sfcred, and send a signal in the middle of the first call of a function.
AT_THE_WORST_MOMENT = """
import importlib, os, sys
module, name, number = sys.argv.pop(1), sys.argv.pop(1), int(sys.argv.pop(1))
place = importlib.import_module(module)
owner, _, attribute = name.rpartition(".")
owner = getattr(place, owner) if owner else place
real = getattr(owner, attribute)
def then_a_signal(*given, **options):
    found = real(*given, **options)
    os.kill(os.getpid(), number)
    for _ in range(1000):
        pass
    return found
setattr(owner, attribute, then_a_signal)
from sfcred.__main__ import run
run()
"""


@pytest.fixture
def project(project: Project) -> Project:
    """Create a project with a SOPS secret, and a key that sfcred asks git about."""
    project.credential("oauth2: {client_secret: {sops: s.json}}\n", "oauth2", "credentials/a.yaml")
    Path("credentials/s.json").write_text(
        json.dumps({"data": "x", "sops": {"age": [KEY]}}), encoding="utf-8"
    )
    return project


def put_program(tmp_path: Path, name: str, script: str) -> Path:
    """Write a program outside the project, and return its folder."""
    folder = tmp_path / "programs"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    make_executable(folder / name)
    return folder


def lives(pid: str) -> bool:
    """Return whether a process lives. A killed one can wait for its parent to notice: its state is then Z."""
    done = subprocess.run(["ps", "-o", "stat=", "-p", pid], capture_output=True, encoding="utf-8", check=False)  # fmt: skip
    return done.stdout.strip()[:1] not in ("", "Z")


def survivors(pids: Path) -> list[str]:
    """Return the recorded processes that still exist a moment later."""
    left = pids.read_text(encoding="utf-8").split() if pids.exists() else []
    for _ in range(40):
        left = [pid for pid in left if lives(pid)]
        time.sleep(0.05 if left else 0)
    for pid in left:
        os.kill(int(pid), signal.SIGKILL)
    return left


SIGNALS = ["SIGTERM", "SIGHUP", "SIGQUIT", "SIGINT"]


@pytest.mark.parametrize("name", SIGNALS)
@pytest.mark.parametrize("program", ["sops", "git"])
@pytest.mark.parametrize("moment", ["subprocess Popen", "subprocess Popen._execute_child"])
def test_a_signal_while_a_program_starts_leaves_none(
    project: Project, tmp_path: Path, name: str, program: str, moment: str
) -> None:
    pids, temporary = tmp_path / "pids", tmp_path / "temporary"
    temporary.mkdir()
    folder = put_program(tmp_path, program, f"echo $$ >> {pids}\nexec sleep 30")
    if program == "git":
        subprocess.run(["git", "init", "--quiet"], check=True)
        project.material("acme.key", "rsa-2048")
        project.credential("jwt: {private_key: {file: ../acme.key}}\n", name="credentials/a.yaml")
    number = getattr(signal, name)
    done = subprocess.run(
        [sys.executable, "-c", AT_THE_WORST_MOMENT, *moment.split(), str(number), "doctor", "--require-secrets"],
        env={**os.environ, "PATH": f"{folder}:{os.environ['PATH']}", "TMPDIR": str(temporary)},
        capture_output=True, encoding="utf-8", check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == (130 if name == "SIGINT" else -number), done.stderr
    assert survivors(pids) == []
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("name", SIGNALS)
def test_a_signal_while_a_folder_is_made_leaves_none(
    project: Project, tmp_path: Path, name: str
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    folder = put_program(tmp_path, "sops", "exec sleep 30")
    done = subprocess.run(
        [sys.executable, "-c", AT_THE_WORST_MOMENT, "os", "mkdir", str(int(getattr(signal, name))), "doctor", "--require-secrets"],
        env={**os.environ, "PATH": f"{folder}:{os.environ['PATH']}", "TMPDIR": str(temporary)},
        capture_output=True, encoding="utf-8", check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode != 0
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("name", SIGNALS)
def test_a_signal_ends_a_container_whose_only_process_is_sfcred(
    project: Project, tmp_path: Path, name: str
) -> None:
    """The kernel doesn't end process 1 by a signal that it has no handler for: `docker stop` would wait."""
    first = ["unshare", "--map-root-user", "--pid", "--fork", "--kill-child"]
    if not shutil.which("unshare") or subprocess.run([*first, "true"], check=False).returncode:
        pytest.skip("needs unshare, and the right to use it")
    number = int(getattr(signal, name))
    folder = put_program(tmp_path, "sops", "exec sleep 30")
    done = subprocess.run(
        [*first, sys.executable, "-c", AT_THE_WORST_MOMENT, "subprocess", "Popen", str(number), "doctor", "--require-secrets"],
        env={**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"},
        capture_output=True, encoding="utf-8", check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 128 + number, done


def test_a_program_that_is_ended_by_no_signal_is_not_made_deaf(
    project: Project, tmp_path: Path
) -> None:
    """A signal that sfcred blocks must not stay blocked in the program and in everything that it starts."""
    told = tmp_path / "told"
    folder = put_program(tmp_path, "sops", f"grep SigBlk /proc/self/status > {told}; exit 1")
    subprocess.run(
        [sys.executable, "-m", "sfcred", "doctor", "--require-secrets"],
        env={**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}, check=False, capture_output=True,
    )  # fmt: skip
    assert int(told.read_text(encoding="utf-8").split()[1], 16) == 0


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_signal_while_a_thread_waits_for_a_program(
    project: Project, tmp_path: Path, name: str
) -> None:
    """Live checks read secrets in threads, which sfcred doesn't wait for after Ctrl-C."""
    pids, temporary = tmp_path / "pids", tmp_path / "temporary"
    temporary.mkdir()
    folder = put_program(tmp_path, "sops", f"echo $$ >> {pids}\nexec sleep 30")
    process = subprocess.Popen(
        [sys.executable, "-m", "sfcred", "doctor", "--live", "--select", "SFC9"],
        env={**os.environ, "PATH": f"{folder}:{os.environ['PATH']}", "TMPDIR": str(temporary)},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    for _ in range(200):
        if pids.exists() and pids.read_text(encoding="utf-8"):
            break
        time.sleep(0.05)
    process.send_signal(getattr(signal, name))
    process.wait(20)
    assert survivors(pids) == []
    assert list(temporary.iterdir()) == []


# -- limits

HOLDER = "import os, sys, time; os.setsid(); open(sys.argv[1], 'a').write(f'{os.getpid()}\\n'); time.sleep(30)"  # fmt: skip
SHAPES = {
    "never ends": "sleep 30",
    "never stops writing": "cat /dev/zero",
    "never stops complaining": "cat /dev/zero >&2",
    "closes its output and goes on": "exec >&- 2>&-; sleep 30",
    "a child keeps the output open": "sleep 30 & exit 0",
    "a child of another session keeps the output open": f'{sys.executable} -c "{HOLDER}" PIDS & exit 0',
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("program", ["sops", "git"])
def test_what_does_not_end_is_ended(
    project: Project, tmp_path: Path, program: str, shape: str
) -> None:
    pids = tmp_path / "pids"
    folder = put_program(tmp_path, program, SHAPES[shape].replace("PIDS", str(pids)))
    if program == "git":
        subprocess.run(["git", "init", "--quiet"], check=True)
        project.material("acme.key", "rsa-2048")
        project.credential("jwt: {private_key: {file: ../acme.key}}\n", name="credentials/a.yaml")
    shorter = (
        "import sfcred.git as g, sfcred.secrets.sops_run as s; g._PATIENCE = s.LIMIT = 2;"
        "from sfcred.__main__ import run; run()"
    )
    begin = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", shorter, "doctor", "--require-secrets"],
        env={**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"},
        capture_output=True, encoding="utf-8", check=False, timeout=60,
    )  # fmt: skip
    survivors(pids)
    told = " ".join((done.stdout + done.stderr).split())
    assert time.monotonic() - begin < 25
    assert "Traceback" not in told
    if program == "git":
        assert "took too long or listed too much" in told
    else:
        assert "SOPS: timed out" in told or "is larger than" in told


@pytest.mark.parametrize("program", ["sops", "git"])
def test_what_a_program_leaves_behind_is_ended(
    project: Project, tmp_path: Path, program: str
) -> None:
    pids = tmp_path / "pids"
    script = f"sleep 30 >/dev/null 2>&1 </dev/null &\necho $! >> {pids}\n"
    script += f'exec {shutil.which("git")} "$@"' if program == "git" else "echo '{}'"
    folder = put_program(tmp_path, program, script)
    if program == "git":
        subprocess.run(["git", "init", "--quiet"], check=True)
        project.material("acme.key", "rsa-2048")
        project.credential("jwt: {private_key: {file: ../acme.key}}\n", name="credentials/a.yaml")
    subprocess.run(
        [sys.executable, "-m", "sfcred", "doctor", "--require-secrets"],
        env={**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"},
        capture_output=True, check=False, timeout=60,
    )  # fmt: skip
    assert pids.exists()
    assert survivors(pids) == []


@pytest.mark.parametrize("module", ["sfcred.memory", "warnings", "sfcred.cli", "sfcred.ending"])
def test_ctrl_c_while_sfcred_starts_shows_no_traceback(module: str) -> None:
    code = (
        "import sys\n"
        "from sfcred.__main__ import run\n"
        "class Press:\n"
        "    def find_spec(self, name, *_more):\n"
        f"        if name == {module!r}:\n"
        "            sys.meta_path.remove(self)\n"
        "            raise KeyboardInterrupt\n"
        f"sys.modules.pop({module!r}, None)\n"
        "sys.meta_path.insert(0, Press())\n"
        "sys.argv = ['sfcred', '--version']\n"
        "run()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "interrupted\n")
