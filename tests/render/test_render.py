"""`sfcred render`: what n8n gets, to the letter, and where n8n's encryption key comes from."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Outcome
from tests.helpers.project import CONSUMER_KEY, CONSUMER_SECRET, REFRESH_TOKEN, Project

Run = Callable[..., Outcome]
HOST = "https://acme--uat.sandbox.my.salesforce.com"
AUTHORIZE = f"{HOST}/services/oauth2/authorize?prompt=login"  # as n8n's own
TOKEN = f"{HOST}/services/oauth2/token"


def rendered(run: Run, spec: Path, *options: str) -> list[dict[str, Any]]:
    done = run("render", spec, "-o", "out.json", "--force", *options)
    assert done.status == 0, done
    found: list[dict[str, Any]] = json.loads(Path("out.json").read_text(encoding="utf-8"))
    return found


# -- what n8n imports


def test_a_jwt_credential(project: Project, run: Run) -> None:
    (entry,) = rendered(run, project.credential())
    key = project.workshop.text("rsa-2048")
    assert entry == {
        "id": "acmeCrm000000001",
        "name": "Acme CRM",
        "type": "salesforceJwtApi",
        "data": {
            "environment": "sandbox",
            "clientId": CONSUMER_KEY,
            "username": "n8n@acme.com.uat",
            "privateKey": key,
            "myDomainUrl": HOST,
            "allowedHttpRequestDomains": "none",
        },
    }


def test_an_oauth2_credential_with_its_consent(project: Project, run: Run) -> None:
    (entry,) = rendered(run, project.credential(base="oauth2"))
    assert entry["type"] == "salesforceOAuth2Api"
    tokens = entry["data"].pop("oauthTokenData")
    assert entry["data"] == {
        "environment": "sandbox",
        "clientId": CONSUMER_KEY,
        "clientSecret": CONSUMER_SECRET,
        "authUrl": AUTHORIZE,
        "accessTokenUrl": TOKEN,
        "allowedHttpRequestDomains": "none",
    }
    # n8n refuses an empty access token; with any other it asks for a new one.
    assert tokens.pop("access_token")
    assert tokens == {
        "refresh_token": REFRESH_TOKEN,
        "instance_url": HOST,
        "token_type": "Bearer",
    }


def test_an_oauth2_credential_without_a_consent_has_no_tokens(project: Project, run: Run) -> None:
    spec = project.credential("oauth2: {refresh_token: null}\n", "oauth2")
    (entry,) = rendered(run, spec, "--no-check")
    assert "oauthTokenData" not in entry["data"]


@pytest.mark.parametrize(
    ("base", "version", "fields"),
    [
        ("jwt", "2.19.9", set()),
        ("jwt", "2.20.0", {"myDomainUrl"}),
        ("jwt", "2.41.3", {"myDomainUrl"}),
        ("jwt", None, {"myDomainUrl"}),
        ("oauth2", "2.40.9", {"authUrl", "accessTokenUrl"}),
        ("oauth2", "2.41.0", set()),
        ("oauth2", None, {"authUrl", "accessTokenUrl"}),
    ],
)
def test_where_the_address_goes_by_n8n_s_version(
    project: Project, run: Run, base: str, version: str | None, fields: set[str]
) -> None:
    spec = project.credential(f"n8n: {{version: {json.dumps(version)}}}\n", base)
    (entry,) = rendered(run, spec, "--no-check")
    assert set(entry["data"]) & {"myDomainUrl", "authUrl", "accessTokenUrl"} == fields
    (entry,) = rendered(run, project.credential("my_domain: null\n", "jwt"), "--no-check")
    assert not set(entry["data"]) & {"myDomainUrl", "authUrl", "accessTokenUrl"}


@pytest.mark.parametrize(("version", "has"), [("1.40.9", True), ("1.41.0", False), ("null", False)])
def test_an_old_n8n_demands_nodes_access(
    project: Project, run: Run, version: str, *, has: bool
) -> None:
    spec = project.credential(f"n8n: {{version: {version}}}\n")
    (entry,) = rendered(run, spec, "--no-check")
    assert entry.get("nodesAccess", "none") == ([] if has else "none")


def test_what_n8n_would_evaluate_is_written_as_a_text(project: Project, run: Run) -> None:
    project.monkeypatch.setenv("ACME_CLIENT_SECRET", "=1+1")
    (entry,) = rendered(run, project.credential(base="oauth2"), "--no-check")
    assert entry["data"]["clientSecret"] == '={{ "\\u003d1\\u002b1" }}'


def test_what_n8n_holds_itself_is_written_as_its_expression(project: Project, run: Run) -> None:
    fragment = 'client_id: {n8n: "$vars.acme"}\njwt: {private_key: {n8n: "$secrets.vault.key"}}\n'
    (entry,) = rendered(run, project.credential(fragment), "--no-check")
    assert entry["data"]["clientId"] == "={{ $vars.acme }}"
    assert entry["data"]["privateKey"] == "={{ $secrets.vault.key }}"


def test_one_file_each_or_one_for_all(project: Project, run: Run) -> None:
    spec = project.credential("profiles: {uat: {n8n: {id: uat}}, dev: {n8n: {id: dev}}}\n")
    assert [entry["id"] for entry in rendered(run, spec)] == ["uat", "dev"]
    done = run("render", spec, "--separate", "-o", "out")
    assert done.status == 0, done
    assert "--separate --input=out" in done.err
    files = {
        path.name: json.loads(path.read_text(encoding="utf-8")) for path in Path("out").iterdir()
    }
    assert {name: entry["id"] for name, entry in files.items()} == {
        "acme-crm.uat.json": "uat",
        "acme-crm.dev.json": "dev",
    }


def test_two_with_one_id_are_refused(project: Project, run: Run) -> None:
    spec = project.credential("profiles: {uat: {description: one}, dev: {description: two}}\n")
    done = run("render", spec, "-o", "out.json", "--no-check")
    assert done.status != 0
    assert "have the same n8n id" in done.err
    assert not Path("out.json").exists()


# -- n8n's encryption key

KEYS = {"one": "canaryKeyNumberOne", "two": "canaryKeyNumberTwo"}


def opened(text: str, key: str) -> dict[str, Any]:
    """OpenSSL decrypts what n8n would."""
    done = subprocess.run(
        ["openssl", "enc", "-aes-256-cbc", "-md", "md5", "-d", "-base64", "-A", "-k", key],
        input=text.encode(),
        capture_output=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def keep(project: Project, *, variable: str, file: str, config: str) -> None:
    """Puts keys where n8n looks for one; an empty name puts none."""
    if variable:
        project.monkeypatch.setenv("N8N_ENCRYPTION_KEY", KEYS[variable])
    if file:
        Path("../key").write_text(f" {KEYS[file]}\n", encoding="utf-8")
        project.monkeypatch.setenv("N8N_ENCRYPTION_KEY_FILE", str(Path("../key").resolve()))
    if config:
        folder = Path("../user/.n8n")
        folder.mkdir(parents=True)
        (folder / "config").write_text(
            json.dumps({"encryptionKey": KEYS[config]}), encoding="utf-8"
        )
        project.monkeypatch.setenv("N8N_USER_FOLDER", str(Path("../user").resolve()))


@pytest.mark.parametrize(
    ("variable", "file", "config", "taken"),
    [
        ("one", "", "", "one"),
        ("", "one", "", "one"),
        ("", "", "one", "one"),
        ("one", "two", "", "one"),  # n8n itself goes by the variable
        ("one", "", "one", "one"),
        ("", "one", "one", "one"),
        ("one", "two", "one", "one"),
    ],
)
def test_the_key_is_taken_from_where_n8n_takes_it(
    project: Project, run: Run, variable: str, file: str, config: str, taken: str
) -> None:
    spec = project.credential()
    (plain,) = rendered(run, spec)
    keep(project, variable=variable, file=file, config=config)
    (entry,) = rendered(run, spec, "--encrypt")
    assert opened(entry["data"], KEYS[taken]) == plain["data"]
    assert entry | {"data": None} == plain | {"data": None}


@pytest.mark.parametrize(
    ("variable", "file", "config"), [("one", "", "two"), ("", "one", "two"), ("one", "two", "two")]
)
def test_two_keys_that_differ_are_refused(
    project: Project, run: Run, variable: str, file: str, config: str
) -> None:
    keep(project, variable=variable, file=file, config=config)
    done = run("render", project.credential(), "--encrypt", "-o", "out.json")
    assert done.status != 0
    assert "different keys" in done.err
    assert "canaryKey" not in done.out + done.err
    assert not Path("out.json").exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "is not JSON"),
        ("", "is not JSON"),
        ("[" * 60_000, "is not JSON"),
        ("{}", "encryption key was not found"),
        ("[]", "encryption key was not found"),
        ('{"encryptionKey": 5}', "encryption key was not found"),
        ('{"encryptionKey": ""}', "encryption key was not found"),
    ],
)
def test_a_config_file_without_a_key(project: Project, run: Run, content: str, words: str) -> None:
    keep(project, variable="", file="", config="one")
    Path("../user/.n8n/config").write_text(content, encoding="utf-8")
    done = run("render", project.credential(), "--encrypt", "-o", "out.json")
    assert done.status != 0
    assert words in done.err
    assert not Path("out.json").exists()


def test_a_key_s_file_that_is_not_there(project: Project, run: Run) -> None:
    project.monkeypatch.setenv("N8N_ENCRYPTION_KEY_FILE", "nowhere")
    done = run("render", project.credential(), "--encrypt", "-o", "out.json")
    assert done.status != 0
    assert "N8N_ENCRYPTION_KEY_FILE" in done.err


@pytest.mark.parametrize(("flag", "status"), [("true", False), ("false", True)])
def test_rotating_keys_are_only_n8n_s(
    project: Project, run: Run, flag: str, *, status: bool
) -> None:
    project.monkeypatch.setenv("N8N_ENCRYPTION_KEY", KEYS["one"])
    project.monkeypatch.setenv("N8N_ENV_FEAT_ENCRYPTION_KEY_ROTATION", flag)
    done = run("render", project.credential(), "--encrypt", "-o", "out.json")
    assert (done.status == 0) is status
    assert ("rotating keys" in done.err) is not status
    assert Path("out.json").exists() is status


# -- the overwrite


def overwrite(run: Run, *specs: Path) -> Outcome:
    return run("render", *specs, "--target", "n8n-overwrite")


def test_the_overwrite(project: Project, run: Run) -> None:
    done = overwrite(run, project.credential("n8n: {version: 2.41.1}\n", "oauth2"))
    assert done.status == 0, done
    assert json.loads(done.out) == {
        "salesforceOAuth2Api": {
            "authUrl": AUTHORIZE,
            "accessTokenUrl": TOKEN,
            "scope": "api refresh_token",
        }
    }


def test_the_overwrite_has_no_scope_where_the_spec_has_none(project: Project, run: Run) -> None:
    done = overwrite(run, project.credential("app: {scopes: null}\n", "oauth2"))
    assert set(json.loads(done.out)["salesforceOAuth2Api"]) == {"authUrl", "accessTokenUrl"}


@pytest.mark.parametrize(
    ("other", "field"),
    [
        ("my_domain: https://acme--dev.sandbox.my.salesforce.com\n", "accessTokenUrl, authUrl"),
        ("app: {scopes: [api, refresh_token, id]}\n", "(scope)"),
        ("app: {scopes: null}\n", "(scope)"),
        ("", ""),
    ],
)
def test_an_overwrite_that_two_disagree_on_is_refused(
    project: Project, run: Run, other: str, field: str
) -> None:
    first = project.credential(base="oauth2")
    second = project.credential(
        f"name: other\nclient_id: 3MVG9other\nn8n: {{id: other}}\n{other}", "oauth2", "b.yaml"
    )
    done = run("render", first, second, "--target", "n8n-overwrite", "--no-check")
    assert (done.status == 0) is (field == ""), done
    assert field in done.err


@pytest.mark.parametrize("option", ["--separate", "--encrypt"])
def test_the_overwrite_is_one_plain_document(project: Project, run: Run, option: str) -> None:
    project.monkeypatch.setenv("N8N_ENCRYPTION_KEY", KEYS["one"])
    spec = project.credential(base="oauth2")
    done = run("render", spec, "--target", "n8n-overwrite", option, "-o", "out")
    assert done.status != 0
    assert "single plain document" in done.err


def test_nothing_to_overwrite(project: Project, run: Run) -> None:
    for fragment, base in (("{}\n", "jwt"), ("my_domain: null\n", "oauth2")):
        done = run("render", project.credential(fragment, base), "--target", "n8n-overwrite", "--no-check")  # fmt: skip
        assert done.status != 0
        assert "nothing to overwrite" in done.err
