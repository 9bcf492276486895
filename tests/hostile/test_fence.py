"""SFCRED_ORG_HOSTS and --org-host: once the fence is set, nothing is sent to an org outside of it."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from pytest_httpx import HTTPXMock

from tests.conftest import Outcome
from tests.helpers.org_answers import GRANTED, ORGANIZATION, OWN, USER
from tests.helpers.project import Project

Run = Callable[..., Outcome]
FOREIGN = "evil--uat.sandbox.my.salesforce.com"
VARIABLE = "SFCRED_ORG_HOSTS"
NOT_SENT = f"nothing is sent to {FOREIGN}: it is not in SFCRED_ORG_HOSTS or --org-host"


def grants(mock: HTTPXMock, host: str = OWN, **changes: object) -> None:
    """An org that accepts the credential."""
    mock.add_response(url=f"https://{host}/services/oauth2/token", json={**GRANTED, **changes})
    mock.add_response(url=re.compile(r".*/query\?q=.*"), json=ORGANIZATION, is_optional=True)
    mock.add_response(url=re.compile(r".*/userinfo"), json=USER, is_optional=True)


def live(run: Run, spec: object, *options: str) -> tuple[dict[str, Any], Outcome]:
    select = ("--select", "SFC9", "--format", "json")
    done = run("doctor", spec, "--live", *select, *options)
    return (json.loads(done.out) if done.out else {}), done


def reasons(report: dict[str, Any]) -> str:
    return "\n".join(entry["reason"] for entry in report["not_checked"])


# -- outside: nothing is sent


@pytest.mark.parametrize("base", ["jwt", "oauth2"])
@pytest.mark.parametrize(
    "options",
    [
        ("--org-host", OWN),
        ("--org-host", "*.acme.my.salesforce.com", "--org-host", OWN),
        ("--org-host", OWN, "--allow-host", FOREIGN),
    ],
)
def test_an_org_outside_gets_nothing(
    project: Project, run: Run, httpx_mock: HTTPXMock, base: str, options: tuple[str, ...]
) -> None:
    report, done = live(run, project.credential(f"my_domain: https://{FOREIGN}\n", base), *options)
    assert (done.status, httpx_mock.get_requests()) == (4, [])
    assert NOT_SENT in reasons(report)
    assert report["summary"]["unreached"] == 1


def test_not_even_the_discovery_document(
    project: Project, run: Run, httpx_mock: HTTPXMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, OWN)
    spec = project.credential(
        f"my_domain: https://{FOREIGN}\noauth2: {{refresh_token: null}}\n", "oauth2"
    )
    report, done = live(run, spec)
    assert (done.status, httpx_mock.get_requests()) == (4, [])
    assert NOT_SENT in reasons(report)


@pytest.mark.parametrize(
    "host",
    [
        "evil-acme--uat.sandbox.my.salesforce.com",
        "evil.acme--uat.sandbox.my.salesforce.com",
        f"{OWN}.evil.my.salesforce.com",
        "acme.my.salesforce.com",
        "uat.sandbox.my.salesforce.com",
    ],
)
def test_a_look_alike_is_outside(
    project: Project, run: Run, httpx_mock: HTTPXMock, host: str
) -> None:
    spec = project.credential(f"my_domain: https://{host}\n")
    _report, done = live(run, spec, "--org-host", OWN)
    assert done.status in (1, 4)
    assert httpx_mock.get_requests() == []


@pytest.mark.parametrize("environment", ["production", "sandbox"])
def test_the_general_login_hosts_are_outside_unless_named(
    project: Project, run: Run, httpx_mock: HTTPXMock, environment: str
) -> None:
    app = "{type: connected_app, label: n8n}"
    spec = project.credential(f"my_domain: null\nenvironment: {environment}\napp: {app}\n")
    _report, done = live(run, spec, "--org-host", OWN)
    assert (done.status, httpx_mock.get_requests()) == (4, [])


def test_another_general_login_host_is_not_tried_unless_it_is_inside(
    project: Project, run: Run, httpx_mock: HTTPXMock
) -> None:
    audience = {"error": "invalid_grant", "error_description": "audience is invalid"}
    httpx_mock.add_response(json=audience, status_code=400)
    spec = project.credential("my_domain: null\napp: {type: connected_app}\n")
    _report, done = live(run, spec, "--org-host", "test.salesforce.com")
    assert done.status == 1
    asked = [request.url.host for request in httpx_mock.get_requests()]
    assert asked == ["test.salesforce.com"]


def test_a_token_stays_away_from_an_instance_outside(
    project: Project, run: Run, httpx_mock: HTTPXMock
) -> None:
    httpx_mock.add_response(json={**GRANTED, "instance_url": f"https://{FOREIGN}"})
    report, done = live(run, project.credential(), "--org-host", OWN)
    assert done.status == 4
    assert "instance_url in the answer is not in SFCRED_ORG_HOSTS or --org-host" in reasons(report)
    assert [request.url.host for request in httpx_mock.get_requests()] == [OWN]


def test_login_refuses(project: Project, run: Run, httpx_mock: HTTPXMock) -> None:
    spec = project.credential(
        f"my_domain: https://{FOREIGN}\noauth2: {{refresh_token: {{file: token}}}}\n", "oauth2"
    )
    options = ("--no-browser", "--no-check", "--org-host", OWN)
    done = run("login", spec, *options)
    assert done.status == 2, done
    assert NOT_SENT in done.err
    assert "open in your browser" not in done.err
    assert httpx_mock.get_requests() == []


@pytest.mark.parametrize("command", ["doctor", "login"])
def test_the_local_org_is_no_exception(
    project: Project, run: Run, httpx_mock: HTTPXMock, command: str
) -> None:
    spec = project.credential("oauth2: {refresh_token: {file: token}}\n", "oauth2")
    done = run(command, spec, "--local-org", "http://127.0.0.1:1", "--org-host", OWN)
    assert "nothing is sent to 127.0.0.1: it is not in SFCRED_ORG_HOSTS" in done.out + done.err
    assert httpx_mock.get_requests() == []


# -- inside: as without a fence


@pytest.mark.parametrize(
    "value", [OWN, f" {OWN.upper()}. , acme.my.salesforce.com", f"login.salesforce.com,{OWN}"]
)
def test_an_org_inside_is_logged_in_to(
    project: Project,
    run: Run,
    httpx_mock: HTTPXMock,
    monkeypatch: pytest.MonkeyPatch,
    value: str,
) -> None:
    grants(httpx_mock)
    monkeypatch.setenv(VARIABLE, value)
    report, done = live(run, project.credential())
    assert done.status == 0, done
    assert report["summary"]["logged_in"] == 1


def test_a_pattern_means_all_below_and_not_the_name_itself(
    project: Project, run: Run, httpx_mock: HTTPXMock
) -> None:
    below = "uat.acme.sandbox.my-salesforce.com"
    options = ("--org-host", "*.acme.sandbox.my-salesforce.com", "--allow-host", below)
    grants(httpx_mock, below, instance_url=f"https://{below}")
    spec = project.credential(f"my_domain: https://{below}\n")
    report, done = live(run, spec, *options)
    assert report["summary"]["logged_in"] == 1, done
    asked = len(httpx_mock.get_requests())
    for outside in ("acme.sandbox.my-salesforce.com", "uat.evil-acme.sandbox.my-salesforce.com"):
        spec = project.credential(f"my_domain: https://{outside}\n")
        live(run, spec, *options, "--allow-host", outside)
    assert len(httpx_mock.get_requests()) == asked


# -- valid and invalid fences


@pytest.mark.parametrize("value", ["", "  ", ",", " , ,"])
@pytest.mark.parametrize("name", [VARIABLE, VARIABLE.lower()])
def test_an_empty_variable_is_an_error(
    project: Project,
    run: Run,
    httpx_mock: HTTPXMock,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    value: str,
) -> None:
    monkeypatch.setenv(name, value)
    done = run("doctor", project.credential(), "--live")
    assert done.status == 2
    assert f"{VARIABLE} is empty" in done.err
    assert httpx_mock.get_requests() == []


def test_an_empty_option_is_an_error(project: Project, run: Run) -> None:
    done = run("doctor", project.credential(), "--live", "--org-host", "")
    assert done.status == 2
    assert "--org-host: not a host name: (empty)" in done.err


@pytest.mark.parametrize(
    "pattern",
    [
        "*",
        "*.",
        "*.*",
        "*.com",
        "*.salesforce.com",
        "*.MY.Salesforce.com.",
        "*.my.salesforce.com",
        "*.sandbox.my.salesforce.com",
        "*.develop.my.salesforce.com",
        "*.scratch.my.salesforce.com",
        "*.cs12.my.salesforce.com",
        "*.my.salesforce.mil",
        "*.sfcrmproducts.cn",
        "*.my-salesforce.com",
        "*.sandbox.my-salesforce.com",
        "*.force.com",
        "*.my.site.com",
        "*.cn",
    ],
)
def test_what_every_org_matches_is_no_fence(project: Project, run: Run, pattern: str) -> None:
    done = run("doctor", project.credential(), "--live", "--org-host", pattern)
    assert done.status == 2
    assert f"--org-host: {pattern} would allow everybody's orgs" in done.err


@pytest.mark.parametrize(
    "pattern",
    [
        f"https://{OWN}",
        f"{OWN}:443",
        f"{OWN}/",
        f"n8n@{OWN}",
        "acme*.my.salesforce.com",
        "acme.*.my.salesforce.com",
        "*.acme.*.salesforce.com",
        "acme..my.salesforce.com",
        ".acme.my.salesforce.com",
        "**.acme.my.salesforce.com",
        "acmé.my.salesforce.com",
        "\u0430cme.my.salesforce.com",
        "acme.my.salesforce.com\nevil.my.salesforce.com",
        "1.2.3",
        "*.0.0.1",
    ],
)
def test_what_is_no_host_is_refused(project: Project, run: Run, pattern: str) -> None:
    done = run("doctor", project.credential(), "--live", "--org-host", pattern)
    assert done.status == 2
    assert "--org-host: not a host name" in done.err


def test_the_command_line_only_narrows_the_variable(
    project: Project, run: Run, httpx_mock: HTTPXMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, f"{OWN}, acme.my.salesforce.com, *.acme.example.com")
    spec = project.credential()
    for wider in (FOREIGN, "*.uat.example.com", "login.salesforce.com"):
        done = run("doctor", spec, "--live", "--org-host", wider)
        assert done.status == 2
        assert f"--org-host {wider}: not in SFCRED_ORG_HOSTS" in done.err
    report, done = live(run, spec, "--org-host", "acme.my.salesforce.com")
    assert f"nothing is sent to {OWN}" in reasons(report), done
    assert httpx_mock.get_requests() == []


@pytest.mark.parametrize("file", ["sfcred.toml", "pyproject.toml"])
def test_a_file_can_t_set_it(project: Project, run: Run, file: str) -> None:
    head = "[tool.sfcred]\n" if file == "pyproject.toml" else ""
    (project.folder / file).write_text(f'{head}org_hosts = ["{FOREIGN}"]\n', encoding="utf-8")
    done = run("doctor", project.credential())
    assert done.status == 2
    assert "org_hosts can't be set in a file" in done.err
