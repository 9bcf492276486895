"""sfcred from a zip file, as zipapp, shiv and pex run it: every command, check and page is found."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import sfcred
from tests.conftest import Outcome
from tests.helpers.project import Project
from tests.hostile.servers import PATIENCE, variables

PACKAGE = Path(sfcred.__file__).parent


@pytest.fixture(scope="module")
def zipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package with its templates, as a zip file."""
    file = tmp_path_factory.mktemp("zip") / "sfcred.zip"
    with zipfile.ZipFile(file, "w") as archive:
        for path in sorted(PACKAGE.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                archive.write(path, path.relative_to(PACKAGE.parent))
    return file


def python(found_in: Path, *arguments: str | Path) -> Outcome:
    """Run a Python (-P: not in the working folder) that finds sfcred there."""
    done = subprocess.run(
        [sys.executable, "-P", *map(str, arguments)],
        env=variables({"PYTHONPATH": str(found_in)}), capture_output=True, encoding="utf-8",
        timeout=PATIENCE, check=False,
    )  # fmt: skip
    return Outcome(done.returncode, done.stdout, done.stderr)


def test_it_is_the_zip_s_own(zipped: Path) -> None:
    done = python(zipped, "-c", "import sfcred; print(sfcred.__file__)")
    assert done.out.startswith(str(zipped))


@pytest.mark.parametrize(
    "arguments",
    [
        ("--help",),
        ("doctor", "acme.yaml"),
        ("doctor", "acme.yaml", "--format", "json"),
        ("doctor", "acme.yaml", "--format", "sarif"),
        ("guide", "acme.yaml"),
        ("guide", "acme.yaml", "--format", "html"),
        ("explain",),
        ("explain", "SFC203"),
        ("resolve", "acme.yaml"),
        ("render", "acme.yaml", "-o", "out.json", "--force"),
        ("schema", "credential"),
        ("local-org", "--refuse", "list"),
    ],
    ids=" ".join,
)
def test_a_zip_does_what_a_folder_does(
    project: Project, zipped: Path, arguments: tuple[str, ...]
) -> None:
    project.credential()
    expected = python(PACKAGE.parent, "-m", "sfcred", *arguments)
    assert expected.out or expected.err
    done = python(zipped, "-m", "sfcred", *arguments)
    assert repr(done) == repr(expected)


def test_the_report_s_page_comes_out_of_a_zip(project: Project, zipped: Path) -> None:
    project.credential()
    done = python(zipped, "-m", "sfcred", "doctor", "acme.yaml", "--format", "html")
    assert done.out.startswith("<!doctype html>")
    assert "Content-Security-Policy" in done.out
    assert "acme-crm" in done.out
    assert done.err == ""


def test_every_page_is_in_the_zip(zipped: Path) -> None:
    """The pages of the local org and of login, which only their servers show."""
    code = (
        "from sfcred.local_org.pages import login_page, error_page\n"
        "from sfcred.oauth.callback import ResultPage\n"
        "print(login_page('ticket', 'n8n@acme.com') + error_page('x', 'y')"
        " + ResultPage('Title', 'text', good=True).html())"
    )
    done = python(zipped, "-c", code)
    assert done.out.count("<!doctype html>") == 3, done
    assert "n8n@acme.com" in done.out
