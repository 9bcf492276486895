"""What render, push and diff make of client credentials, by n8n's version."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from sfcred.cli.schemas import schema
from sfcred.n8n.client_credentials import SUPPORT, way_of
from tests.conftest import Outcome
from tests.helpers.project import CONSUMER_KEY, CONSUMER_SECRET, Project

Run = Callable[..., Outcome]
HOST = "https://acme--uat.sandbox.my.salesforce.com"
BASE = "client_credentials"
IGNORED = "doctor: {ignore: {SFC513: the overwrite is set}}\n"
STORED = {
    "grantType": "clientCredentials",
    "accessTokenUrl": f"{HOST}/services/oauth2/token",
    "authentication": "header",
    "scope": "",
}


def version(text: str) -> str:
    return f'n8n: {{version: "{text}"}}\n'


def rendered(run: Run, spec: Path, *options: str) -> dict[str, Any]:
    done = run("render", spec, "-o", "out.json", "--force", *options)
    assert done.status == 0, done
    entries = json.loads(Path("out.json").read_text(encoding="utf-8"))
    jsonschema.validate(entries, schema("n8n"), jsonschema.Draft202012Validator)
    (entry,) = entries
    assert isinstance(entry, dict)
    return entry


def test_before_2_41_the_credential_itself_says_so(project: Project, run: Run) -> None:
    entry = rendered(run, project.credential(base=BASE))
    data = entry["data"]
    assert entry["type"] == "salesforceOAuth2Api"
    assert {field: data[field] for field in STORED} == STORED
    assert (data["clientId"], data["clientSecret"]) == (CONSUMER_KEY, CONSUMER_SECRET)
    token = data["oauthTokenData"]
    assert token["instance_url"] == HOST
    assert token["access_token"]
    assert "refresh_token" not in token
    assert "n8n@acme.com.uat" not in json.dumps(entry)


@pytest.mark.parametrize("text", ["2.41.0", "2.41.1", "3.0.0"])
def test_from_2_41_on_the_overwrite_says_so(project: Project, run: Run, text: str) -> None:
    spec = project.credential(version(text), BASE)
    refused = run("render", spec, "-o", "out.json")
    assert (refused.status, "SFC513" in refused.err) == (1, True), refused
    assert not Path("out.json").exists()

    done = run("render", spec, "--target", "n8n-overwrite")
    fields = {"grantType": "clientCredentials", "accessTokenUrl": STORED["accessTokenUrl"]}
    assert json.loads(done.out) == {"salesforceOAuth2Api": {**fields, "scope": "api"}}
    assert "every Salesforce OAuth2 credential" in done.err
    assert CONSUMER_SECRET not in done.out

    data = rendered(run, project.credential(version(text) + IGNORED, BASE))["data"]
    assert not set(data) & set(STORED)
    assert data["oauthTokenData"]["instance_url"] == HOST


def test_without_a_version_nothing_is_guessed(project: Project, run: Run) -> None:
    done = run("render", project.credential("n8n: {version: null}\n", BASE), "-o", "out.json")
    assert (done.status, "n8n.version is not set" in done.err) == (1, True), done


@pytest.mark.parametrize("text", ["2.40.5", "2.41.1"])
def test_n8n_cloud_is_refused_with_what_works(project: Project, run: Run, text: str) -> None:
    cloud = f'n8n: {{deployment: cloud, url: "https://acme.app.n8n.cloud", version: "{text}"}}\n'
    spec = project.credential(cloud, BASE)
    for options in ([], ["--target", "n8n-overwrite"]):
        done = run("render", spec, "-o", "out.json", *options)
        assert (done.status, "JWT flow" in done.err) == (1, True), done


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ("flow: oauth2\noauth2: {client_secret: {env: ACME_CLIENT_SECRET}}\napp: {scopes: [full, refresh_token]}\n", "SFC514"),
        ("my_domain: https://acme--dev.sandbox.my.salesforce.com\nclient_credentials: {run_as: n8n@acme.com.dev}\n", "SFC514"),
        ("app: {scopes: [api, chatter_api]}\n", "SFC514"),
        ("{}\n", ""),
        ("flow: jwt\njwt: {username: n8n@acme.com.uat, private_key: {file: acme.key}}\n", ""),
    ],
)  # fmt: skip
def test_an_overwrite_that_changes_others_is_refused(
    project: Project, run: Run, other: str, said: str
) -> None:
    new = 'n8n: {version: "2.41.1"'
    fragment = "" if other == "{}\n" else other
    first = project.credential(f"{new}}}\n", BASE)
    second = project.credential(f"name: other\n{new}, id: other}}\n{fragment}", BASE, "b.yaml")
    done = run("render", first, second, "--target", "n8n-overwrite")
    assert (done.status, said in done.err) == (1 if said else 0, True), done


def test_a_literal_secret_is_refused_and_not_shown(project: Project, run: Run) -> None:
    spec = project.credential("client_credentials: {client_secret: canary-in-git}\n", BASE)
    done = run("doctor", spec)
    assert (done.status, "SFC004" in done.out) == (1, True)
    assert "canary" not in done.out + done.err


def test_a_missing_secret_is_named(project: Project, run: Run) -> None:
    project.monkeypatch.delenv("ACME_CLIENT_SECRET")
    done = run("doctor", project.credential(base=BASE), "--require-secrets")
    assert (done.status, "client_credentials.client_secret" in done.out) == (1, True)


def test_the_table_covers_every_version_once() -> None:
    versions = [row.run_with for row in SUPPORT]
    assert [way_of(one) for one in versions] == ["stored", "overwrite"]
    assert way_of(None) is None
    assert way_of((0, 100, 0)) == "stored"
    assert way_of((9, 0, 0)) == "overwrite"


def test_the_guide_has_the_table() -> None:
    page = (Path(__file__).parents[2] / "docs/guides/client-credentials.md").read_text(
        encoding="utf-8"
    )
    for row in SUPPORT:
        tested = ".".join(map(str, row.run_with))
        assert f"| {row.versions} |" in page
        assert f"| {tested} |" in page
