"""Every form in which real n8n versions write credentials: to specs, compared, rendered, and back."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sfcred.n8n.expression import literal
from tests.conftest import Outcome
from tests.e2e.conftest import NEW, OLD
from tests.e2e.n8n import ENCRYPTION_KEY, N8n
from tests.e2e.test_exchange import CACHES, Server, ask
from tests.helpers.material import Workshop
from tests.helpers.project import CONSUMER_KEY, CONSUMER_SECRET, REFRESH_TOKEN

Run = Callable[..., Outcome]
ORG = "https://acme.my.salesforce.com"
TOKENS = {
    "access_token": "00D000000000001!live",
    "refresh_token": REFRESH_TOKEN,
    "instance_url": ORG,
    "scope": "api refresh_token",
    "token_type": "Bearer",
}
NAMES = ["Acme CRM", "A\nB", 'say "hi"', "y", "1.0", "ab", "# Größe: {x}"]
SHAPES = {
    "encrypted": ["--all", "--output=x.json"],
    "plain": ["--all", "--decrypted", "--output=x.json"],
    "pretty": ["--all", "--decrypted", "--pretty", "--output=x.json"],
    "separate": ["--all", "--separate", "--output=x"],
    "separate and plain": ["--all", "--separate", "--decrypted", "--output=x/"],
    "backup": ["--backup", "--output=x/credentials"],
    "backup and plain": ["--backup", "--decrypted", "--output=x/2026-11-26"],
    "entities": ["--outputDir=x"],
    "redirected and plain": ["--all", "--decrypted"],
}


def entries(workshop: Workshop) -> list[dict[str, Any]]:
    """Return credentials as people have them, and one of another type."""
    oauth2 = {
        "environment": "production",
        "clientId": CONSUMER_KEY,
        "clientSecret": CONSUMER_SECRET,
    }
    urls = {
        "authUrl": f"{ORG}/services/oauth2/authorize?prompt=login",
        "accessTokenUrl": f"{ORG}/services/oauth2/token",
    }
    vault = {**oauth2, "clientSecret": "={{ $secrets['my vault'][\"a-b\"] }}"}
    found = [
        entry("oauth2", "Connected", {**oauth2, "oauthTokenData": TOKENS}),
        entry("oauth2", "With its URLs", {**oauth2, **urls, "oauthTokenData": TOKENS}),
        entry("oauth2", "Never connected", oauth2),
        entry("oauth2", "In a vault", vault),
        entry("oauth2", "Literal", {**oauth2, "clientSecret": literal("=" + CONSUMER_SECRET)}),
        {"id": "slack1", "name": "Slack", "type": "slackApi", "data": {"accessToken": "canary"}},
    ]
    return found + [entry("jwt", name, jwt(workshop)) for name in NAMES]


def jwt(workshop: Workshop) -> dict[str, Any]:
    return {
        "environment": "production",
        "clientId": CONSUMER_KEY,
        "username": "n8n@acme.com",
        "privateKey": workshop.text("rsa-2048"),
        "myDomainUrl": f"{ORG}/",
    }


def entry(flow: str, name: str, data: dict[str, Any]) -> dict[str, Any]:
    kind = {"oauth2": "salesforceOAuth2Api", "jwt": "salesforceJwtApi"}[flow]
    key = "id" + "".join(f"{ord(sign):02x}" for sign in name)[:14]
    return {"id": key, "name": name, "type": kind, "data": data}


@pytest.fixture(scope="module", params=[OLD, NEW])
def filled(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, workshop: Workshop
) -> N8n:
    n8n = N8n(request.param, tmp_path_factory.mktemp("n8n"))
    source = n8n.folder / "in.json"
    content = entries(workshop)
    source.write_text(json.dumps(content), encoding="utf-8")
    n8n.import_credentials(source, number=len(content))
    return n8n


@pytest.fixture
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("N8N_ENCRYPTION_KEY", ENCRYPTION_KEY)


def export(n8n: N8n, shape: str) -> Path:
    """Export in one form, and return what `sfcred import` is given: the folder above a backup.

    The credentials stay as they are, so each form is exported once: n8n takes seconds to start.
    """
    folder = n8n.folder / "exports" / shape
    source = folder / "x.json"
    if not folder.exists():
        (folder / "x").mkdir(parents=True)
        command = "export:entities" if shape == "entities" else "export:credentials"
        options = (option.replace("=x", f"={folder}/x") for option in SHAPES[shape])
        printed = n8n.command(command, *options)
        if shape.startswith("redirected"):
            source.write_text(printed, encoding="utf-16")
    return source if source.is_file() else folder / "x"


@pytest.mark.usefixtures("key")
@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_goes_there_and_back(
    filled: N8n, run: Run, shape: str, tmp_path: Path, workshop: Workshop
) -> None:
    source = export(filled, shape)
    done = run("import", source, "--n8n-version", filled.version)
    assert "error SFC" not in done.out, done.out
    wanted = [one for one in entries(workshop) if one["type"] != "slackApi"]
    assert done.out.count("wrote credentials/") == len(wanted), done
    assert ("not read" in done.out, "left out" in done.out) == (False, False)
    assert "skipped Slack: slackApi" in done.out
    assert ("in plain text" in done.out) == ("plain" in shape or shape == "pretty")
    assert run("import", source).out.count("kept credentials/") == len(wanted)

    again = run("diff", "--export", source)
    assert (again.status, f"{len(wanted)} same" in again.out) == (0, True), again
    done = run("render", "-o", "out.json", "--merge-from", source)
    assert done.status == 0, done
    if shape not in ("encrypted", "entities"):  # these suffice, as every shape gives equal specs
        return
    fresh = N8n(filled.version, tmp_path / "fresh")
    fresh.import_credentials(Path("out.json").absolute(), number=len(wanted))
    before, after = filled.export(), fresh.export()
    for one in wanted:
        new, old = after[one["id"]], before[one["id"]]
        assert (new["name"], new["type"]) == (old["name"], old["type"])
        assert meant(new["data"], filled.version) == meant(old["data"], filled.version)
    assert run("diff", "--export", export(fresh, "plain")).status == 0


def meant(data: dict[str, Any], version: str) -> dict[str, Any]:
    """Return what n8n heeds: one slash at the end, white space, and old URLs make no difference.

    Without a mode, n8n's HTTP Request node may send the token to any host.
    """
    ignored = (*CACHES, *(("authUrl", "accessTokenUrl") if version == NEW else ()))
    kept = {key: value for key, value in data.items() if key not in ignored}
    kept.setdefault("allowedHttpRequestDomains", "all")
    return {
        key: value.strip().removesuffix("/") if isinstance(value, str) else value
        for key, value in kept.items()
    }


@pytest.mark.parametrize("with_key", ["", "another"])
@pytest.mark.parametrize("shape", ["encrypted", "backup", "entities"])
def test_without_the_key_everything_refuses(
    filled: N8n, run: Run, shape: str, with_key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = export(filled, "plain")
    assert "wrote" in run("import", good, "--n8n-version", filled.version).out
    source = export(filled, shape)
    if with_key:
        monkeypatch.setenv("N8N_ENCRYPTION_KEY", with_key)
    reason = "the encryption key is wrong" if with_key else "encryption key was not found"
    done = run("import", source)
    assert (done.status, reason in done.err) == (4, True), done
    assert run("diff", "--export", source).status in (1, 4)
    done = run("render", "-o", "r.json", "--no-check", "--merge-from", source)
    assert (done.status, reason in done.err, Path("r.json").exists()) == (4, True, False)


@pytest.mark.usefixtures("key")
def test_rotating_keys(run: Run, tmp_path: Path, workshop: Workshop) -> None:
    n8n = N8n(NEW, tmp_path, {"N8N_ENV_FEAT_ENCRYPTION_KEY_ROTATION": "true"})
    with n8n.serving(owner=False):  # the first start creates the keys
        pass
    source = n8n.folder / "in.json"
    source.write_text(json.dumps(entries(workshop)[:2]), encoding="utf-8")
    n8n.import_credentials(source, number=2)
    done = run("import", export(n8n, "encrypted"))
    assert (done.status, "encrypted with a rotating key" in done.err) == (4, True), done
    assert run("import", export(n8n, "plain"), "--n8n-version", NEW).out.count("wrote ") == 2
    done = run("import", export(n8n, "entities"))
    assert (done.status, "encrypted with a rotating key" in done.err) == (4, True), done


@pytest.mark.parametrize("version", [OLD, NEW])
def test_answers_of_the_apis_have_no_secrets(
    run: Run, tmp_path: Path, workshop: Workshop, version: str
) -> None:
    n8n = N8n(version, tmp_path)
    with n8n.serving() as client:
        server = Server(n8n, client)
        oauth2 = entries(workshop)[0]
        body = {key: oauth2[key] for key in ("name", "type", "data")}
        created = ask(server, "POST", "", body)
        page = ask(server, "GET", "?limit=100", {})
        inside = client.get(f"credentials/{created['id']}?includeData=true")
    answers = {"created": created, "page": page, "inside": {"data": inside}}
    for name, content in answers.items():
        Path(f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
        done = run("import", f"{name}.json")
        reason = "editor left out its secrets" if name == "inside" else "API and packages leave it"
        assert (done.status, reason in done.err) == (4, True), (name, done)
