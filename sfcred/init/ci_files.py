"""Write the CI workflow and the pre-commit hook of a project.

Both install sfcred as it is installed here. If only this machine has it, the workflow takes a wheel
that you add to the repository, and the hook runs the sfcred that is on the PATH.
"""

import os
import re
from pathlib import Path
from typing import NamedTuple

from sfcred.installed import Installation, installation
from sfcred.paths import display_path, place_of
from sfcred.spec.write import scalar
from sfcred.text.shell import for_sh
from sfcred.version import __version__

#: Where the workflow takes sfcred's wheel from if no other machine can get it.
_WHEELS = "vendor"
# Actions are pinned by commit, so that moving a tag can't change what runs. Python runs with -I,
# because otherwise it would run a pull request's pip.py.
_WORKFLOW = """\
# Check the Salesforce credentials in every change. This sends nothing, and needs no secrets.
name: {name}
on:
  pull_request:
  push:
    branches: [main]
permissions: {{}}
concurrency:
  group: ${{{{ github.workflow }}}}-${{{{ github.ref }}}}
  cancel-in-progress: true
jobs:
  doctor:
    name: doctor
    runs-on: ubuntu-latest
    timeout-minutes: 10
    permissions:
      contents: read # for checkout, in private repositories
{folder}    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
        with:
          persist-credentials: false
      - uses: actions/setup-python@5fda3b95a4ea91299a34e894583c3862153e4b97 # v7.0.0
        with:
          python-version: "3.13"
      # -I keeps this repository's files off Python's path.
      - run: {install}
      - run: python -I -m sfcred doctor --format github
"""
_HOOK = """\
repos:
  - repo: local
    hooks:
      - id: sfcred-doctor
        name: sfcred doctor
        entry: {entry}
{language}        files: {files}
        # Names and ids are unique in the project, so check all specs, not only changed ones.
        pass_filenames: false
"""

_WORKING_DIRECTORY = """\
    defaults:
      run:
        working-directory: {folder}
"""
_OWN_ENVIRONMENT = """\
        language: python
        additional_dependencies: [{requirement}]
"""
_FROM_PATH = """\
        language: system # the sfcred on your PATH: no other machine can get this one
"""


class Job(NamedTuple):
    """A project's place in its repository, and how to install sfcred there.

    Attributes:
        specs: The folder of specs, relative to the project's root, with slashes.
        folder: The project's root, relative to the repository's, with slashes; `.` if it is the
            same.
        package: What pip installs, from the project's root, quoted for a shell.
        requirement: What any machine can install; None if only this one has sfcred.
        wheel: The wheel to add before CI can install sfcred, as a path in the project; empty if
            nothing is left to do.
        wheel_command: Writes the wheel; None if only you know where it comes from.
    """

    specs: str
    folder: str
    package: str
    requirement: str | None
    wheel: str
    wheel_command: str | None

    @property
    def workflow_name(self) -> str:
        """The workflow's file name, without the suffix. `a/b` and `a-b` have the same."""
        return "sfcred" if self.folder == "." else f"sfcred-{_slug(self.folder)}"

    @property
    def has_expression(self) -> bool:
        """Whether GitHub would run a part of the workflow as code: it reads `${{ … }}` anywhere."""
        return any("${{" in text for text in (self.folder, self.package))

    @property
    def hook_entry(self) -> str:
        """The command of the hook, which pre-commit runs at the repository's root."""
        if self.folder == ".":
            return "sfcred doctor"
        return f"sh -c {for_sh(f'cd {for_sh(self.folder)} && sfcred doctor')}"


def job_for(specs: Path, root: Path, repository: Path, one: Installation | None = None) -> Job:
    """Return how CI checks a project.

    Args:
        specs: The folder of specs.
        root: The project's root.
        repository: The root of the repository around it, or the project's.
        one: How sfcred is installed; None for this one.
    """
    one = one or installation()
    requirement, package, wheel = one.requirement(), "", ""
    if requirement is not None:
        package = f'"{requirement}"'
    elif one.origin is not None and place_of(one.origin).is_relative_to(place_of(repository)):
        package = for_sh(f"./{_relative(one.origin, root).as_posix()}")
    else:
        wheel = f"{_WHEELS}/sfcred-{__version__}-py3-none-any.whl"
        package = for_sh(f"./{wheel}")
    folder, inside = _relative(root, repository).as_posix(), _relative(specs, root).as_posix()
    # The command runs in the working folder, which can be a folder in the project.
    command = one.wheel_command(str(display_path(root / _WHEELS)))
    return Job(inside, folder, package, requirement, wheel, command)


def workflow_text(job: Job) -> str:
    """Return a GitHub workflow that checks the project."""
    is_top = job.folder == "."
    folder = "" if is_top else _WORKING_DIRECTORY.format(folder=scalar(job.folder))
    name = "sfcred" if is_top else scalar(f"sfcred {job.folder}")
    install = scalar(f"python -I -m pip install {job.package}")
    return _WORKFLOW.format(name=name, folder=folder, install=install)


def hook_text(job: Job) -> str:
    """Return a pre-commit configuration that runs doctor when a file that it reads changes."""
    specs = r".*\.ya?ml" if job.specs == "." else rf"{re.escape(job.specs)}/.*\.ya?ml"
    files = rf"(^|/)({specs}|certs/.*\.(crt|cer|pem)|sfcred\.toml)$"
    language = _FROM_PATH
    if job.requirement is not None:
        language = _OWN_ENVIRONMENT.format(requirement=scalar(job.requirement))
    return _HOOK.format(entry=scalar(job.hook_entry), language=language, files=scalar(files))


def _relative(path: Path, folder: Path) -> Path:
    return Path(os.path.relpath(place_of(path), place_of(folder)))


def _slug(folder: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", folder).strip("-").lower() or "project"
