"""Ask git whether it tracks or ignores files.

Git itself answers, because rules that only resemble git's would one day let a secret into a
repository. But a repository is untrusted, and its configuration can name programs in many ways. So
git runs with restrictions:

- Only the repository around the project's root is asked, and the one around the working folder. A
  spec chooses files, never a repository. For files in another repository, the answer is NotKnown.
- Git starts in the root of that repository and doesn't search further. It gets paths relative to
  the root, and takes them literally, so no character in a name has a special meaning.
- Its environment is built from a short list, without the secrets of this process.
- Everything that could start a program, connect, fetch or write is turned off in several ways,
  because old versions of Git don't know every switch.

Source: git(1), git-config(1), and tests with hostile repositories on Git 2.30, 2.39, 2.47 and 2.55.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sfcred.errors import NotKnown, ReadError
from sfcred.paths import is_elsewhere, is_plain_file, real_path, working_folder
from sfcred.repositories import find_root
from sfcred.text.shell import for_shell

if TYPE_CHECKING:
    from sfcred.programs.running import Finished

# Seconds: listing a million files takes one. Bytes: a million names.
_PATIENCE, _LIMIT = 20, 128 * 1024 * 1024
_POINTER_LIMIT = 16 * 1024

# What your own Git configuration needs, and what the system needs to start a program.
_KEPT = (
    *("HOME", "XDG_CONFIG_HOME", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM"),
    *("USERPROFILE", "HOMEDRIVE", "HOMEPATH", "APPDATA", "PROGRAMDATA", "SYSTEMROOT", "WINDIR"),
    *("PATH", "SUDO_UID", "TMPDIR", "TEMP", "TMP"),
)
#: What git is told besides the switches. Nothing in a project may take one away.
FENCE = {
    "LC_ALL": "C",
    "GIT_ALLOW_PROTOCOL": "none",  # allow no transport, whatever the configuration allows
    "GIT_NO_LAZY_FETCH": "1",  # since 2.45, 2.39.4 and others: don't fetch missing objects
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "",
    "SSH_ASKPASS": "",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_PAGER": "cat",
    "GIT_TRACE2": "0",
    "GIT_TRACE2_EVENT": "0",
    "GIT_TRACE2_PERF": "0",
}
_SWITCHES = {
    "safe.bareRepository": "explicit",
    "core.fsmonitor": "false",
    "core.untrackedCache": "false",
    "core.hooksPath": os.devnull,
    "core.attributesFile": os.devnull,
    "core.alternateRefsCommand": "false",
    "core.gitProxy": "",
    "core.sshCommand": "false",
    "credential.helper": "",
    "protocol.allow": "never",
    "fetch.recurseSubmodules": "false",
    "submodule.recurse": "false",
    "maintenance.auto": "false",
    "gc.auto": "0",
}


class _Where(NamedTuple):
    repository: "_Repository"
    name: bytes


class Git:
    """The repositories around a project and the working folder. Each lists its files once per run.

    Args:
        project: The project's root.
        environ: The environment, with PATH and the location of the user's Git configuration.
    """

    def __init__(self, project: Path, environ: Mapping[str, str] = os.environ) -> None:
        starts = [
            Path(os.path.realpath(folder)) for folder in (project, working_folder()) if folder
        ]
        roots = dict.fromkeys(root for root in map(find_root, starts) if root is not None)
        self._repositories = [_Repository(root, starts[0], environ) for root in roots]
        self._around: dict[Path, Path | None] = {}

    def tracks(self, path: Path) -> bool:
        """Return whether git tracks a file, or a link that leads to it.

        Args:
            path: A file. It doesn't have to exist.

        Raises:
            NotKnown: The file is in a repository that git can't read.
            ReadError, OSError, ValueError: The path can't be that of a file.
        """
        named = real_path(path.parent) / path.name
        places = {named} if is_plain_file(named) else {named, real_path(path)}
        inside = [(place, self._find(place)) for place in places]
        return any(where and where.repository.tracks(where.name, place) for place, where in inside)

    def would_take(self, paths: Iterable[Path]) -> list[Path]:
        """Return the paths that git tracks or doesn't ignore.

        Args:
            paths: Files. Neither they nor their folders have to exist.

        Raises:
            NotKnown: A file is in a repository that git can't read.
            ReadError, OSError, ValueError: A path can't be that of a file.
        """
        taken: list[Path] = []
        inside: dict[_Repository, list[tuple[Path, bytes, Path]]] = {}
        for path in paths:
            place = real_path(path.parent) / path.name
            where = self._find(place)
            if where:
                inside.setdefault(where.repository, []).append((path, where.name, place))
        for repository, files in inside.items():
            ignored = repository.ignored([name for _path, name, _place in files])
            for path, name, place in files:
                # Git can track a file that it ignores.
                if name not in ignored or repository.tracks(name, place):
                    taken.append(path)
        return taken

    def _find(self, place: Path) -> "_Where | None":
        """Return the repository that contains a file (a path without links), or None.

        Raises:
            NotKnown: The file is in another repository.
        """
        folder = place.parent
        if folder not in self._around:
            self._around[folder] = find_root(folder)
        root = self._around[folder]
        if root is None:
            return None
        for repository in self._repositories:
            # The same folder can be written in another case.
            if root == repository.root or _same_file(root, repository.root):
                name = os.fsencode(place.relative_to(root).as_posix())
                return _Where(repository, name)
        raise NotKnown(
            f"{place} was not checked with git: it is in another repository, not the project's",
            hint=f"Run sfcred in that repository, and pass the specs: `cd {for_shell(root)}`.",
        )


class _Repository:
    """A repository, identified by its root."""

    def __init__(self, root: Path, project: Path, environ: Mapping[str, str]) -> None:
        self.root = root
        self._project = project
        self._environ = environ
        self._listed: dict[str, _Listing] = {}

    def tracks(self, name: bytes, place: Path) -> bool:
        """Return whether the index has a file, by its name in the repository and its path."""
        # In a repository with many projects, the project's own part is usually enough.
        inside = place.is_relative_to(self._project) and self._project.is_relative_to(self.root)
        part = self._project.relative_to(self.root).as_posix() if inside else "."
        if part != "." and not self._listing(part).names:
            part = "."  # its name can be written in another case
        return self._listing(part).has(name, place)

    def _listing(self, part: str) -> "_Listing":
        if part not in self._listed:
            answer = self._ask("ls-files", "-z", "--", f":(literal){part}")
            self._listed[part] = _Listing(self.root, answer.output)
        return self._listed[part]

    def ignored(self, names: Sequence[bytes]) -> set[bytes]:
        """Return the names that an ignore rule matches."""
        # check-ignore doesn't accept --literal-pathspecs. After ./, no first character of a name
        # has a special meaning. A `*` can only make more names "tracked", and so not ignored.
        asked = b"".join(b"./" + name + b"\0" for name in names)
        answer = self._ask("check-ignore", "-z", "-v", "-n", "--stdin", stdin=asked)
        # For each path: the file of the rule, its line, the rule (empty if none), the path.
        fields = answer.output.split(b"\0")
        rules = zip(fields[2::4], fields[3::4], strict=False)
        return {name[2:] for rule, name in rules if rule and not rule.startswith(b"!")}

    def _ask(self, *command: str, stdin: bytes = b"") -> "Finished":
        """Run a fixed git command, and return its result.

        Raises:
            NotKnown: Git was not found, or refused.
        """
        from sfcred.programs import running  # imports subprocess, which not every run needs

        root = self.root
        _refuse_foreign_pointer(root)
        program = self._program()
        switches = [part for key, value in _SWITCHES.items() for part in ("-c", f"{key}={value}")]
        arguments = [program, "--no-pager", *switches, *command]
        kept = {name: self._environ[name] for name in _KEPT if name in self._environ}
        # Without this, git would search above the root if the root is not a valid repository.
        own = {**FENCE, "GIT_CEILING_DIRECTORIES": str(root.parent)}
        try:
            answer = running.run(
                running.Command(arguments, root, kept, self._project, stdin, own),
                running.Bounds(_PATIENCE, _LIMIT, _POINTER_LIMIT),
            )
        except OSError:
            raise NotKnown(
                f"sfcred can't use git in {root}: git can't be started",
                hint="Install git outside the project, and add it to PATH.",
            ) from None
        except (running.TimedOut, running.TooMuchOutput):
            raise NotKnown(
                f"sfcred can't use git in {root}: git took too long or listed too much",
                hint=f"Run `git status` in {root}. In a very large repository, put sfcred.toml "
                "in the project's own folder.",
            ) from None
        if answer.status not in (0, 1):
            raise _refusal(root, answer)
        return answer

    def _program(self) -> str:
        from sfcred.programs.trusted import find_program

        search = self._environ.get("PATH")
        found = find_program("git", search, self._project)
        if found is None:
            raise NotKnown(
                f"sfcred can't use git in {self.root}: git was not found on PATH",
                hint="Install git outside the project, and add it to PATH.",
            )
        return str(found)


class _Listing:
    """The files that git tracks, found by name in any case."""

    def __init__(self, root: Path, output: bytes) -> None:
        self._root = root
        self.names = frozenset(output.split(b"\0")) - {b""}

    def has(self, name: bytes, place: Path) -> bool:
        if name in self.names:
            return True
        similar = self._by_folded.get(_folded(name), ())
        return any(_same_file(self._root / os.fsdecode(other), place) for other in similar)

    @cached_property
    def _by_folded(self) -> Mapping[str, list[bytes]]:
        # If the file system ignores case or the form of accents, a file has several names.
        found: dict[str, list[bytes]] = {}
        for name in self.names:
            found.setdefault(_folded(name), []).append(name)
        return found


def _folded(name: bytes) -> str:
    import unicodedata

    return unicodedata.normalize("NFC", os.fsdecode(name).casefold())


def _same_file(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False


def _refuse_foreign_pointer(root: Path) -> None:
    """Raise NotKnown if `.git` leads to another machine, which git must not access.

    In a worktree or submodule, `.git` is a file: `gitdir: PATH`.
    """
    place = root / ".git"
    try:
        real = real_path(place)
        text = "" if real.is_dir() else _start_of(real)
    except (OSError, ValueError, ReadError):
        text = "//"
    if is_elsewhere(text.removeprefix("gitdir:").strip()):
        raise NotKnown(
            f"sfcred can't use git in {root}: its .git can't be followed",
            hint="Check .git there, or clone the repository again.",
        )


def _start_of(file: Path) -> str:
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    descriptor = os.open(file, flags)
    try:
        return os.fsdecode(os.read(descriptor, _POINTER_LIMIT))
    finally:
        os.close(descriptor)


def _refusal(root: Path, answer: "Finished") -> NotKnown:
    if b"dubious ownership" in answer.complaint or b"unsafe repository" in answer.complaint:
        return NotKnown(
            f"sfcred can't use git in {root}: the folder belongs to another user",
            hint="Run sfcred as the folder's owner (in a container, use --user), or let git trust "
            f"the folder: `git config --global --add safe.directory {for_shell(root)}`.",
        )
    return NotKnown(
        f"sfcred can't use git in {root}: git failed with exit status {answer.status}",
        hint=f"To see why, run `git status` in {root}.",
    )
