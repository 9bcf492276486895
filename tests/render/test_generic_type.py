"""`n8n.type: oAuth2Api`: what n8n's generic credential gets, and which checks still apply to it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Outcome
from tests.helpers.project import CONSUMER_KEY, CONSUMER_SECRET, REFRESH_TOKEN, Project

Run = Callable[..., Outcome]
ORG = "acme--uat.sandbox.my.salesforce.com"
GENERIC = "n8n: {type: oAuth2Api}\n"
UNCONNECTED = GENERIC + "oauth2: {refresh_token: null}\n"


def rendered(run: Run, spec: Path, *options: str) -> dict[str, Any]:
    done = run("render", spec, "-o", "out.json", "--force", *options)
    assert done.status == 0, done
    (entry,) = json.loads(Path("out.json").read_text(encoding="utf-8"))
    assert entry["type"] == "oAuth2Api"
    data: dict[str, Any] = entry["data"]
    return data


def checks_of(run: Run, spec: Path) -> dict[str, str]:
    report = json.loads(run("doctor", spec, "--format", "json").out)
    return {one["check"]: one["message"] for one in report["findings"]}


@pytest.mark.parametrize("version", ["2.40.5", "2.41.1"])
def test_the_generic_credential_has_the_org_s_urls_and_the_spec_s_scopes(
    project: Project, run: Run, version: str
) -> None:
    spec = project.credential(f'n8n: {{type: oAuth2Api, version: "{version}"}}\n', "oauth2")
    data = rendered(run, spec)
    tokens = data.pop("oauthTokenData")
    assert data == {
        "grantType": "pkce",
        "authUrl": f"https://{ORG}/services/oauth2/authorize",
        "accessTokenUrl": f"https://{ORG}/services/oauth2/token",
        "clientId": CONSUMER_KEY,
        "clientSecret": CONSUMER_SECRET,
        "scope": "api refresh_token",
        "authQueryParameters": "prompt=login",
        "authentication": "header",
        "allowedHttpRequestDomains": "domains",
        "allowedDomains": ORG,
    }
    assert tokens.pop("access_token")
    assert tokens == {"refresh_token": REFRESH_TOKEN, "token_type": "Bearer"}


def test_without_a_consent_it_has_no_tokens(project: Project, run: Run) -> None:
    spec = project.credential(UNCONNECTED, "oauth2")
    assert "oauthTokenData" not in rendered(run, spec)


@pytest.mark.parametrize(
    ("fragment", "field", "value"),
    [
        ("app: {pkce_required: false}\n", "grantType", "authorizationCode"),
        ("app: {pkce_required: null}\n", "grantType", "pkce"),
        ('n8n: {version: "0.215.0"}\n', "grantType", "authorizationCode"),
        ("app: {scopes: [api, offline_access]}\n", "scope", "api offline_access"),
        ("app: {scopes: [API, Refresh_Token]}\n", "scope", "api refresh_token"),
        ("app: {scopes: null}\n", "scope", "api refresh_token"),
        ("n8n: {http_request: none}\n", "allowedHttpRequestDomains", "none"),
        ("n8n: {http_request: [api.acme.com]}\n", "allowedDomains", "api.acme.com"),
    ],
)
def test_the_spec_decides_each_field(
    project: Project, run: Run, fragment: str, field: str, value: str
) -> None:
    typed = "n8n: {type: oAuth2Api, "
    whole = fragment.replace("n8n: {", typed) if "n8n" in fragment else GENERIC + fragment
    spec = project.credential(whole, "oauth2")
    assert rendered(run, spec, "--no-check")[field] == value


@pytest.mark.parametrize(
    ("scopes", "asked"), [("[api, id]", "api id"), ("[full, refresh_token]", ""), ("null", "")]
)
def test_client_credentials_have_no_consent(
    project: Project, run: Run, scopes: str, asked: str
) -> None:
    spec = project.credential(GENERIC + f"app: {{scopes: {scopes}}}\n", "client_credentials")
    assert rendered(run, spec, "--no-check") == {
        "grantType": "clientCredentials",
        "accessTokenUrl": f"https://{ORG}/services/oauth2/token",
        "clientId": CONSUMER_KEY,
        "clientSecret": CONSUMER_SECRET,
        "scope": asked,
        "authentication": "header",
        "allowedHttpRequestDomains": "domains",
        "allowedDomains": ORG,
    }


def test_a_scope_never_becomes_an_expression(project: Project, run: Run) -> None:
    spec = project.credential(GENERIC + 'app: {scopes: ["={{ $env.A }}"]}\n', "oauth2")
    scope = rendered(run, spec, "--no-check")["scope"]
    assert scope.startswith('={{ "')
    assert "$env" not in scope


def test_the_overwrite_leaves_it_out(project: Project, run: Run) -> None:
    spec = project.credential(GENERIC, "oauth2")
    done = run("render", spec, "--target", "n8n-overwrite", "-o", "over.json")
    assert done.status != 0
    assert "no Salesforce OAuth2 credential has a my_domain" in done.err


# -- checks

#: What n8n's own OAuth2 credential would have, by the check that must not fire here.
FORCED = {
    "SFC502": 'n8n: {type: oAuth2Api, version: "2.41.1"}\n',
    "SFC203": UNCONNECTED,
    "SFC507": "n8n: {type: oAuth2Api, version: null}\napp: {pkce_required: null}\n",
}


@pytest.mark.parametrize("check", FORCED)
def test_what_only_n8n_s_salesforce_credential_forces_is_not_reported(
    project: Project, run: Run, check: str
) -> None:
    spec = project.credential(FORCED[check], "oauth2")
    assert check not in checks_of(run, spec)
    spec.write_text(
        spec.read_text(encoding="utf-8").replace("type: oAuth2Api", ""), encoding="utf-8"
    )
    assert check in checks_of(run, spec)


def test_on_n8n_cloud_my_domain_is_used(project: Project, run: Run) -> None:
    cloud = "https://acme.app.n8n.cloud"
    own = f"{cloud}/rest/oauth2-credential/callback"
    spec = project.credential(
        f"n8n: {{type: oAuth2Api, deployment: cloud, url: '{cloud}', version: '2.41.1'}}\n"
        f"app: {{callback_urls: ['{own}', 'https://oauth.n8n.cloud/oauth2/callback']}}\n",
        "oauth2",
    )
    assert not {"SFC106", "SFC502", "SFC203"} & set(checks_of(run, spec))


REPORTED = {
    "full, which nothing asks for": ("SFC206", UNCONNECTED + "app: {scopes: [full]}\n"),
    "no scope for a refresh token": ("SFC202", UNCONNECTED + "app: {scopes: [api]}\n"),
    "n8n's callback is missing": ("SFC301", GENERIC + "app: {callback_urls: []}\n"),
    "PKCE in an n8n without it": ("SFC508", 'n8n: {type: oAuth2Api, version: "0.215.0"}\n'),
    "a general login host": ("SFC106", GENERIC + "my_domain: https://test.salesforce.com\n"),
    "no my_domain": ("SFC102", GENERIC + "my_domain: null\n"),
    "no node may use it": ("SFC102", "n8n: {type: oAuth2Api, http_request: none}\n"),
    "a list of strangers": ("SFC102", "n8n: {type: oAuth2Api, http_request: [api.acme.com]}\n"),
    "a list of other orgs": (
        "SFC102",
        "n8n: {type: oAuth2Api, http_request: [other.my.salesforce.com]}\n",
    ),
    "any host": ("SFC511", "n8n: {type: oAuth2Api, http_request: any}\n"),
    "an import that disconnects": ("SFC504", UNCONNECTED),
}


@pytest.mark.parametrize("case", REPORTED)
def test_what_is_wrong_with_it_is_reported(project: Project, run: Run, case: str) -> None:
    check, fragment = REPORTED[case]
    assert check in checks_of(run, project.credential(fragment, "oauth2"))


@pytest.mark.parametrize(
    "hosts",
    [
        "acme--uat.sandbox.my.salesforce.com, api.acme.com",
        '"*.my.salesforce.com"',
        '"*.sandbox.my.salesforce.com"',
        "api.salesforce.com",
        "acme--uat.sandbox.file.force.com",
    ],
)
def test_a_list_with_salesforce_is_fine(project: Project, run: Run, hosts: str) -> None:
    spec = project.credential(f"n8n: {{type: oAuth2Api, http_request: [{hosts}]}}\n", "oauth2")
    assert "SFC102" not in checks_of(run, spec)


def test_pkce_works_in_every_n8n_1(project: Project, run: Run) -> None:
    spec = project.credential('n8n: {type: oAuth2Api, version: "1.84.3"}\n', "oauth2")
    assert "SFC508" not in checks_of(run, spec)


def test_there_is_no_generic_jwt(project: Project, run: Run) -> None:
    found = checks_of(run, project.credential(GENERIC))
    assert "no JWT login" in found["SFC102"]


@pytest.mark.parametrize(
    "type_", ["salesforceOAuth2Api", "salesforceJwtApi", "SalesforceOauth2Api"]
)
def test_the_salesforce_types_are_left_out(project: Project, run: Run, type_: str) -> None:
    done = run("doctor", project.credential(f"n8n: {{type: {type_}}}\n"))
    assert "Leave n8n.type out" in done.out
    assert "Did you mean" not in done.out


def test_resolve_tells_what_n8n_asks_for(project: Project, run: Run) -> None:
    done = run("resolve", project.credential(GENERIC, "oauth2"))
    for text in ("oAuth2Api", "n8n.type", "api refresh_token", "pkce", ORG):
        assert text in done.out


CLIENT = 'n8n: {type: oAuth2Api, version: "2.41.1"}\n'


def test_client_credentials_need_no_overwrite(project: Project, run: Run) -> None:
    spec = project.credential(CLIENT, "client_credentials")
    found = checks_of(run, spec)
    assert not {"SFC106", "SFC203", "SFC502", "SFC513", "SFC514"} & set(found)
    assert "SFC513" not in checks_of(run, project.credential(
        "n8n: {type: oAuth2Api, deployment: cloud, url: 'https://acme.app.n8n.cloud'}\n",
        "client_credentials",
    ))  # fmt: skip
    spec.write_text(
        spec.read_text(encoding="utf-8").replace("type: oAuth2Api", ""), encoding="utf-8"
    )
    assert "SFC513" in checks_of(run, spec)


@pytest.mark.parametrize("first", ["oauth2", "client_credentials"])
def test_an_overwrite_doesn_t_change_the_generic_credential(
    project: Project, run: Run, first: str
) -> None:
    project.credential(
        CLIENT.replace("type: oAuth2Api, ", ""), "client_credentials", "specs/a.yaml"
    )
    other = 'name: other\nn8n: {type: oAuth2Api, version: "2.41.1", id: other1}\n'
    spec = project.credential(other, first, "specs/b.yaml")
    assert "SFC514" not in checks_of(run, spec.parent)
    done = run("render", "specs", "--target", "n8n-overwrite", "--no-check")
    assert (done.status, "clientCredentials" in done.out) == (0, True), done


def test_the_same_login_is_tried_live(project: Project, run: Run) -> None:
    done = run("resolve", project.credential(CLIENT, "client_credentials"))
    assert "clientCredentials" in done.out


@pytest.mark.parametrize("base", ["oauth2", "client_credentials"])
def test_reports_name_the_type(project: Project, run: Run, base: str) -> None:
    spec = project.credential("n8n: {type: oAuth2Api}\n", base)
    (found,) = json.loads(run("doctor", spec, "--format", "json").out)["credentials"]
    assert found["n8n_type"] == "oAuth2Api"
    assert f'<span class="quiet">{base} (oAuth2Api), sandbox' in run("doctor", spec, "--format", "html").out  # fmt: skip
    spec = project.credential("description: x\n", base)
    (found,) = json.loads(run("doctor", spec, "--format", "json").out)["credentials"]
    assert found["n8n_type"] == "salesforceOAuth2Api"
    assert f'<span class="quiet">{base}, sandbox' in run("doctor", spec, "--format", "html").out
