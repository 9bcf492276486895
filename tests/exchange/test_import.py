"""`sfcred import`, `sfcred diff` and `render --merge-from`, on exports as n8n writes them."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from keyring.errors import PasswordDeleteError

import sfcred
from sfcred.exchange.adopt import slugs
from sfcred.exchange.choose import choose
from sfcred.n8n.cipher import encrypt
from sfcred.n8n.export import NotAnExport, NotRead, StoredCredential, read_export
from sfcred.n8n.expression import literal, read_literal, read_locator, secret_expression
from sfcred.spec.reader import read
from tests.conftest import Outcome
from tests.helpers.material import Workshop
from tests.helpers.project import CONSUMER_KEY, CONSUMER_SECRET, REFRESH_TOKEN, Project
from tests.helpers.systems import has_mode
from tests.secrets.test_stores import MemoryKeyring

Run = Callable[..., Outcome]
KEY = "an-instance-key"
TIMES = {"createdAt": "2026-01-01T00:00:00.000Z", "updatedAt": "2026-01-01T00:00:00.000Z"}


def jwt_entry(workshop: Workshop, **changes: Any) -> dict[str, Any]:
    data = {
        "environment": "sandbox",
        "clientId": CONSUMER_KEY,
        "username": "n8n@acme.com.uat",
        "privateKey": workshop.text("rsa-2048"),
        "myDomainUrl": "https://acme--uat.sandbox.my.salesforce.com",
        "accessToken": "00D000000000001!cached",
        "instanceUrl": "https://acme--uat.sandbox.my.salesforce.com",
    }
    if {"myDomainUrl", "environment"} & changes.keys():  # an address that tells nothing of the org
        data["instanceUrl"] = "https://na123.salesforce.com"
    entry = {"id": "jwt1", "name": "Acme CRM", "type": "salesforceJwtApi", "isManaged": False}
    return {**TIMES, **entry, "data": {**data, **changes}}


def oauth2_entry(**changes: Any) -> dict[str, Any]:
    tokens = {
        "access_token": "00D000000000001!live",
        "refresh_token": REFRESH_TOKEN,
        "instance_url": "https://acme.my.salesforce.com",
        "scope": "api refresh_token",
        "token_type": "Bearer",
    }
    data = {
        "environment": "production",
        "clientId": CONSUMER_KEY,
        "clientSecret": CONSUMER_SECRET,
        "authUrl": "https://acme.my.salesforce.com/services/oauth2/authorize?prompt=login",
        "accessTokenUrl": "https://acme.my.salesforce.com/services/oauth2/token",
        "oauthTokenData": tokens,
        "accountIdentifier": "ada@acme.com",
    }
    entry = {"id": "oauth1", "name": "Acme: Größe #1", "type": "salesforceOAuth2Api"}
    return {**TIMES, **entry, "data": {**data, **changes}}


OTHER = {"id": "x", "name": "Slack", "type": "slackApi", "data": {"accessToken": "canary-slack"}}


def write(*entries: object, name: str = "export.json") -> Path:
    path = Path(name)
    path.write_text(json.dumps(list(entries)), encoding="utf-8")
    return path


def spec_of(name: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(
        Path(f"credentials/{name}.yaml").read_text(encoding="utf-8")
    )
    return content


def assert_no_secret(done: Outcome, workshop: Workshop) -> None:
    body = workshop.text("rsa-2048").splitlines()[1]
    secrets = (CONSUMER_KEY, CONSUMER_SECRET, REFRESH_TOKEN, "00D000000000001!", body, "canary")
    assert not [secret for secret in secrets if secret in done.out + done.err], done


@pytest.mark.parametrize("kind", ["file", "dotenv", "env"])
def test_specs_and_secrets_apart(
    run: Run, workshop: Workshop, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = write(jwt_entry(workshop), oauth2_entry(), OTHER)
    done = run("import", source, "--secrets", kind, "--n8n-version", "2.40.5", "--n8n-url", "https://n8n.acme.com")  # fmt: skip
    assert done.status == 0, done
    assert_no_secret(done, workshop)
    assert "wrote credentials/acme-crm.yaml" in done.out
    assert "skipped Slack: slackApi is not a Salesforce type" in done.out

    spec = spec_of("acme-crm")
    assert spec["n8n"] == {"id": "jwt1", "name": "Acme CRM", "url": "https://n8n.acme.com", "version": "2.40.5", "http_request": "any"}  # fmt: skip
    assert spec["my_domain"] == "https://acme--uat.sandbox.my.salesforce.com"
    assert set(spec["jwt"]["private_key"]) == {kind}
    other = spec_of("acme-gr-e-1")
    assert other["my_domain"] == "https://acme.my.salesforce.com"
    assert set(other["oauth2"]) == {"client_secret", "refresh_token"}
    written = "".join(path.read_text(encoding="utf-8") for path in Path("credentials").iterdir())
    for secret in (CONSUMER_KEY, CONSUMER_SECRET, REFRESH_TOKEN, "BEGIN", "00D0"):
        assert secret not in written

    secret_files = [Path(".env")] if kind == "dotenv" else list(Path("secrets").iterdir())
    assert secret_files
    assert all(has_mode(path, 0o600) for path in secret_files)
    if kind == "env":
        import dotenv

        for name, value in dotenv.dotenv_values("secrets/imported.env", interpolate=False).items():
            monkeypatch.setenv(name, value or "")
    assert_round_trip(run, workshop)


def assert_round_trip(run: Run, workshop: Workshop) -> None:
    """Assert that rendering the specs gives what n8n had."""
    entries = [jwt_entry(workshop), oauth2_entry()]
    export = write(*entries, name="again.json")
    done = run("diff", "--export", export)
    assert done.status == 0, done
    assert "2 same" in done.out
    assert run("render", "-o", "out.json", "--no-check", "--merge-from", export).status == 0
    rendered = {
        entry["id"]: entry for entry in json.loads(Path("out.json").read_text(encoding="utf-8"))
    }
    for entry in entries:
        again = rendered[entry["id"]]
        assert (again["name"], again["type"]) == (entry["name"], entry["type"])
        kept = {key: value for key, value in entry["data"].items() if key not in ("accessToken", "instanceUrl", "accountIdentifier")}  # fmt: skip
        assert again["data"] == {**kept, "allowedHttpRequestDomains": "all"}


@pytest.fixture
def memory() -> Iterator["Racing"]:
    import keyring

    before, store = keyring.get_keyring(), Racing()
    keyring.set_keyring(store)
    yield store
    keyring.set_keyring(before)


class Racing(MemoryKeyring):
    """A keyring that another program writes to at the same time."""

    rival: tuple[str, str] | None = None
    rival_value = "another"
    happens: Callable[[], object] = staticmethod(lambda: None)
    keeps = False
    removes: Callable[[], object] | None = None

    def set_password(self, service: str, username: str, password: str) -> None:
        super().set_password(service, username, password)
        if self.rival is not None:
            self.entries[self.rival] = self.rival_value
        self.happens()

    def delete_password(self, service: str, username: str) -> None:
        if self.removes is not None:
            self.removes()
        if self.keeps:
            raise PasswordDeleteError
        super().delete_password(service, username)


def test_into_the_keyring(run: Run, memory: Racing) -> None:
    assert run("import", write(oauth2_entry()), "--secrets", "keyring").status in (0, 1)
    assert memory.entries["sfcred", "acme-gr-e-1.client_secret"] == CONSUMER_SECRET


def test_a_refusal_on_the_way_leaves_nothing(run: Run, memory: Racing) -> None:
    memory.rival = ("sfcred", "acme-gr-e-1.refresh_token")
    done = run("import", write(oauth2_entry()), "--secrets", "keyring")
    assert done.status != 0
    assert "No spec was written, and no secret was stored" in done.err
    assert "--force" not in done.err
    assert memory.entries == {memory.rival: "another"}
    assert not list(Path("credentials").glob("*"))


def test_what_another_import_stored_meanwhile_stays(run: Run, memory: Racing) -> None:
    """It wrote the same value, so a value that is equal isn't always one's own."""
    memory.rival, memory.rival_value = ("sfcred", "acme-gr-e-1.refresh_token"), REFRESH_TOKEN
    done = run("import", write(oauth2_entry()), "--secrets", "keyring")
    assert done.status != 0
    assert memory.entries == {memory.rival: REFRESH_TOKEN}


def test_an_import_that_another_one_overtakes_adds_no_second_spec(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, place = write(oauth2_entry()), "sfcred.exchange.import_specs.choose"

    def overtaken(*given: Any, **named: Any) -> Any:
        choice = choose(*given, **named)
        monkeypatch.setattr(place, choose)
        assert run("import", source).status in (0, 1)
        return choice

    monkeypatch.setattr(place, overtaken)
    done = run("import", source)
    assert done.status != 0
    assert "Run the command again" in done.err
    assert "--force" not in done.err
    assert [one.name for one in Path("credentials").iterdir()] == ["acme-gr-e-1.yaml"]
    assert len(list(Path("secrets").glob("acme-gr-e-1.*"))) == len(list(Path("secrets").glob("*")))


def ctrl_c() -> None:
    raise KeyboardInterrupt


def a_spec_appears() -> None:
    Path("credentials/acme-gr-e-1.yaml").write_text("mine", encoding="utf-8")


@pytest.mark.parametrize(("happens", "status"), [(ctrl_c, 130), (a_spec_appears, 2)])
def test_what_was_stored_is_taken_back(
    run: Run, memory: Racing, happens: Callable[[], None], status: int
) -> None:
    memory.happens = happens
    done = run("import", write(oauth2_entry()), "--secrets", "keyring")
    assert (done.status, memory.entries) == (status, {}), done


def the_keyring_fails() -> None:
    raise RuntimeError


@pytest.mark.parametrize(
    ("happens", "removes", "status"),
    [
        (ctrl_c, None, 130),
        (the_keyring_fails, None, 3),
        (the_keyring_fails, ctrl_c, 130),
        (ctrl_c, ctrl_c, 130),
    ],
)
def test_what_can_t_be_taken_back_is_named(
    run: Run,
    memory: Racing,
    happens: Callable[[], None],
    removes: Callable[[], None] | None,
    status: int,
) -> None:
    memory.happens, memory.keeps, memory.removes = happens, True, removes
    done = run("import", write(oauth2_entry()), "--secrets", "keyring")
    ((_service, user),) = memory.entries
    assert f"Delete what may be left: sfcred/{user}." in done.err, done
    assert done.status == status, done
    assert "stored" not in done.err


@pytest.mark.skipif(sys.platform == "win32", reason="sends a signal")
@pytest.mark.parametrize("secrets", ["file", "env", "dotenv"])
@pytest.mark.parametrize("number", ["SIGINT", "SIGTERM"])
def test_a_signal_in_the_last_write_comes_after_what_was_written(
    project: Project, secrets: str, number: str
) -> None:
    subprocess.run(["git", "init", "-q", "."], check=True)
    Path(".gitignore").write_text(".env\n", encoding="utf-8")
    command = (
        "import os, signal, sys; from sfcred.files import writing; put = writing._put\n"
        "def at_the_last(file, *rest, **more):\n"
        "    made = put(file, *rest, **more)\n"
        f"    if file.path.suffix == '.yaml': os.kill(os.getpid(), signal.{number})\n"
        "    return made\n"
        "writing._put = at_the_last\n"
        "from sfcred.__main__ import run; run()"
    )
    words = ["import", str(write(oauth2_entry())), "--secrets", secrets]
    done = subprocess.run(
        [sys.executable, "-B", "-c", command, *words],
        env={**os.environ, "PYTHONPATH": str(Path(sfcred.__file__).parents[1])},
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert len(list(Path("credentials").glob("*.yaml"))) == 1, done
    assert "wrote credentials/acme-gr-e-1.yaml\n" in done.stdout
    assert "it contains the secrets in plain text" in done.stdout
    assert done.returncode == (130 if number == "SIGINT" else -signal.SIGTERM)
    assert ("interrupted" in done.stderr) == (number == "SIGINT")


def a_bug() -> None:
    raise ZeroDivisionError


def test_a_bug_that_leaves_a_secret_is_not_called_an_interruption(run: Run, memory: Racing) -> None:
    memory.happens, memory.keeps = a_bug, True
    done = run("import", write(oauth2_entry()), "--secrets", "keyring")
    assert (done.status, "ZeroDivisionError" in done.err) == (3, True), done
    assert "Delete what may be left: sfcred/" in done.err
    assert "interrupted" not in done.err


def test_an_env_file_that_would_be_too_large_stays_as_it_was(run: Run, project: Project) -> None:
    before = "KEPT=yes\n" * 7280
    Path(".env").write_text(before, encoding="utf-8", newline="")
    done = run("import", write(oauth2_entry()), "--secrets", "dotenv")
    assert (done.status, "larger than 64 KB" in done.err) == (2, True), done
    assert Path(".env").read_text(encoding="utf-8") == before
    assert not Path("credentials").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="limits the size of files")
def test_a_full_disk_leaves_the_env_file_as_it_was(project: Project) -> None:
    subprocess.run(["git", "init", "-q", "."], check=True)
    Path(".gitignore").write_text(".env\n", encoding="utf-8")
    before = "KEPT=yes\n" * 800
    Path(".env").write_text(before, encoding="utf-8")
    command = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (7300, 7300));"
        "from sfcred.cli import main; sys.exit(main(sys.argv[1:]))"
    )
    words = ["import", str(write(oauth2_entry())), "--secrets", "dotenv"]
    done = subprocess.run(
        [sys.executable, "-B", "-c", command, *words],
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 3, done
    assert "No spec was written, and no secret was stored" in done.stderr
    assert Path(".env").read_text(encoding="utf-8") == before
    assert not list(Path("credentials").glob("*"))


@pytest.mark.parametrize("in_the_way", ["locked", "taken"])
def test_what_can_t_be_stored_leaves_no_folder(run: Run, memory: Racing, in_the_way: str) -> None:
    memory.locked = in_the_way == "locked"
    memory.entries["sfcred", "acme-gr-e-1.refresh_token"] = "mine"
    done = run("import", write(oauth2_entry()), "--secrets", "keyring")
    assert done.status != 0
    assert list(memory.entries.values()) == ["mine"]
    assert not Path("credentials").exists()


def test_encrypted_separate_and_single(
    run: Run, workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Path("backup")
    folder.mkdir()
    for entry in (jwt_entry(workshop), oauth2_entry()):
        entry["data"] = encrypt(json.dumps(entry["data"]), KEY)
        (folder / f"{entry['id']}.json").write_text(json.dumps(entry), encoding="utf-8")
    done = run("import", folder)
    assert (done.status, "its data is encrypted" in done.err) == (4, True)
    monkeypatch.setenv("N8N_ENCRYPTION_KEY", "another")
    assert run("import", folder).status == 4
    monkeypatch.setenv("N8N_ENCRYPTION_KEY", KEY)
    done = run("import", folder)
    assert done.out.count("wrote ") == 2


def files() -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}


@pytest.mark.parametrize("kind", ["file", "dotenv", "env"])
def test_importing_twice_adds_nothing(run: Run, workshop: Workshop, kind: str) -> None:
    source = write(jwt_entry(workshop), oauth2_entry())
    assert run("import", source, "--secrets", kind).status in (0, 1)
    before = files()
    done = run("import", source, "--secrets", kind)
    assert done.status == 0
    assert "kept credentials/acme-crm.yaml: it is the spec of Acme CRM" in done.out
    assert "sfcred diff --export export.json" in done.out
    assert files() == before


def test_only_what_is_new_is_added(run: Run, workshop: Workshop) -> None:
    run("import", write(jwt_entry(workshop)))
    broken = Path("credentials/acme-crm.yaml")
    broken.write_text(broken.read_text(encoding="utf-8") + "unknown_field: 1\n", encoding="utf-8")
    done = run("import", write(jwt_entry(workshop), oauth2_entry()))
    assert "kept credentials/acme-crm.yaml" in done.out
    assert sorted(path.name for path in Path("credentials").iterdir()) == ["acme-crm.yaml", "acme-gr-e-1.yaml"]  # fmt: skip
    # the same backup, imported into another n8n
    done = run("import", write(oauth2_entry()), "--n8n-url", "https://other.acme.com")
    assert "kept" in done.out  # no spec says which n8n it is for
    spec = Path("credentials/acme-gr-e-1.yaml")
    spec.write_text(
        spec.read_text(encoding="utf-8").replace(
            "# url: n8n's address", "url: https://n8n.acme.com/"
        ),
        encoding="utf-8",
    )
    assert "kept" in run("import", write(oauth2_entry()), "--n8n-url", "https://N8N.acme.com").out
    done = run("import", write(oauth2_entry()), "--n8n-url", "https://other.acme.com")
    assert "wrote credentials/acme-gr-e-1-2.yaml" in done.out


def test_nothing_is_overwritten(run: Run, workshop: Workshop) -> None:
    source = write(jwt_entry(workshop))
    Path("credentials").mkdir()
    Path("credentials/acme-crm.yaml").write_text("# mine\n", encoding="utf-8")
    assert "wrote credentials/acme-crm-2.yaml" in run("import", source).out
    assert Path("credentials/acme-crm.yaml").read_text(encoding="utf-8") == "# mine\n"
    Path("credentials/acme-crm-2.yaml").unlink()
    Path("secrets/acme-crm-2.key").write_text("kept", encoding="utf-8")
    done = run("import", source)
    assert done.status == 2
    assert not Path("credentials/acme-crm-2.yaml").exists()
    assert Path("secrets/acme-crm-2.key").read_text(encoding="utf-8") == "kept"


@pytest.mark.parametrize(
    ("tokens", "words"),
    [
        (None, "# not connected in n8n: add refresh_token here"),
        ({}, "# not connected in n8n: add refresh_token here"),
        # n8n shows these as connected.
        ({"access_token": "00D0!canary"}, "# n8n has an access token, but no refresh token"),
        ('{"refresh_token": "canary"}', "# n8n's tokens can't be read"),
    ],
)
def test_a_spec_says_why_it_has_no_refresh_token(run: Run, tokens: object, words: str) -> None:
    done = run("import", write(oauth2_entry(oauthTokenData=tokens)))
    spec = Path("credentials/acme-gr-e-1.yaml").read_text(encoding="utf-8")
    assert words in spec
    assert "canary" not in spec + done.out + done.err
    assert not Path("secrets/acme-gr-e-1.refresh_token").exists()


def test_what_is_wrong_comes_out_as_findings(run: Run, workshop: Workshop) -> None:
    source = write(
        jwt_entry(workshop, environment="Sandbox", myDomainUrl="https://x.lightning.force.com"),
        {**jwt_entry(workshop, privateKey="garbage canary"), "id": "jwt2"},
    )
    done = run("import", source)
    assert done.status == 1
    assert "SFC002" in done.out
    assert "SFC401" in done.out
    assert_no_secret(done, workshop)


@pytest.mark.parametrize(
    "word", ["1e3", "12", "0o14", "y", "No", "Null", "~", "2024-01-01", "1:30", "a, b", "{x: y}", "Žena", "a\tb"]
)  # fmt: skip
def test_texts_that_yaml_reads_as_something_else_stay_texts(
    run: Run, workshop: Workshop, word: str
) -> None:
    entry = {**jwt_entry(workshop, environment=word, username=word), "id": word, "name": word}
    done = run("import", write(entry), "--n8n-version", word)
    assert "wrote credentials/" in done.out, done
    assert "YAML" not in done.out
    (spec,) = map(parsed, Path("credentials").iterdir())
    names = {"id": word, "name": word, "version": word}
    assert spec["n8n"] == {**names, "http_request": "any"}
    assert (spec["environment"], spec["jwt"]["username"]) == (word, word)
    assert Path("credentials", f"{spec['name']}.yaml").is_file()


def parsed(path: Path) -> dict[str, Any]:
    """Return a spec's data as sfcred reads it, and assert that it is valid."""
    source = read(path)
    assert not source.faults
    content = source.documents[0].data()
    assert isinstance(content, dict)
    return content


def test_n8n_s_own_secrets_stay_with_n8n(run: Run, workshop: Workshop) -> None:
    entry = oauth2_entry(clientSecret="={{ $secrets.vault.acme }}", oauthTokenData={})
    entry["data"]["clientId"] = literal("=odd")
    run("import", write(entry))
    assert spec_of("acme-gr-e-1")["oauth2"]["client_secret"] == {"n8n": "$secrets.vault.acme"}
    assert Path("secrets/acme-gr-e-1.client_id").read_text(encoding="utf-8") == "=odd\n"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "it is empty"),
        ("\ufeff\r\n", "it is empty"),
        ("{}", "it could be a workflow"),
        ('{"data": [], "nextCursor": "abc"}', "one page of a list"),
        ("no log line", "it is not JSON"),
        ("3", "not a credential or a list"),
        ("[" * 100_000, "it is not JSON"),
        ("[]", "no Salesforce credential"),
        ('[{"nodes": [], "name": "a workflow"}]', "it could be a workflow"),
    ],
)
def test_what_is_no_export(run: Run, content: str, words: str) -> None:
    Path("x.json").write_text(content, encoding="utf-8")
    done = run("import", "x.json")
    assert done.status == 2
    assert words in done.err


@pytest.mark.parametrize("source", ["nowhere.json", "empty"])
def test_import_refuses_what_is_no_file(run: Run, source: str) -> None:
    Path("empty").mkdir()
    assert run("import", source).status == 2


@given(st.text())
def test_no_text_is_too_wild(text: str) -> None:
    try:
        read_export(text, None)
    except NotAnExport:
        return


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "name", "type", "data", "x"]), inner, max_size=5),
    max_leaves=8,
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(JSON, max_size=3))
def test_no_entry_is_too_wild(entries: list[object]) -> None:
    for entry in read_export(json.dumps(entries), None):
        assert isinstance(entry, StoredCredential | NotRead)


def test_an_export_on_standard_input_is_not_cut_in_silence(
    run: Run, workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = json.dumps([jwt_entry(workshop)])
    monkeypatch.setattr("sfcred.exchange.export_files.LIMIT", len(text) - 1)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8"))
    done = run("import", "-")
    assert done.status == 2
    assert "standard input: more than" in done.err


def test_names_become_slugs_without_collisions() -> None:
    names = ["Acme CRM", "acme crm", "ACME_CRM", "Größe", "日本", "", "-", "x" * 80]
    found = slugs(names, taken=["acme-crm"])
    assert found[:3] == ["acme-crm-2", "acme-crm-3", "acme-crm-4"]
    assert len(set(found)) == len(found)
    assert all(0 < len(slug) <= 63 for slug in found)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_literals_are_read_back(text: str) -> None:
    assert read_literal(literal(text)) == text


def test_expressions_are_told_apart() -> None:
    assert read_literal("={{ $vars.x }}") is None
    assert read_locator(secret_expression("$secrets.a.b")) == "$secrets.a.b"
    assert read_locator("={{ $secrets.a.b + process.env.X }}") is None


# -- diff


def changed(run: Run, workshop: Workshop, *entries: dict[str, Any]) -> list[dict[str, Any]]:
    if not Path("credentials").exists():
        run("import", write(jwt_entry(workshop), oauth2_entry()), "--n8n-version", "2.40.5")
    done = run("diff", "--export", write(*entries, name="now.json"), "--format", "json")
    assert_no_secret(done, workshop)
    assert done.status == 1
    found: list[dict[str, Any]] = json.loads(done.out)["credentials"]
    return [entry for entry in found if entry["state"] != "same"]


def test_each_kind_of_change_is_found(run: Run, workshop: Workshop) -> None:
    jwt, oauth2 = jwt_entry(workshop), oauth2_entry()
    (one,) = changed(run, workshop, {**jwt, "name": "Renamed"}, oauth2)
    assert (one["state"], one["fields"]) == ("changed", ["name"])
    (one,) = changed(run, workshop, jwt_entry(workshop, username="canary@acme.com"), oauth2)
    assert one["fields"] == ["username"]
    other_key = jwt_entry(workshop, privateKey=workshop.text("rsa-other"))
    (one,) = changed(run, workshop, other_key, oauth2)
    assert one["fields"] == ["privateKey"]
    (one,) = changed(run, workshop, jwt, oauth2_entry(clientSecret="canarySecret"))
    assert one["fields"] == ["clientSecret"]
    (one,) = changed(run, workshop, jwt, oauth2_entry(oauthTokenData={}))
    assert one["state"] == "disconnected"
    (one,) = changed(run, workshop, jwt)
    assert (one["state"], one["credential"]) == ("missing", "acme-gr-e-1")
    (one,) = changed(run, workshop, jwt, oauth2, {**jwt, "id": "new1"})
    assert (one["state"], one["id"]) == ("unknown", "new1")


def test_line_ends_of_a_key_and_n8n_s_own_fields_are_no_change(
    run: Run, workshop: Workshop
) -> None:
    run("import", write(jwt_entry(workshop)), "--n8n-version", "2.40.5")
    crlf = workshop.text("rsa-2048").replace("\n", "\r\n")
    now = jwt_entry(
        workshop, privateKey=crlf, accessToken="canary", instanceUrl="https://cs12.salesforce.com"
    )
    assert run("diff", "--export", write(now, name="now.json")).status == 0


def test_what_can_t_be_compared_is_said(run: Run, workshop: Workshop) -> None:
    run("import", write(jwt_entry(workshop)))
    Path("secrets/acme-crm.key").unlink()
    done = run("diff", "--export", write(jwt_entry(workshop), name="now.json"))
    assert done.status == 4
    assert "not_compared" in done.out


# -- merge


def test_tokens_of_n8n_s_are_kept_and_a_newer_consent_is_not_undone(
    run: Run, workshop: Workshop
) -> None:
    export = write(oauth2_entry())
    run("import", export, "--n8n-version", "2.40.5")
    assert run("render", "-o", "a.json", "--no-check", "--merge-from", export).status == 0
    (entry,) = json.loads(Path("a.json").read_text(encoding="utf-8"))
    assert entry["data"]["oauthTokenData"]["access_token"] == "00D000000000001!live"
    token = Path("secrets/acme-gr-e-1.refresh_token")
    token.write_text("5Aep861newer\n", encoding="utf-8")
    assert run("render", "-o", "b.json", "--no-check", "--merge-from", export).status == 0
    (entry,) = json.loads(Path("b.json").read_text(encoding="utf-8"))
    assert entry["data"]["oauthTokenData"]["refresh_token"] == "5Aep861newer"


def test_without_a_consent_in_the_spec_n8n_s_own_is_kept(run: Run, workshop: Workshop) -> None:
    export = write(oauth2_entry())
    run("import", export, "--n8n-version", "2.40.5")
    spec = Path("credentials/acme-gr-e-1.yaml")
    kept = [
        line
        for line in spec.read_text(encoding="utf-8").splitlines()
        if "refresh_token:" not in line
    ]
    spec.write_text("\n".join(kept), encoding="utf-8")
    assert run("render", "-o", "a.json", "--no-check", "--merge-from", export).status == 0
    (entry,) = json.loads(Path("a.json").read_text(encoding="utf-8"))
    assert entry["data"]["oauthTokenData"]["refresh_token"] == REFRESH_TOKEN
    assert run("render", "-o", "b.json", "--no-check").status == 0
    (entry,) = json.loads(Path("b.json").read_text(encoding="utf-8"))
    assert "oauthTokenData" not in entry["data"]


def test_where_git_would_take_the_secrets_nothing_is_left(run: Run) -> None:
    subprocess.run(["git", "init", "--quiet"], check=True)
    export = write(oauth2_entry())
    Path("secrets").mkdir()
    before = {path for path in Path.cwd().rglob("*") if path.name != "secrets"}
    done = run("import", export)
    assert done.status == 2
    assert "add secrets/ and .env to .gitignore" in done.err
    assert "--force" not in done.err
    assert {path for path in Path.cwd().rglob("*") if path.name != "secrets"} == before


def test_a_new_folder_of_secrets_is_ignored(run: Run) -> None:
    subprocess.run(["git", "init", "--quiet"], check=True)
    assert run("import", write(oauth2_entry()), "--secrets", "file").status == 0
    listed = ["git", "status", "--porcelain", "--untracked-files=all"]
    shown = subprocess.run(listed, capture_output=True, encoding="utf-8", check=True).stdout
    assert "credentials/" in shown
    assert "secrets/" not in shown
    assert len(list(Path("secrets").iterdir())) > 1


# -- which specs exist


def test_a_configuration_can_name_a_file_as_a_path(run: Run, workshop: Workshop) -> None:
    Path("sfcred.toml").write_text('paths = ["credentials/a.yaml"]\n', encoding="utf-8")
    source = write(jwt_entry(workshop))
    assert run("import", source).status == 0
    assert Path("credentials/acme-crm.yaml").is_file()


def test_specs_behind_a_link_that_leads_out_are_not_imported_twice(
    run: Run, workshop: Workshop
) -> None:
    Path("sfcred.toml").touch()
    source = write(jwt_entry(workshop))
    assert run("import", source).status == 0
    before = sorted(Path().rglob("*"))
    Path("../elsewhere").mkdir()
    Path("../elsewhere/x.yaml").write_text("version: 1\n", encoding="utf-8")
    Path("credentials/x.yaml").symlink_to(Path("../elsewhere/x.yaml").resolve())
    done = run("import", source)
    assert done.status == 2, done
    assert "x.yaml" in done.err
    assert [one for one in sorted(Path().rglob("*")) if one.name != "x.yaml"] == before


def test_an_excluded_file_is_no_known_spec(run: Run, workshop: Workshop) -> None:
    Path("sfcred.toml").touch()
    source = write(jwt_entry(workshop))
    assert run("import", source).status == 0
    Path("credentials/acme-crm.yaml").rename("credentials/old.yaml")
    Path("sfcred.toml").write_text('exclude = ["credentials/old.yaml"]\n', encoding="utf-8")
    for file in Path("secrets").iterdir():
        file.unlink()
    done = run("import", source)
    assert "acme-crm" in done.out
    assert len([*Path("credentials").glob("*.yaml")]) == 2, done


def test_n8n_s_address_without_its_scheme_names_the_same_n8n(run: Run, workshop: Workshop) -> None:
    source = write(jwt_entry(workshop))
    assert run("import", source, "--n8n-url", "https://n8n.acme.com").status == 0
    assert run("import", source, "--n8n-url", "n8n.acme.com/").status == 0
    assert [path.name for path in Path("credentials").iterdir()] == ["acme-crm.yaml"]


def many(number: int) -> Path:
    entries = [dict(oauth2_entry(), id=f"acme{at}", name=f"Acme {at}") for at in range(number)]
    return write(*entries)


@pytest.mark.skipif(sys.platform == "win32", reason="sends a signal")
@pytest.mark.parametrize("secrets", ["file", "env"])
def test_an_interrupted_import_leaves_nothing_and_can_be_repeated(
    project: Project, secrets: str
) -> None:
    subprocess.run(["git", "init", "-q", "."], check=True)
    command = [sys.executable, "-m", "sfcred", "import", str(many(400)), "--secrets", secrets]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)
    place, ends = Path("secrets"), time.monotonic() + 60
    while len(list(place.glob("*"))) < (1 if secrets == "env" else 20):
        assert time.monotonic() < ends
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    assert b"Traceback" not in process.communicate(timeout=60)[1]
    assert process.returncode == 130
    assert not place.exists()
    assert not Path("credentials").exists()
    again = subprocess.run(command, capture_output=True, check=False, timeout=120)
    assert b"already exists" not in again.stderr
    assert len(list(Path("credentials").glob("*.yaml"))) == 400


def test_git_is_asked_once_for_all_secrets(project: Project, run: Run) -> None:
    from sfcred.programs import running

    asked: list[int] = []
    real = running.run

    def counting(command: running.Command, bounds: running.Bounds) -> running.Finished:
        asked.append(1)
        return real(command, bounds)

    project.monkeypatch.setattr(running, "run", counting)
    counts = []
    for number, folder in ((2, "few"), (40, "many")):
        asked.clear()
        project.monkeypatch.chdir(project.folder)
        subprocess.run(["git", "init", "-q", folder], check=True)
        project.monkeypatch.chdir(folder)
        done = run("import", many(number))
        counts.append(len(asked))
        assert len(list(Path("secrets").glob("*.client_secret"))) == number, done
    assert counts[0] == counts[1]


def test_tokens_of_another_app_are_pointed_out(run: Run) -> None:
    export = write(oauth2_entry())
    run("import", export)
    again = run("render", "-o", "a.json", "--no-check", "--merge-from", export)
    assert "clientId" not in again.err
    other = write(oauth2_entry(clientId=CONSUMER_KEY.replace("aZ3", "bZ3")), name="other.json")
    done = run("render", "-o", "b.json", "--no-check", "--merge-from", other)
    assert "acme-gr-e-1: the export has another clientId than the spec" in done.err
    assert CONSUMER_KEY not in done.err


@pytest.mark.parametrize("id_", ["NaN", '"\\ud800"'])
def test_a_key_is_only_advised_where_it_helps(run: Run, id_: str) -> None:
    Path("e.json").write_text(
        json.dumps([dict(oauth2_entry(), id="ID")]).replace('"ID"', id_), encoding="utf-8"
    )
    done = run("import", "e.json")
    assert done.status == 4
    assert "N8N_ENCRYPTION_KEY" not in done.err
    assert "Export it again" in done.err
    write(dict(oauth2_entry(), data="U2FsdGVkX18AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="))
    assert "N8N_ENCRYPTION_KEY" in run("import", "export.json").err


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n", "\n\r", "\r\r"])
def test_a_line_break_at_the_end_stays(run: Run, end: str) -> None:
    export = write(oauth2_entry(clientId=f"{CONSUMER_KEY}{end}"))
    run("import", export)
    done = run("diff", "--export", export)
    assert "changed" not in done.out, done
    assert "1 same" in done.out


def test_the_app_that_a_spec_leaves_open_can_be_uncommented(run: Run, workshop: Workshop) -> None:
    given = write(jwt_entry(workshop), oauth2_entry(), oauth2_entry(grantType="clientCredentials") | {"id": "c"})  # fmt: skip
    run("import", given, "--n8n-version", "2.40.5")
    fields = set()
    for path in Path("credentials").iterdir():
        spec = path.read_text(encoding="utf-8")
        head, _, tail = spec.partition("\n# app:\n")
        app, _, rest = tail.partition("\n\n")
        path.write_text(f"{head}\napp:\n{app.replace('# ', '', 1).replace(chr(10) + '# ', chr(10))}\n\n{rest}", encoding="utf-8")  # fmt: skip
        fields.add(tuple(yaml.safe_load(path.read_text(encoding="utf-8"))["app"]))
    both = ("type", "scopes")
    assert fields == {both, (*both, "callback_urls"), (*both, "pre_authorized", "permission_sets")}
    assert "SFC002" not in run("doctor").out
