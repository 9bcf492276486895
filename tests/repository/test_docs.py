"""Generated files are current, everything that prose names exists, and examples in prose are true."""

import re
import shlex
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import click
import pytest
import yaml

from scripts.generate import DOCS, ROOT, generated
from sfcred.checks import all_checks, find_check
from sfcred.checks.api import AnyCheck
from sfcred.cli import group
from sfcred.spec.field_guide import DEFAULTS, NEEDED, SECTIONS
from sfcred.spec.model import Spec
from tests.conftest import Outcome
from tests.helpers.project import laid_over

PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *ROOT.glob("examples/*.md")])
#: Without the pages of the checks, whose examples have separate tests.
PROSE = [page for page in PAGES if page.parent != DOCS / "checks"]
EVERY_PAGE = pytest.mark.parametrize(
    "page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix()
)
Run = Callable[..., Outcome]


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def blocks(page: Path, language: str) -> list[str]:
    """Return the code blocks of a language, without a list's indentation."""
    found = re.findall(rf"(?ms)^( *)```{language}\n(.*?)^\1```$", text_of(page))
    return [re.sub(rf"(?m)^{indent}", "", text) for indent, text in found]


def test_generated_files_are_current() -> None:
    stale = [
        path.relative_to(ROOT).as_posix()
        for path, text in generated().items()
        if not path.exists() or text_of(path) != text
    ]
    assert not stale, "run: make generate"


def test_each_check_has_a_page_and_no_page_is_left_over() -> None:
    pages = {page.stem for page in (DOCS / "checks").glob("sfc*.md")}
    assert pages == {check.id.lower() for check in all_checks()}
    listed = re.findall(r"\((sfc[0-9]+)\.md\)", text_of(DOCS / "checks/index.md"))
    assert listed == sorted(pages)


@pytest.mark.parametrize("check", all_checks(), ids=lambda check: check.id)
def test_a_check_s_page_shows_what_it_finds(check: AnyCheck) -> None:
    (said,) = blocks(DOCS / f"checks/{check.id.lower()}.md", "text")
    assert check.id in said


# -- links


@cache
def anchors(page: Path) -> frozenset[str]:
    """Return the anchors of a page's headings, as MkDocs and git forges generate them."""
    outside = re.sub(r"(?ms)^( *)```.*?^\1```$", "", text_of(page))
    headings = re.findall(r"(?m)^#+ (.+)$", outside)
    slugs: list[str] = []
    for heading in headings:
        plain = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading).lower()
        slugs.append(re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", plain)).strip("-"))
    assert len(set(slugs)) == len(slugs), "two headings with one anchor"
    return frozenset(slugs)


@EVERY_PAGE
def test_links_lead_somewhere(page: Path) -> None:
    outside = re.sub(r"(?ms)^( *)```.*?^\1```$", "", text_of(page))
    for target, anchor in re.findall(r"\]\(([^)#:]*)(?:#([^)]*))?\)", outside):
        place = page.parent / target if target else page
        assert place.exists(), target
        if anchor:
            assert anchor in anchors(place), f"{target}#{anchor}"


@pytest.mark.parametrize(
    "page", sorted(DOCS.rglob("*.md")), ids=lambda page: page.relative_to(DOCS).as_posix()
)
def test_the_site_s_links_stay_in_the_site(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text_of(page)):
        assert (page.parent / target).resolve().is_relative_to(DOCS), target


def test_every_page_is_in_the_navigation() -> None:
    listed = set(re.findall(r": ([\w/-]+\.md)$", text_of(ROOT / "mkdocs.yml"), re.MULTILINE))
    pages = {page.relative_to(DOCS).as_posix() for page in DOCS.rglob("*.md")}
    assert listed == {page for page in pages if not re.match(r"checks/sfc\d", page)}


def test_the_map_of_the_packages_is_whole() -> None:
    """CONTRIBUTING names each package and module that isn't private, and no others."""
    page = text_of(ROOT / "CONTRIBUTING.md").split("## How the code is organized")[1]
    table = page.split("\nSome rules")[0]
    named = {
        name
        for row in re.findall(r"(?m)^\| (`.*?) \|", table)
        for name in re.findall(r"`(.*?)`", row)
    }
    there = {path.name for path in (ROOT / "sfcred").iterdir() if path.suffix in (".py", "")}
    assert named == {name for name in there if not name.startswith("_")}


# -- names


@EVERY_PAGE
def test_checks_that_prose_names_exist(page: Path) -> None:
    for check_id in set(re.findall(r"\bSFC[0-9]{3}\b", text_of(page))):
        assert find_check(check_id), check_id


@EVERY_PAGE
def test_make_targets_that_prose_names_exist(page: Path) -> None:
    makefile = text_of(ROOT / "Makefile")
    for target in re.findall(r"`make ([a-z]+)`", text_of(page)):
        assert re.search(rf"(?m)^[a-z ]*\b{target}\b[a-z ]*:", makefile), target


def test_what_the_spec_s_page_says_of_fields_is_about_fields() -> None:
    schema = Spec.model_json_schema()
    known = set(schema["properties"])
    for section in SECTIONS:
        _, definition = schema["properties"][section]["anyOf"][0]["$ref"].rsplit("/", 1)
        known |= {f"{section}.{field}" for field in schema["$defs"][definition]["properties"]}
    assert set(NEEDED) | set(DEFAULTS) <= known


# -- commands


def commands() -> Iterator[tuple[str, str]]:
    for page in PROSE:
        for block in blocks(page, "console"):
            for line in block.replace("\\\n", " ").splitlines():
                if line.removeprefix("$ ").startswith("sfcred "):
                    yield page.relative_to(ROOT).as_posix(), line.removeprefix("$ ")


def test_there_are_commands_in_the_prose() -> None:
    assert len({page for page, _line in commands()}) > 10


@pytest.mark.parametrize(("page", "line"), list(commands()))
def test_commands_in_prose_exist_with_their_options(page: str, line: str) -> None:
    words = shlex.split(re.split(r" (?:>|&&|\|) ", line)[0], comments=True)[1:]
    # With the group's settings: a command keeps its help option, which the docs are generated from.
    context = click.Context(group, **group.context_settings)
    command = group.get_command(context, words[0])
    assert command, f"{page}: there is no sfcred {words[0]}"
    # Parse only, without running anything: click reports wrong options and values.
    command.make_context(words[0], words[1:], context)


# -- specs


def specs() -> Iterator[tuple[str, str]]:
    """Yield whole specs, and parts of specs merged into a whole one."""
    for page in PROSE:
        for block in blocks(page, "yaml"):
            data = yaml.safe_load(block)
            keys = set(data) if isinstance(data, dict) else {"no spec"}
            if {"version", "name"} <= keys:
                yield page.relative_to(ROOT).as_posix(), block
            elif keys <= {*Spec.model_fields}:
                base = "oauth2" if "oauth2" in keys or "type" in data.get("n8n", {}) else "jwt"
                yield page.relative_to(ROOT).as_posix(), laid_over(base, block)


@pytest.mark.parametrize(("page", "spec"), list(specs()))
def test_specs_in_prose_are_specs(page: str, spec: str, run: Run) -> None:
    Path("acme.yaml").write_text(spec, encoding="utf-8")
    done = run("doctor", "acme.yaml", "--select", "SFC001,SFC002,SFC003,SFC004,SFC101,SFC102")
    assert done.status == 0, f"{page}\n{done}"


def test_the_readme_s_spec_gives_the_readme_s_finding(run: Run) -> None:
    readme = ROOT / "README.md"
    spec, said = blocks(readme, "yaml")[0], blocks(readme, "text")[0]
    Path("credentials").mkdir()
    Path("credentials/acme.yaml").write_text(spec, encoding="utf-8")
    done = run("doctor")
    assert said.removeprefix("$ sfcred doctor\n") in done.out


def test_the_examples_of_the_configuration_are_read(run: Run) -> None:
    Path("sfcred.toml").write_text(blocks(DOCS / "configuration.md", "toml")[0], encoding="utf-8")
    Path("credentials").mkdir()
    done = run("doctor")
    assert done.status == 2, done
    assert "nothing to check" in done.err
