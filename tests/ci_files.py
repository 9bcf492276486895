"""What runs elsewhere, read as data: the action, workflows, hooks, and the commands in them."""

import re
import shlex
from pathlib import Path
from typing import Any

import yaml

from scripts.generate import ROOT

ACTION = ROOT / "action.yml"
HOOKS = ROOT / ".pre-commit-hooks.yaml"
GITLEAKS = ROOT / "examples/gitleaks.toml"
CI = ROOT / "examples/ci"
WORKFLOWS = sorted([*CI.glob("github-*.yml"), *(ROOT / ".github/workflows").glob("*.yml")])


def load(path: Path) -> Any:
    """A YAML file. `on:` is the boolean True there, as YAML 1.1 has it."""
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def action_script(name: str) -> str:
    """The script of one of the action's steps, by the step's name."""
    (script,) = [s["run"] for s in load(ACTION)["runs"]["steps"] if s["name"] == name]
    assert isinstance(script, str)
    return script


def scripts(document: Any) -> list[str]:
    """Every script in a workflow, an action or GitLab's CI file."""
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
    """The arguments of each `sfcred …` that a text has as a command, on a line or in backticks."""
    lines = re.sub(r"\\\n\s*", " ", text).splitlines()
    # Behind `- run:`, `- `, `$ `, a variable, an image's name or a quote: as YAML, a terminal, docker
    # and Jenkins have a command.
    begin = r"\s*(?:- |run: |entry: |\$ |sh '|docker run .*?)*"
    found = [re.match(rf"{begin}sfcred (?P<rest>[a-z-]+( .*)?)$", line) for line in lines]
    rests = [match["rest"].rstrip("'") for match in found if match]
    rests += re.findall(r"`sfcred ([a-z-]+(?: [^`]*)?)`", text)
    return [shlex.split(rest, comments=True) for rest in rests]
