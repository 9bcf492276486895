"""A checkout without secrets looks healthy if it is, and says what wasn't checked."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Outcome
from tests.helpers.project import CONSUMER_KEY, ENVIRON, Project
from tests.helpers.systems import needs_posix

Run = Callable[..., Outcome]
PROFILES = "profiles: {dev: {n8n: {id: a}}, uat: {n8n: {id: b}}, live: {n8n: {id: c}}}\n"
FORMATS = ("text", "github", "gitlab", "sarif", "junit", "concise", "json")


def leave_out(project: Project, *kept: str) -> None:
    """Remove the project's secrets, as in a pull request's checkout."""
    for name in set(ENVIRON) - set(kept):
        project.monkeypatch.delenv(name)
    if "acme.key" not in kept:
        Path("acme.key").unlink()


def findings(run: Run, *arguments: object) -> list[dict[str, str]]:
    report = json.loads(run("doctor", *arguments, "--format", "json").out)
    assert report["crashed"] == []
    found: list[dict[str, str]] = [f for f in report["findings"] if f["check"] == "SFC005"]
    return found


@pytest.mark.parametrize(
    ("base", "fields", "number"),
    [
        ("jwt", "client_id, jwt.private_key", 2),
        ("oauth2", "client_id, oauth2.client_secret, oauth2.refresh_token", 3),
    ],
)
def test_none_of_a_credential_s_secrets_is_one_info(
    project: Project, run: Run, base: str, fields: str, number: int
) -> None:
    leave_out(project)
    spec = project.credential(base=base)
    report = json.loads(run("doctor", spec, "--format", "json").out)
    found = [f for f in report["findings"] if f["check"] == "SFC005"]
    unrun = sum(one["cause"] == "secret" for one in report["not_checked"])
    assert unrun > 1
    assert [(f["severity"], f["message"]) for f in found] == [
        (
            "info",
            f"{number} secrets are not available here ({fields}), so {unrun} checks were not run",
        )
    ]
    assert all(word in found[0]["hint"] for word in fields.split(", "))
    assert run("doctor", spec, "--fail-on", "warning", "--ignore", "SFC203,SFC504").status == 0


def test_one_of_several_is_a_warning(project: Project, run: Run) -> None:
    leave_out(project, "ACME_CLIENT_ID", "ACME_CLIENT_SECRET")
    found = findings(run, project.credential(base="oauth2"))
    assert [f["severity"] for f in found] == ["warning"]
    assert "ACME_REFRESH_TOKEN is not set" in found[0]["message"]


def test_required_secrets_are_an_error_each(project: Project, run: Run) -> None:
    leave_out(project)
    found = findings(run, project.credential(), "--require-secrets")
    assert [f["severity"] for f in found] == ["error", "error"]
    assert "ACME_CLIENT_ID is not set" in found[0]["message"]
    assert "the file acme.key" in found[1]["message"]


@pytest.mark.parametrize("what", ["misplaced", "folder", "empty"])
def test_a_mistake_is_not_an_absence(project: Project, run: Run, what: str) -> None:
    """A file that is there and can't be used, or is named wrongly, is no matter of the machine."""
    leave_out(project, "acme.key")
    Path("sfcred.toml").write_text("", encoding="utf-8")
    name = "acme.key"
    if what == "folder":
        Path(name).unlink()
        Path(name).mkdir()
    elif what == "empty":
        Path(name).write_text("", encoding="utf-8")
    spec = project.credential(name="credentials/acme.yaml" if what == "misplaced" else "acme.yaml")
    if what == "misplaced":
        shutil.move("acme.crt", "credentials/acme.crt")
    severities = {f["severity"] for f in findings(run, spec)}
    assert severities == {"warning"}


def test_a_missing_certificate_stays_a_warning(project: Project, run: Run) -> None:
    """It isn't a secret: it belongs in the repository."""
    leave_out(project)
    Path("acme.crt").unlink()
    assert {f["severity"] for f in findings(run, project.credential())} == {"info", "warning"}


@pytest.mark.parametrize("fragment", ["{}\n", PROFILES])
def test_a_pull_request_without_secrets_gets_no_annotation(
    project: Project, run: Run, fragment: str
) -> None:
    leave_out(project)
    spec = project.credential(fragment)
    out = run("doctor", spec, "--format", "github").out
    assert "::" not in out
    number = 3 if "profiles" in fragment else 1
    plural = "s" if number > 1 else ""
    assert f"the secrets of {number} credential{plural} are not available here" in out
    assert json.loads(run("doctor", spec, "--format", "gitlab").out) == []
    log = json.loads(run("doctor", spec, "--format", "sarif").out)["runs"][0]
    assert log["results"] == []
    notes = log["invocations"][0]["toolExecutionNotifications"]
    assert any("ACME_CLIENT_ID is not set" in note["message"]["text"] for note in notes)


def test_what_differs_only_in_the_profile_is_annotated_once(project: Project, run: Run) -> None:
    leave_out(project, "ACME_CLIENT_ID")
    out = run("doctor", project.credential(PROFILES), "--format", "github").out
    assert out.count("::warning ") == 1
    strict = run("doctor", project.credential(PROFILES), "--format", "github", "--require-secrets")
    assert strict.out.count("::error ") == 1
    assert strict.status == 1


def test_text_folds_them_and_counts(project: Project, run: Run) -> None:
    leave_out(project)
    Path("specs").mkdir()
    for number in range(4):
        fragment = f"name: acme-{number}\nclient_id: {{env: ACME_{number}}}\n"
        project.credential(fragment, "oauth2", name=f"specs/{number}.yaml")
    out = run("doctor", "specs").out
    assert out.count("SFC005 secret-unavailable") == 1
    assert "the secrets of 4 credentials are not available here" in out
    assert "for 4 credentials: the secrets that they need are not read here" in out
    assert out.count("is not set") == 0
    verbose = run("doctor", "specs", "-v").out
    assert verbose.count("SFC005 secret-unavailable") == 4
    assert all(f"ACME_{number} is not set" in verbose for number in range(4))


def test_a_literal_consumer_key_is_no_secret(project: Project, run: Run) -> None:
    """It can be public by choice: then only what is secret counts, without noise."""
    leave_out(project)
    found = findings(run, project.credential(f"client_id: {CONSUMER_KEY}\n"))
    assert [f["severity"] for f in found] == ["info"]
    assert found[0]["message"].startswith("1 secret is not available here (jwt.private_key), so ")


def test_after_init_the_next_step_is_the_key_pair(run: Run) -> None:
    run(
        "init", "acme-crm", "--my-domain", "https://acme--uat.sandbox.my.salesforce.com",
        "--username", "n8n@acme.com.uat", "--contact-email", "crm@acme.com",
        "--n8n-url", "https://n8n.acme.com", "--n8n-version", "2.40.5", "--no-input",
    )  # fmt: skip
    out = run("doctor").out
    assert out.count(": warning ") == 1
    assert out.endswith("next: sfcred keygen acme-crm\n")


def test_a_healthy_pull_request_has_no_next_step(project: Project, run: Run) -> None:
    leave_out(project)
    assert "next:" not in run("doctor", project.credential()).out


@pytest.mark.parametrize("name", FORMATS)
def test_no_format_calls_it_ok(project: Project, run: Run, name: str) -> None:
    """Every format tells that something was not checked."""
    leave_out(project)
    done = run("doctor", project.credential(), "--format", name)
    assert done.status == 0
    if name != "gitlab":  # which only has what a merge request has to change
        assert "not available" in done.out or "is not set" in done.out


@needs_posix
@pytest.mark.parametrize("place", ["/proc/self/environ", "/dev/fd/0"])
def test_the_system_s_interfaces_are_no_place_for_a_new_key(
    project: Project, run: Run, place: str
) -> None:
    """`sfcred keygen` could not write there."""
    spec = project.credential(
        f"jwt: {{private_key: {{file: {place}}}, certificate: acme-new.crt}}\n"
    )
    found = findings(run, spec)
    assert [f["hint"] for f in found if "private_key" in f["message"]] == ["Use a regular file."]
    assert not any("keygen" in f["hint"] for f in found)
