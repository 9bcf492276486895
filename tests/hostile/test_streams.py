"""Streams that are closed, full, gone or in another encoding: the verdict stays, without a traceback.

Each command runs as a separate process, started by a shell that treats its streams as people do.
"""

import json
import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.helpers.project import Project

SFCRED = f"{shlex.quote(sys.executable)} -m sfcred"
WRONG = "environment: production\n"
BAD = ("Traceback", "Exception ignored", "a bug in sfcred", "Errno", "Fatal")

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a POSIX shell closes the streams")


def shell(script: str, **environ: str) -> "subprocess.CompletedProcess[bytes]":
    """Run a script in which SFCRED is the command. It uses our streams, unless it redirects them."""
    done = subprocess.run(
        ["sh", "-c", script.replace("SFCRED", SFCRED)],
        env={**os.environ, **environ},
        capture_output=True,
        stdin=subprocess.DEVNULL,
        timeout=60,
        check=False,
    )
    for word in BAD:
        assert word not in (done.stdout + done.stderr).decode("utf-8", "replace"), done
    return done


#: Commands that need no network, in a project with one invalid spec.
COMMANDS = (
    "--version", "--help", "", "nothing", "doctor", "doctor --help", "doctor --format json", "doctor --format github",
    "doctor --format html", "doctor --diff", "doctor -o report.txt", "doctor -", "doctor nowhere", "doctor --no-such",
    "resolve", "render -o x.json", "render", "app -o app", "explain", "explain SFC104", "explain --error -",
    "schema report", "completion bash", "init", "login acme-crm", "guide acme-crm", "keygen nobody", "import nothing.json",
    "import -", "diff --export -", "push", "local-org --refuse list",
)  # fmt: skip
CLOSED = (">&-", "<&- 2>&-", "<&- >&- 2>&-")


@pytest.mark.parametrize("command", COMMANDS)
def test_closed_streams_change_no_verdict(project: Project, command: str) -> None:
    project.credential(WRONG, name="credentials/acme.yaml")
    lines = "; ".join(f"SFCRED {command} {closed}; echo status $? >&9" for closed in ("", *CLOSED))
    # The shell's own messages go to another stream, which none of the commands has.
    shell(f"exec 9> told; {lines}".replace("SFCRED", "SFCRED 9>&-"))
    told = Path("told").read_text(encoding="utf-8").splitlines()
    assert len(told) == 1 + len(CLOSED)
    assert set(told) == {told[0]}
    assert told[0] in ("status 0", "status 1", "status 2")


def test_a_verdict_outlives_its_streams(project: Project) -> None:
    project.credential(WRONG, name="credentials/acme.yaml")
    assert shell("SFCRED doctor <&- >&- 2>&-").returncode == 1
    project.credential(name="credentials/acme.yaml")
    Path("credentials/acme.key").write_bytes(project.workshop.content("rsa-2048"))
    Path("credentials/acme.crt").write_bytes(project.workshop.content("certificate"))
    Path("credentials/acme.key").chmod(0o600)
    assert shell("SFCRED doctor <&- >&- 2>&-").returncode == 0


def test_what_is_printed_never_goes_into_a_file(project: Project) -> None:
    """The next file, which can be a key, would get a closed stream's number."""
    spec = project.credential("jwt: {private_key: {file: new.key}, certificate: new.crt}\n")
    done = shell(f"SFCRED keygen ./{spec.name} <&- >&- 2>&-")
    assert done.returncode == 0
    key = Path("new.key").read_text(encoding="ascii")
    assert key.startswith("-----BEGIN PRIVATE KEY-----\n")
    assert key.endswith("-----END PRIVATE KEY-----\n")
    done = shell(f"SFCRED doctor ./{spec.name} -o json=report.json <&- >&- 2>&-")
    json.loads(Path("report.json").read_text(encoding="utf-8"))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has /dev/full")
def test_a_full_device_is_told_and_no_bug(project: Project) -> None:
    project.credential(WRONG, name="credentials/acme.yaml")
    for command in ("--version", "--help", "doctor", "doctor --help", "doctor --format json", "doctor --format html", "resolve", "explain", "schema", "completion bash", "local-org --refuse list", "guide acme-crm", "doctor --diff"):  # fmt: skip
        done = shell(f"SFCRED {command} > /dev/full")
        assert done.returncode == 3, command
        assert b"no space left" in done.stderr
    # If no stream is left, the exit status stays.
    for command, status in (("doctor", 1), ("doctor nowhere", 2), ("--no-such", 2), ("app -o app", 1)):  # fmt: skip
        assert shell(f"SFCRED {command} 2> /dev/full").returncode == status, command
    assert shell("SFCRED doctor > /dev/full 2> /dev/full").returncode == 3


@pytest.mark.parametrize("command", ["--help", "doctor", "doctor --format json", "doctor --format html", "explain", "schema", "completion zsh", "resolve"])  # fmt: skip
def test_a_reader_that_left_changes_no_verdict(project: Project, command: str) -> None:
    project.credential(WRONG, name="credentials/acme.yaml")
    lines = f"SFCRED {command} > /dev/null; echo $? > first; (SFCRED {command} 2> err; echo $? > second) | true"
    shell(lines + "; until [ -s second ]; do sleep 0.1; done")
    assert Path("first").read_text("utf-8") == Path("second").read_text("utf-8")
    assert Path("err").read_text("utf-8") == ""


@pytest.mark.parametrize(
    ("command", "status"),
    [("--version", 0), ("--help", 0), ("explain SFC104", 0), ("schema", 0), ("completion bash", 0),
     ("doctor", 2), ("doctor x.yaml", 2), ("resolve", 2), ("render -o x", 2), ("app -o x", 2), ("guide a", 2),
     ("keygen a", 2), ("login a", 2), ("init --no-input", 2), ("import x", 2), ("diff --export x", 2),
     ("push --n8n http://n8n.invalid", 2), ("local-org", 2), ("doctor -", 2), ("doctor -o x", 2)],
)  # fmt: skip
def test_a_working_folder_that_is_gone(command: str, status: int) -> None:
    Path("gone").mkdir()
    done = shell(f"cd gone; rmdir ../gone; SFCRED {command}", N8N_API_KEY="x")
    assert done.returncode == status, done
    assert done.stderr if status else done.stdout


def test_very_long_arguments(project: Project) -> None:
    project.credential(name="credentials/acme.yaml")
    for word in ("a" * 300, "d/" * 40_000 + "x.yaml"):
        for command in (f"doctor {word}", f"doctor --{word}", f"doctor -o {word}", f"guide {word}", f"render -o {word}", f"app -o {word}", f"explain {word}", f"import {word}", f"diff --export {word}", f"doctor --baseline {word}", f"{word}", f"doctor - --stdin-filename {word}"):  # fmt: skip
            done = shell(f"SFCRED {command}")
            assert done.returncode in (0, 1, 2), (done.returncode, command[:40], done.stderr[-300:])
            assert len(done.stderr) < 6000, command[:40]


@pytest.mark.parametrize(
    "content", [b"\x00" * 5000, b"\xff\xfe\x00a", os.urandom(5000), b"", b"\n" * 100_000]
)
def test_standard_input_that_is_no_text(project: Project, content: bytes) -> None:
    project.credential(name="credentials/acme.yaml")
    Path("in").write_bytes(content)
    for command in ("doctor -", "explain --error -", "import -", "diff --export -"):
        done = shell(f"SFCRED {command} < in", PYTHONIOENCODING="utf-8:strict")
        assert done.returncode in (1, 2), (command, done)


def test_standard_input_that_can_t_be_read(project: Project) -> None:
    """A stream that is open only for writing."""
    project.credential(name="credentials/acme.yaml")
    for command in ("doctor -", "explain --error -", "import -", "diff --export -"):
        done = shell(f"SFCRED {command} 0> out")
        assert done.returncode == 2, done
        assert b"standard input" in done.stderr


# -- encodings


_FORMS = ("json", "sarif", "gitlab", "junit", "html", "github")


# Each format once. All of them are printed by one function, so one is enough for other encodings.
@pytest.mark.parametrize(("environ", "forms"), [({"PYTHONIOENCODING": "ascii"}, ("json",)), ({"PYTHONIOENCODING": "cp1252"}, ("sarif",)), ({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, _FORMS)])  # fmt: skip
def test_formats_for_programs_are_utf_8(
    project: Project, environ: dict[str, str], forms: tuple[str, ...]
) -> None:
    project.credential("jwt: {certificate: 'Größe… 日本 😀'}\n", name="credentials/acme.yaml")
    files = " ".join(f"-o {form}=file.{form}" for form in forms)
    shell(f"SFCRED doctor {files}", **environ)
    for form in forms:
        text = shell(f"SFCRED doctor --format {form}", **environ).stdout.decode("utf-8")
        assert "Größe… 日本 😀" in text
        assert not text.startswith("\ufeff")
        assert "\r" not in text
        assert _timeless(text) == _timeless(Path(f"file.{form}").read_bytes().decode("utf-8"))
    for command in ("resolve --format json", "schema", "guide acme-crm --format html"):
        shell(f"SFCRED {command}", **environ).stdout.decode("utf-8")


def _timeless(text: str) -> str:
    return text if "UTC, sfcred" not in text else text.partition("UTC, sfcred")[2]


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp437"])
def test_text_stays_readable_on_old_consoles(project: Project, encoding: str) -> None:
    project.credential("jwt: {certificate: 'Größe 日本'}\n", name="credentials/acme.yaml")
    done = shell(
        "SFCRED doctor; SFCRED doctor --format concise; SFCRED guide acme-crm",
        PYTHONIOENCODING=encoding,
    )
    text = done.stdout.decode(encoding)
    assert "\\u65e5\\u672c" in text
    assert ("Größe" in text) == (encoding != "ascii")
    assert done.stderr == b""
    assert "\\u2026" not in text


# -- terminals, signals


def test_ctrl_c_at_any_time(project: Project) -> None:
    """Whenever it comes, the status is 130, or the verdict if that was already out, without a traceback."""
    for number in range(150):
        project.credential(f"name: acme-{number}\n", name=f"credentials/{number}.yaml")
    for tenth in (2, 4, 5, 6, 7, 9):
        running = subprocess.Popen(
            [sys.executable, "-m", "sfcred", "doctor", "--format", "html"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        time.sleep(tenth * 0.08)
        running.send_signal(signal.SIGINT)
        _out, err = running.communicate(timeout=60)
        # Before Python has reached sfcred, the traceback is Python's own.
        if tenth > 4:
            assert running.returncode in (130, 0, 1, -signal.SIGINT)
            for word in BAD:
                assert word not in err.decode()


def test_a_terminal_that_goes_away(project: Project) -> None:
    """The window is closed: the system's hang-up ends the process, or its output is lost."""
    for number in range(50):
        project.credential(f"name: acme-{number}\n", name=f"credentials/{number}.yaml")
    pty = pytest.importorskip("pty")
    child, terminal = pty.fork()
    if child == 0:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        os.execv(sys.executable, [sys.executable, "-m", "sfcred", "doctor", "-v"])  # noqa: S606
    time.sleep(0.1)
    os.close(terminal)
    _pid, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) in (0, 1, 3)


def test_xml_is_read_whatever_the_console(project: Project) -> None:
    project.credential(WRONG, name="credentials/acme.yaml")
    done = shell("SFCRED doctor --format junit", PYTHONIOENCODING="ascii")
    assert ET.fromstring(done.stdout).tag == "testsuites"
