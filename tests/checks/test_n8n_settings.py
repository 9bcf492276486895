"""What n8n's environment and version tell about logins: the cookie, queue mode, the trigger."""

from collections.abc import Callable, Mapping

import pytest

from sfcred.n8n.settings import callback_needs_session, is_cookie_strict, is_queue_mode
from tests.conftest import Outcome
from tests.helpers.project import Project

Run = Callable[..., Outcome]
ADDRESS = "WEBHOOK_URL=https://n8n.acme.com/\n"


@pytest.mark.parametrize(
    ("environment", "strict", "queue"),
    [
        ({}, False, False),
        ({"N8N_SAMESITE_COOKIE": "strict", "EXECUTIONS_MODE": "queue"}, True, True),
        ({"N8N_SAMESITE_COOKIE": ' "strict" ', "EXECUTIONS_MODE": "'queue'"}, True, True),
        ({"N8N_SAMESITE_COOKIE": "Strict", "EXECUTIONS_MODE": "QUEUE"}, False, False),
        ({"N8N_SAMESITE_COOKIE": "lax", "EXECUTIONS_MODE": "regular"}, False, False),
    ],
)
def test_settings_are_read_as_n8n_reads_them(
    environment: Mapping[str, str], *, strict: bool, queue: bool
) -> None:
    assert is_cookie_strict(environment) is strict
    assert is_queue_mode(environment) is queue


@pytest.mark.parametrize(
    ("value", "old", "new"),
    [(None, False, True), ("true", True, False), ("TRUE", True, False), ("1", False, True)],
)
def test_n8n_1_reads_the_variable_the_other_way_round(
    value: str | None, *, old: bool, new: bool
) -> None:
    environment = {} if value is None else {"N8N_SKIP_AUTH_ON_OAUTH_CALLBACK": value}
    assert callback_needs_session(environment, (1, 99, 1)) is old
    assert callback_needs_session(environment, (2, 0, 0)) is new
    assert callback_needs_session(environment, None) is new


def found(project: Project, run: Run, check: str, text: str, fragment: str, base: str) -> bool:
    project.material("n8n.env", f"text:{text}")
    spec = project.credential(fragment, base)
    done = run("doctor", spec, "--select", check)
    assert done.status in (0, 4), done
    return f"{check} " in done.out.partition("not checked:")[0]


ROTATING = "app: {refresh_token_rotation: true}\noauth2: {refresh_token: null}\n"


@pytest.mark.parametrize(
    ("version", "mode", "expected"),
    [
        ("2.28.6", "queue", True),
        ("1.123.81", "queue", True),
        ("2.29.0", "queue", False),
        ("2.28.6", "regular", False),
        ("2.28.6", "", False),
    ],
)
def test_queue_mode_rotates_safely_only_with_the_lock(
    project: Project, run: Run, version: str, mode: str, *, expected: bool
) -> None:
    fragment = f"n8n: {{env_file: n8n.env, version: {version}}}\n{ROTATING}"
    text = f"{ADDRESS}EXECUTIONS_MODE={mode}\n"
    assert found(project, run, "SFC609", text, fragment, "oauth2") is expected


def test_a_compose_file_tells_queue_mode_too(project: Project, run: Run) -> None:
    text = "services: {n8n: {image: n8nio/n8n, environment: {EXECUTIONS_MODE: queue}}}\n"
    project.material("c.yaml", f"text:{text}")
    spec = project.credential(f"n8n: {{env_file: c.yaml, version: 2.28.6}}\n{ROTATING}", "oauth2")
    assert "in queue mode refresh them" in run("doctor", spec, "--select", "SFC609").out


def test_queue_mode_without_a_version_is_not_judged(project: Project, run: Run) -> None:
    project.material("n8n.env", f"text:{ADDRESS}EXECUTIONS_MODE=queue\n")
    spec = project.credential(f"n8n: {{env_file: n8n.env, version: null}}\n{ROTATING}", "oauth2")
    assert "SFC609 for acme-crm: n8n.version is not set" in run("doctor", spec).out


STRICT = f"{ADDRESS}N8N_SAMESITE_COOKIE=strict\n"
SKIP = "N8N_SKIP_AUTH_ON_OAUTH_CALLBACK=true\n"


@pytest.mark.parametrize(
    ("text", "version", "base", "expected"),
    [
        (STRICT, "2.40.5", "oauth2", True),
        (STRICT, "2.40.5", "jwt", False),
        (STRICT + SKIP, "2.40.5", "oauth2", False),
        (STRICT, "1.123.81", "oauth2", False),
        (STRICT + SKIP, "1.123.81", "oauth2", True),
        (ADDRESS, "2.40.5", "oauth2", False),
    ],
)
def test_a_strict_cookie(
    project: Project, run: Run, text: str, version: str, base: str, *, expected: bool
) -> None:
    fragment = f"n8n: {{env_file: n8n.env, version: {version}}}\n"
    assert found(project, run, "SFC309", text, fragment, base) is expected


@pytest.mark.parametrize(
    ("version", "words"),
    [
        ("2.34.6", "The Salesforce Trigger of n8n 2.34.6 has no JWT login"),
        ("null", "The Salesforce Trigger of n8n before 2.35 has no JWT login"),
        ("2.35.0", ""),
    ],
)
def test_the_guide_names_the_trigger_without_jwt(
    project: Project, run: Run, version: str, words: str
) -> None:
    text = run("guide", project.credential(f"n8n: {{version: {version}}}\n")).out
    assert "Salesforce JWT API" in text
    plain = " ".join(text.split())
    assert words in plain
    assert ("Salesforce Trigger" in plain) is bool(words)


@pytest.mark.parametrize(
    ("text", "check", "step", "hint"),
    [
        (
            "N8N_HOST=n8n.acme.com\nN8N_PROTOCOL=https\n", "SFC302", "N8N_PORT is not set",
            "If that isn't n8n's public address, set N8N_EDITOR_BASE_URL",
        ),
        (
            "WEBHOOK_URL=http://10.0.0.5:5678/\n", "SFC301", "WEBHOOK_URL is set",
            "Salesforce refuses plain http: use https for n8n, and set N8N_EDITOR_BASE_URL for it (",
        ),
    ],
)  # fmt: skip
def test_a_callback_of_the_environment_may_be_what_is_wrong(
    project: Project, run: Run, text: str, check: str, step: str, hint: str
) -> None:
    project.material("n8n.env", f"text:{text}")
    spec = project.credential("n8n: {env_file: n8n.env, url: null}\n", "oauth2")
    out = " ".join(run("doctor", spec, "--select", check).out.split())
    assert check in out
    assert step in out
    assert hint in out


@pytest.mark.parametrize(("host", "check"), [("n8n", "SFC302"), ("flows", "SFC301")])
def test_n8n_s_environment_needs_the_scheme(
    project: Project, run: Run, host: str, check: str
) -> None:
    project.material("n8n.env", f"text:WEBHOOK_URL={host}.acme.com\n")
    spec = project.credential("n8n: {env_file: n8n.env, url: null}\n", "oauth2")
    done = run("doctor", spec, "--select", check)
    out = " ".join(done.out.split())
    assert done.status == 1
    assert "hint: Set N8N_EDITOR_BASE_URL for n8n to its public address, with https://" in out
    assert "(WEBHOOK_URL is set)" in out
    assert "in Setup" not in out


def test_a_callback_of_n8n_url_has_no_such_hint(project: Project, run: Run) -> None:
    spec = project.credential("n8n: {url: https://other.acme.com}\n", "oauth2")
    out = run("doctor", spec, "--select", "SFC301").out
    assert "SFC301" in out
    assert "environment" not in out


@pytest.mark.parametrize(
    ("text", "check"),
    [
        ("N8N_HOST=n8n.acme.com\nN8N_PROTOCOL=https\n", "SFC302"),
        ("WEBHOOK_URL=n8n.acme.com\n", "SFC302"),
        ("WEBHOOK_URL=http://10.0.0.5:5678/\n", "SFC301"),
    ],
)
def test_if_only_the_environment_differs_it_is_what_to_correct(
    project: Project, run: Run, text: str, check: str
) -> None:
    """Somebody who changed the app, too, would break it again with SFC306's advice."""
    project.material("n8n.env", f"text:{text}")
    spec = project.credential("n8n: {env_file: n8n.env}\n", "oauth2")
    out = " ".join(run("doctor", spec, "--select", check).out.split())
    assert "hint: n8n.url and the app agree. So set N8N_EDITOR_BASE_URL for n8n to that" in out
    assert "in Setup" not in out


def test_an_app_that_agrees_with_neither_may_have_to_be_corrected(
    project: Project, run: Run
) -> None:
    project.material("n8n.env", "text:N8N_HOST=n8n.acme.com\nN8N_PROTOCOL=https\n")
    spec = project.credential("n8n: {env_file: n8n.env, url: https://flows.acme.com}\n", "oauth2")
    out = " ".join(run("doctor", spec, "--select", "SFC302").out.split())
    assert "in Setup" in out
    assert "If that isn't n8n's public address, set N8N_EDITOR_BASE_URL" in out
