"""`sfcred guide`: every value filled in, no secret shown, in three formats."""

import re
import shlex
import subprocess
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfcred.cli import group
from sfcred.guide import format_names
from sfcred.guide.api import Guide, GuideField, GuideSection, GuideStep, find_format
from sfcred.salesforce.refusals import places
from tests.conftest import Outcome
from tests.helpers.project import CONSUMER_KEY, CONSUMER_SECRET, REFRESH_TOKEN, Project

Run = Callable[..., Outcome]
CLOUD = "n8n: {deployment: cloud, url: https://acme.app.n8n.cloud}\napp: {callback_urls: null}\n"
BY_HAND = "oauth2: {refresh_token: null}\n"
VARIANTS = [
    ("jwt", "{}\n"),
    ("jwt", "app: {type: connected_app}\n"),
    ("jwt", "jwt: {certificate: null}\napp: {contact_email: null}\n"),
    ("oauth2", "{}\n"),
    ("oauth2", "app: {type: connected_app}\noauth2: {refresh_token: null}\n"),
    ("oauth2", CLOUD),
]


@pytest.mark.parametrize(("base", "fragment"), VARIANTS)
@pytest.mark.parametrize("format_name", format_names())
def test_no_secret_is_shown(
    project: Project, run: Run, base: str, fragment: str, format_name: str
) -> None:
    done = run("guide", project.credential(fragment, base), "--format", format_name)
    assert done.status == 0, done
    for secret in (CONSUMER_KEY, CONSUMER_SECRET, REFRESH_TOKEN, "BEGIN"):
        assert secret not in done.out
    assert "ACME" in done.out  # by its place


def guide(project: Project, run: Run, fragment: str = "{}\n", base: str = "jwt") -> str:
    done = run("guide", project.credential(fragment, base))
    assert done.status == 0, done
    return done.out


def test_jwt_names_the_file_the_user_and_the_field(project: Project, run: Run) -> None:
    text = guide(project, run)
    assert "upload the certificate (not the private key)" in " ".join(text.split())
    assert "File: acme.crt" in text
    assert "Username: n8n@acme.com.uat" in text
    assert "My Domain URL: https://acme--uat.sandbox.my.salesforce.com" in text
    assert "Environment Type: Sandbox" in text
    assert "Select Permission Sets: n8n_Integration" in text
    assert "External Client App Manager" in text


def test_the_order_leads_from_the_key_to_the_workflow(project: Project, run: Run) -> None:
    text = " ".join(guide(project, run).split())
    order = [
        "The key pair exists", "choose Setup", "Setup, Users", "Setup, Permission Sets",
        "Manage Assignments", "New External Client App", "upload the certificate",
        "Permitted Users", "Select Permission Sets", "Consumer Key goes to", "Wait ten minutes",
        "--live", "The quick way", "Create credential", "Authentication: OAuth2 JWT", "--check",
    ]  # fmt: skip
    places = [text.find(words) for words in order]
    assert -1 not in places, dict(zip(order, places, strict=True))
    assert places == sorted(places)


@pytest.mark.parametrize("kind", ["external_client_app", "connected_app"])
@pytest.mark.parametrize("base", ["jwt", "oauth2", "client_credentials"])
def test_a_callback_that_the_flow_never_uses_is_explained(
    project: Project, run: Run, base: str, kind: str
) -> None:
    text = " ".join(guide(project, run, f"app: {{type: {kind}}}\n", base).split())
    assert "Callback URL: http" in text
    assert ("Salesforce requires a Callback URL, but this login never uses it." in text) is (
        base != "oauth2"
    )


def test_jwt_needs_no_secret_and_no_pkce(project: Project, run: Run) -> None:
    bare = "app: {pkce_required: null, refresh_token_rotation: null}\n"
    text = " ".join(guide(project, run, bare).split())
    assert "the JWT flow uses no Consumer Secret and no PKCE" in text
    assert "Require secret" not in text
    assert "Refresh Token Policy: Refresh token is valid until revoked" in text  # it is stated
    unstated = guide(project, run, "app: {refresh_token_policy: null}\n")
    assert "Refresh Token Policy" not in unstated
    stated = guide(project, run, "app: {pkce_required: false, refresh_token_rotation: null}\n")
    assert (
        "Require Proof Key for Code Exchange (PKCE) extension for Supported Authorization Flows: not "
        "selected"
    ) in " ".join(stated.split())
    assert "Rotation" not in stated
    assert "Require secret for Web Server Flow: selected" in guide(project, run, bare, "oauth2")


def test_without_a_key_keygen_comes_first(project: Project, run: Run) -> None:
    text = guide(project, run, "jwt: {private_key: {file: new.key}}\n")
    assert "1. Create the key pair: run `sfcred keygen acme.yaml`." in text


def test_oauth2_has_no_key_and_its_own_authentication(project: Project, run: Run) -> None:
    text = guide(project, run, "{}\n", "oauth2")
    assert "keygen" not in text
    assert "Authentication: OAuth2\n" in text
    assert "--live" not in text


@pytest.mark.parametrize("width", [50, 80, None])
def test_text_is_as_wide_as_the_terminal(width: int | None) -> None:
    long = "https://acme--uat.sandbox.my.salesforce.com/services/oauth2/token"
    flows = "Require Proof Key for Code Exchange (PKCE) extension for Supported Authorization Flows"
    fields = (GuideField("Address", long, literal=True), GuideField(flows, "selected"))
    steps = (GuideStep("Press New, and fill in these fields. " * 3, fields),)
    text = find_format("text")(Guide("x", ("A note. " * 20,), (GuideSection("s", steps),)), width)
    assert long in text
    if width is None:
        assert f"      {flows}: selected\n" in text
        return
    for line in text.splitlines():
        assert len(line) <= width or line == f"        {long}"
    below = f"\n        {long}\n" if width == 50 else f" {long}\n"
    assert f"\n      Address:{below}" in text


def test_an_n8n_without_the_field_is_told_to_update(project: Project, run: Run) -> None:
    text = guide(project, run, 'n8n: {version: "2.19.0"}\n')
    assert "n8n 2.19.0 doesn't have this field: update to 2.20.0" in text


def test_oauth2_names_the_callback_in_both_places(project: Project, run: Run) -> None:
    text = guide(project, run, BY_HAND, "oauth2")
    assert text.count("https://n8n.acme.com/rest/oauth2-credential/callback") == 2
    assert "Connect my account" in text
    assert "Flow Enablement" not in text


def test_n8n_cloud_has_both_callbacks_and_no_import(project: Project, run: Run) -> None:
    text = guide(project, run, CLOUD + BY_HAND, "oauth2")
    for url in (
        "https://oauth.n8n.cloud/oauth2/callback",
        "https://acme.app.n8n.cloud/rest/oauth2-credential/callback",
    ):
        assert text.count(url) == 2
    assert text.index("oauth.n8n.cloud") < text.index("acme.app.n8n.cloud")
    assert "can't import credentials" in text
    assert "choose Custom OAuth2" in text


def test_from_2_41_on_the_overwrite_is_named(project: Project, run: Run) -> None:
    for consent in ("", BY_HAND):
        text = guide(project, run, f'n8n: {{version: "2.41.1"}}\n{consent}', "oauth2")
        assert "n8n-overwrite" in text


def test_a_consent_in_the_spec_needs_no_connect_button(project: Project, run: Run) -> None:
    text = guide(project, run, "{}\n", "oauth2")
    assert "sfcred login acme.yaml" in text
    assert "arrives connected" in " ".join(text.split())
    assert "Connect my account" not in text


def test_the_generic_credential_has_its_own_window(project: Project, run: Run) -> None:
    fragment = "n8n: {type: oAuth2Api, version: '2.41.1'}\n"
    spec = project.credential(fragment + "oauth2: {refresh_token: null}\n", "oauth2")
    text = run("guide", spec, "--format", "markdown").out
    org = "https://acme--uat.sandbox.my.salesforce.com/services/oauth2"
    for part in (
        "choose OAuth2 API", "PKCE", f"{org}/authorize", f"{org}/token", "api refresh_token",
        "prompt=login", "Specific Domains: acme--uat", "HTTP Request node", "Generic Credential Type",
    ):  # fmt: skip
        assert part in text, part
    for part in ("Environment Type", "general login", "n8n-overwrite", "Salesforce node"):
        assert part not in text
    connected = run("guide", project.credential(fragment, "oauth2")).out
    assert "arrives connected" in connected
    assert "general login host" not in connected


def test_the_generic_credential_with_client_credentials_needs_no_consent(
    project: Project, run: Run
) -> None:
    fragment = "n8n: {type: oAuth2Api, version: '2.41.1'}\n"
    text = run("guide", project.credential(fragment, "client_credentials")).out
    for part in ("Client Credentials", "services/oauth2/token", "HTTP Request node"):
        assert part in text, part
    for part in ("services/oauth2/authorize", "prompt=login", "Connect my account"):
        assert part not in text


@pytest.mark.parametrize(
    ("doctor", "line", "where"),
    [
        (
            "",
            "doctor: {ignore: {SFC513: the overwrite is set in n8n's environment}}",
            "to the spec",
        ),
        (
            "doctor: {ignore: {}}\n",
            "ignore: {SFC513: the overwrite is set in n8n's environment}",
            "under `doctor:`",
        ),
        (
            "doctor: {ignore: {SFC206: the sync needs it}}\n",
            "SFC513: the overwrite is set in n8n's environment",
            "to doctor.ignore",
        ),
    ],
)
def test_the_line_that_says_the_overwrite_is_set_fits_the_spec(
    project: Project, run: Run, doctor: str, line: str, where: str
) -> None:
    fragment = f"n8n: {{version: '2.41.1'}}\n{doctor}"
    text = run("guide", project.credential(fragment, "client_credentials")).out
    assert f"add this {where}." in text
    assert [one.strip() for one in text.splitlines() if "is set in n8n's" in one] == [
        f"Line: {line}"
    ]


def test_connected_apps_have_their_own_screens(project: Project, run: Run) -> None:
    text = guide(project, run, "app: {type: connected_app}\n")
    assert "App Manager" in text
    assert "External Client App Manager" not in text
    assert "can no longer create new Connected Apps" in text
    assert "Use digital signatures" in text


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        ("infinite", "valid until revoked"),
        ("zero", "Immediately expire"),
        ("{lifetime: 30d}", "Expire refresh token after specific time: 30 days"),
        ("{inactivity: 6mo}", "Expire refresh token if not used for specific time: 6 months"),
    ],
)
def test_policies_are_named_as_setup_has_them(
    project: Project, run: Run, policy: str, words: str
) -> None:
    assert words in guide(project, run, f"app: {{refresh_token_policy: {policy}}}\n")


def test_connected_apps_name_their_policies_differently(project: Project, run: Run) -> None:
    fragment = "app: {type: connected_app, refresh_token_policy: {lifetime: 30d}}\n"
    text = guide(project, run, fragment)
    assert "Expire refresh token after: 30 days" in text
    assert text.count("Manage Permission Sets: select these") == 1
    assert "Select Permission Sets" not in text


def test_what_the_spec_states_about_the_app_is_a_step(project: Project, run: Run) -> None:
    stated = "session_level: standard, named_user_jwt: false, refresh_token_idle_limit: false"
    text = guide(project, run, f"app: {{{stated}}}\n", "oauth2")
    assert "Session Policies: Standard" in text
    assert "access tokens for named users: not selected" in text
    label = "Limit Idle Refresh Token Time-to-Live (TTL) to 30 Days"
    assert f"{label}: not selected" in " ".join(text.split())
    assert "Idle" not in guide(project, run, "{}\n", "oauth2")


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("connected_app", "All users may self-authorize"),
        ("external_client_app", "All users can self-authorize"),
    ],
)
def test_each_type_of_app_has_its_own_words_for_permitted_users(
    project: Project, run: Run, kind: str, words: str
) -> None:
    spec = f"app: {{type: {kind}, pre_authorized: false, permission_sets: null}}\n"
    assert f"Permitted Users: {words}" in " ".join(guide(project, run, spec, "oauth2").split())


def test_an_app_for_nobody_gets_a_permission_set(project: Project, run: Run) -> None:
    for kind in ("external_client_app", "connected_app"):
        nobody = f"app: {{type: {kind}, permission_sets: null, profiles: null}}\n"
        text = " ".join(guide(project, run, nobody).split())
        assert "without one nobody can log in" in text
        assert "Manage Assignments" in text
        assert re.search(r"the (permission set that|one) you created|that you created", text)


@pytest.mark.parametrize(
    ("fragment", "words"),
    [
        ("jwt: {private_key: {file: new.key}, certificate: null}\n", "Add the path of the certif"),
        ("jwt: {certificate: null}\n", "The key exists. Add the path of its certificate"),
        ("jwt: {certificate: new.crt}\n", "`openssl req -x509 -new -sha256 -days 730"),
        ("jwt: {private_key: {env: KEY}}\n", "create the pair yourself"),
        ("jwt: {private_key: null}\n", "Add `private_key: {file: ../secrets/acme-crm.key}` to jwt"),
        (
            "jwt: {private_key: null, certificate: null}\n",
            "and `certificate: ../certs/acme-crm.crt` to jwt in the spec. Then create the key pair: run `sfcred keygen acme.yaml`.",
        ),
        ("{}\n", "The key pair exists"),
    ],
)
def test_the_key_step_says_what_is_missing(
    project: Project, run: Run, fragment: str, words: str
) -> None:
    assert words in " ".join(guide(project, run, fragment).split())


def test_the_quick_way_does_not_forget_the_consent(project: Project, run: Run) -> None:
    text = " ".join(guide(project, run, BY_HAND, "oauth2").split())
    assert "Then open it in n8n and press Connect my account" in text
    assert "Connect" not in guide(project, run)


def test_a_consent_needs_a_callback_on_this_machine(project: Project, run: Run) -> None:
    local = "http://localhost:1717/OauthRedirect"
    unstated = "app: {callback_urls: null}\n"
    assert local in guide(project, run, unstated, "oauth2")
    assert local not in guide(project, run, unstated + BY_HAND, "oauth2")


@pytest.mark.parametrize("kind", ["external_client_app", "connected_app"])
def test_screens_have_the_names_that_hints_use(project: Project, run: Run, kind: str) -> None:
    text = " ".join(guide(project, run, f"app: {{type: {kind}}}\n").split())
    names = ("CALLBACK", "CERTIFICATE", "CONSUMER_KEY", "POLICIES", "PERMISSION_SETS")
    for place in (getattr(places, name) for name in names):
        assert getattr(place, kind).rpartition(", ")[2] in text, place


# -- commands

FLOWS = [
    ["--flow", "jwt", "--username", "n8n@acme.com.uat"],
    ["--flow", "oauth2"],
]


@pytest.mark.parametrize("flow", FLOWS, ids=["jwt", "oauth2"])
@pytest.mark.parametrize("url", ["https://n8n.acme.com", "https://acme.app.n8n.cloud"])
def test_commands_run_as_printed_in_a_new_project(
    run: Run, monkeypatch: pytest.MonkeyPatch, flow: list[str], url: str
) -> None:
    subprocess.run(["git", "init", "-q"], check=True)
    started = run(
        "init", "acme-crm", "--my-domain", "https://acme--uat.sandbox.my.salesforce.com",
        "--contact-email", "it@acme.com", "--n8n-url", url, *flow,
    )  # fmt: skip
    assert started.status == 0, started
    monkeypatch.setenv("ACME_CRM_CLIENT_ID", CONSUMER_KEY)
    monkeypatch.setenv("ACME_CRM_CLIENT_SECRET", CONSUMER_SECRET)
    Path("FOLDER").mkdir()
    # What `sfcred login` stores, which the guide names before it renders.
    Path("secrets/acme-crm.token").write_text("5Aep861tokenOfTheTests", encoding="utf-8")
    Path("secrets/acme-crm.token").chmod(0o600)
    done = run("guide", "acme-crm")
    printed = re.findall(r"`sfcred ([^`]+)`", done.out)
    assert printed
    for line in printed:
        words = shlex.split(line)
        context = click.Context(group, **group.context_settings)
        command = group.get_command(context, words[0])
        assert command
        command.make_context(words[0], words[1:], context)  # the options exist
        if words[0] in ("keygen", "render"):
            ran = run(*words)
            assert ran.status == 0, (line, ran)
            Path("rendered/credentials.json").unlink(missing_ok=True)
        elif "--check" in words:
            assert "contains no app metadata" in run(*words).err  # nothing was retrieved


def test_steps_are_numbered_through(project: Project, run: Run) -> None:
    numbers = [int(n) for n in re.findall(r"^ ?(\d+)\. ", guide(project, run), re.MULTILINE)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) > 10


def test_to_a_file(project: Project, run: Run) -> None:
    done = run("guide", project.credential(), "--format", "html", "-o", "guide.html")
    assert (done.status, done.out) == (0, "")
    assert Path("guide.html").read_text(encoding="utf-8").startswith("<!doctype html>")


# -- hostile texts

TEXTS = st.text(max_size=60)


def of(text: str) -> Guide:
    entries = (GuideField(text or "x", text, literal=True), GuideField("f", text))
    return Guide(text, (text,), (GuideSection(text, (GuideStep(text, entries),)),))


class Tags(HTMLParser):
    """Collects the elements of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 - its parent's
        self.seen.append(tag)


@given(TEXTS)
def test_html_has_no_elements_but_its_own(text: str) -> None:
    tags = Tags()
    tags.feed(find_format("html")(of(text), None))
    own = {
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "h1",
        "h2",
        "p",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "code",
        "br",
    }
    assert set(tags.seen) <= own


@given(TEXTS)
def test_every_format_takes_every_text(text: str) -> None:
    for name in format_names():
        assert find_format(name)(of(text), None).endswith("\n")


def test_markdown_stays_text() -> None:
    shown = find_format("markdown")(of("<img src=x> [a](b) `c` *d*"), None)
    assert "\\<img src=x\\> \\[a\\](b) `c` \\*d\\*" in shown
    assert "``<img src=x> [a](b) `c` *d*``" in shown  # shown unchanged, as code


def test_what_a_spec_leaves_out_is_not_none(project: Project, run: Run) -> None:
    fragment = "app: {contact_email: null, permission_sets: null, label: null, scopes: null}\n"
    for base in ("jwt", "oauth2"):
        text = guide(project, run, fragment, base)
        assert "None" not in text.replace("Allowed HTTP Request Domains: None", "")


def test_places_and_values_to_enter_are_not_mistaken(project: Project, run: Run) -> None:
    """A path is as one can open it from here; what isn't text to type doesn't look like it."""
    spec = project.credential("{}\n", "jwt", "credentials/acme.yaml")
    project.material("credentials/acme.key", "rsa-2048")
    text = run("guide", spec).out
    assert "Private key: file credentials/acme.key" in text
    assert "Certificate: credentials/acme.crt" in text
    assert "Consumer Key goes to: environment variable ACME_CLIENT_ID" in text
    assert (
        "Client ID (the Consumer Key): (the value of environment variable ACME_CLIENT_ID)" in text
    )
    assert "Private Key (all lines): (the value of file credentials/acme.key)" in text
