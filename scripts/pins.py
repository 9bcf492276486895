"""Write the exact versions of the development environment, with hashes, to requirements/*.txt.

    make pins             take what fits pyproject.toml, and keep the versions that still fit
    make pins UPGRADE=1   take the newest versions that fit

Each file is valid for every supported Python and system: markers state where a line applies. Two
more lists are for one interpreter, have no hashes, and aren't committed:

    python scripts/pins.py newest FILE
    python scripts/pins.py lowest FILE
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

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
    _compile(PROJECT, "--all-extras", "--group=dev", "--upgrade", f"--output-file={file}")


def write_lowest(file: Path) -> None:
    """Write the lowest versions that sfcred declares, with the newest tools that test them.

    A tool may need a newer version of the same package. sfcred's declaration overrules it, so
    install the list with `pip install --no-deps`.
    """
    with tempfile.TemporaryDirectory() as folder:
        declared = Path(folder, "declared.txt")
        _compile(PROJECT, "--all-extras", "--resolution=lowest-direct", f"--output-file={declared}")
        overruled = f"--override={declared}"
        _compile(PROJECT, "--all-extras", "--group=dev", overruled, f"--output-file={file}")


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
        case ["newest", file]:
            write_newest(Path(file).absolute())
        case ["lowest", file]:
            write_lowest(Path(file).absolute())
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
