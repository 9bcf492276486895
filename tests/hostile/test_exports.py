"""An export that contradicts itself is not compared, merged or imported in silence."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytest_httpx import HTTPXMock

from tests.conftest import Outcome
from tests.helpers.n8n_api import API_KEY, URL
from tests.helpers.project import Project

Run = Callable[..., Outcome]
Entry = dict[str, Any]

ID = "acmeCrm00000000a"
SPEC = f"name: a\nn8n: {{id: {ID}, name: Acme A}}\n"


def same_as_spec(project: Project, run: Run) -> Entry:
    """What n8n has if it is the same as the spec."""
    Path("sfcred.toml").touch()
    project.credential(SPEC, "oauth2", "credentials/a.yaml")
    assert run("render", "--force", "-o", "rendered.json").status == 0
    (found,) = json.loads(Path("rendered.json").read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


@pytest.fixture
def entry(project: Project, run: Run) -> Entry:
    return same_as_spec(project, run)


def other(entry: Entry, **changes: Any) -> Entry:
    return {**entry, "data": {**entry["data"], "clientId": "another"}, **changes}


def export(*entries: Entry, name: str = "export.json") -> str:
    Path(name).parent.mkdir(exist_ok=True)
    Path(name).write_text(json.dumps(entries), encoding="utf-8")
    return name


#: Another entry with the same id.
SECOND: dict[str, Callable[[Entry], Entry]] = {
    "other values": other,
    "another name": lambda entry: {**entry, "name": "B"},
    "another type": lambda entry: other(entry, type="salesforceJwtApi"),
    "a type of no interest": lambda entry: other(entry, type="httpBasicAuth"),
    "can't be read": lambda entry: {**entry, "data": "U2FsdGVkX18="},
}


@pytest.mark.parametrize("how", SECOND)
@pytest.mark.parametrize("is_last", [True, False])
def test_an_id_with_two_contents_is_not_compared(
    entry: Entry, run: Run, how: str, is_last: bool
) -> None:
    two = [entry, SECOND[how](entry)]
    export(*(two if is_last else reversed(two)))
    done = run("diff", "--export", "export.json")
    assert done.status == 4, done
    told = " ".join(done.out.split())
    assert "2 times" in told
    assert "export.json, entry 1; export.json, entry 2" in told
    (row,) = json.loads(run("diff", "--export", "export.json", "--format", "json").out)[
        "credentials"
    ]
    assert row["state"] == "not_compared"


def test_nor_is_one_in_two_files(entry: Entry, run: Run) -> None:
    export(entry, name="exported/monday.json")
    export(other(entry), name="exported/tuesday.json")
    done = run("diff", "--export", "exported")
    assert done.status == 4
    told = " ".join(done.out.split())
    assert "exported/monday.json, entry 1; exported/tuesday.json, entry 1" in told


def test_many_are_counted(entry: Entry, run: Run) -> None:
    export(*(other(entry, name=f"n{number}") for number in range(1000)))
    done = run("diff", "--export", "export.json")
    assert done.status == 4
    assert "1000 times" in " ".join(done.out.split())
    assert len(done.out) < 1000


def test_the_same_entry_twice_contradicts_nothing(entry: Entry, run: Run) -> None:
    export(entry, name="exported/monday.json")
    export(entry, name="exported/tuesday.json")
    assert run("diff", "--export", "exported").status == 0


def test_the_same_name_twice_is_two_credentials(entry: Entry, run: Run) -> None:
    """n8n allows that."""
    export(entry, other(entry, id="another000000000"))
    done = run("diff", "--export", "export.json", "--format", "json")
    states = {row["id"]: row["state"] for row in json.loads(done.out)["credentials"]}
    assert states == {ID: "same", "another000000000": "unknown"}


def test_entries_without_an_id_are_all_listed(entry: Entry, run: Run) -> None:
    export(entry, other(entry, id=None, name="X"), other(entry, id=None, name="Y"))
    done = run("diff", "--export", "export.json", "--format", "json")
    rows = json.loads(done.out)["credentials"]
    assert [(row["name"], row["state"]) for row in rows][1:] == [("X", "unknown"), ("Y", "unknown")]


@pytest.mark.parametrize("field", ["id", "data", "clientId", "oauthTokenData", "refresh_token"])
def test_a_field_that_is_there_twice_is_not_compared(entry: Entry, run: Run, field: str) -> None:
    text = json.dumps([entry])
    assert f'"{field}": ' in text
    Path("export.json").write_text(
        text.replace(f'"{field}": ', f'"{field}": "x", "{field}": ', 1), encoding="utf-8"
    )
    done = run("diff", "--export", "export.json")
    assert done.status == 4, done
    assert "a field twice" in done.out


TWICE: dict[str, Callable[[str], str]] = {
    "the list, the other one last": lambda text: f'{{"data": {text}, "data": []}}',
    "the list, the other one first": lambda text: f'{{"data": [], "data": {text}}}',
    "the list, the same": lambda text: f'{{"data": {text}, "data": {text}}}',
    "the only credential": lambda text: f'{{"data": {{}}, "data": {text[1:-1]}}}',
    "something around the list": lambda text: f'{{"x": 1, "data": {text}, "x": 2}}',
}


@pytest.mark.parametrize("how", TWICE)
@pytest.mark.parametrize("command", ["diff --export", "import", "render --force -o out.json --merge-from"])  # fmt: skip
def test_nor_is_anything_around_the_entries(entry: Entry, run: Run, how: str, command: str) -> None:
    Path("export.json").write_text(TWICE[how](json.dumps([entry])), encoding="utf-8")
    done = run(*command.split(), "export.json")
    assert (done.status, "a field twice" in done.err) == (2, True), done


@pytest.mark.parametrize(("field", "first"), [("type", "httpBasicAuth"), ("id", "another")])
@pytest.mark.parametrize("is_last", [True, False])
def test_it_may_be_any_of_what_it_says(
    entry: Entry, run: Run, field: str, first: str, is_last: bool
) -> None:
    """The last one would make it another credential, or one that isn't Salesforce's."""
    other, own = f'"{field}": "{first}"', f'"{field}": "{entry[field]}"'
    two = f"{other}, {own}" if is_last else f"{own}, {other}"
    text = json.dumps([entry])
    assert own in text
    Path("export.json").write_text(text.replace(own, two, 1), encoding="utf-8")
    done = run("diff", "--export", "export.json")
    assert done.status == 4, done
    assert "a field twice" in done.out
    assert "not in n8n" not in done.out
    merged = run("render", "--force", "--merge-from", "export.json", "-o", "out.json")
    assert (merged.status, "a field twice" in merged.err) == (4, True), merged
    assert not Path("out.json").exists()


def test_a_field_twice_deep_in_the_data_counts(entry: Entry, run: Run) -> None:
    text = json.dumps([{**entry, "data": {**entry["data"], "oauthTokenData": {"a": [{"b": 1}]}}}])
    Path("export.json").write_text(text.replace('"b": 1', '"b": 1, "b": 2'), encoding="utf-8")
    assert run("diff", "--export", "export.json").status == 4


@pytest.mark.parametrize("how", ["other values", "can't be read"])
def test_no_tokens_are_merged_from_it(entry: Entry, run: Run, how: str) -> None:
    export(entry, SECOND[how](entry))
    done = run("render", "--force", "--merge-from", "export.json", "-o", "out.json")
    assert done.status == 4, done
    assert "2 times" in " ".join(done.err.split())
    assert not Path("out.json").exists()


def test_it_is_not_imported(entry: Entry, run: Run) -> None:
    export(entry, other(entry), other(entry, id="another000000000", name="Other"))
    done = run("import", "export.json", "-o", "imported")
    assert [path.name for path in Path("imported").iterdir()] == ["other.yaml"]
    assert "not read: Acme A" in done.out
    assert "2 times" in done.out
    assert done.status != 0


@pytest.mark.parametrize("is_same", [True, False])
def test_a_running_n8n_that_lists_an_id_twice_contradicts_itself(
    entry: Entry, project: Project, run: Run, httpx_mock: HTTPXMock, is_same: bool
) -> None:
    project.monkeypatch.setenv("N8N_API_KEY", API_KEY)
    first = {"id": ID, "name": "Acme A", "type": entry["type"], "createdAt": "2026-01-01T00:00:00.000Z", "updatedAt": "2026-01-01T00:00:00.000Z"}  # fmt: skip
    second = first if is_same else {**first, "name": "Other"}
    httpx_mock.add_response(json={"data": [first, second], "nextCursor": None}, is_reusable=True)
    done = run("diff", "--n8n", URL)
    assert ("an id twice" in done.err) is not is_same, done
    assert done.status == 4, done
