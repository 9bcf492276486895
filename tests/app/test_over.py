"""`sfcred app --over`: what the spec doesn't state stays as the org has it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from sfcred.salesforce.metadata.xml import read
from tests.conftest import Outcome
from tests.helpers.metadata import CALLBACK, CONNECTED, PARTS, path_of, retrieve, xml
from tests.helpers.project import CONSUMER_KEY, Project
from tests.helpers.systems import has_mode

Run = Callable[..., Outcome]
TYPES = {"connected_app": (CONNECTED,), "external_client_app": PARTS}
EVERY_TYPE = pytest.mark.parametrize("kind", TYPES)
NOTHING_STATED = (
    "contact_email: null, scopes: null, callback_urls: null, pre_authorized: null, "
    "permission_sets: null, pkce_required: null, refresh_token_policy: null, "
    "refresh_token_rotation: null, ip_relaxation: null"
)


def certificate(project: Project) -> str:
    return "".join(project.workshop.text("certificate").strip().splitlines()[1:-1])


def spec(project: Project, kind: str, fragment: str = "", base: str = "jwt") -> Path:
    return project.credential(f"app: {{type: {kind}{', ' if fragment else ''}{fragment}}}\n", base)


def files(folder: str) -> dict[str, object]:
    """Return the files' elements, without the Consumer Key, which is not written again."""
    key = f"<consumerKey>{CONSUMER_KEY}</consumerKey>"
    return {
        path.name.removesuffix("-meta.xml"): read(path.read_text("utf-8").replace(key, ""))
        for path in Path(folder).rglob("*-meta.xml")
    }


def changes(done: Outcome) -> list[str]:
    listed = done.out.partition("a deployment changes:\n")[2].partition("\n  1. ")[0]
    return [line.strip() for line in listed.splitlines()]


@EVERY_TYPE
@pytest.mark.parametrize("base", ["jwt", "oauth2"])
@pytest.mark.parametrize("fragment", ["", NOTHING_STATED])
def test_an_app_that_is_as_the_spec_says_stays_as_it_is(
    project: Project, run: Run, kind: str, base: str, fragment: str
) -> None:
    retrieve(TYPES[kind], certificate=certificate(project))
    done = run("app", spec(project, kind, fragment, base), "-o", "new", "--over", "md")
    assert done.status == 0, done
    assert files("new") == files("md")
    assert "a deployment changes nothing" in done.out
    assert run("app", "acme.yaml", "--check", "new").status == 0


@EVERY_TYPE
def test_what_the_spec_does_not_state_is_kept(project: Project, run: Run, kind: str) -> None:
    """Elements that sfcred doesn't know, too, and values that a spec can't have."""
    retrieve(
        TYPES[kind],
        ("RotationEnabled>false", "RotationEnabled>true"),
        (">ENFORCE<", ">BYPASS_2FACTOR<"),
        (">Enforce<", ">SomethingNew<"),
        ("Api, RefreshToken", "Api, RefreshToken, BrandNew"),
        ("<scopes>Api", "<scopes>BrandNew</scopes><scopes>Api"),
        (CALLBACK, f"{CALLBACK}\nhttps://a.example/cb"),
        certificate=certificate(project),
    )
    fragment = NOTHING_STATED.replace("pkce_required: null", "pkce_required: false")
    done = run("app", spec(project, kind, fragment), "-o", "new", "--over", "md")
    assert done.status == 0, done
    path = "oauthConfig/isPkceRequired" if kind == "connected_app" else "isPkceRequired"
    assert changes(done) == [f"{path}: `true` → `false`"]
    before, after = files("md"), files("new")
    assert [name for name in before if before[name] != after[name]] == [
        "n8n.connectedApp" if kind == "connected_app" else "n8nGlbl.ecaGlblOauth"
    ]
    text = str(after).replace("'isPkceRequired': ['false']", "'isPkceRequired': ['true']")
    assert text == str(before)


@EVERY_TYPE
def test_every_change_is_listed(project: Project, run: Run, kind: str) -> None:
    retrieve(TYPES[kind], certificate=certificate(project))
    fragment = (
        "contact_email: it@acme.com, refresh_token_policy: {lifetime: 30d}, scopes: [api], "
        "callback_urls: [https://a.example/cb], pre_authorized: false, permission_sets: [A], "
        "session_level: low, refresh_token_idle_limit: true"
    )
    project.material("acme.key", "rsa-other")
    project.material("acme.crt", "certificate-other")
    done = run("app", spec(project, kind, fragment), "-o", "new", "--over", "md", "--no-check")
    assert done.status == 0, done
    found = "\n".join(changes(done))
    shown = f"`{CALLBACK}` → `https://a.example/cb`"
    for words in (
        "`crm@acme.com` → `it@acme.com`",
        "not set → `true`",
        "certificate: a certificate → a certificate",
        f"callbackUrl: {shown}",
        "→ `LOW`",
        "`n8n_Integration` → not set",
    ):
        assert words in found, found
    assert len(changes(done)) == (9 if kind == "connected_app" else 11), found
    assert run("app", "acme.yaml", "--check", "new").status == 0


@EVERY_TYPE
def test_n8n_s_needs_are_added(project: Project, run: Run, kind: str) -> None:
    retrieve(TYPES[kind], (CALLBACK, "https://a.example/cb"), certificate="")
    path = spec(project, kind, NOTHING_STATED, "oauth2")
    text = path.read_text(encoding="utf-8").replace(
        "  refresh_token: {env: ACME_REFRESH_TOKEN}\n", ""
    )
    path.write_text(
        text.replace("  refresh_token:\n    env: ACME_REFRESH_TOKEN\n", ""), encoding="utf-8"
    )
    done = run("app", "acme.yaml", "-o", "new", "--over", "md")
    assert done.status == 0, done
    found = "\n".join(changes(done))
    assert f"`https://a.example/cb` → `https://a.example/cb`, `{CALLBACK}`" in found
    assert "Full" in found
    assert run("app", "acme.yaml", "--check", "new").status == 0


def test_the_org_s_own_names_are_kept(project: Project, run: Run) -> None:
    retrieve(
        PARTS,
        ("<label>n8n<", "<label>Kundenportal<"),
        ("Application>n8n<", "Application>N8N_Portal<"),
        certificate=certificate(project),
    )
    main = path_of(PARTS[0])
    main.rename(main.with_name("N8N_Portal.eca-meta.xml"))
    done = run(
        "app",
        spec(project, "external_client_app", "label: Kundenportal"),
        "-o",
        "new",
        "--over",
        "md",
    )
    assert done.status == 0, done
    assert files("new") == files("md")
    (manifest,) = Path("new").rglob("package.xml")
    for name in ("N8N_Portal", "n8nGlbl", "n8nOAuthSettings_defaultPolicy"):
        assert f"<members>{name}<" in manifest.read_text(encoding="utf-8")


@pytest.mark.parametrize("missing", PARTS)
def test_what_was_not_retrieved_is_not_written(project: Project, run: Run, missing: str) -> None:
    retrieve([kind for kind in PARTS if kind != missing], certificate=certificate(project))
    path = spec(project, "external_client_app", "api_name: n8n")
    done = run("app", path, "-o", "new", "--over", "md")
    assert f"({missing}): md doesn't have it" in done.out
    assert files("new") == files("md")
    is_stated = missing != "ExtlClntAppConfigurablePolicies"
    assert done.status == (4 if is_stated else 0)
    (manifest,) = Path("new").rglob("package.xml")
    assert missing not in manifest.read_text(encoding="utf-8").replace(f"{missing}O", "")


def test_what_cannot_be_kept_is_refused(project: Project, run: Run) -> None:
    retrieve([CONNECTED], certificate=certificate(project))
    path = spec(project, "external_client_app")
    done = run("app", path, "-o", "new", "--over", "md")
    assert (done.status, "doesn't contain the app" in done.err) == (1, True)
    path = spec(project, "connected_app")
    retrieve([CONNECTED], ("crm@", "it@"), certificate="", folder=Path("md/copy"))
    done = run("app", path, "-o", "new", "--over", "md")
    assert (done.status, "different files of the same app" in done.err) == (4, True)
    path_of(CONNECTED, Path("md/copy")).write_text("<a", encoding="utf-8")
    path_of(CONNECTED).unlink()
    done = run("app", path, "-o", "new", "--over", "md")
    assert (done.status, "not well-formed" in done.err) == (4, True)
    for arguments in (
        ("--over", "nowhere", "-o", "x"),
        ("--over", "md"),
        ("--over", "md", "--check", "md"),
    ):
        assert run("app", path, *arguments).status == 2
    assert not Path("new").exists()


def test_a_label_is_not_replaced_by_an_api_name(project: Project, run: Run) -> None:
    retrieve(
        [CONNECTED], ("n8n_Integration", "n8n - Integration"), certificate=certificate(project)
    )
    done = run("app", spec(project, "connected_app"), "-o", "new", "--over", "md")
    assert files("new") == files("md")
    assert done.status == 4
    assert "app.permission_sets: `n8n_Integration` can't be compared with `n8n - Integ" in done.out


def test_nobody_is_warned_about_unless_the_org_has_somebody(project: Project, run: Run) -> None:
    path = spec(project, "connected_app", "permission_sets: null")
    retrieve([CONNECTED], certificate=certificate(project))
    assert "nobody may use" not in str(run("app", path, "-o", "a", "--over", "md"))
    done = run("app", path, "-o", "b")
    assert "nobody may use this app" in done.err
    assert "1. nobody may use this app" in done.out
    assert done.status == 0


def test_a_key_is_never_rotated(project: Project, run: Run) -> None:
    retrieve(PARTS, ("ConsumerKey>false", "ConsumerKey>true"), certificate=certificate(project))
    done = run("app", spec(project, "external_client_app"), "-o", "new", "--over", "md")
    assert changes(done) == ["shouldRotateConsumerKey: `true` → `false`"]


def test_keys_are_neither_shown_nor_written(project: Project, run: Run) -> None:
    text = xml(CONNECTED, certificate=certificate(project)).replace(
        "<consumerKey>", "<consumerSecret>0123456789ABCDEFhidden</consumerSecret><consumerKey>"
    )
    path_of(CONNECTED).parent.mkdir(parents=True)
    path_of(CONNECTED).write_text(text, encoding="utf-8")
    fragment = "contact_email: it@acme.com, callback_urls: ['https://a.example/cb?secret=hidden']"
    done = run("app", spec(project, "connected_app", fragment), "-o", "new", "--over", "md")
    assert done.status == 0
    assert "hidden" not in done.out + done.err
    (written,) = Path("new").rglob("*.connectedApp-meta.xml")
    assert "<consumer" not in written.read_text(encoding="utf-8")
    assert "consumerSecret and consumerKey, which Salesforce only accepts for a new app" in done.out
    assert "isConsumerSecretOptional" in written.read_text(encoding="utf-8")
    assert has_mode(written, 0o600)
