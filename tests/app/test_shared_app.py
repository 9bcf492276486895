"""Two credentials of one org that mean the same app: the later deployment overwrites the first."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Outcome
from tests.helpers.project import Project

Run = Callable[..., Outcome]
SECOND = "name: acme-erp\nn8n: {id: acmeErp000000001, name: Acme ERP}\n"
AS_IT_IS = "app: {}\n"


def pair(project: Project, second: str, base: str = "jwt", first: str = AS_IT_IS) -> Path:
    return project.credential(f"{first}---\n{SECOND}{second}", base)


def clashes(run: Run, path: Path) -> list[str]:
    report = json.loads(run("doctor", path, "--format", "json").out)
    assert report.get("crashed", []) == []
    return [one["message"] for one in report["findings"] if one["check"] == "SFC614"]


@pytest.mark.parametrize(
    ("base", "second", "word"),
    [
        ("jwt", "app: {scopes: [api]}\n", "scopes"),
        ("jwt", "app: {label: N8N}\n", "label"),
        ("jwt", "app: {label: Another, api_name: N8n, scopes: [api]}\n", "scopes"),
        ("jwt", "app: {permission_sets: [Another]}\n", "permission_sets"),
        ("jwt", "app: {refresh_token_policy: {inactivity: 90d}}\n", "refresh_token_policy"),
        ("jwt", "app: {refresh_token_idle_limit: true}\n", "refresh_token_idle_limit"),
        ("jwt", "jwt: {certificate: other.crt}\n", "certificate"),
        ("jwt", "app: {type: null, scopes: [api]}\n", "scopes"),
        ("oauth2", "app: {callback_urls: [https://b.acme.com/cb]}\n", "callback_urls"),
        ("client_credentials", "client_credentials: {run_as: b@acme.com.uat}\n", "run_as"),
        ("jwt", "client_id: 3MVG9another.Key.Of.The.Same.Org.00000000000000000000\n", "client_id"),
    ],
)
def test_the_difference_is_named(
    project: Project, run: Run, base: str, second: str, word: str
) -> None:
    Path("other.crt").write_text(project.workshop.text("certificate-other"), encoding="utf-8")
    first = AS_IT_IS
    if word == "client_id":
        first = "client_id: 3MVG9one.Key.Of.The.Same.Org.0000000000000000000000\n"
    (message,) = clashes(run, pair(project, second, base, first))
    assert "acme-crm" in message
    assert word in message.partition("differs in ")[2].partition(":")[0].split(", ")


@pytest.mark.parametrize(
    "second",
    [
        AS_IT_IS,
        "description: Another\n",
        "app: {scopes: [refresh_token, api]}\n",
        "app: {scopes: [api, offline_access], permission_sets: [{name: n8n_Integration, label: n8n}]}\n",
        "app: {refresh_token_idle_limit: false, named_user_jwt: false, logo_url: null}\n",
        "app: {label: n8n ERP, scopes: [api]}\n",
        "app: {type: connected_app, scopes: [api]}\n",
        "app: null\n",
        "jwt: {certificate: gone.crt}\n",  # it can be the same one
        "my_domain: https://acme--dev.sandbox.my.salesforce.com\napp: {scopes: [api]}\n",
    ],
)
def test_what_does_not_overwrite(project: Project, run: Run, second: str) -> None:
    assert clashes(run, pair(project, second)) == []


def test_the_org_s_id_tells_the_org_too(project: Project, run: Run) -> None:
    """Without a My Domain, only the id says that two credentials are for one org."""
    one, same = "00D000000000001EAA", "00D000000000001"
    first = f"my_domain: null\napp: {{org_id: {one}}}\n"
    path = pair(project, f"my_domain: null\napp: {{org_id: {same}, scopes: [api]}}\n", "jwt", first)
    assert len(clashes(run, path)) == 1
    path = pair(project, "my_domain: null\napp: {scopes: [api]}\n", "jwt", "my_domain: null\n")
    assert clashes(run, path) == []


def test_profiles_of_one_org(project: Project, run: Run) -> None:
    profiles = (
        "profiles:\n  a: {}\n  b: {app: {scopes: [api]}}\n  c: {n8n: {url: https://b.acme.com}}\n"
    )
    (message,) = clashes(run, project.credential(profiles))
    assert "acme-crm [a]" in message


def test_the_name_that_sfcred_gives_is_compared_too(project: Project, run: Run) -> None:
    """Specs without a label mean the app n8n."""
    path = pair(project, "app: {label: null, scopes: [api]}\n", "jwt", "app: {label: null}\n")
    assert len(clashes(run, path)) == 1


def test_app_warns_before_it_is_deployed(project: Project, run: Run) -> None:
    done = run("app", pair(project, "app: {scopes: [api]}\n"), "-o", "out")
    assert (done.status, "overwrites that of acme-crm" in done.err) == (0, True)
    assert "scopes" in done.err
    done = run("app", pair(project, AS_IT_IS), "-o", "same")
    assert (done.status, "overwrites" in done.err) == (0, False)


KEYS = [f"3MVG9{sign}ZZkQ7xPwL0vN5mTaZ3kQ7xPwL0vN5mTaZ3kQ7xPwL0vN5mTaZ3kQ7xP" for sign in "ab"]


@pytest.mark.parametrize("named", ["", "label: n8n, "])
def test_two_keys_without_a_name_are_two_apps(project: Project, run: Run, named: str) -> None:
    """Nothing says that it is one app, until `sfcred app` gives both the same name."""
    label = named or "label: null, "
    first = f"client_id: {KEYS[0]}\napp: {{{label}ip_relaxation: bypass}}\n"
    second = f"client_id: {KEYS[1]}\napp: {{{label}scopes: [api]}}\n"
    assert len(clashes(run, pair(project, second, "jwt", first))) == (1 if named else 0)
    done = run("app", "acme.yaml", "-o", "salesforce")
    assert "overwrites that of acme-crm" in " ".join((done.out + done.err).split())


def test_keys_that_cannot_be_compared_without_a_name(project: Project, run: Run) -> None:
    """As `sfcred import` writes them: the keys are in files, and the section has only scopes."""
    for name in ("one", "two"):
        Path(name).write_text(KEYS[0 if name == "one" else 1], encoding="utf-8")
        Path(name).chmod(0o600)
    path = pair(
        project,
        "client_id: {file: two}\napp: {label: null, scopes: [api]}\n",
        "client_credentials",
        "client_id: {file: one}\napp: {label: null}\n",
    )
    assert clashes(run, path) == []
