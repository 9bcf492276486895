"""A token that n8n keeps from another org is never taken for the spec's."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytest_httpx import HTTPXMock

from sfcred.salesforce.hosts import classify
from sfcred.salesforce.same_org import are_different_orgs
from tests.conftest import Outcome
from tests.helpers.n8n_api import API_KEY, URL, N8n
from tests.helpers.project import REFRESH_TOKEN, Project

Run = Callable[..., Outcome]
ID = "acmeCrm000000001"
PRODUCTION = "https://acme.my.salesforce.com"
UAT = "https://acme--uat.sandbox.my.salesforce.com"
#: Another org's token in n8n: a sandbox's, another customer's, one of an older or a page's address.
OTHERS = [UAT, "https://beta.my.salesforce.com", "https://acme--uat.cs12.my.salesforce.com",
          "https://acme--uat.sandbox.lightning.force.com", "https://cs12.salesforce.com"]  # fmt: skip
SAME = [PRODUCTION, "https://acme.lightning.force.com", "https://na123.salesforce.com", "", None, 7]
NEW = '{environment: production, my_domain: "%s", n8n: {version: "2.41.1"}, %s}\n'
NO_TOKEN = "oauth2: {refresh_token: null}"


def spec(project: Project, my_domain: str = PRODUCTION, more: str = NO_TOKEN) -> Path:
    return project.credential(NEW % (my_domain, more), "oauth2", "specs/a.yaml")


def export(run: Run, path: Path, instance: object) -> list[dict[str, Any]]:
    """Write what n8n exports of the spec, with a token of an org."""
    Path("export.json").unlink(missing_ok=True)
    done = run("render", path, "-o", "export.json", "--no-check", "--force")
    assert done.status == 0, done
    entries: list[dict[str, Any]] = json.loads(Path("export.json").read_text(encoding="utf-8"))
    token = {"access_token": "00D!x", "refresh_token": REFRESH_TOKEN, "instance_url": instance}
    entries[0]["data"]["oauthTokenData"] = token
    Path("export.json").write_text(json.dumps(entries), encoding="utf-8")
    return entries


@pytest.mark.parametrize("instance", OTHERS)
@pytest.mark.parametrize("more", [NO_TOKEN, ""])
def test_diff_shows_it_and_merging_refuses_it(
    project: Project, run: Run, instance: str, more: str
) -> None:
    path = spec(project, more=more)
    export(run, path, instance)
    done = run("diff", path, "--export", "export.json")
    assert (done.status, "differs in oauthTokenData" in done.out) == (1, True), done
    assert f"n8n has `{instance}`, the spec has `{PRODUCTION}`" in done.out
    assert "connect it again in n8n" in done.out
    merged = run("render", path, "-o", "m.json", "--no-check", "--merge-from", "export.json")
    assert (merged.status, Path("m.json").exists()) == (1, False), merged
    assert "isn't the spec's org (acme.my.salesforce.com)" in merged.err


@pytest.mark.parametrize("instance", SAME)
def test_what_is_the_org_s_own_or_tells_nothing_is_kept(
    project: Project, run: Run, instance: object
) -> None:
    path = spec(project)
    export(run, path, instance)
    assert run("diff", path, "--export", "export.json").status == 0
    assert run("render", path, "-o", "m.json", "--no-check", "--merge-from", "export.json").status == 0  # fmt: skip


def test_a_newer_consent_of_the_spec_needs_no_old_token(
    project: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = spec(project, more="")
    export(run, path, UAT)
    monkeypatch.setenv("ACME_REFRESH_TOKEN", "5Aep861renewed" + REFRESH_TOKEN[14:])
    done = run("render", path, "-o", "m.json", "--no-check", "--merge-from", "export.json")
    assert done.status == 0, done
    (entry,) = json.loads(Path("m.json").read_text(encoding="utf-8"))
    assert entry["data"]["oauthTokenData"]["instance_url"] == PRODUCTION


def test_without_my_domain_the_environment_decides(project: Project, run: Run) -> None:
    path = project.credential(
        "{environment: production, my_domain: null, oauth2: {refresh_token: null}}\n", "oauth2"
    )
    export(run, path, UAT)
    assert "differs in oauthTokenData" in run("diff", path, "--export", "export.json").out
    export(run, path, PRODUCTION)
    assert run("diff", path, "--export", "export.json").status == 0


@pytest.mark.parametrize(
    ("base", "more"),
    [
        ("client_credentials", '{my_domain: "%s", n8n: {version: "2.40.5"}}'),
        ("oauth2", '{my_domain: "%s", n8n: {version: "2.41.1", type: oAuth2Api}}'),
    ],
)
def test_other_flows_and_types(project: Project, run: Run, base: str, more: str) -> None:
    path = project.credential(more % UAT + "\n", base)
    export(run, path, "https://acme--dev.sandbox.my.salesforce.com")
    assert "differs in oauthTokenData" in run("diff", path, "--export", "export.json").out
    export(run, path, UAT)
    assert run("diff", path, "--export", "export.json").status == 0


@pytest.mark.parametrize(("token", "status"), [("00D!cached", 1), ("", 0)])
def test_a_session_of_jwt(project: Project, run: Run, token: str, status: int) -> None:
    path = project.credential(f'{{my_domain: "{UAT}"}}\n')
    entries = export(run, path, UAT)
    entries[0]["data"] |= {"accessToken": token, "instanceUrl": "https://beta.my.salesforce.com"}
    Path("export.json").write_text(json.dumps(entries), encoding="utf-8")
    done = run("diff", path, "--export", "export.json")
    assert (done.status, "differs in instanceUrl" in done.out) == (status, bool(status)), done


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ("acme.my.salesforce.com", "acme.my.salesforce.mil", True),
        ("acme.develop.my.salesforce.com", "acme.trailblaze.my.salesforce.com", True),
        ("acme-dev-ed.my.salesforce.com", "acme-dev-ed.develop.my.salesforce.com", False),
        ("acme.scratch.my.salesforce.com", "acme.my.salesforce.com", True),
        ("acme--a.sandbox.my.salesforce.com", "acme--b.sandbox.my.salesforce.com", True),
        ("test.salesforce.com", "acme--b.sandbox.my.salesforce.com", False),
        ("test.salesforce.com", "acme.my.salesforce.com", True),
        ("login.salesforce.com", "na44.salesforce.com", False),
        ("127.0.0.1", "acme.my.salesforce.com", False),
    ],
)
def test_different_orgs(one: str, other: str, differ: bool) -> None:
    assert are_different_orgs(classify(one), classify(other)) is differ
    assert are_different_orgs(classify(other), classify(one)) is differ


@pytest.fixture
def n8n(httpx_mock: HTTPXMock, monkeypatch: pytest.MonkeyPatch) -> N8n:
    monkeypatch.setenv("N8N_API_KEY", API_KEY)
    return N8n(httpx_mock)


def pushed(run: Run, path: Path) -> str:
    done = run("push", path, "--n8n", URL, "--no-check", "--yes", "--no-test")
    return done.out


KEPT = "n8n keeps using the token of the org that it was connected to before"


def test_push_says_that_the_old_org_s_token_stays(project: Project, run: Run, n8n: N8n) -> None:
    pushed(run, spec(project, UAT))
    n8n.entries[ID]["updatedAt"] = "connected"
    path = spec(project, PRODUCTION)  # this version stores nothing of my_domain
    done = run("diff", path, "--n8n", URL)
    assert (done.status, "differs in login" in done.out) == (1, True), done
    out = pushed(run, path)
    assert (KEPT in out, f"login: `{UAT}` -> `{PRODUCTION}`" in out, "done: update" in out) == (True,) * 3, out  # fmt: skip
    done = run("diff", path, "--n8n", URL)
    assert (done.status, "differs in oauthTokenData" in done.out) == (1, True), done
    assert f"unchanged  acme-crm: if it is connected, {KEPT}" in pushed(run, path)
    n8n.entries[ID]["updatedAt"] = "connected again"
    assert "not_compared" in run("diff", path, "--n8n", URL).out
    assert KEPT not in pushed(run, path)


def test_push_sends_the_spec_s_own_token_to_the_new_org(
    project: Project, run: Run, n8n: N8n
) -> None:
    pushed(run, spec(project, UAT, more=""))
    path = spec(project, PRODUCTION, more="")
    assert KEPT not in pushed(run, path)
    _method, body = n8n.bodies[-1]
    assert body["data"]["oauthTokenData"]["instance_url"] == PRODUCTION
    assert run("diff", path, "--n8n", URL).status == 0


SESSION = {"accessToken": "00D!cached", "instanceUrl": UAT}


def jwt_spec(project: Project, more: str = "") -> Path:
    return project.credential(f'{{my_domain: "{UAT}"{more}}}\n')


@pytest.mark.parametrize(
    "more",
    [
        'my_domain: "https://acme--dev.sandbox.my.salesforce.com"',
        "jwt: {username: ada@acme.com.uat}",
        "n8n: {http_request: any}",
    ],
)
def test_an_update_ends_n8n_s_session_of_jwt(
    project: Project, run: Run, n8n: N8n, more: str
) -> None:
    """n8n would go on in the old org, as the old user, until Salesforce ends the session."""
    pushed(run, jwt_spec(project))
    n8n.data[ID] |= SESSION
    path = project.credential(f"{{{more}}}\n")
    assert "done: update" in pushed(run, path)
    assert not SESSION.keys() & n8n.data[ID].keys()


def test_what_an_older_api_can_t_set_stays_as_it_is_in_n8n(
    project: Project, run: Run, n8n: N8n
) -> None:
    n8n.limits_hosts = False
    pushed(run, jwt_spec(project))
    limits = {"allowedHttpRequestDomains": "none"}  # set in n8n's editor
    n8n.data[ID] |= limits
    assert "done: update" in pushed(run, jwt_spec(project, ", n8n: {name: Another}"))
    assert n8n.data[ID].items() >= limits.items()


def test_only_a_new_login_ends_a_session_of_another_org(project: Project, run: Run) -> None:
    path = project.credential(f'{{my_domain: "{UAT}"}}\n')
    entries = export(run, path, UAT)
    entries[0]["data"] |= {**SESSION, "instanceUrl": "https://beta.my.salesforce.com"}
    Path("export.json").write_text(json.dumps(entries), encoding="utf-8")
    done = run("diff", path, "--export", "export.json")
    assert "run `sfcred render` and `n8n import:credentials`, so that n8n logs in again" in done.out
    assert "sfcred push" not in done.out
    project.credential(f'{{my_domain: "{UAT}", profiles: {{uat: {{}}}}}}\n')
    done = run("diff", path, "--export", "export.json")
    assert "run `sfcred render --profile uat` and `n8n import:credentials`, so" in done.out
