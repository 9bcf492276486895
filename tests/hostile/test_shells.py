"""A command that sfcred prints or writes runs nothing else, whichever shell it gets into.

People paste what messages suggest, and the names in it come from the repository. Each word is tried in all
of the shells that this machine has.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sfcred.init.ci_files import Job, hook_text
from sfcred.text.redact import redact
from sfcred.text.shell import for_sh
from sfcred.text.wrapping import wrapped_text
from tests.conftest import Outcome
from tests.helpers.project import Project
from tests.helpers.systems import needs_posix

Run = Callable[..., Outcome]
pytestmark = needs_posix
SHELLS = [
    command
    for command in (["sh"], ["dash"], ["bash"], ["zsh", "-f"], ["fish", "--no-config"], ["busybox", "sh"], ["ksh"])
    if shutil.which(command[0])
]  # fmt: skip
# Each ends a word's quotes for a shell or a console that reads them in another way.
NAMES = {
    "a control character": "a';touch PWNED; #\x01",  # $'…' in dash
    "a backslash": "a\\'\";touch PWNED;#",  # in '…' of fish
    "curly quotes": "a’;touch PWNED;’b",  # on old consoles, which lack them
    "a substitution": "a$(touch PWNED)b`touch PWNED`",
    "lines": "a\ntouch PWNED\nb",
}


def ran_more(script: str, shell: list[str]) -> bool:
    """Return whether a shell runs anything but a script's first command."""
    Path("PWNED").unlink(missing_ok=True)
    environ = {"PATH": os.environ["PATH"], "HOME": str(Path.cwd())}
    subprocess.run(
        [*shell, "-c", script], capture_output=True, env=environ, check=False, timeout=30
    )
    return Path("PWNED").exists()


@pytest.mark.parametrize("shell", SHELLS, ids=lambda one: one[0])
@pytest.mark.parametrize("name", NAMES)
def test_a_name_ends_no_quotes(shell: list[str], name: str) -> None:
    assert not ran_more(f"cd {for_sh(NAMES[name])}", shell)


SIGNS = [*"ab'\"\\$!#~={}()[]<>|&;*?%^:,. -_/@+’“–…é日", ";touch PWNED;", "$(touch PWNED)", " #"]


@settings(max_examples=25)
@given(st.lists(st.sampled_from(SIGNS), min_size=1, max_size=8).map("".join))
@example("=ls")
@example("\\")
@example("'\\''")
def test_every_shell_reads_the_same_word(text: str) -> None:
    word = for_sh(text)
    wanted = f"./{text}" if text.startswith("-") else text
    assert shlex.split(word) == [wanted]
    for shell in SHELLS:
        done = subprocess.run(
            [*shell, "-c", f"printf %s {word}"], capture_output=True, check=False,
            env={"PATH": os.environ["PATH"], "HOME": "/nowhere", "LC_ALL": "C.UTF-8"},
        )  # fmt: skip
        assert done.stdout.decode() == wanted, (shell, done)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "lines"])  # no spec has these
def test_nor_in_what_an_old_console_gets(project: Project, name: str) -> None:
    key = Path("credentials", f"{NAMES[name]}.key")
    reference = f"jwt: {{private_key: {{file: {json.dumps(key.name)}}}}}\n"
    project.credential(reference, "jwt", "credentials/a.yaml")
    project.material(str(key), "rsa-2048").chmod(0o644)
    done = subprocess.run(
        [sys.executable, "-m", "sfcred", "doctor", "--select", "SFC008"],
        env={**os.environ, "PYTHONIOENCODING": "ascii"}, capture_output=True, check=False,
    )  # fmt: skip
    command = done.stdout.decode().partition("hint: Run `")[2].partition("\n")[0]
    assert command.startswith("chmod "), done
    for shell in SHELLS:
        assert not ran_more(command.removesuffix("`."), shell), shell


MASKED = ["1" * 16, "a1" * 20, "Aa1/" * 15, "00D000000000001%21abcdefgh", f"5Aep{'a' * 16}", "eyJhbGciOiJI.eyJzdWIiOiI", "https://me@x"]  # fmt: skip


@pytest.mark.parametrize("text", MASKED)
def test_what_is_masked_in_a_command_has_quotes(text: str) -> None:
    assert "****" in redact(for_sh(text))
    assert re.fullmatch("'[^']*'", for_sh(text))


# What looks like a secret is printed as ****.
@pytest.mark.parametrize("name", ["*", "1234567890123456", "eyJhbGciOiJI.eyJzdWIiOiI"])
def test_a_command_for_one_file_is_for_no_other(project: Project, run: Run, name: str) -> None:
    project.credential(
        f"jwt: {{private_key: {{file: '{name}'}}, certificate: b}}\n", "jwt", "credentials/a.yaml"
    )
    key = project.material(f"credentials/{name}", "world-readable:rsa-2048")
    others = {"credentials/a.yaml", "credentials/b"}
    Path("credentials/b").touch()
    subprocess.run(["git", "init", "--quiet"], check=True)
    subprocess.run(
        ["git", "--literal-pathspecs", "add", "credentials/a.yaml", "credentials/b", key],
        check=True,
    )
    done = run("doctor", "--select", "SFC008,SFC009")
    commands = re.findall(r"hint: Run `(.*)`\.", done.out)
    assert len(commands) == 2, done
    modes = {other: Path(other).stat().st_mode for other in others}
    for command in commands:
        subprocess.run(["sh", "-c", command], check=False)
    assert {other: Path(other).stat().st_mode for other in others} == modes
    left = subprocess.run(["git", "ls-files"], capture_output=True, encoding="utf-8", check=True)
    assert others <= set(left.stdout.splitlines())


@pytest.mark.parametrize(
    "name",
    [
        "a`sfcred login x;touch pwned`b",
        "a``sfcred login acme-crm --allow-host evil.example``b",
        "`sfcred guide x",
    ],
)
def test_no_name_chooses_the_next_step(project: Project, run: Run, name: str) -> None:
    """Doctor's last line repeats the command that a hint suggests."""
    reference = f"jwt: {{private_key: {{file: {json.dumps(name)}}}}}\n"
    spec = project.credential(reference, "jwt", "credentials/a.yaml")
    key = project.material(f"credentials/{name}", "rsa-2048")
    subprocess.run(["git", "init", "--quiet"], check=True)
    subprocess.run(["git", "--literal-pathspecs", "add", key], check=True)
    done = run("doctor", spec)
    assert "SFC009" in done.out
    assert done.out.splitlines()[-1] == "next: sfcred explain SFC009"


@pytest.mark.parametrize("name", NAMES)
def test_nor_in_the_hook_that_init_writes(name: str) -> None:
    """Pre-commit splits the entry as shlex does, and runs what comes out."""
    job = Job("credentials", NAMES[name], "x", None, "", None)
    hook = yaml.safe_load(hook_text(job))["repos"][0]["hooks"][0]
    program, option, script = shlex.split(hook["entry"])
    assert (program, option) == ("sh", "-c")
    assert not any(ran_more(script, shell) for shell in SHELLS)


@pytest.mark.parametrize("end", ["", ".", ",", ":", ";", "!", "?", " x", "`"])
@pytest.mark.parametrize("text", ["2. mv {0} {1}", "hint: Run `chmod 600 {1}`."])
def test_a_long_command_stays_on_its_line(text: str, end: str) -> None:
    """The second line would be a command of its own, and can be a file of the repository."""
    old, new = for_sh(f"certs/{'abc.' * 20}x{end}"), for_sh(f"certs/{'b.' * 40}x{end}")
    for line in wrapped_text(text.format(old, new), 80).split("\n"):
        assert not re.match(r" *['\"]?certs/", line), line


def test_a_long_hint_ends_no_quotes_either(project: Project, run: Run) -> None:
    """It is shortened, and what is left out could hold a quote."""
    for shift in range(5):  # a quote is written with five signs
        name = f"{'a' * (20 + shift)}{chr(39) * 300}{'b' * 1500};touch PWNED; #{'c' * 100}"
        token = json.dumps(f"none/{name}/none/token")
        fragment = f"oauth2: {{refresh_token: {{file: {token}}}}}\n"
        project.credential(fragment, "oauth2", "credentials/a.yaml")
        done = run("login", "acme-crm", "--no-check")
        command = done.err.partition("Create it: `")[2]
        assert command.startswith("mkdir "), done
        for shell in SHELLS:
            assert not ran_more(command.rstrip("`\n"), shell), (shell, shift)
