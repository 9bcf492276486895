"""A checkout in which every file would run something, if anything in it were run."""

import importlib.metadata
import os
import sys
from pathlib import Path

from tests.helpers.systems import make_executable

#: Python imports these automatically if it finds them.
_AT_START = ("sitecustomize", "usercustomize", "sfcred")
_PROGRAMS = (
    *("git", "sops", "python", "python3", "pip", "pip3", "sfcred", "bash", "sh", "env", "cat"),
    *("mkdir", "rm", "uname", "dirname", "basename", "mktemp", "tee", "touch", "op", "vault"),
)
_SHELL_FILES = (".bashrc", ".bash_profile", ".profile", ".env", ".envrc")


class Checkout:
    """Hostile files in a folder that write their names to a marker when they run.

    Args:
        folder: Where the files go.
        marker: A file outside the folder.
    """

    def __init__(self, folder: Path, marker: Path) -> None:
        self.folder = folder
        self.marker = marker
        for name in _modules():
            self._module(folder / f"{name}.py", name)
        for package in ("encodings", "yaml", "click", "pip", "ensurepip"):
            (folder / package).mkdir()
            self._module(folder / package / "__init__.py", package)
            self._module(folder / package / "__main__.py", f"{package}.__main__")
        site = f"lib/python{sys.version_info[0]}.{sys.version_info[1]}/site-packages"
        (folder / site).mkdir(parents=True)
        self._module(folder / site / "usercustomize.py", "user site")
        (folder / site / "evil.pth").write_text(
            f"import posix; exec({self._leave('pth')!r})\n", encoding="utf-8"
        )
        for folder_of_programs in (folder, folder / "node_modules/.bin"):
            folder_of_programs.mkdir(parents=True, exist_ok=True)
            for name in _PROGRAMS:
                self._program(folder_of_programs / name)
        for name in _SHELL_FILES:
            (folder / name).write_text(f"echo {name} >> '{marker}'\n", encoding="utf-8")
        self._configuration()

    def ran(self) -> str:
        """Return the names of the files that ran."""
        return self.marker.read_text(encoding="utf-8") if self.marker.exists() else ""

    def variables(self) -> dict[str, str]:
        """Variables with which a job may have exposed itself to its checkout, perhaps unintentionally."""
        here = str(self.folder)
        return {
            "PYTHONPATH": os.pathsep.join((".", here)),
            "PYTHONUSERBASE": here,
            "PYTHONSTARTUP": f"{here}/venv.py",
            "PYTHONBREAKPOINT": "venv.main",
            "PYTHONWARNINGS": "error::click.Warning",
            "PYTHONINSPECT": "",
            "BASH_ENV": f"{here}/.bashrc",
            "ENV": f"{here}/.profile",
            "CDPATH": here,
            "BASH_FUNC_cd%%": f"() {{ echo cd >> '{self.marker}'; }}",
            "BASH_FUNC_echo%%": f"() {{ builtin echo echo >> '{self.marker}'; }}",
            "PATH": os.pathsep.join((".", here, f"{here}/node_modules/.bin")),
        }

    def _leave(self, name: str) -> str:
        # Without open(), which doesn't exist yet when Python imports its encodings.
        return (
            "import posix as p\n"
            f"f = p.open({str(self.marker)!r}, p.O_WRONLY | p.O_CREAT | p.O_APPEND)\n"
            f"p.write(f, {(name + chr(10)).encode()!r})\n"
            "p.close(f)\n"
        )

    def _module(self, path: Path, name: str) -> None:
        path.write_text(
            f"{self._leave(name)}raise SystemExit('owned by {name}')\n", encoding="utf-8"
        )

    def _program(self, path: Path) -> None:
        if not path.exists() and not path.is_dir():
            path.write_text(
                f"#!/bin/sh\necho program {path.name} >> '{self.marker}'\nexit 1\n",
                encoding="utf-8",
            )
            make_executable(path)

    def _configuration(self) -> None:
        """Write files that other tools read if they find them."""
        (self.folder / ".python-version").write_text("../../evil\n", encoding="utf-8")
        (self.folder / "pyvenv.cfg").write_text(f"home = {self.folder}\n", encoding="utf-8")
        (self.folder / "pip.conf").write_text(
            "[install]\nrequirement = evil.txt\n", encoding="utf-8"
        )
        (self.folder / "setup.cfg").write_text("[install]\nprefix = evil\n", encoding="utf-8")
        (self.folder / "requirements").mkdir()
        for name in ("build", "run"):
            (self.folder / f"requirements/{name}.txt").write_text("-e .\n", encoding="utf-8")
        (self.folder / "pyproject.toml").write_text(
            '[build-system]\nrequires = []\nbuild-backend = "venv"\nbackend-path = ["."]\n',
            encoding="utf-8",
        )


def _modules() -> set[str]:
    """Return every name that something could import: Python's own, and those of installed packages."""
    installed = importlib.metadata.packages_distributions()
    names = {*sys.stdlib_module_names, *installed, *_AT_START}
    return {name for name in names if name.isidentifier() and name != "__main__"}
