"""n8n's generic OAuth2 credential (`n8n.type: oAuth2Api`), in HTTP Request nodes of a real n8n."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import NEW, OLD, Bench
from tests.e2e.elsewhere import Elsewhere
from tests.e2e.n8n import N8n, Running, query_of
from tests.e2e.org import Org
from tests.e2e.test_exchange import SCOPES
from tests.helpers.project import CONSUMER_KEY, CONSUMER_SECRET, REFRESH_TOKEN

SPEC = """\
version: 1
name: {name}
environment: sandbox
my_domain: {org}
client_id: {{env: KEY}}
oauth2: {{client_secret: {{env: SECRET}}{token}}}
app:
  scopes: [id, api, refresh_token]
  pkce_required: true
  callback_urls: ["http://localhost:{port}/rest/oauth2-credential/callback"]
n8n: {{type: oAuth2Api, version: "{version}", url: "http://localhost:{port}"{more}}}
"""
TOKEN = ", refresh_token: {env: TOKEN}"


@pytest.fixture(autouse=True)
def _org_and_variables(bench: Bench, org: Org) -> None:
    org.requests.clear()
    bench.variables = {"KEY": CONSUMER_KEY, "SECRET": CONSUMER_SECRET, "TOKEN": REFRESH_TOKEN}


def written(bench: Bench, n8n: N8n, name: str, token: str = TOKEN, more: str = "") -> Path:
    text = SPEC.format(
        name=name, org=bench.org.url, token=token, more=more, port=n8n.port, version=n8n.version
    )
    return bench.write(f"{name}.yaml", text)


def query(org: Org) -> str:
    return f"{org.url}/services/data/v59.0/query?q=SELECT%20Id%20FROM%20Account"


def used(entry: dict[str, Any]) -> dict[str, Any]:
    return {key: entry[key] for key in ("id", "name", "type")}


@pytest.mark.parametrize("options", [(), ("--encrypt",)])
def test_it_arrives_connected_and_renews_its_token(
    bench: Bench, fresh: Running, org: Org, options: tuple[str, ...]
) -> None:
    name = "generic" + "".join(options).replace("--", "-")
    (entry,) = bench.rendered(str(written(bench, fresh.n8n, name)), *options)
    assert isinstance(entry["data"], str) is bool(options)
    fresh.n8n.import_credentials(bench.folder / "rendered.json", number=1)
    # Its placeholder is refused with 401, and n8n then uses the refresh token.
    assert fresh.request(entry, query(org), f"{name}-run") == (True, ""), org.requests
    assert "POST /services/oauth2/token" in org.requests
    org.requests.clear()
    assert fresh.request(entry, query(org), f"{name}-again") == (True, "")
    assert "POST /services/oauth2/token" not in org.requests
    stored = fresh.n8n.export()[entry["id"]]["data"]
    assert stored["oauthTokenData"]["refresh_token"] == REFRESH_TOKEN


def test_its_token_goes_only_to_the_org(
    bench: Bench, fresh: Running, org: Org, elsewhere: Elsewhere
) -> None:
    (entry,) = bench.rendered(str(written(bench, fresh.n8n, "fenced")))
    fresh.n8n.import_credentials(bench.folder / "rendered.json", number=1)
    _, refused = fresh.request(entry, f"{elsewhere.url}/x", "fenced-away")
    assert "Domain not allowed" in refused
    assert elsewhere.tokens == []


def test_none_leaves_no_node_that_may_use_it(bench: Bench, fresh: Running, org: Org) -> None:
    spec = written(bench, fresh.n8n, "nowhere", more=", http_request: none")
    (entry,) = bench.rendered("--no-check", str(spec))
    fresh.n8n.import_credentials(bench.folder / "rendered.json", number=1)
    _, refused = fresh.request(entry, query(org), "nowhere-run")
    assert "prevent use within an HTTP Request" in refused


@pytest.mark.parametrize("required", [True, False])
def test_a_consent_is_asked_at_the_org_for_the_spec_s_scopes(
    bench: Bench, fresh: Running, org: Org, required: bool
) -> None:
    spec = written(bench, fresh.n8n, f"unconnected-{required}".lower(), token="")
    spec.write_text(
        spec.read_text(encoding="utf-8").replace("required: true", f"required: {required}".lower()),
        encoding="utf-8",
    )
    (entry,) = bench.rendered(str(spec))
    fresh.n8n.import_credentials(bench.folder / "rendered.json", number=1)
    url = fresh.client.authorize_url(entry["id"])
    assert url.startswith(f"{org.url}/services/oauth2/authorize?")
    asked = query_of(url)
    assert asked["prompt"] == "login"
    assert asked["scope"] == "id api refresh_token"
    assert asked.get("code_challenge_method") == ("S256" if required else None)
    assert (
        asked["redirect_uri"]
        == f"http://localhost:{fresh.n8n.port}/rest/oauth2-credential/callback"
    )


CLIENT = """\
version: 1
name: {name}
environment: sandbox
my_domain: {org}
client_id: {{env: KEY}}
client_credentials: {{client_secret: {{env: SECRET}}, run_as: n8n@acme.com.uat}}
app: {{scopes: {scopes}}}
n8n: {{type: oAuth2Api, version: "{version}"}}
"""


@pytest.mark.parametrize("scopes", ["[api]", "null"])
def test_with_client_credentials_nobody_connects_it(
    bench: Bench, fresh: Running, org: Org, scopes: str
) -> None:
    name = f"client-{len(scopes)}"
    text = CLIENT.format(name=name, org=org.url, version=fresh.n8n.version, scopes=scopes)
    (entry,) = bench.rendered(str(bench.write(f"{name}.yaml", text)))
    fresh.n8n.import_credentials(bench.folder / "rendered.json", number=1)
    assert fresh.request(entry, query(org), f"{name}-run") == (True, ""), org.requests
    assert "POST /services/oauth2/token" in org.requests

    # The token expires: the org answers 401, and n8n gets another one without a person.
    entry["data"]["oauthTokenData"] = {"access_token": "expired", "token_type": "Bearer"}
    path = bench.write("expired.json", json.dumps([entry]))
    fresh.n8n.import_credentials(path, number=1)
    org.requests.clear()
    assert fresh.request(entry, query(org), f"{name}-again") == (True, ""), org.requests
    assert "POST /services/oauth2/token" in org.requests


@pytest.mark.parametrize("version", [OLD, NEW])
def test_the_api_takes_it_and_an_export_is_the_same(
    bench: Bench, org: Org, tmp_path: Path, version: str
) -> None:
    n8n = N8n(version, tmp_path)
    spec = written(bench, n8n, "pushed")
    org.know([spec], bench.variables)
    with n8n.serving() as client:
        body = {"label": "sfcred", "expiresAt": None, "scopes": SCOPES}
        bench.variables["N8N_API_KEY"] = client.post("api-keys", body)["rawApiKey"]
        bench.variables["XDG_STATE_HOME"] = str(tmp_path / "state")
        bench.variables["SFCRED_STATE"] = str(tmp_path / "pushed.json")
        url = f"http://127.0.0.1:{n8n.port}"
        done = bench.sfcred("push", str(spec), "--n8n", url, "--yes")
        assert "done: create pushed" in done
        assert "not tested pushed: n8n has a token" in done
        assert "unchanged" in bench.sfcred("push", str(spec), "--n8n", url, "--yes")
        spec.write_text(
            spec.read_text(encoding="utf-8").replace("[id, api", "[api"), encoding="utf-8"
        )
        assert "`api refresh_token`" in bench.sfcred("push", str(spec), "--n8n", url, "--yes")
        (entry,) = client.get("credentials")
        run = Running(n8n, client).request(used(entry), query(org), "pushed-run")
        assert run == (True, ""), org.requests

    out, adopted = bench.folder / "export.json", f"adopted-{version}/credentials"
    n8n.command("export:credentials", "--all", "--decrypted", f"--output={out}")
    text = spec.read_text(encoding="utf-8").replace("n8n: {", f"n8n: {{id: {entry['id']}, ")
    spec.write_text(text, encoding="utf-8")
    bench.sfcred("diff", str(spec), "--export", str(out))
    bench.sfcred("import", str(out), "-o", adopted, "--n8n-version", version, "--secrets", "file")
    bench.sfcred("diff", adopted, "--export", str(out))


@pytest.mark.parametrize("version", [OLD, NEW])
def test_client_credentials_encrypted_pushed_and_the_same(
    bench: Bench, org: Org, tmp_path: Path, version: str
) -> None:
    n8n = N8n(version, tmp_path)
    name = f"client-pushed-{version.replace('.', '-')}"
    text = CLIENT.format(name=name, org=org.url, version=version, scopes="[api]")
    spec = bench.write(f"{name}.yaml", text)
    (sealed,) = bench.rendered(str(spec), "--encrypt")
    assert isinstance(sealed["data"], str)
    n8n.import_credentials(bench.folder / "rendered.json", number=1)
    with n8n.serving() as client:
        run = Running(n8n, client).request(sealed, query(org), f"{name}-sealed")
        assert run == (True, ""), org.requests
        body = {"label": "sfcred", "expiresAt": None, "scopes": SCOPES}
        bench.variables["N8N_API_KEY"] = client.post("api-keys", body)["rawApiKey"]
        bench.variables["XDG_STATE_HOME"] = str(tmp_path / "state")
        bench.variables["SFCRED_STATE"] = str(tmp_path / "pushed.json")
        url = f"http://127.0.0.1:{n8n.port}"
        spec.write_text(text.replace(f"name: {name}", f"name: {name}-api"), encoding="utf-8")
        assert "done: create" in bench.sfcred("push", str(spec), "--n8n", url, "--yes")
        assert "unchanged" in bench.sfcred("push", str(spec), "--n8n", url, "--yes")
        entry = next(one for one in client.get("credentials") if one["name"] == f"{name}-api")
        run = Running(n8n, client).request(used(entry), query(org), f"{name}-run")
        assert run == (True, ""), org.requests

    out, adopted = bench.folder / f"{name}.json", f"adopted-client-{version}/credentials"
    n8n.command("export:credentials", f"--id={entry['id']}", "--decrypted", f"--output={out}")
    out.chmod(0o600)
    spec.write_text(
        spec.read_text(encoding="utf-8").replace("n8n: {", f"n8n: {{id: {entry['id']}, "),
        encoding="utf-8",
    )
    bench.sfcred("diff", str(spec), "--export", str(out))
    bench.sfcred("import", str(out), "-o", adopted, "--n8n-version", version, "--secrets", "file")
    bench.sfcred("diff", adopted, "--export", str(out))
