"""What sfcred doesn't write to, and why, in words."""

import os
import stat
from pathlib import Path

from sfcred.errors import AlreadyThere, WriteRefused


def refuse_present(path: Path, found: os.stat_result, *, force: bool) -> None:
    """Refuse to replace what exists at a path: a link, a folder, or a file without `force`."""
    if stat.S_ISLNK(found.st_mode):
        raise linked(path, path)
    if stat.S_ISDIR(found.st_mode):
        raise WriteRefused(f"{path}: is a folder", hint="Use the path of a file.")
    if not stat.S_ISREG(found.st_mode):
        raise WriteRefused(f"{path}: is not a regular file", hint="Choose another name.")
    if not force:
        raise already_there(path)


def refuse_chosen(path: Path, real: Path, *, confined: bool, project: Path) -> None:
    """Refuse a path that you would not choose yourself.

    Args:
        path: The path to write, which a spec or the configuration chose.
        real: Its folder, without links.
        confined: Refuse everything outside the project.
        project: The project's root.

    Raises:
        WriteRefused: The path is in git's folder or outside the project.
    """
    # Windows ignores trailing dots and spaces in a name. `git~1` is the short name of `.git`.
    names = {part.casefold().rstrip(". ") for part in (*real.parts, path.name)}
    if names & {".git", "git~1"}:
        raise WriteRefused(
            f"{path}: is inside git's own folder", hint="Choose another place in the spec."
        )
    if real.is_relative_to(project):
        return
    if confined:
        raise WriteRefused(
            f"{path}: is outside the project",
            hint="The spec or the configuration sets this path. Choose one inside the project, "
            "or pass --force if the command has that option.",
        )
    if os.path.lexists(real / path.name):
        raise WriteRefused(
            f"{path}: already exists, outside the project",
            hint="The spec sets this path, so --force doesn't replace the file. Remove it "
            "yourself, or choose another path in the spec.",
        )


def already_there(path: Path) -> AlreadyThere:
    """Return the error for a file that exists."""
    hint = "Choose another name, or pass --force to replace it."
    return AlreadyThere(f"{path}: already exists", hint=hint)


def linked(path: Path, link: Path) -> WriteRefused:
    """Return the error for a path that is, or goes through, a symbolic link."""
    where = "is" if link == path else f"{link} is"
    return WriteRefused(
        f"{path}: {where} a symbolic link, and sfcred doesn't write through symbolic links",
        hint="Use the real path (in the spec, if the spec sets it), or remove the link.",
    )
