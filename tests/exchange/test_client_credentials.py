"""Client credentials in n8n's exports: imported as such, and compared field by field."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Outcome
from tests.exchange.test_import import oauth2_entry, spec_of, write
from tests.helpers.project import Project

Run = Callable[..., Outcome]
ORG = "https://acme.my.salesforce.com"
GRANT = {
    "grantType": "clientCredentials",
    "accessTokenUrl": f"{ORG}/services/oauth2/token",
    "authentication": "header",
    "scope": "",
}


def test_it_becomes_a_spec_of_its_flow(run: Run) -> None:
    source = write(oauth2_entry(**GRANT))
    done = run("import", source, "--n8n-version", "2.40.5")
    spec = spec_of("acme-gr-e-1")
    assert set(spec["client_credentials"]) == {"client_secret"}
    assert spec["my_domain"] == ORG
    assert "oauth2" not in spec
    assert "warning SFC611" in done.out
    assert "1 same" in run("diff", "--export", source).out


def test_a_scope_that_rendering_drops_is_named(run: Run) -> None:
    done = run(
        "import", write(oauth2_entry(**{**GRANT, "scope": "api"})), "--n8n-version", "2.40.5"
    )
    assert "no spec has n8n's scope" in done.out


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"grantType": "pkce"}, "grantType"),
        ({"grantType": None}, "grantType"),
        ({"authentication": "body"}, "authentication"),
        ({"scope": "full"}, "scope"),
        ({"scope": None}, "scope"),
        ({"accessTokenUrl": None}, "accessTokenUrl"),
        ({"clientSecret": "canary"}, "clientSecret"),
        ({"clientCredentialType": "certificate"}, "clientCredentialType"),
        ({"clientCredentialType": "clientSecret"}, ""),
        ({"clientCredentialType": ""}, ""),
        # n8n's Salesforce type doesn't have these, whatever is stored
        ({"ignoreSSLIssues": True, "tokenExpiredStatusCode": 403, "jweEnabled": True}, ""),
        ({"sendAdditionalBodyProperties": True, "additionalBodyProperties": '{"a": "b"}'}, ""),
        ({}, ""),
        ({"authentication": None}, ""),
        ({"authUrl": f"{ORG}/services/oauth2/authorize"}, ""),
    ],
)
def test_a_difference_is_named_and_no_secret_shown(
    project: Project, run: Run, change: dict[str, Any], field: str
) -> None:
    spec = project.credential(base="client_credentials")
    done = run("render", spec, "-o", "out.json")
    (entry,) = json.loads(Path("out.json").read_text(encoding="utf-8"))
    entry["data"] |= change
    entry["data"] = {name: value for name, value in entry["data"].items() if value is not None}
    Path("export.json").write_text(json.dumps([entry]), encoding="utf-8")
    found = run("diff", "--export", "export.json", spec)
    assert (found.status, field in found.out) == (1 if field else 0, True), (done, found)
    assert "canary" not in found.out


@pytest.mark.parametrize("change", [{"grantType": "clientCredentials"}, {"scope": "x"}])
def test_from_2_41_on_ignored_fields_are_no_difference(
    project: Project, run: Run, change: dict[str, Any]
) -> None:
    ignore = "doctor: {ignore: {SFC513: the overwrite is set}}\n"
    spec = project.credential(f'n8n: {{version: "2.41.1"}}\n{ignore}', "client_credentials")
    run("render", spec, "-o", "out.json")
    (entry,) = json.loads(Path("out.json").read_text(encoding="utf-8"))
    entry["data"] |= change
    Path("export.json").write_text(json.dumps([entry]), encoding="utf-8")
    assert run("diff", "--export", "export.json", spec).status == 0


def test_a_consent_that_became_client_credentials_in_n8n_is_a_difference(
    project: Project, run: Run
) -> None:
    spec = project.credential(base="oauth2")
    run("render", spec, "-o", "out.json")
    (entry,) = json.loads(Path("out.json").read_text(encoding="utf-8"))
    entry["data"]["grantType"] = "clientCredentials"
    Path("export.json").write_text(json.dumps([entry]), encoding="utf-8")
    found = run("diff", "--export", "export.json", spec)
    assert (found.status, "grantType" in found.out) == (1, True), found
