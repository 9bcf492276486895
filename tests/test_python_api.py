"""The public Python API: the examples in docs/python.md work without private names."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import sfcred
from sfcred import Finding, Refused, Report, Severity, SfcredError, Workspace, diagnose
from tests.helpers.project import CONSUMER_KEY, CONSUMER_SECRET, Project

PAGE = Path(__file__).parents[1] / "docs/python.md"
BLOCKS = re.findall(r"(?ms)^```python\n(.*?)^```$", PAGE.read_text(encoding="utf-8"))

WORKFLOW = {
    "id": "leads",
    "name": "Lead sync",
    "connections": {},
    "nodes": [
        {
            "name": "Create lead",
            "type": "n8n-nodes-base.salesforce",
            "typeVersion": 1,
            "parameters": {"authentication": "jwt", "company": "Acme", "lastname": "Ada"},
            "credentials": {"salesforceJwtApi": {"id": "acmeCrm000000001", "name": "Acme CRM"}},
        }
    ],
}


@pytest.fixture
def opened(project: Project) -> Project:
    """A project with a profile, and a spec for each flow."""
    project.spec("", "sfcred.toml")
    project.credential("{}\n", "jwt", "credentials/acme.yaml")
    project.credential(
        "name: acme-oauth\nn8n: {id: acmeOauth0000001, name: Acme OAuth}\nprofiles: {uat: {}}\n",
        "oauth2",
        "credentials/oauth.yaml",
    )
    project.material("credentials/acme.key", "rsa-2048")
    project.material("credentials/acme.crt", "certificate")
    project.spec(json.dumps(WORKFLOW), "workflows/leads.json")
    return project


def test_the_page_s_examples_run(opened: Project, capsys: pytest.CaptureFixture[str]) -> None:
    assert len(BLOCKS) >= 6
    names: dict[str, object] = {}
    for block in BLOCKS:
        if block.startswith("workspace = "):  # each line is a separate example
            for line in block.splitlines():
                exec(line, names)  # noqa: S102 - the page's own code
            exec("workspace = Workspace.open()", names)  # noqa: S102
            continue
        exec(block, names)  # noqa: S102
    shown = capsys.readouterr().out
    assert "acme-crm None jwt" in shown
    assert "acme-oauth uat oauth2" in shown
    assert "audience-invalid" in shown
    assert "Lead" in shown
    assert CONSUMER_SECRET not in shown
    assert CONSUMER_KEY not in shown


def test_the_page_names_everything_that_is_public() -> None:
    listed = set(re.findall(r"\w+", BLOCKS[0].partition("import")[2]))
    assert listed | {"__version__"} == set(sfcred.__all__)
    assert all(getattr(sfcred, name) is not None for name in sfcred.__all__)
    assert set(sfcred.__all__) <= set(dir(sfcred))


def test_other_names_are_not_there() -> None:
    with pytest.raises(AttributeError, match="nothing_of_the_kind"):
        _ = sfcred.nothing_of_the_kind  # type: ignore[attr-defined]


def test_errors_are_of_one_family(opened: Project) -> None:
    with pytest.raises(SfcredError) as caught:
        Workspace.open("nowhere")
    assert caught.value.message
    assert caught.value.hint


def test_what_has_errors_is_refused_with_its_report(opened: Project) -> None:
    opened.credential("my_domain: https://acme.example.com\n", "jwt", "credentials/acme.yaml")
    workspace = Workspace.open()
    with pytest.raises(Refused) as caught:
        workspace.render()
    report = caught.value.report
    assert isinstance(report, Report)
    assert [f.check for f in report.findings if f.severity is Severity.ERROR] == ["SFC105"]
    assert all(isinstance(finding, Finding) for finding in report.findings)
    assert caught.value.exit_status == 1


def test_a_spec_that_can_t_be_understood_is_refused_by_name(opened: Project) -> None:
    opened.spec("version: 1\nname: broken\nnonsense: 1\n", "credentials/broken.yaml")
    workspace = Workspace.open()
    assert [one.name for one in workspace.credentials()] == ["acme-crm", "acme-oauth"]
    with pytest.raises(Refused) as caught:
        workspace.credential("broken")
    assert {finding.credential for finding in caught.value.report.findings} == {"broken"}


def test_an_unknown_name_lists_the_known_ones(opened: Project) -> None:
    with pytest.raises(SfcredError, match="there is no credential acme-cmr") as caught:
        Workspace.open().credential("acme-cmr")
    assert "acme-crm, acme-oauth" in caught.value.hint


def test_an_unknown_target_is_an_error_of_the_family(opened: Project) -> None:
    with pytest.raises(SfcredError, match="unknown target n8m"):
        Workspace.open().render("n8m")


def test_loading_reads_no_secret(opened: Project) -> None:
    opened.monkeypatch.delenv("ACME_CLIENT_SECRET")
    assert len(Workspace.open().credentials()) == 2
    with pytest.raises(Refused):
        Workspace.open().render()


def test_an_unknown_error_text_has_no_diagnosis() -> None:
    assert diagnose("the dog ate it") == ()


def test_importing_the_package_loads_nothing() -> None:
    code = "import sys, sfcred; print([m for m in sys.modules if m.startswith('sfcred.')])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True
    )
    assert done.stdout.strip() == "[]"


def test_required_secrets_are_asked_for_in_stores(opened: Project) -> None:
    """Nothing is compared without the value, so success would be a lie."""
    fragment = "oauth2: {client_secret: {vault: 'secret/acme#id'}}\n"
    opened.credential(fragment, "oauth2", "credentials/oauth.yaml")
    report = Workspace.open().examine(require_secrets=True)
    assert ("SFC005", Severity.ERROR) in {(f.check, f.severity) for f in report.findings}
    assert report.exit_status(Severity.ERROR) == 1
