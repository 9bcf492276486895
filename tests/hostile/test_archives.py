"""A zip file in the place of n8n's archive of tables: no bomb, no bug, and nothing ambiguous."""

import io
import json
import time
import tracemalloc
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfcred.exchange.entities import read_archive
from sfcred.n8n.cipher import encrypt
from sfcred.n8n.export import NotAnExport
from tests.conftest import Outcome
from tests.helpers.project import Project
from tests.hostile.test_exports import Entry, same_as_spec

Run = Callable[..., Outcome]
TABLE = "credentialsentity.jsonl"
KEY = "a-key-of-n8n-s"
METHODS = [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
COMMANDS = {
    "import": ("import", "x.zip", "-o", "imported"),
    "diff": ("diff", "--export", "x.zip"),
    "merge": ("render", "--force", "--merge-from", "x.zip", "-o", "out.json"),
}


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    content = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(content, "w", method) as file:
        warnings.simplefilter("ignore")  # of the same name twice
        for name, data in members:
            file.writestr(name, data)
    return content.getvalue()


def page(*rows: str) -> bytes:
    return encrypt("\n".join(rows), KEY).encode() + b"\n"


def row(entry: Entry) -> str:
    return json.dumps({**entry, "data": encrypt(json.dumps(entry["data"]), KEY)})


@pytest.fixture
def entry(project: Project, run: Run) -> Entry:
    return same_as_spec(project, run)


@pytest.fixture
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("N8N_ENCRYPTION_KEY", KEY)


# -- bombs


@pytest.mark.parametrize("method", METHODS)
def test_no_member_is_decompressed_beyond_the_limit(method: int) -> None:
    bomb = zipped((TABLE, bytes(64 * 1024**2)), method=method)
    tracemalloc.start()
    with pytest.raises(NotAnExport):
        read_archive(bomb, None, 1024**2)
    peak = tracemalloc.get_traced_memory()[1] - len(bomb)
    tracemalloc.stop()
    assert peak < 8 * 1024**2


@pytest.mark.parametrize("method", METHODS[2:])
def test_a_method_that_n8n_does_not_use_is_named(project: Project, run: Run, method: int) -> None:
    project.credential("{}\n", "oauth2", "credentials/a.yaml")
    Path("x.zip").write_bytes(zipped((TABLE, b"a\n"), method=method))
    for command in COMMANDS.values():
        done = run(*command)
        assert (done.status, "compressed in a way that n8n doesn't use" in done.err) == (2, True)


@pytest.mark.timed
def test_members_that_share_their_bytes_are_damaged() -> None:
    """Otherwise a thousand entries of a directory could each decompress the same megabytes."""
    empty_blocks = b"\0\0\0\xff\xff" * 400_000 + b"\3\0"
    content = bytearray(zipped((TABLE, b"")))
    at, end = content.find(b"PK\x01\x02"), content.find(b"PK\x05\x06")
    content[18:26] = content[at + 20 : at + 28] = len(empty_blocks).to_bytes(4, "little") + bytes(4)
    head, directory, tail = content[: 30 + len(TABLE)], content[at:end], content[end:]
    number = 500
    tail[8:12] = number.to_bytes(2, "little") * 2
    tail[12:16] = (number * len(directory)).to_bytes(4, "little")
    tail[16:20] = (len(head) + len(empty_blocks)).to_bytes(4, "little")
    bomb = bytes(head) + empty_blocks + bytes(directory) * number + bytes(tail)
    begin = time.process_time()
    with pytest.raises(NotAnExport):
        read_archive(bomb, None, 1024**2)
    assert time.process_time() - begin < 2


def test_a_directory_of_countless_members_is_refused() -> None:
    bomb = zipped((TABLE, b"a")) + b"PK\x01\x02" * 1_000_000
    with pytest.raises(NotAnExport, match="members"):
        read_archive(bomb, None, 1024**2)


@pytest.mark.parametrize("lines", ["a\n", "\n", "a\r\n"])
def test_a_table_of_countless_lines_is_refused(lines: str) -> None:
    with pytest.raises(NotAnExport, match="more than 100,000"):
        read_archive(zipped((TABLE, lines.encode() * 500_000)), None, 64 * 1024**2)


def test_countless_rows_of_a_page_are_refused() -> None:
    table = page(*["{}"] * 100_001)
    with pytest.raises(NotAnExport, match="more than 100,000"):
        read_archive(zipped((TABLE, table)), lambda _text: "{}\n" * 100_001, 64 * 1024**2)


# -- damage


def damaged(data: st.DataObject, content: bytes) -> bytes:
    changed = bytearray(content)
    for _ in range(data.draw(st.integers(0, 4))):
        changed[data.draw(st.integers(4, len(changed) - 1))] = data.draw(st.integers(0, 255))
    begin = data.draw(st.integers(4, len(changed)))
    del changed[begin : begin + data.draw(st.integers(0, 40))]
    return bytes(changed)


WHOLE = [
    zipped(("a.jsonl", b"x"), (TABLE, b"0" * 500 + b"\n" + bytes(range(256))), method=method)
    for method in METHODS
]


@given(st.data(), st.sampled_from(WHOLE))
def test_no_damage_is_a_bug(data: st.DataObject, whole: bytes) -> None:
    try:
        read_archive(damaged(data, whole), None, 4096)
    except NotAnExport:
        return


@pytest.mark.parametrize(
    "error",
    [zipfile.BadZipFile, MemoryError, KeyError, AttributeError, TypeError, OverflowError, AssertionError],
)  # fmt: skip
@pytest.mark.parametrize("where", ["__init__", "open", "infolist"])
def test_whatever_zipfile_raises_is_a_damaged_zip(
    project: Project, run: Run, error: type[Exception], where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_arguments: object, **_named: object) -> Any:
        raise error

    project.credential("{}\n", "oauth2", "credentials/a.yaml")
    Path("x.zip").write_bytes(zipped((TABLE, b"a\n")))
    monkeypatch.setattr(zipfile.ZipFile, where, fails)
    for command in COMMANDS.values():
        done = run(*command)
        assert (done.status, "a damaged or protected zip file" in done.err) == (2, True), done


# -- ambiguous


@pytest.mark.usefixtures("key")
@pytest.mark.parametrize("name", [TABLE, f"./{TABLE}", f"out/{TABLE}"])
@pytest.mark.parametrize("command", COMMANDS)
def test_a_table_that_is_there_twice_is_not_read(
    entry: Entry,
    run: Run,
    command: str,
    name: str,
) -> None:
    other = {**entry, "data": {**entry["data"], "clientId": "another"}}
    Path("x.zip").write_bytes(zipped((TABLE, page(row(other))), (name, page(row(entry)))))
    done = run(*COMMANDS[command])
    assert (done.status, "twice" in done.err) == (2, True), done


@pytest.mark.usefixtures("key")
def test_two_parts_of_a_table_are_both_read(entry: Entry, run: Run) -> None:
    other = {**entry, "id": "another000000000", "name": "Other"}
    parts = (TABLE, page(row(other))), (TABLE.replace(".", ".2."), page(row(entry)))
    Path("x.zip").write_bytes(zipped(*parts))
    states = json.loads(run("diff", "--export", "x.zip", "--format", "json").out)["credentials"]
    assert [one["state"] for one in states] == ["same", "unknown"]


@pytest.mark.usefixtures("key")
@pytest.mark.parametrize("field", ["data", "id", "type", "name"])
def test_a_row_with_a_field_twice_is_not_compared(
    entry: Entry,
    run: Run,
    field: str,
) -> None:
    text = row(entry).replace(f'"{field}": ', f'"{field}": "x", "{field}": ', 1)
    Path("x.zip").write_bytes(zipped((TABLE, page(text))))
    done = run("diff", "--export", "x.zip")
    assert (done.status, "a field twice" in done.out) == (4, True), done
