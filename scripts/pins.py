"""Write the exact versions of the development environment, with hashes, to requirements/*.txt.

    make pins             take what fits pyproject.toml, and keep the versions that still fit
    make pins UPGRADE=1   take the newest versions that fit

Each file is valid for every supported Python and system: markers state where a line applies. Two
more lists are for one interpreter, have no hashes, and aren't committed:

    python -m scripts.pins newest FILE
    python -m scripts.pins lowest FILE

The end-to-end tests also install packages from npm. Their versions are in scripts/e2e_install.py,
and this writes requirements/npm from it, with hashes:

    python -m scripts.pins npm
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from scripts.e2e_install import PACKAGES, begin_package

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "requirements"
PROJECT = "pyproject.toml"

#: The sources of each file: pyproject.toml with extras and groups, or only groups. dev comes first,
#: because the others use its versions, so that environments that share a package agree.
SOURCES: dict[str, tuple[str, ...]] = {
    "dev": (PROJECT, "--extra=local-org", "--group=dev"),
    "demo": (PROJECT, "--extra=local-org"),
    "run": (PROJECT,),
    "bench": (PROJECT, "--extra=local-org", "--group=bench"),
    "build": ("--group=build",),
    "docs": ("--group=docs",),
    "e2e": ("--group=e2e",),
    "pins": ("--group=pins",),
    "release": ("--group=release",),
}
#: What the tests need: sfcred, its extras, the tests' tools, and the build, which tests run.
_EVERYTHING = (PROJECT, "--all-extras", "--group=dev", "--group=build")
#: npm takes what PACKAGES depend on as it was on that day. Move it with their versions.
NPM_BEFORE = "2026-11-20"
_FORM = (
    "--universal",
    "--python-version=3.11",
    "--generate-hashes",
    "--no-strip-extras",
    "--annotation-style=line",
    "--custom-compile-command=make pins",
)


def write_pins(folder: Path = FOLDER, *, upgrade: bool = False) -> None:
    """Write every file of SOURCES.

    Args:
        folder: The folder of the files. Their versions are kept if they still fit.
        upgrade: Use the newest versions instead.
    """
    folder.mkdir(exist_ok=True)
    for name, source in SOURCES.items():
        shared = () if name == "dev" else (f"--constraints={folder / 'dev.txt'}",)
        newest = ("--upgrade",) if upgrade else ()
        _compile(*source, *_FORM, *shared, *newest, f"--output-file={folder / f'{name}.txt'}")


def write_newest(file: Path) -> None:
    """Write the newest versions that pyproject.toml allows, for the running interpreter."""
    _compile(*_EVERYTHING, "--upgrade", f"--output-file={file}")


def write_lowest(file: Path) -> None:
    """Write the lowest versions that sfcred declares, with the newest tools that test them.

    A tool may need a newer version of the same package. sfcred's declaration overrules it, so
    install the list with `pip install --no-deps`.
    """
    with tempfile.TemporaryDirectory() as folder:
        declared = Path(folder, "declared.txt")
        _compile(PROJECT, "--all-extras", "--resolution=lowest-direct", f"--output-file={declared}")
        overruled = f"--override={declared}"
        _compile(*_EVERYTHING, overruled, f"--output-file={file}")


def write_npm(folder: Path = FOLDER / "npm") -> None:
    """Write npm's lock file of each of PACKAGES.

    It isn't called package-lock.json: what GitHub and other scanners find in n8n's packages would
    be shown as vulnerabilities of sfcred.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, package in PACKAGES.items():
        with tempfile.TemporaryDirectory() as home:
            begin_package(Path(home, name), package)
            # Without addresses, it is the same whichever mirror of the registry is set up here.
            options = ("--omit-lockfile-registry-resolved", f"--before={NPM_BEFORE}")
            command = ["npm", "install", "--package-lock-only", "--ignore-scripts", *options]
            subprocess.run(command, cwd=Path(home, name), check=True)
            shutil.copy(Path(home, name, "package-lock.json"), folder / f"{name}.json")


def _compile(*options: str) -> None:
    # UV_* variables and uv's own configuration could select other versions on other machines.
    environ = {name: value for name, value in os.environ.items() if not name.startswith("UV_")}
    command = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--no-config", *options]
    subprocess.run(command, cwd=ROOT, env=environ, check=True)


def main(arguments: Sequence[str]) -> None:
    """Write what the arguments select. See the module's docstring."""
    match list(arguments):
        case []:
            write_pins(upgrade=bool(os.environ.get("UPGRADE")))
        case ["npm"]:
            write_npm()
        case ["newest", file]:
            write_newest(Path(file).absolute())
        case ["lowest", file]:
            write_lowest(Path(file).absolute())
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
