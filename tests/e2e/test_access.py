"""A workflow fails in a real n8n because the user can't see a field, and sfcred says which node."""

import json
from pathlib import Path

import pytest

from sfcred.local_org.access import Access, FieldAccess, ObjectAccess
from tests.e2e.conftest import NEW, Bench
from tests.e2e.n8n import N8n
from tests.e2e.org import Org
from tests.helpers.project import CONSUMER_KEY

SPEC = """\
version: 1
name: acme-crm
environment: sandbox
my_domain: {org}
client_id: {{env: KEY}}
jwt: {{username: n8n@acme.com.uat, private_key: {{file: acme.key}}}}
app: {{scopes: [api, refresh_token], pre_authorized: true, permission_sets: [n8n]}}
n8n: {{version: "{version}", id: acmeCrm000000001}}
"""


@pytest.fixture(autouse=True)
def _limited(org: Org, bench: Bench) -> None:
    org.requests.clear()
    bench.variables = {"KEY": CONSUMER_KEY}


def test_a_hidden_field_is_traced_to_its_node(bench: Bench, org: Org, tmp_path: Path) -> None:
    hidden = {"Type": FieldAccess(read=False, edit=False)}
    org.limit(Access({"Case": ObjectAccess(fields=hidden)}))
    bench.write("acme.key", bench.workshop.text("rsa-2048"))
    spec = bench.write("acme.yaml", SPEC.format(org=org.url, version=NEW))
    rendered = bench.rendered(str(spec))
    n8n = N8n(NEW, tmp_path)
    (tmp_path / "credentials.json").write_text(json.dumps(rendered), encoding="utf-8")
    n8n.import_credentials(tmp_path / "credentials.json", number=1)
    parameters = {"resource": "case", "operation": "getAll"}
    printed = n8n.run_node(rendered[0], "cases", parameters, fails=True)
    org.limit(Access())
    assert "No such column" in printed
    (bench.folder / "flows").mkdir(exist_ok=True)
    (bench.folder / "flows/cases.json").write_text(
        (tmp_path / "cases.json").read_text(encoding="utf-8"),
        encoding="utf-8",
    )
    bench.write("sfcred.toml", 'paths = ["acme.yaml"]\nworkflows = ["flows"]\n')
    message = printed[printed.index("No such column") :][:300]
    told = bench.sfcred("explain", "--error", message)
    assert "`Type`" in told
    assert "cases / node (flows/cases.json:1), as acme-crm; n8n requests it by itself" in told
