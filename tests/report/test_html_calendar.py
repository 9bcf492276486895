"""The HTML report's calendar shows what doctor finds about a certificate's expiry, and nothing else."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Outcome
from tests.helpers.project import Project

Run = Callable[..., Outcome]


def badges(run: Run, *options: str) -> list[str]:
    """Return the calendar's text for each certificate."""
    page = run("doctor", "acme.yaml", "--format", "html", *options).out
    (endings,) = re.findall(r'<ol class="endings">(.*?)</ol>', page, re.DOTALL)
    return re.findall(r"\b(not valid|soon|valid)\b", endings)


@pytest.mark.parametrize(
    ("certificate", "words"),
    [
        ("certificate", "valid"),
        ("certificate-expiring", "soon"),
        ("certificate-expired", "not valid"),
    ],
)
@pytest.mark.parametrize("ignores", ["", "doctor: {ignore: {SFC409: known, SFC410: known}}\n"])
def test_a_certificate_by_its_end(
    certificate: str, words: str, ignores: str, project: Project, run: Run
) -> None:
    project.material("acme.crt", certificate)
    project.credential(ignores or "{}\n")
    assert badges(run) == [words]


@pytest.mark.parametrize("certificate", ["certificate-sha1", "certificate-other"])
def test_another_fault_of_a_certificate_is_not_its_end(
    certificate: str, project: Project, run: Run
) -> None:
    project.material("acme.crt", certificate)
    project.credential()
    assert re.search(r"SFC4(08|13)", run("doctor", "acme.yaml").out)
    assert badges(run) == ["valid"]


def test_the_words_follow_the_configured_days(project: Project, run: Run) -> None:
    Path("sfcred.toml").write_text("certificate_days = 3000\n", encoding="utf-8")
    project.credential()
    assert badges(run) == ["soon"]
