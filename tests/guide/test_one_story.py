"""For each flow, type and n8n, all commands say the same: what works, what doesn't, and what instead.

The truth is in one table: whether the credential gets into that n8n, and by which way.
"""

from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest
from pytest_httpx import HTTPXMock

from tests.conftest import Outcome
from tests.helpers.n8n_api import API_KEY, N8n
from tests.helpers.project import Project

Run = Callable[..., Outcome]
WORKSPACE = "https://acme.app.n8n.cloud"
SELF_HOSTED = "https://n8n.acme.com"
CALLBACKS = (
    f"[https://oauth.n8n.cloud/oauth2/callback, {WORKSPACE}/rest/oauth2-credential/callback]"
)
FLOWS = ("jwt", "oauth2", "client_credentials")
VERSIONS = ("null", "2.40.5", "2.41.1")
CASES = [
    (flow, kind, url, version)
    for flow, kind, url, version in product(
        FLOWS, ("null", "oAuth2Api"), (WORKSPACE, SELF_HOSTED), VERSIONS
    )
    if flow != "jwt" or kind == "null"
]
IMPOSSIBLE = "n8n Cloud can't use client credentials in Salesforce nodes"
ONE_BY_ONE = pytest.mark.parametrize(("flow", "kind", "url", "version"), CASES)


def spec_for(project: Project, flow: str, kind: str, url: str, version: str) -> Path:
    app = f"callback_urls: {CALLBACKS}, ip_relaxation: bypass" if url == WORKSPACE else ""
    return project.credential(
        f"n8n: {{deployment: null, type: {kind}, url: {url}, version: {version}}}\napp: {{{app}}}\n",
        flow,
    )


def api_takes(flow: str, kind: str, url: str, version: str) -> bool:
    """Return whether n8n's API takes the credential: not with URLs or a grant of n8n's own type."""
    if flow == "jwt" or kind == "oAuth2Api":
        return True
    if flow == "oauth2":
        return version == "2.41.1"
    return url == SELF_HOSTED and version != "2.40.5"


def is_impossible(flow: str, kind: str, url: str) -> bool:
    return flow == "client_credentials" and kind == "null" and url == WORKSPACE


def needs_overwrite(flow: str, kind: str, version: str) -> bool:
    return flow == "client_credentials" and kind == "null" and version != "2.40.5"


@ONE_BY_ONE
def test_render_writes_what_has_a_way_in(
    project: Project, run: Run, flow: str, kind: str, url: str, version: str
) -> None:
    spec = spec_for(project, flow, kind, url, version)
    done = run("render", spec, "--no-check", "-o", "out.json")
    has_way_in = url == SELF_HOSTED or api_takes(flow, kind, url, version)
    assert done.status == (0 if has_way_in else 1), done
    assert (project.folder / "out.json").exists() is has_way_in
    if url == WORKSPACE:
        assert "import:credentials" not in done.err
        assert ("next: sfcred push" in done.err) is has_way_in
    else:
        assert "next: n8n import:credentials" in done.err
    assert (IMPOSSIBLE in done.err) is is_impossible(flow, kind, url)


@ONE_BY_ONE
def test_push_refuses_what_render_and_the_guide_say_it_would(
    project: Project,
    run: Run,
    httpx_mock: HTTPXMock,
    monkeypatch: pytest.MonkeyPatch,
    flow: str,
    kind: str,
    url: str,
    version: str,
) -> None:
    monkeypatch.setenv("N8N_API_KEY", API_KEY)
    N8n(httpx_mock)
    spec = spec_for(project, flow, kind, url, version)
    done = run("push", spec, "--no-check", "--dry-run", "--n8n", url)
    takes = api_takes(flow, kind, url, version)
    assert ("refused" not in done.out) is takes, done
    assert (IMPOSSIBLE in done.out) is is_impossible(flow, kind, url)
    guide = run("guide", spec).out
    if url == WORKSPACE:
        assert ("sfcred push" in guide) is takes, guide


@ONE_BY_ONE
def test_doctor_and_the_guide_agree(
    project: Project, run: Run, flow: str, kind: str, url: str, version: str
) -> None:
    spec = spec_for(project, flow, kind, url, version)
    found = run("doctor", spec, "--format", "concise").out
    guide = " ".join(run("guide", spec).out.split())
    never, overwrite = is_impossible(flow, kind, url), needs_overwrite(flow, kind, version)
    assert ("SFC513" in found) is (never or overwrite)
    assert (IMPOSSIBLE in found) is (IMPOSSIBLE in guide) is never
    assert ("n8n-overwrite" in guide) is (not never and (overwrite or "SFC502" in found) and url == SELF_HOSTED)  # fmt: skip
    # Whoever has to press Connect is told about the scopes, by both.
    connects = flow == "oauth2" and kind == "null" and url == WORKSPACE and version != "2.41.1"
    assert ("SFC203" in found) is ("add full to the app's Selected OAuth Scopes" in guide)
    assert ("SFC203" in found) is ("Press Connect my account" in guide) is connects
    if never:
        for step in ("Setup", "Salesforce node and set", "--live", "Callback URL"):
            assert step not in guide


@ONE_BY_ONE
def test_what_cannot_use_the_address_names_all_that_can(
    project: Project, run: Run, flow: str, kind: str, url: str, version: str
) -> None:
    spec = spec_for(project, flow, kind, url, version)
    findings = run("doctor", spec, "--select", "SFC502,SFC513", "--format", "github").out
    for line in findings.splitlines():
        if "SFC502" in line or "SFC513" in line:
            assert "JWT flow" in line
            assert "n8n.type: oAuth2Api" in line
    done = run("render", spec, "--target", "n8n-overwrite", "--no-check")
    assert (done.status == 0) is (url == SELF_HOSTED and kind == "null" and (flow == "oauth2" or needs_overwrite(flow, kind, version)))  # fmt: skip


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(("url", "at"), [(WORKSPACE, "flow: "), (SELF_HOSTED, "version: ")])
def test_the_finding_points_at_what_decides(
    project: Project, run: Run, url: str, at: str, version: str
) -> None:
    text = f"n8n:\n  deployment: null\n  url: {url}\n  version: {version}\n"
    out = run("doctor", project.credential(text, "client_credentials"), "--select", "SFC513").out
    if (url, version) == (SELF_HOSTED, "2.40.5"):
        assert "SFC513" not in out
        return
    line = next(line for line in out.splitlines() if " | " in line)
    assert (at if version != "null" or url == WORKSPACE else "n8n:") in line.partition("| ")[2]
    assert "version: 1" not in line


def test_without_a_section_n8n_no_finding_points_at_the_specs_own_version(
    project: Project, run: Run
) -> None:
    spec = project.credential("n8n: null\n", "client_credentials")
    for check in ("SFC513", "SFC507"):
        out = run("doctor", spec, "--select", check).out
        assert check in out
        assert "version: 1" not in out


@pytest.mark.parametrize("kind", ["external_client_app", "connected_app"])
@pytest.mark.parametrize("run_as", ["n8n@acme.com.uat", ""])
def test_client_credentials_name_the_secret_and_the_user_on_the_screens_of_the_app(
    project: Project, run: Run, kind: str, run_as: str
) -> None:
    stated = f"client_credentials: {{run_as: {run_as or 'null'}}}\napp: {{type: {kind}}}\n"
    guide = run("guide", project.credential(stated, "client_credentials")).out
    flat = " ".join(guide.split())
    assert "Consumer Secret goes to: environment variable ACME_CLIENT_SECRET" in flat
    assert f"Run As: {run_as or '(not in the spec: client_credentials.run_as)'}" in flat
    own, other = ("External Client App Manager", "App Manager, the app, Manage, Edit Policies")
    if kind == "connected_app":
        own, other = other, own
    assert own in flat
    assert other not in flat
    assert flat.count("Enable Client Credentials Flow") == (1 if kind == "connected_app" else 2)
    assert ("Username: n8n@acme.com.uat" in flat) is bool(run_as)
