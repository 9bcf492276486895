"""What import makes of values: either the spec stands for the credential, or it is left out."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sfcred.exchange.adopt import ImportOptions, adopt, slugs
from sfcred.exchange.held import why_not_held
from sfcred.n8n.export import StoredCredential
from sfcred.n8n.expression import literal
from sfcred.spec.load import SpecFile
from sfcred.spec.reader import parse
from tests.conftest import Outcome
from tests.exchange.test_import import (
    assert_no_secret,
    jwt_entry,
    oauth2_entry,
    parsed,
    spec_of,
    write,
)
from tests.helpers.material import Workshop

Run = Callable[..., Outcome]
OLD, NEW = "2.40.5", "2.41.1"
DEFAULT = '={{ $self["environment"] === "sandbox" ? "https://test.salesforce.com/services/oauth2/%s" : "https://login.salesforce.com/services/oauth2/%s" }}'  # fmt: skip
ORG = "https://acme.my.salesforce.com/services/oauth2"


def imported(run: Run, entry: dict[str, Any], version: str = OLD) -> Outcome:
    """Import one credential. Then doctor finds no error, and the export shows no difference."""
    source = write(entry)
    done = run("import", source, "--n8n-version", version)
    assert "wrote credentials/" in done.out, done
    assert "error SFC" not in done.out, done
    again = run("diff", "--export", source)
    assert (again.status, "1 same" in again.out) == (0, True), again
    return done


def urls(authorize: object, token: object, **changes: Any) -> dict[str, Any]:
    return oauth2_entry(authUrl=authorize, accessTokenUrl=token, **changes)


@pytest.mark.parametrize("version", [OLD, NEW, ""])
@pytest.mark.parametrize(
    ("authorize", "token", "my_domain"),
    [
        (f"{ORG}/authorize?prompt=login", f"{ORG}/token", "https://acme.my.salesforce.com"),
        (f"{ORG}/authorize", f"{ORG}/token", "https://acme.my.salesforce.com"),
        (literal(f"{ORG}/authorize"), f"{ORG}/token", "https://acme.my.salesforce.com"),
        ("", "", None),
        (None, None, None),
        (DEFAULT % (("authorize?prompt=login",) * 2), DEFAULT % ("token", "token"), None),
        (DEFAULT % ("authorize", "authorize"), None, None),
        ("https://login.salesforce.com/services/oauth2/authorize", "", None),
    ],
)
def test_my_domain_comes_from_stored_urls(
    run: Run, version: str, authorize: object, token: object, my_domain: str | None
) -> None:
    imported(run, urls(authorize, token), version)
    assert spec_of("acme-gr-e-1").get("my_domain") == my_domain
    text = Path("credentials/acme-gr-e-1.yaml").read_text(encoding="utf-8")
    assert ("# my_domain: https://acme.my.salesforce.com " in text) == (my_domain is None)


@pytest.mark.parametrize(
    ("version", "environment", "my_domain"),
    [("2.40.5", "sandbox", "https://test.salesforce.com"), (NEW, "production", None)],
)
def test_an_address_that_n8n_ignores_is_not_the_spec_s(
    run: Run, version: str, environment: str, my_domain: str | None
) -> None:
    base = "https://test.salesforce.com/services/oauth2"
    imported(run, urls(f"{base}/authorize", f"{base}/token", oauthTokenData={}), version)
    spec = spec_of("acme-gr-e-1")
    assert (spec["environment"], spec.get("my_domain")) == (environment, my_domain)
    assert "SFC103" not in run("doctor").out


@pytest.mark.parametrize(("version", "is_held"), [(OLD, False), (NEW, True)])
def test_diff_and_import_agree_on_what_a_version_heeds(
    run: Run, workshop: Workshop, version: str, is_held: bool
) -> None:
    assert run("import", write(jwt_entry(workshop)), "--n8n-version", version).status == 0
    export = write(urls("https://evil.example/a", f"{ORG}/token"), name="other.json")
    told = run("diff", "--export", export)
    assert ("no spec can stand for it: its authUrl" in told.out) is not is_held
    done = run("import", export, "--n8n-version", version)
    assert ("left out Acme" in done.out) is not is_held


OTHER_LOGINS = {
    "different hosts": urls(f"{ORG}/authorize", "https://login.salesforce.com/services/oauth2/token"),
    "lead to different": urls("", f"{ORG}/token"),
    "my_domain stands for": urls(f"{ORG}/authorize?login_hint=a", f"{ORG}/token"),
    "not one that": urls("https://acme.my.site.com/x/services/oauth2/authorize", f"{ORG}/token"),
    "authUrl or accessTokenUrl is not": urls("={{ $vars.url }}", f"{ORG}/token"),
    "accessTokenUrl is not one": urls(3, f"{ORG}/token"),
    "grantType is not": oauth2_entry(grantType="password"),
    "authentication is not": oauth2_entry(authentication="body"),
    "useDynamicClientRegistration": oauth2_entry(useDynamicClientRegistration=True),
}  # fmt: skip


@pytest.mark.parametrize("reason", OTHER_LOGINS)
def test_another_login_than_a_spec_s_is_left_out_where_n8n_heeds_it(run: Run, reason: str) -> None:
    entry = OTHER_LOGINS[reason]
    done = run("import", write(entry), "--n8n-version", OLD)
    assert (done.status, reason in done.out) == (4, True), done
    assert "left out Acme: Größe #1: its " in done.out
    assert not Path("credentials").exists()
    imported(run, entry, NEW)


@pytest.mark.parametrize("kind", ["jwt", "oauth2"])
def test_a_password_in_an_address_never_reaches_a_spec(
    run: Run, workshop: Workshop, kind: str
) -> None:
    url = "https://ada:canary@acme.my.salesforce.com"
    end = "/services/oauth2/"
    stored = urls(f"{url}{end}authorize", f"{url}{end}token")
    entry = jwt_entry(workshop, myDomainUrl=url) if kind == "jwt" else stored
    done = run("import", write(entry), "--n8n-version", OLD)
    assert (done.status, "left out" in done.out, "canary" in done.out) == (4, True, False), done
    assert not Path("credentials").exists()


SECRET_FIELDS = {"jwt": ["clientId", "username", "privateKey"], "oauth2": ["clientId", "clientSecret"]}  # fmt: skip
CODE = ["={{ $vars.a || 'canary' }}", "=pre-{{ $secrets.vault.a }}", "={{ $secrets.vault.a }}b", "={{ canary() }}", "=canary", "={{x", "={{ $secrets.vault.a + $secrets.vault.b }}", "={{ $env.A }}", "={{ $vars.a }} ", "={{ $vars.a }}\n", "= {{ $vars.a }}", '={{ "sandbox" }}', '={{ "n8n@acme.com" }}', "={{ $secrets.vault[$vars.a] }}", "={{ $('Set').item.json.canary }}"]  # fmt: skip


@pytest.mark.parametrize("code", CODE)
@pytest.mark.parametrize("flow", SECRET_FIELDS)
def test_code_is_never_turned_into_text(run: Run, workshop: Workshop, code: str, flow: str) -> None:
    make = {"jwt": lambda **data: jwt_entry(workshop, **data), "oauth2": oauth2_entry}[flow]
    fields = [*SECRET_FIELDS[flow], "environment", *(["myDomainUrl"] if flow == "jwt" else [])]
    for field in fields:
        done = run("import", write(make(**{field: code})))
        assert (done.status, f"its {field} is an expression" in done.out) == (4, True), done
        assert_no_secret(done, workshop)
    assert not Path("credentials").exists()


@pytest.mark.parametrize(
    "locator", ["$secrets.vault.key", "$secrets['vault']['my-key']", '$vars["a b"]', "$vars.x"]
)
@pytest.mark.parametrize("form", ["={{ %s }}", "={{%s}}", "={{\n%s\n}}"])
def test_a_secret_in_n8n_stays_there(run: Run, workshop: Workshop, locator: str, form: str) -> None:
    expression = form % locator
    entry = jwt_entry(workshop, **dict.fromkeys(SECRET_FIELDS["jwt"], expression))
    imported(run, entry)
    spec = spec_of("acme-crm")
    assert spec["jwt"]["private_key"] == spec["client_id"] == spec["jwt"]["username"]
    assert spec["client_id"] == {"n8n": locator}
    assert not list(Path("secrets").glob("*")) if Path("secrets").exists() else True


@pytest.mark.parametrize("kind", ["jwt", "oauth2"])
def test_fields_of_another_type_do_not_matter(run: Run, workshop: Workshop, kind: str) -> None:
    if kind == "jwt":
        imported(run, jwt_entry(workshop, clientSecret=3, authUrl="={{ x }}", grantType="x"))
    else:
        imported(run, oauth2_entry(username="a", privateKey="={{ x }}", myDomainUrl=3))


@pytest.mark.parametrize("value", [3, True, ["a"], {"a": 1}])
def test_a_value_that_is_no_text_is_left_out(run: Run, value: object) -> None:
    done = run("import", write(oauth2_entry(clientSecret=value)))
    assert (done.status, "its clientSecret is not a text" in done.out) == (4, True)
    # Deleting the export now would lose what no spec has.
    assert "next: keep what was left out in a safe place, then delete export.json: it" in done.out


def test_a_certificate_in_place_of_the_secret_is_left_out(run: Run) -> None:
    done = run("import", write(oauth2_entry(clientCredentialType="certificate")), "--n8n-version", NEW)  # fmt: skip
    assert (done.status, "it uses a certificate" in done.out) == (4, True)


def test_what_no_spec_has_is_named(run: Run) -> None:
    done = imported(run, oauth2_entry(authQueryParameters="login_hint=ada", scope="api", grantType="authorizationCode"))  # fmt: skip
    assert "note: Acme: Größe #1: no spec has n8n's authQueryParameters" in done.out
    assert "ada" not in done.out


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://acme.my.salesforce.com/", "https://acme.my.salesforce.com"),
        ("https://login.salesforce.com", None),
        ("https://login.salesforce.com/", None),
        ("", None),
    ],
)
def test_my_domain_url(run: Run, workshop: Workshop, url: str, expected: str | None) -> None:
    imported(run, jwt_entry(workshop, myDomainUrl=url, environment="production", username="a@b.co"))
    assert spec_of("acme-crm").get("my_domain") == expected


@pytest.mark.parametrize("stored", ["production", "sandbox", "", None])
@pytest.mark.parametrize("version", [OLD, NEW, ""])
@pytest.mark.parametrize("org", ["acme--uat.sandbox", "acme"])
def test_the_environment_is_the_org_s_if_n8n_does_not_need_it(
    run: Run, workshop: Workshop, stored: str | None, version: str, org: str
) -> None:
    url = f"https://{org}.my.salesforce.com"
    expected = "sandbox" if "sandbox" in org else "production"
    username = "a@b.co.uat" if expected == "sandbox" else "a@b.co"
    imported(run, jwt_entry(workshop, myDomainUrl=url, environment=stored, username=username), version)  # fmt: skip
    assert spec_of("acme-crm")["environment"] == expected


@pytest.mark.parametrize(("version", "status"), [(OLD, 0), (NEW, 1), ("", 1)])
def test_an_environment_that_n8n_needs_stays(run: Run, version: str, status: int) -> None:
    base = "https://acme--uat.sandbox.my.salesforce.com/services/oauth2"
    token = {"access_token": "x", "instance_url": "https://acme--uat.sandbox.my.salesforce.com"}
    changes = {"environment": "production", "oauthTokenData": token}
    source = write(urls(f"{base}/authorize", f"{base}/token", **changes))
    done = run("import", source, "--n8n-version", version)
    assert (done.status, "SFC103" in done.out) == (status, bool(status)), done
    assert run("diff", "--export", source).status == 0
    spec = Path("credentials/acme-gr-e-1.yaml")
    spec.write_text(
        spec.read_text(encoding="utf-8").replace("environment: production", "environment: sandbox"),
        encoding="utf-8",
    )
    assert run("diff", "--export", source).status == status


NAMES = ["A\nB", 'say "hi"', "it's", "y", "1.0", "null", "ab", "# x", "a: b", "- a", "\t", "{x}", "=x", "😀", "a\u2028b", "\x7f", "é" * 128]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_names_of_any_kind(run: Run, workshop: Workshop, name: str) -> None:
    done = imported(run, {**jwt_entry(workshop), "name": name})
    (spec,) = map(parsed, Path("credentials").iterdir())
    assert spec["n8n"]["name"] == name
    assert all(line.isprintable() for line in done.out.splitlines())
    assert run("render", "-o", "r.json").status == 0
    assert json.loads(Path("r.json").read_text(encoding="utf-8"))[0]["name"] == name


@pytest.mark.parametrize("kind", ["jwt", "oauth2"])
@pytest.mark.parametrize("gone", ["id", "name"])
@pytest.mark.parametrize("value", [None, "", "gone"])
def test_without_an_id_or_a_name(
    run: Run, workshop: Workshop, kind: str, gone: str, value: str | None
) -> None:
    entry = jwt_entry(workshop) if kind == "jwt" else oauth2_entry()
    entry[gone] = value
    if value == "gone":
        del entry[gone]
    source = write(entry)
    done = run("import", source, "--n8n-version", OLD)
    assert "error SFC" not in done.out, done
    (spec,) = map(parsed, Path("credentials").iterdir())
    assert gone not in spec["n8n"]
    if gone == "id":
        assert run("diff", "--export", source).status == 0
        assert run("render", "-o", "r.json", "--merge-from", source).status == 0
        data = json.loads(Path("r.json").read_text(encoding="utf-8"))[0]["data"]
        assert ("oauthTokenData" in data) == (kind == "oauth2")
    assert "kept credentials/" in run("import", source).out


@pytest.mark.parametrize("kind", ["file", "dotenv", "env"])
@pytest.mark.parametrize("value", ["a ", " a", "a\tb", "#a", 'a"b', "a'b", "a$b", "a\\n", "é"])
def test_values_come_back(run: Run, kind: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import dotenv

    source = write(oauth2_entry(clientSecret=value))
    done = run("import", source, "--secrets", kind, "--n8n-version", OLD)
    assert "wrote " in done.out, done
    if kind == "env":
        for name, text in dotenv.dotenv_values("secrets/imported.env", interpolate=False).items():
            # As bytes: in an ASCII locale, Python takes no other text for a variable.
            monkeypatch.setenv(name, os.fsdecode((text or "").encode()))
    again = run("diff", "--export", source)
    assert (again.status, "1 same" in again.out) == (0, True), again


@pytest.mark.parametrize("field", ["clientId", "clientSecret", "username", "privateKey"])
@pytest.mark.parametrize("value", ["", None])
def test_an_empty_value_is_named(
    run: Run, workshop: Workshop, field: str, value: str | None
) -> None:
    make = oauth2_entry if field == "clientSecret" else (lambda **d: jwt_entry(workshop, **d))
    done = run("import", write(make(**{field: value})), "--n8n-version", OLD)
    (path,) = Path("credentials").iterdir()
    assert "n8n has none" in path.read_text(encoding="utf-8")
    assert done.status == 1
    assert "no such file" not in done.out
    parsed(path)


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
VALUE = TEXT | st.sampled_from([*CODE, "={{ $secrets.a.b }}", None, 1]) | TEXT.map(literal)
DATA = st.dictionaries(
    st.sampled_from(["environment", "clientId", "clientSecret", "username", "privateKey", "myDomainUrl", "authUrl", "accessTokenUrl", "oauthTokenData", "grantType"]),
    VALUE | st.dictionaries(st.sampled_from(["refresh_token", "instance_url", "scope"]), VALUE),
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(TEXT, TEXT, st.sampled_from(["salesforceJwtApi", "salesforceOAuth2Api"]), DATA)
def test_every_spec_is_valid_yaml(key: str, name: str, kind: str, data: dict[str, Any]) -> None:
    stored = StoredCredential(key, name, kind, data)
    if why_not_held(stored, None):
        return
    spec = adopt(stored, slugs([name])[0], ImportOptions("file", n8n_version="2.40.5"))
    file = SpecFile(parse(spec.text.encode(), Path("a.yaml"), "a.yaml"))
    assert not file.source.faults, spec.text
    deserved = {("environment",), ("client_id",), ("jwt", "username")}
    wrong = [error for one in file.declarations for error in one.errors]
    assert {error.route for error in wrong} <= deserved, wrong
