"""Write the files that a project lacks, without changing existing ones."""

import os
import re
from pathlib import Path
from typing import NamedTuple

from sfcred.errors import ReadError, UsageError, WriteRefused
from sfcred.files import WriteScope, make_folder, read_regular, write_safely
from sfcred.init.layout import SCHEMA, Layout
from sfcred.paths import display_path, is_folder, is_inside, is_there
from sfcred.private_folder import make_private_folder
from sfcred.shell import set_variable
from sfcred.spec.write import scalar, variable_prefix
from sfcred.version import __version__

_IGNORED = (
    *("secrets/", ".env", ".sfcred/", "rendered/", "salesforce/"),
    # n8n's exports, and what `sfcred render` writes elsewhere
    *("export.json", "export-*.json", "*-export.json", "credentials.json", "entities.zip"),
)

_CONFIGURATION = """\
# All settings: run `sfcred schema settings`.
paths = ["credentials"]
{workflows}"""
# Without such a folder, doctor would report that it doesn't exist.
_NO_WORKFLOWS = (
    "# After `n8n export:workflow --backup --output=workflows/`, doctor can check workflows, too:\n"
    '# workflows = ["workflows"]\n'
)
# Actions are pinned by commit, so that moving a tag can't change what runs. Python runs with -I,
# because otherwise it would run a pull request's pip.py.
_WORKFLOW = """\
# Check the Salesforce credentials in every change. This sends nothing, and needs no secrets.
name: sfcred
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
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
        with:
          persist-credentials: false
      - uses: actions/setup-python@5fda3b95a4ea91299a34e894583c3862153e4b97 # v7.0.0
        with:
          python-version: "3.13"
      # -I keeps this repository's files off Python's path.
      - run: python -I -m pip install "sfcred=={version}"
      - run: python -I -m sfcred doctor --format github
"""
_HOOK = """\
repos:
  - repo: local
    hooks:
      - id: sfcred-doctor
        name: sfcred doctor
        entry: sfcred doctor
        language: python
        additional_dependencies: ["sfcred=={version}"]
        files: {files}
        # Names and ids are unique in the project, so check all specs, not only changed ones.
        pass_filenames: false
"""


class Wrote(NamedTuple):
    """What happened to a file: `what` is written, kept or extended."""

    path: Path
    what: str


class NewProject(NamedTuple):
    """A project to start.

    Attributes:
        root: The project's folder.
        layout: Where specs, secrets and certificates go.
        configuration: The existing configuration file; None if there is none.
        name: The credential's name.
        spec: Its spec, as YAML.
        schema: The JSON Schema of specs, for editors.
    """

    root: Path
    layout: Layout
    configuration: Path | None
    name: str
    spec: str
    schema: str


def start_project(new: NewProject) -> list[Wrote]:
    """Write the files that a project lacks, and a new spec. Existing files stay.

    Returns:
        What happened to each file.

    Raises:
        UsageError: The spec exists already.
        WriteRefused: A link is in the way, or the configured folder is outside the project.
        WriteError: A file could not be written.
    """
    target = new.layout.specs / f"{new.name}.yaml"
    if is_there(target) or target.is_symlink():
        raise UsageError(
            f"{display_path(target)} already exists, and init never overwrites files",
            hint="Choose another name, or edit the spec.",
        )
    if not is_inside(new.layout.specs, new.root):
        raise WriteRefused(
            f"{new.layout.specs}: is outside the project ({new.root}), with links followed",
            hint="init only writes inside the project. Make a folder in it the first of `paths`.",
        )
    # A pull request can have chosen the specs' folder.
    confined, scope = WriteScope(new.root, confined=True), WriteScope(new.root)
    done = [_ignore(new.root / ".gitignore", scope)]
    make_folder(new.layout.specs, 0o777, confined)
    make_folder(new.layout.certificates, 0o777, confined)
    make_private_folder(new.layout.secrets, confined)
    done.append(_write(target, new.spec, confined))
    return done + _supporting_files(new, scope)


def _supporting_files(new: NewProject, scope: WriteScope) -> list[Wrote]:
    root = new.root
    workflow = _WORKFLOW.format(version=__version__)
    folder = os.path.relpath(os.path.realpath(new.layout.specs), os.path.realpath(root))
    hook = hook_text(Path(folder).as_posix())
    kept = new.configuration
    return [
        Wrote(kept, "kept") if kept else _write(root / "sfcred.toml", _configuration(root), scope),
        _write(root / SCHEMA, new.schema, scope),
        _write(root / ".github/workflows/sfcred.yml", workflow, scope),
        _write(root / ".pre-commit-config.yaml", hook, scope),
    ]


def hook_text(folder: str) -> str:
    """Return a pre-commit configuration that runs doctor when a file that it reads changes.

    Args:
        folder: The folder of specs, relative to the project's root, with slashes.
    """
    specs = r".*\.ya?ml" if folder == "." else rf"{re.escape(folder)}/.*\.ya?ml"
    files = rf"(^|/)({specs}|certs/.*\.(crt|cer|pem)|sfcred\.toml)$"
    return _HOOK.format(version=__version__, files=scalar(files))


def _write(path: Path, text: str, scope: WriteScope) -> Wrote:
    if is_there(path):
        return Wrote(path, "kept")
    make_folder(path.parent, scope=scope)
    write_safely(path, text, force=False, secret=False, scope=scope)
    return Wrote(path, "written")


def _ignore(path: Path, scope: WriteScope) -> Wrote:
    """Add missing rules to .gitignore for files that must stay out of git."""
    before = _text(path) if is_there(path) else ""
    rules = {line.strip() for line in before.splitlines()}
    missing = [entry for entry in _IGNORED if entry not in rules]
    if not missing:
        return Wrote(path, "kept")
    gap = "" if not before or before.endswith("\n") else "\n"
    head = "# sfcred: secrets, and files that contain them\n"
    text = f"{before}{gap}{head}" + "".join(f"{entry}\n" for entry in missing)
    write_safely(path, text, force=True, secret=False, scope=scope)
    return Wrote(path, "extended" if before else "written")


def _text(path: Path) -> str:
    try:
        return read_regular(path, 1024 * 1024).decode("utf-8", "surrogateescape")
    except ReadError as error:
        raise UsageError(error.message, hint=error.hint) from None


def next_steps(name: str, *, is_jwt: bool) -> str:
    """Return the next steps, in order, as text for a terminal.

    Args:
        name: The credential's name.
        is_jwt: Whether it uses the JWT flow.
    """
    variable = variable_prefix(name)
    steps = [(f"sfcred guide {name}", "show the steps in Salesforce and n8n, with your values")]
    if is_jwt:
        steps.insert(0, (f"sfcred keygen {name}", "create the private key and the certificate"))
    steps.append((set_variable(f"{variable}_CLIENT_ID", "…"), "set the app's Consumer Key"))
    if not is_jwt:
        steps.append(
            (set_variable(f"{variable}_CLIENT_SECRET", "…"), "set the app's Consumer Secret")
        )
    steps.append(("sfcred doctor", "find mistakes; with --live, also log in"))
    width = max(len(command) for command, _ in steps)
    return "next:\n" + "".join(
        f"  {number}. {command:<{width}}  {what}\n"
        for number, (command, what) in enumerate(steps, 1)
    )


def _configuration(root: Path) -> str:
    folder = root / "workflows"
    has_workflows = is_folder(folder) and any(folder.glob("*.json"))
    lines = 'workflows = ["workflows"]\n' if has_workflows else _NO_WORKFLOWS
    return _CONFIGURATION.format(workflows=lines)
