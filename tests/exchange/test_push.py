"""`sfcred push` and `sfcred diff --n8n`, against recorded shapes of n8n's API, old and new."""

import json
from collections.abc import Callable
from pathlib import Path
from unittest.mock import Mock

import httpx
import pytest
from pydantic import SecretStr
from pytest_httpx import HTTPXMock

from sfcred.exchange.address import read_address
from sfcred.exchange.n8n_api import Api
from tests.conftest import Outcome
from tests.helpers.n8n_api import API_KEY, URL, N8n
from tests.helpers.project import CONSUMER_KEY, CONSUMER_SECRET, REFRESH_TOKEN, Project
from tests.helpers.systems import has_mode, needs_posix

Run = Callable[..., Outcome]
JWT_ID = "acmeCrm000000001"
OAUTH2 = 'name: acme-oauth\nn8n: {id: oauth1, name: Acme OAuth, version: "2.41.1"}\napp: {type: connected_app, scopes: [full, api, refresh_token]}\n'


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tenacity.nap.time.sleep", lambda _seconds: None)


@pytest.fixture
def n8n(httpx_mock: HTTPXMock, monkeypatch: pytest.MonkeyPatch) -> N8n:
    monkeypatch.setenv("N8N_API_KEY", API_KEY)
    return N8n(httpx_mock)


@pytest.fixture
def push(project: Project, run: Run) -> Callable[..., Outcome]:
    """Push two specs, and assert that no secret is printed."""
    project.credential("n8n: {version: '2.41.1'}\n", "jwt", "specs/a.yaml")
    project.credential(OAUTH2, "oauth2", "specs/b.yaml")
    project.material("specs/acme.key", "rsa-2048")
    project.material("specs/acme.crt", "certificate")

    def call(*options: str) -> Outcome:
        done = run("push", "specs", "--n8n", URL, "--no-check", *(options or ("--yes",)))
        body = project.workshop.text("rsa-2048").splitlines()[1]
        for secret in (API_KEY, CONSUMER_KEY, CONSUMER_SECRET, REFRESH_TOKEN, body):
            assert secret not in done.out + done.err
        return done

    return call


Push = Callable[..., Outcome]


def test_create_then_nothing_then_update(push: Push, n8n: N8n) -> None:
    done = push()
    assert done.status == 0, done
    assert "done: create acme-crm" in done.out
    assert "ends n8n's session" not in done.out
    assert set(n8n.entries) == {JWT_ID, "oauth1"}
    oauth2 = n8n.sent("POST")[1]
    assert oauth2["data"]["oauthTokenData"]["refresh_token"] == REFRESH_TOKEN
    fields = {"environment", "clientId", "clientSecret", "oauthTokenData"}
    assert set(oauth2["data"]) == {*fields, "allowedHttpRequestDomains"}

    n8n.bodies.clear()
    done = push()
    assert done.out.count("unchanged") == 2
    assert {method for method, _body in n8n.bodies} == {"GET"}

    Path("specs/b.yaml").write_text(
        Path("specs/b.yaml").read_text(encoding="utf-8").replace("Acme OAuth", "New"),
        encoding="utf-8",
    )
    done = push()
    assert "done: update acme-oauth" in done.out
    assert "ends n8n's session" not in done.out
    (update,) = n8n.sent("PATCH")
    assert update["isPartialData"] is True
    assert "oauthTokenData" not in update["data"]


def test_a_renewed_consent_is_sent(push: Push, n8n: N8n, project: Project) -> None:
    push()
    project.monkeypatch.setenv("ACME_REFRESH_TOKEN", "5Aep861" + "renewed.Token" * 5)
    done = push()
    assert "update     acme-oauth (with its consent)" in done.out
    (update,) = n8n.sent("PATCH")
    assert update["data"]["oauthTokenData"]["refresh_token"].startswith("5Aep861renewed")


def test_the_state_is_the_owner_s_and_holds_no_secret(push: Push, n8n: N8n) -> None:
    push()
    path = Path(".sfcred/state.json") if Path(".sfcred").exists() else Path("specs/.sfcred/state.json")  # fmt: skip
    assert has_mode(path, 0o600)
    for secret in (API_KEY, CONSUMER_KEY, CONSUMER_SECRET, REFRESH_TOKEN, "BEGIN"):
        assert secret not in path.read_text(encoding="utf-8")


def test_a_dry_run_sends_nothing(push: Push, n8n: N8n) -> None:
    done = push("--dry-run")
    assert done.status == 0
    assert done.out.count("create") == 2
    assert {method for method, _body in n8n.bodies} == {"GET"}


def test_without_a_terminal_yes_is_needed(push: Push, n8n: N8n, project: Project, run: Run) -> None:
    done = run("push", "specs", "--n8n", URL, "--no-check")
    assert (done.status, "--yes" in done.err) == (2, True)
    assert not n8n.sent("POST")


# -- versions


@pytest.mark.parametrize(
    "needs",
    [
        (),
        ("sendAdditionalBodyProperties", "additionalBodyProperties"),
        ("serverUrl", "sendAdditionalBodyProperties", "additionalBodyProperties"),
    ],
)
def test_each_dialect_of_oauth2(push: Push, n8n: N8n, needs: tuple[str, ...]) -> None:
    n8n.needs = needs
    assert push().status == 0
    accepted = n8n.sent("POST")[-1]
    assert set(needs) <= set(accepted["data"])
    assert len(accepted["data"]) == 5 + len(needs)


def test_an_api_without_allowed_domains_is_told(push: Push, n8n: N8n) -> None:
    n8n.limits_hosts = False
    done = push()
    assert done.status == 0, done
    assert done.out.count("note: this n8n's API doesn't accept Allowed HTTP Request Domains") == 2
    assert len(n8n.entries) == 2
    assert all("allowedDomains" not in body["data"] for body in n8n.sent("POST"))
    again = push()  # it isn't forgotten
    assert again.out.count("note: this n8n's API") == 2
    n8n.limits_hosts = True
    assert "note:" not in push().out
    assert "unchanged" in push().out


def test_before_2_41_ids_are_n8n_s_and_remembered(push: Push, n8n: N8n) -> None:
    n8n.takes_id = False
    push()
    assert set(n8n.entries) == {"made0", "made1"}
    assert push().out.count("unchanged") == 2


def test_before_2_8_it_goes_by_its_own_notes(push: Push, n8n: N8n) -> None:
    n8n.lists = n8n.takes_id = False
    done = push()
    assert "can't list its credentials" in done.out
    assert done.status == 0
    assert push().out.count("unchanged") == 2


def test_where_it_can_t_update_the_way_that_works_is_named(push: Push, n8n: N8n) -> None:
    push()
    n8n.patches = False
    n8n.entries[JWT_ID]["name"] = "Renamed"
    done = push()
    assert done.status == 1
    assert "import:credentials" in done.err


def test_into_a_project(push: Push, n8n: N8n) -> None:
    assert push("--yes", "--project", "P1").status == 0
    assert {body["projectId"] for body in n8n.sent("POST")} == {"P1"}
    assert not n8n.sent("PUT")


def test_into_a_project_before_2_17(push: Push, n8n: N8n) -> None:
    n8n.takes_project = False
    assert push("--yes", "--project", "P1").status == 0
    assert n8n.sent("PUT") == [{"destinationProjectId": "P1"}] * 2


def test_hidden_fields_are_refused_before_anything_is_sent(
    push: Push, n8n: N8n, project: Project
) -> None:
    project.credential(OAUTH2.replace("2.41.1", "2.40.5"), "oauth2", "specs/b.yaml")
    done = push()
    assert done.status == 1
    assert "refused    acme-oauth: n8n's API doesn't accept authUrl and accessTokenUrl" in done.out
    assert [body["name"] for body in n8n.sent("POST")] == ["Acme CRM"]


def test_errors_in_specs_come_first(push: Push, n8n: N8n, run: Run, project: Project) -> None:
    project.credential("my_domain: https://x.lightning.force.com\n", "jwt", "specs/a.yaml")
    done = run("push", "specs", "--n8n", URL, "--yes")
    assert done.status == 1
    assert "SFC104" in done.err
    assert n8n.bodies == []


# -- n8n's refusals


@pytest.fixture
def answers(
    push: Push, httpx_mock: HTTPXMock, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Outcome]:
    monkeypatch.setenv("N8N_API_KEY", API_KEY)

    def call(*replies: httpx.Response | Exception) -> Outcome:
        left = list(replies)

        def reply(_request: httpx.Request) -> httpx.Response:
            one = left.pop(0) if len(left) > 1 else left[0]
            if isinstance(one, Exception):
                raise one
            return one

        httpx_mock.add_callback(reply, is_reusable=True)
        return push()

    return call


def said(status: int, message: str = "no") -> httpx.Response:
    return httpx.Response(status, json={"message": message})


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (said(401, "Unauthorized"), "API key is wrong or expired"),
        (said(403, "Forbidden"), "lacks the scope credential:list"),
        (said(500), "HTTP 500"),
        (httpx.Response(200, html="<h1>Log in</h1>"), "got a web page"),
        (httpx.Response(302, headers={"location": "https://login.example"}), "HTTP 302"),
        (httpx.Response(200, content=b"[" * 100_000), "got a web page"),
        (httpx.ConnectError("x"), "nothing listens there"),
        (said(429), "Try again in a minute"),
    ],
)
def test_refusals_are_told_with_what_to_do(
    answers: Callable[..., Outcome], reply: httpx.Response | Exception, words: str
) -> None:
    done = answers(reply)
    assert done.status == 4
    assert words in done.err
    assert "Traceback" not in done.err


def test_a_read_is_repeated_a_write_is_not(
    answers: Callable[..., Outcome], httpx_mock: HTTPXMock
) -> None:
    empty = httpx.Response(200, json={"data": [], "nextCursor": None})
    done = answers(said(503), httpx.ReadTimeout("x"), empty, said(500))
    assert done.status == 1
    assert [request.method for request in httpx_mock.get_requests()] == ["GET"] * 3 + ["POST"]
    assert "failed: create acme-crm" in done.err
    assert "not attempted: acme-oauth" in done.err


def test_a_scope_that_is_missing_for_writing(answers: Callable[..., Outcome]) -> None:
    empty = httpx.Response(200, json={"data": [], "nextCursor": None})
    assert "lacks the scope credential:create" in answers(empty, said(403)).err


def test_an_id_that_is_taken(answers: Callable[..., Outcome]) -> None:
    empty = httpx.Response(200, json={"data": [], "nextCursor": None})
    done = answers(empty, said(409, "A credential with this ID already exists"))
    assert "has no access to it" in done.err


# -- addresses


@pytest.mark.parametrize(
    "url",
    [
        "http://n8n.acme.com",
        "ftp://n8n.acme.com",
        "n8n.acme.com",
        "https://user:x@n8n.acme.com",
        "",
    ],
)
def test_secrets_go_over_https_or_stay_here(push: Push, n8n: N8n, run: Run, url: str) -> None:
    done = run("push", "specs", "--n8n", url, "--yes", "--no-check")
    assert done.status == 2
    assert n8n.bodies == []


def test_the_address_never_comes_from_a_spec(push: Push, n8n: N8n, run: Run) -> None:
    done = run("push", "specs", "--yes", "--no-check")
    assert done.status == 2
    assert "never comes from a spec" in done.err


def test_a_key_is_needed(push: Push, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("N8N_API_KEY", raising=False)
    done = run("push", "specs", "--n8n", URL, "--yes")
    assert (done.status, "credential:create" in done.err) == (2, True)


def test_a_state_that_is_none(push: Push, n8n: N8n) -> None:
    for root in (Path(), Path("specs")):
        (root / ".sfcred").mkdir()
        (root / ".sfcred/state.json").write_text('{"version": 1, "key": "zz"}', encoding="utf-8")
    done = push()
    assert (done.status, "Delete it" in done.err) == (2, True)


# -- drift over the API


def test_diff_says_what_it_could_and_could_not_compare(push: Push, n8n: N8n, run: Run) -> None:
    def states() -> dict[str, str]:
        done = run("diff", "specs", "--n8n", URL, "--format", "json")
        return {
            entry["credential"] or entry["name"]: entry["state"]
            for entry in json.loads(done.out)["credentials"]
        }

    n8n.entries["x"] = {"id": "x", "name": "Old", "type": "salesforceJwtApi", "updatedAt": "t"}
    n8n.entries["y"] = {"id": "y", "name": "Slack", "type": "slackApi", "updatedAt": "t"}
    assert states() == {"acme-crm": "missing", "acme-oauth": "missing", "Old": "unknown"}
    push()
    assert states() == {"acme-crm": "same", "acme-oauth": "same", "Old": "unknown"}
    n8n.entries[JWT_ID]["updatedAt"] = "later"
    assert states()["acme-crm"] == "not_compared"
    n8n.entries[JWT_ID]["name"] = "Renamed"
    assert states()["acme-crm"] == "changed"


def test_diff_needs_one_of_the_two(push: Push, run: Run) -> None:
    assert run("diff", "specs").status == 2
    assert run("diff", "specs", "--n8n", URL, "--export", "x.json").status == 2


# -- which answers are asked for again, and what is said of each


@pytest.mark.parametrize(
    ("status", "reads", "writes"),
    [
        (429, 4, 4), (503, 4, 4), (502, 4, 1), (504, 4, 1), (500, 1, 1), (401, 1, 1), (409, 1, 1),
    ],
)  # fmt: skip
def test_only_what_may_pass_is_tried_again(
    answers: Callable[..., Outcome], httpx_mock: HTTPXMock, status: int, reads: int, writes: int
) -> None:
    answers(said(status))
    assert [request.method for request in httpx_mock.get_requests()] == ["GET"] * reads
    empty = httpx.Response(200, json={"data": [], "nextCursor": None})
    httpx_mock.reset()
    answers(empty, said(status))
    assert [r.method for r in httpx_mock.get_requests()] == ["GET"] + ["POST"] * writes


def test_a_write_that_nobody_answered_is_not_sent_again(
    answers: Callable[..., Outcome], httpx_mock: HTTPXMock
) -> None:
    empty = httpx.Response(200, json={"data": [], "nextCursor": None})
    answers(empty, httpx.ReadTimeout("x"))
    assert [request.method for request in httpx_mock.get_requests()] == ["GET", "POST"]


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, "Create a new one"),
        (403, "lacks the scope credential:create"),
        (404, "this n8n is too old"),
        (405, "over the API"),
        (409, "has no access to it"),
        (500, "Check n8n's log"),
        (307, "doesn't follow redirects"),
    ],
)
def test_what_to_do_when_a_write_is_refused(
    answers: Callable[..., Outcome], status: int, words: str
) -> None:
    empty = httpx.Response(200, json={"data": [], "nextCursor": None})
    assert words in answers(empty, said(status)).err


def test_a_refusal_that_repeats_what_was_sent_is_told_without_it(
    project: Project, push: Push, answers: Callable[..., Outcome], httpx_mock: HTTPXMock
) -> None:
    """Values without a secret's shape: only that they were sent tells what they are."""
    values = {"ACME_CLIENT_ID": "3MVG9.short", "ACME_CLIENT_SECRET": "Kw9v.Qx3z"}
    for name, value in values.items():
        project.monkeypatch.setenv(name, value)
    Path("specs/a.yaml").unlink()
    empty = httpx.Response(200, json={"data": [], "nextCursor": None})
    done = answers(empty, said(500, f"odd: {' '.join(values.values())} and {API_KEY}"))
    assert "odd: " in done.err
    for value in (*values.values(), API_KEY):
        assert value not in done.out + done.err


def test_a_consent_that_was_renewed_is_no_change_of_the_spec(
    push: Push, n8n: N8n, project: Project, run: Run
) -> None:
    push()
    project.monkeypatch.setenv("ACME_REFRESH_TOKEN", "5Aep861" + "renewed.Token" * 5)

    def changed() -> dict[str, list[str]]:
        done = run("diff", "specs", "--n8n", URL, "--format", "json")
        found = json.loads(done.out)["credentials"]
        return {one["credential"]: one["fields"] for one in found if one["state"] == "changed"}

    assert changed() == {}
    project.monkeypatch.setenv("ACME_CLIENT_SECRET", "other" * 8)
    assert changed() == {"acme-oauth": ["clientSecret"]}


def test_what_was_pushed_from_here_is_no_namesake_to_adopt(push: Push, n8n: N8n) -> None:
    """A spec that gets another id: its own old credential has its name and type."""
    push()
    text = Path("specs/a.yaml").read_text(encoding="utf-8")
    Path("specs/a.yaml").write_text(text.replace(JWT_ID, "anotherId1"), encoding="utf-8")
    assert "--adopt" not in push("--dry-run").out
    n8n.entries["strange1"] = {**n8n.entries[JWT_ID], "id": "strange1"}
    assert "--adopt strange1" in push("--dry-run").out
    n8n.entries["strange1"]["type"] = "salesforceOAuth2Api"
    assert "--adopt" not in push("--dry-run").out
    n8n.entries["strange1"] = {**n8n.entries[JWT_ID], "id": "strange1", "name": "Other"}
    assert "--adopt" not in push("--dry-run").out


@pytest.mark.parametrize(("updated", "words"), [("2026-01-01", "`2026-01-01`"), ("", "at an unknown time")])  # fmt: skip
def test_when_n8n_last_changed_it(push: Push, n8n: N8n, updated: str, words: str) -> None:
    n8n.entries[JWT_ID] = {"id": JWT_ID, "name": "x", "type": "salesforceJwtApi", "updatedAt": updated}  # fmt: skip
    done = push("--dry-run", "--adopt", JWT_ID)
    assert f"last changed {words}" in done.out


@needs_posix
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660])
def test_a_state_that_others_may_read_is_refused(push: Push, n8n: N8n, mode: int) -> None:
    push()
    (state,) = Path().rglob(".sfcred/state.json")
    state.chmod(mode)
    n8n.bodies.clear()
    done = push()
    assert done.status == 2
    assert str(state.name) in done.err
    assert n8n.bodies == []


def test_certificate_authorities_are_read_once(
    httpx_mock: HTTPXMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading them takes longer than the call itself."""
    answer = {"id": "a" * 16, "name": "x", "type": "y"}
    httpx_mock.add_response(json=answer, is_reusable=True)
    read = Mock(wraps=httpx.create_ssl_context)
    monkeypatch.setattr(httpx, "create_ssl_context", read)
    api = Api(read_address("https://n8n.acme.com"), SecretStr("k"), Path())
    for _ in range(3):
        api.update("a" * 16, {"name": "x"})
    assert read.call_count == 1


@pytest.mark.parametrize("option", ["--project", "--adopt"])
def test_an_empty_id_is_a_script_s_mistake(project: Project, run: Run, option: str) -> None:
    done = run("push", project.credential(), "--n8n", URL, option, "")
    assert done.status == 2
    assert "the value is empty" in done.err


def test_what_has_no_spec_any_more_is_told_and_stays(push: Push, n8n: N8n, run: Run) -> None:
    Path("sfcred.toml").write_text('paths = ["specs"]\n', encoding="utf-8")
    assert "\nleft " not in push().out
    Path("specs/b.yaml").unlink()
    said = (
        "left       `Acme OAuth` (id `oauth1`): pushed from here, still in n8n, and no spec "
        "declares it; to remove it, delete it in n8n's list of credentials\n"
    )
    done = push()
    assert done.status == 0
    assert said in done.out
    assert "oauth1" in n8n.entries
    assert said in push("--dry-run").out
    assert not n8n.sent("DELETE")
    assert said in run("push", "acme-crm", "--n8n", URL, "--no-check", "--dry-run").out
    del n8n.entries["oauth1"]
    assert "\nleft " not in push().out


def test_what_a_push_leaves_out_has_a_spec(push: Push, n8n: N8n, run: Run) -> None:
    Path("sfcred.toml").write_text('paths = ["specs"]\n', encoding="utf-8")
    push()
    assert "\nleft " not in run("push", "acme-crm", "--n8n", URL, "--no-check", "--yes").out
    assert "\nleft " not in run("push", "specs/a.yaml", "--n8n", URL, "--no-check", "--yes").out
    n8n.entries["strange1"] = {**n8n.entries[JWT_ID], "id": "strange1"}
    assert "\nleft " not in push().out
    Path("elsewhere").mkdir()
    Path("specs/a.yaml").rename("elsewhere/a.yaml")
    assert "\nleft " not in run("push", "elsewhere", "--n8n", URL, "--no-check", "--dry-run").out
    Path("elsewhere/a.yaml").rename("specs/a.yaml")
    Path("specs/b.yaml").write_text("kind: sfcred\nname: [", encoding="utf-8")
    assert "\nleft " not in run("push", "specs/a.yaml", "--n8n", URL, "--no-check", "--yes").out


def test_a_credential_with_another_id_leaves_the_old_one(push: Push, n8n: N8n) -> None:
    Path("sfcred.toml").write_text('paths = ["specs"]\n', encoding="utf-8")
    push()
    text = Path("specs/a.yaml").read_text(encoding="utf-8")
    Path("specs/a.yaml").write_text(text.replace(JWT_ID, "anotherId1"), encoding="utf-8")
    assert f"(id `{JWT_ID}`): pushed from here" in push().out


def test_an_id_that_n8n_chose_belongs_to_its_spec(push: Push, n8n: N8n) -> None:
    Path("sfcred.toml").write_text('paths = ["specs"]\n', encoding="utf-8")
    n8n.takes_id = False
    push()
    chosen = next(one for one, entry in n8n.entries.items() if entry["name"] == "Acme OAuth")
    assert chosen != "oauth1"
    assert "\nleft " not in push().out
    Path("specs/b.yaml").unlink()
    assert f"left       `Acme OAuth` (id `{chosen}`)" in push().out
