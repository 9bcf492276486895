"""Read the CI files that a repository has, to tell whether they check a project already."""

import re
from collections.abc import Iterator
from itertools import chain, count
from pathlib import Path

from sfcred.errors import ReadError
from sfcred.files import read_regular
from sfcred.init.ci_files import Job
from sfcred.paths import is_there

_WORKFLOWS = Path(".github/workflows")
_MOST = 1024 * 1024
# The hooks of sfcred's own repository.
_HOOK_IDS = frozenset({"sfcred-doctor", "sfcred-validate"})
_PROGRAM = re.compile(r"(?<![\w.-])sfcred(?![\w-])")
_ELSEWHERE = re.compile(r"\bcd\s")


def workflow_file(job: Job, repository: Path) -> Path:
    """Return the file of a project's workflow: its own if there is one, else one that is free.

    Args:
        job: The project.
        repository: The repository's root.
    """
    suffixes = chain([""], (f"-{number}" for number in count(2)))
    names = (f"{job.workflow_name}{suffix}.yml" for suffix in suffixes)
    files = (repository / _WORKFLOWS / name for name in names)
    return next(one for one in files if not is_there(one) or job.folder == "." or _is_for(job, one))


def hook_runs_here(job: Job, file: Path) -> bool:
    """Return whether a pre-commit configuration runs sfcred in a project.

    Args:
        job: The project.
        file: The configuration. If it can't be understood, it doesn't.
    """
    return any(_runs_here(job, hook) for hook in _hooks(_read(file)))


def _is_for(job: Job, workflow: Path) -> bool:
    return any(_names(job, text) for text in _texts(_read(workflow)))


def _runs_here(job: Job, hook: dict[str, object]) -> bool:
    entry, args = str(hook.get("entry", "")), hook.get("args")
    if hook.get("id") not in _HOOK_IDS and not _PROGRAM.search(entry):
        return False
    if entry == job.hook_entry:
        return True
    if job.folder == ".":
        return not _ELSEWHERE.search(entry)
    return any(_names(job, text) for text in (entry, *_texts(args)))


def _names(job: Job, text: str) -> bool:
    """Return whether a text has the project's folder as a path, or that of its specs."""
    folder, specs = re.escape(job.folder), re.escape(job.specs)
    return bool(re.search(rf"(?<![\w./-])(?:\./)?{folder}(?:/{specs})?/?(?![\w./-])", text))


def _hooks(data: object) -> Iterator[dict[str, object]]:
    for repo in _items(data, "repos"):
        yield from (hook for hook in _items(repo, "hooks") if isinstance(hook, dict))


def _items(data: object, key: str) -> list[object]:
    found = data.get(key) if isinstance(data, dict) else None
    return found if isinstance(found, list) else []


def _texts(data: object) -> Iterator[str]:
    if isinstance(data, dict):
        for value in data.values():
            yield from _texts(value)
    elif isinstance(data, list):
        for item in data:
            yield from _texts(item)
    elif isinstance(data, str):
        yield data


def _read(file: Path) -> object:
    """Return the data of a YAML file; None if there is none that can be understood."""
    from sfcred.spec.reader import parse

    try:
        documents = parse(read_regular(file, _MOST), file, file.name).documents
    except ReadError:
        return None
    return documents[0].data() if documents else None
