"""Both directions with a real n8n: import, export and back; push over its API, twice; drift."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import pytest

from tests.conftest import Outcome
from tests.e2e.conftest import NEW, OLD
from tests.e2e.n8n import Client, N8n, has_record
from tests.e2e.org import Org
from tests.helpers.material import Workshop
from tests.helpers.project import CONSUMER_KEY, CONSUMER_SECRET, REFRESH_TOKEN

Run = Callable[..., Outcome]
SCOPES = ["credential:create", "credential:update", "credential:list", "credential:read", "credential:move"]  # fmt: skip
CACHES = ("accessToken", "instanceUrl", "accountIdentifier")
JWT = """\
version: 1
name: acme-jwt
environment: sandbox
my_domain: {org}
client_id: {{env: KEY}}
jwt: {{username: n8n@acme.com.uat, private_key: {{file: ../acme.key}}}}
app: {{scopes: [api, refresh_token], permission_sets: [n8n]}}
n8n: {{version: "{version}", name: Acme JWT, http_request: [acme.com, "*.acme.org"]}}
"""
OAUTH2 = """\
version: 1
name: acme-oauth
environment: sandbox
my_domain: {org}
client_id: {{env: KEY}}
oauth2: {{client_secret: {{env: SECRET}}, refresh_token: {{env: TOKEN}}}}
app: {{type: connected_app, scopes: [api, refresh_token, full]}}
n8n: {{version: "{version}", name: Acme OAuth}}
"""


PLAIN = (
    OAUTH2.replace("acme-oauth", "acme-plain")
    .replace("Acme OAuth", "Acme Plain")
    .replace(", refresh_token: {{env: TOKEN}}", "")
)


@pytest.fixture
def specs(
    workshop: Workshop, org: Org, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], list[Path]]:
    """Write a JWT and an OAuth2 spec for an n8n, and let the org know them."""

    def make(version: str) -> list[Path]:
        Path("credentials").mkdir()
        Path("acme.key").write_text(workshop.text("rsa-2048"), encoding="utf-8")
        Path("acme.key").chmod(0o600)
        variables = {"KEY": CONSUMER_KEY, "SECRET": CONSUMER_SECRET, "TOKEN": REFRESH_TOKEN}
        for name, value in {**variables, "SFCRED_ALLOW_HOSTS": org.host}.items():
            monkeypatch.setenv(name, value)
        paths = [Path("credentials/jwt.yaml"), Path("credentials/oauth.yaml")]
        for path, text in zip(paths, (JWT, OAUTH2), strict=True):
            path.write_text(text.format(org=org.url, version=version), encoding="utf-8")
        org.know(paths, variables)
        return paths

    return make


def exported(n8n: N8n) -> dict[str, dict[str, Any]]:
    return {key: entry for key, entry in n8n.export().items() if entry["name"].startswith("Acme")}


def assert_silent(done: Outcome) -> Outcome:
    for secret in (CONSUMER_KEY, CONSUMER_SECRET, REFRESH_TOKEN, "BEGIN", "n8n_api_", "eyJ"):
        assert secret not in done.out + done.err
    return done


@pytest.mark.parametrize("encrypted", [False, True])
def test_there_and_back(
    specs: Callable[[str], list[Path]],
    run: Run,
    org: Org,
    tmp_path: Path,
    encrypted: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    specs(OLD)
    Path("credentials/plain.yaml").write_text(
        PLAIN.format(org=org.url, version=OLD), encoding="utf-8"
    )
    n8n = N8n(OLD, tmp_path)
    assert run("render", "-o", "first.json", "--no-check").status == 0
    n8n.import_credentials(Path("first.json").absolute(), number=3)
    before = exported(n8n)
    entry = next(e for e in before.values() if e["type"] == "salesforceJwtApi")
    assert has_record(n8n.run_query(entry, "before"))  # n8n has written its caches by now

    export = tmp_path / "out.json"
    flags = [] if encrypted else ["--decrypted"]
    n8n.command("export:credentials", "--all", *flags, f"--output={export}")
    if encrypted:
        monkeypatch.setenv("N8N_ENCRYPTION_KEY", n8n.environ["N8N_ENCRYPTION_KEY"])
    done = assert_silent(run("import", export, "-o", "adopted", "--n8n-version", OLD))
    assert done.out.count("wrote ") == 3, done

    assert run("diff", "adopted", "--export", export).status == 0
    assert (
        run("render", "adopted", "-o", "again.json", "--no-check", "--merge-from", export).status
        == 0
    )
    fresh = N8n(OLD, tmp_path / "fresh")
    fresh.import_credentials(Path("again.json").absolute(), number=3)
    after = exported(fresh)
    assert set(after) == set(before)
    for key, one in before.items():
        kept = {k: v for k, v in one["data"].items() if k not in CACHES}
        assert after[key]["data"] == kept
        assert (after[key]["name"], after[key]["type"]) == (one["name"], one["type"])
    assert has_record(fresh.run_query(after[entry["id"]], "after"))


class Server:
    """A running n8n with an API key."""

    def __init__(self, n8n: N8n, client: Client) -> None:
        self.n8n = n8n
        self.client = client
        self.url = f"http://127.0.0.1:{n8n.port}"
        body = {"label": "sfcred", "expiresAt": None, "scopes": SCOPES}
        self.key: str = client.post("api-keys", body)["rawApiKey"]


@pytest.fixture(params=[OLD, NEW])
def server(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Server]:
    n8n = N8n(request.param, tmp_path)
    with n8n.serving() as client:
        found = Server(n8n, client)
        monkeypatch.setenv("N8N_API_KEY", found.key)
        monkeypatch.setenv("SFCRED_N8N_URL", found.url)
        yield found


def states(run: Run) -> dict[str, str]:
    done = assert_silent(run("diff", "--format", "json"))
    entries = json.loads(done.out)["credentials"]
    return {entry["credential"] or entry["name"]: entry["state"] for entry in entries}


def test_push_twice_and_drift(
    server: Server, specs: Callable[[str], list[Path]], run: Run, org: Org
) -> None:
    version = server.n8n.version
    jwt, oauth = specs(version)
    if version == OLD:  # its API accepts no URLs, and push says so before it sends anything
        done = run("push", "--dry-run", "--no-check")
        assert done.status == 1
        assert "refused    acme-oauth: n8n's API doesn't accept authUrl" in done.out
        oauth.unlink()
        specs_wanted = ["acme-jwt"]
    else:
        specs_wanted = ["acme-jwt", "acme-oauth"]
    assert states(run) == dict.fromkeys(specs_wanted, "missing")

    done = assert_silent(run("push", "--no-check"))
    assert (done.status, "--yes" in done.err) == (2, True)
    done = assert_silent(run("push", "--yes", "--no-check"))
    assert done.status == 0, done
    assert re.findall(r"done: create (\S+)", done.out) == specs_wanted
    assert "note:" not in done.out  # n8n's API takes Allowed HTTP Request Domains
    assert "tested acme-jwt: n8n logged in to Salesforce" in done.out
    assert ("not tested acme-oauth: n8n has a token" in done.out) is (version == NEW)
    done = assert_silent(run("push", "--yes", "--no-check"))
    assert done.status == 0
    assert re.findall(r"unchanged\s+(\S+)", done.out) == specs_wanted
    assert states(run) == dict.fromkeys(specs_wanted, "same")

    listed = server.client.get("credentials")
    ids = {entry["name"]: entry["id"] for entry in listed}
    if version == NEW:  # own ids
        from sfcred.n8n.ids import derive_id

        assert ids["Acme JWT"] == derive_id("acme-jwt")
    # somebody changes it in n8n's editor
    server_entry = next(entry for entry in listed if entry["name"] == "Acme JWT")
    patch(server, server_entry["id"], {"name": "Renamed"})
    assert states(run)["acme-jwt"] == "changed"
    done = run("push", "--yes", "--no-check")
    assert "done: update acme-jwt" in done.out
    assert "name: `Renamed` -> `Acme JWT`" in done.out
    # the spec changes
    jwt.write_text(
        jwt.read_text(encoding="utf-8").replace("n8n@acme.com.uat", "N8N@acme.com.uat"),
        encoding="utf-8",
    )
    assert states(run)["acme-jwt"] == "changed"
    done = run("push", "--yes", "--no-check")
    assert "done: update acme-jwt" in done.out
    assert "username: differs" in done.out
    assert states(run)["acme-jwt"] == "same"


def test_a_fresh_runner_adopts_or_brings_its_state(
    server: Server, specs: Callable[[str], list[Path]], run: Run
) -> None:
    jwt, oauth = specs(server.n8n.version)
    oauth.unlink()
    kept = ("--state", "../kept.json")
    assert run("push", "--yes", "--no-check", *kept).status == 0
    assert not Path(".sfcred").exists()
    assert "unchanged" in run("push", "--yes", "--no-check", *kept).out
    (key,) = (e["id"] for e in server.client.get("credentials") if e["name"] == "Acme JWT")

    done = assert_silent(run("push", "--dry-run", "--no-check"))
    if server.n8n.version == NEW:  # own ids
        assert done.status == 1
        assert f"n8n has `Acme JWT`: type `salesforceJwtApi`, id `{key}`" in done.out
    else:
        assert f"another one with this name and type, with the id {key}" in done.out
    done = assert_silent(run("push", "--yes", "--no-check", "--adopt", key))
    assert (done.status, "done: adopt acme-jwt" in done.out) == (0, True), done
    assert len(server.client.get("credentials")) == 1
    assert "unchanged" in run("push", "--yes", "--no-check").out

    basic = {"name": "Basic", "type": "httpBasicAuth", "data": {"user": "ada", "password": "x"}}
    other = ask(server, "POST", "", basic)["id"]
    jwt.write_text(
        jwt.read_text(encoding="utf-8").replace("n8n: {", f"n8n: {{id: {other}, "), encoding="utf-8"
    )
    done = assert_silent(run("push", "--yes", "--no-check", "--adopt", other))
    assert done.status == 1
    assert "refused    acme-jwt: n8n has a credential of another type" in done.out
    with pytest.raises(HTTPError) as refused:  # n8n's own protection, if no type is sent
        ask(server, "PATCH", f"/{other}", {"data": {"clientId": "x"}, "isPartialData": True})
    with refused.value as answer:
        assert answer.code == 400


@pytest.mark.parametrize("server", [NEW], indirect=True)
def test_addresses_of_pages_and_of_nothing(
    server: Server, specs: Callable[[str], list[Path]], run: Run
) -> None:
    specs(server.n8n.version)
    for page in ("/home/credentials", "/webhook/leads", "/api/v1"):
        done = assert_silent(run("push", "--dry-run", "--no-check", "--n8n", server.url + page))
        assert (done.status, f"using {server.url}\n" in done.err) == (0, True), done
    done = assert_silent(run("push", "--yes", "--no-check", "--n8n", f"{server.url}/elsewhere"))
    assert done.status == 4
    assert server.client.get("credentials") == []


def ask(server: Server, method: str, path: str, body: dict[str, Any]) -> Any:
    import urllib.request

    headers = {"X-N8N-API-KEY": server.key, "Content-Type": "application/json"}
    url = f"{server.url}/api/v1/credentials{path}"
    request = urllib.request.Request(url, json.dumps(body).encode(), headers, method=method)
    with urllib.request.urlopen(request, timeout=30) as response:
        return json.loads(response.read())


def patch(server: Server, credential_id: str, body: dict[str, Any]) -> None:
    ask(server, "PATCH", f"/{credential_id}", body)


def test_an_update_keeps_n8n_s_tokens_and_what_was_pushed_works(
    specs: Callable[[str], list[Path]], run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _jwt, oauth = specs(NEW)
    n8n = N8n(NEW, tmp_path)
    with n8n.serving() as client:
        server = Server(n8n, client)
        monkeypatch.setenv("N8N_API_KEY", server.key)
        assert run("push", "--n8n", server.url, "--yes", "--no-check").status == 0
        oauth.write_text(
            oauth.read_text(encoding="utf-8").replace("Acme OAuth", "Acme OAuth 2"),
            encoding="utf-8",
        )
        done = run("push", "--n8n", server.url, "--yes", "--no-check")
        assert "done: update acme-oauth" in done.out
    stored = {entry["name"]: entry for entry in exported(n8n).values()}
    assert stored["Acme OAuth 2"]["data"]["oauthTokenData"]["refresh_token"] == REFRESH_TOKEN
    assert has_record(n8n.run_query(stored["Acme JWT"], "pushed"))


def test_n8n_s_own_test_of_what_was_pushed(
    server: Server,
    specs: Callable[[str], list[Path]],
    run: Run,
    org: Org,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    jwt, oauth = specs(server.n8n.version)
    oauth.write_text(PLAIN.format(org=org.url, version="2.41.1"), encoding="utf-8")
    org.refuse("user-not-approved")
    done = assert_silent(run("push", "--yes", "--no-check"))
    assert done.status == 1
    assert "failed: test of acme-jwt: Salesforce refused n8n's login" in done.err
    assert "(n8n: `Bad Request`)" in done.err
    assert "not connected acme-plain: nobody has given consent yet" in done.out

    org.refuse("")
    logins = org.logins
    done = assert_silent(run("push", "--yes", "--no-check"))
    assert (done.status, "tested acme-jwt: n8n logged in to Salesforce" in done.out) == (0, True)
    assert org.logins == logins + 1
    assert states(run) == {"acme-jwt": "same", "acme-plain": "same"}
    run("push", "--yes", "--no-check")
    assert org.logins == logins + 1

    scopes = {"label": "less", "expiresAt": None, "scopes": SCOPES[:3]}
    monkeypatch.setenv("N8N_API_KEY", server.client.post("api-keys", scopes)["rawApiKey"])
    jwt.write_text(
        jwt.read_text(encoding="utf-8").replace("Acme JWT", "Acme JWT 2"), encoding="utf-8"
    )
    done = assert_silent(run("push", "--yes", "--no-check"))
    assert (done.status, "lacks the scope credential:read" in done.out) == (0, True), done


@pytest.mark.parametrize("version", [OLD, NEW])
def test_a_my_domain_that_goes_from_the_spec_goes_from_n8n(
    specs: Callable[[str], list[Path]],
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    version: str,
) -> None:
    """n8n merges partial data: it would log in at the old address, and keep its session there."""
    jwt, oauth = specs(version)
    oauth.unlink()
    n8n = N8n(version, tmp_path)
    with n8n.serving() as client:
        server = Server(n8n, client)
        monkeypatch.setenv("N8N_API_KEY", server.key)
        assert run("push", "--n8n", server.url, "--yes", "--no-check").status == 0
        (stored,) = exported(n8n).values()
        assert stored["data"]["accessToken"]  # of the test's login
        without = [
            line for line in jwt.read_text(encoding="utf-8").splitlines() if "my_domain" not in line
        ]
        jwt.write_text("\n".join(without) + "\n", encoding="utf-8")
        # Without the test: n8n would now log in at Salesforce's own host.
        done = run("push", "--n8n", server.url, "--yes", "--no-check", "--no-test")
        assert (done.status, "-> none" in done.out) == (0, True), done
    (stored,) = exported(n8n).values()
    assert stored["data"].get("myDomainUrl", "") == ""
    assert not {"accessToken", "instanceUrl"} & stored["data"].keys()
    assert stored["data"]["privateKey"].startswith("-----BEGIN")


def test_what_is_changed_through_n8n_s_own_api_is_found_in_an_export(
    specs: Callable[[str], list[Path]], run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    specs(NEW)
    n8n = N8n(NEW, tmp_path)
    export = tmp_path / "out.json"

    def drift() -> dict[str, tuple[str, list[str]]]:
        n8n.command("export:credentials", "--all", "--decrypted", f"--output={export}")
        done = assert_silent(run("diff", "--export", export, "--format", "json"))
        entries = json.loads(done.out)["credentials"]
        return {e["credential"] or e["name"]: (e["state"], e["fields"]) for e in entries}

    with n8n.serving() as client:
        server = Server(n8n, client)
        monkeypatch.setenv("N8N_API_KEY", server.key)
        assert run("push", "--n8n", server.url, "--yes", "--no-check").status == 0
        assert drift() == {"acme-jwt": ("same", []), "acme-oauth": ("same", [])}

        ids = {e["name"]: e["id"] for e in exported_ids(export)}
        secret = {"clientSecret": "another"}
        patch(server, ids["Acme OAuth"], {"data": secret, "isPartialData": True})
        user = {"username": "ada@acme.com"}
        patch(server, ids["Acme JWT"], {"data": user, "isPartialData": True})
        assert drift() == {
            "acme-jwt": ("changed", ["username"]),
            "acme-oauth": ("changed", ["clientSecret"]),
        }

        # Without isPartialData, n8n drops the rest, including tokens.
        data = {"clientId": CONSUMER_KEY, "clientSecret": CONSUMER_SECRET, "environment": "sandbox"}
        patch(server, ids["Acme OAuth"], {"data": data})
        # It lost its limits, too: the token may go anywhere.
        assert drift()["acme-oauth"] == ("changed", ["allowedHttpRequestDomains"])

        limited = {**data, "allowedHttpRequestDomains": "none"}
        patch(server, ids["Acme OAuth"], {"data": limited})
        assert drift()["acme-oauth"] == ("disconnected", [])


def exported_ids(export: Path) -> list[dict[str, str]]:
    entries: list[dict[str, str]] = json.loads(export.read_text(encoding="utf-8"))
    return entries
