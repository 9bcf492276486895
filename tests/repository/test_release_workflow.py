"""The steps of the release workflow: what they refuse, and that nothing is published before them."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts.generate import ROOT
from tests.helpers.ci_files import load
from tests.helpers.systems import skip_without_posix

WORKFLOW = load(ROOT / ".github/workflows/release.yml")


def script(job: str, name: str) -> str:
    (step,) = [one for one in WORKFLOW["jobs"][job]["steps"] if one.get("name") == name]
    text: str = step["run"]
    return text


def bash(text: str, **environ: str) -> subprocess.CompletedProcess[str]:
    skip_without_posix("a POSIX shell")
    environ = {"PATH": os.environ["PATH"], **environ}
    command = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", text]
    return subprocess.run(command, env=environ, capture_output=True, encoding="utf-8", check=False)


COMPARE = {
    "index": "Compare the packages with those that were built",
    "release": "Compare the packages and the texts with those that were built",
}


def test_only_what_was_built_is_published() -> None:
    """Any job of the run can upload artifacts, and `make test` runs many packages of others."""
    Path("dist").mkdir()
    wheel, notes = Path("dist/sfcred-1-py3-none-any.whl"), Path("release-notes.md")
    for path in (wheel, Path("dist/sfcred-1.tar.gz"), notes, Path("sbom.cdx.json")):
        path.write_bytes(b"x")
    note = script("build", "Note the digests of what will be published")
    assert bash(note, GITHUB_OUTPUT="out").returncode == 0
    digests = dict(line.split("=", 1) for line in Path("out").read_text("utf-8").splitlines())
    given = {"PACKAGES": digests["packages"], "TEXTS": digests["texts"]}
    for job, name in COMPARE.items():
        assert "build" in WORKFLOW["jobs"][job]["needs"]
        compare = script(job, name)
        assert bash(compare, **given).returncode == 0
        assert bash(compare, **{**given, "PACKAGES": ""}).returncode == 1
        for path in (wheel, Path("dist/sfcred-2-py3-none-any.whl")):
            before = path.read_bytes() if path.exists() else None
            path.write_bytes(b"y")
            done = bash(compare, **given)
            assert (done.returncode, "Publish nothing" in done.stdout) == (1, True)
            path.unlink() if before is None else path.write_bytes(before)
    notes.write_bytes(b"y")
    assert bash(script("release", COMPARE["release"]), **given).returncode == 1


def test_the_digests_are_noted_after_everything_was_written() -> None:
    steps = WORKFLOW["jobs"]["build"]["steps"]
    names = [one.get("name", one.get("uses")) for one in steps]
    noted = names.index("Note the digests of what will be published")
    assert [name.partition("@")[0] for name in names[noted + 1 :]] == [
        "actions/upload-artifact"
    ] * 2


def test_nothing_is_published_before_it_was_compared() -> None:
    for job, publishes in (("index", "gh-action-pypi-publish"), ("release", "gh release create")):
        steps = WORKFLOW["jobs"][job]["steps"]
        texts = [f"{one.get('uses')} {one.get('run')} {one.get('name')}" for one in steps]
        (compared,) = [i for i, text in enumerate(texts) if COMPARE[job] in text]
        (published,) = [i for i, text in enumerate(texts) if publishes in text]
        assert compared < published
        assert not any("checkout" in text for text in texts)


def test_a_release_s_commit_is_on_main() -> None:
    check = script("build", "Check that the commit is on main, where it was reviewed")
    git = "git -c user.name=x -c user.email=x@x.y"
    assert bash(
        f"git init -q -b main . && {git} commit -q --allow-empty -m 1 && git clone -q . clone\n"
        f"cd clone && {git} commit -q --allow-empty -m 2"
    ).returncode == 0  # fmt: skip
    for ref, status in (("origin/main", 0), ("HEAD", 1)):
        commit = subprocess.run(
            ["git", "-C", "clone", "rev-parse", ref],
            capture_output=True,
            encoding="utf-8",
            check=True,
        ).stdout.strip()
        done = bash(f"cd clone\n{check}", GITHUB_SHA=commit)
        assert done.returncode == status
        assert ("is not on main" in done.stdout) is bool(status)


@pytest.fixture
def gh(tmp_path: Path) -> Callable[..., dict[str, str]]:
    """A stand-in for GitHub's client: each address has an answer."""

    def gh(**answers: object) -> dict[str, str]:
        Path("answers.json").write_text(json.dumps(answers), encoding="utf-8")
        folder = tmp_path / "gh"
        folder.mkdir(exist_ok=True)
        (folder / "gh").write_text(
            f"#!{sys.executable} -I\nimport json, sys\n"
            "answers = json.load(open('answers.json', encoding='utf-8'))\n"
            "_api, path, _jq, query = sys.argv[1:]\n"
            "print(answers[path.removeprefix('repos/sfcred/sfcred/')][query])\n",
            encoding="utf-8",
        )
        (folder / "gh").chmod(0o755)
        given = {"GH_REPO": "sfcred/sfcred", "GITHUB_REF_NAME": "v1.2.3", "GITHUB_SHA": "a" * 40}
        return {**given, "PATH": f"{folder}:{os.environ['PATH']}"}

    return gh


KIND = '.object | "\\(.type)s/\\(.sha)"'


@pytest.mark.parametrize(
    ("kind", "verified", "status"),
    [
        ("tags/b", "true", 0),
        ("tags/b", "false", 1),
        ("tags/b", "null", 1),
        ("commits/a", "true", 1),
    ],
)
def test_a_release_s_tag_is_signed(
    gh: Callable[..., dict[str, str]], kind: str, verified: str, status: int
) -> None:
    check = script("build", "Check that the tag is signed")
    answers = {
        "git/ref/tags/v1.2.3": {KIND: kind},
        f"git/{kind}": {".verification.verified": verified},
    }
    done = bash(check, **gh(**answers))
    assert done.returncode == status, done
    assert ("Tag with --sign" in done.stdout) is bool(status)
    assert bash(check, **gh()).returncode != 0  # GitHub doesn't answer


def test_a_release_s_tag_stays_where_it_was(gh: Callable[..., dict[str, str]]) -> None:
    check = script("release", "Check that the tag wasn't moved")
    for commit, status in (("a" * 40, 0), ("b" * 40, 1)):
        done = bash(check, **gh(**{"commits/tags/v1.2.3": {".sha": commit}}))
        assert done.returncode == status, done
        assert ("v1.2.3 was moved to" in done.stdout) is bool(status)


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
