"""Write the files that a project lacks, without changing existing ones."""

import os
from pathlib import Path
from typing import NamedTuple

from sfcred.errors import ReadError, UsageError, WriteRefused
from sfcred.files import read_regular
from sfcred.files.private_folder import make_private_folder
from sfcred.files.writing import WriteScope, make_folder, refuse_unsafe_target, write_safely
from sfcred.init.ci_files import Job, hook_text, job_for, workflow_text
from sfcred.init.existing_ci import hook_runs_here, workflow_file
from sfcred.init.layout import SCHEMA, Layout, repository_of
from sfcred.n8n.callback import is_cloud
from sfcred.paths import display_path, is_file, is_folder, is_inside, is_there
from sfcred.report.address import page_url
from sfcred.spec.write import variable_prefix
from sfcred.text.shell import for_shell, set_variable

_IGNORED = (
    *("secrets/", ".env", ".sfcred/", "rendered/", "salesforce/"),
    # n8n's exports, and what `sfcred render` writes elsewhere
    *("export.json", "export-*.json", "*-export.json", "credentials.json", "entities.zip"),
)

_CI_PAGE = page_url("ci")
_SETTINGS = "sfcred.toml"
_GITLAB = ".gitlab-ci.yml"
_CONFIGURATION = """\
# All settings: run `sfcred schema settings`.
paths = ["credentials"]
{workflows}"""
# Without such a folder, doctor would report that it doesn't exist.
_NO_WORKFLOWS = (
    "# After `n8n export:workflow --backup --output=workflows/`, doctor can check workflows, too:\n"
    '# workflows = ["workflows"]\n'
)


class Wrote(NamedTuple):
    """What happened to a file: written, kept, extended or skipped.

    Attributes:
        note: What is left to do.
        first: What to do before the file works; empty for nothing.
    """

    path: Path
    what: str
    note: str = ""
    first: str = ""


class NewProject(NamedTuple):
    """A project to start.

    Attributes:
        root: The project's folder.
        layout: Where specs, secrets and certificates go.
        configuration: The existing configuration file; None if there is none.
        name: The credential's name; empty for none.
        spec: Its spec, as YAML; empty for none.
        schema: The JSON Schema of specs, for editors.
    """

    root: Path
    layout: Layout
    configuration: Path | None
    name: str
    spec: str
    schema: str


def app_label(name: str, my_domain: str, specs: Path) -> str:
    """Return the name for a credential's app: in an org, two apps can't have the same one.

    Args:
        name: The credential's name.
        my_domain: The org's address.
        specs: The folder of specs.
    """
    for file in (*specs.glob("*.yaml"), *specs.glob("*.yml")):
        try:
            text = read_regular(file).decode("utf-8", "replace")
        except ReadError:
            continue
        if my_domain in text:
            return f"n8n {name}"
    return "n8n"


def start_project(new: NewProject) -> list[Wrote]:
    """Write the files that a project lacks, and a new spec. Existing files stay.

    Returns:
        What happened to each file.

    Raises:
        UsageError: The spec exists already.
        WriteRefused: A link, or a folder instead of a file, is in the way, or the configured folder
            is outside the project. Nothing was written.
        WriteError: A file could not be written.
    """
    target = new.layout.specs / f"{new.name}.yaml" if new.name else None
    if target and (is_there(target) or target.is_symlink()):
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
    _require_free_way(new, target, confined, scope)
    ignored = _ignore(new.root / ".gitignore", scope)
    make_folder(new.layout.specs, 0o777, confined)
    make_folder(new.layout.certificates, 0o777, confined)
    make_private_folder(new.layout.secrets, confined)
    others = _supporting_files(new, scope)
    # The spec comes last, so that the same command goes on after a failure or Ctrl-C.
    spec = [_write(target, new.spec, confined)] if target else []
    return [ignored, *spec, *others]


def _supporting_files(new: NewProject, scope: WriteScope) -> list[Wrote]:
    root, kept = new.root, new.configuration
    done = [
        Wrote(kept, "kept") if kept else _write(root / _SETTINGS, _configuration(root), scope),
        _write(root / SCHEMA, new.schema, scope),
    ]
    # GitHub and pre-commit only look at the repository's root.
    repository = repository_of(root)
    top, job = WriteScope(repository), job_for(new.layout.specs, root, repository)
    workflow = _workflow(repository, job, top)
    if workflow.what == "written":
        workflow = workflow._replace(first=_wheel(job, root))
    return [*done, workflow, _hook(repository / ".pre-commit-config.yaml", job, top)]


def _workflow(repository: Path, job: Job, scope: WriteScope) -> Wrote:
    path = workflow_file(job, repository)
    if job.has_expression:
        why = "a folder's name has ${{ in it, which GitHub would run as an expression; rename it"
        return Wrote(path, "skipped", why)
    if is_there(repository / _GITLAB) and not is_there(repository / ".github"):
        return Wrote(path, "skipped", f"the repository uses GitLab CI; {_CI_PAGE} has a job for it")
    return _write_if_possible(path, workflow_text(job), scope)


def _wheel(job: Job, root: Path) -> str:
    """Return what to do before CI can install sfcred; empty if nothing is left to do."""
    if not job.wheel:
        return ""
    if job.wheel_command is None:
        wheel = display_path(root / job.wheel)
        return f"CI can't get this sfcred, so add its wheel to the repository: {wheel}"
    return f"CI can't get this sfcred, so write its wheel and commit it:\n     {job.wheel_command}"


def _hook(path: Path, job: Job, scope: WriteScope) -> Wrote:
    done = _write_if_possible(path, hook_text(job), scope)
    if done.what == "kept" and not hook_runs_here(job, path):
        return done._replace(note=f"it doesn't run sfcred here; {_CI_PAGE} has a hook to add")
    return done


def _write_if_possible(path: Path, text: str, scope: WriteScope) -> Wrote:
    """Write a file that the project works without: a link or a folder in its place can stay."""
    try:
        _require_free(path, scope)
    except WriteRefused as error:
        reason = error.message.removeprefix(f"{path}: ")
        return Wrote(path, "skipped", f"{reason}; {_CI_PAGE} has what it would contain")
    return _write(path, text, scope)


def _require_free_way(
    new: NewProject, target: Path | None, confined: WriteScope, scope: WriteScope
) -> None:
    """Refuse what would stop init half-way: links, and files and folders in each other's place.

    Raises:
        WriteRefused: Something is in the way.
    """
    for folder in (new.layout.specs, new.layout.certificates, new.layout.secrets):
        _require_folders(folder)
        refuse_unsafe_target(folder / "x", force=True, secret=False, scope=confined)
    refuse_unsafe_target(new.root / ".gitignore", force=True, secret=False, scope=scope)
    if target:
        refuse_unsafe_target(target, force=False, secret=False, scope=confined)
    for file in (new.root / SCHEMA, *([] if new.configuration else [new.root / _SETTINGS])):
        _require_free(file, scope)


def _require_free(file: Path, scope: WriteScope) -> None:
    """Refuse a path where no file is, and none can be written."""
    _require_folders(file.parent)
    if is_there(file) and not is_file(file):
        raise WriteRefused(f"{file}: is not a file", hint="Move it elsewhere.")
    if not is_there(file):
        refuse_unsafe_target(file, force=False, secret=False, scope=scope)


def _require_folders(folder: Path) -> None:
    first = next(one for one in (folder, *folder.parents) if os.path.lexists(one))
    if not is_folder(first):
        raise WriteRefused(f"{first}: is not a folder", hint="Move it elsewhere.")


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


#: n8n Cloud before 2.41.0, or of an unknown version, can't take a My Domain over its API.
_BY_HAND = (
    "enter it in n8n's editor, as the guide shows (from n8n 2.41.0 on: set n8n.version, and push)"
)


def next_steps(
    name: str,
    flow: str,
    *,
    by_hand: bool = False,
    overwrite: bool | None = False,
    wheel: str = "",
    n8n_url: str = "",
) -> str:
    """Return the next steps, in order, as text for a terminal.

    Args:
        name: The new credential's name; empty for none.
        flow: How n8n logs in.
        by_hand: Whether only a person can enter the credential in n8n, and connect it there.
        overwrite: Whether n8n needs an overwrite; None if that depends on an unknown version.
        wheel: How to get the wheel that CI installs; empty if CI needs none.
        n8n_url: n8n's address; empty if unknown.
    """
    variable = variable_prefix(name)
    guide = (f"sfcred guide {name}", "shows the steps in Salesforce and n8n, with your values")
    key = (set_variable(f"{variable}_CLIENT_ID", "KEY"), "with the app's Consumer Key as KEY")
    doctor = ("sfcred doctor", "finds mistakes; with --live, it also logs in")
    deliver = (_BY_HAND, "") if by_hand else _into_n8n(name, n8n_url)
    if not name:
        steps = [("sfcred import export.json", "turns n8n's export into specs, if needed"), doctor]
    elif flow == "jwt":
        first = (f"sfcred keygen {name}", "creates the private key and the certificate")
        steps = [first, guide, key, doctor, deliver]
    else:
        secret = f"set the variable {variable}_CLIENT_SECRET to its Consumer Secret as well"
        login = (f"sfcred login {name}", "gets your consent in the browser")
        steps = [guide, key, (secret, ""), *([login] if flow == "oauth2" and not by_hand else [])]
        steps += [*_overwrite_steps(name, overwrite), doctor, deliver]
    if wheel:
        steps.append((wheel, ""))
    width = max(len(command) for command, what in steps if what)
    lines = (f"{command:<{width}}  {what}".rstrip() for command, what in steps)
    return "next:\n" + "".join(f"  {number}. {line}\n" for number, line in enumerate(lines, 1))


def _into_n8n(name: str, url: str) -> tuple[str, str]:
    """Return how the credential gets into n8n. An unknown n8n can be n8n Cloud."""
    if not url:
        return "sfcred render", "writes the JSON that n8n imports; on n8n Cloud, use sfcred push"
    if is_cloud(url):
        command = f"sfcred push {name} --n8n {for_shell(url)}"
        return command, "writes it into n8n Cloud, with n8n's API key in N8N_API_KEY"
    return "sfcred render", "writes the JSON that n8n imports"


def _overwrite_steps(name: str, needed: bool | None) -> list[tuple[str, str]]:
    """Return the steps that this n8n needs to use the credential at all."""
    if needed is None:
        return [("set n8n.version in the spec: n8n from 2.41.0 on needs an overwrite", "")]
    command = f"sfcred render {name} --target n8n-overwrite"
    what = "writes the overwrite that this n8n has to be started with"
    return [(command, what)] if needed else []


def _configuration(root: Path) -> str:
    folder = root / "workflows"
    has_workflows = is_folder(folder) and any(folder.glob("*.json"))
    lines = 'workflows = ["workflows"]\n' if has_workflows else _NO_WORKFLOWS
    return _CONFIGURATION.format(workflows=lines)
