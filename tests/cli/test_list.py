"""`sfcred list`: the project at a glance."""

import json
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from sfcred.cli.schemas import schema
from tests.conftest import Outcome
from tests.helpers.project import Project

Run = Callable[..., Outcome]
GLOBEX = """\
name: globex-erp
client_id: {env: GLOBEX_ID}
my_domain: https://globex.my.salesforce.com
environment: production
jwt: null
flow: oauth2
oauth2: {client_secret: {env: GLOBEX_SECRET}}
n8n: {url: https://n8n.globex.example:8443/n8n, id: b}
"""


@pytest.fixture
def two(project: Project) -> Project:
    Path("sfcred.toml").touch()
    Path("credentials").mkdir()
    for name in ("acme.key", "acme.crt"):
        Path(name).rename(f"credentials/{name}")
    project.credential("n8n: {url: https://n8n.acme.com}\n", name="credentials/acme.yaml")
    project.credential(GLOBEX, name="credentials/globex.yaml")
    return project


def listed(run: Run, *arguments: str) -> list[dict[str, str | None]]:
    document = json.loads(run("list", "--format", "json", *arguments).out)
    jsonschema.validate(document, schema("list"))
    found: list[dict[str, str | None]] = document["credentials"]
    return found


def test_each_credential_is_a_row(two: Project, run: Run) -> None:
    acme, globex = listed(run)
    until = acme.pop("certificate_until")
    assert until
    assert until[:4].isdigit()
    assert acme == {
        "name": "acme-crm",
        "profile": None,
        "file": "credentials/acme.yaml",
        "flow": "jwt",
        "environment": "sandbox",
        "authority": "https://acme--uat.sandbox.my.salesforce.com",
        "n8n_url": "https://n8n.acme.com",
        "status": "ok",
    }
    assert globex["flow"] == "oauth2"
    assert globex["n8n_url"] == "https://n8n.globex.example:8443/n8n"
    assert globex["certificate_until"] is None


def test_the_status_is_doctor_s(two: Project, run: Run) -> None:
    two.credential("my_domain: https://acme.lightning.force.com\n", name="credentials/acme.yaml")
    report = json.loads(run("doctor", "--format", "json").out)
    expected = {one["name"]: one["status"] for one in report["credentials"]}
    assert expected["acme-crm"] == "error"
    assert {str(one["name"]): one["status"] for one in listed(run)} == expected


def test_the_text_is_a_table_where_there_is_room(
    two: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sfcred.cli.commands.list._width", lambda: 120)
    lines = run("list").out.splitlines()
    assert lines[0].split() == [
        "CREDENTIAL",
        "FLOW",
        "ENV",
        "ORG",
        "N8N",
        "CERT",
        "UNTIL",
        "STATUS",
    ]
    start = {word: lines[0].index(word) for word in ("FLOW", "ORG", "N8N", "STATUS")}
    assert lines[1][start["ORG"] :].startswith("acme--uat.sandbox ")
    assert lines[2][start["ORG"] :].startswith("globex ")
    assert lines[2][start["N8N"] :].startswith("n8n.globex.example:8443 ")
    assert lines[1][start["STATUS"] :] == "ok"


@pytest.mark.parametrize("columns", [80, 60, 45])
def test_the_text_fits_a_terminal(
    two: Project, run: Run, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    monkeypatch.setattr("sfcred.cli.commands.list._width", lambda: columns)
    out = run("list").out
    assert max(map(len, out.splitlines())) <= columns
    for word in ("acme-crm", "jwt", "sandbox", "acme--uat.sandbox", "n8n.acme.com", "globex"):
        assert word in out


def test_a_name_and_a_profile_choose(two: Project, run: Run) -> None:
    assert [one["name"] for one in listed(run, "globex-erp")] == ["globex-erp"]


def test_a_spec_that_cannot_be_understood_is_listed_and_told(two: Project, run: Run) -> None:
    two.credential("environment: staging\n", name="credentials/acme.yaml")
    done = run("list")
    assert done.status == 1
    assert "acme-crm" in done.out
    assert "SFC002" in done.err
    assert "credentials in" not in done.err  # the list has just counted them
    assert [one["status"] for one in listed(run) if one["name"] == "acme-crm"] == ["error"]


def test_no_value_of_a_literal_is_shown(two: Project, run: Run) -> None:
    secret = "0123456789ABCDEF" * 4
    two.credential(
        f"client_id: {secret}\nmy_domain: https://u:{secret}@acme.my.salesforce.com/?t={secret}\n"
        f"n8n: {{url: 'https://u:{secret}@n8n.acme.com/?token={secret}#{secret}'}}\n",
        name="credentials/acme.yaml",
    )
    for arguments in ((), ("--format", "json")):
        done = run("list", *arguments)
        assert "acme-crm" in done.out
        assert secret not in done.out + done.err


def test_an_empty_folder_leads_to_init(run: Run) -> None:
    done = run("list")
    assert done.status == 2
    assert "sfcred init" in done.err
