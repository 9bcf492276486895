"""Repositories that try to run a program. The tests build them; none is stored in this repository.

Each builder creates a project in the working folder whose repository, or a part of it, names a
program for git to run. The program writes a marker outside the project. `TRAPS` also states how an
unrestricted git runs the program, so that the tests notice a trap that doesn't work.
"""

import base64
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from tests.helpers.material import Workshop
from tests.helpers.systems import make_executable

#: Git's hooks, and other names under which a program could be found.
HOOKS = (
    "post-index-change", "post-checkout", "pre-commit", "pre-auto-gc", "reference-transaction",
    "fsmonitor-watchman", "query-watchman", "proc-receive", "push-to-checkout", "update",
)  # fmt: skip
PROGRAMS = ("git", "git.exe", "git.bat", "git.cmd", "git.com", "sops", "sh", "cat", "less")

# An index with sparse folders whose objects are missing: listing it requires a fetch.
_SPARSE_INDEX = base64.b64decode(
    "RElSQwAAAAMAAAADawdhjCp3UhprB2GMKndSGgAA/gAAJuoIAACBpAAAAAAAAAAAAAAAAvKtbHbwEVprpbAEVqhJgQ5+"
    "wK8gAAFjAGsHYYww+7coawdhjDD7tygAAP4AACip9gAAgaQAAAAAAAAAAAAAAAJ4mBkiYTsq+2AlBC/2vYeKwZlOhQAE"
    "aW4vYQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAQAAAAAAAAAAAAAAAAABr5mBUWzH2GoKofSsZFfC4i7nx"
    "b0AEQABvdXQvAAAAAFRSRUUAAABQADMgMgqusOxv1kaljmCP2Rl7HN4G9N9EqGluADEgMAqq/3SYTMzRVqRpr6fZqxDk"
    "d3vrJG91dAAxIDAKa+ZgVFsx9hqCqH0rGRXwuIu58W9zZGlyAAAAAO0RzaBxcsZApxqgnCRKAywZkcUY"
)
_LAZY = """\
[core]
\trepositoryformatversion = 1
\tbare = false
{worktree}\tsparseCheckout = true
\tsparseCheckoutCone = true
[index]
\tsparse = true
[extensions]
\tpartialClone = origin
[remote "origin"]
\turl = {url}
\tpromisor = true
\tpartialclonefilter = blob:none
\tuploadpack = "{program} #"
"""
# Every key of git-config(1) known to name a program, and each transport.
_EVERYTHING = """\
[core]
\tfsmonitor = {program}
\thooksPath = hooks
\tpager = {program}
\teditor = {program}
\tsshCommand = {program}
\tgitProxy = {program}
\taskPass = {program}
\talternateRefsCommand = {program}
\tattributesFile = .gitattributes
\tuseBuiltinFSMonitor = true
\tuntrackedCache = true
[pager]
\tls-files = {program}
\tcheck-ignore = {program}
[alias]
\tls-files = !{program}
\tcheck-ignore = !{program}
[filter "evil"]
\tclean = {program}
\tsmudge = {program}
\tprocess = {program}
\trequired = true
[diff]
\texternal = {program}
[diff "evil"]
\tcommand = {program}
\ttextconv = {program}
[merge "evil"]
\tdriver = {program}
[credential]
\thelper = !{program}
[gpg]
\tprogram = {program}
[uploadpack]
\tpackObjectsHook = {program}
[sequence]
\teditor = {program}
[interactive]
\tdiffFilter = {program}
[submodule "keys"]
\tupdate = !{program}
[trace2]
\teventTarget = {marker}
\tnormalTarget = {marker}
\tperfTarget = {marker}
[protocol]
\tallow = always
[protocol "ext"]
\tallow = always
"""
SPEC = """\
version: 1
name: acme-crm
environment: sandbox
my_domain: https://acme--uat.sandbox.my.salesforce.com
flow: jwt
client_id: {env: ACME_CLIENT_ID}
jwt:
  username: n8n@acme.com.uat
  private_key: {file: ../keys/x.key}
  certificate: ../keys/x.crt
app: {type: external_client_app, label: n8n, contact_email: crm@acme.com, pre_authorized: true,
  scopes: [api, refresh_token], permission_sets: [n8n],
  callback_urls: [https://n8n.acme.com/rest/oauth2-credential/callback]}
n8n: {deployment: self_hosted, url: https://n8n.acme.com, version: "2.40.5", id: acme1}
"""
NEW = SPEC
for _old, _new in (("acme-crm", "acme-new"), ("x.key", "new.key"), ("x.crt", "new.crt"), ("acme1", "acme2")):  # fmt: skip
    NEW = NEW.replace(_old, _new)
OAUTH2 = """\
version: 1
name: acme-web
environment: sandbox
my_domain: https://acme--uat.sandbox.my.salesforce.com
flow: oauth2
client_id: {env: ACME_CLIENT_ID}
oauth2:
  client_secret: {file: ../keys/secret}
  refresh_token: {file: ../keys/token}
"""


class Ground(NamedTuple):
    """The place where a trap is built, and the means for it."""

    root: Path
    marker: Path
    program: Path

    def write(self, name: str, text: str) -> Path:
        """Write a file below the root."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def git(self, *arguments: str, at: str = ".") -> None:
        """Run an unrestricted git, to build a trap."""
        subprocess.run(["git", *arguments], cwd=self.root / at, check=True, capture_output=True)

    def lazy(self, folder: str, worktree: str, url: str) -> None:
        """Make a folder a repository that fetches missing objects through the program."""
        line = f"\tworktree = {worktree}\n" if worktree else ""
        text = _LAZY.format(worktree=line, url=url, program=self.program)
        self.write(f"{folder}/config", text)
        self.write(f"{folder}/HEAD", "ref: refs/heads/master\n")
        self.write(f"{folder}/info/sparse-checkout", "/*\n!/*/\n/in/\n")
        self.write(f"{folder}/objects/.keep", "")
        self.write(f"{folder}/refs/.keep", "")
        (self.root / folder / "index").write_bytes(_SPARSE_INDEX)

    def everything(self, file: str) -> None:
        """Write a configuration that names the program in every place."""
        before = (
            (self.root / file).read_text(encoding="utf-8") if (self.root / file).exists() else ""
        )
        self.write(file, before + _EVERYTHING.format(program=self.program, marker=self.marker))

    def arm(self, path: Path) -> None:
        """Put the program into a file."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.program.read_text(encoding="utf-8"), encoding="utf-8")
        make_executable(path)


def lay_ground(root: Path, marker: Path, workshop: Workshop) -> Ground:
    """Create an ordinary project, and the program that must never run."""
    program = marker.with_name("program")
    program.write_text(f"#!/bin/sh\nenv > {marker}\nexit 1\n", encoding="utf-8")
    make_executable(program)
    ground = Ground(root, marker, program)
    ground.write("credentials/acme.yaml", SPEC)
    ground.write("credentials/new.yaml", NEW)
    ground.write("credentials/web.yaml", OAUTH2)
    ground.write("keys/x.key", workshop.text("rsa-2048"))
    ground.write("keys/x.crt", workshop.text("certificate"))
    ground.write("keys/secret", "0123456789ABCDEF" * 4)
    ground.write("keys/token", "5Aep861" + "aB3._dE5" * 10)
    ground.write("a.txt", "text\n")
    return ground


def _bare_style(ground: Ground) -> None:
    ground.git("init", "-q")
    ground.lazy("keys", ".", ".")


def _nested_folder(ground: Ground) -> None:
    ground.git("init", "-q")
    ground.lazy("keys/.git", "", ".")


def _nested_file(ground: Ground) -> None:
    ground.git("init", "-q")
    ground.lazy("evil", "../keys", ".")
    ground.write("keys/.git", "gitdir: ../evil\n")


def _submodule(ground: Ground) -> None:
    ground.git("init", "-q")
    ground.git("init", "-q", at="keys")
    ground.git("-c", "user.name=x", "-c", "user.email=x@x.x", "commit", "-qm", "x",
               "--allow-empty", at="keys")  # fmt: skip
    ground.git("add", "keys")
    ground.everything("keys/.git/config")


def _own_lazy(ground: Ground) -> None:
    ground.git("init", "-q")
    ground.lazy(".git", "", ".")


def _own_lazy_ext(ground: Ground) -> None:
    """Like the lazy repository, but with the transport that is a command line."""
    ground.git("init", "-q")
    ground.lazy(".git", "", f"ext::{ground.program}")
    ground.write(".git/config", (ground.root / ".git/config").read_text(encoding="utf-8")
                 + '[protocol "ext"]\n\tallow = always\n')  # fmt: skip


def _own_everything(ground: Ground) -> None:
    ground.git("init", "-q")
    ground.git("add", "a.txt")
    ground.write(".gitattributes", "* filter=evil diff=evil merge=evil text=auto\n")
    for name in HOOKS:
        ground.arm(ground.root / ".git/hooks" / name)
        ground.arm(ground.root / "hooks" / name)
    ground.everything(".git/config")


def _included(ground: Ground) -> None:
    """A team's configuration in the tree, which a pull request can change."""
    ground.git("init", "-q")
    ground.git("add", "a.txt")
    ground.git("config", "include.path", "../team.gitconfig")
    ground.git("config", "includeIf.onbranch:**.path", "../team.gitconfig")
    ground.everything("team.gitconfig")


def _worktree_config(ground: Ground) -> None:
    ground.git("init", "-q")
    ground.git("add", "a.txt")
    ground.git("config", "core.repositoryformatversion", "1")
    ground.git("config", "extensions.worktreeConfig", "true")
    ground.everything(".git/config.worktree")


def _git_is_a_link(ground: Ground) -> None:
    ground.lazy("evil", str(ground.root), ".")
    (ground.root / ".git").symlink_to("evil")


def _git_is_a_file(ground: Ground) -> None:
    ground.lazy("evil", str(ground.root), ".")
    ground.write(".git", "gitdir: evil\n")


def _no_repository(ground: Ground) -> None:
    """The root itself is a bare-style repository, and its .git is not a repository."""
    ground.lazy(".", ".", ".")
    (ground.root / ".git").mkdir()


def _worktree_elsewhere(ground: Ground) -> None:
    elsewhere = ground.marker.with_name("elsewhere")
    elsewhere.mkdir()
    (elsewhere / ".gitattributes").write_text("* filter=evil\n", encoding="utf-8")
    ground.git("init", "-q")
    ground.everything(".git/config")
    ground.git("config", "core.worktree", str(elsewhere))


def _alternates(ground: Ground) -> None:
    ground.git("init", "-q")
    ground.lazy("evil", "", ".")
    ground.write(".git/objects/info/alternates", f"{ground.root}/evil/objects\n")
    ground.everything(".git/config")


def _programs_in_the_tree(ground: Ground) -> None:
    ground.git("init", "-q")
    for folder in (".", "bin", "credentials", "keys"):
        for name in PROGRAMS:
            ground.arm(ground.root / folder / name)


class Trap(NamedTuple):
    """A hostile repository.

    Attributes:
        build: Creates the repository.
        walk_in: A git command that runs the program, and the folder to run it in. None if the trap
            doesn't use git.
    """

    build: Callable[[Ground], None]
    walk_in: tuple[str, tuple[str, ...]] | None


TRAPS = {
    "a folder like a bare repository": Trap(_bare_style, ("keys", ("ls-files",))),
    "a .git folder in a folder": Trap(_nested_folder, ("keys", ("ls-files",))),
    "a .git file in a folder": Trap(_nested_file, ("keys", ("ls-files",))),
    "a submodule": Trap(_submodule, ("keys", ("status",))),
    "its own, which fetches": Trap(_own_lazy, (".", ("ls-files",))),
    "its own, which fetches by a command": Trap(_own_lazy_ext, (".", ("ls-files",))),
    "its own, in every place": Trap(_own_everything, (".", ("status",))),
    "an included configuration": Trap(_included, (".", ("status",))),
    "a work tree's configuration": Trap(_worktree_config, (".", ("status",))),
    ".git is a link": Trap(_git_is_a_link, (".", ("ls-files",))),
    ".git is a file": Trap(_git_is_a_file, (".", ("ls-files",))),
    ".git is nothing, and the root is": Trap(_no_repository, (".", ("ls-files",))),
    "a work tree elsewhere": Trap(_worktree_elsewhere, (".", ("status",))),
    "objects elsewhere": Trap(_alternates, (".", ("status",))),
    "programs in the tree": Trap(_programs_in_the_tree, None),
}


def walk_in(ground: Ground, trap: Trap) -> bool:
    """Return whether an unrestricted git runs the program."""
    if trap.walk_in is None:
        return False
    folder, command = trap.walk_in
    environ = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    where = ground.root / folder
    subprocess.run(["git", *command], cwd=where, env=environ, capture_output=True, check=False)
    caught = ground.marker.exists()
    ground.marker.unlink(missing_ok=True)
    return caught
