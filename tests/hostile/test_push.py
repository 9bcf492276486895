"""push and diff --n8n: what a repository, a state or a wrong address could make them write."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pexpect
import pytest
from pytest_httpx import HTTPXMock

from tests.conftest import Outcome
from tests.helpers.n8n_api import API_KEY, URL, N8n
from tests.helpers.project import CONSUMER_KEY, CONSUMER_SECRET, REFRESH_TOKEN, Project
from tests.helpers.systems import has_mode, needs_terminal

Run = Callable[..., Outcome]
Push = Callable[..., Outcome]
JWT_ID = "acmeCrm000000001"
JWT, OAUTH2 = "salesforceJwtApi", "salesforceOAuth2Api"
STATE = Path(".sfcred/state.json")
#: A state that the user names. It needs no seal.
KEPT = Path("../kept/state.json")
OAUTH2_SPEC = 'name: acme-oauth\nn8n: {id: oauth1, name: Acme OAuth, version: "2.41.1"}\napp: {type: connected_app, scopes: [full, api, refresh_token]}\n'
WRITES = {"POST", "PATCH", "PUT"}


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tenacity.nap.time.sleep", lambda _seconds: None)
    monkeypatch.setenv("N8N_API_KEY", API_KEY)


@pytest.fixture
def n8n(httpx_mock: HTTPXMock) -> N8n:
    return N8n(httpx_mock)


@pytest.fixture
def specs(project: Project) -> Project:
    """Create one JWT credential in a git project."""
    Path("sfcred.toml").touch()
    Path(".gitignore").write_text(".sfcred/\nspecs/acme.*\n", encoding="utf-8")
    subprocess.run(["git", "init", "--quiet"], check=True)
    project.credential("n8n: {version: '2.41.1'}\n", "jwt", "specs/a.yaml")
    project.material("specs/acme.key", "rsa-2048")
    project.material("specs/acme.crt", "certificate")
    return project


@pytest.fixture
def push(specs: Project, run: Run) -> Push:
    """Push, and check that no secret is shown and that nothing looks like a bug."""

    def call(*options: object, url: str = URL) -> Outcome:
        given = [str(option) for option in options or ("--yes",)]
        return checked(run("push", "specs", "--n8n", url, "--no-check", *given), specs)

    return call


def checked(done: Outcome, project: Project) -> Outcome:
    body = project.workshop.text("rsa-2048").splitlines()[1]
    for secret in (API_KEY, CONSUMER_KEY, CONSUMER_SECRET, REFRESH_TOKEN, body):
        assert secret not in done.out + done.err
    assert "bug in sfcred" not in done.err
    assert "Traceback" not in done.err
    return done


def stands(n8n: N8n, key: str = JWT_ID, name: str = "Acme CRM", kind: str = JWT) -> dict[str, str]:
    """Put a credential into n8n that somebody else created."""
    entry = {"id": key, "name": name, "type": kind, "updatedAt": "2026-03-04T05:06:07.000Z"}
    n8n.entries[key] = entry
    return dict(entry)


def writes(n8n: N8n) -> list[str]:
    return [method for method, _body in n8n.bodies if method in WRITES]


# -- only the project's own credentials


@pytest.mark.parametrize("options", [("--yes",), ("--yes", "--adopt", JWT_ID), ("--dry-run",)])
def test_another_type_is_never_overwritten(push: Push, n8n: N8n, options: tuple[str, ...]) -> None:
    before = stands(n8n, name="Postgres production", kind="postgres")
    done = push(*options)
    assert done.status == 1
    assert "refused    acme-crm: n8n has a credential of another type" in done.out
    assert "n8n has `Postgres production`: type `postgres`, id `acmeCrm000000001`" in done.out
    assert (writes(n8n), n8n.entries[JWT_ID]) == ([], before)


@pytest.mark.parametrize("name", ["Acme CRM", "A colleague's"])
def test_what_was_not_pushed_from_here_takes_adopt(push: Push, n8n: N8n, name: str) -> None:
    before = stands(n8n, name=name)
    for options in (("--yes",), ("--dry-run",)):
        done = push(*options)
        assert done.status == 1
        assert "refused    acme-crm: n8n has a credential under this id that was not pushed" in done.out  # fmt: skip
        assert f"n8n has `{name}`: type `{JWT}`, id `{JWT_ID}`, last changed `2026-03-04T05:06:07" in done.out  # fmt: skip
        assert "--adopt" in done.out
        assert (writes(n8n), n8n.entries[JWT_ID]) == ([], before)

    done = push("--dry-run", "--adopt", JWT_ID)
    assert (done.status, writes(n8n)) == (0, [])
    assert f"adopt      acme-crm\n           overwrites `{name}`" in done.out

    assert push("--yes", "--adopt", JWT_ID).status == 0
    assert writes(n8n) == ["PATCH"]
    done = push("--yes")  # from now on, it belongs to the project
    assert (done.status, "unchanged  acme-crm" in done.out) == (0, True)
    assert push("--yes", "--adopt", JWT_ID).status == 0  # adopting it again is not an error


def test_a_refusal_keeps_nothing_else_back(push: Push, n8n: N8n, specs: Project) -> None:
    specs.credential(OAUTH2_SPEC, "oauth2", "specs/b.yaml")
    stands(n8n, kind="postgres")
    done = push()
    assert done.status == 1
    assert "done: create acme-oauth" in done.out
    assert writes(n8n) == ["POST"]


def test_an_update_shows_what_it_overwrites_and_sends_no_type(push: Push, n8n: N8n) -> None:
    push()
    n8n.entries[JWT_ID]["name"] = "Renamed by hand"
    done = push("--dry-run")
    assert "update     acme-crm\n           overwrites `Renamed by hand`: type" in done.out
    assert done.out.count("ends n8n's session, so n8n logs in again\n") == 1
    push()
    assert [set(body) for body in n8n.sent("PATCH")] == [{"name", "data", "isPartialData"}]


def test_its_type_changed_in_n8n_since(push: Push, n8n: N8n) -> None:
    push()
    before = stands(n8n, kind="postgres")
    n8n.bodies.clear()
    assert push("--yes", "--adopt", JWT_ID).status == 1
    assert (writes(n8n), n8n.entries[JWT_ID]) == ([], before)


def test_an_id_to_adopt_that_no_spec_has(push: Push, n8n: N8n) -> None:
    stands(n8n, key="other1", name="Other")
    done = push("--yes", "--adopt", "other1")
    assert (done.status, writes(n8n)) == (2, [])
    assert "--adopt other1" in done.err


@pytest.mark.parametrize("key", ["../users", "..", "a/b", "a%2Fb", "a\nb", "x" * 40, "a?b=c", ""])
def test_an_id_that_could_lead_elsewhere(push: Push, n8n: N8n, specs: Project, key: str) -> None:
    specs.credential(f"n8n: {{version: '2.41.1', id: {json.dumps(key)}}}\n", "jwt", "specs/a.yaml")
    if key:
        stands(n8n, key=key)
    done = push("--yes", *(("--adopt", key) if key else ()))
    if key:
        assert done.status in (1, 2)
        assert writes(n8n) == []
    else:  # an empty id counts as none, so one is derived
        assert all(len(body["id"]) == 16 for body in n8n.sent("POST"))


def test_two_specs_for_one_id(push: Push, n8n: N8n, specs: Project) -> None:
    specs.credential("name: second\nn8n: {version: '2.41.1'}\n", "jwt", "specs/b.yaml")
    done = push()
    assert done.status == 1
    assert done.out.count("refused") == 2
    assert done.out.count("the same id in n8n") == 2
    assert writes(n8n) == []


def test_one_of_the_same_name_is_told_and_can_be_taken_over(push: Push, n8n: N8n) -> None:
    n8n.takes_id = False
    stands(n8n, key="made0")
    done = push("--dry-run")
    assert "create     acme-crm: n8n has another one with this name and type, with the id made0" in done.out  # fmt: skip
    assert push("--yes", "--adopt", "made0").status == 0
    assert writes(n8n) == ["PATCH"]
    assert set(n8n.entries) == {"made0"}
    assert "unchanged" in push().out


def test_names_in_n8n_can_t_steer_the_output(push: Push, n8n: N8n) -> None:
    stands(n8n, name="x\n::error::y\x1b[2J\u202e\ndone: create acme-crm")
    done = push("--yes")
    assert "\x1b" not in done.out
    assert "\u202e" not in done.out
    assert not [line for line in done.out.splitlines() if line.startswith(("::", "done:"))]


# -- the terminal


class _Handler(BaseHTTPRequestHandler):
    n8n: N8n

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        host = self.headers["Host"]
        request = httpx.Request(self.command, f"http://{host}{self.path}", headers=dict(self.headers), content=body)  # fmt: skip
        response = self.n8n.answer(request)
        self.send_response(response.status_code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(response.content)))
        self.end_headers()
        self.wfile.write(response.content)

    do_GET = do_POST = do_PATCH = do_PUT = _answer  # noqa: N815 - the server's own names

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as above
        """Log nothing."""


@contextmanager
def serving(n8n: N8n) -> Iterator[str]:
    """Serve an n8n on this machine, for sfcred in a separate process."""
    handler = type("Handler", (_Handler,), {"n8n": n8n})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@needs_terminal
@pytest.mark.parametrize(
    ("answers", "status", "sent"),
    [(("y", "y"), 0, ["PATCH"]), (("y", "n"), 130, []), (("n",), 1, []), (("",), 1, [])],
)
def test_a_person_is_shown_what_would_be_overwritten(
    specs: Project, answers: tuple[str, ...], status: int, sent: list[str]
) -> None:
    n8n = N8n()
    stands(n8n, name="A colleague's")
    with serving(n8n) as url:
        command = ["push", "specs", "--n8n", url, "--no-check"]
        terminal = pexpect.spawn(sys.executable, ["-m", "sfcred", *command], encoding="utf-8", timeout=60, dimensions=(40, 300))  # fmt: skip
        terminal.expect("adopt +acme-crm")
        told = "overwrites `A colleague's`: type `salesforceJwtApi`, id `acmeCrm000000001`, last changed `2026-03-04"  # fmt: skip
        terminal.expect(r"\s+".join(told.split()))  # lines are wrapped
        terminal.expect(r"wasn't\s+pushed\s+from\s+here")
        assert writes(n8n) == []
        for answer in answers:
            terminal.expect(r"\[y/N\]")
            terminal.sendline(answer)
        terminal.expect(pexpect.EOF)
        terminal.close()
    assert (terminal.exitstatus, writes(n8n)) == (status, sent)


@needs_terminal
def test_what_changes_while_a_person_is_asked(specs: Project) -> None:
    n8n = N8n()
    stands(n8n, name="Shown")
    with serving(n8n) as url:
        command = ["push", "specs", "--n8n", url, "--no-check", "--adopt", JWT_ID]
        terminal = pexpect.spawn(sys.executable, ["-m", "sfcred", *command], encoding="utf-8", timeout=60, dimensions=(40, 300))  # fmt: skip
        terminal.expect(r"Apply these changes to http://127.0.0.1:[0-9]+\? \[y/N\]")
        stands(n8n, name="Another one by now")
        terminal.sendline("y")
        terminal.expect("changed since the plan was shown")
        terminal.expect(pexpect.EOF)
        terminal.close()
    assert (terminal.exitstatus, writes(n8n)) == (1, [])


# -- the state


def forged(n8n_id: str = JWT_ID, **changes: object) -> str:
    """Return a state that claims an id for the project, as an attacker would write it."""
    pushed = {"id": n8n_id, "fingerprint": "0" * 64, "updated_at": "", "tokens": ""}
    content = {"version": 1, "key": "ab" * 32, "instances": {URL: {JWT_ID: pushed}}}
    return json.dumps({**content, **changes})


def put_state(text: str, path: Path = STATE) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)
    return path


def tracked() -> None:
    put_state(forged())
    subprocess.run(["git", "add", "--force", STATE], check=True)


def linked_file() -> None:
    put_state(forged(), Path("planted.json"))
    STATE.parent.mkdir()
    STATE.symlink_to("../planted.json")


def dangling_link() -> None:
    STATE.parent.mkdir()
    STATE.symlink_to("../not-yet.json")


def linked_folder() -> None:
    put_state(forged(), Path("planted/state.json"))
    STATE.parent.symlink_to("planted")


def linked_outside() -> None:
    outside = Path.cwd().parent / "outside"
    put_state(forged(), outside / "state.json")
    STATE.parent.symlink_to(outside)


def own_repository() -> None:
    put_state(forged())
    subprocess.run(["git", "init", "--quiet"], cwd=STATE.parent, check=True)


def submodule() -> None:
    put_state(forged())
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@example.com"]
    subprocess.run(["git", "init", "--quiet"], cwd=STATE.parent, check=True)
    subprocess.run(["git", "add", "state.json"], cwd=STATE.parent, check=True)
    subprocess.run([*git, "commit", "--quiet", "-m", "x"], cwd=STATE.parent, check=True)
    subprocess.run(["git", "add", "--force", ".sfcred"], check=True, capture_output=True)


def readable_by_others() -> None:
    put_state(forged()).chmod(0o644)


@pytest.mark.parametrize(
    "plant",
    [
        tracked,
        linked_file,
        dangling_link,
        linked_folder,
        linked_outside,
        own_repository,
        submodule,
        readable_by_others,
    ],
)
@pytest.mark.parametrize("command", ["push", "diff"])
def test_a_state_that_came_with_the_repository(
    specs: Project, run: Run, n8n: N8n, plant: Callable[[], None], command: str
) -> None:
    before = stands(n8n)
    plant()
    options = ("--yes", "--no-check") if command == "push" else ()
    done = checked(run(command, "specs", "--n8n", URL, *options), specs)
    assert done.status == 2, done
    assert "state.json: " in done.err
    assert "--state FILE" in done.err or "chmod 600" in done.err
    assert (writes(n8n), n8n.entries[JWT_ID]) == ([], before)


@pytest.mark.parametrize("way", ["option", "variable"])
def test_a_tracked_state_isn_t_better_under_another_name(
    push: Push, n8n: N8n, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stands(n8n)
    put_state(forged(), Path("ci/state.json"))
    subprocess.run(["git", "add", "ci"], check=True)
    if way == "variable":
        monkeypatch.setenv("SFCRED_STATE", "ci/state.json")
    done = push("--yes", *(("--state", "ci/state.json") if way == "option" else ()))
    assert (done.status, writes(n8n)) == (2, [])
    assert "tracked by git" in done.err


@pytest.mark.parametrize(
    "text",
    [
        forged("../users/me"),
        forged(".."),
        forged("a b"),
        forged("x" * 100),
        forged(key="zz"),
        forged(key=""),
        forged(key="ab"),
        forged(instances=[]),
        forged(instances={URL: {JWT_ID: {"id": {"x": 1}}}}),
        '{"__proto__": {}}',
        "[" * 100_000,
        "",
        "null",
        '{"version": 1' + "0" * 10_000 + "}",
        "\udcff",
    ],
)
def test_a_state_that_is_none(push: Push, n8n: N8n, text: str) -> None:
    stands(n8n)
    put_state("")
    STATE.write_bytes(text.encode("utf-8", "surrogateescape"))
    done = push()
    assert (done.status, writes(n8n)) == (2, [])
    assert "not a state file written by sfcred push" in done.err
    assert "Delete it" in done.err


def test_a_state_that_names_another_type(push: Push, n8n: N8n) -> None:
    before = stands(n8n, key="pg1", name="Postgres production", kind="postgres")
    put_state(forged("pg1"), KEPT)
    done = push("--yes", "--adopt", "pg1", "--state", KEPT)
    assert done.status == 1
    assert "refused    acme-crm: n8n has a credential of another type" in done.out
    assert (writes(n8n), n8n.entries["pg1"]) == ([], before)


def test_a_state_can_t_make_a_change_look_pushed(push: Push, n8n: N8n) -> None:
    stands(n8n)
    put_state(forged(), KEPT)
    assert "update     acme-crm" in push("--dry-run", "--state", KEPT).out


@pytest.mark.parametrize("way", ["option", "variable"])
def test_a_fresh_runner_with_a_state_of_its_own(
    push: Push, n8n: N8n, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = Path.cwd().parent / "kept" / "state of acme.json"
    if way == "variable":
        monkeypatch.setenv("SFCRED_STATE", str(path))
    options = ("--state", path) if way == "option" else ()
    assert push("--yes", *options).status == 0
    assert has_mode(path, 0o600)
    assert not STATE.parent.exists()
    path.chmod(0o644)  # as it would come back from an artifact
    done = push("--yes", *options)
    assert (done.status, "unchanged" in done.out) == (0, True)
    monkeypatch.delenv("SFCRED_STATE", raising=False)
    assert push("--yes").status == 1  # without the state, nothing is known


def test_an_empty_variable_is_no_state(
    push: Push, n8n: N8n, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SFCRED_STATE", "")
    done = push()
    assert (done.status, n8n.bodies) == (2, [])
    assert "SFCRED_STATE is empty" in done.err


@pytest.mark.parametrize("name", ["state", "adopt", "n8n_url"])
@pytest.mark.parametrize("file", ["sfcred.toml", "pyproject.toml"])
def test_a_configuration_file_decides_none_of_it(
    push: Push, n8n: N8n, name: str, file: str
) -> None:
    Path("sfcred.toml").unlink()
    head = "[tool.sfcred]\n" if file == "pyproject.toml" else ""
    Path(file).write_text(f'{head}{name} = "ci/state.json"\n', encoding="utf-8")
    done = push()
    assert (done.status, n8n.bodies) == (2, [])
    if name == "state":
        assert "can't be set in a file, because a pull request could change it" in done.err
        assert "--state" in done.err


# -- two at the same time, and one that ends early


def test_a_push_in_the_middle_of_another(push: Push, n8n: N8n) -> None:
    fcntl = pytest.importorskip("fcntl")
    STATE.parent.mkdir()
    with STATE.with_name("state.json.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = push()
        assert (done.status, writes(n8n)) == (1, [])
        assert "another push" in done.err
    assert push().status == 0


def test_a_state_that_changes_under_the_plan(
    push: Push, n8n: N8n, monkeypatch: pytest.MonkeyPatch
) -> None:
    push("--yes", "--state", KEPT)
    n8n.entries[JWT_ID]["name"] = "Renamed"
    listing = n8n._list

    def meanwhile(*request: Any) -> httpx.Response:
        put_state(forged(), KEPT)
        return listing(*request)

    monkeypatch.setattr(n8n, "_list", meanwhile)
    n8n.bodies.clear()
    done = push("--yes", "--state", KEPT)
    assert (done.status, writes(n8n)) == (1, [])
    assert "changed the state since this plan" in done.err


def test_what_was_done_before_a_failure_is_known(
    push: Push, n8n: N8n, specs: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    specs.credential(OAUTH2_SPEC, "oauth2", "specs/b.yaml")
    creating = n8n._create

    def breaks(request: httpx.Request, body: dict[str, Any]) -> httpx.Response:
        if body["name"] == "Acme OAuth":
            return httpx.Response(500, json={"message": "no"})
        return creating(request, body)

    monkeypatch.setattr(n8n, "_create", breaks)
    assert push().status == 1
    monkeypatch.setattr(n8n, "_create", creating)
    done = push()
    assert done.status == 0, done
    assert "unchanged  acme-crm" in done.out
    assert "done: create acme-oauth" in done.out


def test_what_could_not_be_moved_is_not_created_twice(
    push: Push, n8n: N8n, monkeypatch: pytest.MonkeyPatch
) -> None:
    n8n.takes_project = n8n.takes_id = False
    refusal = httpx.Response(403, json={"message": "Forbidden"})
    monkeypatch.setattr(n8n, "_move", lambda *_request: refusal)
    done = push("--yes", "--project", "P1")
    assert done.status == 1
    assert "it was created, but in the API key owner's personal project" in done.err
    push("--yes", "--project", "P1")
    assert len(n8n.entries) == 1


def test_what_can_t_be_noted_is_told(push: Push, n8n: N8n, monkeypatch: pytest.MonkeyPatch) -> None:
    creating = n8n._create

    def and_then(*request: Any) -> httpx.Response:
        STATE.unlink()
        STATE.mkdir()
        return creating(*request)

    monkeypatch.setattr(n8n, "_create", and_then)
    done = push()
    assert done.status == 3
    assert "acme-crm is in n8n now, but the state can't be written" in done.err
    assert f"--adopt {JWT_ID}" in done.err


def test_what_was_deleted_in_n8n_is_created_again(push: Push, n8n: N8n) -> None:
    push()
    n8n.entries.clear()
    done = push()
    assert (done.status, "done: create acme-crm" in done.out) == (0, True)


# -- an n8n that can't list credentials


def test_without_a_list_only_the_own_notes_count(push: Push, n8n: N8n, specs: Project) -> None:
    n8n.lists = n8n.takes_id = False
    stands(n8n, kind="postgres")
    done = push("--yes", "--adopt", JWT_ID)
    assert (done.status, writes(n8n)) == (1, [])
    assert "you can't see what you would overwrite" in done.out
    done = push()
    assert "can't see what n8n has now" in done.out
    assert {"POST"} == set(writes(n8n))
    specs.monkeypatch.setenv("ACME_CLIENT_ID", CONSUMER_KEY + "x")
    done = push()
    assert (done.status, "done: update" in done.out) == (0, True)

    made = next(key for key in n8n.entries if key != JWT_ID)
    before = stands(n8n, key=made, kind="postgres")  # n8n itself then refuses the data
    specs.monkeypatch.setenv("ACME_CLIENT_ID", CONSUMER_KEY + "y")
    assert push().status == 1
    assert n8n.entries[made] == before


def test_without_a_list_another_type_is_known_from_the_notes(
    push: Push, n8n: N8n, specs: Project
) -> None:
    n8n.lists = n8n.takes_id = False
    push()
    n8n.bodies.clear()
    fragment = OAUTH2_SPEC.replace("oauth1", JWT_ID).replace("acme-oauth", "acme-crm")
    specs.credential(fragment, "oauth2", "specs/a.yaml")
    done = push()
    assert (done.status, writes(n8n)) == (1, [])
    assert "another type" in done.out


# -- the fence


def test_an_org_outside_of_the_fence(push: Push, n8n: N8n, specs: Project) -> None:
    specs.credential(OAUTH2_SPEC + "my_domain: https://evil.my.salesforce.com\n", "oauth2", "specs/b.yaml")  # fmt: skip
    done = push("--yes", "--org-host", "acme--uat.sandbox.my.salesforce.com")
    assert done.status == 1
    assert "refused    acme-oauth: nothing is sent to evil.my.salesforce.com" in done.out
    assert [body["name"] for body in n8n.sent("POST")] == ["Acme CRM"]


# -- addresses


class Elsewhere:
    """A server that isn't n8n, and records what it receives."""

    def __init__(self, mock: HTTPXMock, *replies: httpx.Response) -> None:
        self.requests: list[httpx.Request] = []
        self.replies = replies
        mock.add_callback(self.answer, is_reusable=True, is_optional=True)

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        reply = self.replies[min(len(self.requests), len(self.replies)) - 1]
        return httpx.Response(reply.status_code, headers=dict(reply.headers), content=reply.content)


def replied(status: int, content: object) -> httpx.Response:
    return httpx.Response(status, json=content)


NOT_REGISTERED = replied(404, {"code": 404, "message": 'The requested webhook "GET x" is not registered.'})  # fmt: skip
ENTRY = {"id": JWT_ID, "name": "Acme CRM", "type": JWT}


@pytest.mark.parametrize(
    "replies",
    [
        (NOT_REGISTERED,),
        (replied(404, {}),),
        (replied(404, {"message": "not found"}),),
        (replied(405, {"message": "no"}), replied(200, {"myField": "value"})),
        (replied(405, {"message": "no"}), replied(200, {"properties": {}})),
        (replied(405, {"message": "no"}), replied(200, {"properties": ["clientId"]})),
        (httpx.Response(200, html="<h1>Welcome</h1>"),),
        (httpx.Response(404, html="<h1>Not found</h1>"),),
        (replied(200, {}),),
        (replied(200, []),),
        (replied(200, "Workflow was started"),),
        (replied(200, {"message": "Workflow was started"}),),
        (replied(200, {"data": []}),),
        (replied(200, {"data": {}, "nextCursor": None}),),
        (replied(200, {"data": None, "nextCursor": None}),),
        (replied(200, {"data": [1], "nextCursor": None}),),
        (replied(200, {"data": [{}], "nextCursor": None}),),
        (replied(200, {"data": [{"id": 3, "name": "x", "type": "y"}], "nextCursor": None}),),
        (replied(200, {"data": [ENTRY], "nextCursor": 7}),),
        (replied(200, {"data": [ENTRY], "nextCursor": "again"}),),  # endlessly
        (httpx.Response(200, content=b""),),
        (httpx.Response(204),),
        (httpx.Response(302, headers={"location": "https://evil.example/api/v1/credentials"}),),
        (httpx.Response(307, headers={"location": "/elsewhere"}),),
    ],
)
@pytest.mark.parametrize("command", ["push", "diff"])
def test_what_is_not_n8n_gets_nothing(
    specs: Project,
    run: Run,
    httpx_mock: HTTPXMock,
    replies: tuple[httpx.Response, ...],
    command: str,
) -> None:
    there = Elsewhere(httpx_mock, *replies)
    options = ("--yes", "--no-check") if command == "push" else ()
    done = checked(run(command, "specs", "--n8n", URL, *options), specs)
    assert done.status == 4, done
    assert {request.method for request in there.requests} == {"GET"}
    assert {request.url.host for request in there.requests} == {"n8n.acme.com"}
    assert len(there.requests) < 10
    assert "create" not in done.out
    assert not STATE.exists()


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("/webhook/x", ""),
        ("/webhook-test/0b1c-2d/leads", ""),
        ("/webhook-waiting/12", ""),
        ("/form/abc", ""),
        ("/home/credentials", ""),
        ("/home/workflows/", ""),
        ("/workflow/4LmoB0rVGGUe0Nxx", ""),
        ("/workflow/new", ""),
        ("/settings/api", ""),
        ("/projects/P1/credentials", ""),
        ("/credentials", ""),
        ("/signin", ""),
        ("/rest/credentials", ""),
        ("/rest/oauth2-credential/callback", ""),
        ("/api/v1", ""),
        ("/api/v1/credentials", ""),
        ("/n8n", "/n8n"),
        ("/n8n/", "/n8n"),
        ("/automation/n8n/home/credentials", "/automation/n8n"),
        ("/home/workflows/webhook/x", ""),
        ("/", ""),
        (":443/", ""),
        (":8443/home/credentials", ":8443"),
    ],
)
def test_an_address_from_a_browser_is_cut_down_to_n8n_s(
    push: Push, httpx_mock: HTTPXMock, given: str, used: str
) -> None:
    there = Elsewhere(httpx_mock, NOT_REGISTERED)
    done = push(url=f"{URL}{given}")
    assert str(there.requests[0].url) == f"{URL}{used}/api/v1/credentials?limit=100"
    if given.rstrip("/") not in (used, ":443"):
        assert f"using {URL}{used}\n" in done.err


@pytest.mark.parametrize(
    "url",
    [
        "http://n8n.acme.com",
        "http://127.0.0.1.evil.example",
        "http://localhost.evil.example",
        "ftp://n8n.acme.com",
        "file:///etc/passwd",
        "//n8n.acme.com",
        "n8n.acme.com",
        "https://",
        "https:n8n.acme.com",
        "https://user:x@n8n.acme.com",
        "https://n8n.acme.com@evil.example",
        "https://@n8n.acme.com",
        "https://n8n.acme.com\\@evil.example",
        "https://n8n.acme.com:99999",
        "https://n8n.acme.com:x",
        "https://[::1",
        "https://n8n.acme.com?x=1",
        "https://n8n.acme.com/?",
        "https://n8n.acme.com/#/home",
        "https://n8n.acme.com/a/../b",
        "https://n8n.acme.com/./b",
        "https://n8n.acme.com//b",
        "https://n8n.acme.com/%2e%2e/b",
        "https://n8n.acme.com/a b",
        "https://n8n.acme.com/a;b",
        "https://n8n.\tacme.com",
        "https://n8n.acme.com/\nx",
        "https://n8n.acme.com。evil.example",
        "https://n8n.acme.com％2eevil",
        "https://nаn.acme.com",  # with a Cyrillic letter
    ],
)
@pytest.mark.parametrize("command", ["push", "diff"])
def test_addresses_that_nothing_is_sent_to(
    specs: Project, run: Run, n8n: N8n, url: str, command: str
) -> None:
    options = ("--yes", "--no-check") if command == "push" else ()
    done = checked(run(command, "specs", "--n8n", url, *options), specs)
    assert (done.status, n8n.bodies) == (2, []), done
    assert "--n8n: " in done.err


def test_the_same_n8n_under_another_spelling(push: Push, n8n: N8n) -> None:
    push(url="HTTPS://N8N.Acme.com:443/home/credentials")
    assert "unchanged" in push().out


def test_an_n8n_that_answers_strangely_to_a_write(
    push: Push, n8n: N8n, monkeypatch: pytest.MonkeyPatch
) -> None:
    strange = httpx.Response(200, json={"id": "../x", "name": "Acme CRM", "type": JWT})
    monkeypatch.setattr(n8n, "_create", lambda *_request: strange)
    done = push()
    assert done.status == 1
    assert "an unexpected answer from n8n" in done.err
    assert "../x" not in STATE.read_text(encoding="utf-8")


# -- diff


def states(run: Run) -> dict[str, tuple[str, list[str]]]:
    entries = json.loads(run("diff", "specs", "--n8n", URL, "--format", "json").out)["credentials"]
    return {e["credential"] or e["name"]: (e["state"], e["fields"]) for e in entries}


def test_diff_sees_another_type(specs: Project, run: Run, n8n: N8n) -> None:
    stands(n8n, kind="postgres")
    assert states(run) == {"acme-crm": ("changed", ["type"])}


def test_diff_with_a_state_elsewhere(push: Push, run: Run, n8n: N8n) -> None:
    path = str(Path.cwd().parent / "state.json")
    push("--yes", "--state", path)
    assert states(run)["acme-crm"][0] == "not_compared"
    done = run("diff", "specs", "--n8n", URL, "--state", path)
    assert (done.status, "1 same" in done.out) == (0, True)
    assert os.path.exists(path)  # noqa: PTH110 - the text that was given


# -- whose state it is


def _copied_project(run: Run, specs: Project, to: Path) -> Outcome:
    shutil.copytree(Path.cwd(), to, symlinks=True)
    os.chdir(to)
    return run("push", "specs", "--n8n", URL, "--yes", "--no-check")


def test_a_state_of_another_project_owns_nothing(
    push: Push, run: Run, n8n: N8n, specs: Project, tmp_path: Path
) -> None:
    """Sealed by the same user, and copied into a project that a stranger wrote."""
    assert push().status == 0
    before = len(writes(n8n))
    done = _copied_project(run, specs, tmp_path / "copy")
    assert done.status == 2
    assert "not written by you, on this machine, for the project" in " ".join(done.err.split())
    assert "--adopt ID" in done.err
    assert len(writes(n8n)) == before


def test_a_project_under_another_name_of_its_folder_keeps_its_state(
    push: Push, run: Run, n8n: N8n, tmp_path: Path
) -> None:
    assert push().status == 0
    (tmp_path / "link").symlink_to(Path.cwd())
    os.chdir(tmp_path / "link")
    assert run("push", "specs", "--n8n", URL, "--yes", "--no-check").status == 0


@pytest.mark.parametrize("way", ["HOME", "XDG_STATE_HOME", "a link"])
@pytest.mark.parametrize("where", ["project", "around", "working folder"])
def test_a_seal_that_a_repository_could_bring(
    specs: Project, run: Run, n8n: N8n, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, way: str, where: str
) -> None:  # fmt: skip
    """The project is a part of the checkout, so the checkout's root can also contain the key."""
    root = Path.cwd()
    if where == "project":
        place, start = root / "x", root
    elif where == "around":
        (root / ".gitignore").write_text("*\n", encoding="utf-8")
        (root / "sfcred.toml").unlink()
        start = root / "services/crm"
        start.mkdir(parents=True)
        (root / "specs").rename(start / "specs")
        place = root / "x"
    else:
        start = tmp_path / "elsewhere"
        start.mkdir()
        place = start / "x"
    (start / "sfcred.toml").touch()
    place.mkdir()
    if way == "a link":
        home = tmp_path / "own"
        (home / ".local").mkdir(parents=True)
        (home / ".local/state").symlink_to(place)
        monkeypatch.setenv("HOME", str(home))
    else:
        monkeypatch.setenv(way, str(place))
    os.chdir(start)
    specs_of = root / "specs" if where == "working folder" else Path("specs")
    done = run("push", specs_of, "--n8n", URL, "--yes", "--no-check")
    told = " ".join(done.err.split())
    name = way if way.isupper() else "HOME"
    assert done.status != 0
    assert f"because {name} points there" in told
    assert "XDG_STATE_HOME" in told
    assert "SFCRED_STATE" in told
    assert "Set HOME" not in told
    assert writes(n8n) == []
    assert list(place.rglob("*.key")) == []


# -- a list that never ends


class Endless(BaseHTTPRequestHandler):
    """Endless pages, each a little late, or byte by byte, or with a request to retry."""

    manner = ""
    count = 0

    def do_GET(self) -> None:
        type(self).count += 1
        body = json.dumps({"data": [], "nextCursor": f"c{self.count}"}).encode()
        status = 503 if self.manner == "again" else 200
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with suppress(OSError):
            for byte in body:
                if self.manner == "trickles":
                    time.sleep(0.3)
                self.wfile.write(bytes([byte]))
            if self.manner == "pages":
                time.sleep(0.2)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Log nothing."""


@pytest.mark.parametrize("command", ["push", "diff"])
@pytest.mark.parametrize("manner", ["pages", "trickles", "again"])
def test_a_list_of_credentials_that_does_not_end(specs: Project, command: str, manner: str) -> None:
    handler = type("Handler", (Endless,), {"manner": manner, "count": 0})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    Thread(target=server.serve_forever, daemon=True).start()
    shorter = (
        "import sfcred.exchange.n8n_api as a; assert a.LIST_SECONDS <= 120; a.LIST_SECONDS = 2;"
        "from sfcred.__main__ import run; run()"
    )
    ending = ["--yes", "--no-check"] if command == "push" else []
    begin = time.monotonic()
    try:
        done = subprocess.run(
            [sys.executable, "-c", shorter, command, "specs", "--n8n", f"http://127.0.0.1:{server.server_port}", *ending],
            env={**os.environ, "N8N_API_KEY": API_KEY}, capture_output=True, encoding="utf-8", check=False, timeout=60,
        )  # fmt: skip
    finally:
        server.shutdown()
        server.server_close()
    assert time.monotonic() - begin < 25
    assert done.returncode not in (0, 3), done
    told = " ".join((done.stdout + done.stderr).split())
    # On a fast machine, the number of pages can be the limit that is reached first.
    ends = ("credentials took longer than 2 seconds", "list of credentials doesn't end")
    assert any(end in told for end in ends), told
    assert "Traceback" not in told


# -- a seal, and the key of it, that aren't what sfcred writes


@pytest.mark.parametrize("seal", ["é", "٣" * 64, "x", "0" * 63, "A" * 64, 5, None])
def test_a_seal_that_is_none(push: Push, n8n: N8n, seal: object) -> None:
    stands(n8n)
    assert push("--yes", "--adopt", JWT_ID).status == 0
    content = json.loads(STATE.read_text(encoding="utf-8"))
    STATE.write_text(json.dumps({**content, "seal": seal}, ensure_ascii=False), encoding="utf-8")
    before = len(writes(n8n))
    done = push("--yes")
    assert done.status == 2, done
    assert len(writes(n8n)) == before


@pytest.mark.parametrize("key", ["", "\n", "x", "0" * 63, "0" * 65, "é" * 32, "0" * 64 + "\n" + "0" * 64])  # fmt: skip
@pytest.mark.parametrize("has_state", [False, True])
def test_a_key_that_is_none(push: Push, n8n: N8n, key: str, has_state: bool) -> None:
    """Whoever knows that it is empty could seal with it."""
    stands(n8n)
    if has_state:
        assert push("--yes", "--adopt", JWT_ID).status == 0
    file = Path.home() / ".local/state/sfcred/push.key"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(key, encoding="utf-8")
    before = len(writes(n8n))
    done = push("--yes", "--adopt", JWT_ID)
    assert done.status == 2, done
    assert "is not a valid sfcred key" in done.err
    assert len(writes(n8n)) == before
    assert STATE.exists() is has_state


@pytest.mark.skipif(os.name != "posix", reason="POSIX says when a file is a folder")
def test_a_key_that_is_no_file(push: Push, n8n: N8n) -> None:
    stands(n8n)
    (Path.home() / ".local/state/sfcred/push.key").mkdir(parents=True)
    done = push("--yes", "--adopt", JWT_ID)
    assert done.status == 2, done
    assert not writes(n8n)


# -- what n8n repeats


def test_what_another_credential_sent_is_masked(push: Push, n8n: N8n, specs: Project) -> None:
    specs.credential(OAUTH2_SPEC, "oauth2", "specs/b.yaml")
    piece = REFRESH_TOKEN[10:34]  # without the beginning, it has no known form
    n8n.test_answer = {"status": "Error", "message": f"it is {piece}"}
    done = push("--yes")
    assert "failed: test of acme-crm: n8n couldn't log in (n8n: `it is ****`)" in done.err
    assert piece not in done.out + done.err


@pytest.mark.parametrize("field", ["id", "name", "type", "updatedAt"])
def test_an_api_key_in_a_list_is_masked(push: Push, n8n: N8n, field: str) -> None:
    stands(n8n)
    n8n.entries[JWT_ID][field] = f"x{API_KEY}"
    push("--dry-run")


def test_an_api_key_in_a_redirect_is_masked(push: Push, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(status_code=302, headers={"Location": f"https://{API_KEY}.example"})
    done = push()
    assert "got a redirect to https://****.example" in done.err
