"""A project's files: what is missing is written, what is there stays."""

from pathlib import Path
from typing import NamedTuple

from sfcred import __version__
from sfcred.errors import ReadError, UsageError
from sfcred.files import WriteScope, make_folder, read_regular, write_safely
from sfcred.init.spec_text import variable_of
from sfcred.paths import is_file, is_there

_IGNORED = ("secrets/", ".env", ".sfcred/", "rendered/", "salesforce/")

_CONFIGURATION = """\
# What else there is: sfcred schema settings
paths = ["credentials"]
"""
# Actions are pinned by commit: who moves a tag can't change what runs. Python runs with -I: without
# it, a pip.py of a pull request would run.
_WORKFLOW = """\
# Checks the Salesforce credentials of every change. Nothing is sent anywhere, no secret is needed.
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
      contents: read # to check out; private repositories need it
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
        with:
          persist-credentials: false
      - uses: actions/setup-python@5fda3b95a4ea91299a34e894583c3862153e4b97 # v7.0.0
        with:
          python-version: "3.13"
      # -I: nothing of this repository is on Python's path.
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
        files: (^|/)(credentials/.*\\.ya?ml|certs/.*\\.(crt|cer|pem)|sfcred\\.toml)$
        # Names and ids are unique in the project, so all specs are read, not the changed ones.
        pass_filenames: false
"""


class Wrote(NamedTuple):
    """What became of a file: `what` is written, kept, or extended."""

    path: Path
    what: str


def start_project(root: Path, name: str, spec: str, schema: str) -> list[Wrote]:
    """Writes what a project lacks, and a new spec.

    Args:
        root: The project's folder.
        name: The credential's name.
        spec: Its spec.
        schema: The JSON Schema of specs, for editors.

    Returns:
        What became of each file.

    Raises:
        UsageError: There is a spec of that name.
        WriteRefused: A link is in the way.
        WriteError: The system refused.
    """
    target = root / "credentials" / f"{name}.yaml"
    if is_there(target) or target.is_symlink():
        raise UsageError(
            f"{target} exists already, and init overwrites nothing",
            hint="Choose another name, or edit the spec.",
        )
    scope = WriteScope(root)
    done = [_ignore(root / ".gitignore", scope)]
    for folder, mode in (("credentials", 0o777), ("certs", 0o777), ("secrets", 0o700)):
        make_folder(root / folder, mode, scope)
    done += [
        _write(target, spec, scope),
        _configuration(root, scope),
        _write(root / "credential.schema.json", schema, scope),
        _write(root / ".github/workflows/sfcred.yml", _WORKFLOW.format(version=__version__), scope),
        _write(root / ".pre-commit-config.yaml", _HOOK.format(version=__version__), scope),
    ]
    return done


def _configuration(root: Path, scope: WriteScope) -> Wrote:
    """A configuration, unless pyproject.toml has one."""
    shared = root / "pyproject.toml"
    if is_file(shared) and "[tool.sfcred]" in _text(shared):
        return Wrote(shared, "kept")
    return _write(root / "sfcred.toml", _CONFIGURATION, scope)


def _write(path: Path, text: str, scope: WriteScope) -> Wrote:
    if is_there(path):
        return Wrote(path, "kept")
    make_folder(path.parent, scope=scope)
    write_safely(path, text, force=False, secret=False, scope=scope)
    return Wrote(path, "written")


def _ignore(path: Path, scope: WriteScope) -> Wrote:
    """Adds to .gitignore what must stay out of git; nothing else of it changes."""
    before = _text(path) if is_there(path) else ""
    rules = {line.strip() for line in before.splitlines()}
    missing = [entry for entry in _IGNORED if entry not in rules]
    if not missing:
        return Wrote(path, "kept")
    gap = "" if not before or before.endswith("\n") else "\n"
    head = "# secrets of sfcred's, and what holds them\n"
    text = f"{before}{gap}{head}" + "".join(f"{entry}\n" for entry in missing)
    write_safely(path, text, force=True, secret=False, scope=scope)
    return Wrote(path, "extended" if before else "written")


def _text(path: Path) -> str:
    try:
        return read_regular(path, 1024 * 1024).decode("utf-8", "surrogateescape")
    except ReadError as error:
        raise UsageError(error.message, hint=error.hint) from None


def next_steps(name: str, *, is_jwt: bool) -> str:
    """What to do now, in order."""
    variable = variable_of(name)
    steps = [f"sfcred guide {name}     the steps in Salesforce and n8n, with your values"]
    if is_jwt:
        steps.insert(0, f"sfcred keygen {name}    the private key and the certificate")
    steps.append(
        f"export {variable}_CLIENT_ID=…    the app's Consumer Key"
        + ("" if is_jwt else f", and {variable}_CLIENT_SECRET=…")
    )
    steps.append("sfcred doctor           what is wrong; with --live it logs in")
    return "next:\n" + "".join(f"  {number}. {step}\n" for number, step in enumerate(steps, 1))
