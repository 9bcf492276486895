"""sfcred's output works in a real n8n: imported, exported, and used by its Salesforce node."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import NEW, OLD, Bench
from tests.e2e.n8n import N8n, has_record, query_of
from tests.e2e.org import Org
from tests.helpers.project import CONSUMER_KEY, CONSUMER_SECRET, REFRESH_TOKEN

USERNAME = "n8n@acme.com.uat"
#: Texts that n8n would evaluate, and that are hard to write as an expression.
NASTY = "={{ 1 + 1 }} \"quoted\" 'x' \\n \\ ` ${y} \u00e4\u20ac\u2028 }} {{"

JWT = """\
version: 1
name: {name}
environment: sandbox
my_domain: {org}
client_id: {{env: KEY}}
jwt:
  username: {{env: {username}}}
  private_key: {{file: {name}.key}}
app: {{scopes: [api, refresh_token], pre_authorized: true, permission_sets: [n8n]}}
n8n: {{url: "http://localhost:5678", version: "{version}", name: "Größe {name}"}}
"""
OAUTH2 = """\
version: 1
name: {name}
environment: sandbox
my_domain: {org}
client_id: {{env: KEY}}
oauth2:
  client_secret: {{env: {secret}}}
{token}app: {{scopes: [{scopes}], callback_urls: ["http://localhost:{port}/rest/oauth2-credential/callback"]}}
n8n: {{url: "http://localhost:{port}", version: "{version}"}}
"""
TOKEN_PATH = "/services/oauth2/token"
TOKEN = "  refresh_token: {env: TOKEN}\n"


def jwt_spec(bench: Bench, name: str, key: str, username: str = "USERNAME") -> Path:
    bench.write(f"{name}.key", bench.workshop.text(key))
    text = JWT.format(name=name, org=bench.org.url, version=OLD, username=username)
    return bench.write(f"{name}.yaml", text)


def oauth2_spec(bench: Bench, name: str, **changes: Any) -> Path:
    values = {"secret": "SECRET", "token": TOKEN, "version": OLD, "port": 5678, **changes}
    values.setdefault("scopes", "full, refresh_token")
    return bench.write(f"{name}.yaml", OAUTH2.format(name=name, org=bench.org.url, **values))


@pytest.fixture(autouse=True)
def _org_and_variables(bench: Bench, org: Org) -> None:
    org.refuse("")
    org.requests.clear()
    bench.variables = {
        "KEY": CONSUMER_KEY,
        "SECRET": CONSUMER_SECRET,
        "TOKEN": REFRESH_TOKEN,
        "USERNAME": USERNAME,
        "NASTY": NASTY,
    }


def assert_arrived(rendered: list[dict[str, Any]], n8n: N8n) -> None:
    """Assert that nothing rendered was lost or changed on its way into n8n and back."""
    exported = n8n.export()
    for entry in rendered:
        arrived = exported[entry["id"]]
        assert {key: arrived[key] for key in entry} == entry


KEYS = ("rsa-2048", "rsa-2048-pkcs1", "rsa-2048-crlf", "rsa-2048-literal-newlines", "rsa-4096")


def test_jwt_keys_of_every_shape_arrive_and_log_in(bench: Bench, n8n: N8n, org: Org) -> None:
    specs = [str(jwt_spec(bench, f"jwt-{key}", key)) for key in KEYS[:4]]
    rendered = bench.rendered(*specs)
    n8n.import_credentials(bench.folder / "rendered.json", number=4)
    assert_arrived(rendered, n8n)
    assert {entry["data"]["privateKey"] for entry in rendered} == {bench.workshop.text("rsa-2048")}
    for index in (0, 3):
        assert has_record(n8n.run_query(rendered[index], f"jwt{index}"))
    # The org accepts only its own address as the audience.
    assert org.requests.count(f"POST {TOKEN_PATH}") == 2


def test_a_pipe_leads_into_n8n(bench: Bench, n8n: N8n) -> None:
    spec = str(jwt_spec(bench, "jwt-piped", "rsa-2048"))
    piped = bench.sfcred("render", spec, "-o", "-")
    text = n8n.command("import:credentials", "--input=/dev/stdin", given=piped)
    assert "Successfully imported 1 credential" in text
    assert_arrived(json.loads(piped), n8n)


def test_separate_files_and_ciphertext_arrive_and_log_in(bench: Bench, n8n: N8n, org: Org) -> None:
    spec = str(jwt_spec(bench, "jwt-separate", "rsa-2048"))
    out = bench.folder / "separate"
    bench.sfcred("render", spec, "--separate", "-o", str(out))
    n8n.import_credentials(out, number=1, separate=True)
    (file,) = out.iterdir()
    plain = json.loads(file.read_text(encoding="utf-8"))
    assert_arrived([plain], n8n)

    (encrypted,) = bench.rendered(spec, "--encrypt")
    assert encrypted["data"].startswith("U2FsdGVkX1")
    assert "PRIVATE KEY" not in (bench.folder / "rendered.json").read_text(encoding="utf-8")
    n8n.import_credentials(bench.folder / "rendered.json", number=1)
    assert_arrived([plain], n8n)
    assert has_record(n8n.run_query(plain, "encrypted"))
    assert f"POST {TOKEN_PATH}" in org.requests


def test_oauth2_with_a_refresh_token_arrives_connected(bench: Bench, n8n: N8n, org: Org) -> None:
    rendered = bench.rendered(str(oauth2_spec(bench, "connected")))
    n8n.import_credentials(bench.folder / "rendered.json", number=1)
    assert_arrived(rendered, n8n)
    assert has_record(n8n.run_query(rendered[0], "connected"))
    query = "GET /services/data/v59.0/query"
    assert org.requests == [query, f"POST {TOKEN_PATH}", query]


def test_values_that_n8n_would_evaluate_arrive_literally(bench: Bench, n8n: N8n, org: Org) -> None:
    specs = [
        oauth2_spec(bench, "nasty-secret", secret="NASTY"),
        jwt_spec(bench, "nasty-user", "rsa-2048", username="NASTY"),
    ]
    # Such a username isn't valid, so doctor objects. This test is about n8n's part.
    rendered = bench.rendered("--no-check", *map(str, specs))
    n8n.import_credentials(bench.folder / "rendered.json", number=2)
    for number, entry in enumerate(rendered):
        assert has_record(n8n.run_query(entry, f"nasty{number}")), org.requests


def test_before_2_41_the_stored_urls_open_the_my_domain(
    bench: Bench, tmp_path: Path, org: Org
) -> None:
    n8n = N8n(OLD, tmp_path)
    spec = str(oauth2_spec(bench, "unconnected", token="", port=n8n.port))
    (entry,) = bench.rendered(spec)
    n8n.import_credentials(bench.folder / "rendered.json", number=1)
    with n8n.serving() as client:
        url = client.authorize_url(entry["id"])
    assert url.startswith(f"{org.url}/services/oauth2/authorize?prompt=login&")
    asked = query_of(url)
    assert asked["scope"] == "full refresh_token"
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == resolved(bench, spec, "callback_url")


def resolved(bench: Bench, spec: str, what: str) -> str:
    report = json.loads(bench.sfcred("resolve", spec, "--format", "json"))
    (credential,) = report["credentials"]
    (value,) = [d["value"] for d in credential["decisions"] if d["what"] == what]
    assert isinstance(value, str)
    return value


ENVIRONMENTS = (
    {"N8N_EDITOR_BASE_URL": "https://n8n.acme.com/"},
    {"WEBHOOK_URL": "https://hooks.acme.com/n8n", "N8N_PATH": "/n8n/"},
    {"N8N_PROTOCOL": "https", "N8N_HOST": "n8n.acme.com", "N8N_ENDPOINT_REST": "api"},
)


def test_from_2_41_only_the_overwrite_reaches_the_my_domain(
    bench: Bench, tmp_path: Path, org: Org
) -> None:
    overwrite_for = oauth2_spec(
        bench, "overwritten", token="", version=NEW, scopes="api, refresh_token, full"
    )
    (entry,) = bench.rendered(str(overwrite_for))
    assert "authUrl" not in entry["data"]
    # A person might store URLs anyway.
    entry["data"] |= {"authUrl": f"{org.url}/a", "accessTokenUrl": f"{org.url}/t"}
    (tmp_path / "in.json").write_text(json.dumps([entry]), encoding="utf-8")

    bare = N8n(NEW, tmp_path / "bare")
    bare.import_credentials(tmp_path / "in.json", number=1)
    with bare.serving() as client:
        dropped = client.authorize_url(entry["id"])
    assert dropped.startswith("https://test.salesforce.com/services/oauth2/authorize")
    assert query_of(dropped)["scope"] == "full refresh_token"

    text = bench.sfcred("render", str(overwrite_for), "--target", "n8n-overwrite")
    environment = ENVIRONMENTS[0]
    told = N8n(NEW, tmp_path / "told", {"CREDENTIALS_OVERWRITE_DATA": text, **environment})
    told.import_credentials(tmp_path / "in.json", number=1)
    with told.serving() as client:
        honoured = client.authorize_url(entry["id"])
    assert honoured.startswith(f"{org.url}/services/oauth2/authorize?prompt=login&")
    assert query_of(honoured)["scope"] == "api refresh_token full"


@pytest.mark.parametrize("environment", ENVIRONMENTS[1:])
def test_the_callback_is_computed_as_n8n_computes_it(
    bench: Bench, tmp_path: Path, environment: dict[str, str]
) -> None:
    n8n = N8n(OLD, tmp_path, environment)
    bench.write("n8n.env", "".join(f"{key}={value}\n" for key, value in environment.items()))
    port = f"N8N_PORT={n8n.port}\n"
    bench.write("n8n.env", (bench.folder / "n8n.env").read_text(encoding="utf-8") + port)
    spec = bench.write(
        "from-env.yaml",
        OAUTH2.format(
            name="from-env", org=bench.org.url, secret="SECRET", token="", scopes="full",
            port=1, version=OLD,
        ).replace('url: "http://localhost:1"', "env_file: n8n.env"),
    )  # fmt: skip
    (entry,) = bench.rendered("--no-check", str(spec))
    n8n.import_credentials(bench.folder / "rendered.json", number=1)
    rest = environment.get("N8N_ENDPOINT_REST", "rest")
    with n8n.serving(rest=rest) as client:
        url = client.authorize_url(entry["id"])
    assert query_of(url)["redirect_uri"] == resolved(bench, str(spec), "callback_url")


BROKEN = {
    "environment": "environment: Sandbox\n",
    "certificate-as-key": "jwt: {username: n8n@acme.com.uat, private_key: {file: acme.crt}}\n",
    "lightning": "my_domain: https://acme--uat.sandbox.lightning.force.com\n",
    "unknown-field": "usrname: n8n@acme.com\n",
}


def test_what_n8n_imports_without_a_word_doctor_refuses(bench: Bench, n8n: N8n) -> None:
    good = bench.rendered(str(jwt_spec(bench, "sound", "rsa-2048")))[0]
    broken = [
        {**good, "id": "broken1", "data": {**good["data"], "environment": "Sandbox"}},
        {**good, "id": "broken2", "data": {**good["data"], "privateKey": "garbage"}},
        {
            **good,
            "id": "broken3",
            "data": {**good["data"], "myDomainUrl": "https://x.lightning.force.com"},
        },
    ]
    path = bench.write("broken.json", json.dumps(broken))
    n8n.import_credentials(path, number=3)
    bench.write("acme.crt", bench.workshop.text("certificate"))
    base = (bench.folder / "sound.yaml").read_text(encoding="utf-8")
    for name, change in BROKEN.items():
        key = change.partition(":")[0]
        kept = [line for line in base.splitlines(keepends=True) if not line.startswith(f"{key}:")]
        if key == "jwt":
            kept = [line for line in kept if not line.startswith("  ")]
        spec = bench.write(f"broken-{name}.yaml", "".join(kept) + change)
        bench.sfcred("doctor", str(spec), status=1)
        bench.sfcred("render", str(spec), "-o", str(bench.folder / "no.json"), status=1)
        assert not (bench.folder / "no.json").exists()


def test_a_refusal_is_bad_request_in_n8n_and_a_diagnosis_in_doctor(
    bench: Bench, n8n: N8n, org: Org
) -> None:
    spec = jwt_spec(bench, "refused", "rsa-2048")
    (entry,) = bench.rendered(str(spec))
    n8n.import_credentials(bench.folder / "rendered.json", number=1)
    org.refuse("user-not-approved")
    output = n8n.run_query(entry, "refused", fails=True)
    assert "Bad request - please check your parameters" in output
    said = bench.sfcred("doctor", str(spec), "--live", status=1)
    assert "user hasn't approved this consumer" in said
    assert "Permitted Users" in said
    assert 'n8n shows "Bad request - please check your parameters".' in said
