"""Findings about the whole project show lines of specs that were read long before."""

from collections.abc import Callable
from pathlib import Path

import pytest

from sfcred.spec.reader import read as read_spec
from tests.conftest import Outcome
from tests.helpers.project import Project


def test_a_file_is_read_again_once_for_all_project_findings(
    project: Project, run: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    again: list[str] = []

    def read(path: Path, shown: str) -> object:
        again.append(shown)
        return read_spec(path, shown)

    monkeypatch.setattr("sfcred.doctor.lines.read", read)
    for name in ("a", "b", "c"):
        project.credential("name: good\nn8n: {id: same}\n", "jwt", f"{name}.yaml")
    done = run("doctor", "a.yaml", "b.yaml", "c.yaml")
    assert sum(check in done.out for check in ("SFC006", "SFC007")) == 2
    assert sorted(again) == ["b.yaml", "c.yaml"]
    assert "id: same" in done.out


def test_the_id_of_a_duplicate_name_follows_from_the_name(
    project: Project, run: Callable[..., Outcome]
) -> None:
    for name in ("a", "b"):
        project.credential("name: good\nn8n: {id: null}\n", "jwt", f"{name}.yaml")
    out = run("doctor", "a.yaml", "b.yaml").out
    assert "follows from this: SFC007" in out
    assert "another n8n.id here" not in out


def test_the_same_id_in_specs_of_the_same_name_is_a_mistake_of_its_own(
    project: Project, run: Callable[..., Outcome]
) -> None:
    for name in ("a", "b"):
        project.credential("name: good\nn8n: {id: same}\n", "jwt", f"{name}.yaml")
    out = run("doctor", "a.yaml", "b.yaml").out
    assert "SFC006" in out
    assert "another n8n.id here" in out
