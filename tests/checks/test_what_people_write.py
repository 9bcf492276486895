"""What people write by mistake, as the walks of new users and public reports show it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from sfcred.salesforce.hosts import meant_host
from tests.conftest import Outcome

Run = Callable[..., Outcome]
Doctor = Callable[[str], str]

HEAD = "version: 1\nname: acme\nenvironment: sandbox\n"
JWT = "jwt: {username: n8n@acme.com.uat, private_key: {file: ../secrets/acme.key}}\n"
KEY = "client_id: chosenByMetadata2026\n"


@pytest.fixture
def doctor(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Doctor:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sfcred.toml").write_text('paths = ["credentials"]\n', encoding="utf-8")
    (tmp_path / "credentials").mkdir()

    def call(text: str) -> str:
        (tmp_path / "credentials/acme.yaml").write_text(HEAD + text, encoding="utf-8")
        done = run("doctor")
        return done.out + done.err

    return call


@pytest.mark.parametrize(
    ("client_id", "message", "hint"),
    [
        ("MY_CLIENT_ID", "the name of a variable", "{env: MY_CLIENT_ID}"),
        ("'${ACME_KEY}'", "the name of a variable", "{env: ACME_KEY}"),
        ("env:ACME_KEY", "the name of a variable", "{env: ACME_KEY}"),
        ("'%ACME_KEY%'", "the name of a variable", "{env: ACME_KEY}"),
        ("vault:secret/acme#id", "a reference written as text", "space after the colon"),
        ("your-client-id", "a placeholder", "{env: NAME}"),
        ("paste-your-key-here", "a placeholder", "Setup"),
        ("<consumer key>", "a placeholder", "Setup"),
        ("3MVG9xxxxxxxxxxxx", "a placeholder", "Setup"),
        ("3MVG9...", "a placeholder", "Setup"),
        ("CONSUMER_KEY", "the name of a variable", "{env: CONSUMER_KEY}"),
    ],
)
def test_a_consumer_key_that_is_none(
    doctor: Doctor, client_id: str, message: str, hint: str
) -> None:
    out = doctor(f"client_id: {client_id}\n{JWT}")
    assert "error SFC010" in out
    assert message in out
    assert hint in out


@pytest.mark.parametrize(
    "client_id", ["chosenByMetadata2026", "CLIENTID2026", "3MVG9aZ3.kQ7_xPwL" + "0v" * 34]
)
def test_a_consumer_key_that_is_one(doctor: Doctor, client_id: str) -> None:
    assert "SFC010" not in doctor(f"client_id: {client_id}\n{JWT}")


def test_a_variable_that_holds_a_name(doctor: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACME_KEY", "ACME_CLIENT_ID")
    out = doctor(f"client_id: {{env: ACME_KEY}}\n{JWT}")
    assert "the value of client_id is the name of a variable" in out


@pytest.mark.parametrize(("value", "found"), [("KEY1", True), ("KEY10123456789", False)])
def test_a_variable_that_holds_its_own_name(
    doctor: Doctor, monkeypatch: pytest.MonkeyPatch, value: str, *, found: bool
) -> None:
    monkeypatch.setenv("KEY1", value)
    out = doctor(f"client_id: {{env: KEY1}}\n{JWT}")
    assert ("the value of client_id is the name of a variable" in out) is found


@pytest.mark.parametrize(
    "line", ["client_id: “3MVG9aZ3kQ7xPwL0”", "my_domain: ‘https://acme.my.salesforce.com’"]
)
def test_typographic_quotes_are_one_clear_finding(doctor: Doctor, line: str) -> None:
    key = "" if line.startswith("client_id") else KEY
    out = doctor(f"{line}\n{key}{JWT}")
    assert "is in typographic quotes" in out
    assert out.count("error SFC") == 1


def test_a_description_may_be_a_quotation(doctor: Doctor) -> None:
    assert "typographic" not in doctor(f"description: “the n8n user”\n{KEY}{JWT}")


@pytest.mark.parametrize(
    ("line", "message", "hint"),
    [
        ("client_id: {env:ACME_KEY}", "a space is missing", "{env: …}"),
        ("client_id: {env: $ACME_KEY}", "without a $", "{env: "),
        ("consumer_key: abc", "is not a field", "sfcred calls it `client_id`"),
        ("login_url: https://x", "is not a field", "sfcred calls it `my_domain`"),
    ],
)
def test_a_field_that_is_nearly_right(doctor: Doctor, line: str, message: str, hint: str) -> None:
    out = doctor(f"{line}\n{JWT}")
    assert "error SFC002" in out
    assert message in out
    assert hint in out
    assert "ACME_KEY" not in out


def test_a_version_in_quotes(run: Run, tmp_path: Path) -> None:
    spec = tmp_path / "acme.yaml"
    text = HEAD.replace("version: 1", 'version: "1"')
    spec.write_text(f"{text}{KEY}{JWT}", encoding="utf-8")
    assert "Write it without quotes: `version: 1`." in run("doctor", str(spec)).out


def test_a_path_from_the_project_s_root(doctor: Doctor, tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets/acme.key").write_text("x", encoding="utf-8")
    out = doctor(f"{KEY}{JWT.replace('../', '')}")
    assert "Did you mean ../secrets/acme.key?" in out


def test_a_key_that_has_not_been_made(doctor: Doctor) -> None:
    out = doctor(f"{KEY}{JWT}")
    assert "sfcred keygen acme" in out
    assert "Did you mean" not in out


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("acme.my.salesforse.com", "acme.my.salesforce.com"),
        ("acme.my.salesfroce.com", "acme.my.salesforce.com"),
        ("acme.mysalesforce.com", "acme.my.salesforce.com"),
        ("acme.my.salesforce.co", "acme.my.salesforce.com"),
        ("acme--uat.sandbox.my.saleforce.com", "acme--uat.sandbox.my.salesforce.com"),
        ("login.salesforse.com", "login.salesforce.com"),
        ("acme.my.salesforce.com.example.net", None),
        ("n8n.acme.com", None),
        ("salesforce.example", None),
        ("127.0.0.1", None),
    ],
)
def test_a_misspelled_host(name: str, meant: str | None) -> None:
    assert meant_host(name) == meant


def test_a_misspelled_host_is_never_to_be_allowed(doctor: Doctor) -> None:
    out = doctor(f"my_domain: https://acme.my.salesforse.com\n{KEY}{JWT}")
    assert "did you mean https://acme.my.salesforce.com?" in out
    assert "--allow-host" not in out


def test_a_username_that_is_written_out_is_shown(doctor: Doctor) -> None:
    text = JWT.replace("n8n@acme.com.uat", "n8n@acme.com").replace("jwt: {", "jwt: {\n  ")
    domain = "my_domain: https://acme--uat.sandbox.my.salesforce.com\n"
    assert "username: n8n@acme.com" in doctor(f"{domain}{KEY}{text}")


def test_no_finding_is_lost_with_its_cause(doctor: Doctor) -> None:
    """SFC108 follows from SFC103, which follows from SFC104."""
    host = "https://acme--uat.sandbox.lightning.force.com"
    text = f"my_domain: {host}\n{KEY}{JWT}".replace("com.uat", "com")
    out = doctor(f"{text}profiles: {{live: {{environment: production}}}}\n")
    for check in ("SFC104", "SFC103", "SFC108"):
        assert check in out.partition("not checked:")[0]


def test_a_login_that_can_t_begin_was_not_tried(
    run: Run, doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ACME_KEY", raising=False)
    doctor(f"client_id: {{env: ACME_KEY}}\nmy_domain: https://acme.my.salesforce.com\n{JWT}")
    out = run("doctor", "--live").out
    assert "1 not tried" in out
    assert "not reached" not in out


@pytest.mark.parametrize(
    ("name", "found"), [("Salesforce_API_Integration", True), ("n8n_API_Integration", False)]
)
def test_a_permission_set_that_can_t_include_apps(
    doctor: Doctor, name: str, *, found: bool
) -> None:
    app = f"app: {{pre_authorized: true, permission_sets: [{name}]}}\n"
    assert ("can't include apps" in doctor(f"{KEY}{JWT}{app}")) is found
