"""n8n Cloud: no command offers an import or an overwrite, and each names what works there."""

import re
from collections.abc import Callable

import pytest
from pytest_httpx import HTTPXMock

from tests.conftest import Outcome
from tests.helpers.n8n_api import API_KEY, N8n
from tests.helpers.project import Project

Run = Callable[..., Outcome]
WORKSPACE = "https://acme.app.n8n.cloud"
CALLBACKS = f"callback_urls: [https://oauth.n8n.cloud/oauth2/callback, {WORKSPACE}/rest/oauth2-credential/callback]"
NOT_THERE = re.compile(r"import:credentials|OVERWRITE|n8n-overwrite|--merge-from|import the result")


def cloud(version: str, more: str = "") -> str:
    there = f"deployment: cloud, url: {WORKSPACE}"
    known = f'"{version}"' if version else "null"
    return f"n8n: {{{there}, version: {known}}}\napp: {{type: connected_app, scopes: [full, api, refresh_token], {CALLBACKS}}}\n{more}"


CREDENTIALS = [
    ("jwt", ""),
    ("oauth2", ""),
    ("oauth2", "oauth2: {refresh_token: null}\n"),
    ("oauth2", "oauth2: {refresh_token: null}\nmy_domain: null\n"),
]


@pytest.mark.parametrize("version", ["", "2.40.5", "2.41.1"])
@pytest.mark.parametrize(("flow", "more"), CREDENTIALS)
def test_nothing_offers_what_n8n_cloud_lacks(
    project: Project,
    run: Run,
    httpx_mock: HTTPXMock,
    monkeypatch: pytest.MonkeyPatch,
    flow: str,
    more: str,
    version: str,
) -> None:
    monkeypatch.setenv("N8N_API_KEY", API_KEY)
    n8n = N8n(httpx_mock)
    n8n.entries["x"] = {"id": "x", "name": "Old", "type": "salesforceJwtApi", "updatedAt": "t"}
    spec = project.credential(cloud(version, more), flow)
    commands = [
        ("doctor", spec),
        ("doctor", spec, "--verbose"),
        ("guide", spec),
        ("render", spec, "--no-check", "-o", "out.json"),
        ("push", spec, "--no-check", "--dry-run", "--n8n", WORKSPACE),
        ("push", spec, "--no-check", "--yes", "--n8n", WORKSPACE),
        ("diff", spec, "--n8n", WORKSPACE),
    ]
    for command in commands:
        done = run(*command)
        said = done.out + done.err
        assert not NOT_THERE.search(said), (command, said)
    n8n.patches = n8n.lists = False
    adopt = ("--adopt", "acmeCrm000000001")
    done = run("push", spec, "--no-check", "--yes", "--n8n", WORKSPACE, *adopt)
    assert not NOT_THERE.search(done.out + done.err), done


def test_render_leads_to_push(project: Project, run: Run) -> None:
    done = run("render", project.credential(cloud("2.41.1")), "-o", "out.json")
    assert "next: sfcred push acme.yaml --n8n https://NAME.app.n8n.cloud" in done.err
    assert "delete out.json" in done.err


@pytest.mark.parametrize(("chosen", "option"), [([], ""), (["--profile", "uat"], " --profile uat")])
def test_the_next_push_has_the_profile_that_was_chosen(
    project: Project, run: Run, chosen: list[str], option: str
) -> None:
    two = "profiles: {dev: {n8n: {id: a}}, uat: {n8n: {id: b}}}\n"
    spec = project.credential(cloud("2.41.1") + two)
    done = run("render", spec, "-o", "out.json", "--force", *chosen)
    assert f"next: sfcred push acme.yaml{option} --n8n https://NAME.app.n8n.cloud" in done.err


@pytest.mark.parametrize("version", ["", "2.40.5"])
def test_render_writes_no_secrets_that_have_no_way_in(
    project: Project, run: Run, version: str
) -> None:
    spec = project.credential(cloud(version), "oauth2")
    done = run("render", spec, "-o", "other.json", "--no-check")
    assert done.status == 1
    assert "se the JWT flow" in done.err
    assert "sfcred push" not in done.err
    assert not (project.folder / "other.json").exists()


def test_the_address_of_the_workspace_never_comes_from_a_spec(project: Project, run: Run) -> None:
    spec = project.credential(cloud("2.41.1").replace("acme.app", "evil.app"))
    done = run("render", spec, "-o", "out.json")
    assert "evil" not in done.out + done.err
    assert "--n8n https://evil" not in run("guide", spec).out


def test_an_overwrite_for_n8n_cloud_is_refused(project: Project, run: Run) -> None:
    spec = project.credential(cloud("2.41.1"), "oauth2")
    done = run("render", spec, "--target", "n8n-overwrite")
    assert (done.status, "JWT flow" in done.err) == (1, True), done


def test_push_names_the_way_by_where_the_specs_and_the_target_are(
    project: Project, run: Run, httpx_mock: HTTPXMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("N8N_API_KEY", API_KEY)
    N8n(httpx_mock)
    spec = project.credential('n8n: {version: "2.40.5"}\n', "oauth2")

    def refusal(target: str) -> str:
        return run("push", spec, "--no-check", "--dry-run", "--n8n", target).out

    assert "use `sfcred render` and `n8n import:credentials`" in refusal("https://n8n.acme.com")
    assert "use the JWT flow" in refusal(WORKSPACE)
    project.credential("n8n: {version: null}\n", "oauth2")
    assert "set n8n.version if it is 2.41.0 or later, or use the JWT flow" in refusal(WORKSPACE)


@pytest.mark.parametrize(
    ("fragment", "found"),
    [
        (cloud("2.40.5"), True),
        (cloud("2.41.1"), True),
        (cloud("2.40.5", "my_domain: null\n"), False),
        ('n8n: {version: "2.40.5"}\n', False),
    ],
)
def test_my_domain_for_oauth2_works_in_no_version_of_n8n_cloud(
    project: Project, run: Run, fragment: str, found: bool
) -> None:
    done = run("doctor", project.credential(fragment, "oauth2"), "--select", "SFC502")
    assert ("n8n Cloud ignores my_domain" in done.out) is found, done


def test_an_import_that_n8n_cloud_lacks_disconnects_nothing(project: Project, run: Run) -> None:
    without = "oauth2: {refresh_token: null}\n"
    done = run("doctor", project.credential(cloud("2.41.1", without), "oauth2"))
    assert "SFC504" not in done.out
    done = run("doctor", project.credential(without, "oauth2"))
    assert "SFC504" in done.out


def test_oauth2_without_my_domain_is_not_told_to_set_it(project: Project, run: Run) -> None:
    """With it, SFC502 would say that n8n Cloud ignores it."""
    spec = project.credential(cloud("2.41.1", "my_domain: null\n"), "oauth2")
    done = run("doctor", spec, "--select", "SFC106")
    assert "SFC106" in done.out
    assert "n8n Cloud logs in at `test.salesforce.com` for OAuth2" in done.out
    assert "Set `my_domain`" not in done.out
    done = run("doctor", project.credential(cloud("2.41.1", "my_domain: null\n")))
    assert "Set `my_domain`" in done.out  # for JWT, it helps


def test_where_n8n_cloud_shows_its_version(project: Project, run: Run) -> None:
    done = run("doctor", project.credential(cloud(""), "oauth2"), "--select", "SFC507")
    assert "Help, About n8n" in done.out
    assert "n8n --version" not in done.out


def test_a_workspace_that_is_declared_as_self_hosted_is_named(project: Project, run: Run) -> None:
    spec = project.credential(
        cloud("2.41.1").replace("deployment: cloud", "deployment: self_hosted")
    )
    done = run("doctor", spec, "--select", "SFC305")
    assert done.status == 1
    assert "n8n.deployment is self_hosted" in done.out
    assert run("render", spec, "-o", "out.json").status == 1


def test_a_wrong_address_leads_to_no_wrong_callback(project: Project, run: Run) -> None:
    page = cloud("2.41.1").replace(f"url: {WORKSPACE}", f"url: {WORKSPACE}/home/workflows")
    text = page.replace(f"{WORKSPACE}/rest/oauth2-credential/callback", "https://x.acme.com/cb")
    done = run("doctor", project.credential(text, "oauth2"), "--select", "SFC304,SFC305")
    assert "follows from this: SFC304" in done.out
    assert "home/workflows/rest" not in done.out
