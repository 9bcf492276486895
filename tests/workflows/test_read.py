"""Workflow files in the shapes that n8n, its API and other tools write; and broken ones."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfcred.errors import UsageError
from sfcred.text.redact import redact
from sfcred.workflows import limits
from sfcred.workflows.find import find_workflow_files, read_workflow_files
from sfcred.workflows.model import WorkflowFile
from sfcred.workflows.read import decode, read_text
from tests.helpers.workflows import node, workflow, write

ONE = workflow(node())


# n8n's template library puts the icons of a workflow's nodes beside the workflow.
ICONS = [{"id": 42, "icon": "fa:play", "name": "n8n-nodes-base.start"}] * 3
GALLERY: dict[str, Any] = {"workflow": {"id": 664, "name": "t", "workflow": ONE, "nodes": ICONS}}


def names(file: WorkflowFile) -> list[tuple[str, int]]:
    return [(one.name, len(one.nodes)) for one in file.workflows]


def inline(inner: object, **more: Any) -> dict[str, Any]:
    text = inner if isinstance(inner, str) else json.dumps(inner)
    parameters = {"source": "parameter", "workflowJson": text, **more}
    return node(parameters, "n8n-nodes-base.executeWorkflow", name="run")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (ONE, [("Lead sync", 1)]),
        ([ONE, {**ONE, "name": "b"}], [("Lead sync", 1), ("b", 1)]),
        ({"data": [ONE], "nextCursor": None}, [("Lead sync", 1)]),
        ({"data": {"data": [ONE]}}, [("Lead sync", 1)]),
        ({"workflow": {"id": 3, "name": "t", "workflow": ONE}}, [("Lead sync", 1)]),
        (GALLERY, [("Lead sync", 1)]),
        ({**GALLERY["workflow"], "nodes": []}, [("Lead sync", 1)]),
        ({"nodes": [node()], "connections": {}, "meta": {"templateId": "1"}}, [("a", 1)]),
        ({"nodes": [], "connections": {}}, [("a", 0)]),
        ({"nodes": [node()], "data": ONE}, [("a", 1)]),  # not a wrapper: it has nodes
        ([], []),
        ({"data": [], "nextCursor": None}, []),
        (workflow(inline(ONE)), [("Lead sync", 1), ("Lead sync", 1)]),
        (workflow(inline(workflow(inline({"nodes": [node()]})))),
         [("Lead sync", 1), ("Lead sync", 1), ("Lead sync / run", 1)]),
        (workflow({**inline(ONE), "disabled": True}), [("Lead sync", 1)]),
        (workflow(inline(ONE, source="database")), [("Lead sync", 1)]),
        (workflow(inline(ONE), isArchived=True), [("Lead sync", 1)]),
    ],
)  # fmt: skip
def test_every_shape_is_read(content: object, expected: list[tuple[str, int]]) -> None:
    for text in (
        json.dumps(content),
        json.dumps(content, indent="\t"),
        json.dumps(content) + "\n\n",
    ):
        found = read_text(text, "flows/a.json")
        assert found.faults == ()
        assert names(found) == expected


def test_json_lines_are_workflows_in_a_row() -> None:
    found = read_text("\n".join(json.dumps({**ONE, "name": name}) for name in "ab"), "a.json")
    assert names(found) == [("a", 1), ("b", 1)]
    assert found.faults == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_windows_encodings_are_read(encoding: str) -> None:
    text = json.dumps(workflow(name="Größe"), ensure_ascii=False)
    assert names(read_text(decode(text.encode(encoding)), "a.json")) == [("Größe", 0)]


def test_nodes_know_where_they_are() -> None:
    text = json.dumps([workflow(node(), node({"a": {"b": [1, "}"]}}))], indent=2)
    found = read_text(text, "a.json")
    for one in found.workflows[0].nodes:
        line = text.split("\n")[one.place.line - 1]
        assert line[one.place.column - 1 :] == "{"
        start, end = one.span
        assert json.loads(text[start:end])["type"] == one.type
    assert len({one.place for one in found.workflows[0].nodes}) == 2


def test_credentials_of_old_and_new_exports() -> None:
    links = {
        "a": "By name",
        "b": {"id": None, "name": "n"},
        "c": {"id": 7},
        "d": 3,
        "e": {"id": ""},
    }
    (found,) = read_text(json.dumps(workflow(node(credentials=links))), "a.json").workflows
    read = {kind: (link.id, link.name) for kind, link in found.nodes[0].credentials.items()}
    assert read == {"a": (None, "By name"), "b": (None, "n"), "c": ("7", ""), "e": (None, "")}


def test_a_workflow_without_a_name_has_that_of_its_file() -> None:
    """As n8n's download made it of the workflow's name; in one word, it would look like a secret."""
    shown = "flows/Enterprise_Contract_Lifecycle_Management_with_AI_Risk_Analysis-8497.json"
    (found,) = read_text(json.dumps({"nodes": [node()], "connections": {}}), shown).workflows
    assert found.name == "Enterprise Contract Lifecycle Management with AI Risk Analysis-8497"
    assert redact(found.name) == found.name


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        ("5", "is a single JSON value"),
        ("null", "is a single JSON value"),
        ('{"name": "package", "version": "1"}', "not an n8n workflow"),
        ('[{"id": "1", "type": "x", "data": {}}]', "looks like an export of credentials"),
        ('{"nodes": {}, "connections": {}}', "nodes are not a list"),
        ('{"nodes": [{}], "connections": {}}', "a node without a type"),
        ('{"nodes": [5]}', "a node without a type"),
        ('{"nodes": [5, {}, {"type": "x"}], "connections": {}}', "2 nodes without a type"),
        ('{"nodes": [', "not valid JSON"),
        ('{"nodes": []', "not valid JSON"),
        ('{"nodes": [],}', "not valid JSON"),
        ('<<<<<<< HEAD\n{"nodes": []}', "not valid JSON"),
        ('{"nodes": [{"type": "x"}], "a": NaN}', "a number that n8n doesn't write"),
        ('{"nodes": [' + '{"type":"x","parameters":{"a":' + "[" * 100_000, "nested too deeply"),
        ('{"data":' * 100_000, "nested too deeply"),
    ],
)
def test_what_is_not_a_workflow_gives_one_clear_line(text: str, message: str) -> None:
    found = read_text(text, "a.json")
    assert len(found.faults) == 1
    assert message in found.faults[0].message
    assert found.faults[0].file == "a.json"


YAML = "name: leads\nnodes:\n  - type: n8n-nodes-base.salesforce\n"
TYPESCRIPT = "import { workflow } from '@n8n/workflow-sdk';\nexport default workflow({});\n"


@pytest.mark.parametrize(
    ("name", "text", "format_"),
    [
        ("a.yaml", YAML, "is YAML"),
        ("a.YML", "{nodes: []}", "is YAML"),
        ("a.txt", YAML, "is YAML"),
        ("a", f"---\n{YAML}", "is YAML"),
        ("a.json", YAML, "is YAML"),
        ("a.json", "- name: leads\n", "is YAML"),
        ("a.md", "---\ntitle: Leads\n---\n# Leads\n", "is Markdown"),
        ("README.md", "# Leads\n", "is Markdown"),
        ("a.json", "```json\n{}\n```\n", "is Markdown"),
        ("a.yml", "# Leads\nnodes: []\n", "is YAML"),
        ("a.ts", TYPESCRIPT, "is TypeScript or JavaScript"),
        ("a.mjs", "module.exports = {}", "is TypeScript or JavaScript"),
        ("a.json", TYPESCRIPT, "is TypeScript or JavaScript"),
        ("a.json", "// leads\nconst w = {};", "is TypeScript or JavaScript"),
        ("a.json", "<!DOCTYPE html>\n<title>Sign in</title>", "is HTML or XML"),
    ],
)
def test_another_format_is_named(name: str, text: str, format_: str) -> None:
    (fault,) = read_text(text, name).faults
    assert fault.message.startswith(f"{format_}, but")
    assert "export:workflow" in fault.hint
    assert "Download" in fault.hint
    assert "cut off" not in fault.hint
    assert fault.place == (1, 1)


@pytest.mark.parametrize(
    "text", ['{"nodes": [', '<<<<<<< HEAD\n{"nodes": []}', '{"nodes": [],}', "Session expired"]
)
def test_broken_json_is_not_another_format(text: str) -> None:
    (fault,) = read_text(text, "a.json").faults
    assert fault.message == "not valid JSON"


def test_n8n_s_log_before_the_json_is_skipped() -> None:
    """`n8n export:workflow --all > FILE` writes it there."""
    log = "Legacy aes-256-cbc encryption key not found\n"
    text = log + json.dumps([{"nodes": [node()], "connections": {}}], indent=2)
    found = read_text(text, "a.json")
    assert not found.faults
    assert found.workflows[0].nodes[0].place.line == 5


def test_a_fault_has_its_place() -> None:
    found = read_text('{\n "nodes": [],\n oops\n}', "a.json")
    assert found.faults[0].place == (3, 2)


@pytest.mark.parametrize("text", ["={{ $json.w }}", "{broken", "[]", '{"nodes": 5}'])
def test_an_inline_workflow_that_cannot_be_read_is_told(text: str) -> None:
    (found,) = read_text(json.dumps(workflow(inline(text))), "a.json").workflows
    assert found.unread == found.nodes


def test_each_level_of_inline_workflows_is_read_or_told() -> None:
    content = workflow(node(), name="level 6")
    for level in range(5, -1, -1):
        content = workflow(inline(content), name=f"level {level}")
    found = read_text(json.dumps(content), "a.json").workflows
    assert [one.name for one in found] == [f"level {n}" for n in range(limits.INLINE + 1)]
    assert [bool(one.unread) for one in found] == [False] * limits.INLINE + [True]


def test_an_inline_node_that_cannot_be_read_is_told_beside_the_others() -> None:
    (outer, inner) = read_text(
        json.dumps(workflow(inline(workflow(node(), {"name": "no type"})))), "a.json"
    ).workflows
    assert outer.unread == outer.nodes
    assert len(inner.nodes) == 1


@pytest.mark.parametrize(
    "content",
    [
        workflow(inline("={{ 1 }}"), isArchived=True),
        workflow({**inline("={{ 1 }}"), "disabled": True}),
        workflow(inline("={{ 1 }}", source="database")),
    ],
)
def test_what_runs_no_inline_workflow_has_none_to_read(content: dict[str, Any]) -> None:
    (found,) = read_text(json.dumps(content), "a.json").workflows
    assert found.unread == ()


@pytest.mark.parametrize("other", [5, None, "text", {"name": "no nodes"}, {"id": 1, "type": "x"}])
@pytest.mark.parametrize("wrap", [list, lambda entries: {"data": entries}])
def test_an_entry_that_is_no_workflow_is_told_beside_the_others(
    other: object, wrap: Callable[[list[object]], object]
) -> None:
    content = wrap([{"name": "a", "nodes": []}, other, {"name": "b", "nodes": []}])
    file = read_text(json.dumps(content), "flows.json")
    assert [one.name for one in file.workflows] == ["a", "b"]
    (fault,) = file.faults
    assert fault.message == "has an entry that is not an n8n workflow"
    assert fault.place.column == json.dumps(content).index(json.dumps(other)) + 1


def test_workflows_in_too_many_wrappers_are_told_beside_the_others() -> None:
    deep: object = ONE
    for _ in range(limits.WRAPPERS + 1):
        deep = {"data": deep}
    found = read_text(json.dumps([ONE, deep]), "a.json")
    assert names(found) == [("Lead sync", 1)]
    assert [fault.message for fault in found.faults] == ["has objects nested too deeply to be read"]


def test_faults_of_a_file_are_limited() -> None:
    (fault,) = read_text(json.dumps(workflow(*[{} for _ in range(1000)])), "a.json").faults
    assert fault.message == "has 1,000 nodes without a type"
    found = read_text(json.dumps([workflow({}) for _ in range(1000)]), "a.json")
    assert len(found.faults) == limits.FAULTS


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["nodes", "data", "workflow", "type", "parameters", "credentials", "name", "id",
                 "typeVersion", "disabled", "workflowJson", "source", "connections", "active"]
            ) | st.text(max_size=3),
            inner,
            max_size=5,
        )
    ),
    max_leaves=30,
)  # fmt: skip


@given(_VALUES)
def test_any_json_is_read_without_a_crash(value: object) -> None:
    found = read_text(json.dumps(value), "a.json")
    assert found.workflows or found.faults or "[]" in json.dumps(value)


@given(st.text() | st.text(alphabet='{}[],:"nodestyp\\ 1'))
def test_any_text_is_read_without_a_crash(text: str) -> None:
    found = read_text(text, "a.json")
    assert found.workflows or found.faults or "[" in text


@given(st.integers(0, 2000))
def test_a_file_that_is_cut_off_has_no_workflows(end: int) -> None:
    text = json.dumps([workflow(node(), name="a"), workflow(node(), name="b")])
    if end < len(text):
        found = read_text(text[:end], "a.json")
        assert found.workflows == ()
        assert len(found.faults) == 1


def test_folders_are_searched_and_hidden_ones_are_not(tmp_path: Path) -> None:
    for name in ("b.json", "a/c.JSON", ".git/d.json", "node_modules/e.json", ".f.json", "g.txt"):
        write(tmp_path / name, ONE)
    (tmp_path / "link").symlink_to(tmp_path / "a")
    found = find_workflow_files([tmp_path, tmp_path / "b.json"], tmp_path)
    assert [path.relative_to(tmp_path).as_posix() for path in found] == [
        "b.json",
        "link",
        "a/c.JSON",
    ]
    (fault,) = next(iter(read_workflow_files([tmp_path / "link"]))).faults
    assert "folder" in fault.message


def test_a_link_out_of_the_project_is_not_followed(tmp_path: Path) -> None:
    outside, project = write(tmp_path / "out/a.json", ONE), tmp_path / "project"
    write(project / "flows/b.json", ONE)
    (project / "flows/link.json").symlink_to(outside)
    for path in ("flows", "flows/link.json"):
        with pytest.raises(UsageError, match="leads outside the project"):
            find_workflow_files([project / path], project)


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
def test_an_interface_of_the_system_is_no_folder(tmp_path: Path) -> None:
    write(tmp_path / "a.json", ONE)
    with pytest.raises(UsageError, match="no such file"):
        find_workflow_files([Path(f"/proc/self/root{tmp_path}")], tmp_path)


def test_nothing_to_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nothing to read"):
        find_workflow_files([tmp_path], tmp_path)
    with pytest.raises(UsageError, match="no such file"):
        find_workflow_files([tmp_path / "no"], tmp_path)


def test_a_file_that_cannot_be_read_does_not_stop_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "FILE_BYTES", 5_000)
    big = write(tmp_path / "a.json", workflow(name="x" * 6_000))
    binary = tmp_path / "b.json"
    binary.write_bytes(b"\xff\xfe\xff\x00\xd8")
    good = write(tmp_path / "c.json", ONE)
    found = list(read_workflow_files([big, binary, tmp_path / "no.json", good]))
    assert [len(one.faults) for one in found] == [1, 1, 1, 0]
    assert names(found[3]) == [("Lead sync", 1)]
    assert "larger than" in found[0].faults[0].message
    assert "is not text in UTF-8 or UTF-16" in found[1].faults[0].message


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("1.1", 1.1),
        ("2", 2.0),
        ('"x"', 1.0),
        ("true", 1.0),
        ("null", 1.0),
        ("1" + "0" * 400, float("inf")),
    ],
)
def test_any_type_version_is_read(version: str, expected: float) -> None:
    text = f'{{"nodes": [{{"type": "x", "typeVersion": {version}}}]}}'
    (found,) = read_text(text, "a.json").workflows
    assert found.nodes[0].version == expected
