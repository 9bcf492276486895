"""`sfcred app`: what is written and where, what is refused, and what comes back compared."""

import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfcred.salesforce.metadata import connected_app, external_client_app
from sfcred.salesforce.metadata.model import Blueprint, RefreshPolicy, normal_scopes
from sfcred.salesforce.metadata.xml import NotMetadata, read
from sfcred.salesforce.scopes import SCOPES
from tests.conftest import Outcome
from tests.project import CONSUMER_KEY, CONSUMER_SECRET, REFRESH_TOKEN, Project

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
BLUEPRINTS = st.builds(
    Blueprint,
    api_name=WORD,
    label=TEXT.map(str.strip).filter(bool),
    contact_email=st.just("crm@acme.com"),
    description=TEXT.map(str.strip),
    scopes=st.lists(st.sampled_from([s.wire for s in SCOPES]), min_size=1).map(tuple),
    callback_urls=st.lists(st.sampled_from(["https://a.example/cb?x=1&y", "http://localhost:1/c"]), min_size=1, unique=True).map(tuple),
    certificate=st.sampled_from(["", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"]),
    pre_authorized=st.sampled_from([True]),
    permission_sets=st.lists(WORD, unique=True).map(sorted).map(tuple),
    pkce_required=st.booleans(),
    refresh_token_rotation=st.booleans(),
    refresh_policy=POLICIES,
    bypass_ip=st.booleans(),
)  # fmt: skip


@pytest.mark.parametrize("kind", [external_client_app, connected_app])
@given(app=BLUEPRINTS)
def test_what_is_written_is_read(kind: object, app: Blueprint) -> None:
    module = external_client_app if kind is external_client_app else connected_app
    files = module.write_files(app)
    back = module.read_files(app.api_name, [(f.kind, f.name, read(f.text)[1]) for f in files])
    assert back == app._replace(scopes=tuple(sorted(normal_scopes(app.scopes))))


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
        content = json.loads((folder / "sfdx-project.json").read_text())
        assert content["sourceApiVersion"] == "66.0"
        assert len(list(folder.rglob("*-meta.xml"))) == 5
    assert "sf project deploy start" in done.out
    assert "create n8n_Integration in the org" in done.out
    assert "JWT logins fail" in done.out


def test_no_secret_is_in_it(project: Project, run: Run) -> None:
    for base in ("jwt", "oauth2"):
        done = run("app", project.credential("{}\n", base), "-o", base)
        written = "".join(p.read_text() for p in Path(base).rglob("*") if p.is_file())
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
    Path(".gitignore").write_text("salesforce/\n")
    assert run("app", spec, "-o", "salesforce").status == 0
    (sensitive,) = Path("salesforce").rglob("*ecaGlblOauth*")
    assert stat.S_IMODE(sensitive.stat().st_mode) == 0o600


def test_nothing_is_overwritten(project: Project, run: Run) -> None:
    spec = project.credential()
    assert run("app", spec, "-o", "salesforce").status == 0
    done = run("app", spec, "-o", "salesforce")
    assert (done.status, "exists already" in done.err) == (2, True)
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


def test_without_scopes_n8n_s_own_are_taken(project: Project, run: Run) -> None:
    fragment = "app: {scopes: null}\noauth2: {refresh_token: null}\n"
    assert run("app", project.credential(fragment, "oauth2"), "-o", "s", "--no-check").status == 0
    (settings,) = Path("s").rglob("*.ecaOauth-meta.xml")
    assert "Full, RefreshToken" in settings.read_text()


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
    assert ">Api, RefreshToken<" in settings.read_text()


def test_drift_is_found(project: Project, run: Run) -> None:
    spec = project.credential()
    assert run("app", spec, "-o", "s").status == 0
    (policies,) = Path("s").rglob("*ecaOauthPlcy-meta.xml")
    text = policies.read_text().replace("AdminApprovedPreAuthorized", "AllSelfAuthorized")
    policies.write_text(text)
    (shared,) = Path("s").rglob("*ecaGlblOauth-meta.xml")
    start, _, rest = shared.read_text().partition("<certificate>")
    shared.write_text(start + rest.partition("</certificate>")[2])
    done = run("app", spec, "--check", "s", "--format", "json")
    assert done.status == 1
    found = {f["check"]: f["severity"] for f in json.loads(done.out)["findings"]}
    assert found == {"SFC704": "error", "SFC705": "error"}


def damaged(text: str) -> None:
    Path("s").mkdir()
    Path("s/n8n.eca").write_text(text)


@pytest.mark.parametrize(
    ("make", "words", "status"),
    [
        (lambda: None, ": not a folder", 2),
        (lambda: Path("s").mkdir(), "contains no app metadata", 2),
        (lambda: damaged("<a"), ": not metadata", 4),
        (lambda: damaged("x" * 1_100_000), "larger than", 4),
    ],
)
def test_what_can_t_be_compared(
    project: Project, run: Run, make: Callable[[], object], words: str, status: int
) -> None:
    make()
    done = run("app", project.credential(), "--check", "s")
    assert done.status == status
    assert words in done.err


def test_a_place_is_needed(project: Project, run: Run) -> None:
    done = run("app", project.credential())
    assert (done.status, "-o DIR" in done.err) == (2, True)
