"""Ask git about files: does it track them, would it take them.

The answers are git's own, because ignore rules that are only almost git's would put a secret into
a repository one day. But a repository is untrusted, and its configuration can name programs in many
ways. So git is fenced:

- Only the repository around the project's root is asked, and the one around the working folder. A
  spec chooses files, never a repository. Files of another repository are "not known".
- Git starts in that repository's root and is told to look no further. Paths are handed over
  relative to it, literally, so that nothing in a name means anything.
- The environment is built from a short list. No secret of the process is in it.
- What could start a program, connect, fetch or write is switched off, each in more than one way:
  a Git that is too old to know one switch knows another.

Source: git(1), git-config(1), and hostile repositories, run against Git 2.30, 2.39, 2.47 and 2.55.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sfcred.errors import NotKnown, ReadError
from sfcred.paths import find_root, is_elsewhere, real_path, working_folder
from sfcred.shell import for_shell

if TYPE_CHECKING:
    from sfcred.running import Finished

# Seconds: a listing of a million files takes one. Bytes: as many names.
_PATIENCE, _LIMIT = 20, 128 * 1024 * 1024
_POINTER_LIMIT = 16 * 1024

# What the person's own configuration needs, and what the system needs to start a program.
_KEPT = (
    *("HOME", "XDG_CONFIG_HOME", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM"),
    *("USERPROFILE", "HOMEDRIVE", "HOMEPATH", "APPDATA", "PROGRAMDATA", "SYSTEMROOT", "WINDIR"),
    *("PATH", "SUDO_UID", "TMPDIR", "TEMP", "TMP"),
)
_FENCE = {
    "LC_ALL": "C",
    "GIT_ALLOW_PROTOCOL": "none",  # no transport may be used, whatever the configuration says
    "GIT_NO_LAZY_FETCH": "1",  # since 2.45, 2.39.4 and others: objects are missing, not fetched
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
    """The repositories around a project and the working folder, for one run: each lists once.

    Args:
        project: The project's root.
        environ: The environment: PATH, and where the person's configuration of Git is.
    """

    def __init__(self, project: Path, environ: Mapping[str, str] = os.environ) -> None:
        starts = [
            Path(os.path.realpath(folder)) for folder in (project, working_folder()) if folder
        ]
        roots = dict.fromkeys(root for root in map(find_root, starts) if root is not None)
        self._repositories = [_Repository(root, starts[0], environ) for root in roots]
        self._around: dict[Path, Path | None] = {}

    def tracks(self, path: Path) -> bool:
        """Say whether git has this very file, or the link that leads to it.

        Args:
            path: A file, which need not exist.

        Raises:
            NotKnown: It lies in a repository that can't be asked.
            ReadError, OSError, ValueError: There can be no such file.
        """
        places = {real_path(path.parent) / path.name, real_path(path)}
        inside = [(place, self._find(place)) for place in places]
        return any(where and where.repository.tracks(where.name, place) for place, where in inside)

    def would_take(self, paths: Iterable[Path]) -> list[Path]:
        """Return those paths that git tracks, or that no ignore rule covers.

        Args:
            paths: Files, which need not exist, nor their folders.

        Raises:
            NotKnown: One lies in a repository that can't be asked.
            ReadError, OSError, ValueError: There can be no such file.
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
                # An ignored file can be tracked all the same.
                if name not in ignored or repository.tracks(name, place):
                    taken.append(path)
        return taken

    def _find(self, place: Path) -> "_Where | None":
        """The repository that a file, its path without links, lies in; None: in none.

        Raises:
            NotKnown: It lies in another one.
        """
        folder = place.parent
        if folder not in self._around:
            self._around[folder] = find_root(folder)
        root = self._around[folder]
        if root is None:
            return None
        for repository in self._repositories:
            # The same folder may be written in another case.
            if root == repository.root or _same_file(root, repository.root):
                name = os.fsencode(place.relative_to(root).as_posix())
                return _Where(repository, name)
        raise NotKnown(
            f"git isn't asked about {place}: it lies in another repository than the project",
            hint=f"Run sfcred in that repository and name the specs: cd {for_shell(root)}.",
        )


class _Repository:
    """One repository, by its root."""

    def __init__(self, root: Path, project: Path, environ: Mapping[str, str]) -> None:
        self.root = root
        self._project = project
        self._environ = environ
        self._listed: dict[str, _Listing] = {}

    def tracks(self, name: bytes, place: Path) -> bool:
        """Say whether the index has a file, by its name in the repository and its path."""
        # In a repository of many projects the project's own part is enough, mostly.
        inside = place.is_relative_to(self._project) and self._project.is_relative_to(self.root)
        part = self._project.relative_to(self.root).as_posix() if inside else "."
        if part != "." and not self._listing(part).names:
            part = "."  # its name may be written in another case
        return self._listing(part).has(name, place)

    def _listing(self, part: str) -> "_Listing":
        if part not in self._listed:
            answer = self._ask("ls-files", "-z", "--", f":(literal){part}")
            self._listed[part] = _Listing(self.root, answer.output)
        return self._listed[part]

    def ignored(self, names: Sequence[bytes]) -> set[bytes]:
        """Return those names that a rule covers."""
        # check-ignore refuses --literal-pathspecs. With ./ before it, no sign at a name's beginning
        # means anything; a `*` in it may only make more names "tracked", and so not ignored.
        asked = b"".join(b"./" + name + b"\0" for name in names)
        answer = self._ask("check-ignore", "-z", "-v", "-n", "--stdin", stdin=asked)
        # For each path: the rules' file, the line, the rule (empty: none applies), the path.
        fields = answer.output.split(b"\0")
        rules = zip(fields[2::4], fields[3::4], strict=False)
        return {name[2:] for rule, name in rules if rule and not rule.startswith(b"!")}

    def _ask(self, *command: str, stdin: bytes = b"") -> "Finished":
        """Git's answer to a fixed command.

        Raises:
            NotKnown: There is no git, or it refuses.
        """
        from sfcred import running  # it brings subprocess, which a run that asks nothing spares

        root = self.root
        _refuse_foreign_pointer(root)
        program = self._program()
        switches = [part for key, value in _SWITCHES.items() for part in ("-c", f"{key}={value}")]
        arguments = [program, "--no-pager", *switches, *command]
        try:
            answer = running.run(
                running.Command(arguments, root, self._environment(), self._project, stdin),
                running.Bounds(_PATIENCE, _LIMIT, _POINTER_LIMIT),
            )
        except OSError:
            raise NotKnown(
                f"git can't be asked about {root}", hint="Install git where sfcred runs."
            ) from None
        except (running.TimedOut, running.TooMuchOutput):
            raise NotKnown(
                f"git can't be asked about {root}: it took too long, or listed too much",
                hint=f"Run `git status` in {root}. In a very large repository, put sfcred.toml "
                "into the project's own folder.",
            ) from None
        if answer.status not in (0, 1):
            raise _refusal(root, answer)
        return answer

    def _program(self) -> str:
        from sfcred.programs import find_program

        search = self._environ.get("PATH")
        found = find_program("git", search, self._project)
        if found is None:
            raise NotKnown(
                f"git can't be asked about {self.root}: there is no git outside of the project",
                hint="Install git where sfcred runs.",
            )
        return str(found)

    def _environment(self) -> dict[str, str]:
        kept = {name: self._environ[name] for name in _KEPT if name in self._environ}
        # Without it, git would look above the root if what is there proves to be no repository.
        ceiling = str(self.root.parent)
        return {**kept, **_FENCE, "GIT_CEILING_DIRECTORIES": ceiling}


class _Listing:
    """The files that git tracks, by name in any case."""

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
        # Where case or the form of accents makes no difference, one file has many names.
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
    """Raise NotKnown where `.git` leads to another machine: git must not look there.

    A worktree and a submodule have a file there: `gitdir: PATH`.
    """
    place = root / ".git"
    try:
        real = real_path(place)
        text = "" if real.is_dir() else _start_of(real)
    except (OSError, ValueError, ReadError):
        text = "//"
    if is_elsewhere(text.removeprefix("gitdir:").strip()):
        raise NotKnown(
            f"git can't be asked about {root}: its .git can't be followed",
            hint="Look at .git there; a fresh clone has an ordinary one.",
        )


def _start_of(file: Path) -> str:
    descriptor = os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    try:
        return os.fsdecode(os.read(descriptor, _POINTER_LIMIT))
    finally:
        os.close(descriptor)


def _refusal(root: Path, answer: "Finished") -> NotKnown:
    if b"dubious ownership" in answer.complaint or b"unsafe repository" in answer.complaint:
        return NotKnown(
            f"git can't be asked about {root}: the folder belongs to another user (run sfcred as "
            "its owner, in a container with --user)",
            hint="Or let git trust the folder: git config --global --add safe.directory "
            f"{for_shell(root)}.",
        )
    return NotKnown(
        f"git can't be asked about {root}: it refuses (exit status {answer.status})",
        hint=f"Run `git status` in {root}: it says why.",
    )
