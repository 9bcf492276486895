"""An export or a list with countless entries: people get some and a count, programs get all."""

import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_httpx import HTTPXMock

from tests.conftest import Outcome
from tests.helpers.n8n_api import API_KEY, URL
from tests.helpers.project import Project
from tests.hostile.test_archives import TABLE, zipped

Run = Callable[..., Outcome]
NUMBER = 2000
LONG = "n" * 20_000


@pytest.fixture(autouse=True)
def spec(project: Project) -> None:
    Path("sfcred.toml").touch()
    project.credential("name: a\n", "oauth2", "credentials/a.yaml")


def entry(number: int, **changes: Any) -> dict[str, Any]:
    data = {"clientId": "a", "clientSecret": "b"}
    return {"id": f"id{number}", "name": f"Name {number}", "type": "salesforceOAuth2Api", "data": data} | changes  # fmt: skip


def export(entries: Iterator[dict[str, Any]]) -> None:
    Path("export.json").write_text(json.dumps(list(entries)), encoding="utf-8")


#: What an export can have many of, and how `diff` and `import` count it.
MANY: dict[str, tuple[Callable[[int], dict[str, Any]], str, str]] = {
    "can't be read": (lambda n: entry(n, data="U2FsdGVkX18="), "not_compared", "not read"),
    "no objects": (lambda n: entry(n, data=[]), "not_compared", "not read"),
    "no spec": (entry, "unknown", "wrote"),
    "no spec can hold it": (
        lambda n: entry(n, data={"clientId": "={{ $json.a }}", "clientSecret": "b"}),
        "unknown",
        "left out",
    ),
    "fields that specs don't have": (
        lambda n: entry(n, data={"clientId": "a", "clientSecret": "b", "authQueryParameters": "x=1"}),
        "unknown",
        "note",
    ),
    "other types": (lambda n: entry(n, type="slackApi"), "", "skipped"),
}  # fmt: skip


@pytest.mark.parametrize("how", MANY)
def test_diff_counts_them(run: Run, how: str) -> None:
    make, state, _ = MANY[how]
    export(make(number) for number in range(NUMBER))
    done = run("diff", "--export", "export.json")
    assert len(done.out) < 20_000
    if state:
        assert f"{NUMBER:d} {state.replace('_', ' ')}" in done.out
        (more,) = re.findall(r"… and ([\d,]+) more", done.out)
        shown = sum(line.startswith(state) and "…" not in line for line in done.out.splitlines())
        assert 0 < shown == NUMBER - int(more.replace(",", ""))
    rows = json.loads(run("diff", "--export", "export.json", "--format", "json").out)["credentials"]
    assert len(rows) == 1 + (NUMBER if state else 0)


@pytest.mark.parametrize("how", MANY)
def test_import_counts_them(run: Run, how: str) -> None:
    make, _, word = MANY[how]
    export(make(number) for number in range(300))
    export_of_one = entry(999_999, name="Fine", id="fine")
    entries = json.loads(Path("export.json").read_text(encoding="utf-8"))
    Path("export.json").write_text(json.dumps([export_of_one, *entries]), encoding="utf-8")
    done = run("import", "export.json", "-o", "imported", "--secrets", "env")
    told = done.out.split("\n\n")[0]
    assert len(told.splitlines()) < 250
    assert word in told
    assert re.search(r"^… and 2\d\d more: ", told, re.MULTILINE), told


def test_import_counts_the_known(run: Run) -> None:
    export(entry(number) for number in range(150))
    run("import", "export.json", "-o", "imported", "--secrets", "env")
    done = run("import", "export.json", "-o", "imported", "--secrets", "env")
    assert done.out.count("kept ") < 120
    assert "… and " in done.out


def test_merge_from_counts_them(run: Run) -> None:
    ours = json.loads(run("resolve", "--format", "json").out)
    assert ours
    export(entry(number, data="U2FsdGVkX18=", id=None) for number in range(NUMBER))
    done = run("render", "--force", "--merge-from", "export.json", "-o", "out.json")
    assert done.status == 4
    assert f"{NUMBER - 1:,} more" in done.err
    assert len(done.err) < 2000


@pytest.mark.parametrize("command", ["diff --export", "import", "render --force -o out.json --merge-from"])  # fmt: skip
def test_long_names_are_cut(run: Run, command: str) -> None:
    export(entry(number, name=f"{LONG}{number}", data=[]) for number in range(20))
    done = run(*command.split(), "export.json")
    assert len(done.out + done.err) < 10_000


def test_long_ids_and_types_are_cut(run: Run) -> None:
    export(entry(n, name=LONG, id=f"{LONG}{n}", type="x" * 9000 if n % 2 else "salesforceOAuth2Api") for n in range(20))  # fmt: skip
    assert len(run("diff", "--export", "export.json").out) < 10_000
    assert len(run("import", "export.json", "-o", "new", "--secrets", "env").out) < 40_000


@pytest.mark.timed
@pytest.mark.parametrize("number", [1, 100_000])
def test_lines_that_nobody_can_read(run: Run, number: int) -> None:
    Path("x.zip").write_bytes(zipped((TABLE, b"a\n" * number)))
    begin = time.process_time()
    done = run("diff", "--export", "x.zip")
    assert time.process_time() - begin < 30  # about 3
    assert done.status == 4, "each could be the spec's credential"
    assert len(done.out) < 20_000
    whole = run("diff", "--export", "x.zip", "--format", "json")
    assert len(json.loads(whole.out)["credentials"]) == number + 1
    assert time.process_time() - begin < 90


def test_countless_entries_are_refused(run: Run) -> None:
    Path("export.json").write_text(f"[{'{},' * 100_000}{{}}]", encoding="utf-8")
    for command in ("diff --export", "import", "render --force -o out.json --merge-from"):
        done = run(*command.split(), "export.json")
        assert (done.status, "more than 100,000 entries" in done.err) == (2, True), done


def test_countless_entries_of_many_files_are_refused(run: Run) -> None:
    Path("exported").mkdir()
    for number in range(3):
        Path(f"exported/{number}.json").write_text(f"[{'{},' * 40_000}{{}}]", encoding="utf-8")
    done = run("diff", "--export", "exported")
    assert (done.status, "more than 100,000 entries" in done.err) == (2, True), done


def test_a_running_n8n_s_list_is_counted(project: Project, run: Run, httpx_mock: HTTPXMock) -> None:
    project.monkeypatch.setenv("N8N_API_KEY", API_KEY)
    when = "2026-01-01T00:00:00.000Z"
    page = [{**entry(n), "createdAt": when, "updatedAt": when} for n in range(1000)]
    httpx_mock.add_response(json={"data": page, "nextCursor": None}, is_reusable=True)
    done = run("diff", "--n8n", URL)
    assert "1000 unknown" in done.out, done
    assert len(done.out) < 20_000
