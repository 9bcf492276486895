"""Every shape in which n8n's credentials come, and what sfcred says of those that it can't read."""

import gzip
import io
import json
import subprocess
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfcred.exchange.entities import read_archive
from sfcred.n8n.cipher import encrypt
from sfcred.n8n.export import NotAnExport
from tests.conftest import Outcome
from tests.exchange.test_import import KEY, OTHER, assert_no_secret, jwt_entry, oauth2_entry
from tests.helpers.material import Workshop
from tests.helpers.project import REFRESH_TOKEN, Project

Run = Callable[..., Outcome]
BLANK = "__n8n_BLANK_VALUE_e5362baf-c777-4d57-a609-6eaf1f9e87f6"


@pytest.fixture
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("N8N_ENCRYPTION_KEY", KEY)


def locked(entry: dict[str, Any], with_key: str = KEY) -> dict[str, Any]:
    return {**entry, "data": encrypt(json.dumps(entry["data"]), with_key)}


def archive(entries: list[dict[str, Any]], name: str = "credentialsentity.jsonl") -> bytes:
    """Return what `n8n export:entities` writes: pages of rows, in n8n's ciphertext."""
    pages = [entries[:1], entries[1:]]
    lines = [encrypt("\n".join(map(json.dumps, map(locked, page))), KEY) for page in pages]
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("migrations.jsonl", encrypt("{}", KEY))
        file.writestr(name, "\n".join(lines) + "\n")
    return content.getvalue()


@cache
def some_archive() -> bytes:
    return archive([OTHER])  # its salts are random


# -- shapes


@pytest.mark.parametrize(
    "form", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-16-be-bom"]
)
@pytest.mark.parametrize("way", ["file", "folder", "stdin"])
def test_an_export_is_read_in_each_encoding(
    run: Run, form: str, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = oauth2_entry(clientSecret="Größe-canary")
    text = json.dumps(entry, ensure_ascii=False)
    content = b"\xfe\xff" + text.encode("utf-16-be") if form.endswith("bom") else text.encode(form)
    if way == "folder":
        Path("out").mkdir()
    source = {"file": "x.json", "folder": "out", "stdin": "-"}[way]
    if way == "stdin":
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content), encoding="utf-8"))
    else:
        Path("x.json" if way == "file" else "out/x.json").write_bytes(content)
    assert "wrote credentials/acme-gr-e-1.yaml" in run("import", source).out
    assert Path("secrets/acme-gr-e-1.client_secret").read_text(encoding="utf-8") == "Größe-canary\n"


LOG = "Legacy aes-256-cbc encryption key not found; falling back to instance key\n"


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("form", ["utf-8", "utf-16"])
def test_n8n_s_redirected_output_has_its_log(
    run: Run, workshop: Workshop, indent: int | None, form: str
) -> None:
    text = f"{LOG}  {json.dumps([jwt_entry(workshop)], indent=indent)}\nDone.\n"
    Path("x.json").write_bytes(text.replace("\n", "\r\n").encode(form))
    assert run("import", "x.json").out.count("wrote ") == 1
    assert run("diff", "--export", "x.json").status == 0


@pytest.mark.parametrize("end", ["[]", "\n[]", "\n{}\n", ",", "x"])
def test_more_than_one_json_is_none(run: Run, workshop: Workshop, end: str) -> None:
    Path("x.json").write_text(LOG + json.dumps([jwt_entry(workshop)]) + end, encoding="utf-8")
    done = run("import", "x.json")
    assert (done.status, "it is not JSON" in done.err) == (2, True)


def test_neither_utf_8_nor_utf_16(run: Run) -> None:
    text = json.dumps([oauth2_entry(clientSecret="Größe")], ensure_ascii=False)
    Path("x.json").write_bytes(text.encode("latin-1"))
    done = run("import", "x.json")
    assert (done.status, "neither UTF-8 nor UTF-16" in done.err) == (2, True)
    assert not Path("credentials").exists()


@pytest.mark.parametrize(
    "place", ["backup", "backup/credentials", "backup/credential_stubs", "backup/2026-11-01"]
)
def test_folders_and_the_folder_above(run: Run, workshop: Workshop, place: str) -> None:
    for folder in (place, "backup/workflows", "backup/.git"):
        Path(folder).mkdir(parents=True, exist_ok=True)
    Path(place, "jwt1.json").write_text(json.dumps(jwt_entry(workshop)), encoding="utf-8")
    Path("backup/workflows/w.json").write_text(
        '{"id": "w", "name": "W", "nodes": []}', encoding="utf-8"
    )
    Path("backup/.git/x.json").write_text(json.dumps(oauth2_entry()), encoding="utf-8")
    done = run("import", "backup")
    assert done.status == 0, done
    assert done.out.count("wrote ") == 1
    assert "not read" not in done.out
    assert run("diff", "--export", "backup").status == 0


@pytest.mark.parametrize("broken", ["link", "folder", "large"])
def test_a_file_that_cannot_be_read_does_not_stop_the_rest_of_a_folder(
    run: Run, workshop: Workshop, broken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("out").mkdir()
    Path("out/jwt1.json").write_text(json.dumps(jwt_entry(workshop)), encoding="utf-8")
    if broken == "link":
        Path("out/a.json").symlink_to("nowhere.json")
    elif broken == "folder":
        Path("out/a.json").mkdir()
    else:
        monkeypatch.setattr("sfcred.exchange.export_files.LIMIT", 16 * 1024)
        Path("out/a.json").write_text(json.dumps([oauth2_entry()] * 100), encoding="utf-8")
    done = run("import", "out")
    assert done.status == 4
    assert "not read: a.json: " in done.out
    assert done.out.count("wrote ") == 1
    done = run("diff", "--export", "out")
    assert (done.status, "a.json" in done.out) == (4, True)


def test_other_json_in_a_folder_is_named_and_does_not_stop_the_rest(
    run: Run, workshop: Workshop
) -> None:
    Path("out").mkdir()
    Path("out/package.json").write_text('{"type": "module", "name": "x"}', encoding="utf-8")
    Path("out/cut.json").write_text(json.dumps(oauth2_entry())[:-40], encoding="utf-8")
    Path("out/jwt1.json").write_text(json.dumps(jwt_entry(workshop)), encoding="utf-8")
    done = run("import", "out")
    assert done.status == 4
    assert "not read: cut.json: it is not JSON" in done.out
    assert "module" not in done.out
    assert done.out.count("wrote ") == 1
    assert_no_secret(done, workshop)
    done = run("diff", "--export", "out")
    assert (done.status, "cut.json" in done.out) == (4, True)


@pytest.mark.usefixtures("key")
@pytest.mark.parametrize("name", ["credentialsentity.jsonl", "out/credentialsentity.2.jsonl"])
@pytest.mark.parametrize("source", ["x.zip", "out"])
def test_the_archive_of_all_tables(run: Run, workshop: Workshop, name: str, source: str) -> None:
    Path("out").mkdir()
    content = archive([jwt_entry(workshop), oauth2_entry(), OTHER], name)
    Path("x.zip" if source == "x.zip" else "out/entities.zip").write_bytes(content)
    done = run("import", source)
    assert done.out.count("wrote ") == 2, done
    assert "skipped Slack" in done.out
    assert "in plain text" not in done.out
    assert run("diff", "--export", source).status == 0


@pytest.mark.parametrize(
    ("with_key", "words"), [(None, "key was not found"), ("wrong", "the encryption key is wrong")]
)
def test_the_archive_without_its_key(
    run: Run,
    workshop: Workshop,
    monkeypatch: pytest.MonkeyPatch,
    with_key: str | None,
    words: str,
) -> None:
    Path("x.zip").write_bytes(archive([jwt_entry(workshop)]))
    if with_key:
        monkeypatch.setenv("N8N_ENCRYPTION_KEY", with_key)
    done = run("import", "x.zip")
    assert (done.status, words in done.err) == (4, True), done


@pytest.mark.parametrize("what", ["other", "damaged", "large", "locked"])
def test_other_zip_files(run: Run, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    name = "other.txt" if what == "other" else "credentialsentity.jsonl"
    content = bytearray(archive([OTHER], name))
    if what == "damaged":
        del content[-60:-30]
    if what == "locked":  # the bit for encryption, in the local header and in the directory
        at = content.find(b"PK\x01\x02", content.find(b"PK\x01\x02") + 1)
        content[at + 8] |= 1
    if what == "large":
        monkeypatch.setattr("sfcred.exchange.export_files.LIMIT", len(content))
        content = bytearray(archive([{**OTHER, "data": {"a": "a" * 100_000}}]))[: len(content)]
    Path("x.zip").write_bytes(content)
    done = run("import", "x.zip")
    assert (done.status, "not an export" in done.err) == (2, True), done


@given(st.data())
def test_no_archive_is_too_wild(data: st.DataObject) -> None:
    content = bytearray(some_archive())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(4, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        read_archive(bytes(content), None, 1024)
    except NotAnExport:
        return


@pytest.mark.parametrize("page", [True, False])
def test_answers_of_the_api_have_no_data(run: Run, workshop: Workshop, page: bool) -> None:
    entries = [{key: value for key, value in one.items() if key != "data"} for one in (jwt_entry(workshop), oauth2_entry())]  # fmt: skip
    content = {"data": entries, "nextCursor": None} if page else entries[0]
    Path("x.json").write_text(json.dumps(content), encoding="utf-8")
    done = run("import", "x.json")
    assert (done.status, "n8n's API and packages leave it out" in done.err) == (4, True), done


def test_an_answer_of_the_editor_has_blanked_secrets(run: Run, workshop: Workshop) -> None:
    entry = jwt_entry(workshop, privateKey=BLANK)
    Path("x.json").write_text(json.dumps({"data": entry}), encoding="utf-8")
    done = run("import", "x.json")
    assert (done.status, "n8n's editor left out its secrets" in done.err) == (4, True)
    Path("x.json").write_text(json.dumps({"data": jwt_entry(workshop)}), encoding="utf-8")
    assert "wrote" in run("import", "x.json").out


def test_data_that_another_program_wrote_as_text(run: Run, workshop: Workshop) -> None:
    entries = [jwt_entry(workshop), oauth2_entry()]
    texts = [{**one, "data": json.dumps(one["data"])} for one in entries]
    Path("x.json").write_text(json.dumps(texts), encoding="utf-8")
    done = run("import", "x.json", "--n8n-version", "2.40.5")
    assert done.out.count("wrote ") == 2
    assert "delete x.json: it contains the secrets in plain text" in done.out
    assert "2 same" in run("diff", "--export", "x.json").out


def test_a_compressed_export_is_to_be_unpacked(run: Run) -> None:
    Path("x.json").write_bytes(gzip.compress(b"[]"))
    assert "it is compressed: unpack it first" in run("import", "x.json").err


def test_a_credential_of_a_managed_app_is_left_out(run: Run) -> None:
    """n8n gets the app's Client ID elsewhere, so that a spec would lack it."""
    entry = oauth2_entry()
    del entry["data"]["clientId"], entry["data"]["clientSecret"]
    Path("x.json").write_text(json.dumps([entry]), encoding="utf-8")
    done = run("import", "x.json")
    assert (done.status, "n8n's managed app or an overwrite" in done.out) == (4, True)
    assert not Path("credentials").exists()


# -- what can't be read


@pytest.mark.parametrize("content", ['{"nodes": [], "name": "w"}', "{}", '[{"nodes": []}]'])
@pytest.mark.parametrize("way", ["file", "folder"])
def test_other_things_are_no_export_without_credentials(
    run: Run, project: Project, content: str, way: str
) -> None:
    """Otherwise, each spec would count as missing in n8n, and each token as lost."""
    project.credential("{}\n", "oauth2", "credentials/a.yaml")
    Path("e").mkdir()
    Path("e/x.json").write_text(content, encoding="utf-8")
    source = "e/x.json" if way == "file" else "e"
    for command in (("diff", "--export"), ("render", "-o", "r.json", "--no-check", "--merge-from")):
        done = run(*command, source)
        assert (done.status, "not an export of n8n's credentials" in done.err) == (2, True)
        assert "missing" not in done.out


@pytest.mark.parametrize(
    "unread", ['[{"id": "a', "[[]]", '{"name": "b", "type": "salesforceJwtApi", "data": null}']
)
def test_what_an_unreadable_entry_could_be_is_not_called_missing(
    run: Run, project: Project, workshop: Workshop, unread: str
) -> None:
    project.credential("n8n: {id: jwt1}\n", "jwt", "credentials/a.yaml")
    project.credential("name: b\nn8n: {id: oauth1}\n", "oauth2", "credentials/b.yaml")
    Path("e").mkdir()
    Path("e/x.json").write_text(unread, encoding="utf-8")
    Path("e/y.json").write_text(json.dumps(OTHER), encoding="utf-8")
    lines = run("diff", "--export", "e").out.splitlines()
    assert any("(it could be this one)" in line for line in lines)
    # An entry that is certainly JWT can't be the OAuth2 one.
    assert any(line.startswith("missing") for line in lines) is ("Jwt" in unread)


def stub(entry: dict[str, Any]) -> dict[str, Any]:
    """Return what n8n's source control commits of a credential."""
    data = {"clientId": "", "clientSecret": "", "environment": ""}
    return {**entry, "data": data, "ownedBy": None, "isGlobal": False}


UNREADABLE: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "its data is encrypted, and n8n's encryption key was not found": locked,
    "it is encrypted with a rotating key": lambda e: {**e, "data": "Kx9_-a:AQIDBAUG=="},
    "it was not encrypted by n8n": lambda e: {**e, "data": "[object Object]"},
    "its data is null": lambda e: {**e, "data": None},
    "its data is not an object": lambda e: {**e, "data": [1]},
    "it is a stub of n8n's source control": stub,
    "it has no data": lambda e: {k: v for k, v in e.items() if k != "data"},
    "n8n's editor left out": lambda e: {**e, "data": {"clientSecret": BLANK}},
    "half a character": lambda e: {**e, "name": "\ud800"},
    "it is inside another object": lambda e: {"credentials": [e]},
    "it is inside another object: ": lambda e: {"backup": {str(e["id"]): e}},
}


@pytest.mark.parametrize("reason", UNREADABLE)
def test_what_can_t_be_read_is_named_and_never_counts_as_absent(
    run: Run, workshop: Workshop, reason: str
) -> None:
    Path("good.json").write_text(
        json.dumps([jwt_entry(workshop), oauth2_entry()]), encoding="utf-8"
    )
    assert run("import", "good.json", "--n8n-version", "2.40.5").status in (0, 1)
    Path("bad.json").write_text(json.dumps([jwt_entry(workshop), UNREADABLE[reason](oauth2_entry())]), encoding="utf-8")  # fmt: skip
    done = run("import", "bad.json", "-o", "other/again")
    assert (done.status, reason in done.out) == (4, True)
    assert done.out.count("wrote other/again/") == 1
    done = run("diff", "--export", "bad.json")
    assert (done.status, reason in done.out, "missing" in done.out) == (4, True, False)
    done = run("render", "-o", "r.json", "--no-check", "--merge-from", "bad.json")
    assert (done.status, reason in done.err) == (4, True)
    assert not Path("r.json").exists()


@pytest.mark.parametrize("reason", UNREADABLE)
@pytest.mark.parametrize("kind", ["jwt", "slack"])
def test_what_has_no_token_does_not_block_merging(
    run: Run, workshop: Workshop, reason: str, kind: str
) -> None:
    good = [jwt_entry(workshop), oauth2_entry(), OTHER]
    Path("good.json").write_text(json.dumps(good), encoding="utf-8")
    run("import", "good.json", "--n8n-version", "2.40.5")
    bad = [UNREADABLE[reason](one) if one in ([good[0]] if kind == "jwt" else [OTHER]) else one for one in good]  # fmt: skip
    Path("bad.json").write_text(json.dumps(bad), encoding="utf-8")
    done = run("render", "-o", "r.json", "--no-check", "--merge-from", "bad.json")
    assert done.status == 0, done
    tokens = [
        one["data"].get("oauthTokenData")
        for one in json.loads(Path("r.json").read_text(encoding="utf-8"))
    ]
    assert [one["refresh_token"] for one in tokens if one] == [REFRESH_TOKEN]


def test_merging_refuses_tokens_in_another_form(run: Run) -> None:
    Path("good.json").write_text(json.dumps([oauth2_entry()]), encoding="utf-8")
    run("import", "good.json", "--n8n-version", "2.40.5")
    Path("bad.json").write_text(json.dumps([oauth2_entry(oauthTokenData='{"access_token": "canary"}')]), encoding="utf-8")  # fmt: skip
    done = run("render", "-o", "r.json", "--no-check", "--merge-from", "bad.json")
    assert (done.status, "are not an object" in done.err) == (4, True)
    assert "canary" not in done.err


def test_merging_names_what_an_export_does_not_have(run: Run, workshop: Workshop) -> None:
    Path("all.json").write_text(
        json.dumps([jwt_entry(workshop), oauth2_entry(oauthTokenData={})]), encoding="utf-8"
    )
    run("import", "all.json", "--n8n-version", "2.40.5")
    Path("one.json").write_text(json.dumps([jwt_entry(workshop)]), encoding="utf-8")
    done = run("render", "-o", "r.json", "--no-check", "--merge-from", "one.json")
    assert (done.status, "acme-gr-e-1: not in the export" in done.err) == (0, True)
    assert "not in the export" not in run("render", "-o", "s.json", "--no-check", "--merge-from", "all.json").err  # fmt: skip


def test_a_wrong_key_and_its_reasons(
    run: Run, workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("x.json").write_text(
        json.dumps([locked(jwt_entry(workshop)), locked(oauth2_entry())]), encoding="utf-8"
    )
    for number in range(300):  # of 256 wrong keys, one gives correct padding
        monkeypatch.setenv("N8N_ENCRYPTION_KEY", f"wrong-{number}")
        done = run("import", "x.json")
        assert "none of the 2 Salesforce credentials" in done.err, number
        assert "the encryption key is wrong" in done.err, number
    Path("home/.n8n").mkdir(parents=True)
    Path("home/.n8n/config").write_text('{"encryptionKey": "another"}', encoding="utf-8")
    monkeypatch.setenv("N8N_USER_FOLDER", str(Path("home").absolute()))
    assert "encryption key" in (done := run("import", "x.json")).err
    assert done.status == 4


@pytest.mark.usefixtures("key")
def test_with_rotating_keys_older_data_is_read(
    run: Run, workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("N8N_ENV_FEAT_ENCRYPTION_KEY_ROTATION", "true")
    new = {**oauth2_entry(), "data": "Kx9_-a:AQIDBAUG=="}
    Path("x.json").write_text(json.dumps([locked(jwt_entry(workshop)), new]), encoding="utf-8")
    done = run("import", "x.json")
    assert (done.status, done.out.count("wrote ")) == (4, 1)
    assert "it is encrypted with a rotating key" in done.out
    assert "export with --decrypted" in done.out


# -- git


def test_an_export_that_git_would_take_is_pointed_out(run: Run, workshop: Workshop) -> None:
    subprocess.run(["git", "init", "--quiet"], check=True)
    Path("x.json").write_text(json.dumps([jwt_entry(workshop)]), encoding="utf-8")
    Path(".gitignore").write_text("secrets/\n.env\nrendered/\n", encoding="utf-8")
    for command in (["import", "x.json"], ["diff", "--export", "x.json"], ["render", "-o", "rendered/r.json", "--merge-from", "x.json"]):  # fmt: skip
        Path("rendered").mkdir(exist_ok=True)
        done = run(*command)
        assert "git doesn't ignore x.json" in done.err, done
    Path(".gitignore").write_text("secrets/\n.env\nx.json\n", encoding="utf-8")
    assert "git" not in run("diff", "--export", "x.json").err


def test_init_ignores_exports(run: Run, workshop: Workshop) -> None:
    subprocess.run(["git", "init", "--quiet"], check=True)
    options = {"--flow": "jwt", "--environment": "sandbox", "--username": "n8n@acme.com.uat"}
    run("init", "acme-crm", *(word for pair in options.items() for word in pair))
    for name in ["export.json", "credentials.json", "n8n-export.json", "out/export-2026-11.json"]:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(json.dumps([jwt_entry(workshop)]), encoding="utf-8")
        assert "git doesn't ignore" not in run("diff", "--export", name).err, name


@pytest.mark.parametrize("encrypted", [False, True])
@pytest.mark.parametrize("name", ["export.json", "credentials/backup.json", "c.JSON"])
def test_doctor_points_out_an_export_that_git_would_take(
    run: Run, workshop: Workshop, project: Project, encrypted: bool, name: str
) -> None:
    subprocess.run(["git", "init", "--quiet"], check=True)
    project.credential("{}\n", "jwt", "credentials/good.yaml")
    assert "git" not in run("doctor").err
    entry = jwt_entry(workshop)
    Path(name).write_text(
        LOG + json.dumps([locked(entry) if encrypted else entry], indent=2), encoding="utf-8"
    )
    done = run("doctor")
    assert f"git doesn't ignore {name}, which contains n8n's credentials" in done.err
    assert_no_secret(done, workshop)
    Path(".gitignore").write_text(f"/{name}\n", encoding="utf-8")
    assert "git" not in run("doctor").err
    assert "git" not in run("doctor", "credentials/good.yaml").err


def test_other_json_is_not_pointed_out(run: Run, project: Project, tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet"], check=True)
    project.credential("{}\n", "oauth2", "credentials/good.yaml")
    Path("package.json").write_text('{"name": "x", "type": "module", "data": 1}', encoding="utf-8")
    Path("w.json").write_text('{"name": "w", "nodes": [], "createdAt": "x"}', encoding="utf-8")
    Path("broken.json").write_bytes(b"\xff\xfe\x00")
    Path("link.json").symlink_to("/dev/zero")
    for folder in ("credentials/folder.json", "w2.json", "entities.zip"):
        Path(folder).mkdir()
    Path("entities.zip/file").touch()
    done = run("doctor")
    assert "git" not in done.err
    assert done.status == 0


_EMPTY = "warning: the export is an empty list, which n8n itself never writes"


def test_an_empty_list_is_an_n8n_without_credentials_and_a_warning(
    project: Project, run: Run
) -> None:
    project.credential(name="credentials/a.yaml")
    Path("e.json").write_text("[]", encoding="utf-8")
    done = run("diff", "--export", "e.json")
    assert done.status == 1
    assert "not in n8n" in done.out
    assert _EMPTY in done.err
    done = run("render", "--merge-from", "e.json", "-o", "out.json", "--no-check")
    assert _EMPTY in done.err
    done = run("import", "e.json")
    assert done.status == 2
    assert _EMPTY in done.err
    other = '[{"id": "a", "name": "Slack", "type": "slackApi", "data": {}}]'
    Path("e.json").write_text(other, encoding="utf-8")
    assert _EMPTY not in run("diff", "--export", "e.json").err
