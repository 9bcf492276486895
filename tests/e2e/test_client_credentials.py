"""Client credentials work in a real n8n: stored before 2.41.0, through the overwrite from then on."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import NEW, OLD, Bench
from tests.e2e.n8n import N8n, Running, has_record, query_workflow
from tests.e2e.org import Org
from tests.e2e.test_exchange import SCOPES
from tests.helpers.project import CONSUMER_KEY, CONSUMER_SECRET

SPEC = """\
version: 1
name: {name}
environment: sandbox
my_domain: {org}
client_id: {{env: KEY}}
client_credentials:
  client_secret: {{env: SECRET}}
{run_as}app: {{scopes: [api]}}
n8n: {{url: "http://localhost:5678", version: "{version}"}}
"""
RUN_AS = "  run_as: n8n@acme.com.uat\n"
TOKEN = "POST /services/oauth2/token"
QUERY = "GET /services/data/v59.0/query"


@pytest.fixture(autouse=True)
def _org_and_variables(bench: Bench, org: Org) -> None:
    org.refuse("")
    org.requests.clear()
    bench.variables = {"KEY": CONSUMER_KEY, "SECRET": CONSUMER_SECRET}


def spec_of(bench: Bench, name: str, version: str = OLD, run_as: str = RUN_AS) -> str:
    text = SPEC.format(name=name, org=bench.org.url, version=version, run_as=run_as)
    return str(bench.write(f"{name}.yaml", text))


def imported(bench: Bench, n8n: N8n, spec: str) -> dict[str, Any]:
    (entry,) = bench.rendered(spec)
    n8n.import_credentials(bench.folder / "rendered.json", number=1)
    return {**entry, **n8n.export()[entry["id"]]}


def test_the_node_logs_in_and_renews_without_a_person(bench: Bench, n8n: N8n, org: Org) -> None:
    name = "cc-node"
    entry = imported(bench, n8n, spec_of(bench, name))
    assert has_record(n8n.run_query(entry, name))
    # n8n starts with a placeholder, which the org refuses.
    assert org.requests == [QUERY, TOKEN, QUERY]

    org.requests.clear()
    assert has_record(n8n.execute(name))
    assert org.requests == [QUERY]

    org.expire_tokens()
    org.requests.clear()
    assert has_record(n8n.execute(name))
    assert org.requests == [QUERY, TOKEN, QUERY]


def test_an_export_becomes_a_spec_and_shows_no_difference(bench: Bench, n8n: N8n) -> None:
    spec = spec_of(bench, "cc-diff")
    imported(bench, n8n, spec)
    n8n.command(
        "export:credentials", "--all", "--decrypted", f"--output={bench.folder}/cc-export.json"
    )
    entries = json.loads((bench.folder / "cc-export.json").read_text(encoding="utf-8"))
    mine = [entry for entry in entries if entry["name"] == "cc-diff"]
    bench.write("cc-export.json", json.dumps(mine))
    assert "1 same" in bench.sfcred("diff", "--export", "cc-export.json", spec)
    (bench.folder / "cc-diff.yaml").unlink()
    bench.sfcred("import", "cc-export.json", "--n8n-version", OLD, "-o", "cc-specs")
    (written,) = (bench.folder / "cc-specs").glob("*.yaml")
    assert "client_credentials:\n  client_secret: {" in written.read_text(encoding="utf-8")


def test_from_2_41_on_the_overwrite_makes_the_node_log_in(
    bench: Bench, tmp_path: Path, org: Org
) -> None:
    spec = spec_of(bench, "cc-new", NEW)
    refused = bench.sfcred("doctor", spec, status=1)
    assert "CREDENTIALS_OVERWRITE_DATA" in refused
    overwrite = bench.sfcred("render", spec, "--target", "n8n-overwrite")
    ignored = (
        Path(spec).read_text(encoding="utf-8")
        + "doctor: {ignore: {SFC513: the overwrite is set}}\n"
    )
    bench.write("cc-new.yaml", ignored)

    n8n = N8n(NEW, tmp_path, {"CREDENTIALS_OVERWRITE_DATA": overwrite})
    entry = imported(bench, n8n, spec)
    assert "grantType" not in entry["data"]
    n8n.publish_query(entry, "cc-new")
    with n8n.serving(owner=False):
        assert has_record(n8n.call_webhook("cc-new"))
        assert org.requests == [QUERY, TOKEN, QUERY]
        org.expire_tokens()
        org.requests.clear()
        assert has_record(n8n.call_webhook("cc-new"))
        assert org.requests == [QUERY, TOKEN, QUERY]


def overwritten(bench: Bench, spec: str, folder: Path, version: str = NEW) -> N8n:
    """Return an n8n with the overwrite that a spec needs, and note that in the spec."""
    overwrite = bench.sfcred("render", spec, "--target", "n8n-overwrite")
    bench.write(Path(spec).name, Path(spec).read_text(encoding="utf-8") + IS_SET)
    return N8n(version, folder, {"CREDENTIALS_OVERWRITE_DATA": overwrite})


IS_SET = "doctor: {ignore: {SFC513: the overwrite is set}}\n"


def test_from_2_41_on_it_is_pushed_exported_imported_and_the_same(
    bench: Bench, tmp_path: Path, org: Org
) -> None:
    spec = spec_of(bench, "cc-pushed", NEW)
    n8n = overwritten(bench, spec, tmp_path)
    org.know([Path(spec)], bench.variables)
    with n8n.serving() as client:
        body = {"label": "sfcred", "expiresAt": None, "scopes": SCOPES}
        bench.variables["N8N_API_KEY"] = client.post("api-keys", body)["rawApiKey"]
        bench.variables["XDG_STATE_HOME"] = str(tmp_path / "state")
        bench.variables["SFCRED_STATE"] = str(tmp_path / "pushed.json")
        url = f"http://127.0.0.1:{n8n.port}"
        assert "done: create cc-pushed" in bench.sfcred("push", spec, "--n8n", url, "--yes")
        assert "unchanged" in bench.sfcred("push", spec, "--n8n", url, "--yes")
        bench.sfcred("diff", spec, "--n8n", url)
        bench.sfcred("render", spec, "--target", "n8n-overwrite", "--n8n", url)
        (entry,) = client.get("credentials")
        org.requests.clear()
        assert Running(n8n, client).query(entry), org.requests
        org.expire_tokens()
        assert Running(n8n, client).query(entry), org.requests
    out = bench.folder / "cc-pushed-export.json"
    n8n.command("export:credentials", "--all", "--decrypted", f"--output={out}")
    bench.write("cc-pushed.yaml", Path(spec).read_text(encoding="utf-8").replace("n8n: {", f"n8n: {{id: {entry['id']}, "))  # fmt: skip
    assert "1 same" in bench.sfcred("diff", spec, "--export", str(out))
    bench.sfcred("render", spec, "--target", "n8n-overwrite", "--merge-from", str(out))


def test_what_was_rendered_for_2_40_after_an_update_of_n8n(
    bench: Bench, tmp_path: Path, org: Org
) -> None:
    """Without the overwrite it stops at the update. With it, even 2.40 works, and then 2.41, too."""
    spec = spec_of(bench, "cc-update", OLD)
    old = N8n(OLD, tmp_path)
    entry = imported(bench, old, spec)
    with old.serving() as client:
        workflow = client.create(query_workflow(entry))
        assert client.run(workflow) == (True, "")
    org.expire_tokens()

    updated = spec_of(bench, "cc-update", NEW)
    assert "SFC513" in bench.sfcred("doctor", updated, status=1)
    with N8n(NEW, tmp_path).serving(owner=False) as client:
        client.login()
        is_well, _ = client.run(workflow)
        assert not is_well
    org.requests.clear()
    with overwritten(bench, updated, tmp_path).serving(owner=False) as client:
        client.login()
        assert client.run(workflow) == (True, ""), org.requests


def test_2_40_heeds_the_overwrite_too(bench: Bench, tmp_path: Path, org: Org) -> None:
    overwrite = bench.sfcred("render", spec_of(bench, "cc-early", NEW), "--target", "n8n-overwrite")
    n8n = N8n(OLD, tmp_path, {"CREDENTIALS_OVERWRITE_DATA": overwrite})
    entry = imported(bench, n8n, spec_of(bench, "cc-early", OLD))
    with n8n.serving() as client:
        workflow = client.create(query_workflow(entry))
        assert client.run(workflow) == (True, ""), org.requests
    # The update: the same folder, and the same variable.
    n8n = N8n(NEW, tmp_path, {"CREDENTIALS_OVERWRITE_DATA": overwrite})
    org.expire_tokens()
    org.requests.clear()
    with n8n.serving(owner=False) as client:
        client.login()
        assert client.run(workflow) == (True, ""), org.requests
    assert TOKEN in org.requests


def test_the_salesforce_trigger_logs_in(bench: Bench, tmp_path: Path, org: Org) -> None:
    n8n = N8n(OLD, tmp_path)
    entry = imported(bench, n8n, spec_of(bench, "cc-trigger"))
    n8n.publish_trigger(entry, "cc-trigger")
    with n8n.serving(owner=False):
        assert _polled(org), org.requests


def test_the_salesforce_trigger_logs_in_through_the_overwrite(
    bench: Bench, tmp_path: Path, org: Org
) -> None:
    spec = spec_of(bench, "cc-trigger-new", NEW)
    n8n = overwritten(bench, spec, tmp_path)
    n8n.publish_trigger(imported(bench, n8n, spec), "cc-trigger-new")
    with n8n.serving(owner=False):
        assert _polled(org), org.requests


def _polled(org: Org) -> bool:
    """Wait until a trigger was refused with the placeholder, got a token, and queried again."""
    for _ in range(60):
        queries = [one for one in org.requests if one.startswith("GET ")]
        if TOKEN in org.requests and len(queries) >= 2:
            return True
        time.sleep(0.5)
    return False


def test_from_2_41_on_stored_data_alone_does_not_log_in(
    bench: Bench, tmp_path: Path, org: Org
) -> None:
    n8n = N8n(NEW, tmp_path)
    entry = imported(bench, n8n, spec_of(bench, "cc-stored", OLD))
    assert entry["data"]["grantType"] == "clientCredentials"
    with n8n.serving() as client:
        assert not Running(n8n, client).query(entry)
    assert org.requests == [QUERY]  # its token would be renewed at test.salesforce.com
