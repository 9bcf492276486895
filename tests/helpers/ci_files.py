"""CI files as data: the action, workflows, hooks, and the commands in them."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from packaging.version import Version

from scripts.generate import ROOT
from scripts.release import sections
from sfcred import __version__
from tests.conftest import Outcome

ACTION = ROOT / "action.yml"
HOOKS = ROOT / ".pre-commit-hooks.yaml"
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
GITLEAKS = ROOT / "examples/gitleaks.toml"
CI = ROOT / "examples/ci"
WORKFLOWS = sorted([*CI.glob("github-*.yml"), *(ROOT / ".github/workflows").glob("*.yml")])

#: What `shell: bash` means, see docs.github.com, "jobs.<job_id>.steps[*].shell".
BASH = "bash --noprofile --norc -e -o pipefail {0}"


#: Stands for the commit of the first release until that is made. docs/ci.md tells people to replace it.
NO_COMMIT, FIRST = "0" * 40, "0.2.0"


def is_pin(commit: str, version: str, own: str = __version__, changelog: str = CHANGELOG) -> bool:
    """Return whether texts may name this release: the newest one, or the first one to come.

    Args:
        commit: The commit that the texts name.
        version: The release that they name.
        own: The version of the commit that contains the texts. It can't name itself.
        changelog: The text of CHANGELOG.md.
    """
    if commit == NO_COMMIT:
        return version == FIRST == Version(own).base_version
    return version == next((name for name in released(changelog) if name != own), None)


def released(changelog: str = CHANGELOG) -> list[str]:
    """Return the versions in a changelog, newest first."""
    return [name for name in sections(changelog) if name[0].isdigit()]


def commit_of(version: str) -> str | None:
    """Return the commit of a release's tag; None if this clone doesn't have the tag."""
    tag = f"refs/tags/v{version}^{{commit}}"
    command = ["git", "-C", str(ROOT), "rev-parse", "--quiet", "--verify", tag]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    return done.stdout.strip() or None


def load(path: Path) -> Any:
    """Read a YAML file. The key `on:` becomes the boolean True, as in YAML 1.1."""
    return yaml.safe_load(path.read_text(encoding="utf-8"))


class Runner:
    """A stand-in for how GitHub's runner executes the action's scripts.

    Attributes:
        temporary: The runner's temporary folder.
        output: The file that a step writes its outputs to.
    """

    def __init__(self, temporary: Path) -> None:
        temporary.mkdir()
        self.temporary = temporary
        self.output = temporary / "output"

    def run(self, name: str, environ: Mapping[str, str]) -> Outcome:
        """Run one of the action's steps, by its name, in the working folder."""
        (step,) = [step for step in load(ACTION)["runs"]["steps"] if step["name"] == name]
        script = self.temporary / "script.sh"
        script.write_text(step["run"], encoding="utf-8")
        self.output.write_text("", encoding="utf-8")
        own = {
            "RUNNER_TEMP": str(self.temporary),
            "GITHUB_OUTPUT": str(self.output),
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_WORKSPACE": str(Path.cwd()),
            "GITHUB_ACTIONS": "true",
        }
        template = shlex.split(BASH if step["shell"] == "bash" else step["shell"])
        shell, *words = [word.replace("{0}", str(script)) for word in template]
        done = subprocess.run(
            [shutil.which(shell) or shell, *words],
            env={**os.environ, **own, **environ}, capture_output=True, encoding="utf-8", check=False,
        )  # fmt: skip
        return Outcome(done.returncode, done.stdout, done.stderr)


class DoctorStep:
    """The action's step `Run sfcred doctor`, run with the sfcred of this environment.

    Attributes:
        environ: More variables of the job.
    """

    def __init__(self, temporary: Path) -> None:
        self.runner = Runner(temporary)
        self.environ: dict[str, str] = {}
        (temporary / "sfcred").mkdir()
        (temporary / "sfcred/venv").symlink_to(sys.prefix)

    def run(self, event: str = "push", **inputs: str) -> Outcome:
        """Run the step with these inputs (`fail_on="warning"`), and defaults for the others."""
        defaults = {
            name.replace("-", "_"): str(given["default"])
            for name, given in load(ACTION)["inputs"].items()
        }
        given = {f"INPUT_{n.upper()}": value for n, value in {**defaults, **inputs}.items()}
        event_and_more = {"GITHUB_EVENT_NAME": event, **self.environ}
        return self.runner.run("Run sfcred doctor", {**given, **event_and_more})

    def outputs(self) -> dict[str, str]:
        """Read the step's outputs."""
        lines = self.runner.output.read_text(encoding="utf-8").splitlines()
        return dict(line.split("=", 1) for line in lines)


def scripts(document: Any) -> list[str]:
    """Yield every script in a workflow, an action or GitLab's CI file."""
    found = []
    if isinstance(document, dict):
        for key, value in document.items():
            if key in ("run", "script", "before_script", "after_script"):
                found.append(value if isinstance(value, str) else "\n".join(value))
            else:
                found += scripts(value)
    elif isinstance(document, list):
        found = [script for item in document for script in scripts(item)]
    return found


def commands_in(text: str) -> list[list[str]]:
    """Yield the arguments of each `sfcred …` command in a text, on its own line or in backticks."""
    lines = re.sub(r"\\\n\s*", " ", text).splitlines()
    # A command comes after `- run:`, `- `, `$ `, a variable, an image's name or a quote, in YAML, a
    # terminal, docker or Jenkins.
    begin = r"\s*(?:- |run: |entry: |\$ |sh '|docker run .*?)*"
    found = [re.match(rf"{begin}sfcred (?P<rest>[a-z-]+( .*)?)$", line) for line in lines]
    rests = [match["rest"].rstrip("'") for match in found if match]
    rests += re.findall(r"`sfcred ([a-z-]+(?: [^`]*)?)`", text)
    return [shlex.split(rest, comments=True) for rest in rests]
