"""CONTRIBUTING's promise: a single file adds a check, a provider, a format or a target."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.project import BASES, ENVIRON

ROOT = Path(__file__).parents[2]

NEW = {
    "checks/offline/name_is_acme.py": '''
"""The name is acme.

**Finds** it.
"""
from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.resolve.credential import Credential

BAD = GOOD = Example("{}")


@offline_check("SFC199", Severity.ERROR, bad=BAD, good=GOOD, since="9.9.9",
               answered_by=("n8n-overwrite",))
def check(credential: Credential) -> Iterator[Problem]:
    yield Problem("a new check spoke", ("name",), "Nothing to do.")
''',
    "secrets/providers/backwards.py": '''
"""`{backwards: TEXT}`."""
from pydantic import SecretStr

from sfcred.secrets.provider import Provider

PROVIDER = Provider(
    key="backwards", title="a text read backwards", description="A text, backwards.",
    pattern="[a-zA-Z0-9]+", example="cba", read=lambda text, _around: SecretStr(text[::-1]),
    where=lambda text, _around: f"the text {text} backwards",
)
''',
    "report/formats/number.py": '''
"""The number of findings."""
def report(report, _look):
    return f"found {len(report.findings)}\\n"
''',
    "render/targets/names_only.py": '''
"""Names."""
from sfcred.render.api import Document, Target

TARGET = Target(
    render=lambda credentials, _order: [Document("x", "".join(c.name for c in credentials))],
    secret=False, next_step=lambda _path, _order, _credentials: "read it",
    sends_to=lambda _credential, _order: [],
)
''',
    "guide/formats/titles.py": '''
"""Titles."""
def write(guide, width):
    return guide.title + "\\n"
''',
}


@pytest.fixture
def extended(tmp_path: Path) -> Path:
    """A copy of sfcred with one more file of each kind, and a project."""
    copy = tmp_path / "copy"
    shutil.copytree(ROOT / "sfcred", copy / "sfcred", ignore=shutil.ignore_patterns("__pycache__"))
    for name, text in NEW.items():
        file = copy / "sfcred" / name
        assert not file.exists()
        file.write_text(text.lstrip(), encoding="utf-8")
    spec = BASES["oauth2"].replace("{env: ACME_CLIENT_SECRET}", "{backwards: FEDCBA9876543210}")
    Path("acme.yaml").write_text(spec, encoding="utf-8")
    return copy


def ran(copy: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    environ = {**os.environ, **ENVIRON, "PYTHONPATH": str(copy)}
    return subprocess.run(
        [sys.executable, "-m", "sfcred", *arguments],
        env=environ, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip


def test_one_file_adds_one_thing(extended: Path) -> None:
    assert "number" in ran(extended, "doctor", "--help").stdout
    assert ran(extended, "doctor", "acme.yaml", "--format", "number").stdout == "found 1\n"

    report = json.loads(ran(extended, "doctor", "acme.yaml", "--format", "json").stdout)
    (finding,) = report["findings"]
    assert (finding["check"], finding["name"]) == ("SFC199", "name-is-acme")
    assert "SFC199  error    name-is-acme" in ran(extended, "explain").stdout
    assert "**" not in ran(extended, "explain", "name-is-acme").stdout
    assert ran(extended, "doctor", "acme.yaml", "--ignore", "SFC199").returncode == 0

    assert "the text FEDCBA9876543210 backwards" in ran(extended, "resolve", "acme.yaml").stdout
    assert '"backwards"' in ran(extended, "schema", "credential").stdout

    refused = ran(extended, "render", "acme.yaml", "--target", "names-only")
    assert (refused.returncode, "a new check spoke" in refused.stderr) == (1, True)
    done = ran(extended, "render", "acme.yaml", "--target", "names-only", "--no-check")
    assert (done.returncode, done.stdout) == (0, "acme-crm")
    answered = ran(extended, "render", "acme.yaml", "--target", "n8n-overwrite")
    assert (answered.returncode, "authUrl" in answered.stdout) == (0, True)

    assert "acme-crm" in ran(extended, "guide", "acme.yaml", "--format", "titles").stdout
