"""`sfcred explain --error`, alone and for one credential (`--spec`)."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Outcome
from tests.helpers.project import CONSUMER_KEY, Project
from tests.helpers.workflows import TRIGGER, node, workflow, write

Run = Callable[..., Outcome]

APPROVAL = "invalid_grant: user hasn't approved this consumer"
COLUMN = "No such column 'Type' on entity 'Case'. If you are attempting to use a custom field"
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


def test_a_workflow_that_can_t_be_read_is_named(run: Run, project: Project) -> None:
    Path("sfcred.toml").write_text('workflows = ["workflows"]\n')
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


def test_an_error_of_another_flow_is_said_to_be_one(run: Run, project: Project) -> None:
    project.credential(base="oauth2", name="credentials/acme.yaml")
    done = run("explain", "--error", "audience is invalid", "--spec", "acme-crm")
    assert done.status == 0
    assert "audience-invalid" in done.out
    assert "acme-crm uses the flow oauth2, which doesn't usually get this error" in done.out


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
