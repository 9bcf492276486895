"""What `push` and `diff` say about fields: old and new public values, and only names of others."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from pytest_httpx import HTTPXMock

from tests.conftest import Outcome
from tests.helpers.n8n_api import API_KEY, URL, N8n
from tests.helpers.project import CONSUMER_KEY, CONSUMER_SECRET, REFRESH_TOKEN, Project

Run = Callable[..., Outcome]
ID = "acmeCrm000000001"
DEV = "https://acme--dev.sandbox.my.salesforce.com"
UAT = "https://acme--uat.sandbox.my.salesforce.com"


@pytest.fixture
def n8n(httpx_mock: HTTPXMock, monkeypatch: pytest.MonkeyPatch) -> N8n:
    monkeypatch.setenv("N8N_API_KEY", API_KEY)
    return N8n(httpx_mock)


class Specs:
    """One spec in a project, and the commands about it. No secret is ever in what they say."""

    def __init__(self, project: Project, run: Run) -> None:
        self.project, self._run = project, run
        project.material("specs/acme.key", "rsa-2048")
        project.material("specs/acme.crt", "certificate")
        self.write()

    def write(self, fragment: str = "{}\n", flow: str = "jwt") -> None:
        self.project.credential(fragment, flow, "specs/a.yaml")

    def push(self, *options: str) -> str:
        done = self.checked("push", "specs", "--n8n", URL, "--no-check", *(options or ("--yes",)))
        return done.out

    def diff(self, *options: str) -> list[dict[str, Any]]:
        done = self.checked("diff", "specs", *options, "--format", "json")
        found: list[dict[str, Any]] = json.loads(done.out)["credentials"]
        return found

    def checked(self, *arguments: str) -> Outcome:
        done = self._run(*arguments)
        secrets = (API_KEY, CONSUMER_KEY, CONSUMER_SECRET, REFRESH_TOKEN, "n8n@acme.com.uat")
        for secret in (*secrets, "BEGIN", "canary"):
            assert secret not in done.out + done.err
        return done


@pytest.fixture
def specs(project: Project, run: Run) -> Specs:
    return Specs(project, run)


def test_a_new_one_is_shown_with_all_of_its_fields(specs: Specs, n8n: N8n) -> None:
    out = specs.push("--dry-run")
    assert out.startswith(f"n8n: {URL}\n")
    sets = next(line for line in out.splitlines() if "sets" in line)
    assert f"environment `sandbox`, myDomainUrl `{UAT}`" in sets
    assert sets.endswith("clientId, username, privateKey (not shown)")


def test_an_update_names_each_field_with_public_values(specs: Specs, n8n: N8n) -> None:
    specs.push()
    specs.write(f"my_domain: {DEV}\njwt: {{username: canary@acme.com}}\nn8n: {{name: Acme Dev}}\n")
    lines = [line.strip() for line in specs.push("--dry-run").splitlines()]
    assert "name: `Acme CRM` -> `Acme Dev`" in lines
    assert f"myDomainUrl: `{UAT}` -> `{DEV}`" in lines
    assert "username: differs" in lines
    assert not any(line.startswith(("clientId", "privateKey", "environment")) for line in lines)
    specs.push()
    assert "unchanged" in specs.push()


def test_a_field_that_goes_and_one_that_comes(specs: Specs, n8n: N8n) -> None:
    specs.push()
    specs.write("my_domain: null\n")
    assert f"myDomainUrl: `{UAT}` -> none" in specs.push()
    specs.write()
    assert f"myDomainUrl: none -> `{UAT}`" in specs.push()


def test_what_n8n_changed_is_told_with_an_update(specs: Specs, n8n: N8n) -> None:
    specs.push()
    n8n.entries[ID]["updatedAt"] = "later"
    specs.write(f"my_domain: {DEV}\n")
    assert "update     acme-crm: n8n has changed it since it was pushed" in specs.push("--dry-run")


def test_a_name_that_n8n_changed_is_n8n_s(specs: Specs, n8n: N8n) -> None:
    specs.push()
    n8n.entries[ID]["name"] = "Renamed"
    assert "name: `Renamed` -> `Acme CRM`" in specs.push("--dry-run")
    specs.write("n8n: {name: Third}\n")
    assert "name: `Renamed` -> `Third`" in specs.push("--dry-run")
    (one,) = specs.diff("--n8n", URL)
    assert (one["fields"], one["changes"]) == (
        ["name"],
        [{"field": "name", "n8n": "Renamed", "spec": "Third"}],
    )


def state_file() -> Path:
    (path,) = Path().rglob(".sfcred/state.json")
    return path


def test_the_state_confirms_no_guess(specs: Specs, n8n: N8n) -> None:
    """Its key stands in the same file, so a long digest of one field could be tried out."""
    specs.push()
    (one,) = json.loads(state_file().read_text(encoding="utf-8"))["instances"][URL].values()
    assert set(one["values"]) == {"name", "environment", "myDomainUrl", "allowedHttpRequestDomains"}
    assert {len(digest) for digest in one["digests"].values()} == {4}
    assert "oauthTokenData" not in one["digests"]


@pytest.mark.parametrize("command", ["push", "diff"])
def test_a_state_that_remembers_no_fields(specs: Specs, n8n: N8n, command: str) -> None:
    kept = ("--state", "../kept.json")
    specs.push("--yes", *kept)
    content = json.loads(Path("../kept.json").read_text(encoding="utf-8"))
    for one in content["instances"][URL].values():
        del one["digests"], one["values"]
    Path("../kept.json").write_text(json.dumps(content), encoding="utf-8")
    specs.write(f"my_domain: {DEV}\n")
    if command == "push":
        assert "it is not known which fields change" in specs.push("--dry-run", *kept)
    else:
        (one,) = specs.diff("--n8n", URL, *kept)
        assert one["fields"] == ["the spec (changed since it was pushed)"]


@pytest.mark.parametrize(
    ("url", "warns"),
    [
        ("https://n8n.acme.com", False),
        ("https://N8N.acme.com/", False),
        ("http://n8n.acme.com", False),
        ("https://n8n.acme.com/home/credentials", False),
        ("not an address", False),
        ("https://staging.acme.com", True),
        ("https://n8n.acme.com:8443", True),
        ("https://n8n.acme.com/below", True),
        ("https://n8n.acme.com.example/?canary", True),
        ("https://ada:canary@n8n.acme.com.example", False),  # SFC305
    ],
)
def test_the_target_is_compared_with_the_specs(
    specs: Specs, n8n: N8n, url: str, warns: bool
) -> None:
    specs.write(f'n8n: {{url: "{url}"}}\n')
    out = specs.push("--dry-run")
    assert ("for acme-crm, not https://n8n.acme.com: check --n8n" in out) is warns, out
    done = specs.checked("diff", "specs", "--n8n", URL)
    assert ("for acme-crm, not https://n8n.acme.com: check --n8n" in done.err) is warns, done


# -- an export


def exported(data: Mapping[str, object], **more: str) -> tuple[str, str]:
    entry = {"id": ID, "name": "Acme CRM", "type": "salesforceJwtApi", "data": data, **more}
    Path("export.json").write_text(json.dumps([entry]), encoding="utf-8")
    Path("export.json").chmod(0o600)
    return "--export", "export.json"


def test_diff_shows_both_values_where_they_are_public(specs: Specs) -> None:
    data = {"environment": "production", "clientId": "canary", "myDomainUrl": f"{DEV}/"}
    (one,) = specs.diff(*exported(data))
    changes = {change.pop("field"): change for change in one["changes"]}
    assert changes["myDomainUrl"] == {"n8n": f"{DEV}/", "spec": UAT}
    assert changes["clientId"] == {"n8n": None, "spec": None}
    assert "environment" not in changes  # n8n logs in at myDomainUrl
    del data["myDomainUrl"]
    (one,) = specs.diff(*exported(data))
    changes = {change.pop("field"): change for change in one["changes"]}
    assert changes["environment"] == {"n8n": "production", "spec": "sandbox"}
    assert changes["myDomainUrl"] == {"n8n": "", "spec": UAT}
    done = specs.checked("diff", "specs", *exported(data))
    assert "environment: n8n has `production`, the spec has `sandbox`" in done.out
    assert "next: to write the spec to n8n, run `sfcred push --n8n URL`, or" in done.out


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("environment", "canary"),
        ("environment", "={{ $vars.canary }}"),
        ("myDomainUrl", "canary"),
        ("myDomainUrl", "https://ada:canary@acme.my.salesforce.com"),
        ("myDomainUrl", "https://acme.my.salesforce.com/?token=canary"),
        ("myDomainUrl", ["canary"]),
        ("privateKey", "canary"),
        ("clientId", {"canary": 1}),
    ],
)
def test_a_value_of_n8n_s_that_is_not_public_is_masked(
    specs: Specs, field: str, value: object
) -> None:
    (one,) = specs.diff(*exported({field: value}))
    assert field in one["fields"]
    specs.checked("diff", "specs", *exported({field: value}))


def test_each_difference_has_a_next_step(specs: Specs, n8n: N8n) -> None:
    n8n.entries["old1"] = {"id": "old1", "name": "Old", "type": "salesforceJwtApi", "updatedAt": ""}
    stranger = {"id": ID, "name": "Acme CRM", "type": "salesforceJwtApi", "updatedAt": "t"}
    steps = {one["state"]: one["next_step"] for one in specs.diff("--n8n", URL)}
    assert steps["missing"].startswith(
        "to create it, run `sfcred push --n8n URL`, or `sfcred render`"
    )
    assert "sfcred import" in steps["unknown"]
    n8n.entries[ID] = stranger
    (one, _old) = specs.diff("--n8n", URL)
    assert (one["state"], f"--adopt {ID}" in one["next_step"]) == ("not_compared", True)
    n8n.entries[ID] = {**stranger, "type": "slackApi"}
    (one, _old) = specs.diff("--n8n", URL)
    assert one["next_step"].startswith("set another n8n.id")
    n8n.entries.clear()
    specs.push()
    (one,) = specs.diff("--n8n", URL)
    assert (one["state"], one["next_step"]) == ("same", "")
    n8n.entries[ID]["updatedAt"] = "later"
    (one,) = specs.diff("--n8n", URL)
    assert "--export" in one["next_step"]


def test_a_lost_connection_is_brought_back_without_a_click(specs: Specs) -> None:
    specs.write("n8n: {version: '2.41.1'}\n", "oauth2")
    data = {
        "environment": "sandbox",
        "clientId": CONSUMER_KEY,
        "clientSecret": CONSUMER_SECRET,
        "allowedHttpRequestDomains": "none",
    }
    (one,) = specs.diff(*exported(data, type="salesforceOAuth2Api"))
    assert one["state"] == "disconnected"
    assert one["next_step"] == "run `sfcred render` and `n8n import:credentials`, so that n8n gets the spec's consent"  # fmt: skip


def test_an_id_that_could_be_a_command_is_no_next_step(specs: Specs, n8n: N8n) -> None:
    odd = "x; rm -rf ~"
    n8n.entries[odd] = {"id": odd, "name": "Old", "type": "salesforceJwtApi", "updatedAt": ""}
    assert all("rm -rf" not in one["next_step"] for one in specs.diff("--n8n", URL))


# -- what an update leaves behind


def test_a_my_domain_that_the_spec_no_longer_has_goes_from_n8n(specs: Specs, n8n: N8n) -> None:
    """IsPartialData merges: a field that isn't sent stays."""
    specs.push()
    specs.write("my_domain: null\n")
    specs.push()
    (update,) = n8n.sent("PATCH")
    assert update["data"]["myDomainUrl"] == ""


def test_an_n8n_without_the_field_is_not_asked_to_clear_it(specs: Specs, n8n: N8n) -> None:
    specs.write("my_domain: null\n")
    specs.push()
    n8n.unknown_fields = ("myDomainUrl",)
    specs.write("my_domain: null\nn8n: {name: Another}\n")
    assert "done: update" in specs.push()
    first, second = n8n.sent("PATCH")
    assert "myDomainUrl" in first["data"]
    assert "myDomainUrl" not in second["data"]


def test_what_n8n_refused_is_not_remembered_as_written(specs: Specs, n8n: N8n) -> None:
    """An n8n that knows neither field refuses both in turn, and is asked again next time."""
    n8n.unknown_fields, n8n.limits_hosts = ("myDomainUrl",), False
    specs.write("my_domain: null\n")
    specs.push()
    specs.write("my_domain: null\nn8n: {name: Another}\n")
    out = specs.push()
    assert "done: update" in out
    assert "note: this n8n's API doesn't accept Allowed HTTP Request Domains" in out
    assert set(n8n.sent("PATCH")[-1]["data"]) == {
        "environment",
        "clientId",
        "username",
        "privateKey",
    }
    (one,) = json.loads(state_file().read_text(encoding="utf-8"))["instances"][URL].values()
    assert "allowedHttpRequestDomains" not in {**one["digests"], **one["values"]}
    assert "allowedHttpRequestDomains: `all` -> `none`" in specs.push("--dry-run")
