"""What could not be read, reached or compared is exit status 4, and in every report.

Missing secrets, and values that a spec doesn't state, don't count. All tests use the command line.
"""

import json
import re
import subprocess
from collections.abc import Callable, Mapping
from html import unescape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import httpx
import pytest
from pytest_httpx import HTTPXMock

from tests.conftest import Outcome
from tests.helpers.formats import LISTING
from tests.helpers.org_answers import GRANTED, HOST, RECORD, USER
from tests.helpers.project import REFRESH_TOKEN, Project
from tests.helpers.systems import make_executable

Run = Callable[..., Outcome]
Make = Callable[[Project], object]
OTHER_FINDING = "app: {scopes: [refresh_token]}\n"  # SFC204, an error


def nothing(_project: Project) -> None:
    """Leave the project unchanged."""


def unreadable_certificate(project: Project) -> None:
    """Write a certificate of version 4, which no standard has, and OpenSSL reads."""
    der = project.workshop.content("certificate-der")
    changed = der.replace(bytes.fromhex("a003020102"), bytes.fromhex("a003020103"), 1)
    Path("acme.crt").write_bytes(changed)


# -- git


def repository(project: Project) -> None:
    project.material("acme.key", "ignored:rsa-2048")


def program(project: Project, script: str) -> None:
    git = Path.home() / "bin/git"
    git.parent.mkdir()
    git.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    make_executable(git)
    project.monkeypatch.setenv("PATH", str(git.parent))


def refusing_git(project: Project) -> None:
    repository(project)
    program(project, "echo 'fatal: detected dubious ownership' >&2; exit 128")


def failing_git(project: Project) -> None:
    repository(project)
    program(project, "exit 3")


def no_git(project: Project) -> None:
    repository(project)
    project.monkeypatch.setenv("PATH", str(Path.home()))


def broken_repository(_project: Project) -> None:
    Path(".git").mkdir()


def git_elsewhere(_project: Project) -> None:
    Path(".git").write_text("gitdir: //evil.example/share\n", encoding="utf-8")


def nested_repository(project: Project) -> None:
    project.material("inner/acme.key", "rsa-2048")
    subprocess.run(["git", "init", "--quiet", "inner"], check=True)


def no_git_and_no_repository(project: Project) -> None:
    project.monkeypatch.setenv("PATH", str(Path.home()))


# -- files


def without(*files: str) -> Make:
    def remove(_project: Project) -> None:
        for file in files:
            Path(file).unlink()

    return remove


def folder(name: str) -> Make:
    def make(_project: Project) -> None:
        Path(name).unlink(missing_ok=True)
        Path(name).mkdir()

    return make


def text(name: str, content: str) -> Make:
    return lambda project: project.material(name, f"text:{content}")


def without_variables(*names: str) -> Make:
    def unset(project: Project) -> None:
        for name in names:
            project.monkeypatch.delenv(name)

    return unset


class Case:
    """A project, doctor's arguments, and the check that could not run, with its reason."""

    def __init__(
        self, spec: str, make: Make, check: str, reason: str, *options: str, base: str = "jwt"
    ) -> None:
        self.spec, self.make, self.check, self.reason = spec, make, check, reason
        self.options, self.base = options, base

    def with_options(self, *options: str) -> "Case":
        return Case(self.spec, self.make, self.check, self.reason, *options, base=self.base)

    def report(self, project: Project, run: Run, more: str = "") -> dict[str, Any]:
        self.make(project)
        return self.again(project, run, more)

    def again(self, project: Project, run: Run, more: str = "") -> dict[str, Any]:
        fragment = more if more and self.spec == "{}\n" else self.spec + more
        spec = project.credential(fragment, self.base)
        done = run("doctor", spec, "--format", "json", *self.options)
        assert done.err == "", done
        report: dict[str, Any] = json.loads(done.out)
        return {**report, "exit": done.status}

    def entry(self, report: Mapping[str, Any]) -> dict[str, Any]:
        (entry,) = [one for one in report["not_checked"] if one["check"] == self.check]
        assert self.reason in entry["reason"]
        return dict(entry)


ENV_FILE = "n8n: {env_file: n8n.env}\n"
UNREADABLE = {
    "git-refuses": Case("{}\n", refusing_git, "SFC009", "belongs to another user"),
    "git-fails": Case("{}\n", failing_git, "SFC009", "it failed with exit status 3"),
    "no-git-for-a-repository": Case("{}\n", no_git, "SFC009", "can't use git"),
    "a-broken-repository": Case("{}\n", broken_repository, "SFC009", "can't use git"),
    "git-elsewhere": Case("{}\n", git_elsewhere, "SFC009", "can't be followed"),
    "another-repository": Case(
        "jwt: {private_key: {file: inner/acme.key}}\n",
        nested_repository,
        "SFC009",
        "is in another repository",
    ),
    "no-env-file-unreported": Case(ENV_FILE, nothing, "SFC306", "n8n.env", "--ignore", "SFC005"),
    "an-env-file-that-is-a-folder": Case(ENV_FILE, folder("n8n.env"), "SFC306", "n8n.env"),
    "an-env-file-that-is-too-large": Case(
        ENV_FILE, text("n8n.env", "x" * 70_000), "SFC306", "larger than"
    ),
    "an-env-file-elsewhere": Case(
        "n8n: {env_file: ../n8n.env}\n", nothing, "SFC306", "is outside the project"
    ),
    "no-certificate-unreported": Case(
        "{}\n", without("acme.crt"), "SFC409", "the certificate acme.crt", "--ignore", "SFC005"
    ),
    "no-certificate-for-the-timer-job": Case(
        "{}\n", without("acme.crt"), "SFC410", "acme.crt", "--select", "SFC409,SFC410"
    ),
    "a-certificate-that-is-a-folder": Case(
        "{}\n", folder("acme.crt"), "SFC408", "the certificate acme.crt"
    ),
    "a-certificate-that-is-too-large": Case(
        "{}\n", text("acme.crt", "x" * 70_000), "SFC408", "larger than"
    ),
    "a-certificate-that-only-others-read": Case(
        "{}\n", unreadable_certificate, "SFC408", "can't read jwt.certificate"
    ),
    # The finding that prevents the check is an error itself, but nobody selected its check.
    "a-bad-certificate-unreported": Case(
        "{}\n", text("acme.crt", "x"), "SFC409", "not a certificate", "--select", "SFC409,SFC410"
    ),
    "a-bad-key-unreported": Case(
        "{}\n", text("acme.key", "x"), "SFC408", "private key", "--select", "SFC408"
    ),
    "a-bad-certificate-ignored": Case(
        'doctor: {ignore: {SFC408: "a test"}}\n',
        text("acme.crt", "x"),
        "SFC409",
        "not a certificate",
    ),
    "an-undecided-flow-unreported": Case(
        "flow: auto\noauth2: {client_secret: {env: ACME_CLIENT_SECRET}}\n",
        nothing,
        "SFC409",
        "the flow is not decided",
        "--select",
        "SFC409",
    ),
}


@pytest.mark.parametrize("case", UNREADABLE.values(), ids=UNREADABLE)
def test_what_could_not_be_compared_is_no_success(case: Case, project: Project, run: Run) -> None:
    report = case.report(project, run)
    entry = case.entry(report)
    assert report["exit"] == 4, report
    assert entry["cause"] == "unreadable"
    assert entry["hint"]
    assert report["summary"]["unreadable"] > 0
    assert report["credentials"][0]["status"] != "ok"


# If a spec has errors, nothing else in it is examined.
OFFLINE = {
    name: case
    for name, case in UNREADABLE.items()
    if not case.options and case.reason != "the spec has errors"
}


@pytest.mark.parametrize("case", OFFLINE.values(), ids=OFFLINE)
def test_a_finding_wins(case: Case, project: Project, run: Run) -> None:
    report = case.report(project, run, OTHER_FINDING)
    assert (report["exit"], case.entry(report)["cause"]) == (1, "unreadable")


@pytest.mark.parametrize("case", UNREADABLE.values(), ids=UNREADABLE)
def test_people_see_it_without_asking(case: Case, project: Project, run: Run) -> None:
    case.make(project)
    spec = project.credential(case.spec, case.base)
    for option in ((), ("-q",)):
        done = run("doctor", spec, *case.options, *option)
        assert done.status == 4
        block = done.out.partition("could not be checked:\n")[2].partition("\n\n")[0]
        assert case.reason in block
        assert "hint: " in block


# -- near misses: nothing to check, or a missing secret


#: SFC005 warns about these, too. A warning is no excuse: they are no secrets.
MISSING = {
    "no-env-file": Case(ENV_FILE, nothing, "SFC306", "n8n.env"),
    "no-certificate": Case("{}\n", without("acme.crt"), "SFC409", "the certificate acme.crt"),
}


@pytest.mark.parametrize("case", MISSING.values(), ids=MISSING)
@pytest.mark.parametrize("options", [(), ("--ignore", "SFC005")], ids=["plain", "ignored"])
def test_a_missing_file_that_is_no_secret_is_no_success(
    case: Case, options: tuple[str, ...], project: Project, run: Run
) -> None:
    case = case.with_options(*options)
    report = case.report(project, run)
    assert (report["exit"], case.entry(report)["cause"]) == (4, "unreadable")
    found = [finding["check"] for finding in report["findings"]]
    assert found == ([] if options else ["SFC005"])
    assert run("list", Path("acme.yaml")).status == 4


@pytest.mark.parametrize("case", MISSING.values(), ids=MISSING)
def test_nor_is_it_one_without_the_secrets(case: Case, project: Project, run: Run) -> None:
    """A pull request without secrets is healthy only with everything that is in the repository."""
    project.monkeypatch.delenv("ACME_CLIENT_ID", raising=False)
    Path("acme.key").unlink(missing_ok=True)
    report = case.report(project, run)
    assert (report["exit"], case.entry(report)["cause"]) == (4, "unreadable")


def dotenv(_project: Project) -> None:
    Path(".env").write_text("OTHER=x\n", encoding="utf-8")


SECRETS = {
    "a-variable": Case("{}\n", without_variables("ACME_CLIENT_ID"), "SFC110", "not set"),
    "a-key-file": Case("{}\n", without("acme.key"), "SFC408", "jwt.private_key"),
    "a-key-file-that-is-a-folder": Case("{}\n", folder("acme.key"), "SFC408", "jwt.private_key"),
    "an-empty-key-file": Case("{}\n", text("acme.key", ""), "SFC408", "is empty"),
    "dotenv": Case("client_id: {dotenv: ACME_CLIENT_ID}\n", dotenv, "SFC110", "ACME"),
    "a-mounted-folder": Case("client_id: {secrets_dir: acme}\n", nothing, "SFC110", "client_id"),
    "n8n-holds-it": Case('client_id: {n8n: "$secrets.vault.id"}\n', nothing, "SFC110", "n8n"),
    "a-store-that-is-not-asked": Case(
        "client_id: {vault: 'secret/acme#id'}\n", nothing, "SFC110", "--require-secrets or --live"
    ),
    "a-username-through-a-reference": Case(
        "jwt: {username: {env: ACME_CLIENT_ID}}\n",
        lambda project: project.monkeypatch.setenv("ACME_CLIENT_ID", "n8n@acme.com.uat"),
        "SFC108",
        "jwt.username is a reference",
        "--ignore",
        "SFC110,SFC010",
    ),
    "keys-that-are-not-compared": Case(
        f"name: a\n---\nname: b\nclient_id: 3MVG9{'x' * 80}\nn8n: {{id: acmeErp000000001}}\n"
        "my_domain: https://acme--dev.sandbox.my.salesforce.com\n"
        "jwt: {username: n8n@acme.com.dev}\n",
        nothing,
        "SFC111",
        "tell whether they are the same",
    ),
}
NOT_STATED = {
    "no-scopes": Case("app: {scopes: null}\n", nothing, "SFC202", "app.scopes is not set"),
    "no-callbacks": Case(
        "app: {callback_urls: null}\n", nothing, "SFC301", "not set", base="oauth2"
    ),
    "no-certificate": Case("jwt: {certificate: null}\n", nothing, "SFC409", "is not set"),
    "no-pre-authorized": Case(
        "app: {pre_authorized: null}\n", nothing, "SFC601", "app.pre_authorized is not set"
    ),
    "no-address-of-n8n": Case(
        "n8n: {url: null}\n", nothing, "SFC301", "n8n.url is not set", base="oauth2"
    ),
    "no-version-of-n8n": Case("n8n: {version: null}\n", nothing, "SFC501", "n8n.version"),
}
IGNORED = {
    "git": Case('doctor: {ignore: {SFC009: "no git"}}\n', refusing_git, "SFC009", "another user"),
}
#: By what the report says about them.
QUIET = {"secret": SECRETS, "not_stated": NOT_STATED, "ignored": IGNORED}


@pytest.mark.parametrize(
    ("cause", "name"), [(cause, name) for cause, cases in QUIET.items() for name in cases]
)
def test_what_is_no_surprise_changes_no_status(
    cause: str, name: str, project: Project, run: Run
) -> None:
    case = QUIET[cause][name]
    report = case.report(project, run)
    assert case.entry(report)["cause"] == cause
    assert [f for f in report["findings"] if f["severity"] == "error"] == []
    assert (report["exit"], report["summary"]["unreadable"]) == (0, 0)
    shown = run("doctor", Path("acme.yaml"), *case.options).out
    assert "could not be checked" not in shown
    assert "\n    hint: " not in shown


@pytest.mark.parametrize("name", ["a-variable", "a-key-file", "dotenv", "a-mounted-folder"])
def test_missing_secrets_count_when_they_are_required(
    name: str, project: Project, run: Run
) -> None:
    case = SECRETS[name].with_options("--require-secrets")
    assert case.report(project, run)["exit"] == 1


def test_without_a_repository_git_has_nothing_to_say(project: Project, run: Run) -> None:
    no_git_and_no_repository(project)
    report = Case("{}\n", nothing, "", "").report(project, run)
    assert (report["exit"], report["not_checked"]) == (0, [])


def test_a_finding_that_is_reported_explains_the_rest(project: Project, run: Run) -> None:
    project.material("acme.crt", "text:x")
    report = Case("{}\n", nothing, "SFC409", "not a certificate").report(project, run)
    assert "SFC408" in {finding["check"] for finding in report["findings"]}
    (entry,) = [one for one in report["not_checked"] if one["check"] == "SFC409"]
    assert (report["exit"], entry["cause"]) == (1, "finding")


def test_so_does_one_in_the_baseline(project: Project, run: Run) -> None:
    folder = project.folder / "credentials"
    project.material("credentials/acme.crt", "text:x")
    project.material("credentials/acme.key", "rsa-2048")
    project.credential(name="credentials/acme.yaml")
    project.spec("", "sfcred.toml")
    assert folder.is_dir()
    assert run("doctor", "--write-baseline").status == 0
    done = run("doctor", "--format", "json")
    assert done.status == 0, done
    causes = {one["check"]: one["cause"] for one in json.loads(done.out)["not_checked"]}
    assert causes["SFC409"] == "finding"


# -- a check that finds something and then can't continue


def test_what_was_found_before_is_kept(project: Project, run: Run) -> None:
    """The first file is tracked. Git can't be used for the second one."""
    project.material("acme.id", "text:3MVG9" + "x" * 80)
    subprocess.run(["git", "init", "--quiet"], check=True)
    subprocess.run(["git", "add", "--force", "acme.id"], check=True)
    nested_repository(project)
    case = Case(
        "client_id: {file: acme.id}\njwt: {private_key: {file: inner/acme.key}}\n",
        nothing,
        "SFC009",
        "is in another repository",
    )
    report = case.report(project, run)
    assert "SFC009" in {finding["check"] for finding in report["findings"]}
    assert case.entry(report)["cause"] == "unreadable"
    assert report["exit"] == 1


# -- live


Answers = Callable[[HTTPXMock], object]


def unreachable(mock: HTTPXMock) -> None:
    mock.add_exception(httpx.ConnectError("x"))


def refusing(mock: HTTPXMock) -> None:
    body = {"error": "invalid_client_id", "error_description": "client identifier invalid"}
    mock.add_response(url=f"{HOST}/services/oauth2/token", status_code=400, json=body)


def granting(
    token: object = None, record: object = None, user: object = None, *, refused: bool = False
) -> Answers:
    def answer(mock: HTTPXMock) -> None:
        status = 500 if refused else 200
        mock.add_response(url=f"{HOST}/services/oauth2/token", json=token or GRANTED)
        records = {"records": [record or RECORD]}
        mock.add_response(url=re.compile(".*/query.*"), json=records, status_code=status)
        mock.add_response(url=re.compile(".*/userinfo"), json=user or USER, status_code=status)

    return answer


def from_outside(versions: object, scopes: object = ("api", "refresh_token")) -> Answers:
    def answer(mock: HTTPXMock) -> None:
        discovery = {
            "issuer": HOST,
            "token_endpoint": f"{HOST}/services/oauth2/token",
            "scopes_supported": list(scopes),  # type: ignore[call-overload]
        }
        mock.add_response(url=f"{HOST}/.well-known/openid-configuration", json=discovery)
        mock.add_response(url=f"{HOST}/services/data", json=versions)

    return answer


def no_answers(_mock: HTTPXMock) -> None:
    """Allow no requests."""


ORG_ID = "app: {org_id: 00D000000000001EAA}\n"
NO_ID = {**GRANTED, "id": ""}
_SCOPES = "scopes: [full, api, refresh_token]"
CONSENT = f"oauth2: {{refresh_token: null}}\napp: {{{_SCOPES}}}\n"
CONSENT_TO = f"oauth2: {{refresh_token: null}}\napp: {{{_SCOPES}, org_id: 00D000000000001EAA}}\n"
LIVE: dict[str, tuple[Answers, Case]] = {
    "out-of-reach": (unreachable, Case("{}\n", nothing, "SFC901", HOST[8:])),
    "out-of-reach-whatever-is-selected": (
        unreachable,
        Case("{}\n", nothing, "SFC901", HOST[8:], "--select", "SFC101"),
    ),
    "out-of-reach-whatever-is-ignored": (
        unreachable,
        Case("{}\n", nothing, "SFC901", HOST[8:], "--ignore", "SFC9"),
    ),
    "outside-of-the-fence": (
        no_answers,
        Case(
            "{}\n",
            nothing,
            "SFC901",
            "nothing is sent",
            "--org-host",
            "x.my.salesforce.com",
            "--ignore",
            "SFC114",
        ),
    ),
    "refused-unreported": (
        refusing,
        Case(ORG_ID, nothing, "SFC904", "no token was granted", "--select", "SFC904"),
    ),
    "no-id-of-the-org": (
        granting(NO_ID, {"x": 1}, {"x": 1}),
        Case(ORG_ID, nothing, "SFC904", "the org's id could not be read"),
    ),
    "no-record-unreported": (
        granting(refused=True),
        Case("{}\n", nothing, "SFC905", "could not be read", "--select", "SFC905"),
    ),
    "a-record-that-is-none": (
        granting(None, {"x": 1}),
        Case("{}\n", nothing, "SFC905", "record could not be read"),
    ),
    "a-user-that-is-none": (
        granting(None, None, {"x": 1}),
        Case("{}\n", nothing, "SFC906", "userinfo could not be read"),
    ),
    "no-scopes-in-the-answer": (
        granting({key: value for key, value in GRANTED.items() if key != "scope"}),
        Case("{}\n", nothing, "SFC907", "list any scopes"),
    ),
    "no-scopes-in-the-discovery-document": (
        from_outside([{"version": "59.0"}], ()),
        Case(CONSENT, nothing, "SFC907", "list any scopes", base="oauth2"),
    ),
    "no-list-of-versions": (
        from_outside({"x": 1}),
        Case(CONSENT, nothing, "SFC910", "API versions", base="oauth2"),
    ),
    "no-consent-unreported": (
        from_outside([{"version": "59.0"}]),
        Case(CONSENT_TO, nothing, "SFC904", "given consent", "--select", "SFC904", base="oauth2"),
    ),
    "an-incomplete-spec-unreported": (
        no_answers,
        Case("jwt: {username: null}\n", nothing, "SFC903", "not set", "--select", "SFC9"),
    ),
    "a-bad-key-unreported": (
        no_answers,
        Case("{}\n", text("acme.key", "x"), "SFC903", "not a usable", "--select", "SFC9"),
    ),
}


@pytest.mark.parametrize(("answers", "case"), LIVE.values(), ids=LIVE)
def test_a_live_check_that_compared_nothing_is_no_success(
    answers: Answers, case: Case, project: Project, run: Run, httpx_mock: HTTPXMock
) -> None:
    answers(httpx_mock)
    case = case.with_options("--live", *case.options)
    report = case.report(project, run)
    assert case.entry(report)["cause"] == "unreadable"
    assert report["exit"] == 4, report


LIVE_QUIET: dict[str, tuple[Answers, Case, str]] = {
    "all-is-well": (granting(), Case(ORG_ID, nothing, "", ""), ""),
    "a-key-that-is-not-here": (
        no_answers,
        Case("{}\n", without("acme.key"), "SFC903", "jwt.private_key"),
        "secret",
    ),
    "a-variable-that-is-not-set": (
        no_answers,
        Case("{}\n", without_variables("ACME_CLIENT_ID"), "SFC903", "not set"),
        "secret",
    ),
    "n8n-holds-it": (
        no_answers,
        Case('client_id: {n8n: "$secrets.vault.id"}\n', nothing, "SFC903", "n8n"),
        "secret",
    ),
    "nobody-has-consented": (
        from_outside([{"version": "59.0"}]),
        Case(CONSENT_TO, nothing, "SFC904", "given consent", base="oauth2"),
        "finding",
    ),
    "no-scopes-anywhere": (
        granting({key: value for key, value in GRANTED.items() if key != "scope"}),
        Case("app: {scopes: null}\n", nothing, "SFC202", "not set"),
        "not_stated",
    ),
    "the-token-s-own-id": (
        granting(GRANTED, {"x": 1}, {"x": 1}),
        Case(ORG_ID, nothing, "", "", "--select", "SFC904"),
        "",
    ),
}


@pytest.mark.parametrize(("answers", "case", "cause"), LIVE_QUIET.values(), ids=LIVE_QUIET)
def test_a_live_run_without_its_secrets_changes_no_status(
    answers: Answers, case: Case, cause: str, project: Project, run: Run, httpx_mock: HTTPXMock
) -> None:
    answers(httpx_mock)
    case = case.with_options("--live", *case.options)
    report = case.report(project, run)
    assert (report["exit"], report["summary"]["unreadable"]) == (0, 0), report
    if cause:
        assert case.entry(report)["cause"] == cause


def test_a_refusal_that_is_reported_explains_the_rest(
    project: Project, run: Run, httpx_mock: HTTPXMock
) -> None:
    refusing(httpx_mock)
    case = Case(ORG_ID, nothing, "SFC904", "no token was granted", "--live")
    report = case.report(project, run)
    assert (report["exit"], case.entry(report)["cause"]) == (1, "finding")
    assert REFRESH_TOKEN not in json.dumps(report)


# -- metadata from an org


def retrieved(content: str) -> Make:
    def make(_project: Project) -> None:
        Path("s").mkdir()
        Path("s/n8n.eca").write_text(content, encoding="utf-8")

    return make


@pytest.mark.parametrize(
    ("spec", "make", "status"),
    [
        ("{}\n", nothing, 2),  # no input
        ("{}\n", lambda _project: Path("s").mkdir(), 2),
        ("{}\n", retrieved("<a"), 4),
        ("{}\n", retrieved("x" * 1_100_000), 4),
        ("{}\n", retrieved("<ExternalClientApplication/>"), 4),  # one file of five
        ("app: {api_name: Other}\n", retrieved("<ExternalClientApplication/>"), 1),
        (ENV_FILE + "app: {callback_urls: null}\n", retrieved("<ExternalClientApplication/>"), 4),
    ],
)
def test_app_check_compares_or_says_so(
    project: Project, run: Run, spec: str, make: Make, status: int
) -> None:
    make(project)
    base = "oauth2" if "env_file" in spec else "jwt"
    done = run("app", project.credential(spec, base), "--check", "s")
    assert done.status == status, done
    assert "hint:" in done.out + done.err


# -- every report

HOSTILE = "jwt: {certificate: '</script><b>&]]>%0A.crt'}\n"


@pytest.mark.parametrize("name", LISTING)
def test_every_format_has_the_reason_and_the_next_step(
    name: str, project: Project, run: Run
) -> None:
    refusing_git(project)
    done = run("doctor", project.credential(HOSTILE), "--format", name)
    assert done.status == 4
    shown = " ".join(unescape(done.out).replace("%0A", " ").replace("\\n", " ").split())
    assert "belongs to another user" in shown
    assert "or let git trust the folder" in shown.replace("<code>", "").replace("</code>", "")
    assert "no such file or directory" in shown
    if name in ("html", "junit"):
        assert "<b>&" not in done.out


def test_junit_counts_it_as_an_error(project: Project, run: Run) -> None:
    refusing_git(project)
    Path("acme.key").unlink()
    spec = project.credential()
    root = ET.fromstring(run("doctor", spec, "--format", "junit").out)
    (suite,) = root
    errors = suite.findall("testcase/error")
    skipped = suite.findall("testcase/skipped")
    assert (suite.get("errors"), suite.get("skipped")) == (str(len(errors)), str(len(skipped)))
    assert root.get("errors") == "1"
    assert [case.get("name") for case in suite.findall("testcase[error]")] == ["SFC009: not run"]
    assert skipped
    assert all("hint: " in (one.text or "") for one in [*errors, *skipped])
    assert "doctor" not in [case.get("name") for case in suite]


def test_sarif_warns_where_it_is(project: Project, run: Run) -> None:
    refusing_git(project)
    (one,) = json.loads(run("doctor", project.credential(), "--format", "sarif").out)["runs"]
    (note,) = one["invocations"][0]["toolExecutionNotifications"]
    assert note["level"] == "warning"
    assert "hint: Run sfcred as the folder's owner" in note["message"]["text"]
    place = note["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place == {"uri": "acme.yaml"}


def test_gitlab_knows_it_again(project: Project, run: Run) -> None:
    refusing_git(project)
    first = json.loads(run("doctor", project.credential(), "--format", "gitlab").out)
    again = json.loads(run("doctor", project.credential(), "--format", "gitlab").out)
    assert first == again
    (entry,) = first
    assert set(entry) == {"description", "check_name", "fingerprint", "severity", "location"}
    assert entry["check_name"] == "not-checked"


def test_github_annotates_it(project: Project, run: Run) -> None:
    refusing_git(project)
    (line,) = run("doctor", project.credential(), "--format", "github").out.splitlines()
    assert line.startswith(
        "::warning file=acme.yaml,line=1,col=1,title=SFC009 could not be checked::sfcred can't use git"
    )
    assert "%0Ahint: " in line


def test_github_leaves_the_rest_in_the_log(project: Project, run: Run) -> None:
    specs = "".join(
        f"---\nname: acme-{number}\nn8n: {{id: acmeCrm{number:09}, env_file: n8n.env}}\n"
        for number in range(12)
    )
    Path("n8n.env").mkdir()
    done = run("doctor", project.credential(specs), "--format", "github")
    lines = done.out.splitlines()
    assert sum("could not be checked::" in line for line in lines) <= 10
    assert sum(": not checked SFC" in line for line in lines) >= 2


def test_the_page_says_so_at_the_top_and_on_the_card(project: Project, run: Run) -> None:
    refusing_git(project)
    page = run("doctor", project.credential(), "--format", "html").out
    assert "because something could not be read, reached or compared" in page
    assert 'data-status="unknown"' in page
    assert "<b>0</b> without findings" in page


def test_many_reasons_are_cut_without_v(project: Project, run: Run) -> None:
    specs = "".join(
        f"---\nname: acme-{number}\njwt: {{certificate: no-{number}.crt}}\n"
        f"n8n: {{id: acmeCrm{number:09}}}\n"
        for number in range(30)
    )
    for number in range(30):
        Path(f"no-{number}.crt").mkdir()
    spec = project.credential(specs)
    short, long = run("doctor", spec).out, run("doctor", spec, "-v").out
    assert "and 10 more reasons" in short
    assert "more reasons" not in long
    assert all(f"no-{number}.crt" in long for number in range(30))


# -- a check that crashes


@pytest.mark.parametrize("part", ["offline.username_form._fault", "spec.inline_secret._shapes"])
def test_a_credential_is_not_ok_where_a_check_crashed(
    project: Project, run: Run, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    """A check of a file counts for each credential in it."""

    def broken(*_values: object) -> str:
        raise ZeroDivisionError

    spec = project.credential("profiles: {uat: {}}\n")
    assert _statuses(run, spec) == {"uat": "ok"}
    monkeypatch.setattr(f"sfcred.checks.{part}", broken)
    assert _statuses(run, spec) == {"uat": "unknown"}
    assert run("doctor", spec).status == 3


def test_what_is_wrong_with_a_spec_counts_for_its_profiles(project: Project, run: Run) -> None:
    spec = project.credential(
        "doctor: {ignore: {SFC206: it is no longer needed}}\nprofiles: {uat: {}}\n"
    )
    assert "SFC012" in run("doctor", spec).out
    assert _statuses(run, spec) == {"uat": "warning"}


def _statuses(run: Run, spec: Path) -> dict[str | None, str]:
    told = json.loads(run("doctor", spec, "--format", "json").out)
    return {one["profile"]: one["status"] for one in told["credentials"]}
