"""Every test starts with a clean environment, an empty folder, and no network."""

import os
import re
import signal
import socket
from collections import defaultdict
from collections.abc import Callable
from operator import itemgetter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests.helpers.material import Workshop
from tests.helpers.project import Project

# No deadline, because a busy machine is not a failure. In CI, always use the same examples, so that a
# failure is due to the change. Local runs keep searching for new ones.
settings.register_profile("sfcred", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("sfcred")

# A shell starts background jobs with these signals ignored. Programs that the tests start would inherit
# that, and Ctrl-C wouldn't reach them.
for _name, _handler in (
    ("SIGINT", signal.default_int_handler),
    ("SIGQUIT", signal.SIG_DFL),
    ("SIGHUP", signal.SIG_DFL),  # nohup
):
    _number = getattr(signal, _name, None)
    if _number is not None and signal.getsignal(_number) is signal.SIG_IGN:
        signal.signal(_number, _handler)

#: Variables that a test keeps. Others could change what sfcred, git, openssl or Python do.
KEPT = {"PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "COVERAGE_PROCESS_START"}
#: Without these, Windows finds neither its own libraries nor a temporary folder.
KEPT |= {"SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT", "TEMP", "TMP"}


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """With --durations, also print the files that took longest, so that CI shows what to speed up."""
    if terminalreporter.config.getoption("durations") is None:
        return
    seconds: defaultdict[str, float] = defaultdict(float)
    for reports in terminalreporter.stats.values():
        for report in reports:
            if isinstance(report, pytest.TestReport):
                seconds[report.location[0]] += report.duration
    terminalreporter.write_sep("=", "slowest files")
    for path, total in sorted(seconds.items(), key=itemgetter(1), reverse=True)[:15]:
        terminalreporter.write_line(f"{total:7.1f}s {path}")


@pytest.fixture(autouse=True)
def _scrubbed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in list(os.environ):
        # Wine finds its own libraries with WINE*.
        if name not in KEPT and not name.startswith(("PYTEST_", "COV_", "SFCRED_E2E_", "WINE")):
            monkeypatch.delenv(name)
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("USERPROFILE" if os.name == "nt" else "HOME", str(home))
    # Git must not find a repository above the temporary folder, nor the user's configuration.
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)


@pytest.fixture(autouse=True)
def _only_possible_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Skip tests that make a link where Windows lets only some users do so, and Wine nobody."""
    if os.name != "nt":
        return
    make = os.symlink  # tmp_path has made its own by now

    def symlink(*arguments: Any, **options: Any) -> None:
        try:
            make(*arguments, **options)
        except OSError as error:
            if getattr(error, "winerror", None) in (_PRIVILEGE_NOT_HELD, _NOT_SUPPORTED):
                pytest.skip("this Windows makes no symbolic links")
            raise
        if not os.path.islink(arguments[1]):  # noqa: PTH114 - as os.symlink gets it
            pytest.skip("this Windows only claims to make symbolic links")

    monkeypatch.setattr(os, "symlink", symlink)


_PRIVILEGE_NOT_HELD, _NOT_SUPPORTED = 1314, 50


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object, **_options: object) -> None:
        raise AssertionError("a test tried to use the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.fixture(scope="session")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """Create real keys and certificates with openssl, each only once."""
    return Workshop(tmp_path_factory.mktemp("material"))


@pytest.fixture
def project(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project in the working folder: specs, keys and variables."""
    return Project(Path.cwd(), workshop, monkeypatch)


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Callable[..., "Outcome"]:
    """Return a function that runs the command line in this process."""
    from sfcred.cli import main

    def call(*arguments: str | Path) -> Outcome:
        capfd.readouterr()
        status = main([str(argument) for argument in arguments])
        out, err = capfd.readouterr()
        return Outcome(status, _with_slashes(out), _with_slashes(err))

    return call


def _with_slashes(text: str) -> str:
    """Write Windows' paths as they are elsewhere: tests compare the rest of a message."""
    is_json = text.startswith(("{", "["))  # which has other backslashes, and no such paths
    if os.name != "nt" or is_json:
        return text
    return re.sub(r"(?<=[\w.:-])\\(?=[\w.-])", "/", text)


class Outcome:
    """The result of a command: exit status, standard output, standard error."""

    def __init__(self, status: int, out: str, err: str) -> None:
        self.status = status
        self.out = out
        self.err = err

    def __repr__(self) -> str:
        return f"exit {self.status}\n--- out\n{self.out}\n--- err\n{self.err}"
