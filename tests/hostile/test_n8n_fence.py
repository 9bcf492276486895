"""The fence and n8n: nothing that n8n imports may make it send secrets outside the fence.

The tests work out where n8n sends from the output of `render`, as n8n's own code does (n8n 2.40.5 and
2.41.1 were run, and the code of nodes-base 2.19.0 and 2.20.0 was read), not from sfcred's own model.
"""

import json
import re
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from pytest_httpx import HTTPXMock

from tests.conftest import Outcome
from tests.helpers.n8n_api import API_KEY, URL, N8n
from tests.helpers.project import CONSUMER_KEY, CONSUMER_SECRET, REFRESH_TOKEN, Project

Run = Callable[..., Outcome]
OWN = "acme--uat.sandbox.my.salesforce.com"
GENERAL = {"sandbox": "test.salesforce.com", "production": "login.salesforce.com"}
OTHER = "acme.my.salesforce.com"
HOSTS = (OWN, *GENERAL.values(), OTHER)
FENCES = [fence for size in (1, 2, 3) for fence in combinations(HOSTS, size)]
VERSIONS = ("1.41.1", "2.19.5", "2.20.0", "2.40.7", "2.41.0", "2.41.3", "3.0.0")
NO_TOKEN = "oauth2: {refresh_token: null}\napp: {scopes: [full, refresh_token]}\n"
GENERIC = "n8n: {type: oAuth2Api}\n"
FLOWS = {
    "jwt": ("jwt", "{}\n"),
    "oauth2": ("oauth2", NO_TOKEN),
    "oauth2 with a token": ("oauth2", "{}\n"),
    "generic": ("oauth2", GENERIC + "oauth2: {refresh_token: null}\n"),
    "generic with a token": ("oauth2", GENERIC),
    "generic client": ("client_credentials", GENERIC),
}


def n8n_contacts(entry: dict[str, Any], version: str) -> set[str]:
    """Return the hosts to which an n8n of a version sends secrets of an imported credential."""
    release = tuple(map(int, version.split(".")))
    data = entry["data"]
    if entry["type"] == "oAuth2Api":  # its nodes call what http_request allows
        named = [url for field in ("authUrl", "accessTokenUrl") if (url := data.get(field))]
        return {*map(host, named), data.get("allowedDomains", OWN)}
    general = f"https://{GENERAL['sandbox' if data['environment'] == 'sandbox' else 'production']}"
    if entry["type"] == "salesforceJwtApi":
        field = data.get("myDomainUrl") if release >= (2, 20, 0) else None
        return {host(field or general)}
    stored = data if release < (2, 41, 0) else {}
    urls = {stored.get("authUrl") or general, stored.get("accessTokenUrl") or general}
    if instance := data.get("oauthTokenData", {}).get("instance_url"):
        urls.add(instance)
    return {host(url) for url in urls}


def host(url: str) -> str:
    return urlsplit(url).hostname or ""


def spec(project: Project, flow: str, version: str | None, more: str = "") -> Path:
    base, fragment = FLOWS[flow]
    path = project.credential(fragment, base)
    line = "" if version is None else f'  version: "{version}"\n'
    text = path.read_text(encoding="utf-8").replace("  version: 2.40.5\n", line)
    assert "2.40.5" not in text
    path.write_text(f"{text}{more}", encoding="utf-8")
    return path


def fenced(fence: tuple[str, ...]) -> list[str]:
    return [part for name in fence for part in ("--org-host", name)]


def rendered(run: Run, path: Path, *options: str) -> dict[str, Any] | None:
    """Return what render wrote, or None if it refused."""
    out = Path("out.json")
    out.unlink(missing_ok=True)
    done = run("render", path, "-o", out, *options)
    assert done.status == (0 if out.exists() else 1), done
    for secret in (CONSUMER_KEY, CONSUMER_SECRET, REFRESH_TOKEN):
        assert secret not in done.out + done.err
    if not out.exists():
        return None
    entry: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))[0]
    return entry


def outside(run: Run, path: Path, *options: str) -> list[str]:
    """Return doctor's findings about the fence."""
    done = run("doctor", path, "--select", "SFC114", "--format", "json", *options)
    report = json.loads(done.out)
    assert not [one for one in report["not_checked"] if one["check"] == "SFC114"]
    return [one["message"] for one in report["findings"] if one["check"] == "SFC114"]


@pytest.mark.parametrize("version", [*VERSIONS, None])
@pytest.mark.parametrize("flow", FLOWS)
def test_n8n_sends_to_hosts_inside_only(
    project: Project, run: Run, flow: str, version: str | None
) -> None:
    path = spec(project, flow, version)
    free = rendered(run, path, "--no-check")
    assert free is not None
    wanted = set().union(*(n8n_contacts(free, one) for one in ([version] if version else VERSIONS)))
    wanted |= {OWN}  # a credential of another org is refused, although n8n may never call that org
    for fence in FENCES:
        is_inside = wanted <= set(fence)
        written = rendered(run, path, "--no-check", *fenced(fence))
        assert (written == free) if is_inside else (written is None), (fence, wanted)
        found = outside(run, path, *fenced(fence))
        assert len(found) == len(wanted - set(fence)), (fence, wanted, found)
        assert all(any(name in text for text in found) for name in wanted - set(fence))


@pytest.mark.parametrize("environment", GENERAL)
@pytest.mark.parametrize("flow", ["jwt", "oauth2"])
@pytest.mark.parametrize("domain", ["null", *GENERAL.values()])
def test_the_general_host_is_that_of_n8n_s_environment_type(
    project: Project, run: Run, flow: str, environment: str, domain: str
) -> None:
    """If n8n ignores my_domain, a general host in it doesn't decide anything."""
    url = domain if domain == "null" else f"https://{domain}"
    for version in ("2.19.5", "2.41.3"):
        path = project.credential(
            f'environment: {environment}\nmy_domain: {url}\nn8n: {{version: "{version}"}}\n'
            + FLOWS[flow][1].replace("{}\n", ""),
            FLOWS[flow][0],
        )
        free = rendered(run, path, "--no-check")
        assert free is not None
        wanted = n8n_contacts(free, version) | ({domain} - {"null"})
        for fence in FENCES:
            written = rendered(run, path, "--no-check", *fenced(fence))
            assert (written is not None) == (wanted <= set(fence)), (version, fence)


@pytest.mark.parametrize("options", [(), ("--no-check",), ("--force",), ("--separate",), ("--allow-host", "test.salesforce.com")])  # fmt: skip
@pytest.mark.parametrize("variable", [True, False])
def test_nothing_in_the_repository_opens_the_fence(
    project: Project, run: Run, options: tuple[str, ...], variable: bool
) -> None:
    ignores = "doctor: {ignore: {SFC114: known, SFC502: known, SFC105: known}}\n"
    path = spec(project, "oauth2 with a token", "2.41.3", ignores)
    (project.folder / "sfcred.toml").write_text('ignore = ["SFC114", "SFC502"]\n', encoding="utf-8")
    baseline = run("doctor", path, "--write-baseline", "--org-host", OWN)
    assert baseline.status in (0, 1, 2)
    if variable:
        project.monkeypatch.setenv("SFCRED_ORG_HOSTS", OWN)
    done = run("render", path, "-o", "out", *options, *([] if variable else ["--org-host", OWN]))
    assert (done.status, Path("out").exists()) == (1, False), done
    assert "nothing is sent to test.salesforce.com" in done.err
    assert "n8n 2.41.3 ignores my_domain for OAuth2" in done.err


@pytest.mark.parametrize("flow", [flow for flow in FLOWS if "generic" in flow])
@pytest.mark.parametrize("version", ["2.40.7", "2.41.3", None])
def test_the_generic_credential_leads_nowhere_else(
    project: Project, run: Run, flow: str, version: str | None
) -> None:
    text = spec(project, flow, version).read_text(encoding="utf-8")
    ignores = "doctor: {ignore: {SFC105: known, SFC104: known, SFC107: known, SFC114: known}}\n"
    for evil in (
        f"https://{OWN}.evil.example",
        f"https://{OWN}@evil.example",
        "https://evil.example/",
    ):
        path = project.spec(text.replace(f"https://{OWN}", evil) + ignores)
        for options in ((), ("--force",), ("--separate",), ("--encrypt",)):
            assert rendered_or_refused(run, path, *options) is None, evil


def rendered_or_refused(run: Run, path: Path, *options: str) -> str | None:
    out = Path("evil.json")
    run("render", path, "-o", out, *options)
    return out.read_text(encoding="utf-8") if out.is_file() else None


@pytest.mark.parametrize("version", ["2.40.7", "2.41.3"])
def test_a_kept_token_of_the_generic_credential_is_used_by_its_own_address(
    project: Project, run: Run, version: str
) -> None:
    path = spec(project, "generic", version)
    token = {
        "access_token": "00Dx!y",
        "refresh_token": "5Aepx",
        "instance_url": "https://evil.example",
    }
    data = {"accessTokenUrl": f"https://{OWN}/services/oauth2/token", "oauthTokenData": token}
    entry = {"id": "acmeCrm000000001", "name": "Acme", "type": "oAuth2Api", "data": data}
    Path("export.json").write_text(json.dumps([entry]), encoding="utf-8")
    found = rendered(run, path, "--merge-from", "export.json", "--org-host", OWN)
    assert found is not None
    assert n8n_contacts(found, version) == {OWN}


SCOPES = ["={{ $env.A }}", "= x", "=", '={{ "a" }}', "={{", "=api {{ $secrets.v.k }}"]


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("flow", [flow for flow in FLOWS if "generic" in flow])
def test_no_scope_of_a_spec_runs_as_an_expression_in_n8n(
    project: Project, run: Run, flow: str, scope: str
) -> None:
    path = spec(project, flow, None)
    body = json.dumps([scope, "api", "refresh_token"])
    path.write_text(
        path.read_text(encoding="utf-8").replace("  scopes:\n  - api\n", f"  scopes: {body}\n"),
        encoding="utf-8",
    )
    path.write_text(
        path.read_text(encoding="utf-8").replace("  - refresh_token\n", ""), encoding="utf-8"
    )
    found = rendered(run, path, "--no-check")
    assert found is not None
    stored = found["data"]["scope"]
    assert _is_text_of(stored), stored


def _is_text_of(stored: str) -> bool:
    """Return whether an expression is only a text, in which everything special is escaped."""
    return bool(re.fullmatch(r'=\{\{ "(?:[A-Za-z0-9]|\\u[0-9a-f]{4})*" \}\}', stored))


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("base", ["oauth2", "client_credentials"])
def test_no_scope_runs_as_an_expression_in_the_overwrite(
    project: Project, run: Run, base: str, scope: str
) -> None:
    ignored = "doctor: {ignore: {SFC201: x, SFC204: x, SFC513: x}}\n"
    n8n = 'n8n: {version: "2.41.1"}\n'
    path = project.credential(f"app: {{scopes: [{json.dumps(scope)}, api]}}\n{n8n}{ignored}", base)
    done = run("render", path, "--target", "n8n-overwrite", "--no-check")
    assert done.status == 0, done
    stored = json.loads(done.out)["salesforceOAuth2Api"]["scope"]
    assert _is_text_of(stored), stored


@pytest.mark.parametrize("version", ["2.32.1", "2.40.7", "2.41.3", None])
def test_the_overwrite_is_judged_by_where_it_leads(
    project: Project, run: Run, version: str | None
) -> None:
    path = spec(project, "oauth2", version)
    done = run("render", path, "--target", "n8n-overwrite", "--org-host", OWN)
    assert done.status == 0, done
    fields = json.loads(done.out)["salesforceOAuth2Api"]
    assert {host(fields["authUrl"]), host(fields["accessTokenUrl"])} == {OWN}
    for name in (*GENERAL.values(), OTHER):
        done = run("render", path, "--target", "n8n-overwrite", "--org-host", name)
        assert (done.status, done.out) == (1, ""), done
        assert f"nothing is sent to {OWN}" in done.err


def test_a_jwt_credential_beside_doesn_t_keep_the_overwrite_back(
    project: Project, run: Run
) -> None:
    project.credential(FLOWS["oauth2"][1], "oauth2", "specs/a.yaml")
    project.credential(f"name: b\nn8n: {{id: b}}\nmy_domain: https://{OTHER}\n", "jwt", "specs/b.yaml")  # fmt: skip
    options = ("--target", "n8n-overwrite", "--org-host", OWN, "--no-check")
    assert run("render", "specs", *options).status == 0


OTHER_ORGS = (f"https://{OTHER}", "https://evil.example", f"https://{OWN}.evil.example")


@pytest.mark.parametrize(
    "instance",
    [f"https://{OTHER}", "https://evil.example", f"https://{OWN}@evil.example", f"https://{OWN}.evil.example", "", None, 7],
)  # fmt: skip
def test_a_kept_token_leads_nowhere_else(project: Project, run: Run, instance: object) -> None:
    path = spec(project, "oauth2", "2.40.7")
    token = {"access_token": "00Dx!y", "refresh_token": "5Aepx", "instance_url": instance}
    data = {"environment": "sandbox", "clientId": "x", "oauthTokenData": token}
    entry = {"id": "acmeCrm000000001", "name": "Acme", "type": "salesforceOAuth2Api", "data": data}
    Path("export.json").write_text(json.dumps([entry]), encoding="utf-8")
    kept = rendered(run, path, "--no-check", "--merge-from", "export.json")
    assert (kept is None) is (instance in OTHER_ORGS)
    options = ("--no-check", "--merge-from", "export.json", "--org-host", OWN)
    assert rendered(run, path, *options) is None
    token["instance_url"] = f"https://{OWN}"
    Path("export.json").write_text(json.dumps([entry]), encoding="utf-8")
    assert rendered(run, path, *options) is not None


@pytest.mark.parametrize(
    ("flow", "version", "hosts"),
    [
        ("jwt", "2.19.5", {OWN, "test.salesforce.com"}),
        ("jwt", "2.20.0", {OWN}),
        ("jwt", "2.41.3", {OWN}),
        ("oauth2", "2.41.0", {OWN, "test.salesforce.com"}),
        ("oauth2 with a token", "2.41.3", {OWN, "test.salesforce.com"}),
    ],
)
def test_push_hands_over_what_stays_inside_only(
    project: Project, run: Run, httpx_mock: HTTPXMock, flow: str, version: str, hosts: set[str]
) -> None:
    project.monkeypatch.setenv("N8N_API_KEY", API_KEY)
    n8n = N8n(httpx_mock)
    path = spec(project, flow, version)
    for fence in FENCES:
        n8n.bodies.clear()
        n8n.entries.clear()
        (project.folder / ".sfcred/state.json").unlink(missing_ok=True)
        done = run("push", path, "--n8n", URL, "--yes", "--no-check", *fenced(fence))
        is_inside = hosts <= set(fence)
        assert (done.status, bool(n8n.sent("POST"))) == ((0, True) if is_inside else (1, False)), (done, fence)  # fmt: skip
        assert is_inside or "refused    acme-crm: nothing is sent to" in done.out


def test_one_outside_doesn_t_keep_the_others_from_being_pushed(
    project: Project, run: Run, httpx_mock: HTTPXMock
) -> None:
    project.monkeypatch.setenv("N8N_API_KEY", API_KEY)
    n8n = N8n(httpx_mock)
    project.credential('n8n: {version: "2.41.1"}\n', "jwt", "specs/a.yaml")
    fragment = (
        'name: b\nn8n: {id: b, name: Second, version: "2.41.1"}\napp: {type: connected_app}\n'
    )
    project.credential(fragment, "oauth2", "specs/b.yaml")
    project.material("specs/acme.key", "rsa-2048")
    project.material("specs/acme.crt", "certificate")
    done = run("push", "specs", "--n8n", URL, "--yes", "--org-host", OWN)
    assert done.status == 1, done
    assert [body["name"] for body in n8n.sent("POST")] == ["Acme CRM"]
    assert "refused    b: nothing is sent to test.salesforce.com" in done.out


@pytest.mark.parametrize("overlay", [f"my_domain: https://{OTHER}", 'n8n: {version: "2.41.3"}', "environment: production\n    my_domain: null"])  # fmt: skip
def test_a_profile_is_judged_as_it_is_laid_over(project: Project, run: Run, overlay: str) -> None:
    path = spec(project, "oauth2", "2.40.7", f"profiles:\n  inside: {{}}\n  swapped:\n    {overlay}\n")  # fmt: skip
    options = ("--no-check", "--org-host", OWN)
    assert rendered(run, path, "--profile", "inside", *options) is not None
    assert rendered(run, path, "--profile", "swapped", *options) is None
    assert outside(run, path, "--profile", "inside", "--org-host", OWN) == []
    assert outside(run, path, "--profile", "swapped", "--org-host", OWN) != []


def test_without_a_fence_the_general_hosts_are_fine(project: Project, run: Run) -> None:
    for flow in FLOWS:
        for version in (*VERSIONS, None):
            path = spec(project, flow, version)
            assert rendered(run, path, "--no-check") is not None
            assert outside(run, path) == []


@pytest.mark.parametrize("options", [(), ("--org-host", "test.salesforce.com"), ("--no-check", "--org-host", "test.salesforce.com")])  # fmt: skip
def test_an_n8n_of_2021_would_send_to_its_example(
    project: Project, run: Run, options: tuple[str, ...]
) -> None:
    """n8n-nodes-base 0.68.1: people type the token URL, and its default is a stranger's."""
    fragment = f"my_domain: null\n{NO_TOKEN}"
    path = project.credential(fragment + 'n8n: {version: "0.120.0"}\n', "oauth2")
    ignore = (
        "doctor: {ignore: {SFC114: x, SFC106: x, SFC508: x, SFC502: x, SFC202: x, SFC512: x}}\n"
    )
    path.write_text(path.read_text(encoding="utf-8") + ignore, encoding="utf-8")
    done = run("render", path, "-o", "out.json", *options)
    assert (done.status, Path("out.json").exists()) == (1, False)
    assert "nothing is sent to yourcompany.salesforce.com" in done.err
    path = project.credential(fragment + 'n8n: {version: "0.138.0"}\n', "oauth2")
    assert run("render", path, "-o", "out.json", "--no-check", *options[-2:]).status == 0
