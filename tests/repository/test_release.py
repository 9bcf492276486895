"""Versions, addresses and packages: what a release is made of agrees, and names nothing that isn't there."""

import json
import re
import shlex
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
from tests.helpers.ci_files import FIRST, NO_COMMIT, commit_of, is_pin, released
from tests.helpers.project import Project

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
    assert list(release.wrong_headings(CHANGELOG)) == []
    if version.is_devrelease:
        assert names[0] == "Unreleased"
        assert Version(version.base_version) > Version(released[0])
    else:
        assert names[0] == __version__, "set the next development version in sfcred/version.py"


def test_after_a_release_the_version_is_the_next_development_version() -> None:
    head = subprocess.run(
        ["git", "-C", str(ROOT), "rev-parse", "HEAD"],
        capture_output=True,
        encoding="utf-8",
        check=True,
    ).stdout.strip()
    # None also where the clone has no tags.
    assert commit_of(__version__) in (None, head), f"v{__version__} is another commit's tag"


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
        ("v1.2.0rc1", "1.2.0rc1", DONE, "is not the version of a release"),
        ("v1.2.0", "1.2.0", DONE.replace(" - 2026-01-02", ""), "has no date for 1.2.0"),
        ("v1.2.0", "1.2.0", DONE.replace("2026-01-02", "2026-02-30"), "has no date for 1.2.0"),
        ("v1.2.0", "1.2.0", DONE.replace("2026-01-02", "9999-01-02"), "on 9999-01-02, which is in the future"),
        ("v1.2.0", "1.2.0", DONE.replace("- 2026-01-02", "- 2 January"), "isn't `## [VERSION] - YYYY-MM-DD`: ## [1.2.0] - 2 January"),
        ("v1.2.0", "1.2.0", DONE.replace("1.1.0", "1.2.0"), "two sections for 1.2.0"),
    ],
)  # fmt: skip
def test_what_can_be_released(tag: str, version: str, changelog: str, words: str) -> None:
    wrong = list(release.wrong_with(tag, version, changelog))
    assert (words in "\n".join(wrong)) if words else not wrong


def test_a_release_s_notes_are_one_line_per_paragraph_with_absolute_links() -> None:
    """GitHub shows a line break of a release's notes as one."""
    section = "Two\nlines.\n\n### Added\n\n- A [page](docs/x.md)\n  of `-x`\n  -y.\n- B\n  - c [d](https://x)\n    e"
    expected = "Two lines.\n\n### Added\n\n- A [page](https://h/docs/x.md) of `-x`\n  -y.\n- B\n  - c [d](https://x) e\n"
    assert release.notes_of(section, "https://h/") == expected
    assert len(release.notes_of(release.sections(CHANGELOG)["0.1.0"], "").splitlines()) > 5


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
    r"sfcred/sfcred(?:@([0-9a-f]{40}) #|/archive/([0-9a-f]{40})\.zip|\n +rev: \"([0-9a-f]{40})\" #|:)(?: ?v?(\d[\d.]*\d))?"
)


def test_texts_pin_a_release_or_the_first_one_to_come() -> None:
    """Its commit is a placeholder until then. docs/ci.md tells people to replace it."""
    commits: dict[str, set[Path]] = {}
    versions: dict[str, set[Path]] = {}
    for path in TEXTS:
        for *found, version in _PIN.findall(path.read_text("utf-8")):
            for commit in filter(None, found):
                commits.setdefault(commit, set()).add(path)
            if version:
                versions.setdefault(version, set()).add(path)
    assert (len(commits), len(versions)) == (1, 1), (commits, versions)
    (commit,), (version,) = commits, versions
    newest = next((name for name in released() if name != __version__), FIRST)
    assert is_pin(commit, version), f"{commit} v{version}, but the newest release is {newest}"
    tagged = commit_of(version)
    assert commit in (NO_COMMIT, tagged or commit), f"the tag v{version} is {tagged}, not {commit}"
    # What is true only until then: docs/releasing.md, "Set up once".
    waiting = r"no public address yet|\[placeholder\]\(|isn't on (?:the Python|a) package index"
    stale = [place for path in TEXTS for place in places(path, waiting)]
    assert bool(stale) is (commit == NO_COMMIT), stale
    listed = {path.relative_to(ROOT).as_posix() for path in commits[commit] | versions[version]}
    assert listed == listed_by_releasing()
    assert len(listed) > 6


def test_no_text_pins_a_tag() -> None:
    """Until the address is ours, somebody else could have it, and a tag of any name."""
    by_name = r"sfcred/sfcred(?:@(?![0-9a-f]{40})|/archive/(?![0-9a-f]{40})|\"?\s+rev: (?!\"[0-9a-f]{40}\"))"
    assert [place for path in TEXTS for place in places(path, by_name)] == []


def listed_by_releasing() -> set[str]:
    """Return the files that docs/releasing.md's command lists: where a release's commit goes."""
    page = (ROOT / "docs/releasing.md").read_text("utf-8")
    (command,) = re.findall(r"`(git grep [^`]*)`", page)
    done = subprocess.run(
        shlex.split(command), cwd=ROOT, capture_output=True, encoding="utf-8", check=True
    )
    return set(done.stdout.splitlines())


#: The releases in the changelog of a commit with this version.
RELEASED_IN = {
    "0.2.0.dev0": (),
    "0.2.0": ("0.2.0",),
    "0.3.0.dev0": ("0.2.0",),
    "0.2.1": ("0.2.1", "0.2.0"),
    "0.3.0.dev1": ("0.2.1", "0.2.0"),
}


@pytest.mark.parametrize(
    ("own", "commit", "version", "expected"),
    [
        # own is the version of the commit that has the text.
        ("0.2.0.dev0", NO_COMMIT, "0.2.0", True),
        ("0.2.0", NO_COMMIT, "0.2.0", True),  # no commit can name itself
        ("0.2.0", NO_COMMIT, "0.1.0", False),
        ("0.2.0", "a" * 40, "0.2.0", False),
        ("0.3.0.dev0", NO_COMMIT, "0.2.0", False),  # nobody replaced it after the release
        ("0.3.0.dev0", NO_COMMIT, "0.3.0", False),
        ("0.3.0.dev0", "a" * 40, "0.2.0", True),
        ("0.3.0.dev0", "a" * 40, "0.3.0", False),  # a release that isn't there
        ("0.2.1", "a" * 40, "0.2.0", True),
        ("0.2.1", "a" * 40, "0.2.1", False),
        ("0.3.0.dev1", "a" * 40, "0.2.1", True),
        ("0.3.0.dev1", "a" * 40, "0.2.0", False),  # an old release
    ],
)
def test_what_is_a_pin(own: str, commit: str, version: str, *, expected: bool) -> None:
    changelog = "".join(f"## [{name}] - 2026-01-01\n\n- x\n\n" for name in RELEASED_IN[own])
    assert is_pin(commit, version, own, changelog) is expected


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
    del wheel[next(path for path in wheel if path.endswith("licenses/LICENSE"))]
    sdist["secrets/acme.key"] = b""
    wheel["sfcred/errors.py"] += b"import os\n"
    sdist["PKG-INFO"] = sdist["PKG-INFO"].replace(b"](https://github.com", b"](docs")
    (metadata,) = [path for path in wheel if path.endswith("METADATA")]
    wheel[metadata] = wheel[metadata].replace(b"/raw/main/docs/", b"/blob/main/docs/")
    told = "\n".join(release.wrong_in(wheel, sdist))
    assert "the wheel lacks sfcred/cli/commands/doctor.py" in told
    assert "the wheel has another sfcred/errors.py than the repository" in told
    assert "the wheel lacks the license" in told
    assert "the sdist has secrets/acme.key" in told
    assert "the sdist has a README with links that lead nowhere" in told
    assert "the wheel has a README whose pictures are GitHub's pages" in told


def test_a_release_tries_every_command() -> None:
    tried = {arguments[0] for _status, arguments in release.COMMANDS}
    assert tried >= set(group.list_commands(None))  # type: ignore[arg-type]
    program = Path(sys.executable).parent / "sfcred"
    assert list(release.try_commands(str(program))) == []
