"""What is generated is current, and what prose names exists."""

import re
from pathlib import Path

import pytest

from scripts.generate import ROOT, generated
from sfcred import __version__
from sfcred.checks import find_check

PROSE = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *ROOT.glob("examples/*.md")])


@pytest.mark.parametrize("path", generated(), ids=lambda path: path.name)
def test_generated_files_are_current(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == generated()[path], "run: make generate"


@pytest.mark.parametrize("page", PROSE, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PROSE, ids=lambda page: page.name)
def test_checks_that_prose_names_exist(page: Path) -> None:
    for check_id in set(re.findall(r"\bSFC[0-9]{3}\b", page.read_text(encoding="utf-8"))):
        assert find_check(check_id), check_id


@pytest.mark.parametrize("page", PROSE, ids=lambda page: page.name)
def test_make_targets_that_prose_names_exist(page: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"`make ([a-z]+)`", page.read_text(encoding="utf-8")):
        assert f"\n{target}:" in makefile, target


def test_the_changelog_has_this_version() -> None:
    assert f"## [{__version__}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
