"""`sfcred app`: what it writes and where, what it refuses, and how it compares retrieved metadata."""

import json
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfcred.salesforce.metadata.apps import apps_in
from sfcred.salesforce.metadata.formats import FORMATS, AppFormat
from sfcred.salesforce.metadata.model import (
    AppSettings,
    PermissionSet,
    RefreshPolicy,
    RetrievedFile,
    normal_scopes,
)
from sfcred.salesforce.metadata.xml import NotMetadata, read
from sfcred.salesforce.scopes import SCOPES
from tests.conftest import Outcome
from tests.helpers.project import CONSUMER_KEY, CONSUMER_SECRET, REFRESH_TOKEN, Project
from tests.helpers.systems import has_mode

Run = Callable[..., Outcome]
TEXT = st.text(
    st.characters(min_codepoint=32, max_codepoint=0x2FFF, exclude_categories=["Cs", "Cc"])
)
WORD = st.from_regex(r"\A[A-Za-z][A-Za-z0-9_]{0,20}\Z")
POLICIES = st.one_of(
    st.sampled_from([RefreshPolicy("infinite"), RefreshPolicy("zero")]),
    st.builds(
        RefreshPolicy,
        st.sampled_from(["lifetime", "inactivity"]),
        st.integers(1, 9999),
        st.sampled_from(["Hours", "Days", "Months"]),
    ),
)
SETTINGS = st.builds(
    AppSettings,
    label=TEXT.map(str.strip).filter(bool),
    contact_email=st.just("crm@acme.com"),
    contact_phone=st.sampled_from(["", "+1 555 0100"]),
    description=TEXT.map(str.strip),
    logo_url=st.sampled_from(["", "https://a.example/logo.png?a=1&b"]),
    icon_url=st.sampled_from(["", "https://a.example/icon.png"]),
    start_url=st.sampled_from(["", "https://a.example"]),
    scopes=st.lists(st.sampled_from([s.wire for s in SCOPES]), min_size=1).map(tuple),
    callback_urls=st.lists(st.sampled_from(["https://a.example/cb?x=1&y", "http://localhost:1/c"]), min_size=1, unique=True).map(tuple),
    certificate=st.sampled_from(["", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"]),
    pre_authorized=st.sampled_from([True]),
    permission_sets=st.lists(WORD, unique=True).map(sorted).map(lambda names: tuple(map(PermissionSet, names))),
    profiles=st.lists(WORD, unique=True).map(sorted).map(tuple),
    pkce_required=st.booleans(),
    refresh_token_rotation=st.booleans(),
    refresh_token_idle_limit=st.booleans(),
    named_user_jwt=st.booleans(),
    refresh_policy=POLICIES,
    ip_relaxation=st.sampled_from(["enforce", "bypass", "bypass_2factor", "enforce_relax_refresh"]),
    session_level=st.sampled_from(["low", "standard", "high_assurance"]),
    is_enabled=st.sampled_from([True]),
    has_oauth=st.sampled_from([True]),
    is_secret_optional=st.sampled_from([False]),
    has_ip_ranges=st.sampled_from([False]),
    org_id=st.none(),
    is_reference=st.none(),
    consumer_key=st.none(),
    client_credentials=st.booleans(),
    run_as=st.sampled_from(["", "n8n@acme.com"]),
).map(lambda app: app._replace(client_credentials_policy=app.client_credentials))  # fmt: skip


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.type)
@given(app=SETTINGS)
def test_what_is_written_is_read(form: AppFormat, app: AppSettings) -> None:
    files = [RetrievedFile(f.kind, f.name, read(f.text)[1]) for f in form.write("N8N", app)]
    (back,) = apps_in(files)
    assert (back.api_name, back.form) == ("N8N", form)
    scopes = normal_scopes(app.scopes or ())
    assert normal_scopes(back.settings.scopes or ()) == scopes
    assert back.settings._replace(scopes=()) == app._replace(scopes=())


@given(st.text())
def test_no_text_is_too_wild(text: str) -> None:
    try:
        read(text)
    except NotMetadata:
        return


@pytest.mark.parametrize(
    "text",
    ["", "<a", "<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", "<x>&lol;</x>", "{}", "\x00"],
)
def test_what_is_no_metadata(text: str) -> None:
    with pytest.raises(NotMetadata):
        read(text)


def test_a_folder_a_credential_ready_to_deploy(project: Project, run: Run) -> None:
    profiles = "profiles: {uat: {n8n: {id: uat}}, dev: {n8n: {id: dev}}}\n"
    done = run("app", project.credential(profiles), "-o", "salesforce")
    assert done.status == 0, done
    for name in ("acme-crm.uat", "acme-crm.dev"):
        folder = Path("salesforce") / name
        content = json.loads((folder / "sfdx-project.json").read_text(encoding="utf-8"))
        assert content["sourceApiVersion"] == "66.0"
        assert len(list(folder.rglob("*-meta.xml"))) == 5
    assert "sf project deploy start" in done.out
    assert "sf org login web --alias ORG --instance-url https://acme" in done.out
    assert "create the permission set n8n_Integration if missing" in done.out
    assert "JWT logins fail" in " ".join(done.out.split())


def test_no_secret_is_in_it(project: Project, run: Run) -> None:
    for base in ("jwt", "oauth2"):
        done = run("app", project.credential("{}\n", base), "-o", base)
        written = "".join(
            p.read_text(encoding="utf-8") for p in Path(base).rglob("*") if p.is_file()
        )
        for secret in (CONSUMER_KEY, CONSUMER_SECRET, REFRESH_TOKEN, "PRIVATE KEY"):
            assert secret not in written + done.out + done.err


def test_the_file_with_the_certificate_stays_out_of_git(project: Project, run: Run) -> None:
    project.material("other", "tracked:rsa-2048")
    spec = project.credential()
    Path("salesforce/acme-crm/force-app/main/default/extlClntAppGlobalOauthSets").mkdir(
        parents=True
    )
    done = run("app", spec, "-o", "salesforce")
    assert done.status == 2
    assert "does not ignore it" in done.err
    assert not list(Path("salesforce").rglob("*.xml"))
    Path(".gitignore").write_text("salesforce/\n", encoding="utf-8")
    assert run("app", spec, "-o", "salesforce").status == 0
    (sensitive,) = Path("salesforce").rglob("*ecaGlblOauth*")
    assert has_mode(sensitive, 0o600)


def test_nothing_is_overwritten(project: Project, run: Run) -> None:
    spec = project.credential()
    assert run("app", spec, "-o", "salesforce").status == 0
    done = run("app", spec, "-o", "salesforce")
    assert (done.status, "already exists" in done.err) == (2, True)
    assert run("app", spec, "-o", "salesforce", "--force").status == 0


@pytest.mark.parametrize(
    ("fragment", "options", "words"),
    [
        ("jwt: {certificate: null}\n", (), "would lose the one it has"),
        ("app: {contact_email: null}\n", (), "contact_email is missing"),
        ("app: {label: '123'}\n", ("--no-check",), "can't be turned into an API name"),
        ("app: {label: '123'}\n", (), "so nothing was done"),
        ("my_domain: https://acme.lightning.force.com\n", (), "so nothing was done"),
    ],
)
def test_what_would_break_the_app_is_refused(
    project: Project, run: Run, fragment: str, options: tuple[str, ...], words: str
) -> None:
    done = run("app", project.credential(fragment), "-o", "salesforce", *options)
    assert done.status == 1
    assert words in done.err
    assert not Path("salesforce").exists()


def test_a_missing_pair_leads_to_the_keygen_of_the_profile(project: Project, run: Run) -> None:
    spec = project.credential(
        "jwt: {private_key: {file: no.key}, certificate: no.crt}\n"
        "profiles: {uat: {description: x}}\n"
    )
    done = run("app", spec, "--profile", "uat", "-o", "salesforce", "--no-check")
    assert done.status == 1
    assert "`sfcred keygen acme.yaml --profile uat` to create them" in done.err


def test_half_a_pair_does_not_lead_to_keygen(project: Project, run: Run) -> None:
    spec = project.credential("jwt: {certificate: no.crt}\n")
    done = run("app", spec, "-o", "salesforce", "--no-check")
    assert (done.status, "keygen" in done.err) == (1, False)


def test_without_scopes_n8n_s_own_are_taken(project: Project, run: Run) -> None:
    fragment = "app: {scopes: null}\noauth2: {refresh_token: null}\n"
    assert run("app", project.credential(fragment, "oauth2"), "-o", "s", "--no-check").status == 0
    (settings,) = Path("s").rglob("*.ecaOauth-meta.xml")
    assert "Full, RefreshToken" in settings.read_text(encoding="utf-8")


def test_a_scope_that_metadata_can_t_hold_is_not_dropped_in_silence(
    project: Project, run: Run
) -> None:
    fragment = "app: {scopes: [api, acme_custom]}\ndoctor: {ignore: {SFC201: custom}}\n"
    done = run("app", project.credential(fragment), "-o", "s")
    assert done.status == 1
    assert "app.scopes" in done.err
    assert not Path("s").exists()


def test_scopes_in_other_spellings_are_written_all_the_same(project: Project, run: Run) -> None:
    fragment = "app: {scopes: [Api, RefreshToken]}\n"
    assert run("app", project.credential(fragment), "-o", "s", "--no-check").status == 0
    (settings,) = Path("s").rglob("*.ecaOauth-meta.xml")
    assert ">Api, RefreshToken<" in settings.read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", ["connected_app", "external_client_app"])
def test_assignments_that_an_app_cannot_have_are_not_dropped_in_silence(
    project: Project, run: Run, kind: str
) -> None:
    fragment = f"app: {{type: {kind}, pre_authorized: false, profiles: [API Only]}}\n"
    path = project.credential(fragment)
    assert run("doctor", path).out.count("SFC615") >= 2
    done = run("app", path, "-o", "out")
    assert done.status == 0
    for name in ("permission_sets", "profiles"):
        assert f"not written: app.{name}" in done.out
    done = run("app", path, "-o", "again", "--over", "out")
    assert (done.status, "not written: app.profiles" in done.out) == (0, True)


def test_drift_is_found(project: Project, run: Run) -> None:
    spec = project.credential()
    assert run("app", spec, "-o", "s").status == 0
    (policies,) = Path("s").rglob("*ecaOauthPlcy-meta.xml")
    text = policies.read_text(encoding="utf-8").replace(
        "AdminApprovedPreAuthorized", "AllSelfAuthorized"
    )
    policies.write_text(text, encoding="utf-8")
    (shared,) = Path("s").rglob("*ecaGlblOauth-meta.xml")
    start, _, rest = shared.read_text(encoding="utf-8").partition("<certificate>")
    shared.write_text(start + rest.partition("</certificate>")[2], encoding="utf-8")
    done = run("app", spec, "--check", "s", "--format", "json")
    assert done.status == 1
    found = {f["check"]: f["severity"] for f in json.loads(done.out)["findings"]}
    assert found == {"SFC704": "error", "SFC705": "error"}


def damaged(text: str) -> None:
    Path("s").mkdir()
    Path("s/n8n.eca").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("make", "words", "status"),
    [
        (lambda: None, ": not a folder", 2),
        (lambda: Path("s").mkdir(), "contains no app metadata", 2),
        (lambda: damaged("<a"), "not well-formed XML", 4),
        (lambda: damaged("x" * 1_100_000), "larger than", 4),
    ],
)
def test_what_can_t_be_compared(
    project: Project, run: Run, make: Callable[[], object], words: str, status: int
) -> None:
    make()
    done = run("app", project.credential(), "--check", "s")
    assert done.status == status
    assert words in done.out + done.err


def test_a_place_is_needed(project: Project, run: Run) -> None:
    done = run("app", project.credential())
    assert (done.status, "`sfcred app -o salesforce`" in done.err) == (2, True)


def drifted(run: Run) -> list[str]:
    """What is found in the app's source in the folder s."""
    done = run("app", "acme.yaml", "--check", "s", "--format", "json")
    return sorted({finding["check"] for finding in json.loads(done.out)["findings"]})


PERIODS = [("6mo", "6", "Months"), ("30d", "30", "Days"), ("12h", "12", "Hours")]


@pytest.mark.parametrize("kind", ["lifetime", "inactivity"])
@pytest.mark.parametrize(("duration", "number", "unit"), PERIODS)
def test_a_policy_s_period_has_its_unit(
    project: Project, run: Run, kind: str, duration: str, number: str, unit: str
) -> None:
    fragment = f"app: {{refresh_token_policy: {{{kind}: {duration}}}}}\n"
    assert run("app", project.credential(fragment), "-o", "s", "--force").status == 0
    (policies,) = Path("s").rglob("*ecaOauthPlcy-meta.xml")
    text = policies.read_text(encoding="utf-8")
    assert f"<refreshTokenValidityPeriod>{number}</refreshTokenValidityPeriod>" in text
    assert f"<refreshTokenValidityUnit>{unit}</refreshTokenValidityUnit>" in text
    # As many of another unit, and ten times as many of the same, are another policy.
    for other in ("Months", "Days", "Hours"):
        policies.write_text(text.replace(f">{unit}<", f">{other}<"), encoding="utf-8")
        assert drifted(run) == ["SFC705"] * (other != unit)
    policies.write_text(text.replace(f">{number}<", f">{number}0<"), encoding="utf-8")
    assert drifted(run) == ["SFC705"]


@pytest.mark.parametrize(("duration", "number", "unit"), PERIODS)
def test_a_connected_app_s_period_has_its_unit(
    project: Project, run: Run, duration: str, number: str, unit: str
) -> None:
    fragment = f"app: {{type: connected_app, refresh_token_policy: {{lifetime: {duration}}}}}\n"
    spec = project.credential(fragment)
    assert run("app", spec, "-o", "s", "--force", "--no-check").status == 0
    (file,) = Path("s").rglob("*.connectedApp-meta.xml")
    text = file.read_text(encoding="utf-8")
    assert f"specific_lifetime:{number}:{unit.upper()}" in text
    for other in ("Months", "Days", "Hours"):
        file.write_text(text.replace(f":{unit.upper()}", f":{other.upper()}"), encoding="utf-8")
        assert drifted(run) == ["SFC705"] * (other != unit)


@pytest.mark.parametrize("policy", ["infinite", "zero"])
def test_a_policy_without_a_period_has_none(project: Project, run: Run, policy: str) -> None:
    fragment = f"app: {{refresh_token_policy: {policy}}}\n"
    assert run("app", project.credential(fragment), "-o", "s", "--force", "--no-check").status == 0
    (policies,) = Path("s").rglob("*ecaOauthPlcy-meta.xml")
    assert "refreshTokenValidity" not in policies.read_text(encoding="utf-8")


# -- what Salesforce is given, to the letter

NAMESPACE = "{http://soap.sforce.com/2006/04/metadata}"
EXTERNAL = {
    "n8n.eca": {
        "contactEmail": "crm@acme.com",
        "description": "For the leads",
        "distributionState": "Local",
        "isProtected": "false",
        "label": "n8n",
    },
    "n8n_glbloauth.ecaGlblOauth": {
        "callbackUrl": "https://n8n.acme.com/rest/oauth2-credential/callback",
        "certificate": "CERTIFICATE",
        "externalClientApplication": "n8n",
        "isConsumerSecretOptional": "false",
        "isPkceRequired": "true",
        "isRefreshTokenRotationEnabled": "true",
        "isSecretRequiredForRefreshToken": "true",
        "label": "n8n global OAuth",
        "shouldRotateConsumerKey": "false",
        "shouldRotateConsumerSecret": "false",
    },
    "n8n_oauth.ecaOauth": {
        "commaSeparatedOauthScopes": "Api, RefreshToken, Basic",
        "externalClientApplication": "n8n",
        "label": "n8n OAuth",
    },
    "n8n_oauthPlcy.ecaOauthPlcy": {
        "commaSeparatedPermissionSet": "One, Two",
        "externalClientApplication": "n8n",
        "ipRelaxationPolicyType": "Bypass",
        "label": "n8n OAuth policies",
        "permittedUsersPolicyType": "AdminApprovedPreAuthorized",
        "refreshTokenPolicyType": "Infinite",
        "requiredSessionLevel": "STANDARD",
    },
    "n8n_plcy.ecaPlcy": {
        "externalClientApplication": "n8n",
        "isEnabled": "true",
        "isOauthPluginEnabled": "true",
        "label": "n8n policies",
    },
}
CONNECTED = {
    "n8n.connectedApp": {
        "contactEmail": "crm@acme.com",
        "description": "For the leads",
        "label": "n8n",
        "oauthConfig/callbackUrl": "https://n8n.acme.com/rest/oauth2-credential/callback",
        "oauthConfig/certificate": "CERTIFICATE",
        "oauthConfig/isAdminApproved": "true",
        "oauthConfig/isConsumerSecretOptional": "false",
        "oauthConfig/isPkceRequired": "true",
        "oauthConfig/isRefreshTokenRotationEnabled": "true",
        "oauthConfig/isSecretRequiredForRefreshToken": "true",
        "oauthConfig/scopes": "Api RefreshToken Basic",
        "oauthPolicy/ipRelaxation": "BYPASS",
        "oauthPolicy/refreshTokenPolicy": "infinite",
        "permissionSetName": "One Two",
    }
}
FULL_APP = """\
description: For the leads
app:
  ip_relaxation: bypass
  refresh_token_rotation: true
  permission_sets: [One, Two]
  scopes: [api, refresh_token, id]
"""


def fields(path: Path, certificate: str) -> dict[str, str]:
    """A metadata file's fields; of one that stands there several times, all its texts."""
    found: dict[str, str] = {}

    def walk(element: ET.Element, route: str) -> None:
        for child in element:
            name = route + child.tag.removeprefix(NAMESPACE)
            if len(child):
                walk(child, f"{name}/")
            else:
                text = (child.text or "").replace(certificate, "CERTIFICATE")
                found[name] = f"{found[name]} {text}" if name in found else text

    walk(ET.fromstring(path.read_text(encoding="utf-8")), "")
    return found


@pytest.mark.parametrize(
    ("kind", "expected"), [("external_client_app", EXTERNAL), ("connected_app", CONNECTED)]
)
def test_the_metadata_to_the_letter(
    project: Project, run: Run, kind: str, expected: dict[str, dict[str, str]]
) -> None:
    spec = project.credential(f"{FULL_APP}  type: {kind}\n")
    assert run("app", spec, "-o", "s", "--no-check").status == 0
    certificate = project.workshop.text("certificate").strip()
    files = {
        path.name.removesuffix("-meta.xml"): fields(path, certificate)
        for path in Path("s").rglob("*-meta.xml")
    }
    assert files == expected
    (manifest,) = Path("s").rglob("package.xml")
    for kind_, folder in {path.parent.name: path for path in Path("s").rglob("*-meta.xml")}.items():
        assert folder.parent.name == kind_
    assert manifest.read_text(encoding="utf-8").count("<types>") == len(expected)


@pytest.mark.parametrize("kind", ["external_client_app", "connected_app"])
def test_what_a_spec_leaves_out_is_not_written(project: Project, run: Run, kind: str) -> None:
    fragment = f"app: {{type: {kind}, pre_authorized: false, permission_sets: [One]}}\n"
    spec = project.credential(fragment, "oauth2")
    assert run("app", spec, "-o", "s", "--no-check").status == 0
    text = "".join(path.read_text(encoding="utf-8") for path in Path("s").rglob("*-meta.xml"))
    for absent in ("<description", "certificate", "One", "Validity", "None"):
        assert absent not in text
    said = "<isAdminApproved>false" if kind == "connected_app" else "AllSelfAuthorized"
    assert said in text


@pytest.mark.parametrize("number", ["\u00b2", "9" * 5000, "-1", "1.5", "", "x"])
@pytest.mark.parametrize("kind", ["external_client_app", "connected_app"])
def test_a_period_that_is_no_number(project: Project, run: Run, kind: str, number: str) -> None:
    """What an org gave back, or a pull request wrote: it differs, and is no bug."""
    fragment = f"app: {{type: {kind}, refresh_token_policy: {{lifetime: 7d}}}}\n"
    assert run("app", project.credential(fragment), "-o", "s", "--no-check").status == 0
    for path in Path("s").rglob("*-meta.xml"):
        text = path.read_text(encoding="utf-8").replace("Period>7<", f"Period>{number}<")
        path.write_text(text.replace("lifetime:7:", f"lifetime:{number}:"), encoding="utf-8")
    done = run("app", "acme.yaml", "--check", "s")
    assert "SFC705" in done.out
    assert "bug" not in done.out + done.err
