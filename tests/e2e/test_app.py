"""The real Salesforce CLI accepts the app's metadata, which contains only elements that are allowed."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from scripts.e2e_install import types_home
from tests.conftest import Outcome
from tests.e2e import node
from tests.helpers.metadata import CONNECTED, PARTS, retrieve
from tests.helpers.project import Project, credentials_of

Run = Callable[..., Outcome]
EVERYTHING = """\
description: 'Leads & "orders"'
app:
  api_name: N8N_Portal
  contact_phone: +1 555 0100
  logo_url: https://acme.com/logo.png?a=1&b=2
  icon_url: https://acme.com/icon.png
  start_url: https://n8n.acme.com
  profiles: [API Only, System Administrator]
  permission_sets: [Plain_Name, {name: n8n_Integration, label: n8n - Integration}]
  refresh_token_policy: {lifetime: 72h}
  refresh_token_idle_limit: true
  named_user_jwt: true
  session_level: low
  pkce_required: false
  ip_relaxation: RELAXATION
  callback_urls: [https://n8n.acme.com/rest/oauth2-credential/callback, 'https://a.example/cb?x=1&y']
"""
VARIANTS = {
    "eca-everything": ("jwt", EVERYTHING.replace("RELAXATION", "bypass_2factor")),
    "connected-everything": (
        "oauth2",
        EVERYTHING.replace("RELAXATION", "enforce_relax_refresh") + "  type: connected_app\n",
    ),
    "connected-session": (
        "oauth2",
        "app: {type: connected_app, session_level: high_assurance, ip_relaxation: bypass_2factor}\n",
    ),
    "eca-non-latin": (
        "jwt",
        "app: {label: 'n8n 連携', api_name: n8n_renkei, pre_authorized: false}\n",
    ),
    "eca-jwt": ("jwt", "{}\n"),
    "eca-oauth2": ("oauth2", "app: {pre_authorized: false, permission_sets: null}\n"),
    "eca-policies": (
        "jwt",
        "app: {ip_relaxation: bypass, refresh_token_policy: {inactivity: 90d}, refresh_token_rotation: true, scopes: [api, refresh_token, sfap_api, openid]}\n",
    ),
    "eca-client": ("client_credentials", "{}\n"),
    "connected-client": ("client_credentials", "app: {type: connected_app}\n"),
    "connected-jwt": ("jwt", "app: {type: connected_app}\n"),
    "connected-oauth2": (
        "oauth2",
        "app: {type: connected_app, refresh_token_policy: {lifetime: 6mo}, label: 'A & B <n8n>', scopes: [api, refresh_token, sfap_api]}\n",
    ),
}
EVERY = pytest.mark.parametrize("variant", VARIANTS)


@pytest.fixture
def source(variant: str, project: Project, run: Run) -> Path:
    base, fragment = VARIANTS[variant]
    spec = project.credential(fragment, base)
    done = run("app", spec, "-o", "salesforce", "--no-check")
    assert done.status == 0, done
    return Path("salesforce/acme-crm").absolute()


def sf(folder: Path, *arguments: str) -> dict[str, object]:
    done = node.sf(*arguments, home=folder.parent, cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


OVER = """\
app:
  contact_phone: '1'
  scopes: [api, refresh_token, id]
  refresh_token_policy: {inactivity: 90d}
  session_level: high_assurance
  permission_sets: [{name: One, label: One}, {name: Two, label: The second}]
  profiles: [API Only]
"""


@pytest.mark.parametrize(
    "parts", [PARTS, PARTS[1:], (CONNECTED,)], ids=["eca", "part", "connected"]
)
def test_the_cli_converts_what_is_written_over_an_org_s_app(
    parts: tuple[str, ...], project: Project, run: Run, tmp_path: Path
) -> None:
    kind = "connected_app" if CONNECTED in parts else "external_client_app"
    certificate = "".join(project.workshop.text("certificate").split("-----")[2].split())
    retrieve(parts, certificate=certificate)
    spec = project.credential(f"{OVER}  api_name: n8n\n  type: {kind}\n", "oauth2")
    done = run("app", spec, "-o", "salesforce", "--over", "md", "--no-check")
    assert done.status == (4 if len(parts) == 4 else 0), done
    folder = Path("salesforce/acme-crm").absolute()
    test_the_cli_converts_it_there_and_back(" ".join(parts), folder, tmp_path)
    test_elements_and_types_are_salesforce_s("", folder)


def texts(folder: Path) -> dict[str, str]:
    return {file.name: file.read_text(encoding="utf-8") for file in folder.rglob("*-meta.xml")}


@EVERY
def test_the_cli_converts_it_there_and_back(variant: str, source: Path, tmp_path: Path) -> None:
    package, back = tmp_path / "package", tmp_path / "back"
    sf(
        source,
        "project",
        "convert",
        "source",
        "--root-dir",
        "force-app",
        "--output-dir",
        str(package),
    )
    assert members(package / "package.xml") == members(source / "manifest/package.xml")
    kinds = {kind for kind, _member in members(package / "package.xml")}
    assert len(kinds) == len(texts(source))

    back.mkdir()
    (back / "sfdx-project.json").write_bytes((source / "sfdx-project.json").read_bytes())
    (back / "force-app").mkdir()
    sf(back, "project", "convert", "mdapi", "--root-dir", str(package), "--output-dir", "force-app")
    assert texts(back) == texts(source)


def members(manifest: Path) -> set[tuple[str, str]]:
    space = "{http://soap.sforce.com/2006/04/metadata}"
    found = set()
    for types in ET.parse(manifest).getroot().iter(f"{space}types"):
        kind = types.findtext(f"{space}name") or ""
        found |= {(kind, member.text or "") for member in types.iter(f"{space}members")}
    return found


@EVERY
def test_the_files_compare_as_equal_with_their_spec(variant: str, source: Path, run: Run) -> None:
    done = run("app", "acme.yaml", "--check", source)
    assert done.status == 0, done
    assert "0 errors, 0 warnings" in done.out


# -- against Salesforce's own definitions


def definitions() -> str:
    file = types_home() / "node_modules/@salesforce/types/lib/metadata.d.ts"
    return re.sub(r"/\*.*?\*/", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)


def fields_of(kind: str, text: str) -> dict[str, tuple[str, bool]]:
    """Return the type of each element, and whether it is required."""
    found = re.search(rf"export type {kind} = (?:Metadata & )?\{{(.*?)\n\}};", text, re.DOTALL)
    assert found, kind
    rows = re.findall(r"^\s+(\w+)(\??): ([^;]+);", found[1], re.MULTILINE)
    return {name: (what, not optional) for name, optional, what in rows}


def values_of(kind: str, text: str) -> set[str] | None:
    """Return the values that an enumeration allows, or None for other types."""
    found = re.search(rf"export type {kind} = ((?:'[^']*'(?: \| )?)+);", text)
    return set(re.findall(r"'([^']*)'", found[1])) if found else None


def assert_fits(element: ET.Element, kind: str, text: str) -> None:
    fields = fields_of(kind, text)
    names = [child.tag.rpartition("}")[2] for child in element]
    assert names == sorted(names)
    for child, name in zip(element, names, strict=True):
        what, _required = fields[name]
        one = what.removesuffix("[]")
        assert what.endswith("[]") or names.count(name) == 1
        if len(child):
            assert_fits(child, one, text)
            continue
        value = child.text or ""
        allowed = values_of(one, text)
        if allowed is not None:
            assert value in allowed, (name, value)
        elif one == "boolean":
            assert value in ("true", "false")
        elif one == "number":
            assert value.isdigit()
        else:
            assert one == "string", (name, one)
    required = {name for name, (what, must) in fields.items() if must and not what.endswith("[]")}
    assert required <= set(names), required - set(names)


@EVERY
def test_elements_and_types_are_salesforce_s(variant: str, source: Path) -> None:
    text = definitions()
    files = list(source.rglob("*-meta.xml"))
    assert files
    for file in files:
        root = ET.parse(file).getroot()
        assert_fits(root, root.tag.rpartition("}")[2], text)


# -- the key pair


def test_sf_logs_in_with_a_key_that_keygen_made(project: Project, run: Run, tmp_path: Path) -> None:
    from datetime import UTC, datetime

    from sfcred.local_org.options import ServerOptions
    from sfcred.local_org.registry import register
    from sfcred.local_org.serve import running, take_port
    from sfcred.resolve.context import Context
    from tests.helpers.project import CONSUMER_KEY

    spec = project.credential("jwt: {private_key: {file: new.key}, certificate: new.crt}\n")
    assert run("keygen", spec).status == 0
    context = Context(project=Path.cwd(), now=datetime.now(UTC))
    found = credentials_of([spec], context)
    with running(take_port(register(found), 0), ServerOptions()) as place:
        login = ("org", "login", "jwt", "--username", "n8n@acme.com.uat", "--jwt-key-file")
        answer = sf(
            tmp_path, *login, str(Path("new.key").absolute()), "--client-id", CONSUMER_KEY,
            "--instance-url", place.org.base_url,
        )  # fmt: skip
    assert answer["status"] == 0
