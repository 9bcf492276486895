"""requirements/*.txt: complete, with hashes, and as declared in pyproject.toml."""

import ast
import itertools
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from scripts.e2e_install import PACKAGES, assert_pinned
from scripts.pins import FOLDER, PROJECT, ROOT, SOURCES

#: Every Python and system that sfcred supports, as markers see them.
SYSTEMS = [
    {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"},
    {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix"},
    {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt"},
]
PLACES = [
    {**system, "python_version": version, "python_full_version": f"{version}.{patch}"}
    for system in SYSTEMS
    for version, patch in itertools.product(("3.11", "3.12", "3.13", "3.14"), (0, 9))
]
FILES = pytest.mark.parametrize("name", SOURCES)


@cache
def declared() -> dict[str, Any]:
    return tomllib.loads((ROOT / PROJECT).read_text(encoding="utf-8"))


def wanted(name: str) -> Iterator[Requirement]:
    """Return what pyproject.toml declares for a file, by the sources that it is generated from."""
    project, groups = declared()["project"], declared()["dependency-groups"]
    for source in SOURCES[name]:
        option, _, value = source.partition("=")
        lines = {
            PROJECT: project["dependencies"],
            "--extra": project["optional-dependencies"].get(value),
            "--group": groups.get(value),
        }[option]
        assert lines, source
        yield from map(Requirement, lines)


class Pin:
    """One requirement of a file, with its hashes."""

    def __init__(self, text: str) -> None:
        text, *self.hashes = re.split(r"\s+--hash=", text)
        self.requirement = Requirement(text)
        self.name = canonicalize_name(self.requirement.name)
        (specifier,) = self.requirement.specifier
        assert specifier.operator == "=="
        self.version = specifier.version

    def holds_in(self, place: dict[str, str]) -> bool:
        marker = self.requirement.marker
        return marker is None or marker.evaluate(place)


@cache
def pins(name: str) -> list[Pin]:
    text = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    lines = re.sub(r"\\\n", " ", text).splitlines()
    return [Pin(line.strip()) for line in lines if line.strip() and "#" not in line[:6]]


def versions(name: str, place: dict[str, str]) -> dict[str, str]:
    """Return the version of each package that a file installs for one Python on one system."""
    found = [(pin.name, pin.version) for pin in pins(name) if pin.holds_in(place)]
    assert len(found) == len(dict(found)), "two versions of one package"
    return dict(found)


def requirements_of(pin: Pin) -> Iterator[Requirement]:
    """Return what a pinned package needs here, with its extras. Nothing if it isn't installed."""
    found = metadata.distributions(name=pin.name)
    texts = [one.requires or () for one in found if one.version == pin.version]
    for requirement in map(Requirement, itertools.chain(*texts)):
        extras = pin.requirement.extras or {""}
        if requirement.marker is None or any(
            requirement.marker.evaluate({"extra": extra}) for extra in extras
        ):
            yield requirement


@FILES
def test_every_declared_requirement_is_pinned_to_a_version_that_it_allows(name: str) -> None:
    for place in PLACES:
        pinned = versions(name, place)
        for requirement in wanted(name):
            if requirement.marker is None or requirement.marker.evaluate(place):
                version = pinned.get(canonicalize_name(requirement.name))
                assert version, f"{requirement}: run `make pins`"
                assert requirement.specifier.contains(version), f"{requirement}: run `make pins`"


@FILES
def test_every_pin_has_hashes(name: str) -> None:
    assert pins(name)
    for pin in pins(name):
        assert pin.hashes, pin.name
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", value) for value in pin.hashes), pin.name


def test_extras_that_a_pinned_package_asks_for_are_pinned_too() -> None:
    """Without them, pip 23 looks for the newest release, and then rejects it as not pinned.

    All files are generated in the same way, and the packages of dev.txt are those at hand.
    """
    asked = {
        (canonicalize_name(requirement.name), extra)
        for pin in pins("dev")
        for requirement in requirements_of(pin)
        for extra in requirement.extras
    }
    pinned = {(pin.name, extra) for pin in pins("dev") for extra in pin.requirement.extras}
    assert asked
    assert asked <= pinned


@FILES
def test_a_pin_file_names_no_host_and_no_folder(name: str) -> None:
    """Only names, versions, markers and hashes, and nothing about the machine that wrote it."""
    text = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    assert not re.search(r"://|file:|^ *--(?!hash=)|^ *-[a-z]| @ ", text, re.MULTILINE)
    comments = "\n".join(re.findall("#.*", text))
    assert not re.search(r"(?<!requirements)/|\\", comments)


def test_there_is_no_other_file_and_the_makefile_uses_each() -> None:
    files = {path.name for path in FOLDER.iterdir()}
    assert files == {*(f"{name}.txt" for name in SOURCES), "npm"}
    names = ("Makefile", "action.yml", "Dockerfile", ".readthedocs.yaml", "scripts/e2e_install.py")
    used = [ROOT / name for name in names]
    text = "\n".join(path.read_text(encoding="utf-8") for path in used)
    assert set(re.findall(r"requirements/(\w+)\.txt", text)) == set(SOURCES)


def test_files_that_share_an_environment_agree() -> None:
    """`make demo`, then `make test` in the same folder: the second one changes no version."""
    for place in PLACES:
        dev = versions("dev", place)
        for name in ("build", "demo", "run", "bench"):
            for package, version in versions(name, place).items():
                assert dev.get(package, version) == version, (name, package)


def imports_of(script: Path) -> set[str]:
    """Return the packages that a script imports anywhere, itself or through others of the repository."""
    found: set[str] = set()
    seen: set[Path] = set()
    todo = [script]
    while todo:
        path = todo.pop()
        seen.add(path)
        for name in imported_names(ast.parse(path.read_text(encoding="utf-8"))):
            first = name.partition(".")[0]
            if first in ("scripts", "tests"):
                own = ROOT.joinpath(*name.split(".")).with_suffix(".py")
                todo += {own} - seen if own.is_file() else ()
            elif first != "sfcred" and first not in sys.stdlib_module_names:
                found.add(first)
    return found


def imported_names(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


# The Makefile runs them in environments without the developers' tools.
@pytest.mark.parametrize("name", ["bench", "demo", "pins", "release"])
def test_a_script_with_its_own_environment_imports_nothing_else(name: str) -> None:
    provided = metadata.packages_distributions()
    pinned = {pin.name for pin in pins(name)}
    for package in imports_of(ROOT / f"scripts/{name}.py"):
        origins = {canonicalize_name(origin) for origin in provided.get(package, [package])}
        assert origins & pinned, f"scripts/{name}.py imports {package}"


def test_the_build_needs_nothing_that_is_not_pinned() -> None:
    """Without build isolation, pip uses the installed packages."""
    backend = [Requirement(text) for text in declared()["build-system"]["requires"]]
    assert backend
    built = {requirement.name: requirement for requirement in wanted("build")}
    for requirement in backend:
        assert str(built[requirement.name].specifier) == str(requirement.specifier)


def test_every_npm_package_is_pinned_with_a_hash() -> None:
    """A bundled package is a part of another one's file, whose hash covers it."""
    assert {path.stem for path in (FOLDER / "npm").iterdir()} == PACKAGES.keys()
    for name, package in PACKAGES.items():
        own, _, version = package.rpartition("@")
        lock = (FOLDER / "npm" / f"{name}.json").read_text(encoding="utf-8")
        pinned = json.loads(lock)["packages"]
        assert pinned.pop("")["dependencies"] == {own: version}
        assert pinned[f"node_modules/{own}"]["version"] == version
        for path, one in pinned.items():
            assert one.get("inBundle") or one["integrity"].startswith("sha512-"), path
            assert "resolved" not in one, f"{path} names the registry of one machine"


@pytest.mark.parametrize("name", PACKAGES)
def test_what_npm_installed_is_compared_with_the_pins(name: str, tmp_path: Path) -> None:
    """A later n8n is installed over the files of an earlier one, so only npm's own list is true."""
    listed = tmp_path / name / "node_modules/.package-lock.json"
    listed.parent.mkdir(parents=True)
    lock = (FOLDER / "npm" / f"{name}.json").read_bytes()
    listed.write_bytes(lock)
    assert_pinned(tmp_path / name)
    installed = json.loads(lock)
    installed["packages"]["node_modules/other"] = {"version": "1.0.0", "integrity": "sha512-AA=="}
    listed.write_text(json.dumps(installed), encoding="utf-8")
    with pytest.raises(SystemExit, match="node_modules/other"):
        assert_pinned(tmp_path / name)
