"""`sfcred app --check` on metadata as orgs return it: whole, in part, old, broken, twice."""

import json
import re
import shutil
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import pytest

from tests.conftest import Outcome
from tests.helpers.metadata import CALLBACK, CONNECTED, PARTS, path_of, retrieve, xml
from tests.helpers.project import CONSUMER_KEY, Project
from tests.helpers.systems import needs_any_name

Run = Callable[..., Outcome]
#: The types of app, with the files of a complete one.
TYPES = {"connected_app": (CONNECTED,), "external_client_app": PARTS}
EVERY_TYPE = pytest.mark.parametrize("kind", TYPES)
CHECKS = [f"SFC7{number:02}" for number in range(1, 16)]


class Compared:
    """What `sfcred app --check` found."""

    def __init__(self, done: Outcome) -> None:
        self.status = done.status
        self.text = done.out + done.err
        self.report = json.loads(done.out) if done.out else {}
        assert self.report.get("crashed", []) == [], done

    @property
    def findings(self) -> list[tuple[str, str]]:
        found = self.report.get("findings", [])
        return sorted((one["check"], one["severity"]) for one in found)

    @property
    def messages(self) -> str:
        return " | ".join(one["message"] for one in self.report["findings"])

    @property
    def unknown(self) -> dict[str, str]:
        return {one["check"]: one["reason"] for one in self.report["not_checked"]}


@pytest.fixture
def compare(project: Project, run: Run) -> Callable[..., Compared]:
    def call(
        fragment: str = "{}\n", kind: str = "external_client_app", base: str = "jwt"
    ) -> Compared:
        project.credential(fragment, base)
        path = Path("acme.yaml")
        text = path.read_text(encoding="utf-8").replace(
            "type: external_client_app", f"type: {kind}"
        )
        path.write_text(text, encoding="utf-8")
        return Compared(run("app", path, "--check", "md", "--format", "json"))

    return call


Compare = Callable[..., Compared]


def pem(project: Project) -> str:
    return project.workshop.text("certificate").strip()


def bare(project: Project) -> str:
    return "".join(pem(project).splitlines()[1:-1])


@EVERY_TYPE
@pytest.mark.parametrize("base", ["jwt", "oauth2"])
@pytest.mark.parametrize("is_source", [True, False])
def test_a_complete_app_that_is_as_the_spec_says(
    project: Project, compare: Compare, kind: str, base: str, is_source: bool
) -> None:
    retrieve(TYPES[kind], certificate=bare(project), is_source=is_source)
    found = compare(kind=kind, base=base)
    assert (found.status, found.findings, found.unknown) == (0, [], {}), found.text


# -- in part

SUBSETS = [subset for size in range(1, 5) for subset in combinations(PARTS, size)]
#: What is looked up in which file.
NEEDED = {
    "ExternalClientApplication": {"SFC712"},
    "ExtlClntAppGlobalOauthSettings": {"SFC703", "SFC704", "SFC706", "SFC715"},
    "ExtlClntAppOauthSettings": {"SFC702", "SFC710"},
    "ExtlClntAppOauthConfigurablePolicies": {"SFC705", "SFC708"},
    "ExtlClntAppConfigurablePolicies": {"SFC707"},
}


@pytest.mark.parametrize(
    "subset", SUBSETS, ids=lambda s: " ".join(PARTS.index(k).__str__() for k in s)
)
def test_what_was_not_retrieved_is_not_checked(
    project: Project, compare: Compare, subset: tuple[str, ...]
) -> None:
    retrieve(subset, certificate=bare(project))
    found = compare()
    missing = [kind for kind in PARTS if kind not in subset]
    expected = {check for kind in missing for check in NEEDED[kind]}
    assert (found.status, found.findings) == (4, []), found.text
    assert set(found.unknown) == expected
    for kind in missing:
        for check in NEEDED[kind]:
            assert kind in found.unknown[check]


@pytest.mark.parametrize(
    "subset", SUBSETS, ids=lambda s: " ".join(PARTS.index(k).__str__() for k in s)
)
def test_what_was_retrieved_is_checked_whatever_is_missing(
    project: Project, compare: Compare, subset: tuple[str, ...]
) -> None:
    changes = {
        "ExtlClntAppGlobalOauthSettings": ((CALLBACK, "https://a.example/cb"), "SFC703"),
        "ExtlClntAppOauthSettings": (("Api, ", ""), "SFC702"),
        "ExtlClntAppOauthConfigurablePolicies": ((">STANDARD<", ">HIGH_ASSURANCE<"), "SFC708"),
        "ExtlClntAppConfigurablePolicies": (("<isEnabled>true", "<isEnabled>false"), "SFC707"),
    }
    retrieve(subset, *[change for change, _ in changes.values()], certificate=bare(project))
    found = compare()
    errors = {check for check, severity in found.findings if severity == "error"}
    assert errors == {check for kind, (_, check) in changes.items() if kind in subset}
    assert found.status == (1 if errors else 4)


def test_an_app_whose_label_is_not_known_can_be_the_one(project: Project, compare: Compare) -> None:
    """Found by its label only if the file with the label is there; by app.api_name in any case."""
    retrieve(PARTS[1:], certificate=bare(project))
    found = compare("app: {label: The portal}\n")
    assert (found.status, found.findings) == (4, [])
    assert "can be the app" in found.unknown["SFC701"]
    assert set(compare("app: {label: The portal, api_name: n8n}\n").unknown) == {"SFC712"}
    retrieve(PARTS[:1], (">n8n<", ">The portal<"), certificate="")
    assert compare("app: {label: The portal}\n").status == 0


# -- how a file is written


def as_utf_16(text: str) -> bytes:
    return text.replace("UTF-8", "UTF-16").encode("utf-16")


WRITTEN: dict[str, Callable[[str], bytes]] = {
    "byte order mark": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "crlf": lambda text: text.replace("\n", "\r\n").encode(),
    "one line": lambda text: "".join(line.strip() for line in text.splitlines()).encode(),
    "comments": lambda text: text.replace(">\n", "><!-- <label>x</label> -->\n").encode(),
    "no declaration": lambda text: text.partition("\n")[2].encode(),
    "no namespace": lambda text: text.replace(' xmlns="http://soap.sforce.com/2006/04/metadata"', "").encode(),
    "prefix": lambda text: text.replace("<", "<m:").replace("<m:/", "</m:").replace("<m:?", "<?").replace("xmlns=", "xmlns:m=").encode(),
    "nil": lambda text: text.replace("    <label>", '    <x xsi:nil="true" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"/><label>', 1).encode(),
    "cdata": lambda text: text.replace("<label>n8n<", "<label><![CDATA[n8n]]><").encode(),
    "utf-16": as_utf_16,
    "spaces": lambda text: text.replace("<label>n8n<", "<label>\n  n8n\n </label><").replace("<</label>", "<").encode(),
}  # fmt: skip


@EVERY_TYPE
@pytest.mark.parametrize("way", [way for way in WRITTEN if way != "spaces"])
def test_the_same_content_written_in_another_way(
    project: Project, compare: Compare, kind: str, way: str
) -> None:
    retrieve(TYPES[kind], certificate=pem(project))
    for path in Path("md").rglob("*-meta.xml"):
        path.write_bytes(WRITTEN[way](path.read_text(encoding="utf-8")))
    found = compare(kind=kind)
    assert (found.status, found.findings, found.unknown) == (0, [], {}), found.text


BROKEN: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "it is empty"),
    "cut off": (b"<ConnectedApp><label>n8n", "not well-formed"),
    "merge": (b"<ConnectedApp>\n<<<<<<< HEAD\n<label/>\n=======\n>>>>>>> x\n</ConnectedApp>", "merge conflict"),
    "not utf-8": (b"<?xml version='1.0'?><ConnectedApp><label>\xe9</label></ConnectedApp>", "not UTF-8"),
    "document type": (b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", "document type"),
    "another root": (b"<Profile/>", "root element"),
    "too large": (b"x" * 1_100_000, "larger than"),
    "json": (b"{}", "not well-formed"),
    "another namespace": (b"<ConnectedApp xmlns='urn:other'><label>n8n</label></ConnectedApp>", "namespace"),
    "an element of another namespace": (b"<ConnectedApp><label xmlns='urn:other'>n8n</label></ConnectedApp>", "namespace"),
    "lfs": (b"version https://git-lfs.github.com/spec/v1\noid sha256:00\n", "not well-formed"),
}  # fmt: skip


@pytest.mark.parametrize("damage", BROKEN)
@EVERY_TYPE
def test_a_broken_file_of_another_app_stops_nothing(
    project: Project, compare: Compare, kind: str, damage: str
) -> None:
    retrieve(TYPES[kind], certificate=bare(project))
    content, words = BROKEN[damage]
    other = path_of(TYPES[kind][0]).with_name(path_of(TYPES[kind][0]).name.replace("n8n", "Other"))
    other.write_bytes(content)
    found = compare(kind=kind)
    assert (found.status, found.findings) == (4, [])
    entries = [one for one in found.report["not_checked"] if one["credential"] is None]
    assert words in entries[0]["reason"]
    assert [one["credential"] for one in found.report["not_checked"]] == [None] * len(CHECKS)
    path_of(TYPES[kind][0]).write_text(
        path_of(TYPES[kind][0]).read_text(encoding="utf-8").replace("crm@acme.com", "it@acme.com"),
        encoding="utf-8",
    )
    assert compare(kind=kind).findings == [("SFC712", "info")]


@pytest.mark.parametrize("damage", BROKEN)
@pytest.mark.parametrize("part", [CONNECTED, *PARTS])
def test_a_broken_file_of_the_app_gives_no_finding(
    project: Project, compare: Compare, part: str, damage: str
) -> None:
    kind = "connected_app" if part == CONNECTED else "external_client_app"
    retrieve(TYPES[kind], certificate=bare(project))
    path_of(part).write_bytes(BROKEN[damage][0])
    found = compare(kind=kind)
    assert (found.status, found.findings) == (4, []), found.text
    assert path_of(part).as_posix() in found.text


def test_a_link_out_of_the_folder_is_not_followed(project: Project, compare: Compare) -> None:
    retrieve(PARTS, certificate=bare(project))
    shutil.move(path_of(PARTS[2]), "elsewhere.xml")
    path_of(PARTS[2]).symlink_to(Path("elsewhere.xml").absolute())
    found = compare()
    assert (found.status, found.findings) == (4, [])
    assert "leads outside" in found.text
    for name in ("node_modules", ".git"):
        retrieve(PARTS[2:3], certificate="", folder=Path("md") / name)
    assert "SFC702" in compare().unknown


# -- what only a comparison of both sides tells

OTHER_KEY = "3MVG9" + "bZ3kQ7xPwL0vN5mT" * 5


@EVERY_TYPE
@pytest.mark.parametrize("declared", ["literal", "reference"])
@pytest.mark.parametrize("key", [OTHER_KEY, CONSUMER_KEY.swapcase().replace("3mvg9", "3MVG9")])
def test_the_consumer_key_of_another_app(
    project: Project, compare: Compare, kind: str, declared: str, key: str
) -> None:
    retrieve(TYPES[kind], (CONSUMER_KEY, key), certificate=bare(project))
    found = compare("{}\n" if declared == "reference" else f"client_id: {CONSUMER_KEY}\n", kind)
    assert (found.status, found.findings) == (1, [("SFC715", "error")])
    assert key not in found.text
    if declared == "reference":
        assert CONSUMER_KEY not in found.text


@EVERY_TYPE
def test_a_key_that_the_metadata_does_not_have(
    project: Project, compare: Compare, kind: str
) -> None:
    key = f"<consumerKey>{CONSUMER_KEY}</consumerKey>"
    retrieve(TYPES[kind], (key, ""), certificate=bare(project))
    found = compare(kind=kind)
    assert (found.status, found.findings, set(found.unknown)) == (0, [], {"SFC715"})


def test_a_chosen_key_is_no_oracle_for_a_secret(project: Project, compare: Compare) -> None:
    """Somebody can guess at a secret with it: right and wrong guesses look the same."""
    texts = []
    for secret in ("hunter2000", "hunter2001"):
        project.monkeypatch.setenv("ACME_CLIENT_ID", secret)
        retrieve(PARTS, (CONSUMER_KEY, "hunter2001"), certificate=bare(project))
        found = compare()
        assert set(found.unknown) == {"SFC715"}
        texts.append(re.sub(r'"checked_at".*', "", found.text))
    assert texts[0] == texts[1]
    found = compare("client_id: hunter2002\n")
    assert ("SFC715", "error") in found.findings


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        ("connected_app", "no line of this file"),
        (
            "external_client_app",
            "<orgScopedExternalApp>00D000000000001EAA:n8n</orgScopedExternalApp>",
        ),
    ],
)
def test_an_org_that_no_file_names_is_not_ok(
    project: Project, compare: Compare, kind: str, line: str
) -> None:
    link = "<oauthLink>00D000000000001:888000000000001</oauthLink>"
    retrieve(TYPES[kind], (line, ""), (link, ""), certificate=bare(project))
    found = compare("app: {org_id: 00D000000000001EAA}\n", kind)
    assert (found.status, found.findings, set(found.unknown)) == (0, [], {"SFC714"})
    assert "names its org" in found.unknown["SFC714"]
    assert compare(kind=kind).unknown == {}


@pytest.mark.parametrize(
    ("kind", "old", "new", "check"),
    [
        ("external_client_app", "Required>true", "Required>yes", "SFC706"),
        ("connected_app", "Required>true", "Required>yes", "SFC706"),
        ("external_client_app", "AdminApprovedPreAuthorized", "SomethingNew", "SFC705"),
        ("external_client_app", "isEnabled>true", "isEnabled>on", "SFC707"),
    ],
)
def test_a_value_that_sfcred_does_not_know(
    project: Project, compare: Compare, kind: str, old: str, new: str, check: str
) -> None:
    retrieve(TYPES[kind], (old, new), certificate=bare(project))
    found = compare(kind=kind)
    assert (found.status, found.findings) == (4, [])
    assert "with a value that sfcred doesn't know" in found.unknown[check]
    assert new.rpartition(">")[2] in found.unknown[check]


@pytest.mark.parametrize(
    ("kind", "line", "other"),
    [
        ("external_client_app", "<isEnabled>true</isEnabled>", "<isEnabled>false</isEnabled>"),
        ("external_client_app", "<label>n8n</label>", "<label>other</label>"),
        (
            "connected_app",
            "<isPkceRequired>true</isPkceRequired>",
            "<isPkceRequired>0</isPkceRequired>",
        ),
        (
            "connected_app",
            "    <oauthPolicy>",
            "<oauthPolicy><a>1</a></oauthPolicy>    <oauthPolicy>",
        ),
    ],
)
def test_an_element_that_is_there_twice_is_unknown(
    project: Project, compare: Compare, kind: str, line: str, other: str
) -> None:
    both = other if line in other else f"{line}{other}"
    retrieve(TYPES[kind], (line, both), certificate=bare(project))
    found = compare(kind=kind)
    assert (found.status, found.findings) == (4, [])
    assert "more than once, with different content" in found.text
    retrieve(
        TYPES[kind],
        (line, f"{line}{line}" if line not in other else line),
        certificate=bare(project),
    )
    assert compare(kind=kind).status == 0


# -- old API versions

OLD = [
    "isAdminApproved",
    "isConsumerSecretOptional",
    "isIntrospectAllTokens",
    "isPkceRequired",
    "isRefreshTokenRotationEnabled",
    "isSecretRequiredForRefreshToken",
    "isClientCredentialEnabled",
]


def test_an_old_connected_app_says_less(project: Project, compare: Compare) -> None:
    """API version 40: no policies, and no settings that came later."""
    text = xml(CONNECTED, certificate=bare(project))
    lines = [line for line in text.splitlines() if not any(name in line for name in OLD)]
    text = "\n".join(lines)
    for group in ("oauthPolicy", "sessionPolicy"):
        start, _, rest = text.partition(f"<{group}>")
        text = start + rest.partition(f"</{group}>")[2]
    path = path_of(CONNECTED)
    path.parent.mkdir(parents=True)
    path.write_text(
        text.replace("    <permissionSetName>n8n_Integration</permissionSetName>\n", ""),
        encoding="utf-8",
    )
    found = compare(kind="connected_app")
    assert (found.status, found.findings) == (4, []), found.text
    assert set(found.unknown) == {"SFC705", "SFC706", "SFC708"}
    for element in ("isPkceRequired", "isRefreshTokenRotationEnabled"):
        assert element in found.unknown["SFC706"]
    for element in ("isAdminApproved", "refreshTokenPolicy", "ipRelaxation"):
        assert element in found.unknown["SFC705"]
    unstated = (
        "app: {pkce_required: null, refresh_token_rotation: null, pre_authorized: null, "
        "permission_sets: null, refresh_token_policy: null, ip_relaxation: null}\n"
    )
    found = compare(unstated, "connected_app")
    assert (found.status, set(found.unknown)) == (4, {"SFC705", "SFC708"})
    found = compare(unstated, "connected_app", "oauth2")
    assert (found.status, set(found.unknown)) == (4, {"SFC705", "SFC708", "SFC709"})
    for element in ("isAdminApproved", "refreshTokenPolicy"):
        assert element in found.unknown["SFC705"]


def test_a_connected_app_without_oauth(project: Project, compare: Compare) -> None:
    retrieve([CONNECTED], certificate=bare(project))
    text = path_of(CONNECTED).read_text(encoding="utf-8")
    start, _, rest = text.partition("<oauthConfig>")
    path_of(CONNECTED).write_text(start + rest.partition("</oauthConfig>")[2], encoding="utf-8")
    found = compare(kind="connected_app")
    assert (found.status, found.findings) == (1, [("SFC707", "error")])
    causes = {one["check"]: one["cause"] for one in found.report["not_checked"]}
    assert set(causes.values()) == {"finding"}


@pytest.mark.parametrize(
    "head",
    ["<developerName>acme__n8n</developerName>", "<version>2</version>"],
)
def test_a_reference_to_an_app_of_a_package_says_nothing(
    project: Project, compare: Compare, head: str
) -> None:
    """Its settings are in the app's own source: their absence isn't an app without OAuth."""
    retrieve([CONNECTED], certificate=bare(project))
    path = path_of(CONNECTED)
    label = next(
        line for line in path.read_text(encoding="utf-8").splitlines() if "<label>" in line
    )
    xmlns = "http://soap.sforce.com/2006/04/metadata"
    path.write_text(f'<ConnectedApp xmlns="{xmlns}">{head}{label}</ConnectedApp>', encoding="utf-8")
    found = compare(kind="connected_app")
    assert (found.status, found.findings) == (4, [])
    assert "an app of a package" in found.unknown["SFC707"]


# -- which app is meant


@EVERY_TYPE
@pytest.mark.parametrize(
    ("label", "api_name", "spec", "status"),
    [
        ("n8n", "N8N_Portal", "label: n8n", 0),
        ("Kundenportal (n8n)", "N8N_Portal", "label: Kundenportal (n8n)", 0),
        ("n8n 連携", "N8N_Portal", "label: n8n 連携", 0),
        ("連携", "N8N_Portal", "label: 連携", 0),
        ("Anything", "N8N_Portal", "label: Anything, api_name: N8N_Portal", 0),
        ("Anything", "acme__N8N_Portal", "label: Anything, api_name: N8N_Portal", 0),
        ("Anything", "acme__N8N_Portal", "label: Anything, api_name: acme__N8N_Portal", 0),
        ("Anything", "acme__N8N_Portal", "label: Anything, api_name: beta__N8N_Portal", 1),
        ("Anything", "N8N_Portal", "label: Anything, api_name: n8n_portal", 0),
        ("Anything", "N8N_Portal", "label: N8N Portal", 0),
        ("Anything", "N8N_Portal", "label: Anything, api_name: N8N", 1),
        ("Anything", "N8N_Portal", "label: Something", 1),
        ("Anything", "N8N_Portal", "label: null", 4),
        ("Anything", "N8N_Portal", "label: null, api_name: N8N_Portal", 0),
        ("n8n", "n8n", "label: null", 0),
    ],
)
def test_the_app_is_found_by_its_name_or_label(
    project: Project, compare: Compare, kind: str, label: str, api_name: str, spec: str, status: int
) -> None:
    retrieve(
        TYPES[kind],
        ("<label>n8n<", f"<label>{label}<"),
        ("Application>n8n<", f"Application>{api_name}<"),
        certificate=bare(project),
    )
    main = path_of(TYPES[kind][0])
    main.rename(main.with_name(main.name.replace("n8n", api_name)))
    found = compare(f"app: {{{spec}}}\n", kind)
    assert found.status == status, found.text
    assert {check for check, _ in found.findings} <= {"SFC701", "SFC712"}
    if status == 1:
        assert api_name in found.report["findings"][0]["hint"]


def test_an_app_of_the_other_type_is_named(project: Project, compare: Compare) -> None:
    retrieve([CONNECTED], certificate=bare(project))
    found = compare()
    assert found.findings == [("SFC701", "error")]
    assert "no External Client App `n8n`" in found.messages
    assert "`n8n` (Connected App)" in found.report["findings"][0]["hint"]
    assert compare("app: {type: null}\n").status == 0
    retrieve(PARTS, certificate=bare(project))
    found = compare("app: {type: null}\n")
    assert (found.status, found.findings) == (4, [])
    assert "several apps" in found.unknown["SFC701"]


def test_two_apps_that_both_fit(project: Project, compare: Compare) -> None:
    retrieve([CONNECTED], ("<label>n8n<", "<label>Old<"), certificate=bare(project))
    other = path_of(CONNECTED).with_name("Portal.connectedApp-meta.xml")
    other.write_text(xml(CONNECTED, certificate=bare(project)), encoding="utf-8")
    found = compare(kind="connected_app")
    assert (found.status, found.findings) == (4, [])
    assert "Set app.api_name" in found.text
    assert compare("app: {api_name: Portal}\n", "connected_app").status == 0
    path_of(CONNECTED).write_text(xml(CONNECTED, certificate=bare(project)), encoding="utf-8")
    assert compare(kind="connected_app").status == 0  # its name is the label's, too


def test_a_spec_without_an_app(project: Project, run: Run) -> None:
    retrieve(PARTS, certificate=bare(project))
    project.credential("app: null\n")
    done = run("app", "acme.yaml", "--check", "md")
    assert done.status == 4
    assert "no spec's app was compared" in done.out
    project.credential("name: other\nn8n: {id: other}\n", name="other.yaml")
    assert run("app", "acme.yaml", "other.yaml", "--check", "md").status == 0


# -- copies


@EVERY_TYPE
@pytest.mark.parametrize("is_same", [True, False])
def test_two_copies(project: Project, compare: Compare, kind: str, is_same: bool) -> None:
    for folder in ("uat", "production"):
        retrieve(TYPES[kind], certificate=bare(project), folder=Path("md") / folder)
    part = TYPES[kind][-1]
    if not is_same:
        path = path_of(part, Path("md/uat"))
        path.write_text(
            path.read_text(encoding="utf-8").replace("</label>", " two</label>"), encoding="utf-8"
        )
    found = compare(kind=kind)
    assert {check for check, _ in found.findings} == {"SFC711"}
    assert str(path_of(part, Path("md/uat"))) in found.messages
    assert str(path_of(part, Path("md/production"))) in found.messages
    assert found.status == (0 if is_same else 4), found.text


# -- what the spec doesn't state, and what blocks logins

NOTHING_STATED = (
    "app: {contact_email: null, scopes: null, callback_urls: null, pre_authorized: null, "
    "permission_sets: null, pkce_required: null, refresh_token_policy: null, "
    "refresh_token_rotation: null, ip_relaxation: null}\n"
)


@EVERY_TYPE
@pytest.mark.parametrize("base", ["jwt", "oauth2"])
def test_what_the_spec_does_not_state_is_not_compared(
    project: Project, compare: Compare, kind: str, base: str
) -> None:
    changes = [
        ("crm@acme.com", "someone@acme.com"),
        ("<isPkceRequired>true", "<isPkceRequired>false"),
        ("RotationEnabled>false", "RotationEnabled>true"),
        (">infinite<", ">specific_lifetime:30:DAYS<"),
        (">Infinite<", ">SpecificLifetime<"),
        (">ENFORCE<", ">BYPASS<"),
        (">Enforce<", ">Bypass<"),
        ("n8n_Integration", "n8n - Integration"),
        ("<scopes>Api", "<scopes>Full"),
        ("Api, RefreshToken", "Full, RefreshToken, Web"),
    ]
    if base == "jwt":
        changes.append((CALLBACK, "https://login.salesforce.com/services/oauth2/success"))
    retrieve(TYPES[kind], *changes, certificate=bare(project))
    found = compare(NOTHING_STATED, kind, base)
    assert (found.status, found.findings, found.unknown) == (0, [], {}), found.text


@pytest.mark.parametrize(
    ("kind", "change", "jwt", "oauth2"),
    [
        ("external_client_app", ("<isEnabled>true", "<isEnabled>false"), "SFC707 error", "SFC707 error"),
        ("external_client_app", ("PluginEnabled>true", "PluginEnabled>false"), "SFC707 error", "SFC707 error"),
        ("external_client_app", (">STANDARD<", ">HIGH_ASSURANCE<"), "SFC708 error", "SFC708 warning"),
        ("connected_app", ("<sessionTimeout>", "<sessionLevel>HIGH_ASSURANCE</sessionLevel><sessionTimeout>"), "SFC708 error", "SFC708 warning"),
        ("external_client_app", ("SecretOptional>false", "SecretOptional>true"), "", "SFC709 warning"),
        ("connected_app", ("SecretOptional>false", "SecretOptional>true"), "", "SFC709 warning"),
        ("connected_app", ("<label>", "<ipRanges><end>192.0.2.9</end><start>192.0.2.1</start></ipRanges><label>"), "SFC710 warning", "SFC710 warning"),
        ("external_client_app", ("n8n_Integration", ""), "SFC705 error", "SFC705 error"),
        ("connected_app", ("<permissionSetName>n8n_Integration</permissionSetName>", ""), "SFC705 error", "SFC705 error"),
        ("external_client_app", ("AdminApprovedPreAuthorized", "AllSelfAuthorized"), "SFC705 warning", ""),
        ("connected_app", ("<isAdminApproved>true", "<isAdminApproved>false"), "SFC705 warning", ""),
        ("external_client_app", (">Infinite<", ">Zero<"), "", "SFC705 error"),
        ("connected_app", (">infinite<", ">zero<"), "", "SFC705 error"),
        ("external_client_app", ("<label>", "<isEnforceRefreshTokenTTL>true</isEnforceRefreshTokenTTL><label>"), "", "SFC706 warning"),
        ("connected_app", ("<isPkceRequired>", "<isEnforceRefreshTokenTTL>true</isEnforceRefreshTokenTTL><isPkceRequired>"), "", "SFC706 warning"),
        ("external_client_app", (CALLBACK, "https://a.example/cb"), "", "SFC703 error"),
        ("external_client_app", ("Api, RefreshToken", "Web"), "SFC702 error", "SFC702 error"),
        ("external_client_app", ("<certificate>CERTIFICATE</certificate>", ""), "SFC704 error", ""),
        ("connected_app", ("<certificate>CERTIFICATE</certificate>", ""), "SFC704 error", ""),
    ],
)  # fmt: skip
@pytest.mark.parametrize("base", ["jwt", "oauth2"])
def test_what_blocks_logins_is_found_whatever_the_spec_states(
    project: Project,
    compare: Compare,
    kind: str,
    change: tuple[str, str],
    jwt: str,
    oauth2: str,
    base: str,
) -> None:
    path = Path("certificate")
    path.write_text("", encoding="utf-8")
    retrieve(TYPES[kind], certificate=bare(project))
    for file in Path("md").rglob("*-meta.xml"):
        old = change[0].replace("CERTIFICATE", bare(project))
        file.write_text(
            file.read_text(encoding="utf-8").replace(old, change[1], 1), encoding="utf-8"
        )
    found = compare(NOTHING_STATED, kind, base)
    expected = jwt if base == "jwt" else oauth2
    assert [" ".join(one) for one in found.findings] == ([expected] if expected else []), found.text
    assert found.unknown == {}


def test_the_certificate_is_compared_with_the_key_if_the_spec_names_none(
    project: Project, compare: Compare
) -> None:
    retrieve(PARTS, certificate=bare(project))
    assert compare("jwt: {certificate: null}\n").status == 0
    other = "".join(project.workshop.text("certificate-other").strip().splitlines()[1:-1])
    retrieve(PARTS, certificate=other)
    found = compare("jwt: {certificate: null}\n")
    assert found.findings == [("SFC704", "error")]
    assert "doesn't match jwt.private_key" in found.messages
    assert "differs from jwt.certificate" in compare().messages
    found = compare("jwt: {certificate: gone.crt}\n")
    assert (found.status, found.findings) == (4, [])
    retrieve(PARTS, certificate="AAAA")
    assert "can't be read" in compare().unknown["SFC704"]


# -- permission sets and profiles


@pytest.mark.parametrize(
    ("kind", "there", "spec", "words", "status"),
    [
        ("connected_app", ["n8n - Integration"], "[{name: N8N, label: n8n - Integration}]", "", 0),
        ("connected_app", ["n8n - Integration"], "[N8N]", "labels", 4),
        ("connected_app", ["N8N"], "[N8N]", "", 0),
        ("connected_app", ["n8n - Integration", "N8N"], "[N8N]", "which the spec doesn't list", 0),
        ("connected_app", ["One", "Two"], "[{name: A, label: One}]", "`Two`", 0),
        ("connected_app", ["One"], "[{name: A, label: One}, {name: B, label: Two}]", "lacks", 0),
        ("connected_app", ["One", "Two"], "[A]", "has 2 permission sets, and the spec lists 1", 4),
        ("connected_app", ["One"], "[A, B]", "has 1 permission sets, and the spec lists 2", 4),
        ("external_client_app", ["N8N"], "[N8N]", "", 0),
        ("external_client_app", ["n8n"], "[N8N]", "", 0),
        ("external_client_app", ["n8n - Integration"], "[{name: N8N, label: n8n - Integration}]", "", 0),
        ("external_client_app", ["Other"], "[N8N]", "lacks", 0),
        ("external_client_app", ["0PS000000000001AAA"], "[N8N]", "labels or ids", 4),
        ("external_client_app", ["N8N", "0PS000000000001AAA"], "[N8N]", "`0PS000000000001AAA`", 0),
    ],
)  # fmt: skip
def test_permission_sets(
    project: Project,
    compare: Compare,
    kind: str,
    there: list[str],
    spec: str,
    words: str,
    status: int,
) -> None:
    joined = "</permissionSetName><permissionSetName>" if kind == "connected_app" else ", "
    retrieve(TYPES[kind], ("n8n_Integration", joined.join(there)), certificate=bare(project))
    found = compare(f"app: {{permission_sets: {spec}}}\n", kind)
    assert found.status == status, found.text
    assert words in found.messages + str(found.unknown)
    assert {check for check, _ in found.findings} <= {"SFC705"}
    assert bool(found.findings or found.unknown) == bool(words)


@pytest.mark.parametrize(
    ("there", "spec", "words"),
    [
        (["API Only"], "[API Only]", ""),
        (["Admin"], "[System Administrator]", ""),
        (["Custom%3A Sales"], "['Custom: Sales']", ""),
        (["API Only"], "[Other]", "lacks the profiles `Other`"),
        (["API Only", "B"], "[API Only]", "has the profiles `B`"),
    ],
)
@EVERY_TYPE
def test_profiles(
    project: Project, compare: Compare, kind: str, there: list[str], spec: str, words: str
) -> None:
    elements = {
        "connected_app": "".join(f"<profileName>{name}</profileName>" for name in there),
        "external_client_app": f"<commaSeparatedProfile>{', '.join(there)}</commaSeparatedProfile>",
    }
    before = {
        "connected_app": "<permissionSetName>",
        "external_client_app": "<commaSeparatedPermissionSet>",
    }[kind]
    retrieve(TYPES[kind], (before, elements[kind] + before), certificate=bare(project))
    found = compare(f"app: {{profiles: {spec}}}\n", kind)
    assert found.status == 0
    assert words in found.messages
    assert bool(found.findings) == bool(words)


@EVERY_TYPE
@pytest.mark.parametrize("who", ["permission_sets: [n8n_Integration]", "profiles: [API Only]"])
def test_a_spec_that_lists_who_is_assigned_means_that_users_are_pre_authorized(
    project: Project, run: Run, compare: Compare, kind: str, who: str
) -> None:
    stated = {"pre_authorized": "null", "permission_sets": "null", "profiles": "null"}
    field, _, value = who.partition(": ")
    lines = ", ".join(f"{key}: {said}" for key, said in {**stated, field: value}.items())
    fragment = f"app: {{{lines}}}\n"
    changes = [
        ("AdminApprovedPreAuthorized", "AllSelfAuthorized"),
        ("<isAdminApproved>true", "<isAdminApproved>false"),
    ]
    retrieve(TYPES[kind], *changes, certificate=bare(project))
    assert "but the spec pre-authorizes them" in compare(fragment, kind, "oauth2").messages
    assert run("app", "acme.yaml", "-o", "made").status == 0
    written = "".join(file.read_text(encoding="utf-8") for file in Path("made").rglob("*.xml"))
    assert "AdminApprovedPreAuthorized" in written or "<isAdminApproved>true" in written


def test_a_scope_that_another_one_includes_is_only_a_warning(
    project: Project, compare: Compare
) -> None:
    retrieve(PARTS, ("Api, RefreshToken", "Full, RefreshToken"), certificate=bare(project))
    found = compare("app: {scopes: [api, refresh_token]}\n", base="oauth2")
    assert "lacks the scope `api`, but has `full`, which includes it" in found.messages
    assert {one for one in found.findings if one[0] == "SFC702"} == {("SFC702", "warning")}


@pytest.mark.parametrize(("base", "is_found"), [("jwt", True), ("oauth2", False)])
def test_relaxed_ip_ranges_still_apply_to_a_jwt_login(
    project: Project, compare: Compare, base: str, is_found: bool
) -> None:
    ranges = "<ipRanges><end>192.0.2.9</end><start>192.0.2.1</start></ipRanges>"
    changes = [("<label>", f"{ranges}<label>"), (">ENFORCE<", ">BYPASS<")]
    retrieve((CONNECTED,), *changes, certificate=bare(project))
    found = compare(NOTHING_STATED, "connected_app", base)
    assert ("SFC710" in {check for check, _ in found.findings}) is is_found, found.text


# -- every setting, in both directions

DIFFERENT = [
    ("contact_email: it@acme.com", "SFC712", "contact email"),
    ("contact_phone: '1'", "SFC712", "empty in the org's app"),
    ("logo_url: https://a.example/l", "SFC712", "logo URL"),
    ("icon_url: https://a.example/l", "SFC712", "icon URL"),
    ("start_url: https://a.example/l", "SFC712", "start URL"),
    ("pkce_required: false", "SFC706", "requires PKCE"),
    ("refresh_token_rotation: true", "SFC706", "doesn't rotate"),
    ("refresh_token_policy: {lifetime: 30d}", "SFC705", "`infinite` in the org's app"),
    ("ip_relaxation: bypass_2factor", "SFC705", "`enforce` in the org's app"),
    ("ip_relaxation: enforce_relax_refresh", "SFC705", "`enforce` in the org's app"),
    ("session_level: low", "SFC708", "`standard` in the org's app"),
    ("pre_authorized: false", "SFC705", "pre-authorizes users"),
    ("scopes: [api]", "SFC702", "doesn't declare"),
    ("scopes: [api, refresh_token, web]", "SFC702", "lacks the scope `web`"),
    ("scopes: [api, refresh_token, brand_new_api]", "SFC702", "lacks the scope `brand_new_api`"),
    ("callback_urls: [https://a.example]", "SFC703", "lacks the callback"),
]


@EVERY_TYPE
@pytest.mark.parametrize(("spec", "check", "words"), DIFFERENT)
def test_a_difference_is_found(
    project: Project, compare: Compare, kind: str, spec: str, check: str, words: str
) -> None:
    retrieve(TYPES[kind], certificate=bare(project))
    found = compare(f"app: {{{spec}}}\n", kind, "oauth2")
    assert {one for one, _ in found.findings} == {check}, found.text
    assert words in found.messages


@EVERY_TYPE
@pytest.mark.parametrize("setting", ["named_user_jwt", "refresh_token_idle_limit"])
def test_a_setting_that_the_file_does_not_have_is_not_known(
    project: Project, compare: Compare, kind: str, setting: str
) -> None:
    retrieve(TYPES[kind], certificate=bare(project))
    found = compare(f"app: {{{setting}: true}}\n", kind, "oauth2")
    assert (found.status, found.findings) == (4, [])
    assert "has no" in found.unknown["SFC706"]


def test_a_file_that_names_no_app_is_named(project: Project, compare: Compare) -> None:
    retrieve(TYPES["external_client_app"], certificate=bare(project))
    (path,) = Path("md").rglob("*.ecaGlblOauth-meta.xml")
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text(
        "".join(line for line in lines if "externalClientApplication" not in line), encoding="utf-8"
    )
    found = compare()
    assert (found.status, found.findings) == (4, []), found.text
    assert "SFC704" in found.unknown
    assert "it doesn't name its app (externalClientApplication)" in found.text


def test_a_file_of_another_name_is_named(project: Project, compare: Compare) -> None:
    retrieve(TYPES["external_client_app"], certificate=bare(project))
    (path,) = Path("md").rglob("*.ecaGlblOauth-meta.xml")
    text = path.read_text(encoding="utf-8")
    name = text.partition("<externalClientApplication>")[2].partition("<")[0]
    path.write_text(
        text.replace(f">{name}</externalC", f">{name} App</externalC"), encoding="utf-8"
    )
    found = compare()
    assert (found.status, found.findings) == (4, []), found.text
    assert f"of `{name}`, only of `{name} App`" in found.unknown["SFC704"]


@pytest.mark.parametrize(
    ("kind", "element", "spec", "check", "words"),
    [
        ("connected_app", "isPkceRequired", "pkce_required: true", "SFC706", "doesn't require PKCE"),
        ("connected_app", "isPkceRequired", "pkce_required: false", "", ""),
        ("external_client_app", "isPkceRequired", "pkce_required: false", "SFC706", "requires PKCE"),
        ("external_client_app", "isPkceRequired", "pkce_required: true", "", ""),
        ("connected_app", "isAdminApproved", "pre_authorized: true", "SFC705",
         "lets users approve it themselves"),
        ("connected_app", "isConsumerSecretOptional", "pkce_required: null", "", ""),
        ("external_client_app", "isConsumerSecretOptional", "pkce_required: null", "", ""),
    ],
)  # fmt: skip
def test_an_element_that_was_taken_out_has_its_documented_default(
    project: Project, compare: Compare, kind: str, element: str, spec: str, check: str, words: str
) -> None:
    retrieve(TYPES[kind], certificate=bare(project))
    for path in Path("md").rglob("*"):
        if path.is_file():
            lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
            path.write_text(
                "".join(line for line in lines if f"<{element}>" not in line), encoding="utf-8"
            )
    found = compare(f"app: {{{spec}}}\n", kind, "oauth2")
    assert {one for one, _ in found.findings} == ({check} if check else set()), found.text
    assert found.unknown == {}
    assert words in found.messages


def test_a_default_is_not_known_where_the_api_version_is_older(
    project: Project, compare: Compare
) -> None:
    """The file has elements of version 56, and isPkceRequired came with 59."""
    retrieve([CONNECTED], certificate=bare(project))
    path = path_of(CONNECTED)
    newer = ("isPkceRequired", "isRefreshTokenRotationEnabled", "isNamedUserJwtEnabled",
             "isTokenExchangeEnabled", "isSecretRequiredForTokenExchange")  # fmt: skip
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text(
        "".join(line for line in lines if not any(name in line for name in newer)), encoding="utf-8"
    )
    for wanted in ("true", "false"):
        found = compare(f"app: {{pkce_required: {wanted}}}\n", "connected_app", "oauth2")
        assert (found.status, found.findings) == (4, []), found.text
        assert "has no oauthConfig/isPkceRequired" in found.unknown["SFC706"]


@pytest.mark.parametrize("kind", TYPES)
def test_a_boolean_that_is_neither_is_not_known(
    project: Project, compare: Compare, kind: str
) -> None:
    change = ("<isPkceRequired>true", "<isPkceRequired>maybe")
    retrieve(TYPES[kind], change, certificate=bare(project))
    found = compare("app: {pkce_required: true}\n", kind, "oauth2")
    assert "SFC706" in found.unknown


def test_an_unknown_policy_is_shown_as_it_stands(project: Project, compare: Compare) -> None:
    for kind, old in (("connected_app", ">infinite<"), ("external_client_app", ">Infinite<")):
        retrieve(TYPES[kind], (old, ">whatever:1<"), certificate=bare(project))
        found = compare(kind=kind)
        assert found.findings == [("SFC705", "warning")]
        assert "`whatever:1`" in found.messages
        shutil.rmtree("md")


@needs_any_name
def test_names_of_files_and_apps_cannot_write_lines_of_their_own(
    project: Project, run: Run
) -> None:
    project.credential("app: {label: Something}\n")
    Path("md").mkdir()
    Path("md/a\n::error::x.eca").write_text("<a", encoding="utf-8")
    Path("md/b\n::error::y.connectedApp").write_text(xml(CONNECTED), encoding="utf-8")
    for arguments in (("--check", "md"), ("--over", "md", "-o", "new")):
        done = run("app", "acme.yaml", *arguments)
        assert done.status == 4, done
        assert not [line for line in (done.out + done.err).splitlines() if line.startswith("::")]


def test_many_apps_and_many_specs(project: Project, run: Run) -> None:
    """Each spec looks its app up; it doesn't go through all of them."""
    Path("md").mkdir()
    for number in range(400):
        text = xml(CONNECTED, ("<label>n8n<", f"<label>App {number}<"))
        Path(f"md/App_{number}.connectedApp").write_text(text, encoding="utf-8")
    one = project.credential("app: {label: App 7, type: connected_app}\n").read_text(
        encoding="utf-8"
    )
    documents = [
        one.replace("name: acme-crm", f"name: acme-{number}").replace(
            "acmeCrm000000001", f"a{number}"
        )
        for number in range(300)
    ]
    Path("acme.yaml").write_text("---\n".join(documents), encoding="utf-8")
    done = run("app", "acme.yaml", "--check", "md", "--format", "json")
    assert json.loads(done.out)["summary"]["credentials"] == 300


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize(
    ("pattern", "instead", "expected"),
    [
        ("no such text", "", ""),
        ("(?<=User>)[^<]+", "", "has no user to run as"),
        ("n8n@acme.com.uat", "other@acme.com.uat", "runs as another user"),
        ("(?<=FlowEnabled>)true|(?<=CredentialEnabled>)true", "false", "credentials flow is off"),
    ],
)
def test_what_keeps_an_app_from_client_credentials(
    project: Project, run: Run, kind: str, pattern: str, instead: str, expected: str
) -> None:
    app = f"app: {{type: {kind}, label: n8n, contact_email: crm@acme.com}}\n"
    spec = project.credential(app, "client_credentials")
    assert run("app", spec, "-o", "md").status == 0
    for file in Path("md").rglob("*-meta.xml"):
        file.write_text(
            re.sub(pattern, instead, file.read_text(encoding="utf-8")), encoding="utf-8"
        )
    done = run("app", spec, "--check", "md")
    assert ("SFC713" in done.out) == bool(expected), done
    assert expected in done.out
