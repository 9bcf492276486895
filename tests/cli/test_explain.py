"""`sfcred explain --error`, alone and for one credential (`--spec`)."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Outcome
from tests.helpers.project import CONSUMER_KEY, Project
from tests.helpers.workflows import TRIGGER, node, workflow, write

Run = Callable[..., Outcome]

APPROVAL = "invalid_grant: user hasn't approved this consumer"
COLUMN = "No such column 'Type' on entity 'Case'. If you are attempting to use a custom field"
OLD_N8N = 'n8n: {{version: "{}"}}\n'
PRODUCTION = "environment: production\nmy_domain: https://acme.my.salesforce.com\n"
NEW_COLUMN = "Unable to create/update fields: Company. Please check the security settings"


# -- a project that can't be opened


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("sfcred.toml", 'workflows = ["nowhere"]\n'),
        ("sfcred.toml", 'workflows = ["../outside"]\n'),
        ("sfcred.toml", "workflows = [\n"),
        ("sfcred.toml", 'workflow = ["workflows"]\n'),
        ("pyproject.toml", "[tool.sfcred]\nmoon = 1\n"),
    ],
)
@pytest.mark.parametrize(
    "error", [COLUMN, NEW_COLUMN, "sObject type 'Invoice__c' is not supported"]
)
def test_a_project_that_can_t_be_opened_costs_no_explanation(
    run: Run, file: str, text: str, error: str
) -> None:
    alone = run("explain", "--error", error).out
    explained = alone.partition("To see which workflows")[0]
    assert len(explained) > 100
    Path(file).write_text(text, encoding="utf-8")
    done = run("explain", "--error", error)
    assert done.out.startswith(explained)
    assert "could not read the workflows" in done.out
    assert "None of the workflows" not in done.out
    assert file in done.err or "nowhere" in done.err
    assert done.status == 4


@pytest.mark.parametrize("text", ["", " ", "\n\n"])
def test_an_empty_text_is_not_an_unknown_error(
    run: Run, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8"))
    for given in (text, "-"):
        done = run("explain", "--error", given)
        assert done.status == 2
        assert "the error text is empty" in done.err


def test_a_workflow_that_can_t_be_read_is_named(run: Run, project: Project) -> None:
    Path("sfcred.toml").write_text('workflows = ["workflows"]\n', encoding="utf-8")
    project.credential(base="oauth2", name="credentials/acme.yaml")
    write(Path("workflows/a.json"), workflow(node({"triggerOn": "caseUpdated"}, TRIGGER)))
    Path("workflows/broken.json").write_text('{"nodes": [', encoding="utf-8")
    done = run("explain", "--error", COLUMN)
    assert "workflows/broken.json:1:" in done.err
    assert "Requested by:" in done.out
    assert done.status == 4


# -- for one credential


def test_the_credential_orders_and_rules_out_causes(run: Run, project: Project) -> None:
    project.credential("app: {type: connected_app}\n", name="credentials/acme.yaml")
    text = "error=app_not_found&error_description=External client app is not installed in this org"
    alone = run("explain", "--error", text)
    done = run("explain", "--error", text, "--spec", "acme-crm")
    assert done.status == 0
    assert "Ruled out" not in alone.out
    assert "for acme-crm" in done.out


@pytest.mark.parametrize("form", ["acme-crm", "credentials/acme.yaml"])
def test_a_spec_is_chosen_by_name_or_by_path(run: Run, project: Project, form: str) -> None:
    project.credential("app: {pre_authorized: false}\n", name="credentials/acme.yaml")
    done = run("explain", "--error", APPROVAL, "--spec", form)
    assert done.status == 0
    assert "for acme-crm" in done.out
    # With the type of the app known, only its own path in Setup is shown.
    assert "(Connected App: " not in done.out
    assert "(Connected App: " in run("explain", "--error", APPROVAL).out


def test_the_profile_decides(run: Run, project: Project) -> None:
    profiles = "profiles: {production: {environment: production}, uat: {}}\n"
    project.credential(profiles, name="credentials/acme.yaml")
    text = "app_not_found: External client app is not installed in this org"
    arguments = ("explain", "--error", text, "--spec", "acme-crm", "--profile")
    production, uat = run(*arguments, "production"), run(*arguments, "uat")
    assert "for acme-crm [production]" in production.out
    assert "sandbox was refreshed" in uat.out.partition("Ruled out")[0]
    assert "sandbox was refreshed" not in production.out.partition("Ruled out")[0]
    assert "(the spec has environment: production)" in production.out
    several = run("explain", "--error", text, "--spec", "acme-crm")
    assert several.status == 2
    assert "--profile" in several.err


def test_only_the_flow_s_own_rows_are_shown(run: Run, project: Project) -> None:
    project.credential(name="jwt/acme.yaml")
    project.credential(base="oauth2", name="oauth2/acme.yaml")
    of_jwt = run("explain", "--error", "invalid_grant", "--spec", "jwt/acme.yaml").out
    of_oauth2 = run("explain", "--error", "invalid_grant", "--spec", "oauth2/acme.yaml").out
    assert "in the JWT flow" in of_jwt
    assert "when a token is renewed" not in of_jwt
    assert "in the JWT flow" not in of_oauth2
    assert "when a token is renewed" in of_oauth2


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("grant_type=refresh_token&client_id=x 400 {'error': 'invalid_grant'}", "refresh-refused"),
        ("Error while refreshing tokens: 400 invalid_grant", "refresh-refused"),
        ("Error refreshing the Salesforce token: 400 invalid_grant", "refresh-refused"),
        ('{"grant_type": "authorization_code"} invalid_grant', "code-exchange-refused"),
        (
            "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer invalid_grant",
            "jwt-lo",
        ),
        ("grant_type=client_credentials invalid_grant", "client-credentials-refused"),
    ],
)
def test_a_text_that_shows_the_kind_of_login_gets_its_causes(
    run: Run, project: Project, text: str, row: str
) -> None:
    done = run("explain", "--error", text)
    assert done.out.count("refused (") == 1
    assert f"\n{row}" in f"\n{done.out}"
    assert "add --spec" not in " ".join(done.out.split())
    project.credential(base="oauth2", name="credentials/acme.yaml")
    of_oauth2 = run("explain", "--error", text, "--spec", "acme-crm").out
    assert ("code-exchange-refused" in of_oauth2) is (row != "refresh-refused")
    assert "jwt-login-refused" not in of_oauth2


def test_an_error_of_another_flow_is_said_to_be_one(run: Run, project: Project) -> None:
    project.credential(base="oauth2", name="credentials/acme.yaml")
    done = run("explain", "--error", "audience is invalid", "--spec", "acme-crm")
    assert done.status == 0
    assert "audience-invalid" in done.out
    assert "acme-crm uses the flow oauth2, which doesn't usually get this error" in done.out


@pytest.mark.parametrize(
    "error",
    [
        "OAUTH_APPROVAL_ERROR_GENERIC",
        "OAUTH_EC_APP_NOT_FOUND",
        "redirect_uri_mismatch",
        "error=invalid_request&error_description=missing+required+code+challenge",
        "We can't authorize you because of an OAuth error",
    ],
)
@pytest.mark.parametrize("flow", ["jwt", "client_credentials"])
def test_a_login_without_a_browser_sees_no_page(
    run: Run, project: Project, error: str, flow: str
) -> None:
    project.credential(base=flow, name="credentials/acme.yaml")
    done = run("explain", "--error", error, "--spec", "acme-crm")
    assert f"acme-crm uses the flow {flow}, which doesn't usually get this error" in done.out
    project.credential(base="oauth2", name="credentials/acme.yaml")
    assert "doesn't usually" not in run("explain", "--error", error, "--spec", "acme-crm").out


def test_a_bare_error_has_causes_in_each_flow(run: Run, project: Project) -> None:
    project.credential(base="client_credentials", name="credentials/acme.yaml")
    done = run("explain", "--error", '{"error":"invalid_grant"}', "--spec", "acme-crm")
    assert "for acme-crm:" in done.out
    assert "no user to run as" in done.out
    assert "certificate" not in done.out


def test_production_is_not_told_about_sandbox_s_page(run: Run, project: Project) -> None:
    project.credential(PRODUCTION, base="oauth2", name="credentials/acme.yaml")
    done = run("explain", "--error", "invalid code verifier", "--spec", "acme-crm")
    first = done.out.partition("  1. ")[2].partition("\n")[0]
    assert "sandbox" not in first
    assert "Ruled out: the code came from a different login" in " ".join(done.out.split())


def test_an_oauth2_login_is_not_told_that_n8n_logs_in_for_every_call(
    run: Run, project: Project
) -> None:
    project.credential(OLD_N8N.format("2.20.0"), base="oauth2", name="credentials/acme.yaml")
    done = run("explain", "--error", "login rate exceeded", "--spec", "acme-crm")
    assert "Ruled out: n8n before 2.28 logs in for every call" in " ".join(done.out.split())


def test_an_old_n8n_sends_no_pkce(run: Run, project: Project) -> None:
    project.credential(OLD_N8N.format("1.80.0"), base="oauth2", name="credentials/acme.yaml")
    done = run("explain", "--error", "OAUTH_APPROVAL_ERROR_GENERIC", "--spec", "acme-crm")
    assert "  1. the app requires PKCE" in done.out


# -- pastes


@pytest.mark.parametrize(
    "arguments",
    [
        ("doctor", "nowhere"),
        ("push",),
        ("guide", "nobody"),
        ("explain", "nothing"),
        ("render", "-o", "-", "--separate"),
        ("login", "acme-crm"),
        ("diff",),
    ],
)
def test_what_sfcred_prints_is_known(
    run: Run, project: Project, arguments: tuple[str, ...]
) -> None:
    project.credential(name="credentials/acme.yaml")
    failed = run(*arguments)
    assert failed.status != 0
    done = run("explain", "--error", failed.err)
    assert done.status == 0, failed.err
    assert done.out.startswith("sfcred-message"), done.out


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_log_that_powershell_wrote_is_read(
    run: Run, monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    log = io.TextIOWrapper(io.BytesIO(f"n8n | {APPROVAL}\r\n".encode(encoding)), encoding="utf-8")
    monkeypatch.setattr("sys.stdin", log)
    done = run("explain", "--error", "-")
    assert done.status == 0
    assert "user-not-approved" in done.out


@pytest.mark.parametrize(
    "text",
    [
        "n8n-1  | No such column 'Type' on\nn8n-1  |   entity 'Case'",
        "No such column '\x1b[1mType\x1b[22m' on entity 'Case'",
        "{\\\"message\\\":\\\"No such column 'Type' on entity 'Case'\\\"}",
    ],
)
def test_the_names_in_a_framed_text_are_read(run: Run, project: Project, text: str) -> None:
    Path("sfcred.toml").write_text('workflows = ["workflows"]\n', encoding="utf-8")
    project.credential(base="oauth2", name="credentials/acme.yaml")
    write(Path("workflows/a.json"), workflow(node({"triggerOn": "caseUpdated"}, TRIGGER)))
    done = run("explain", "--error", text)
    assert "Requested by:" in done.out
    assert "`Type`" in done.out


def test_a_jwt_login_renews_no_token(run: Run, project: Project) -> None:
    project.credential(name="credentials/acme.yaml")
    done = run("explain", "--error", "expired access/refresh token", "--spec", "acme-crm")
    assert "acme-crm uses the flow jwt, which doesn't usually get this error" in done.out


def test_a_spec_that_can_t_be_opened_costs_no_explanation(run: Run, project: Project) -> None:
    project.credential(name="credentials/acme.yaml")
    project.spec("version: 1\nname: broken\nmoon: 1\n", "credentials/broken.yaml")
    alone = run("explain", "--error", APPROVAL).out
    for chosen in ("broken", "nobody", "nowhere.yaml"):
        done = run("explain", "--error", APPROVAL, "--spec", chosen)
        assert done.out == alone
        assert done.status in (1, 2)
        assert done.err


def test_no_secret_is_shown(run: Run, project: Project) -> None:
    project.credential(name="credentials/acme.yaml")
    done = run("explain", "--error", f"{APPROVAL} {CONSUMER_KEY}", "--spec", "acme-crm")
    assert CONSUMER_KEY not in done.out + done.err


@pytest.mark.parametrize(
    "arguments",
    [("--spec", "acme"), ("SFC104", "--spec", "acme"), ("--error", "x", "--profile", "uat")],
)
def test_options_that_belong_together(run: Run, arguments: tuple[str, ...]) -> None:
    done = run("explain", *arguments)
    assert done.status == 2
    assert "--spec" in done.err


def test_an_id_and_an_error_are_two_questions(run: Run) -> None:
    done = run("explain", "SFC104", "--error", APPROVAL)
    assert done.status == 2


@pytest.mark.parametrize("text", [COLUMN, "no such colum 'x' on this entity 'y'"])
def test_parts_that_vary_are_not_shown_as_placeholders(run: Run, text: str) -> None:
    assert "{" not in run("explain", "--error", text).out


@pytest.mark.parametrize("topic", ["106", "SFC106 generic-login-host", "warning sfc106 generic"])
def test_a_check_as_people_copy_it(run: Run, topic: str) -> None:
    done = run("explain", topic)
    assert (done.status, done.out.partition("\n")[0]) == (0, "SFC106 generic-login-host"), done
