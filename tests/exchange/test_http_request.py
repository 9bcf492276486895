"""Allowed HTTP Request Domains: what a spec means, what render writes, and import and diff keep."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from sfcred.n8n.http_domains import AllowedDomains, read_allowed
from tests.conftest import Outcome
from tests.exchange.test_import import jwt_entry, oauth2_entry, write
from tests.helpers.material import Workshop
from tests.helpers.project import CONSUMER_KEY, CONSUMER_SECRET, Project

Run = Callable[..., Outcome]
HOST = "acme--uat.sandbox.my.salesforce.com"


def fields(project: Project, run: Run, fragment: str, base: str = "jwt") -> dict[str, Any]:
    """Return the two fields of a rendered credential."""
    spec = project.credential(fragment, base)
    done = run("render", spec, "-o", "out.json", "--force", "--no-check")
    assert done.status == 0, done
    (entry,) = json.loads(Path("out.json").read_text(encoding="utf-8"))
    return {key: value for key, value in entry["data"].items() if "allowed" in key}


def domains(*hosts: str) -> dict[str, str]:
    return {"allowedHttpRequestDomains": "domains", "allowedDomains": ", ".join(hosts)}


LIST = "n8n: {http_request: [API.acme.com, '*.acme.com']}\n"


@pytest.mark.parametrize(
    ("fragment", "base", "expected"),
    [
        ("{}\n", "jwt", {"allowedHttpRequestDomains": "none"}),
        ("{}\n", "oauth2", {"allowedHttpRequestDomains": "none"}),
        ("n8n: {http_request: none}\n", "jwt", {"allowedHttpRequestDomains": "none"}),
        ("n8n: {http_request: any}\n", "oauth2", {"allowedHttpRequestDomains": "all"}),
        ("n8n: {http_request: org}\n", "jwt", domains(HOST)),
        ("n8n: {http_request: org}\n", "oauth2", domains(HOST)),
        ("n8n: {http_request: org, version: null}\n", "oauth2", domains(HOST)),
        (LIST, "oauth2", domains("api.acme.com", "*.acme.com")),
        # For JWT, n8n applies the list to its own login, too.
        (LIST, "jwt", domains("api.acme.com", "*.acme.com", HOST)),
        (f"n8n: {{http_request: [{HOST}]}}\n", "jwt", domains(HOST)),
        ("n8n: {http_request: ['*.salesforce.com']}\n", "jwt", domains("*.salesforce.com")),
        (
            "n8n: {http_request: ['*.test.salesforce.com'], version: 2.19.0}\n",
            "jwt",
            domains("*.test.salesforce.com", "test.salesforce.com"),
        ),
        (
            "n8n: {http_request: [a.com], version: 2.19.0}\n",
            "jwt",
            domains("a.com", "test.salesforce.com"),
        ),
        (
            "n8n: {http_request: [a.com]}\nmy_domain: null\nenvironment: production\n",
            "jwt",
            domains("a.com", "login.salesforce.com"),
        ),
        ("n8n: {http_request: none, version: 1.109.9}\n", "jwt", {}),
        ("n8n: {version: 1.110.0}\n", "jwt", {"allowedHttpRequestDomains": "none"}),
    ],
)
def test_what_render_writes(
    project: Project, run: Run, fragment: str, base: str, expected: dict[str, str]
) -> None:
    assert fields(project, run, fragment, base) == expected


@pytest.mark.parametrize("my_domain", ["null", "https://test.salesforce.com", "'https://'"])
def test_org_needs_the_org_s_address(project: Project, run: Run, my_domain: str) -> None:
    spec = project.credential(f"n8n: {{http_request: org}}\nmy_domain: {my_domain}\n")
    done = run("render", spec, "-o", "out.json", "--no-check")
    assert done.status == 1, done
    assert not Path("out.json").exists()
    if "//'" not in my_domain:  # it has its own finding
        assert "http_request: org needs my_domain" in run("doctor", spec).out


@pytest.mark.parametrize(
    "value",
    ["Org", "all", "[]", "[https://acme.com]", "['acme.com:443']", "['a b']", "['*']", "'a.com'", "true"],
)  # fmt: skip
def test_anything_else_is_an_error(project: Project, run: Run, value: str) -> None:
    done = run("doctor", project.credential(f"n8n: {{http_request: {value}}}\n"))
    assert done.status == 1, done
    assert "SFC002" in done.out
    assert "n8n.http_request" in done.out


@pytest.mark.parametrize(
    ("data", "allowed"),
    [
        ({}, AllowedDomains("all")),
        ({"allowedHttpRequestDomains": "all"}, AllowedDomains("all")),
        ({"allowedHttpRequestDomains": "nonsense"}, AllowedDomains("all")),
        ({"allowedHttpRequestDomains": None}, AllowedDomains("all")),
        ({"allowedHttpRequestDomains": "none", "allowedDomains": "a"}, AllowedDomains("none")),
        (domains(" A.com. ", "*.b.com", ""), AllowedDomains("domains", ("a.com", "*.b.com"))),
        (domains("https://a.com", "b.com:443", "*."), AllowedDomains("domains")),
        ({"allowedHttpRequestDomains": "domains"}, AllowedDomains("domains")),
    ],
)
def test_what_n8n_reads(data: dict[str, object], allowed: AllowedDomains) -> None:
    assert read_allowed(data) == allowed


JWT = {
    "environment": "sandbox",
    "clientId": CONSUMER_KEY,
    "username": "n8n@acme.com.uat",
    "myDomainUrl": f"https://{HOST}",
}
OAUTH2 = {
    "environment": "sandbox",
    "clientId": CONSUMER_KEY,
    "clientSecret": CONSUMER_SECRET,
    "authUrl": f"https://{HOST}/services/oauth2/authorize?prompt=login",
    "accessTokenUrl": f"https://{HOST}/services/oauth2/token",
}


@pytest.mark.parametrize("kind", ["salesforceJwtApi", "salesforceOAuth2Api"])
@pytest.mark.parametrize(
    ("stored", "wanted"),
    [
        ({}, "any"),
        ({"allowedHttpRequestDomains": "all"}, "any"),
        ({"allowedHttpRequestDomains": "none"}, "none"),
        ({"allowedHttpRequestDomains": "none", "allowedDomains": "left.over.com"}, "none"),
        (domains(HOST), "org"),
        (domains(HOST.upper()), "org"),
        (domains("*.acme.com", HOST), ["*.acme.com", HOST]),
        (domains("*.salesforce.com"), ["*.salesforce.com"]),
        (domains(HOST, "", "1.2.3.4", "no"), [HOST, "1.2.3.4", "no"]),
        # A list without hosts allows none.
        (domains(), "none"),
        (domains(" ", ""), "none"),
        (domains("https://acme.com"), "none"),
        ({"allowedHttpRequestDomains": "domains"}, "none"),
    ],
)
def test_what_import_keeps(
    project: Project, run: Run, kind: str, stored: dict[str, str], wanted: object
) -> None:
    """And diff against the same export says that nothing differs."""
    jwt = {**JWT, "privateKey": project.workshop.text("rsa-2048")}
    data = {**(jwt if kind == "salesforceJwtApi" else OAUTH2), **stored}
    export = [{"id": "one", "name": "Acme", "type": kind, "data": data}]
    Path("export.json").write_text(json.dumps(export), encoding="utf-8")
    done = run("import", "export.json", "--n8n-version", "2.40.5")
    assert done.status == 0, done
    spec = yaml.safe_load(Path("credentials/acme.yaml").read_text(encoding="utf-8"))
    assert spec["n8n"]["http_request"] == wanted
    compared = run("diff", "--export", "export.json")
    assert compared.status == 0, compared
    assert "1 same" in compared.out


def test_a_list_from_an_expression_is_not_none(project: Project, run: Run) -> None:
    spec = project.credential("n8n: {http_request: none}\n", "oauth2")
    entry = {"id": "acmeCrm000000001", "name": "Acme CRM", "type": "salesforceOAuth2Api"}
    stored = domains("={{ $vars.hosts }}")
    Path("export.json").write_text(
        json.dumps([{**entry, "data": {**OAUTH2, **stored}}]), encoding="utf-8"
    )
    out = run("diff", spec, "--export", "export.json", "--format", "json").out
    assert {
        "field": "allowedHttpRequestDomains", "n8n": "domains", "spec": "none"
    } in json.loads(out)["credentials"][0]["changes"]  # fmt: skip


@pytest.mark.parametrize(
    ("stored", "is_same"),
    [
        ({}, False),
        ({"allowedHttpRequestDomains": "all"}, False),
        ({"allowedHttpRequestDomains": "none"}, False),
        (domains("b.com"), False),
        (domains("b.com", "a.com"), True),
        (domains("A.com.", "b.com", "https://ignored.com"), True),
        (domains("a.com", "b.com", "c.com"), False),
    ],
)
def test_what_diff_compares(
    project: Project, run: Run, stored: dict[str, str], *, is_same: bool
) -> None:
    spec = project.credential("n8n: {http_request: [a.com, b.com]}\n", "oauth2")
    assert run("render", spec, "-o", "out.json", "--no-check").status == 0
    (entry,) = json.loads(Path("out.json").read_text(encoding="utf-8"))
    kept = {key: value for key, value in entry["data"].items() if "allowed" not in key}
    entry["data"] = {**kept, **stored}
    Path("export.json").write_text(json.dumps([entry]), encoding="utf-8")
    done = run("diff", spec, "--export", "export.json")
    assert done.status == (0 if is_same else 1), done
    assert ("allowedHttpRequestDomains" in done.out) is not is_same


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ({}, "all"),
        ({"allowedHttpRequestDomains": "none"}, "none"),
        ({"allowedHttpRequestDomains": "canary"}, "all"),
        (domains("b.com"), "b.com"),
        (domains("b.com", "https://ada:canary@a.com"), "b.com"),
        (domains("={{ $vars.canary }}"), "domains"),
    ],
)
def test_diff_shows_the_hosts(
    project: Project, run: Run, stored: dict[str, str], shown: str
) -> None:
    spec = project.credential("n8n: {http_request: org}\n", "oauth2")
    entry = {"id": "acmeCrm000000001", "name": "Acme CRM", "type": "salesforceOAuth2Api"}
    Path("export.json").write_text(
        json.dumps([{**entry, "data": {**OAUTH2, **stored}}]), encoding="utf-8"
    )
    out = run("diff", spec, "--export", "export.json", "--format", "json").out
    assert "canary" not in out
    (one,) = json.loads(out)["credentials"]
    change = {"field": "allowedHttpRequestDomains", "n8n": shown, "spec": HOST}
    assert change in one["changes"]


def test_an_n8n_without_the_field_is_not_compared(project: Project, run: Run) -> None:
    spec = project.credential("n8n: {version: 1.109.9, http_request: any}\n", "oauth2")
    assert run("render", spec, "-o", "out.json", "--no-check").status == 0
    (entry,) = json.loads(Path("out.json").read_text(encoding="utf-8"))
    entry["data"] |= {"allowedHttpRequestDomains": "none"}
    Path("export.json").write_text(json.dumps([entry]), encoding="utf-8")
    compared = run("diff", spec, "--export", "export.json")
    assert "1 same" in compared.out, compared


@pytest.mark.parametrize(
    ("stored", "why"),
    [
        ({"allowedHttpRequestDomains": "={{ $vars.canary }}"}, "is an expression"),
        (domains("={{ $vars.canary }}"), "is an expression"),
        (domains("={{ 'a.com' }}"), "is an expression"),
        ({**domains(), "allowedDomains": ["canary"]}, "is not a text"),
        (domains(*(f"canary{number}.com" for number in range(501))), "has more hosts"),
        (domains("canary." * 40 + "com"), "has a host with more than 253 characters"),
    ],
)
def test_what_no_spec_can_hold(
    project: Project, run: Run, stored: dict[str, object], why: str
) -> None:
    export = [{"id": "1", "name": "A", "type": "salesforceOAuth2Api", "data": {**OAUTH2, **stored}}]
    Path("export.json").write_text(json.dumps(export), encoding="utf-8")
    done = run("import", "export.json", "--n8n-version", "2.40.5")
    assert why in done.out + done.err, done
    assert "canary" not in done.out + done.err
    assert not Path("credentials").exists()


def test_a_profile_can_set_it(project: Project, run: Run) -> None:
    profiles = "profiles: {uat: {n8n: {http_request: org}}}\nn8n: {http_request: none}\n"
    assert fields(project, run, profiles) == domains(HOST)


@pytest.mark.parametrize(
    ("value", "words"),
    [("none", "None"), ("any", "All"), ("org", f"Specific Domains: {HOST}")],
)
def test_guide_and_resolve_name_it(project: Project, run: Run, value: str, words: str) -> None:
    spec = project.credential(f"n8n: {{http_request: {value}}}\n")
    guide = run("guide", spec).out
    assert "Allowed HTTP Request Domains" in guide
    assert words in guide
    assert "n8n_http_request" in run("resolve", spec).out


@pytest.mark.parametrize("value", ["'*.com'", "[a.com, '*.io']", "any"])
def test_a_whole_top_level_domain_is_anywhere(project: Project, run: Run, value: str) -> None:
    value = value if value.startswith("[") or value == "any" else f"[{value}]"
    done = run("doctor", project.credential(f"n8n: {{http_request: {value}}}\n"))
    assert done.out.count("SFC511 token-may-go-anywhere") == 1, done


@pytest.mark.parametrize(
    ("version", "fixed"),
    [
        ("1.64.0", "1.123.67"),
        ("1.120.4", "1.123.67"),
        ("1.123.66", "1.123.67"),
        ("1.123.67", None),
        ("2.0.0", "2.31.5"),
        ("2.17.5", "2.31.5"),
        ("2.26.1", "2.31.5"),
        ("2.31.5", None),
        ("2.32.0", "2.32.1"),
        ("2.32.1", None),
        ("2.41.3", None),
    ],
)
def test_versions_that_hand_out_credentials(
    project: Project, run: Run, version: str, fixed: str | None
) -> None:
    spec = project.credential(f"n8n: {{version: {version}}}\n")
    out = run("doctor", spec, "--select", "SFC512").out
    assert ("SFC512" in out) is (fixed is not None)
    if fixed:
        assert f"Update n8n to {fixed} or later." in out
        assert "GHSA-6qc9-mqvw-jg7x" in out
        assert "table of 2026-" in out
    assert ("GHSA-v4pr-fm98-w9pg" in out) is (version == "1.120.4")


def test_without_a_version_nothing_is_claimed(project: Project, run: Run) -> None:
    spec = project.credential("n8n: {version: null}\n")
    done = run("doctor", spec, "--select", "SFC511,SFC512")
    assert done.status == 0, done
    assert "n8n.version is not set" in done.out


@pytest.mark.parametrize("hosts", ["api.acme.com", "*.acme.org, api.acme.com", HOST, "localhost"])
def test_a_list_comes_back_as_it_was(run: Run, workshop: Workshop, hosts: str) -> None:
    """The login's host, which sfcred adds for JWT, is no difference if only n8n lacks it."""
    entries = [jwt_entry(workshop), oauth2_entry()]
    for entry in entries:
        entry["data"] |= {"allowedHttpRequestDomains": "domains", "allowedDomains": hosts}
    source = write(*entries)
    run("import", source, "--n8n-version", "2.41.1")
    done = run("diff", "--export", source)
    assert (done.status, "2 same" in done.out) == (0, True), done


def test_a_host_of_the_login_that_the_spec_lists_is_missed(run: Run, workshop: Workshop) -> None:
    entry = jwt_entry(workshop)
    login = entry["data"]["myDomainUrl"].removeprefix("https://").rstrip("/")
    entry["data"] |= {
        "allowedHttpRequestDomains": "domains", "allowedDomains": f"api.acme.com, {login}",
    }  # fmt: skip
    run("import", write(entry), "--n8n-version", "2.41.1")
    entry["data"]["allowedDomains"] = "api.acme.com"
    done = run("diff", "--export", write(entry))
    assert (done.status, "allowedDomains" in done.out or "api.acme.com" in done.out) == (1, True)
