"""n8n's generic OAuth2 credential in both directions: import, diff, and n8n's API."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytest_httpx import HTTPXMock

from tests.conftest import Outcome
from tests.exchange.test_import import OTHER, TIMES, assert_no_secret, jwt_entry, spec_of, write
from tests.helpers.material import Workshop
from tests.helpers.n8n_api import API_KEY, URL, N8n
from tests.helpers.project import CONSUMER_KEY, CONSUMER_SECRET, REFRESH_TOKEN, Project

Run = Callable[..., Outcome]
ORG = "https://acme.my.salesforce.com"
GITHUB = {
    "authUrl": "https://github.com/login/oauth/authorize",
    "accessTokenUrl": "https://github.com/login/oauth/access_token",
}


def generic_entry(**changes: Any) -> dict[str, Any]:
    """Return a credential as n8n's editor saves it; None removes a field."""
    data = {
        "grantType": "pkce",
        "authUrl": f"{ORG}/services/oauth2/authorize",
        "accessTokenUrl": f"{ORG}/services/oauth2/token",
        "clientId": CONSUMER_KEY,
        "clientSecret": CONSUMER_SECRET,
        "scope": "api refresh_token",
        "authQueryParameters": "prompt=login",
        "authentication": "header",
        "useDynamicClientRegistration": False,
        "sendAdditionalBodyProperties": False,
        "additionalBodyProperties": "",
        "allowedHttpRequestDomains": "domains",
        "allowedDomains": "acme.my.salesforce.com",
        "oauthTokenData": {"access_token": "00D000000000001!live", "refresh_token": REFRESH_TOKEN},
        **changes,
    }
    kept = {field: value for field, value in data.items() if value is not None}
    return {**TIMES, "id": "generic1", "name": "Acme REST", "type": "oAuth2Api", "data": kept}


def imported(run: Run, entry: dict[str, Any]) -> dict[str, Any]:
    """Import one credential. Then doctor finds no error, and the export shows no difference."""
    source = write(entry)
    done = run("import", source, "--n8n-version", "2.41.1", "--secrets", "file")
    assert "wrote credentials/" in done.out, done
    assert "error SFC" not in done.out, done
    again = run("diff", "--export", source)
    assert (again.status, "1 same" in again.out) == (0, True), again
    return spec_of("acme-rest")


def test_a_generic_credential_with_salesforce_s_urls_becomes_a_spec(
    run: Run, workshop: Workshop
) -> None:
    entry = generic_entry()
    spec = imported(run, entry)
    assert spec["my_domain"] == ORG
    assert spec["environment"] == "production"
    assert spec["app"] == {"scopes": ["api", "refresh_token"]}
    wanted = {"type": "oAuth2Api", "http_request": "org", "id": "generic1"}
    assert wanted.items() <= spec["n8n"].items()
    assert set(spec["oauth2"]) == {"client_secret", "refresh_token"}
    again = run("render", "-o", "again.json")
    assert_no_secret(again, workshop)
    (back,) = json.loads(Path("again.json").read_text(encoding="utf-8"))
    dropped = {
        "useDynamicClientRegistration", "sendAdditionalBodyProperties", "additionalBodyProperties", "oauthTokenData",
    }  # fmt: skip
    for field, value in entry["data"].items():
        assert field in dropped or back["data"][field] == value


SANDBOX = "https://acme--uat.sandbox.my.salesforce.com/services/oauth2"
HELD: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "without PKCE": ({"grantType": "authorizationCode"}, {"app": {"pkce_required": False}}),
    "without a grant type": ({"grantType": None}, {"app": {"pkce_required": False}}),
    "commas": ({"scope": "api,refresh_token"}, {"app": {"scopes": ["api", "refresh_token"]}}),
    "another order": (
        {"scope": "refresh_token  api"},
        {"app": {"scopes": ["refresh_token", "api"]}},
    ),
    "no prompt": ({"authQueryParameters": ""}, {"my_domain": ORG}),
    "a prompt in the URL": (
        {"authUrl": f"{ORG}/services/oauth2/authorize?prompt=login"},
        {"my_domain": ORG},
    ),
    "a sandbox": (
        {"authUrl": f"{SANDBOX}/authorize", "accessTokenUrl": f"{SANDBOX}/token"},
        {"environment": "sandbox"},
    ),
    "a general host": (
        {
            "authUrl": "https://test.salesforce.com/services/oauth2/authorize",
            "accessTokenUrl": "https://test.salesforce.com/services/oauth2/token",
        },
        {"environment": "sandbox", "my_domain": None},
    ),
    "client credentials without scopes": (
        {"grantType": "clientCredentials", "scope": "", "authUrl": "https://github.com/left"},
        {"app": None},
    ),
    "any host": (
        {"allowedHttpRequestDomains": None, "allowedDomains": None},
        {"n8n": {"http_request": "any"}},
    ),
}


@pytest.mark.parametrize("case", HELD)
def test_a_spec_stands_for_it(run: Run, case: str) -> None:
    changes, wanted = HELD[case]
    spec = imported(run, generic_entry(**changes))
    for field, value in wanted.items():
        found: Any = spec.get(field)
        if isinstance(value, dict):
            assert value.items() <= found.items()
        else:
            assert found == value


def test_client_credentials_come_and_go_with_their_scopes(run: Run) -> None:
    entry = generic_entry(grantType="clientCredentials", scope="api id", authUrl=None)
    source = write(entry)
    run("import", source, "--secrets", "file")
    spec = spec_of("acme-rest")
    assert (spec["app"], "oauth2" in spec) == ({"scopes": ["api", "id"]}, False)
    assert set(spec["client_credentials"]) == {"client_secret"}
    assert "1 same" in run("diff", "--export", source).out


def test_without_scopes_the_spec_suggests_those_of_the_flow(run: Run) -> None:
    run("import", write(generic_entry(grantType="clientCredentials", scope="", authUrl=None)))
    text = Path("credentials/acme-rest.yaml").read_text(encoding="utf-8")
    assert "#   scopes: [api] " in text
    assert "callback_urls" not in text


NOT_HELD: dict[str, dict[str, Any]] = {
    "scope is empty": {"scope": ""},
    "scope is empty, ": {"scope": None},
    "scope is an expression": {"scope": "={{ $vars.scope }}"},
    "scope is not a text": {"scope": 3},
    "set it to Header": {"authentication": "body"},
    "ignoreSSLIssues": {"ignoreSSLIssues": True},
    "jweEnabled": {"jweEnabled": True},
    "tokenExpiredStatusCode": {"tokenExpiredStatusCode": 403},
    "useDynamicClientRegistration": {"useDynamicClientRegistration": True},
    "usePkce": {"grantType": "authorizationCode", "usePkce": True},
    "different hosts": {"authUrl": "https://login.salesforce.com/services/oauth2/authorize"},
    "my_domain stands for": {"authUrl": "https://github.com/login/oauth/authorize"},
    "authUrl or accessTokenUrl is not": {"authUrl": ""},
    "scope that": {"grantType": "clientCredentials", "scope": "api full"},
    "accessTokenUrl is not one": {"accessTokenUrl": "={{ $vars.org }}/services/oauth2/token"},
    "clientSecret is an expression": {"clientSecret": "={{ $env.A }}"},
    "certificate": {"clientCredentialType": "certificate"},
    "grantType": {"grantType": "={{ $vars.grant }}"},
    # What nobody can set so that a spec holds it comes before what one can.
    "its grantType": {"grantType": "password", "scope": ""},
}


@pytest.mark.parametrize("reason", NOT_HELD)
def test_what_no_spec_can_hold_is_left_out(run: Run, workshop: Workshop, reason: str) -> None:
    export = write(generic_entry(**NOT_HELD[reason]))
    done = run("import", export)
    assert (done.status, reason in done.out) == (4, True), done
    assert "left out Acme REST: its " in done.out or "left out Acme REST: it " in done.out
    assert not Path("credentials").exists()
    assert_no_secret(done, workshop)
    # diff says the same, and not that an import would do.
    assert run("import", write(jwt_entry(workshop), name="other.json")).status in (0, 1)
    told = run("diff", "--export", export)
    assert (reason in told.out, "change that in n8n" in told.out) == (True, True), told


def test_a_generic_credential_of_another_service_is_another_type(run: Run) -> None:
    entry = {**generic_entry(**GITHUB), "id": "github1", "name": "GitHub"}
    done = run("import", write(generic_entry(), entry, OTHER), "--secrets", "file")
    assert done.out.count("wrote ") == 1
    assert "skipped GitHub: its URLs are not Salesforce's" in done.out
    assert "skipped Slack: slackApi is not a Salesforce type" in done.out
    again = run("diff", "--export", "export.json")
    assert "GitHub" not in again.out + again.err


# -- diff

CHANGED: dict[str, Any] = {
    "grantType": "clientCredentials",
    "authUrl": "https://other.my.salesforce.com/services/oauth2/authorize",
    "accessTokenUrl": "https://other.my.salesforce.com/services/oauth2/token",
    "clientId": CONSUMER_KEY + "x",
    "clientSecret": "another",
    "scope": "full refresh_token",
    "authentication": "body",
    "ignoreSSLIssues": True,
    "jweEnabled": True,
    "tokenExpiredStatusCode": 403,
    "allowedHttpRequestDomains": "all",
}


@pytest.mark.parametrize("field", CHANGED)
def test_every_field_is_compared(run: Run, workshop: Workshop, field: str) -> None:
    imported(run, generic_entry())
    done = run("diff", "--export", write(generic_entry(**{field: CHANGED[field]})))
    assert (done.status, field in done.out) == (1, True), done
    assert_no_secret(done, workshop)


def test_public_values_of_a_difference_are_shown(run: Run) -> None:
    imported(run, generic_entry())
    done = run(
        "diff", "--export", write(generic_entry(scope="full", grantType="authorizationCode"))
    )
    for text in ("full", "api refresh_token", "authorizationCode", "pkce"):
        assert text in done.out


@pytest.mark.parametrize(
    "now",
    [
        generic_entry(**GITHUB),
        {**OTHER, "id": "generic1"},
        {**generic_entry(), "type": "salesforceOAuth2Api"},
    ],
)
def test_what_has_the_spec_s_id_is_never_missing(run: Run, now: dict[str, Any]) -> None:
    imported(run, generic_entry())
    done = run("diff", "--export", write(now), "--format", "json")
    (found,) = json.loads(done.out)["credentials"]
    assert (done.status, found["state"]) == (1, "changed"), done


def test_a_lost_connection_is_reported(run: Run) -> None:
    imported(run, generic_entry())
    done = run("diff", "--export", write(generic_entry(oauthTokenData=None)))
    assert (done.status, "disconnected" in done.out) == (1, True), done


def test_an_unreadable_one_is_not_called_missing(run: Run) -> None:
    imported(run, generic_entry())
    done = run("diff", "--export", write({**generic_entry(), "data": "U2FsdGVkX1abc"}))
    assert (done.status, "missing" in done.out) == (4, False), done


@pytest.fixture
def consented_in_n8n(run: Run) -> None:
    """An imported credential, with the consent left to n8n."""
    imported(run, generic_entry())
    spec = Path("credentials/acme-rest.yaml")
    text = spec.read_text(encoding="utf-8").replace("  refresh_token:", "  # was:")
    spec.write_text(text, encoding="utf-8")


@pytest.mark.usefixtures("consented_in_n8n")
def test_merge_from_keeps_its_tokens(run: Run) -> None:
    done = run("render", "-o", "again.json", "--merge-from", "export.json")
    assert done.status == 0, done
    (back,) = json.loads(Path("again.json").read_text(encoding="utf-8"))
    assert back["data"]["oauthTokenData"]["access_token"] == "00D000000000001!live"


@pytest.mark.usefixtures("consented_in_n8n")
def test_where_its_kept_token_leads_does_not_matter(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only n8n's Salesforce nodes call a token's instance_url."""
    monkeypatch.setenv("SFCRED_ORG_HOSTS", "acme.my.salesforce.com")
    token = {"access_token": "00D000000000001!live", "instance_url": "https://elsewhere.example"}
    source = write(generic_entry(oauthTokenData=token))
    done = run("render", "-o", "again.json", "--merge-from", source)
    assert done.status == 0, done


# -- push


@pytest.fixture
def n8n(httpx_mock: HTTPXMock, monkeypatch: pytest.MonkeyPatch) -> N8n:
    monkeypatch.setenv("N8N_API_KEY", API_KEY)
    return N8n(httpx_mock)


@pytest.mark.parametrize("version", ["2.40.5", "2.41.1"])
def test_n8n_s_api_takes_it_with_its_urls(
    project: Project, run: Run, n8n: N8n, version: str
) -> None:
    spec = project.credential(f'n8n: {{type: oAuth2Api, version: "{version}"}}\n', "oauth2")
    done = run("push", spec, "--n8n", URL, "--yes")
    assert "done: create acme-crm" in done.out, done
    (body,) = n8n.sent("POST")
    assert body["type"] == "oAuth2Api"
    assert body["data"]["authUrl"].endswith("/services/oauth2/authorize")
    assert body["data"]["oauthTokenData"]["refresh_token"] == REFRESH_TOKEN
    spec.write_text(
        spec.read_text(encoding="utf-8").replace("- api\n", "- api\n  - id\n"), encoding="utf-8"
    )
    done = run("push", spec, "--n8n", URL, "--yes")
    assert "scope" in done.out, done
    (update,) = n8n.sent("PATCH")
    assert update["data"]["scope"] == "api id refresh_token"
    assert "oauthTokenData" not in update["data"]
