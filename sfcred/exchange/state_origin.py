"""Refuse a state of pushes that could come from a pull request, by where its file is."""

import os
import stat
from pathlib import Path

from sfcred.errors import NotKnown, ReadError, UsageError
from sfcred.git import Git
from sfcred.paths import part_below, real_path
from sfcred.repositories import find_root
from sfcred.text.shell import for_shell, untrack

#: A project's own state, from its root.
FILE = Path(".sfcred/state.json")
#: Why a state is refused, and the way that always works.
WHY = "It decides what push overwrites in n8n, so a pull request must not be able to add it. "
ELSEWHERE = "keep the state outside the repository with --state FILE or SFCRED_STATE."


def refuse_linked(path: Path, project: Path) -> None:
    """Refuse a state that is a symbolic link, or below one inside the project.

    Raises:
        UsageError: It is; the hint says what to do.
    """
    below = part_below(path, project)
    try:
        real = real_path(path)
        is_linked = path.is_symlink()
        if below is not None:
            wanted = Path(os.path.realpath(project), below)
            is_linked = os.path.normcase(wanted) != os.path.normcase(real)
    except (ReadError, OSError):  # a link to another machine, or to itself
        is_linked = True
    if is_linked:
        raise UsageError(
            f"{path}: this file or its folder is a symbolic link",
            hint=f"{WHY}Remove the link, or {ELSEWHERE}",
        )


def refuse_brought_along(path: Path, project: Path, git: Git) -> None:
    """Refuse a state that git tracks, directly or in a nested repository in the project.

    Raises:
        UsageError: It is tracked, or that isn't known; the hint says what to do.
    """
    below = part_below(path, project)
    if below is not None and below != FILE and find_root(Path(os.path.realpath(project))) is None:
        raise UsageError(
            f"{path}: it is inside the project, and without git sfcred can't tell who added it",
            hint=f"{WHY}Use a file outside the project, with --state FILE or SFCRED_STATE.",
        )
    parents = [] if below is None else list(below.parents)[:-1]
    folders = [project / folder for folder in parents]
    try:
        is_tracked = any(git.tracks(place) for place in (path, *folders))
    except NotKnown as reason:
        raise UsageError(
            f"{path}: can't tell whether git tracks it: {reason.message}",
            hint=f"{WHY}{reason.hint} Or {ELSEWHERE}",
        ) from None
    if is_tracked or any((folder / ".git").exists() for folder in folders):
        raise UsageError(
            f"{path}: this file is tracked by git",
            hint=f"{WHY}Run `{untrack(path)}`, add .sfcred/ to .gitignore, and delete the file "
            f"unless you know who wrote it. Or {ELSEWHERE}",
        )


def refuse_open_to_others(path: Path) -> None:
    """Refuse a state that others can access, because sfcred doesn't write it like that.

    A checkout or an unpacked archive leaves such a file. Without git, nothing else reveals that.

    Raises:
        UsageError: Others can access it; the hint says what to do.
    """
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise UsageError(
            f"{path}: others can read or write it, which sfcred never allows",
            hint=f"{WHY}Delete it if you don't know where it comes from. Otherwise run `chmod "
            f"600 {for_shell(path)}`.",
        )
