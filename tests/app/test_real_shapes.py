"""Shapes of metadata in public repositories, with values of our own: what is found, and what isn't.

Each shape was found in a real project: an old retrieval, a name that the Salesforce CLI doesn't take,
a certificate that was uploaded with text around it, a retrieval that is still an archive.
"""

import base64
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from sfcred.salesforce.scopes import SCOPES
from tests.conftest import Outcome
from tests.helpers.metadata import CALLBACK, CONNECTED, PARTS, path_of, retrieve
from tests.helpers.project import CONSUMER_KEY, Project

Run = Callable[..., Outcome]
MAIN, GLOBAL, SETTINGS, OAUTH_POLICIES, POLICIES = PARTS

#: A Connected App as API version 45 and earlier return it.
OLD = f"""<?xml version="1.0" encoding="UTF-8"?>
<ConnectedApp xmlns="http://soap.sforce.com/2006/04/metadata">
    <contactEmail>crm@acme.com</contactEmail>
    <contactPhone>5550100</contactPhone>
    <label>n8n</label>
    <oauthConfig>
        <callbackUrl>{CALLBACK}</callbackUrl>
        <consumerKey>{CONSUMER_KEY}</consumerKey>
        <scopes>Api</scopes>
        <scopes>Full</scopes>
        <scopes>RefreshToken</scopes>
    </oauthConfig>
</ConnectedApp>
"""
#: An External Client App's global settings before API version 60.
FIRST_GLOBAL = f"""<?xml version="1.0" encoding="UTF-8"?>
<ExtlClntAppGlobalOauthSettings xmlns="http://soap.sforce.com/2006/04/metadata">
    <callbackUrl>{CALLBACK}</callbackUrl>
    <externalClientApplication>n8n</externalClientApplication>
    <isConsumerSecretOptional>false</isConsumerSecretOptional>
    <isIntrospectAllTokens>false</isIntrospectAllTokens>
    <isPkceRequired>true</isPkceRequired>
    <isSecretRequiredForRefreshToken>true</isSecretRequiredForRefreshToken>
    <label>n8n_glbloauth</label>
    <shouldRotateConsumerKey>false</shouldRotateConsumerKey>
    <shouldRotateConsumerSecret>false</shouldRotateConsumerSecret>
</ExtlClntAppGlobalOauthSettings>
"""
#: What a spec states if it only names the app.
NAMED = (
    "app: {scopes: null, callback_urls: null, pre_authorized: null, permission_sets: null, "
    "pkce_required: null, refresh_token_policy: null, refresh_token_rotation: null, "
    "ip_relaxation: null, contact_email: null"
)


class Compared:
    """What `sfcred app --check md` found, by check."""

    def __init__(self, done: Outcome) -> None:
        self.text = done.out + done.err
        self.status = done.status
        report = json.loads(done.out)
        self.errors = {
            one["check"]: one["message"] for one in report["findings"] if one["severity"] == "error"
        }
        self.found = {one["check"] for one in report["findings"]}
        unread = [one for one in report["not_checked"] if one["credential"] is None]
        self.files = list({one["file"]: one for one in unread}.values())
        self.unknown = {
            one["check"]: one["reason"] for one in report["not_checked"] if one["credential"]
        }


def compare(project: Project, run: Run, flow: str, kind: str = "external_client_app") -> Compared:
    path = project.credential(f"{NAMED}, type: {kind}}}\n", flow)
    return Compared(run("app", path, "--check", "md", "--format", "json"))


def write(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")


def bare(project: Project) -> str:
    return "".join(project.workshop.text("certificate").strip().splitlines()[1:-1])


# -- old retrievals


@pytest.mark.parametrize(
    ("flow", "unknown"),
    [
        ("oauth2", {"SFC705", "SFC708", "SFC709"}),
        ("jwt", {"SFC705", "SFC708"}),
        ("client_credentials", {"SFC705", "SFC708", "SFC713"}),
    ],
)
def test_what_an_old_file_does_not_tell_is_not_ok(
    project: Project, run: Run, flow: str, unknown: set[str]
) -> None:
    """Neither "ok" nor a finding: the org can have any value."""
    write(path_of(CONNECTED), OLD)
    found = compare(project, run, flow, "connected_app")
    assert set(found.unknown) == unknown
    assert set(found.errors) == ({"SFC704"} if flow == "jwt" else set())
    assert all("older" in line or "has no" in line for line in found.unknown.values())


def test_a_user_that_an_old_file_cannot_name_is_not_missing(project: Project, run: Run) -> None:
    retrieve(PARTS, certificate="")
    path = path_of(OAUTH_POLICIES)
    kept = [
        line
        for line in path.read_text(encoding="utf-8").splitlines()
        if "isClientCredentialsFlowEnabled" not in line
    ]
    path.write_text("\n".join(kept), encoding="utf-8")
    found = compare(project, run, "client_credentials")
    assert "SFC713" not in found.found
    assert "clientCredentialsFlowUser" in found.unknown["SFC713"]


def test_a_certificate_that_an_old_file_cannot_have_is_not_missing(
    project: Project, run: Run
) -> None:
    retrieve(PARTS, certificate="")
    write(path_of(GLOBAL), FIRST_GLOBAL)
    found = compare(project, run, "jwt")
    assert (found.status, set(found.unknown), found.errors) == (4, {"SFC704", "SFC715"}, {})
    write(
        path_of(GLOBAL),
        FIRST_GLOBAL.replace(
            "<label>", "<isDeviceFlowEnabled>false</isDeviceFlowEnabled>\n<label>"
        ),
    )
    assert "no certificate" in compare(project, run, "jwt").errors["SFC704"]


@pytest.mark.parametrize(
    ("kind", "element"),
    [
        (GLOBAL, "isConsumerSecretOptional>f"),
        (OAUTH_POLICIES, "permittedUsersPolicyType"),
        (OAUTH_POLICIES, "refreshTokenPolicyType"),
        (OAUTH_POLICIES, "requiredSessionLevel"),
        (POLICIES, "isEnabled"),
        (POLICIES, "isOauthPluginEnabled"),
    ],
)
def test_a_blocking_setting_that_is_not_told_is_not_ok(
    project: Project, run: Run, kind: str, element: str
) -> None:
    retrieve(PARTS, certificate="")
    path = path_of(kind)
    kept = [line for line in path.read_text(encoding="utf-8").splitlines() if element not in line]
    path.write_text("\n".join(kept), encoding="utf-8")
    found = compare(project, run, "oauth2")
    if element.startswith("isConsumerSecretOptional"):
        assert "SFC709" not in found.unknown  # Salesforce documents the default
    else:
        assert found.status == 4
        assert any(element in reason for reason in found.unknown.values())


def test_what_an_old_file_cannot_keep_is_listed(project: Project, run: Run) -> None:
    """A deployment of the whole file resets what isn't in it."""
    write(path_of(CONNECTED), OLD)
    path = project.credential(f"{NAMED}, type: connected_app}}\n", "oauth2")
    done = run("app", path, "-o", "new", "--over", "md")
    assert done.status == 4
    text = " ".join(done.out.split())
    assert "too old to have" in text
    for name in ("isAdminApproved", "isConsumerSecretOptional", "isPkceRequired"):
        assert f"oauthConfig/{name}" in text


def test_a_certificate_is_not_lost_over_an_old_file(project: Project, run: Run) -> None:
    retrieve(PARTS, certificate="")
    write(path_of(GLOBAL), FIRST_GLOBAL)
    path = project.credential(f"{NAMED}}}\n", "oauth2")
    done = run("app", path, "-o", "new", "--over", "md")
    assert (done.status, "without certificates" in done.out) == (4, True)
    assert not list(Path("new").rglob("*ecaGlblOauth*"))
    path = project.credential(f"{NAMED}}}\n", "jwt")
    done = run("app", path, "-o", "other", "--over", "md")
    assert done.status == 0
    assert bare(project) in "".join(
        next(Path("other").rglob("*ecaGlblOauth*")).read_text(encoding="utf-8").split()
    )


# -- certificates


@pytest.mark.parametrize("is_there", [True, False])
@pytest.mark.parametrize("around", ["Bag Attributes\r\n    localKeyID: 01 02 \r\n", ""])
@pytest.mark.parametrize("kind", ["connected_app", "external_client_app"])
def test_a_certificate_that_was_uploaded_with_text_around_it(
    project: Project, run: Run, kind: str, around: str, *, is_there: bool
) -> None:
    """The org then returns the base64 of the whole file, which is PEM."""
    name = "certificate" if is_there else "certificate-other"
    whole = around + project.workshop.text(name).replace("\n", "\r\n")
    text = base64.b64encode(whole.encode()).decode()
    retrieve((CONNECTED,) if kind == "connected_app" else PARTS, certificate=text)
    found = compare(project, run, "jwt", kind)
    assert "SFC704" not in found.unknown
    assert ("SFC704" in found.errors) is not is_there


# -- names that the Salesforce CLI doesn't take

MISNAMED = {
    "n8n.ecaGlobalOauth-meta.xml": GLOBAL,
    "n8n.ecaGlobalOauth": GLOBAL,
    "n8n.ecaglbloauth-meta.xml": GLOBAL,
    "n8n.ecaGlblOauth.xml": GLOBAL,
    "n8n_glbloauth.xml": GLOBAL,
    "n8n.ecaGlblOauth-meta (1).xml": GLOBAL,
    "n8n.ecaGlblOauth-meta.xml.txt": GLOBAL,
    "n8n.ECA-meta.xml": MAIN,
    "n8n.externalClientApp-meta.xml": MAIN,
    "n8n.ecaConfigurablePolicies-meta.xml": OAUTH_POLICIES,
    "n8n.ecaOAuthPlcy-meta.xml": OAUTH_POLICIES,
    "n8n.ecaOAuth-meta.xml": SETTINGS,
    "n8n.ecaPolicy-meta.xml": POLICIES,
}


@pytest.mark.parametrize("name", MISNAMED)
def test_a_file_with_another_name_is_seen(project: Project, run: Run, name: str) -> None:
    retrieve(PARTS, certificate=bare(project))
    kind = MISNAMED[name]
    right = path_of(kind)
    right.rename(right.with_name(name))
    found = compare(project, run, "jwt")
    assert found.status == 4
    assert [(one["file"], kind in one["reason"]) for one in found.files] == [
        (str(right.with_name(name)), True)
    ]
    suffix = right.name.partition(".")[2]
    assert suffix in found.files[0]["reason"]
    assert f"Rename it to {name.partition('.')[0]}.{suffix}" in found.files[0]["hint"]


@pytest.mark.parametrize(
    "name", ["n8n.ConnectedApp-meta.xml", "n8n.connectedApp.xml", "n8n.connectedapp", "n8n.xml"]
)
def test_a_connected_app_with_another_name_is_seen(project: Project, run: Run, name: str) -> None:
    retrieve([CONNECTED], certificate=bare(project))
    path_of(CONNECTED).rename(path_of(CONNECTED).with_name(name))
    found = compare(project, run, "jwt", "connected_app")
    assert (found.status, found.found) == (4, set())  # not "the org has no such app"
    assert len(found.files) == 1


def test_other_files_are_not_named(project: Project, run: Run) -> None:
    """Other types of metadata, what editors leave behind, and what isn't XML."""
    retrieve(PARTS, certificate=bare(project))
    root = path_of(MAIN).parent
    for name, content in {
        "package.xml": "<Package/>",
        "n8n.ecaSaml-meta.xml": "<ExtlClntAppSamlConfigurablePolicies/>",
        "n8n.ecaOauthSecurity-meta.xml": "<ExtlClntAppOauthSecuritySettings/>",
        "n8n.eca-meta.xml.orig": path_of(MAIN).read_text(encoding="utf-8"),
        "n8n.eca-meta.xml~": path_of(MAIN).read_text(encoding="utf-8"),
        "notes.ecatalog.txt": "nothing",
    }.items():
        write(root / name, content)
    assert compare(project, run, "jwt").files == []


@pytest.mark.parametrize("name", ["unpackaged.zip", "md/unpackaged.zip", "md/a/Deploy.ZIP"])
def test_a_retrieval_that_is_still_packed(project: Project, run: Run, name: str) -> None:
    write(Path(name), "PK")
    path = project.credential("{}\n", "jwt")
    done = run("app", path, "--check", Path(name).parts[0])
    assert (done.status, "Unpack the archive" in done.err) == (2, True)


# -- of which org


@pytest.mark.parametrize(
    ("stated", "scoped", "link", "is_other"),
    [
        ("00D000000000001EAA", "00D000000000001:n8n", "", False),
        ("00D000000000001", "00D000000000001EAA:n8n", "", False),
        ("00D000000000009EAA", "00D000000000001:n8n", "", True),
        ("00D000000000001EAA", "00D00000000000l:n8n", "", True),
        ("00D000000000009EAA", "", "00D000000000001:888000000000001", True),
        ("00D000000000009EAA", "", "", False),
        ("00D000000000009EAA", "Org_ID:External_Client_App_Name", "", False),
        ("null", "00D000000000001:n8n", "", False),
    ],
)
def test_the_org_of_the_metadata(
    project: Project, run: Run, stated: str, scoped: str, link: str, *, is_other: bool
) -> None:
    retrieve(PARTS, certificate=bare(project))
    for kind, name, text in (
        (MAIN, "orgScopedExternalApp", scoped),
        (SETTINGS, "oauthLink", link),
    ):
        lines = [
            line
            for line in path_of(kind).read_text(encoding="utf-8").splitlines()
            if f"<{name}>" not in line
        ]
        lines.insert(-1, f"<{name}>{text}</{name}>" if text else "")
        path_of(kind).write_text("\n".join(lines), encoding="utf-8")
    path = project.credential(f"app: {{org_id: {stated}}}\n", "jwt")
    found = Compared(run("app", path, "--check", "md", "--format", "json"))
    assert ("SFC714" in found.errors) is is_other
    assert found.status == (1 if is_other else 0)
    done = run("app", path, "-o", "new", "--over", "md")
    assert (done.status, "is of the org" in done.err) == ((1, True) if is_other else (0, False))


def test_a_session_that_a_flow_without_a_person_cannot_reach(project: Project, run: Run) -> None:
    retrieve(PARTS, (">STANDARD<", ">HIGH_ASSURANCE<"), certificate="")
    found = compare(project, run, "client_credentials")
    assert "without a person" in found.text
    assert "consent" not in found.text.partition("SFC708")[2].partition("hint")[0]


def test_an_app_with_all_scopes_is_one_finding(project: Project, run: Run) -> None:
    """Admins select everything: two of two real apps for n8n have 28 scopes."""
    every = ", ".join(scope.external_client_app for scope in SCOPES)
    retrieve(PARTS, ("Api, RefreshToken", every), certificate=bare(project))
    done = run("app", project.credential("{}\n"), "--check", "md", "--format", "json")
    found = [one for one in json.loads(done.out)["findings"] if one["check"] == "SFC702"]
    assert [one["severity"] for one in found] == ["warning"]
    for name in ("full", "cdp_api", "web", "wave_api"):
        assert f"`{name}`" in found[0]["message"]
    assert "`api`" not in found[0]["message"]


@pytest.mark.parametrize(
    ("flow", "severity"), [("client_credentials", "error"), ("jwt", "warning")]
)
def test_full_includes_api_only_where_it_is_granted(
    project: Project, run: Run, flow: str, severity: str
) -> None:
    retrieve(PARTS, ("Api, RefreshToken", "Full"), certificate=bare(project))
    path = project.credential("app: {scopes: [api]}\n", flow)
    done = run("app", path, "--check", "md", "--format", "json")
    found = [one for one in json.loads(done.out)["findings"] if "lacks" in one["message"]]
    assert [(one["check"], one["severity"]) for one in found] == [("SFC702", severity)]


@pytest.mark.skipif(os.name != "posix", reason="Windows needs a privilege for links")
def test_a_misnamed_link_out_of_the_folder_is_not_read(
    project: Project, run: Run, tmp_path: Path
) -> None:
    retrieve(PARTS, certificate="")
    outside = tmp_path / "outside.xml"
    outside.write_text(OLD, encoding="utf-8")
    link = path_of(CONNECTED).with_name("n8n.connectedapp.xml")
    for target in (outside, path_of(GLOBAL).resolve()):
        link.parent.mkdir(parents=True, exist_ok=True)
        link.unlink(missing_ok=True)
        link.symlink_to(target)
        found = compare(project, run, "jwt")
        assert ("its content is" in found.text) is (target != outside)
