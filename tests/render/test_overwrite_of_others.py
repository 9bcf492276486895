"""An overwrite is refused if it would change a credential that isn't rendered with it."""

import io
import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_httpx import HTTPXMock

from sfcred.resolve import loading
from sfcred.resolve.loading import LoadedFile
from tests.conftest import Outcome
from tests.helpers.n8n_api import API_KEY, URL, N8n
from tests.helpers.project import Project

Run = Callable[..., Outcome]
NEW = 'n8n: {version: "2.41.1", id: null, url: https://n8n.acme.com}\n'
OTHER_OAUTH2 = 'name: acme-erp\nn8n: {version: "2.41.1", id: null, url: URL}\n'
OVERWRITE = ("--target", "n8n-overwrite")
SAME, NONE, ELSEWHERE = "https://n8n.acme.com/", "null", "https://other.acme.com"


@pytest.fixture(autouse=True)
def _folder(project: Project) -> None:
    (project.folder / "sfcred.toml").write_text('paths = ["."]\n', encoding="utf-8")


@pytest.fixture
def client(project: Project) -> str:
    """A spec with client credentials, for n8n 2.41.1."""
    return str(project.credential(NEW, "client_credentials", name="client.yaml"))


@pytest.mark.parametrize(("url", "is_refused"), [(SAME, True), (NONE, True), (ELSEWHERE, False)])
@pytest.mark.parametrize("base", ["oauth2", "client_credentials"])
def test_a_spec_in_another_file(
    project: Project, run: Run, client: str, url: str, is_refused: bool, base: str
) -> None:
    more = "my_domain: https://acme--dev.sandbox.my.salesforce.com\n"
    project.credential(OTHER_OAUTH2.replace("URL", url) + more, base, name="other.yaml")
    done = run("render", client, *OVERWRITE)
    assert done.status == int(is_refused), done
    assert ("SFC514" in done.err) is is_refused
    assert ("salesforceOAuth2Api" in done.out) is not is_refused
    # Not even knowingly: the file is for the whole instance.
    done = run("render", client, *OVERWRITE, "--no-check")
    assert done.status == int(is_refused)
    assert ("would also change acme-erp in other.yaml" in done.err) is is_refused
    assert ("salesforceOAuth2Api" in done.out) is not is_refused


def test_a_spec_in_the_configured_folder(project: Project, run: Run) -> None:
    (project.folder / "sfcred.toml").write_text('paths = ["specs"]\n', encoding="utf-8")
    (project.folder / "specs/deep").mkdir(parents=True)
    project.credential(NEW, "client_credentials", name="specs/client.yaml")
    project.credential(OTHER_OAUTH2.replace("URL", SAME), "oauth2", name="specs/deep/other.yaml")
    for which in ("specs/client.yaml", "acme-crm"):
        done = run("render", which, *OVERWRITE, "--no-check")
        assert done.status == 1
        assert "would also change acme-erp in specs/deep/other.yaml" in done.err


def test_another_profile_of_the_same_spec(project: Project, run: Run) -> None:
    profiles = (
        "profiles:\n  uat: {}\n"
        "  dev: {my_domain: 'https://acme--dev.sandbox.my.salesforce.com', n8n: {id: devAcme00000001}}\n"
    )
    spec = project.credential(NEW + profiles, "client_credentials")
    done = run("render", spec, *OVERWRITE, "--profile", "uat")
    assert done.status == 1
    assert "would also change acme-crm [dev]" in done.err
    apart = profiles.replace("n8n: {id", f"n8n: {{url: '{ELSEWHERE}', id")
    spec = project.credential(NEW + apart, "client_credentials")
    assert run("render", spec, *OVERWRITE, "--profile", "uat").status == 0


@pytest.mark.parametrize("base", ["jwt", "generic"])
def test_what_an_overwrite_does_not_reach(
    project: Project, run: Run, client: str, base: str
) -> None:
    text = OTHER_OAUTH2.replace("URL", SAME)
    if base == "generic":
        text, base = text.replace("n8n: {", "n8n: {type: oAuth2Api, "), "oauth2"
    project.credential(text, base, name="other.yaml")
    assert run("render", client, *OVERWRITE).status == 0


def test_one_with_the_same_overwrite(project: Project, run: Run, client: str) -> None:
    text = OTHER_OAUTH2.replace("URL", SAME)
    project.credential(text, "client_credentials", name="other.yaml")
    assert run("render", client, *OVERWRITE).status == 0


def test_an_overwrite_for_my_domain_alone(project: Project, run: Run) -> None:
    spec = project.credential(NEW, "oauth2", name="one.yaml")
    other = "my_domain: https://acme--dev.sandbox.my.salesforce.com\n"
    project.credential(OTHER_OAUTH2.replace("URL", SAME) + other, "oauth2", name="other.yaml")
    done = run("render", spec, *OVERWRITE)
    assert done.status == 1
    assert "would also change acme-erp in other.yaml" in done.err


@pytest.mark.parametrize(("url", "is_found"), [(SAME, True), (NONE, True), (ELSEWHERE, False)])
def test_doctor_counts_an_unknown_n8n_as_the_same(
    project: Project, run: Run, client: str, url: str, is_found: bool
) -> None:
    project.credential(OTHER_OAUTH2.replace("URL", url), "oauth2", name="other.yaml")
    out = run("doctor", client, "other.yaml", "--select", "SFC514").out
    assert ("SFC514" in out) is is_found
    # The other way round: the one that needs the overwrite has no address.
    project.credential(NEW.replace(", url: https://n8n.acme.com", ", url: null"), "client_credentials", name="client.yaml")  # fmt: skip
    assert "SFC514" in run("doctor", client, "other.yaml", "--select", "SFC514").out


OTHER = {"id": "byHand0000000001", "name": "Sales \x1b[31m team", "updatedAt": "t"}


def held(kind: str, key: str = "byHand0000000001") -> dict[str, str]:
    return {**OTHER, "id": key, "type": kind}


@pytest.fixture
def n8n(httpx_mock: HTTPXMock, monkeypatch: pytest.MonkeyPatch) -> N8n:
    monkeypatch.setenv("N8N_API_KEY", API_KEY)
    return N8n(httpx_mock)


@pytest.mark.parametrize("kind", ["salesforceOAuth2Api", "salesforceJwtApi", "oAuth2Api"])
def test_a_credential_of_the_running_n8n(run: Run, client: str, n8n: N8n, kind: str) -> None:
    n8n.entries["byHand0000000001"] = held(kind)
    done = run("render", client, *OVERWRITE, "--n8n", URL)
    is_changed = kind == "salesforceOAuth2Api"
    assert done.status == int(is_changed)
    assert ("byHand0000000001" in done.err) is is_changed
    assert ("Delete them in n8n if nothing uses them" in done.err) is is_changed
    assert ("salesforceOAuth2Api" in done.out) is not is_changed
    assert "\x1b" not in done.err


def test_its_own_credential_in_the_running_n8n(run: Run, client: str, n8n: N8n) -> None:
    ignored = Path(client).read_text(encoding="utf-8") + "doctor: {ignore: {SFC513: it is set}}\n"
    Path(client).write_text(ignored, encoding="utf-8")
    n8n.takes_id = False  # n8n chooses the id, and only the record of the push has it
    assert run("push", client, "--n8n", URL, "--yes", "--no-test").status == 0
    assert list(n8n.entries) == ["made0"]
    assert run("render", client, *OVERWRITE, "--n8n", URL).status == 0


@pytest.mark.parametrize("kind", ["salesforceOAuth2Api", "salesforceJwtApi"])
@pytest.mark.parametrize("is_readable", [True, False])
def test_a_credential_of_an_export(run: Run, client: str, kind: str, is_readable: bool) -> None:
    data: object = {"clientId": "x"} if is_readable else "U2FsdGVkX1+not-readable"
    Path("export.json").write_text(json.dumps([{**held(kind), "data": data}]), encoding="utf-8")
    done = run("render", client, *OVERWRITE, "--merge-from", "export.json")
    is_changed = kind == "salesforceOAuth2Api"
    assert done.status == int(is_changed), done
    assert ("byHand0000000001" in done.err) is is_changed


def test_an_export_from_standard_input_is_read_once(
    run: Run, client: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"[]"), encoding="utf-8"))
    done = run("render", client, *OVERWRITE, "--merge-from", "-")
    assert done.status == 0, done
    assert "salesforceOAuth2Api" in done.out


def test_other_specs_are_read_once(
    project: Project, run: Run, client: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.credential(OTHER_OAUTH2.replace("URL", ELSEWHERE), "oauth2", name="other.yaml")
    Path("e.json").write_text("[]", encoding="utf-8")
    read: list[str] = []
    really = loading.load_files

    def noting(paths: Iterable[Path], *rest: Any, **named: Any) -> Iterator[LoadedFile]:
        for file in really(paths, *rest, **named):
            read.append(file.path.name)
            yield file

    monkeypatch.setattr("sfcred.workspace.loaded_specs.load_files", noting)
    assert run("render", client, *OVERWRITE, "--merge-from", "e.json").status == 0
    assert read.count("other.yaml") == 1


def test_only_an_overwrite_is_compared_with_a_running_n8n(run: Run, client: str) -> None:
    done = run("render", client, "--n8n", URL)
    assert done.status == 2
    assert "sfcred push" in done.err


def test_push_creates_nothing_whose_overwrite_changes_another(
    run: Run, client: str, n8n: N8n, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path(client).write_text(
        Path(client).read_text(encoding="utf-8") + "doctor: {ignore: {SFC513: it is set}}\n",
        encoding="utf-8",
    )
    n8n.entries["byHand0000000001"] = held("salesforceOAuth2Api")
    done = run("push", client, "--n8n", URL, "--yes", "--no-test")
    assert done.status == 1
    assert "refused" in done.out
    assert "byHand0000000001" in done.out
    assert list(n8n.entries) == ["byHand0000000001"]

    del n8n.entries["byHand0000000001"]
    assert run("push", client, "--n8n", URL, "--yes", "--no-test").status == 0
    # Another one comes later: the secret can still be changed, and the plan tells about it.
    n8n.entries["byHand0000000001"] = held("salesforceOAuth2Api")
    monkeypatch.setenv("ACME_CLIENT_SECRET", "FEDCBA9876543210" * 4)
    done = run("push", client, "--n8n", URL, "--yes", "--no-test")
    assert done.status == 0
    assert "update" in done.out
    assert "byHand0000000001" in done.out


def test_push_of_two_with_the_same_overwrite(
    project: Project, run: Run, client: str, n8n: N8n
) -> None:
    ignored = "doctor: {ignore: {SFC513: it is set}}\n"
    Path(client).write_text(Path(client).read_text(encoding="utf-8") + ignored, encoding="utf-8")
    project.credential(
        OTHER_OAUTH2.replace("URL", SAME) + ignored, "client_credentials", name="other.yaml"
    )
    for _again in range(2):
        done = run("push", client, "other.yaml", "--n8n", URL, "--yes", "--no-test")
        assert done.status == 0, done
        assert "overwrite" not in done.out
    assert len(n8n.entries) == 2


def test_push_offers_to_take_over_its_namesake(project: Project, run: Run, n8n: N8n) -> None:
    named = NEW.replace("id: null", "id: null, name: Sales")
    ignored = "doctor: {ignore: {SFC513: it is set}}\n"
    client = project.credential(named + ignored, "client_credentials")
    n8n.entries["byHand0000000001"] = {**held("salesforceOAuth2Api"), "name": "Sales"}
    done = run("push", client, "--n8n", URL, "--yes", "--no-test")
    assert done.status == 1
    assert "to overwrite that one instead, pass --adopt byHand0000000001" in done.out
    done = run("push", client, "--n8n", URL, "--yes", "--no-test", "--adopt", "byHand0000000001")
    assert done.status == 0, done
    assert list(n8n.entries) == ["byHand0000000001"]


#: By what is wrong with them: specs beside the rendered one, which can't be compared with it.
NOT_COMPARED = {
    "an unknown key": OTHER_OAUTH2.replace("URL", SAME) + "colour: red\n",
    "a literal secret": OTHER_OAUTH2.replace("URL", SAME) + "oauth2: {client_secret: hunter2x}\n",
    "a field twice": OTHER_OAUTH2.replace("URL", SAME),
    "both flows": OTHER_OAUTH2.replace("URL", SAME)
    + "flow: null\njwt: {username: n8n@acme.com.uat, private_key: {env: ACME_CLIENT_SECRET}}\n",
}


@pytest.mark.parametrize("check", [(), ("--no-check",)], ids=["checked", "unchecked"])
@pytest.mark.parametrize("way", ["path", "name"])
@pytest.mark.parametrize("case", [*NOT_COMPARED, "broken YAML", "random bytes"])
def test_what_cannot_be_compared_is_refused_by_name(
    project: Project, run: Run, client: str, case: str, way: str, check: tuple[str, ...]
) -> None:
    other = project.folder / "other.yaml"
    if case in NOT_COMPARED:
        project.credential(NOT_COMPARED[case], "oauth2", name="other.yaml")
        more = "name: x\n" if case == "a field twice" else ""
        other.write_text(other.read_text(encoding="utf-8") + more, encoding="utf-8")
    else:
        other.write_bytes(b"name: [\n" if case == "broken YAML" else bytes(range(128, 228)))
    chosen = client if way == "path" else "acme-crm"
    done = run("render", chosen, *OVERWRITE, *check, "-o", "x.json")
    assert done.status == 1, done
    assert "other.yaml" in done.err, done
    assert not Path("x.json").exists()


def test_an_undecided_flow_elsewhere_is_no_obstacle(
    project: Project, run: Run, client: str
) -> None:
    both = NOT_COMPARED["both flows"].replace(SAME, ELSEWHERE)
    project.credential(both, "oauth2", name="other.yaml")
    assert run("render", client, *OVERWRITE).status == 0


def test_doctor_says_that_an_undecided_flow_was_not_compared(
    project: Project, run: Run, client: str
) -> None:
    project.credential(NOT_COMPARED["both flows"], "oauth2", name="other.yaml")
    done = run("doctor", client, "--ignore", "SFC513,SFC515")
    assert done.status == 4, done
    assert "the flow of acme-erp in other.yaml is not decided" in done.out
