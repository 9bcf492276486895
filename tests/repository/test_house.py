"""Rules about the code that no linter checks: who names checks, and the direction of imports."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import grimp
import pytest

from sfcred.checks import all_checks

ROOT = Path(__file__).parents[2] / "sfcred"

#: Only these may name checks by id: the checks themselves, and the refusals whose causes they find.
_MAY_NAME_CHECKS = ("checks/", "salesforce/refusals/")
#: Files with an id in a help text, a hint or an example, to show people what an id is.
_EXAMPLES = (
    "cli/commands/doctor.py",
    "cli/commands/explain.py",
    "cli/selectors.py",
    "doctor/live.py",
    "report/worst.py",
    "settings/__init__.py",
    "settings/model.py",
    "spec/messages.py",
    "spec/model.py",
    "workspace/errors.py",
)
#: Existing import cycles. Add none.
_CIRCLES: list[list[str]] = []

_ID = re.compile(r"SFC[0-9]+")


@cache
def modules() -> dict[str, str]:
    """Return the text of each module that must not know a check by its id, by its path."""
    paths = {path.relative_to(ROOT).as_posix(): path for path in sorted(ROOT.rglob("*.py"))}
    return {
        name: path.read_text(encoding="utf-8")
        for name, path in paths.items()
        if not name.startswith(_MAY_NAME_CHECKS)
    }


def test_nothing_else_knows_a_check_by_its_id() -> None:
    allowed = set(_EXAMPLES)
    assert {name for name, text in modules().items() if _ID.search(text)} - allowed == set()


@pytest.mark.parametrize("name", _EXAMPLES)
def test_an_id_in_a_text_for_people_is_no_policy(name: str) -> None:
    """A text that is only an id is one that the code compares with."""
    tree = ast.parse(modules()[name])
    texts = {node.value for node in _texts(tree) if isinstance(node.value, str)}
    assert not {text for text in texts if re.fullmatch(r"SFC[0-9]*", text)}


def _texts(node: ast.AST) -> Iterator[ast.Constant]:
    """Yield the constants of a module, without the examples for the JSON Schema."""
    if isinstance(node, ast.Constant):
        yield node
    for child in ast.iter_child_nodes(node):
        if not (isinstance(child, ast.keyword) and child.arg == "examples"):
            yield from _texts(child)


@pytest.mark.parametrize("name", _EXAMPLES)
def test_an_id_in_a_text_for_people_exists(name: str) -> None:
    ids = [check.id for check in all_checks()]
    for beginning in _ID.findall(modules()[name]):
        assert [check_id for check_id in ids if check_id.startswith(beginning)], beginning


# Folders that only this repository has, and a path below one of them.
_OF_THE_REPOSITORY = re.compile(r"(?<![\w/.-])(?:examples|docs|tests|scripts)/")


def test_no_text_for_people_names_a_file_that_only_the_repository_has() -> None:
    """Docstrings of modules are for developers, apart from the checks', which explain shows."""
    found = []
    for path in sorted(ROOT.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        shown = tree if path.is_relative_to(ROOT / "checks") else None
        own = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
            and node.body
            and isinstance(node.body[0], ast.Expr)
            and node is not shown
        }
        texts = (one for one in _texts(tree) if id(one) not in own and isinstance(one.value, str))
        found += [(path.name, t.value) for t in texts if _OF_THE_REPOSITORY.search(str(t.value))]
    assert found == []


def circles(graph: grimp.ImportGraph) -> list[list[str]]:
    """Return the sets of modules that reach each other through imports."""
    reached = {module: graph.find_upstream_modules(module) for module in graph.modules}
    found = {
        frozenset({module, *(other for other in reached[module] if module in reached[other])})
        for module in graph.modules
    }
    return sorted(sorted(circle) for circle in found if len(circle) > 1)


def test_no_modules_import_each_other() -> None:
    """Imports for types and inside functions count, too: such modules are in effect one module."""
    graph = grimp.build_graph("sfcred", exclude_type_checking_imports=False, cache_dir=None)
    assert [circle for circle in circles(graph) if circle not in _CIRCLES] == []


def test_circles_are_found() -> None:
    graph = grimp.ImportGraph()
    for importer, imported in ("ab", "bc", "ca", "cd", "de", "ed", "fa"):
        graph.add_import(importer=importer, imported=imported)
    assert circles(graph) == [["a", "b", "c"], ["d", "e"]]


@pytest.mark.parametrize("folder", ["sfcred", "tests", "scripts"])
def test_text_is_read_and_written_in_a_named_encoding(folder: str) -> None:
    """Ruff sees this only where it knows a type. Without one, Windows and ASCII locales differ."""
    files = sorted((ROOT.parent / folder).rglob("*.py"))
    assert not [where for file in files for where in _without_encoding(file)]


def _without_encoding(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        options = {keyword.arg: keyword.value for keyword in node.keywords}
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        if ast.unparse(node.func).startswith("super()."):  # click's help, which isn't a file
            continue
        # Metadata of packages is read by a method of the same name, which has no encoding.
        is_text = (name == "read_text" and not node.args) or name == "write_text"
        of_program = [options.get("text"), options.get("universal_newlines")]
        is_text |= any(isinstance(one, ast.Constant) and one.value is True for one in of_program)
        if is_text and "encoding" not in options:
            yield f"{file.name}:{node.lineno}"
