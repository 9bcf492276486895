"""sfcred on an imitation of Windows (tests/helpers/windows.py says what is imitated, and what isn't).

What it reports and writes is compared with what it does here.
"""

import errno
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sfcred.cli.streams import SafeStream
from sfcred.init.ci_files import Job, job_for
from sfcred.installed import Installation
from sfcred.report import format_names
from sfcred.text import shell
from tests.conftest import Outcome
from tests.helpers.project import CONSUMER_KEY, Project

IMITATION = Path(__file__).parents[1] / "helpers/windows.py"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="imitated on POSIX systems only")


def run(*arguments: str, windows: bool, **environ: str) -> Outcome:
    program = [str(IMITATION)] if windows else ["-m", "sfcred"]
    if windows:
        environ |= {"PATH": "C:" + str(_programs()).replace("/", "\\"), "PATHEXT": ".exe"}
    done = subprocess.run(
        [sys.executable, *program, *arguments],
        env={**os.environ, "PYTHONIOENCODING": "cp1252", **environ}, capture_output=True, check=False,
    )  # fmt: skip
    out, err = done.stdout.decode("utf-8", "replace"), done.stderr.decode("cp1252")
    assert "Traceback" not in err, err
    assert "a bug in sfcred" not in err
    return Outcome(done.returncode, out, err)


def _programs() -> Path:
    """A folder with git by its name on Windows, outside the project."""
    folder = Path.home() / "programs"
    folder.mkdir(exist_ok=True)
    program, found = folder / "git.exe", shutil.which("git")
    if found and not program.exists():
        program.symlink_to(found)
    return folder


_ANSWERS = (
    *("--my-domain", "https://acme--uat.sandbox.my.salesforce.com", "--username", "n8n@acme.com.uat"),
    *("--contact-email", "crm@acme.com", "--n8n-url", "https://n8n.acme.com", "--no-input"),
)  # fmt: skip
_TARGETS = (r"\\evil.example\share", "//evil.example/share")
_LINKED = (
    *("workflows", "secrets", "certs", "app", "rendered", "export.json", "sfcred-baseline.json"),
    *(".github", ".sops.yaml", ".pre-commit-config.yaml", "compose.yaml", "pyproject.toml"),
)
#: Each command that reads a project.
_EACH_COMMAND = (
    ("doctor", "--fix", "--dry-run"),
    ("doctor", "credentials", "--baseline", "sfcred-baseline.json"),
    ("list",),
    ("resolve",),
    ("needs", "--workflows", "workflows"),
    ("render", "-o", "rendered/credentials.json", "--force"),
    ("app", "-o", "app"),
    ("diff", "--export", "rendered"),
    ("import", "export.json", "--secrets", "dotenv"),
    ("keygen", "acme-crm", "--rotate"),
    ("push", "--n8n", "http://127.0.0.1:9", "--dry-run"),
    ("login", "acme-crm"),
    ("init", "acme", *_ANSWERS),
)


@pytest.fixture
def wrong(project: Project) -> Project:
    """A project in git with findings in its spec, and a name that no old console can show."""
    subprocess.run(["git", "init", "-q"], check=True)
    project.credential(
        "my_domain: https://acme--uat.sandbox.lightning.force.com\nn8n: {name: 'Größe 日本'}\n",
        name="credentials/acme.yaml",
    )
    for name in ("acme.key", "acme.crt"):
        shutil.move(name, f"credentials/{name}")
    return project


@pytest.fixture
def right(project: Project) -> Project:
    subprocess.run(["git", "init", "-q"], check=True)
    project.credential(name="credentials/acme.yaml")
    for name in ("acme.key", "acme.crt"):
        shutil.move(name, f"credentials/{name}")
    Path(".gitignore").write_text("*.key\nrendered/\n", encoding="utf-8")
    return project


def test_every_report_is_the_same(wrong: Project) -> None:
    """Byte for byte: paths have `/`, and formats for programs are UTF-8 without `\\r`."""
    forms = sorted(set(format_names()) - {"html", "openmetrics"})  # two that state the time
    options = [f"--output={form}=out/{form}" for form in forms]
    told = {}
    for windows in (False, True):
        Path("out").mkdir()
        assert run("doctor", *options, windows=windows).status == 1
        told[windows] = {form: Path("out", form).read_bytes() for form in forms}
        shutil.rmtree("out")
    for form in forms:
        assert told[True][form] == told[False][form], form
    assert b"SFC104" in told[True]["json"]
    assert run("doctor", "--format", "json", windows=True).out.encode() == told[True]["json"]
    text = run("doctor", windows=True).out
    assert text.replace("\r\n", "\n").count("\n") == text.count("\r")


def test_files_are_the_same(right: Project) -> None:
    """What is written is compared with what the same command writes here."""
    for command in (
        ("app", "-o", "out"),
        ("render", "-o", "out", "--force"),
        ("doctor", "--write-baseline", "--baseline", "out"),
    ):
        told = {}
        for windows in (False, True):
            done = run(*command, windows=windows)
            assert done.status == 0, (command, done)
            told[windows] = _taken("out")
        assert told[True] == told[False], command
        assert told[True]


def _taken(name: str) -> dict[str, bytes]:
    """Return the content of what was written, and remove it."""
    path = Path(name)
    files = [path] if path.is_file() else [one for one in path.rglob("*") if one.is_file()]
    content = {str(one): one.read_bytes() for one in files}
    if path.is_dir():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
    return content


@pytest.mark.parametrize("place", [".", "runneradmin/acme", "OneDrive/acme"])
def test_a_project_from_beginning_to_end(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """`init` to `push`, with paths as people write them on Windows, in folders as they have them."""
    Path(place).mkdir(parents=True, exist_ok=True)
    monkeypatch.chdir(place)
    done = run("init", "acme-crm", *_ANSWERS, "--n8n-version", "2.40.5", windows=True)
    assert done.status == 0, done
    assert "$env:ACME_CRM_CLIENT_ID = 'KEY'" in done.out
    own = {"ACME_CRM_CLIENT_ID": "3MVG9" + "aZ3kQ7xPwL0vN5mT" * 5}
    for status, *arguments in (
        (0, "keygen", "acme-crm"),
        (0, "doctor", "--require-secrets", "credentials\\acme-crm.yaml"),
        (0, "doctor", "credentials/acme-crm.yaml"),
        (0, "guide", ".\\credentials\\acme-crm.yaml"),
        (0, "render", "-o", "rendered\\credentials.json"),
        (0, "diff", "--export", "rendered\\credentials.json"),
        (0, "import", "rendered\\credentials.json"),
        (0, "keygen", "acme-crm", "--rotate"),
        (0, "local-org", "--refuse", "list"),
        (2, "push", "--n8n", "https://n8n.acme.com", "--dry-run"),
        (2, "needs"),
    ):  # fmt: skip
        done = run(*arguments, windows=True, **own)
        assert done.status == status, (arguments, done)
        assert "C:" not in done.out, done  # files of the project are named from here
    assert Path("secrets/acme-crm.key").is_file()
    assert "already exists" in run("keygen", "acme-crm", windows=True, **own).err
    assert run("completion", windows=True).out.startswith("Register-ArgumentCompleter")


@pytest.mark.parametrize(
    "path",
    [r"\\evil.example\share\key", "//evil.example/share/key", r"\\.\pipe\x", r"\??\C:\x", "NUL", "a/CON.key", "acme.key:stream", "C:acme.key", r"\\?\UNC\evil.example\share"],
)  # fmt: skip
def test_no_path_of_a_spec_leads_to_another_machine(project: Project, path: str) -> None:
    """An access would end the run, which `run` would notice."""
    project.credential(
        f"jwt: {{private_key: {{file: '{path}'}}, certificate: '{path}'}}\n"
        f"n8n: {{env_file: '{path}'}}\nclient_id: {{dotenv: X, path: '{path}'}}\n",
        name="credentials/acme.yaml",
    )
    done = run("doctor", "-v", windows=True)
    assert done.status in (0, 1, 4)
    assert "SFC005" in done.out


def test_no_link_of_a_repository_leads_to_another_machine(right: Project) -> None:
    """Git can create such links on Windows. An access would end the run, which `run` notices."""
    Path(".sfcred").symlink_to(_TARGETS[0])
    done = run("push", "--n8n", "http://127.0.0.1:9", windows=True, N8N_API_KEY="x")
    assert "symbolic link" in done.err
    Path("credentials/acme.yaml").unlink()
    right.credential(
        "client_id: {dotenv: ACME_ID}\nn8n: {env_file: ../.env}\n"
        "jwt: {private_key: {file: ../secrets/acme.key}, certificate: ../certs/acme.crt}\n",
        name="credentials/acme.yaml",
    )
    for number, name in enumerate(("credentials/more", ".env", *_LINKED)):
        Path(name).symlink_to(_TARGETS[number % 2])
    for arguments in _EACH_COMMAND:
        run(*arguments, windows=True, N8N_API_KEY="x")
    for name in ("credentials/evil.yaml", "sfcred.toml"):
        Path(name).symlink_to(_TARGETS[0])
        for arguments in (("doctor",), ("doctor", name)):
            assert run(*arguments, windows=True).status in (1, 2, 4)
        Path(name).unlink()


def test_a_reader_that_left_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows reports a closed pipe as an invalid argument."""

    class Closed(io.StringIO):
        def flush(self) -> None:
            raise OSError(errno.EINVAL, "Invalid argument")

    from sfcred.errors import WriteError

    with pytest.raises(WriteError):
        SafeStream(Closed(), name="output").write("x")
    monkeypatch.setattr(sys, "platform", "win32")
    SafeStream(Closed(), name="output").write("x")


def test_a_junction_is_not_searched(wrong: Project) -> None:
    """Windows counts it as a folder. This one leads to a folder above it."""
    Path("credentials/junction").symlink_to(Path.cwd())
    done = run("doctor", windows=True)
    assert done.status == 1, done
    assert "1 credential in 1 file" in done.out
    assert "junction is a link to a folder, which is not searched" in done.err


def test_a_folder_is_not_a_file_without_permission(right: Project) -> None:
    """Windows refuses to open a folder as if its permissions were at fault."""
    right.credential("jwt: {certificate: certs}\n", name="credentials/acme.yaml")
    Path("credentials/certs").mkdir()
    told = {windows: run("doctor", windows=windows).out for windows in (False, True)}
    assert "is a folder" in told[False], told[False]
    assert told[True].replace("\r\n", "\n") == told[False]


def test_a_read_only_file_leaves_nothing_behind(right: Project) -> None:
    """Windows neither replaces nor removes a file that is read-only, not even the new one."""
    assert (
        run("doctor", "--write-baseline", "--baseline", "baseline.json", windows=False).status == 0
    )
    Path("baseline.json").chmod(0o444)
    before = sorted(Path().rglob("*"))
    done = run("doctor", "--write-baseline", "--baseline", "baseline.json", windows=True)
    assert "could not be written" in done.err
    assert "another program has the file open" in done.err
    assert sorted(Path().rglob("*")) == before


def test_a_closed_console_ends_a_run_like_a_signal() -> None:
    """Windows sends SIGBREAK, and sfcred removes its temporary files on each such signal."""
    script = (
        "import signal, sys; signal.SIGBREAK = signal.SIGTTIN\n"
        "from sfcred import ending; ending.handle_signals()\n"
        "assert signal.getsignal(signal.SIGBREAK) is ending._end\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


# -- files that PowerShell writes: UTF-16 with >, and a byte order mark with -Encoding utf8


def test_an_environment_file_in_utf_16_is_not_one_that_states_nothing(project: Project) -> None:
    project.credential("client_id: {dotenv: ACME_ID}\nn8n: {env_file: n8n.env}\n", name="acme.yaml")
    Path(".env").write_bytes(f"ACME_ID={CONSUMER_KEY}\r\n".encode("utf-16"))
    Path("n8n.env").write_bytes("WEBHOOK_URL=https://n8n.acme.com/\r\n".encode("utf-16"))
    done = run("doctor", "acme.yaml", "--require-secrets", "--format", "json", windows=False)
    report = json.loads(done.out)
    (missing,) = [one for one in report["findings"] if one["check"] == "SFC005"]
    assert "the project's .env file is not UTF-8 text" in missing["message"]
    assert "n8n.env: is not UTF-8 text" in json.dumps(report["credentials"] + report["not_checked"])


def test_nothing_is_added_to_an_environment_file_in_utf_16(right: Project) -> None:
    """The file would be neither UTF-8 nor UTF-16 afterwards."""
    assert run("render", "-o", "rendered.json", "--force", windows=False).status == 0
    Path("credentials/acme.yaml").unlink()
    Path(".gitignore").write_text("*.key\n.env\n", encoding="utf-8")
    before = "OTHER=1\r\n".encode("utf-16")
    Path(".env").write_bytes(before)
    done = run("import", "rendered.json", "--secrets", "dotenv", windows=False)
    assert done.status != 0, done
    assert "not UTF-8 text" in done.out + done.err
    assert Path(".env").read_bytes() == before


def test_a_configuration_can_begin_with_a_byte_order_mark(right: Project) -> None:
    Path("sfcred.toml").write_text('ignore = ["SFC410"]\n', encoding="utf-8-sig")
    assert run("doctor", windows=False).status == 0


# -- commands that people copy


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (r"C:\Users\acme\x.yaml", r"C:\Users\acme\x.yaml"),
        ("secrets/größe.key", "secrets/größe.key"),
        (r"C:\Program Files\x", r"'C:\Program Files\x'"),
        ("it's", "'it''s'"),
        ("a’; calc; ‘b", "'a’’; calc; ‘‘b'"),  # PowerShell takes these quotes for its own
        ("$(calc)", "'$(calc)'"),
        ("a;b|c&d", "'a;b|c&d'"),
        ("a`b", "('' + 'a' + [char]96 + 'b')"),
        ("@x", "'@x'"),
        ("a,b", "'a,b'"),
        ("~/x", "'~/x'"),
        ("", "''"),
        ("a\x1bb\n", "('' + 'a' + [char]27 + 'b' + [char]10)"),
        ("-x", "./-x"),
        ("a.", "'a.'"),
        ("..", ".."),
    ],
)
def test_words_for_powershell(monkeypatch: pytest.MonkeyPatch, text: str, word: str) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert shell.for_shell(text) == word


def test_files_for_other_systems_have_their_quotes(monkeypatch: pytest.MonkeyPatch) -> None:
    """GitHub's runner and pre-commit use bash and sh, wherever `init` ran."""
    job = Job("credentials", "it's a/b", "x", None, "", None)
    entry = job.hook_entry
    assert shlex.split(shlex.split(entry)[2])[:2] == ["cd", "it's a/b"]
    folder = Path("it's mine")
    folder.mkdir()
    one = Installation(None, folder / "sfcred", "pip")
    package = job_for(folder, folder, folder, one).package
    monkeypatch.setattr(sys, "platform", "win32")
    assert job.hook_entry == entry
    assert job_for(folder, folder, folder, one).package == package


def test_commands_for_powershell(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shell.remove("a b", "c") == "rm 'a b' c"
    assert shell.then("cd x", "sf y") == "cd x && sf y"
    assert shell.set_variable("X", "KEY") == "export X=KEY"
    assert shell.create_folder("a b", private=True) == "mkdir -m 700 -p 'a b'"
    assert shell.program("/a b/python") == "'/a b/python'"
    assert shell.with_input("n8n -i", "a b") == "n8n -i < 'a b'"
    monkeypatch.setattr(sys, "platform", "win32")
    assert shell.remove("a b", "c") == "rm 'a b', c"
    assert shell.then("cd x", "sf y") == "cd x; if ($?) { sf y }"
    assert shell.set_variable("X", "KEY") == "$env:X = 'KEY'"
    assert shell.create_folder("a b", private=True) == "mkdir 'a b'"
    assert shell.program(r"C:\a b\python.exe") == r"& 'C:\a b\python.exe'"
    assert shell.program(r"C:\python.exe") == r"C:\python.exe"
    assert shell.with_input("n8n -i", "a b") == """cmd /c 'n8n -i < "a b"'"""


def test_the_imitation_lacks_what_windows_lacks() -> None:
    """It also notices an access to another machine, and a file that is opened as text."""
    script = (
        "import sys; sys.path.insert(0, sys.argv[1]); import windows; windows.imitate()\n"
        "names = {'__name__': 'sfcred.x', '__builtins__': __builtins__}\n"
        "exec('import os, signal, pathlib', names)\n"
        "assert not hasattr(names['os'], 'O_NOFOLLOW') and not hasattr(names['os'], 'geteuid')\n"
        "assert not hasattr(names['signal'], 'SIGHUP')\n"
        "assert str(names['pathlib'].Path('a/b').absolute()).startswith('C:')\n"
        "for act in ('import fcntl', 'os.open(__file__, os.O_RDONLY)', r'pathlib.Path(r\"\\\\x\\y\").exists()'):\n"
        "    try:\n"
        "        exec(act, {**names, '__file__': sys.argv[0]})\n"
        "    except (ModuleNotFoundError, windows.OutsideError):\n"
        "        continue\n"
        "    raise SystemExit(act)\n"
    )
    command = [sys.executable, "-c", script, str(IMITATION.parent)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr


def test_a_report_names_no_path_of_windows(wrong: Project) -> None:
    done = run("doctor", "--format", "json", windows=True)
    assert not re.search(r"credentials\\\\", done.out)
    assert json.loads(done.out)["findings"][0]["file"] == "credentials/acme.yaml"
