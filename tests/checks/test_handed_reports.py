"""Public reports about a project rather than an error text: what sfcred tells the person.

Reports of error texts are in tests/salesforce/reports.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from sfcred.salesforce.refusals import REFUSALS
from tests.conftest import Outcome
from tests.helpers.material import Workshop
from tests.helpers.metadata import PARTS, retrieve
from tests.helpers.project import CONSUMER_KEY, Project

Run = Callable[..., Outcome]
NO_CONSENT = "oauth2: {refresh_token: null}\n"


class Case(NamedTuple):
    """A report.

    Attributes:
        about: What had happened, in our own words.
        source: Where it is public.
        fragment: What the spec has, over the base.
        base: The base spec.
        check: The check that finds it.
        words: What the check's finding has to contain.
        near: A fragment over the first that is fine.
        file: The content of n8n.env.
    """

    about: str
    source: str
    fragment: str
    base: str
    check: str
    words: tuple[str, ...]
    near: str
    file: str = ""


CASES = [
    Case(
        "n8n's cookie doesn't come back with Salesforce's redirect",
        "https://github.com/Rbillon59/hass-n8n/issues/512",
        "n8n: {env_file: n8n.env, version: 2.40.5}\n", "oauth2",
        "SFC309", ("N8N_SAMESITE_COOKIE", "=lax"),
        "n8n: {version: 1.123.81}\n",
        "WEBHOOK_URL=https://n8n.acme.com/\nN8N_SAMESITE_COOKIE=strict\n",
    ),
    Case(
        "a secret of n8n's vault never reaches Salesforce when connecting",
        "https://github.com/n8n-io/n8n/pull/13110",
        'oauth2: {refresh_token: null, client_secret: {n8n: "$secrets.vault.sfSecret"}}\n'
        "n8n: {version: 1.76.0}\n",
        "oauth2",
        "SFC517", ("1.76.0 leaves oauth2.client_secret empty", "Update n8n to 1.90"),
        "n8n: {version: 2.40.5}\n",
    ),
    Case(
        "n8n's workers refresh at once, and each one's new token ends the other's",
        "https://github.com/restforce/restforce/issues/957",
        f"{NO_CONSENT}app: {{refresh_token_rotation: true}}\n"
        "n8n: {env_file: n8n.env, version: 1.123.5}\n",
        "oauth2",
        "SFC609", ("queue mode", "Update n8n to 2.29"),
        "n8n: {version: 2.29.0}\n",
        "WEBHOOK_URL=https://n8n.acme.com/\nEXECUTIONS_MODE=queue\n",
    ),
    Case(
        "an app that is deployed as admin-approved, without anybody",
        "https://github.com/n8n-io/n8n-docs/pull/4251",
        "app: {pre_authorized: null, permission_sets: null, scopes: [full, refresh_token]}\n",
        "jwt",
        "SFC602", ("nobody is assigned", "app.permission_sets"),
        "app: {pre_authorized: true, permission_sets: [n8n_Integration]}\n",
    ),
    Case(
        "in newer apps, PKCE can't be turned off",
        "https://github.com/verbb/formie/issues/2961",
        f"{NO_CONSENT}n8n: {{version: 1.72.1}}\n", "oauth2",
        "SFC508", ("Update n8n to 1.85", "in some newer apps, that isn't possible"),
        "n8n: {version: 1.85.0}\n",
    ),
    Case(
        "the address of a site for its own users",
        "https://github.com/arthurimirzian/salesforce-jwt-bearer-token-flow/issues/1",
        "my_domain: https://acme.my.site.com/customers\n", "jwt",
        "SFC105", ("Experience Cloud site", "for the site's users", "Current My Domain URL"),
        "my_domain: https://acme--uat.sandbox.my.salesforce.com\n",
    ),
    Case(
        "the hint about the site's path must not lead back to the site",
        "https://github.com/arthurimirzian/salesforce-jwt-bearer-token-flow/issues/1",
        "my_domain: https://acme.my.site.com/customers\n", "jwt",
        "SFC107", ("https://NAME.my.salesforce.com",),
        "my_domain: https://acme--uat.sandbox.my.salesforce.com\n",
    ),
    Case(
        "general login hosts refuse External Client Apps in the JWT flow only",
        "Salesforce's guide to hosted MCP servers",
        "my_domain: null\n", "oauth2",
        "SFC106", ("warning SFC106", "only allows logins at its My Domain"),
        "my_domain: https://acme--uat.sandbox.my.salesforce.com\n",
    ),
    Case(
        "n8n Cloud has no overwrites",
        "n8n's documentation of n8n Cloud's environment variables",
        "n8n: {deployment: cloud, url: https://acme.app.n8n.cloud, version: 2.41.1}\n", "oauth2",
        "SFC502", ("on n8n Cloud, nothing else sets the address",),
        "n8n: {deployment: self_hosted, version: 2.40.5}\n",
    ),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.check} {case.about}")
def test_doctor_finds_what_was_reported(project: Project, run: Run, case: Case) -> None:
    if case.file:
        project.material("n8n.env", f"text:{case.file}")
    found = run("doctor", project.credential(case.fragment, case.base), "--select", case.check)
    text = " ".join(found.out.partition("not checked:")[0].split())
    for words in case.words:
        assert words in text, found
    near = overlaid(project, case)
    assert f"{case.check} " not in run("doctor", near, "--select", case.check).out


def overlaid(project: Project, case: Case) -> Path:
    """Write a case's near miss: its spec with the near fragment as its only profile."""
    path = project.credential(case.fragment, case.base)
    near = case.near.strip().replace("\n", ", ")
    text = f"{path.read_text(encoding='utf-8')}profiles: {{near: {{{near}}}}}\n"
    return project.spec(text)


def test_the_guide_of_n8n_cloud_names_only_what_it_has(project: Project, run: Run) -> None:
    """Cloud has neither overwrites nor a command line; push works there."""
    fragment = "n8n: {deployment: cloud, url: https://acme.app.n8n.cloud, version: 2.41.1}\n"
    text = run("guide", project.credential(fragment + NO_CONSENT, "oauth2")).out
    assert "n8n-overwrite" not in text
    assert "import:credentials" not in text
    assert "sfcred push" in text


@pytest.mark.parametrize("app", ["pre_authorized: true", "pre_authorized: null"])
def test_the_guide_ends_with_somebody_who_may_use_the_app(
    project: Project, run: Run, app: str
) -> None:
    """https://github.com/n8n-io/n8n-docs/pull/4251: users follow the guide, and nobody is let in."""
    text = run("guide", project.credential(f"app: {{{app}, permission_sets: null}}\n")).out
    plain = " ".join(text.split())
    assert "Setup, Permission Sets: press New" in plain
    assert "press Manage Assignments and Add Assignment" in plain
    assert "app.permission_sets in the spec, or the user's profile" in plain


def test_the_guide_connects_a_second_org_in_a_private_window(project: Project, run: Run) -> None:
    """https://github.com/n8n-io/n8n/issues/12416: the browser's session leads to the first org."""
    done = run("guide", project.credential(f"{NO_CONSENT}n8n: {{version: 1.72.1}}\n", "oauth2"))
    plain = " ".join(done.out.split())
    assert "Use a private window if you are logged in to another org" in plain


def test_the_guide_names_the_trigger_without_jwt(project: Project, run: Run) -> None:
    """https://github.com/n8n-io/n8n/issues/32241: the trigger took no JWT credential then."""
    text = run("guide", project.credential("n8n: {version: 2.25.7}\n")).out
    assert "The Salesforce Trigger of n8n 2.25.7 has no JWT login" in " ".join(text.split())


@pytest.mark.parametrize(
    ("order", "words"),
    [
        (("other", "own"), "the first of the file's 2 certificates doesn't match the private key, but number 2 does"),
        (("other", "other", "own"), "but number 3 does"),
        (("other", "other"), "the first of the file's 2 certificates doesn't match the private key"),
        (("other",), "the certificate (RSA 2048) doesn't match the private key"),
        (("own", "other"), ""),
    ],
)  # fmt: skip
def test_a_chain_of_certificates(
    project: Project, run: Run, workshop: Workshop, order: tuple[str, ...], words: str
) -> None:
    """https://github.com/hardisgroupcom/sfdx-hardis/pull/1905: the authority's came first."""
    parts = {"own": "certificate", "other": "certificate-other"}
    chain = b"".join(workshop.content(parts[one]) for one in order)
    (project.folder / "acme.crt").write_bytes(chain)
    found = run("doctor", project.credential(), "--select", "SFC408")
    text = " ".join(found.out.split())
    assert words in text
    assert ("SFC408" in found.out) is bool(words)
    assert ("but number" in text) is ("own" in order[1:])
    assert ("Keep only that certificate" in text) is ("own" in order[1:])


@pytest.mark.parametrize("key", ["", "another"])
def test_import_says_why_nothing_could_be_read(
    run: Run, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    """https://github.com/YunoHost-Apps/n8n_ynh/issues/50: what remains encrypted is no use."""
    if key:
        monkeypatch.setenv("N8N_ENCRYPTION_KEY", key)
    entry = {
        "id": "a1",
        "name": "Acme",
        "type": "salesforceJwtApi",
        "data": "U2FsdGVkX1" + "9" * 54,
    }
    Path("export.json").write_text(json.dumps([entry]), encoding="utf-8")
    done = run("import", "export.json")
    assert done.status == 4
    reason = "the encryption key is wrong" if key else "its data is encrypted"
    assert f"Acme: {reason}" in done.err
    assert "Export again with --decrypted, or set N8N_ENCRYPTION_KEY" in done.err
    assert "no Salesforce credential" not in done.err


@pytest.mark.parametrize(
    "locator",
    [
        "$secrets.azureKeyVault['sf-private-key']",
        '$secrets.vault["a: #b"]',
        "$secrets.vault.acme_key",
    ],
)
def test_what_import_writes_loads(run: Run, locator: str) -> None:
    """https://github.com/n8n-io/n8n/issues/33074: a vault whose names need brackets."""
    data = {
        "environment": "sandbox",
        "clientId": CONSUMER_KEY,
        "username": "n8n@acme.com.uat",
        "privateKey": f"={{{{ {locator} }}}}",
    }
    entry = {"id": "a1", "name": "Acme", "type": "salesforceJwtApi", "data": data}
    Path("export.json").write_text(json.dumps([entry]), encoding="utf-8")
    done = run("import", "export.json")
    assert "SFC001" not in done.out + done.err
    assert "SFC002" not in done.out + done.err
    assert f"the value is {locator} in n8n" in " ".join(done.out.split())


def test_a_file_that_was_not_retrieved_tells_nothing(project: Project, run: Run) -> None:
    """https://github.com/onyx-dot-app/onyx/pull/14953: it takes two permissions to retrieve it."""
    retrieve(tuple(kind for kind in PARTS if "Global" not in kind), certificate="")
    done = run("app", project.credential(), "--check", "md")
    plain = " ".join(done.out.split())
    assert (done.status, "0 errors" in plain) == (4, True)
    assert "SFC703, SFC704, SFC706, SFC715 for acme-crm" in plain
    assert "Allow Access to OAuth Consumer Secrets via Metadata API" in plain
    assert "View External Client Apps Consumer Secrets in Metadata" in plain


def test_n8n_s_own_git_sync_is_known_to_overwrite_tokens() -> None:
    """https://github.com/n8n-io/n8n/issues/26499: each pull wiped the connection."""
    whats = [cause.what for row in REFUSALS for cause in row.causes]
    assert "n8n's own source control overwrites OAuth2 tokens when it pulls" in whats
