"""What people write by mistake, as the walks of new users and public reports show it."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sfcred.salesforce.hosts import meant_host
from tests.conftest import Outcome

Run = Callable[..., Outcome]
Doctor = Callable[..., str]

HEAD = "version: 1\nname: acme\nenvironment: sandbox\n"
IN_PRODUCTION = HEAD.replace("sandbox", "production")
JWT = "jwt: {username: n8n@acme.com.uat, private_key: {file: ../secrets/acme.key}}\n"
KEY = "client_id: chosenByMetadata2026\n"


@pytest.fixture
def doctor(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Doctor:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sfcred.toml").write_text('paths = ["credentials"]\n', encoding="utf-8")
    (tmp_path / "credentials").mkdir()

    def call(text: str, head: str = HEAD) -> str:
        (tmp_path / "credentials/acme.yaml").write_text(head + text, encoding="utf-8")
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
        ("__CLIENT_ID__", "a placeholder", "Setup"),
        ("CONSUMER_KEY", "the name of a variable", "{env: CONSUMER_KEY}"),
        ("'${{ secrets.ACME_KEY }}'", "a reference in another tool's notation", "{env: ACME_KEY}"),
        ("'={{ $env.ACME_KEY }}'", "a reference in another tool's notation", "{env: ACME_KEY}"),
        ("'op://Vault/Acme/key'", "a reference in another tool's notation", "{onepassword: "),
        ("ref+vault://acme/crm#/id", "a reference in another tool's notation", "{vault: "),
        ("env(ACME_KEY)", "a reference in another tool's notation", "{env: ACME_KEY}"),
        ("process.env.ACME_KEY", "a reference in another tool's notation", "{env: ACME_KEY}"),
        ("$env:ACME_KEY", "a reference in another tool's notation", "{env: ACME_KEY}"),
        ("env.ACME_KEY", "a reference in another tool's notation", "{env: ACME_KEY}"),
        ("'os.environ[\"ACME_KEY\"]'", "a reference in another tool's notation", "{env: ACME_KEY}"),
        ("os.getenv(ACME_KEY)", "a reference in another tool's notation", "{env: ACME_KEY}"),
        ("'!env ACME_KEY'", "a reference in another tool's notation", "{env: ACME_KEY}"),
        ("'{{ secrets.ACME_KEY }}'", "a reference in another tool's notation", "{env: ACME_KEY}"),
        ("'@acme.key'", "characters that no Consumer Key has", "Setup"),
        ("'[CLIENT_ID]'", "a placeholder", "Setup"),
        ("'{client_id}'", "a placeholder", "Setup"),
        ("FIXME", "a placeholder", "Setup"),
        ("change-this", "a placeholder", "Setup"),
        ("REPLACEME", "a placeholder", "Setup"),
        ("'???'", "a placeholder", "Setup"),
        ("n/a", "a placeholder", "Setup"),
        ("dein-schluessel", "a placeholder", "Setup"),
        ("ihr_consumer_key", "a placeholder", "Setup"),
        ("hier-einfuegen", "a placeholder", "Setup"),
        ("votre-cle", "a placeholder", "Setup"),
        ("votre_clé_client", "a placeholder", "Setup"),
        ("tu-clave-aqui", "a placeholder", "Setup"),
        ("sua-chave-aqui", "a placeholder", "Setup"),
        ("la-tua-chiave", "a placeholder", "Setup"),
        ("jouw-sleutel", "a placeholder", "Setup"),
        ("あなたのキー", "characters that no Consumer Key has", "Setup"),
        ("您的密钥", "characters that no Consumer Key has", "Setup"),
        ("see vault", "characters that no Consumer Key has", "Setup"),
        ("sample-key", "a placeholder", "Setup"),
        ("foobar", "a placeholder", "Setup"),
        ("redacted", "a placeholder", "Setup"),
        ("••••••••", "a placeholder", "Setup"),
        ("'0000000000'", "a placeholder", "Setup"),
        ("3MVG9…", "a placeholder", "Setup"),
        ("3MVG9<rest>", "a placeholder", "Setup"),
        ("3MVG9_your_consumer_key_here_0123456789", "a placeholder", "Setup"),
        ("3MVG9YOUR_KEY", "a placeholder", "Setup"),
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
    "client_id",
    [
        "chosenByMetadata2026", "CLIENTID2026", "3MVG9aZ3.kQ7_xPwL" + "0v" * 34,
        "samplingKey2026", "tuesdayKey2026", "n8nAcmeCrm2026", "yourcegraph2026",
        "myCompanyCrm2026", "testOrgAcme2026", "foobarCrm2026",
    ],
)  # fmt: skip
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
    "line",
    [
        "client_id: “3MVG9aZ3kQ7xPwL0”", "my_domain: ‘https://acme.my.salesforce.com’",
        "client_id: ‹3MVG9aZ3kQ7xPwL0›", "client_id: ″3MVG9aZ3kQ7xPwL0″", "client_id: 「3MVG9aZ3kQ7」",
        "client_id: ＂3MVG9aZ3kQ7xPwL0＂", "client_id: ´3MVG9aZ3kQ7xPwL0´",
        'client_id: “3MVG9aZ3kQ7xPwL0"', "client_id: “3MVG9aZ3kQ7xPwL0", "client_id: 3MVG9aZ3kQ7xPw”",
        "client_id: {env: ‹ACME_KEY›}", "client_id: {env: “ACME_KEY}", "client_id: {env: ACME_KEY”}",
    ],
)  # fmt: skip
def test_typographic_quotes_are_one_clear_finding(doctor: Doctor, line: str) -> None:
    key = "" if line.startswith("client_id") else KEY
    out = doctor(f"{line}\n{key}{JWT}")
    assert "typographic quote" in out
    assert out.count("error SFC") == 1


def test_a_description_may_be_a_quotation(doctor: Doctor) -> None:
    assert "typographic" not in doctor(f"description: “the n8n user”\n{KEY}{JWT}")
    assert "typographic" not in doctor(f"n8n: {{id: 0´}}\n{KEY}{JWT}")


@pytest.mark.parametrize(
    ("line", "message", "hint"),
    [
        ("client_id: {env:ACME_KEY}", "a space is missing", "{env: …}"),
        ("client_id: {env: $ACME_KEY}", "without a $", "{env: "),
        ("client_id: {env: '%ACME_KEY%'}", "without %", "{env: "),
        ("client_id: {env: 'env:ACME_KEY'}", "only its name", "{env: "),
        ("client_id: {env: '{{ACME_KEY}}'}", "only its name", "{env: "),
        ("client_id: {env: NO}", "YAML doesn't read this as text", '{env: "…"}'),
        ("client_id: {env: true}", "YAML doesn't read this as text", '{env: "…"}'),
        ("client_id: {file: 2026}", "YAML doesn't read this as text", '{file: "…"}'),
        ("client_id: {env: 12}", "does not name an environment variable", "letters, digits"),
        ("client_id: {environment: ACME_KEY}", "is not a secret provider", "{env: …}"),
        ("client_id: {variable: ACME_KEY}", "is not a secret provider", "{env: …}"),
        ("client_id: {path: a.key}", "is not a secret provider", "{file: …}"),
        ("client_id: {keychain: a/b}", "is not a secret provider", "{keyring: …}"),
        ("client_id: {1password: a/b/c}", "is not a secret provider", "{onepassword: …}"),
        ("client_id: {keyvault: a/b}", "is not a secret provider", "{azure: …}"),
        ("client_id: {ACME_KEY}", "is not a secret provider", "{env: NAME}"),
        ("consumer_key: abc", "is not a field", "sfcred calls it `client_id`"),
        ("consumer_id: abc", "is not a field", "sfcred calls it `client_id`"),
        ("app_id: abc", "is not a field", "sfcred calls it `client_id`"),
        ("api_key: abc", "is not a field", "sfcred calls it `client_id`"),
        ("keyfile: abc", "is not a field", "sfcred calls it `jwt.private_key`"),
        ("jwt_key: abc", "is not a field", "sfcred calls it `jwt.private_key`"),
        ("pem: abc", "is not a field", "sfcred calls it `jwt.private_key`"),
        ("secret_key: abc", "is not a field", "sfcred calls it `jwt.private_key`"),
        ("public_key: abc", "is not a field", "sfcred calls it `jwt.certificate`"),
        ("crt: abc", "is not a field", "sfcred calls it `jwt.certificate`"),
        ("sub: abc", "is not a field", "sfcred calls it `jwt.username`"),
        ("subject: abc", "is not a field", "sfcred calls it `jwt.username`"),
        ("email: abc", "is not a field", "sfcred calls it `jwt.username`"),
        ("issuer: abc", "is not a field", "sfcred calls it `client_id`"),
        ("audience: abc", "is not a field", "sfcred calls it `my_domain`"),
        ("token_url: abc", "is not a field", "sfcred calls it `my_domain`"),
        ("accessTokenUrl: abc", "is not a field", "sfcred calls it `my_domain`"),
        ("host: abc", "is not a field", "sfcred calls it `my_domain`"),
        ("sandbox: true", "is not a field", "sfcred calls it `environment`"),
        ("org_type: sandbox", "is not a field", "sfcred calls it `environment`"),
        ("grantType: jwt", "is not a field", "sfcred calls it `flow`"),
        ("authentication: jwt", "is not a field", "sfcred calls it `flow`"),
        ("app_type: connected_app", "is not a field", "sfcred calls it `app.type`"),
        ("scope: api", "is not a field", "sfcred calls it `app.scopes`"),
        ("refresh: abc", "is not a field", "sfcred calls it `oauth2.refresh_token`"),
        ("password: abc", "is not a field", "use no password"),
        ("security_token: abc", "is not a field", "use no password"),
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


@pytest.mark.parametrize(
    "line",
    [
        "client_id: {env: ${ACME_KEY}}",
        "client_id: %ACME_KEY%",
        "client_id: {env: %ACME_KEY%}",
        "client_id: env: ACME_KEY",
    ],
)
def test_a_variable_that_is_no_yaml(doctor: Doctor, line: str) -> None:
    out = doctor(f"{line}\n{JWT}")
    assert "error SFC001" in out
    assert "write `{env: NAME}`, without the $ or %" in out
    assert "ACME_KEY" not in out


@pytest.mark.parametrize("version", ["2", "01", "true", "1.1", "'1.0'", "v1", "one"])
def test_a_version_that_is_none(run: Run, tmp_path: Path, version: str) -> None:
    spec = tmp_path / "acme.yaml"
    text = HEAD.replace("version: 1", f"version: {version}")
    spec.write_text(f"{text}{KEY}{JWT}", encoding="utf-8")
    out = run("doctor", str(spec)).out
    assert "`version` must be 1" in out
    assert "string" not in out.partition("not checked")[0]


@pytest.mark.parametrize(
    ("field", "line", "hint"),
    [
        ("name", "name: Acme CRM", "Write `acme-crm`."),
        ("name", "name: acme_crm", "Write `acme-crm`."),
        ("name", "name: ACME (UAT 2)", "Write `acme-uat-2`."),
        ("version", "version: 2", "Write 1."),
        ("app", "app: {type: eca, scopes: api refresh_token}", "`scopes: [api, refresh_token]`"),
        ("app", 'app: {type: eca, scopes: "api,web"}', "`scopes: [api, web]`"),
        ("app", "app: {scopes: api}", "`scopes: [api]`"),
        (
            "app",
            "app: {callback_urls: https://n8n.acme.com/rest/oauth2-credential/callback}",
            "`callback_urls: [https://n8n.acme.com/rest/oauth2-credential/callback]`",
        ),
        ("n8n", "n8n: {version: latest}", 'Example: version: "2.40.5".'),
        ("n8n", "n8n: {version: 2.x}", 'Example: version: "2.40.5".'),
        ("n8n", 'n8n: {version: ">= 2.40.5"}', 'Example: version: "2.40.5".'),
        ("n8n", "n8n: {version: stable}", 'Example: version: "2.40.5".'),
        ("n8n", "n8n: {type: salesforceOAuth2Api}", "Leave n8n.type out"),
        ("n8n", "n8n: {type: salesforceJwtApi}", "Leave n8n.type out"),
        ("n8n", "n8n: {http_request: all}", "Did you mean `any`?"),
        ("n8n", "n8n: {http_request: a.acme.com}", "Write `http_request: [a.acme.com]`."),
        (
            "n8n",
            "n8n: {http_request: 'https://a.acme.com:8443/x, b.acme.com'}",
            "Write `http_request: [a.acme.com, b.acme.com]`.",
        ),
        ("n8n", "n8n: {http_request: [https://a.acme.com/x]}", "and a path: `a.acme.com`."),
        ("n8n", "n8n: {http_request: true}", "Write `none`, `org` or `any`."),
        ("n8n", "n8n: {http_request: []}", "Add an entry, or remove `http_request`."),
        ("n8n", "n8n: {http_request: '*.acme.com'}", "['*.acme.com']`."),
        ("name", "name: NUL", "Use a-z, 0-9 and hyphens"),
        ("app", "app: {refresh_token_policy: 30 days}", "{lifetime: 30d}"),
        ("app", "app: {contact_email: Acme CRM}", "Example: contact_email"),
        ("jwt", "jwt: {username: “n8n@acme.com.uat”}", "straight quotes"),
        ("jwt", "jwt: {username: ' n8n@acme.com.uat '}", "Copy the value"),
        ("jwt", "jwt: {username: '(n8n@acme.com.uat)'}", "Copy the value"),
        ("jwt", "jwt: {username: 'mailto:n8n@acme.com.uat'}", "Copy the value"),
    ],
)
def test_what_is_public_is_shown_with_its_fault(
    doctor: Doctor, field: str, line: str, hint: str
) -> None:
    lines = {"name": "name: acme", "version": "version: 1", "jwt": JWT.strip()}
    spec = f"{HEAD}{KEY}{JWT}"
    spec = spec.replace(lines[field], line) if field in lines else f"{spec}{line}\n"
    out = doctor(spec, head="")
    assert hint in out
    assert f" | {line}\n" in out


def test_an_empty_host_has_an_example(doctor: Doctor) -> None:
    assert "a path: `acme.my.salesforce.com`." in doctor(f'{KEY}{JWT}n8n: {{http_request: [""]}}\n')


@pytest.mark.parametrize("value", ["all", "[https://a.acme.com]", "5", "{a: b}", "[]", "[1]"])
@pytest.mark.parametrize("begin", ["", "profiles:\n  uat:\n    "])
def test_a_mistake_is_one_error_whatever_forms_a_field_has(
    doctor: Doctor, value: str, begin: str
) -> None:
    out = doctor(f"{KEY}{JWT}{begin}n8n: {{http_request: {value}}}\n")
    assert out.count("error SFC002") == 1
    assert "http_request" in out
    assert "…" not in out.partition("not checked")[0]


def test_a_key_that_other_tools_use_is_named(doctor: Doctor) -> None:
    out = doctor(f"{KEY}{JWT}redirect_uri: https://n8n.acme.com\nSecurity-Token: x\n")
    assert "`redirect_uri` is not a field" in out
    assert "`Security-Token` is not a field" in out


@pytest.mark.parametrize(
    "line",
    [
        "name: 3MVG9aBcDeFgHiJkLmNoPqRsTuVwXyZ0123",
        "name: hunter2_Secret9",
        "version: 4242",
        "app: {scopes: hunter2secret api}",
        "app: {callback_urls: hunter2secret}",
        "n8n: {version: hunter2secret}",
        "n8n: {type: hunter2secret}",
        "jwt: {username: 'mailto:hunter2secret'}",
        "hunter2secret: x",
        "app: {contact_email: QwErTyUiOpAsDfGh}",
        "app: {refresh_token_policy: QwErTyUiOpAsDfGh}",
        "app: {callback_urls: https://a.com/5Aep861QwErTyUiOpAsDfGh}",
        "app: {permission_sets: 5Aep861QwErTyUiOpAsDfGh}",
        "n8n: {http_request: a.5Aep861QwErTyUiOpAsDfGh.com}",
        "n8n: {http_request: 'https://a.com/5Aep861QwErTyUiOpAsDfGh'}",
    ],
)
def test_what_could_be_a_secret_is_masked(doctor: Doctor, line: str) -> None:
    field = line.partition(":")[0]
    kept = "".join(
        f"{one}\n" for one in (HEAD + KEY + JWT).splitlines() if not one.startswith(field)
    )
    out = doctor(f"{kept}{line}\n", head="")
    assert "****" in out
    assert not any(part in out for part in ("3MVG9", "hunter2", "Secret9", "4242", "QwErTy"))


def test_a_path_from_the_project_s_root(doctor: Doctor, tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets/acme.key").write_text("x", encoding="utf-8")
    out = doctor(f"{KEY}{JWT.replace('../', '')}")
    assert "Did you mean ../secrets/acme.key?" in out


@pytest.mark.skipif(sys.platform == "win32", reason="Windows reads backslashes in paths")
def test_a_path_as_windows_writes_it(doctor: Doctor, tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets/acme.key").write_text("x", encoding="utf-8")
    out = doctor(f"{KEY}{JWT.replace('/', chr(92))}")
    assert "write ../secrets/acme.key, which works on every system" in out


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
        ("acme.my.salesforce", "acme.my.salesforce.com"),
        ("acme.salesforce", None),
        ("acme.me.salesforce.com", "acme.my.salesforce.com"),
        ("acme.m.salesforce.com", "acme.my.salesforce.com"),
        ("acme.salesforce.com", "acme.my.salesforce.com"),
        ("logn.salesforce.com", "login.salesforce.com"),
        ("tset.salesforce.com", "test.salesforce.com"),
        ("acme--uat.sanbox.my.salesforce.com", "acme--uat.sandbox.my.salesforce.com"),
        ("acme--uat.sandobx.my.salesforce.com", "acme--uat.sandbox.my.salesforce.com"),
        ("acme--uat.sandboxes.my.salesforce.com", "acme--uat.sandbox.my.salesforce.com"),
        ("acme.devlop.my.salesforce.com", "acme.develop.my.salesforce.com"),
        ("acme.developer.my.salesforce.com", "acme.develop.my.salesforce.com"),
        ("acme--uat.sandbox.salesforce.com", "acme--uat.sandbox.my.salesforce.com"),
        ("acme-uat.sandbox.my.salesforce.com", "acme--uat.sandbox.my.salesforce.com"),
        ("acme-corp-qa2.sandbx.my.salesforce.com", "acme-corp--qa2.sandbox.my.salesforce.com"),
        ("acme.sandbox.my.salesforce.com", None),
        ("acme-dev-ed.develop.my.salesforce.com", None),
        ("acme-corp--qa-2.sandbox.my.salesforce.com", None),
        ("acme.my.salesforce.com", None),
        ("acme--uat.sandbox.my.salesforce.com", None),
        ("acme.scratch.my.salesforce.com", None),
        ("acme.newkind.my.salesforce.com", None),
        ("acme--uat.sandbox.my.salesforce.mil", None),
        ("acme.my.sfcrmproducts.cn", None),
        ("status.salesforce.com", None),
        ("help.salesforce.com", None),
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


@pytest.mark.parametrize(
    ("domain", "meant"),
    [
        ("acme--uat.sanbox.my.salesforce.com", "acme--uat.sandbox.my.salesforce.com"),
        ("acme--uat.sandbox.salesforce.com", "acme--uat.sandbox.my.salesforce.com"),
        ("acme-uat.sandbox.my.salesforce.com", "acme--uat.sandbox.my.salesforce.com"),
        ("acme.devlop.my.salesforce.com", "acme.develop.my.salesforce.com"),
        ("acme.salesforce.com", "acme.my.salesforce.com"),
        ("logn.salesforce.com", "login.salesforce.com"),
        ("acme.my.salesforce", "acme.my.salesforce.com"),
    ],
)
def test_a_misspelled_host_below_salesforce_s_own_names(
    doctor: Doctor, domain: str, meant: str
) -> None:
    out = doctor(f"my_domain: https://{domain}\n{KEY}{JWT}")
    assert "error SFC10" in out
    assert f"did you mean https://{meant}?" in out
    assert "--allow-host" not in out


@pytest.mark.parametrize("name", ["acme-uat", "acme-corp-dev2", "acme-sandbox", "acme-qa"])
def test_a_production_address_that_ends_like_a_sandbox_s_name(doctor: Doctor, name: str) -> None:
    spec = f"my_domain: https://{name}.my.salesforce.com\n{KEY}{JWT}"
    org, _, sandbox = name.rpartition("-")
    out = doctor(spec, IN_PRODUCTION)
    assert "info SFC103" in out
    assert f"https://{org}--{sandbox}.sandbox.my.salesforce.com" in " ".join(out.split())
    assert "error SFC103" in doctor(spec)


@pytest.mark.parametrize("name", ["acme", "acme-dev-ed", "acme-corp", "acme-devices", "uat"])
def test_a_production_address_like_any_other(doctor: Doctor, name: str) -> None:
    spec = f"my_domain: https://{name}.my.salesforce.com\n{KEY}{JWT}"
    assert "SFC103" not in doctor(spec, IN_PRODUCTION)


@pytest.mark.parametrize(
    "domain",
    [
        "your-domain.my.salesforce.com", "yourdomain.my.salesforce.com", "mydomain.my.salesforce.com",
        "MyDomainName.my.salesforce.com", "yourcompany--uat.sandbox.my.salesforce.com",
        "<mydomain>.my.salesforce.com", "{mydomain}.my.salesforce.com", "example.my.salesforce.com",
        "your-instance.salesforce.com", "[my-domain].my.salesforce.com", "xxx.my.salesforce.com",
    ],
)  # fmt: skip
def test_a_domain_of_a_guide_s_example(doctor: Doctor, domain: str) -> None:
    out = doctor(f"my_domain: 'https://{domain}'\n{KEY}{JWT}")
    assert "error SFC010" in out
    assert "my_domain is a guide's example" in out


@pytest.mark.parametrize(
    "username",
    ["your@username.com", "you@company.com", "username@domain.com", "user@example.com",
     "'<username>'", "your-username@acme.com", "your.name@company.com"],
)  # fmt: skip
def test_a_username_of_a_guide_s_example(doctor: Doctor, username: str) -> None:
    out = doctor(f"{KEY}{JWT.replace('n8n@acme.com.uat', username)}")
    assert "error SFC010" in out
    assert "jwt.username is a guide's example" in out


@pytest.mark.parametrize(
    ("domain", "username"),
    [
        ("yourway.my.salesforce.com", "test-x1y2z3@example.com"),  # a scratch org's username
        ("youratelier--dev.sandbox.my.salesforce.com", "yourdata@acme.com"),
        ("mydomains.my.salesforce.com", "youri@acme.com"),
        ("exampleworks.my.salesforce.com", "n8n@example.com"),
    ],
)
def test_real_names_that_resemble_a_guide_s_example(
    doctor: Doctor, domain: str, username: str
) -> None:
    jwt = JWT.replace("n8n@acme.com.uat", username)
    assert "SFC010" not in doctor(f"my_domain: https://{domain}\n{KEY}{jwt}")


@pytest.mark.parametrize(
    "path", ["~/acme.key", "$HOME/acme.key", "'${HOME}/acme.key'", "'%HOME%\\a.key'"]
)
def test_a_path_with_a_variable_is_said_not_to_be_expanded(doctor: Doctor, path: str) -> None:
    out = doctor(f"{KEY}{JWT.replace('../secrets/acme.key', path)}")
    assert "sfcred doesn't expand ~ and variables in paths" in out


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
    ("app", "hint"),
    [
        ("permission_sets: [n8n Integration]", "usually `n8n_Integration`"),
        ("permission_sets: [Zugänge]", "Write the API Name in Setup, Permission Sets, usually"),
        ("permission_sets: [acme__n8n_Integration]", ""),
        ("permission_sets: [{name: n8n_Integration, label: n8n Integration}]", ""),
        ("type: connected_app, permission_sets: [n8n Integration]", ""),
    ],
)
def test_a_label_in_place_of_a_permission_sets_api_name(
    doctor: Doctor, app: str, hint: str
) -> None:
    text = doctor(f"{KEY}{JWT}app: {{pre_authorized: true, {app}}}\n")
    assert ("SFC602" in text, "not the API name" in text) == (bool(hint), bool(hint)), text
    assert hint in " ".join(text.split())


@pytest.mark.parametrize(
    ("name", "found"), [("Salesforce_API_Integration", True), ("n8n_API_Integration", False)]
)
def test_a_permission_set_that_can_t_include_apps(
    doctor: Doctor, name: str, *, found: bool
) -> None:
    app = f"app: {{pre_authorized: true, permission_sets: [{name}]}}\n"
    assert ("can't include apps" in doctor(f"{KEY}{JWT}{app}")) is found


@pytest.mark.parametrize("flow", ["jwt", "client_credentials"])
def test_a_flow_without_its_section_is_found_at_the_flow(doctor: Doctor, flow: str) -> None:
    out = doctor(f"{KEY}my_domain: https://acme--uat.sandbox.my.salesforce.com\nflow: {flow}\n")
    assert "acme.yaml:6:7: error SFC102" in out


@pytest.mark.parametrize(
    ("callback", "part"),
    [
        ("https://n8n.acme.com/rest/oauth2-credential/callback?a=hunter2", "the query"),
        ("https://n8n.acme.com/rest/oauth2-credential/callback#hunter2", "the query"),
        ("https://n8n.acme.com/rest/oauth2-credential/callback ", "the white space around it"),
        ("https://*.acme.com/rest/oauth2-credential/callback", "the host (*.acme.com instead of"),
        ("https://hunter2@n8n.acme.com/rest/oauth2-credential/callback", "isn't shown here"),
    ],
)
def test_a_callback_that_differs_in_what_is_masked(
    doctor: Doctor, callback: str, part: str
) -> None:
    out = doctor(
        f"{KEY}oauth2: {{client_secret: {{env: S}}}}\nn8n: {{url: https://n8n.acme.com}}\n"
        f"app: {{type: external_client_app, callback_urls: ['{callback}']}}\n"
    )
    assert "SFC302" in out
    assert part in out
    assert "hunter2" not in out


def test_a_scope_that_is_listed_twice_is_a_duplicate_before_it_is_included(doctor: Doctor) -> None:
    app = "app: {type: external_client_app, label: n8n, scopes: [lightning, lightning, full]}"
    out = doctor(f"{KEY}{JWT}{app}\n")
    assert "app.scopes has a duplicate `lightning`" in out
    assert out.count("`lightning` is already included in `full`") == 1


@pytest.mark.parametrize("style", ["|", ">", "|+"])
def test_a_username_in_a_block_gets_a_hint_at_its_style(doctor: Doctor, style: str) -> None:
    jwt = f"jwt:\n  username: {style}\n    n8n@acme.com.uat\n  private_key: {{env: K}}\n"
    out = doctor(KEY + jwt)
    assert "starts or ends with white space" in out
    assert "add a line break" in out


def test_a_merge_key_in_a_reference_is_named(doctor: Doctor) -> None:
    out = doctor(f"client_id: &id {{env: ID}}\noauth2: {{client_secret: {{<<: *id}}}}\n{JWT}")
    assert "YAML merge keys are not supported" in out
    assert "An alias alone works: `client_secret: *NAME`" in out


@pytest.mark.skipif(os.name != "posix", reason="modes of POSIX")
def test_commands_for_a_secret_file_name_it_as_people_do(
    run: Run, doctor: Doctor, tmp_path: Path
) -> None:
    (tmp_path / "secrets").mkdir()
    key = tmp_path / "secrets/acme.key"
    key.write_text("x", encoding="utf-8")
    key.chmod(0o644)
    for command in (["init", "--quiet"], ["add", "--force", str(key)]):
        subprocess.run(["git", *command], cwd=tmp_path, check=True, capture_output=True)
    out = doctor(f"{KEY}{JWT}")
    assert "Run `chmod 600 secrets/acme.key`." in out
    assert "Run `git rm --cached secrets/acme.key`." in out


@pytest.mark.parametrize(
    ("value", "check", "message"),
    [
        ("/run/secrets/acme_key", "SFC010", "is a path, not what is in the file"),
        ("../../keys/crm.key", "SFC010", "is a path, not what is in the file"),
        ("C:\\secrets\\acme.key", "SFC010", "is a path, not what is in the file"),
        ("https://acme.my.salesforce.com", "SFC010", "has characters that no Consumer Key has"),
        ("3MVG9aZ3kQ7xPwL0/vN5mT+aZ3=", "SFC010", "has characters that no Consumer Key has"),
        ("00D5e000000AbCdEAK", "SFC110", "looks like the id of an org, a user or an app"),
        ("0H45e000000AbCd", "SFC110", "looks like the id of an org, a user or an app"),
        ("crm@example.org", "SFC110", "looks like a username"),
        ("00D5e000000AbCd!AQEAQxyz", "SFC110", "looks like a token"),
    ],
)
def test_a_value_that_is_no_consumer_key(
    doctor: Doctor, monkeypatch: pytest.MonkeyPatch, value: str, check: str, message: str
) -> None:
    monkeypatch.setenv("ACME_ID", value)
    out = doctor(f"client_id: {{env: ACME_ID}}\n{JWT}")
    assert message in out
    assert check in out
    assert value not in out


@pytest.mark.parametrize("field", ["oauth2: {client_secret", "jwt: {username: a@b.co, private_key"])
@pytest.mark.parametrize("value", ["/run/secrets/acme", "./acme.key", "~/acme.key", "file:///x/a"])
def test_a_path_in_place_of_a_secret(
    doctor: Doctor, monkeypatch: pytest.MonkeyPatch, field: str, value: str
) -> None:
    monkeypatch.setenv("ACME_SECRET", value)
    out = doctor(f"{KEY}{field}: {{env: ACME_SECRET}}}}\n")
    assert "is a path, not what is in the file" in out
    assert "{file: PATH}" in out
    assert value not in out


def test_a_missing_env_file_is_created_with_a_line(doctor: Doctor, tmp_path: Path) -> None:
    out = " ".join(doctor(f"client_id: {{dotenv: ACME_KEY}}\n{JWT}").split())
    assert f"Create {tmp_path / '.env'} with a line ACME_KEY=…" in out


def test_a_folder_in_place_of_a_key_is_not_told_to_change_its_mode(
    doctor: Doctor, tmp_path: Path
) -> None:
    (tmp_path / "secrets/acme.key").mkdir(parents=True)
    out = doctor(f"{KEY}{JWT}")
    assert "is a folder" in out
    assert "SFC008" not in out


@pytest.mark.parametrize("sign", ["\u200b", "\u2060", "\ufeff", "\u00ad", "\u3164"])
@pytest.mark.parametrize("username", ["n8n@acme.com.uat{}", "n8n@{}acme.com.uat"])
def test_an_invisible_character_in_a_username(doctor: Doctor, username: str, sign: str) -> None:
    out = doctor(f"{KEY}{JWT.replace('n8n@acme.com.uat', username.format(sign))}")
    assert "SFC109" in out
    assert "the username contains an invisible character" in out


@pytest.mark.parametrize("username", ["n8n@\u0430cme.com.uat", "\u00e9lan@acme.com.uat"])
def test_a_username_with_other_letters_is_not_called_fine(doctor: Doctor, username: str) -> None:
    out = doctor(f"{KEY}{JWT.replace('n8n@acme.com.uat', username)}")
    assert "warning SFC109" in out
    assert "plain Latin letter" in out


@pytest.mark.parametrize("section", ["jwt", "oauth2", "client_credentials"])
@pytest.mark.parametrize("flow", ["", "flow: auto\n"])
def test_a_section_without_its_fields_is_not_called_missing(
    doctor: Doctor, section: str, flow: str
) -> None:
    out = doctor(f"{KEY}{flow}{section}:\n")
    line = 5 + bool(flow)
    assert f"acme.yaml:{line}:" in out
    assert f"the section {section} is empty" in out
    assert "Add a `jwt:`" not in out


@pytest.mark.parametrize("path", ["..\\secrets\\acme.key", "C:\\keys\\acme.key"])
def test_a_backslash_in_double_quotes(doctor: Doctor, path: str) -> None:
    out = doctor(f'{KEY}jwt: {{username: a@b.co, private_key: {{file: "{path}"}}}}\n')
    assert "a backslash in double quotes" in out
    assert "/" in out.partition("hint:")[2].partition("\n")[0]


def test_a_certificate_in_place_of_its_path(doctor: Doctor) -> None:
    pem = "-----BEGIN CERTIFICATE-----\n    MIIB+x/y\n    -----END CERTIFICATE-----"
    out = doctor(f"{KEY}jwt:\n  username: a@b.co\n  certificate: |\n    {pem}\n")
    assert "SFC002" in out
    assert "is the certificate itself, not the path of its file" in " ".join(out.split())
    assert "no such file" not in out


def test_a_field_that_is_there_already_is_not_suggested(doctor: Doctor) -> None:
    out = doctor(f"{KEY}api_version: v60.0\n{JWT}")
    assert "SFC002" in out
    assert "Did you mean `version`?" not in out
    assert "Did you mean `environment`?" in doctor(
        f"{KEY}enviroment: sandbox\n{JWT}", "version: 1\nname: acme\n"
    )


@pytest.mark.parametrize("url", ["https://n8n.acme.com{}", "https://n8n{}.acme.com/flows"])
@pytest.mark.parametrize("sign", ["\u200b", "\u2060", "\u00ad"])
def test_an_invisible_character_in_the_address_of_n8n(doctor: Doctor, url: str, sign: str) -> None:
    out = doctor(f"{KEY}{JWT}n8n:\n  url: {url.format(sign)}\n")
    assert "SFC305" in out
    assert "n8n.url: it has an invisible character in it" in out
