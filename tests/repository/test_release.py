"""Versions, addresses and packages: what a release is made of agrees, and names nothing that isn't there."""

import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from packaging.version import Version

from scripts import release
from scripts.generate import ROOT
from sfcred import __version__
from sfcred.checks import all_checks
from sfcred.cli import group
from sfcred.report.address import DOCUMENTATION
from tests.conftest import Outcome
from tests.helpers.ci_files import NO_COMMIT, is_pin, load
from tests.helpers.project import Project
from tests.helpers.systems import skip_without_posix

Run = Callable[..., Outcome]
URLS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["urls"]
CHANGELOG = (ROOT / "CHANGELOG.md").read_text("utf-8")
#: Where people and CI jobs read how sfcred is installed.
TEXTS = [
    *(
        ROOT / "README.md",
        ROOT / "action.yml",
        ROOT / ".pre-commit-hooks.yaml",
        ROOT / "Dockerfile",
    ),
    *ROOT.glob("docs/**/*.md"),
    *(path for path in ROOT.glob("examples/**/*") if path.is_file()),
    *ROOT.glob("schemas/*.json"),
]


# -- versions


def test_the_version_is_the_changelog_s() -> None:
    """Between releases, it is a development version of the release that [Unreleased] becomes."""
    names = list(release.sections(CHANGELOG))
    version, released = Version(__version__), [name for name in names if name[0].isdigit()]
    assert released == sorted(released, key=Version, reverse=True)
    if version.is_devrelease:
        assert names[0] == "Unreleased"
        assert Version(version.base_version) > Version(released[0])
    else:
        assert __version__ == released[0]


def test_a_tag_of_this_commit_is_the_version_s() -> None:
    command = ["git", "-C", str(ROOT), "tag", "--points-at", "HEAD", "--list", "v*"]
    tags = subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout.split()
    assert tags in ([], [f"v{__version__}"])


def test_no_check_is_older_than_the_changelog_or_newer_than_the_version() -> None:
    released = [name for name in release.sections(CHANGELOG) if name[0].isdigit()]
    for since in {check.since for check in all_checks()}:
        assert since in (*released, Version(__version__).base_version)


def test_reports_name_the_version_as_their_format_requires(project: Project, run: Run) -> None:
    """SARIF wants the form of semver.org, in which 0.2.0.dev0 is no version."""
    project.credential(name="acme.yaml")
    driver = json.loads(run("doctor", "acme.yaml", "--format", "sarif").out)["runs"][0]["tool"][
        "driver"
    ]
    assert driver["version"] == __version__
    assert re.fullmatch(r"\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?", driver["semanticVersion"])


DONE = "# Changelog\n\n## [1.2.0] - 2026-01-02\n\n- New.\n\n## [1.1.0] - 2026-01-01\n\n- Old.\n"


@pytest.mark.parametrize(
    ("tag", "version", "changelog", "words"),
    [
        ("v1.2.0", "1.2.0", DONE, ""),
        ("v1.2.0", "1.2.0", DONE.replace("## [1.2", "## [Unreleased]\n\n## [1.2"), ""),
        ("1.2.0", "1.2.0", DONE, "the tag is 1.2.0"),
        ("v1.2.1", "1.2.0", DONE, "the tag is v1.2.1"),
        ("v1.3.0", "1.3.0", DONE, "has nothing about 1.3.0"),
        ("v1.1.0", "1.1.0", DONE, "begins with a newer version"),
        ("v1.2.0.dev0", "1.2.0.dev0", DONE, "is not the version of a release"),
        ("v1.2.0", "1.2.0", DONE.replace("- New.", ""), "has nothing about 1.2.0"),
        ("v1.2.0", "1.2.0", DONE.replace("## [1.2", "## [Unreleased]\n\n- More.\n\n## [1.2"), "which belong to 1.2.0"),
    ],
)  # fmt: skip
def test_what_can_be_released(tag: str, version: str, changelog: str, words: str) -> None:
    wrong = list(release.wrong_with(tag, version, changelog))
    assert (words in "\n".join(wrong)) if words else not wrong


# -- names and addresses


def places(path: Path, pattern: str) -> Iterator[str]:
    for match in re.finditer(pattern, path.read_text("utf-8")):
        yield f"{path.relative_to(ROOT)}: {match[0]}"


def test_nothing_is_installed_by_a_name_that_nobody_owns() -> None:
    """Until sfcred is on an index, whoever takes the name there could run code in other people's CI."""
    by_name = r"(?m)\b(?:install|pipx|uvx|additional_dependencies)\b[^\n`]*[\s'\"]sfcred(?:\[[\w,-]+\])?(?:[=<>~!]=?[\d.]+)?(?=['\"`.,\s]|$)(?![\s'\"]+@)"
    for text in (
        'RUN pip install --quiet "sfcred==0.1.0"',
        "Run `pip install sfcred`",
        "pip install 'sfcred[aws]'.",
    ):
        assert re.search(by_name, text)
    for text in (
        'pip install "sfcred @ https://x/y.zip"',
        "pip install ./sfcred",
        "pip install '.[aws]'",
    ):
        assert not re.search(by_name, text)
    found = [place for path in TEXTS for place in places(path, by_name)]
    assert [place for place in found if "uninstall" not in place] == []


_PIN = re.compile(
    r"sfcred/sfcred(?:@([0-9a-f]{40}) #|/archive/([0-9a-f]{40})\.zip|\n +rev:|:)(?: ?v?(\d[\d.]*\d))?"
)


def test_texts_pin_a_release_or_the_first_one_to_come() -> None:
    """Its commit is a placeholder until then. docs/ci.md tells people to replace it."""
    commits, versions, pins = set(), set(), 0
    for path in TEXTS:
        for match in _PIN.finditer(path.read_text("utf-8")):
            commits |= {commit for commit in match.groups()[:2] if commit}
            versions |= {match[3]} - {None}
            pins += 1
    assert pins > 8
    (commit,), (version,) = commits, versions
    assert is_pin(commit, version)


@pytest.mark.parametrize(
    ("commit", "version", "expected"),
    [
        (NO_COMMIT, Version(__version__).base_version, True),
        (NO_COMMIT, "0.1.0", False),
        ("a" * 40, "0.1.0", True),
        ("a" * 40, "99.0.0", False),  # a release that isn't there
    ],
)
def test_what_is_a_pin(commit: str, version: str, expected: object) -> None:
    assert is_pin(commit, version) == expected


def test_all_addresses_are_those_of_pyproject_toml() -> None:
    source = URLS["Source"]
    assert URLS["Documentation"] == DOCUMENTATION
    assert all(URLS[name].startswith(source) for name in ("Issues", "Changelog"))
    files = (*TEXTS, *ROOT.glob("sfcred/**/*.py"), ROOT / "pyproject.toml", ROOT / "mkdocs.yml")
    for path in files:
        text = path.read_text("utf-8")
        for found in re.findall(r"https://github\.com/sfcred/[\w-]+", text):
            assert found == source, path
        for found in re.findall(r"https://sfcred\.[\w.]+/[\w/]*", text):
            assert found.startswith(DOCUMENTATION), path


# -- packages


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A wheel and an sdist of what git tracks, as the release workflow builds them."""
    folder = tmp_path_factory.mktemp("release")
    archive = ["git", "-C", str(ROOT), "ls-files", "-z"]
    names = subprocess.run(archive, capture_output=True, check=True).stdout.decode().split("\0")
    for name in filter(None, names):
        target = folder / "source" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((ROOT / name).read_bytes())
    build = [sys.executable, "-m", "hatchling", "build", "-d", str(folder / "dist")]
    subprocess.run(build, cwd=folder / "source", capture_output=True, check=True)
    (wheel,), (sdist,) = folder.glob("dist/*.whl"), folder.glob("dist/*.tar.gz")
    return wheel, sdist


def test_the_packages_have_what_the_repository_has(packages: tuple[Path, Path]) -> None:
    wheel, sdist = map(release.contents_of, packages)
    assert list(release.wrong_in(wheel, sdist)) == []
    assert any(path.endswith("LICENSE") for path in wheel)


def test_a_wrong_package_is_noticed(packages: tuple[Path, Path]) -> None:
    wheel, sdist = map(release.contents_of, packages)
    del wheel["sfcred/cli/commands/doctor.py"]
    sdist["secrets/acme.key"] = b""
    sdist["PKG-INFO"] = sdist["PKG-INFO"].replace(b"](https://github.com", b"](docs")
    (metadata,) = [path for path in wheel if path.endswith("METADATA")]
    wheel[metadata] = wheel[metadata].replace(b"/raw/main/docs/", b"/blob/main/docs/")
    told = "\n".join(release.wrong_in(wheel, sdist))
    assert "the wheel lacks sfcred/cli/commands/doctor.py" in told
    assert "the sdist has secrets/acme.key" in told
    assert "the sdist has a README with links that lead nowhere" in told
    assert "the wheel has a README whose pictures are GitHub's pages" in told


def test_a_release_tries_every_command() -> None:
    tried = {arguments[0] for _status, arguments in release.COMMANDS}
    assert tried >= set(group.list_commands(None))  # type: ignore[arg-type]
    program = Path(sys.executable).parent / "sfcred"
    assert list(release.try_commands(str(program))) == []


# -- the workflow

WORKFLOW = load(ROOT / ".github/workflows/release.yml")


def script(job: str, name: str) -> str:
    (step,) = [one for one in WORKFLOW["jobs"][job]["steps"] if one.get("name") == name]
    text: str = step["run"]
    return text


def bash(text: str, **environ: str) -> int:
    skip_without_posix("a POSIX shell")
    environ = {"PATH": os.environ["PATH"], **environ}
    command = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", text]
    return subprocess.run(command, env=environ, check=False).returncode


def test_only_the_packages_that_were_built_are_published() -> None:
    """Any job of the run can upload artifacts, and `make test` runs many packages of others."""
    Path("dist").mkdir()
    wheel, sdist = Path("dist/sfcred-1-py3-none-any.whl"), Path("dist/sfcred-1.tar.gz")
    for path in (wheel, sdist):
        path.write_bytes(b"x")
    assert bash(script("build", "Note the digest of the packages"), GITHUB_OUTPUT="out") == 0
    name, _, digest = Path("out").read_text("utf-8").strip().partition("=")
    assert name == "digest"
    for job in ("index", "release"):
        assert "build" in WORKFLOW["jobs"][job]["needs"]
        compare = script(job, "Compare the packages with those that were built")
        assert bash(compare, DIGEST=digest) == 0
        assert bash(compare, DIGEST="") != 0
        wheel.write_bytes(b"y")
        assert bash(compare, DIGEST=digest) != 0
        wheel.write_bytes(b"x")
        added = Path("dist/sfcred-2-py3-none-any.whl")
        added.write_bytes(b"x")
        assert bash(compare, DIGEST=digest) != 0
        added.unlink()


def test_nothing_is_published_before_it_was_compared() -> None:
    for job, publishes in (("index", "gh-action-pypi-publish"), ("release", "gh release create")):
        steps = WORKFLOW["jobs"][job]["steps"]
        texts = [f"{one.get('uses')} {one.get('run')} {one.get('name')}" for one in steps]
        (compared,) = [i for i, text in enumerate(texts) if "Compare the packages" in text]
        (published,) = [i for i, text in enumerate(texts) if publishes in text]
        assert compared < published
        assert not any("checkout" in text for text in texts)


def test_a_release_s_commit_is_on_main() -> None:
    check = script("build", "Check that the commit is on main, where it was reviewed")
    git = "git -c user.name=x -c user.email=x@x.y"
    assert bash(
        f"git init -q -b main . && {git} commit -q --allow-empty -m 1 && git clone -q . clone\n"
        f"cd clone && {git} commit -q --allow-empty -m 2"
    ) == 0  # fmt: skip
    for ref, status in (("origin/main", 0), ("HEAD", 1)):
        commit = subprocess.run(
            ["git", "-C", "clone", "rev-parse", ref],
            capture_output=True,
            encoding="utf-8",
            check=True,
        ).stdout.strip()
        assert bash(f"cd clone && {check}", GITHUB_SHA=commit) == status


def test_no_image_can_change_by_itself() -> None:
    """A registry can move a tag, but not a digest."""
    text = (ROOT / ".github/workflows/release.yml").read_text("utf-8")
    images = re.findall(r"\b(?:moby|docker)/[\w-]+:\S+", text)
    images += re.findall(r"^ARG BASE=(.*)", (ROOT / "Dockerfile").read_text("utf-8"), re.MULTILINE)
    assert len(images) == 3
    for image in images:
        assert re.search(r"@sha256:[0-9a-f]{64}$", image), image
    # Without these options, Docker takes the newest builder and scanner.
    build = script("image", "Build and push, with an SBOM and provenance")
    assert '--driver-opt "image=$BUILDKIT"' in build
    assert '--sbom="generator=$SCANNER"' in build
