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
