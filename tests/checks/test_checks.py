"""The contract that every check has to fulfil, including new ones."""

import ast
import dataclasses
import inspect
import json
import re
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from sfcred import checks
from sfcred.checks import OFFLINE, all_checks, answered_by, chapters, find_check, has_trait, is_live
from sfcred.checks.api import (
    AnyCheck,
    CheckKind,
    Example,
    Problem,
    Trait,
    live_check,
    offline_check,
    spec_check,
)
from sfcred.checks.chapters import by_chapter, chapter_of
from sfcred.doctor.recorder import Recorder
from sfcred.findings import Report, Severity
from sfcred.resolve.context import Context
from sfcred.resolve.credential import Credential
from sfcred.text.redact import looks_secret
from tests.conftest import Outcome
from tests.helpers.examples import examine_example
from tests.helpers.material import Workshop
from tests.helpers.project import BASES, CONSUMER_SECRET, ENVIRON, Project, credentials_of

Run = Callable[..., Outcome]
ROOT = Path(__file__).parents[2]

#: Every check by the version that introduced it, then by id. An id never changes its meaning.
RELEASED = {
    "0.1.0": {
        1: "yaml-syntax schema duplicate-key inline-secret secret-unavailable duplicate-name "
        "duplicate-n8n-id secret-file-exposed secret-file-tracked secret-placeholder "
        "secret-mix-up",
        101: "flow-ambiguous flow-incomplete environment-mismatch not-an-authority "
        "not-salesforce generic-login-host my-domain-form username-environment username-form "
        "client-id-form client-id-shared",
        201: "scope-unknown refresh-scope-missing n8n-scope-missing api-scope-missing "
        "scope-redundant scope-broad",
        301: "callback-missing callback-near-miss callback-insecure callback-cloud "
        "n8n-url-form n8n-env-callback",
        401: "key-not-private key-encrypted key-algorithm key-openssh key-size key-damaged "
        "key-needs-repair certificate-mismatch certificate-expired certificate-expiring "
        "certificate-too-large certificate-holds-key certificate-weak",
        501: "n8n-ignores-my-domain n8n-ignores-urls n8n-id-form reconnect-on-import "
        "n8n-expression n8n-secret-writeback n8n-version-unknown pkce-unsupported",
        601: "not-pre-authorized nobody-assigned refresh-policy app-creation too-many-grants "
        "ip-relaxation-jwt ip-enforced-cloud refresh-policy-limited refresh-rotation "
        "app-name-form",
    },
    "0.2.0": {
        12: "ignore-unused not-a-spec",
        113: "client-credentials-host outside-org-hosts",
        209: "scope-not-granted",
        309: "callback-cookie",
        511: "token-may-go-anywhere n8n-leaks-credentials client-credentials-need-overwrite "
        "overwrite-changes-others client-credentials-not-pushable n8n-newer-than-known "
        "n8n-secret-at-connect",
        611: "run-as-missing refresh-idle-limit session-level-jwt app-shared assignment-unused",
        701: "app-not-there app-scopes app-callbacks app-certificate app-policy app-security "
        "app-disabled app-session-level app-client-secret app-ip-ranges app-twice app-details "
        "app-client-credentials app-other-org app-consumer-key",
        801: "node-without-credential credential-unknown credential-type-mismatch "
        "trigger-without-jwt environments-mixed credential-unused token-to-foreign-host "
        "secret-in-workflow unasked-fields http-request-refused",
        901: "unreachable clock-skew login-refused wrong-org wrong-environment wrong-user "
        "granted-scopes audience-split consent-needed api-refused authority-redirects",
    },
}

#: What an example can't avoid to have beside what it is for: of the bad one, and of the near miss.
BESIDES = {
    "SFC003": ("SFC002", ""),  # a key that stands there twice is no valid field either
    "SFC006": ("SFC007", "SFC007"),
    "SFC102": ("", "SFC203 SFC504"),
    "SFC103": ("", "SFC108"),
    "SFC113": ("SFC515", "SFC515"),
    "SFC114": ("SFC502", ""),
    "SFC203": ("SFC504", "SFC504"),
    "SFC206": ("", "SFC504"),
    "SFC209": ("SFC515", ""),
    "SFC304": ("SFC502", "SFC502"),  # OAuth2 on n8n Cloud
    "SFC403": ("SFC407", ""),
    "SFC405": ("SFC407", ""),
    "SFC409": ("", "SFC410"),
    "SFC504": ("SFC203", ""),
    "SFC501": ("SFC512", "SFC512"),
    "SFC508": ("SFC203 SFC504 SFC511 SFC512", "SFC203 SFC504 SFC511 SFC512"),
    "SFC513": ("", "SFC515"),
    "SFC514": ("SFC502 SFC504 SFC513", "SFC502 SFC504 SFC513"),
    "SFC517": ("SFC203 SFC504 SFC506 SFC511 SFC512", "SFC203 SFC504 SFC506 SFC511 SFC512"),
    "SFC607": ("SFC502", "SFC502"),
    "SFC611": ("SFC515", "SFC515"),
    "SFC713": ("SFC515", ""),
    "SFC609": ("", "SFC203 SFC504"),
    "SFC801": ("SFC806", ""),
    "SFC802": ("SFC806", ""),
    "SFC804": ("SFC809", "SFC809"),
    "SFC805": ("", "SFC806"),
    "SFC905": ("SFC103", ""),
    "SFC907": ("", "SFC205"),
    "SFC909": ("SFC203 SFC504", ""),
}

#: How bad it is by default: what fails a run is a promise to every pipeline.
SEVERITIES = {
    Severity.ERROR: "SFC001 SFC002 SFC003 SFC004 SFC006 SFC007 SFC009 SFC010 SFC011 SFC101 SFC102 SFC103 "
    "SFC104 SFC105 SFC107 SFC109 SFC113 SFC114 SFC201 SFC202 SFC203 SFC204 SFC301 SFC302 SFC303 SFC304 "
    "SFC305 SFC306 SFC401 SFC402 SFC403 SFC404 SFC405 SFC406 SFC408 SFC409 SFC411 SFC412 "
    "SFC501 SFC503 SFC506 SFC508 SFC512 SFC513 SFC514 SFC517 SFC603 SFC610 SFC613 SFC701 SFC702 SFC703 SFC704 SFC707 SFC708 SFC713 SFC714 SFC715 SFC903 SFC904 "
    "SFC905 SFC906 SFC908 SFC910 SFC911 SFC801 SFC802 SFC803 SFC804 SFC807 SFC808 SFC810",
    Severity.WARNING: "SFC005 SFC008 SFC012 SFC013 SFC106 SFC108 SFC110 SFC111 SFC206 SFC209 SFC309 SFC407 SFC410 SFC413 SFC502 "
    "SFC504 SFC505 SFC511 SFC515 SFC601 SFC602 SFC605 SFC606 SFC607 SFC608 SFC609 SFC611 SFC612 SFC614 SFC615 SFC705 SFC706 SFC709 SFC710 SFC711 SFC902 "
    "SFC907 SFC805",
    Severity.INFO: "SFC205 SFC507 SFC516 SFC604 SFC712 SFC806 SFC809 SFC901 SFC909",
}

EVERY = pytest.mark.parametrize("check", all_checks(), ids=lambda check: check.id)


def found(report: Report, check: AnyCheck) -> list[str]:
    assert not report.crashes, report.crashes
    if Trait.ABOUT_THE_VISIT in check.traits:  # a reason, not a finding
        return [skipped.reason for skipped in report.not_run if check.id in skipped.checks]
    return [finding.message for finding in report.findings if finding.check == check.id]


def besides(report: Report, check: AnyCheck) -> list[str]:
    return sorted({finding.check for finding in report.findings} - {check.id})


def test_ids_names_and_versions_of_all_checks_are_as_promised() -> None:
    expected = {
        f"SFC{first + offset:03}": (name, version)
        for version, chapters in RELEASED.items()
        for first, names in chapters.items()
        for offset, name in enumerate(names.split())
    }
    assert {check.id: (check.name, check.since) for check in all_checks()} == expected


@pytest.mark.parametrize("since", RELEASED)
def test_the_changelog_has_the_version_or_it_is_to_come(since: str) -> None:
    released = re.findall(
        r"^## \[([0-9.]+)\]", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert since in released or _numbers(since) > max(map(_numbers, released))


def _numbers(version: str) -> list[int]:
    return [int(part) for part in version.split(".")]


def test_severities_of_all_checks_are_as_promised() -> None:
    expected = {check: severity for severity, ids in SEVERITIES.items() for check in ids.split()}
    assert {check.id: check.severity for check in all_checks()} == expected


#: What reads a key or a certificate of JWT credentials (checks/lib/keys.py).
OF_JWT = re.compile(r"\b(?:un)?usable_(?:key|certificate)\(")
OF_FLOWS = [check for check in all_checks(("offline",)) if check.flow]


@EVERY
def test_a_check_declares_its_flow_and_does_not_look_at_it_first(check: AnyCheck) -> None:
    """Otherwise a run in which no check applies to a credential would count as one that did."""
    text = inspect.getsource(check.function)
    (function,) = ast.parse(text).body
    assert isinstance(function, ast.FunctionDef)
    first = function.body[1]
    condition = ast.unparse(first.test) if isinstance(first, ast.If) else ""
    assert not re.match(r"(?:\w+\.)+flow [!=]= ", condition)
    assert check.flow == "jwt" or not OF_JWT.search(text)


@pytest.mark.parametrize("check", OF_FLOWS, ids=lambda check: check.id)
def test_a_check_of_a_flow_is_called_for_no_other(project: Project, check: AnyCheck) -> None:
    called: list[str] = []

    def note(credential: Credential) -> Iterator[Problem]:
        called.append(credential.flow)
        yield from ()

    spy = dataclasses.replace(check, function=note)
    recorder = Recorder([spy], datetime.now(UTC), require_secrets=False)
    context = Context(project=project.folder, now=datetime.now(UTC))
    for flow in BASES:
        (credential,) = credentials_of([project.credential("{}\n", flow)], context)
        recorder.run(offline_check, credential, credential, "acme.yaml")
    assert called == [flow for flow in BASES if check.covers(flow)]
    assert 0 < len(called) < len(BASES)


@pytest.mark.parametrize("base", BASES)
def test_the_base_specs_are_clean(project: Project, base: str) -> None:
    report = examine_example(project, Example("description: nothing is wrong\n", base=base))  # type: ignore[arg-type]
    # The API of its n8n, like that of any version that uses it, takes no client credentials.
    beside = {"SFC515"} if base == "client_credentials" else set()
    assert {finding.check for finding in report.findings} == beside
    assert report.crashes == ()
    assert report.not_run == ()


@EVERY
def test_the_bad_example_is_found(check: AnyCheck, project: Project) -> None:
    report = examine_example(project, check.bad)
    assert found(report, check)
    assert besides(report, check) == BESIDES.get(check.id, ("", ""))[0].split()


@EVERY
def test_the_near_miss_is_not_found(check: AnyCheck, project: Project) -> None:
    report = examine_example(project, check.good)
    assert found(report, check) == []
    assert besides(report, check) == BESIDES.get(check.id, ("", ""))[1].split()


@EVERY
def test_a_finding_has_a_place_a_message_and_a_next_step(check: AnyCheck, project: Project) -> None:
    report = examine_example(project, check.bad)
    for finding in report.findings:
        if finding.check == check.id:
            assert finding.line >= 1
            assert finding.column >= 1
            assert len(finding.message) > 15
            assert len(finding.hint) > 10
            assert finding.hint.endswith((".", "`", "?", ")", ":"))


@EVERY
def test_no_secret_is_in_a_finding(check: AnyCheck, project: Project) -> None:
    report = examine_example(project, check.bad)
    secrets = [*ENVIRON.values(), *(v.removeprefix("text:") for v in check.bad.environ.values())]
    for finding in report.findings:
        for text in (finding.message, finding.hint, finding.excerpt):
            assert not looks_secret(text)
            assert not [secret for secret in secrets if len(secret) > 3 and secret in text]


@EVERY
def test_the_page_has_all_parts(check: AnyCheck) -> None:
    title, blank, *rest = check.page.splitlines()
    assert title.endswith(".")
    assert blank == ""
    text = "\n".join(rest)
    parts = ("**Finds**", "**Why it matters**", "**How to fix it**", "**Source**")
    assert [text.count(part) for part in parts] == [1, 1, 1, 1]
    assert [text.index(part) for part in parts] == sorted(text.index(part) for part in parts)


@EVERY
def test_what_it_follows_exists_and_comes_before(check: AnyCheck) -> None:
    assert re.fullmatch("SFC[0-9]{3}", check.id)
    for upstream in check.follows:
        assert find_check(upstream) is not None
        assert upstream != check.id


# -- what a check declares


def test_only_one_check_is_about_the_visit() -> None:
    (check,) = [check for check in all_checks() if Trait.ABOUT_THE_VISIT in check.traits]
    assert check.group == "live"


@pytest.mark.parametrize("trait", Trait)
def test_each_trait_is_some_check_s_and_not_every_one_s(trait: Trait) -> None:
    have = [check for check in all_checks() if trait in check.traits]
    assert 0 < len(have) < len(all_checks())
    assert all(has_trait(check.id, trait) for check in have)


def test_what_only_an_org_can_say_is_transient() -> None:
    for check in all_checks():
        if check.group in ("live", "app"):
            assert Trait.TRANSIENT in check.traits


def test_a_consent_is_judged_by_live_checks() -> None:
    judges = [check for check in all_checks() if Trait.JUDGES_CONSENT in check.traits]
    assert {check.group for check in judges} == {"live"}
    assert [check.id for check in live_check.among(judges)] == [check.id for check in judges]
    assert spec_check.among(judges) == []


def test_live_checks_are_known_by_their_group() -> None:
    assert [check.id for check in all_checks() if is_live(check.id)] == [
        check.id for check in all_checks(("live",))
    ]
    assert not is_live("SFC999")
    assert not has_trait("SFC999", Trait.ALWAYS)


def test_what_answers_a_check_is_asked_offline() -> None:
    answered = {*answered_by("n8n-overwrite"), *answered_by("merge-from")}
    assert answered == {check.id for check in all_checks() if check.answered_by}
    assert answered <= {check.id for check in all_checks(OFFLINE)}


def test_an_overwrite_answers_what_the_target_says(run: Run, project: Project) -> None:
    for check_id in answered_by("n8n-overwrite"):
        check = find_check(check_id)
        assert check is not None
        project.example(check.bad)
        told, _, host = check.bad.setting.partition("=")
        options = ("--org-host", host) if told == "org_hosts" else ()
        assert check_id in run("doctor", "acme.yaml", *options).out
        assert check_id not in run("render", "acme.yaml", "--target", "n8n-overwrite").err


def test_kept_tokens_answer_the_warning_of_lost_ones(run: Run, project: Project) -> None:
    (check_id,) = answered_by("merge-from")
    check = find_check(check_id)
    assert check is not None
    project.credential("oauth2: {refresh_token: null}\nenvironment: production\n", "oauth2")
    Path("export.json").write_text("[]", encoding="utf-8")
    plain = run("render", "acme.yaml", "-o", "out.json")
    merged = run("render", "acme.yaml", "-o", "out.json", "--merge-from", "export.json")
    assert (plain.status, merged.status) == (1, 1)
    assert check_id in plain.out + plain.err
    assert check_id not in merged.out + merged.err


def _check_file(kind: CheckKind[Any], check_id: str) -> ModuleType:
    def check(_handed: object) -> Iterator[Problem]:
        yield from ()

    check.__module__ = "sfcred.checks.offline.new_check"
    module = ModuleType(check.__module__)
    example = Example("{}\n")
    decorator = kind(check_id, Severity.ERROR, bad=example, good=example, since="0.2.0")
    vars(module)["check"] = decorator(check)
    return module


@pytest.mark.parametrize(
    ("kind", "check_id", "words"),
    [
        (spec_check, "SFC199", "move it to that folder"),
        (offline_check, "SFC0199", "not SFC and three digits"),
        (offline_check, "XYZ199", "not SFC and three digits"),
        (offline_check, "SFC199", ""),
        (offline_check, "SFC899", ""),
    ],
)
def test_a_file_that_is_not_where_it_belongs(
    kind: CheckKind[Any], check_id: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = _check_file(kind, check_id)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    if words:
        with pytest.raises(TypeError, match=words):
            checks._load("sfcred.checks.offline", "new_check")
    else:
        found = checks._load("sfcred.checks.offline", "new_check")
        assert [chapter.title for chapter, _ in by_chapter([found])] == [chapter_of(found).title]


def test_a_check_without_a_chapter_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(chapters._CHAPTERS, "8")
    module = _check_file(offline_check, "SFC801")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    with pytest.raises(TypeError, match="no chapter"):
        checks._load("sfcred.checks.offline", "new_check")


def test_every_chapter_is_in_the_list_and_in_the_docs(run: Run) -> None:
    listed, page = run("explain").out, (ROOT / "docs/checks/index.md").read_text(encoding="utf-8")
    ids = re.findall(r"^SFC[0-9]{3}", listed, re.MULTILINE)
    assert ids == [check.id for check in all_checks()]
    for chapter, found in by_chapter(all_checks()):
        title = re.escape(chapter.title)
        below = re.search(
            rf"^{title}(?: \(only with (.+)\))?:\n{found[0].id} ", listed, re.MULTILINE
        )
        assert below
        assert (below[1] or "") == chapter.command
        section = page.partition(f"\n## {chapter.title}\n")[2].partition("\n## ")[0]
        assert re.findall(r"^\| \[(SFC[0-9]{3})\]", section, re.MULTILINE) == [c.id for c in found]


# -- single checks, where one example isn't enough


def ids(run: Run, spec: Path, *options: str) -> list[str]:
    report = json.loads(run("doctor", spec, "--format", "json", *options).out)
    assert report["crashed"] == []
    return [finding["check"] for finding in report["findings"]]


@pytest.mark.parametrize(
    "material",
    [
        "rsa-2048",
        "rsa-2048-pkcs1",
        "rsa-2048-encrypted",
        "rsa-2048-encrypted-pkcs1",
        "rsa-2048-openssh",
        "ec-p256",
        "rsa-other",
    ],
)
def test_a_private_key_where_the_certificate_belongs(
    project: Project, run: Run, material: str
) -> None:
    project.material("acme.crt", material)
    assert ids(run, project.credential()) == ["SFC412"]
    assert "file that starts with BEGIN CERTIFICATE" in run("doctor", "acme.yaml").out
    done = run("app", "acme.yaml", "-o", "salesforce", "--no-check")
    assert done.status != 0
    assert not list(Path("salesforce").rglob("*-meta.xml"))


@pytest.mark.parametrize(
    "material", ["public-key", "csr", "pkcs12", "text:hello", "text:", "rsa-2048-truncated"]
)
def test_something_else_where_the_certificate_belongs(
    project: Project, run: Run, material: str
) -> None:
    project.material("acme.crt", material)
    found = ids(run, project.credential())
    assert found == (["SFC412"] if material == "rsa-2048-truncated" else ["SFC408"])


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        ("lifetime: 6mo", "connected again 6 months after"),
        ("lifetime: 30d", "connected again 30 days after"),
        ("lifetime: 12h", "connected again 12 hours after"),
        ("inactivity: 10mo", "hasn't been used for 10 months"),
        ("inactivity: 100d", "hasn't been used for 100 days"),
        ("inactivity: 1h", "hasn't been used for 1 hours"),
    ],
)
def test_when_a_consent_ends(project: Project, run: Run, policy: str, words: str) -> None:
    spec = project.credential(f"app: {{refresh_token_policy: {{{policy}}}}}\n", "oauth2")
    assert ids(run, spec) == ["SFC608"]
    assert words in run("doctor", spec).out


#: Both flows, and nothing that says which: each has its own secrets.
UNDECIDED = """\
flow: auto
jwt: {username: n8n@acme.com.uat, private_key: {file: acme.key}}
oauth2: {client_secret: {env: ACME_CLIENT_SECRET}, refresh_token: {env: ACME_REFRESH_TOKEN}}
"""


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("", "", ["SFC101"]),
        ("{env: ACME_CLIENT_SECRET}", "{env: GONE}", ["SFC005", "SFC101"]),
        ("{env: ACME_REFRESH_TOKEN}", "{env: GONE}", ["SFC005", "SFC101"]),
        ("{file: acme.key}", "{file: gone.key}", ["SFC005", "SFC101"]),
        ("n8n@acme.com.uat", "{env: GONE}", ["SFC005", "SFC101"]),
        ("{file: acme.key}", "{file: open.key}", ["SFC008", "SFC101"]),
        ("{env: ACME_CLIENT_SECRET}", "{file: open.txt}", ["SFC008", "SFC101"]),
        ("{env: ACME_REFRESH_TOKEN}", "{env: FILLED_IN_LATER}", ["SFC010", "SFC101"]),
    ],
)
def test_while_the_flow_is_undecided_both_flows_secrets_count(
    project: Project, run: Run, field: str, value: str, expected: list[str]
) -> None:
    project.material("open.key", "world-readable:rsa-2048")
    project.material("open.txt", f"text:{CONSUMER_SECRET}").chmod(0o644)
    project.monkeypatch.setenv("FILLED_IN_LATER", "changeme")
    assert field in UNDECIDED
    spec = project.credential(UNDECIDED.replace(field, value) if field else UNDECIDED)
    assert sorted(ids(run, spec, "--require-secrets")) == expected


def test_while_the_flow_is_undecided_no_check_of_one_flow_runs(project: Project, run: Run) -> None:
    done = run("doctor", project.credential(UNDECIDED), "--format", "json")
    unrun = {entry["check"] for entry in json.loads(done.out)["not_checked"]}
    assert {check.id for check in OF_FLOWS if isinstance(check.flow, str)} <= unrun


@pytest.mark.parametrize("env_file", ["", "  env_file: n8n.env\n", "  env_file: nowhere.env\n"])
@pytest.mark.parametrize("deployment", ["cloud", "null"])
def test_no_environment_file_changes_what_n8n_cloud_calls_back(
    project: Project, run: Run, env_file: str, deployment: str
) -> None:
    """Its environment is n8n's own: a file that is left over from before says nothing."""
    project.material("n8n.env", "text:WEBHOOK_URL=https://old.acme.com/\n")
    wanted = [
        "https://oauth.n8n.cloud/oauth2/callback",
        "https://acme.app.n8n.cloud/rest/oauth2-credential/callback",
    ]
    head = f"n8n:\n  url: https://acme.app.n8n.cloud\n  deployment: {deployment}\n  version: 2.41.1\n{env_file}"

    def found(urls: list[str]) -> list[str]:
        app = f"app: {{ip_relaxation: bypass, callback_urls: [{', '.join(urls)}]}}\n"
        spec = project.credential(head + app, "oauth2")
        return ids(run, spec, "--ignore", "SFC005,SFC502")

    assert found(wanted) == []
    assert found(wanted[:1]) == found(wanted[1:]) == ["SFC304"]
    assert found(["https://old.acme.com/rest/oauth2-credential/callback"]) == ["SFC304"] * 2
    text = run("resolve", project.credential(head, "oauth2")).out
    assert [url in text for url in wanted] == [True, True]
    assert "old.acme.com" not in text


#: What a check says of one case or another: fragment, base, and of each finding its check, its
#: severity, and words of its message and of its hint.
CASES: list[tuple[str, str, list[tuple[str, str, str, str]]]] = [
    # scopes
    ("app: {scopes: ['api refresh_token']}\n", "jwt", [
        ("SFC201", "error", "is not the technical name", "a separate entry: `[api, refresh_token]`")]),
    ("app: {scopes: ['api,refresh_token;id']}\n", "oauth2", [
        ("SFC201", "error", "", "`[api, refresh_token, id]`")]),
    ("app: {scopes: [apii, refresh_token]}\n", "jwt", [
        ("SFC201", "error", "`apii` is not", "Did you mean `api`?")]),
    ("app: {scopes: [api, refresh_token, 'Access the identity URL service (id, profile, email, address, phone)']}\n", "jwt", [
        ("SFC201", "error", "", "Write `id`.")]),
    ("app: {scopes: [api, refresh_token, qqqqqqqqqqqqqqqq]}\n", "jwt", [
        ("SFC201", "error", "", "that Setup shows in brackets")]),
    ("app: {scopes: ['api qqqqqqqqqqqqqqqq', refresh_token]}\n", "jwt", [
        ("SFC204", "error", "", ""), ("SFC201", "error", "this is not", "")]),
    ("app: {scopes: [refresh_token]}\n", "jwt", [("SFC204", "error", "", "`api`")]),
    # usernames
    ("environment: production\nmy_domain: https://acme.my.salesforce.com\n", "jwt", [
        ("SFC108", "warning", "the org is production", "")]),
    ("environment: production\nmy_domain: https://acme.my.salesforce.com\njwt: {username: n8n@acme.com}\n", "jwt", []),
    ("environment: production\nmy_domain: null\n", "jwt", [("SFC106", "error", "", "")]),
    ("environment: production\nmy_domain: https://login.salesforce.com\n", "jwt", [("SFC106", "error", "", "")]),
    ("jwt: {username: n8n@acme.com.dev}\n", "jwt", [("SFC108", "warning", "usually end in .uat", "")]),
    # Consumer Keys
    (f"client_id: 3MVG9{'a' * 54}\n", "jwt", [("SFC110", "warning", "is probably cut off", "")]),
    (f"client_id: 3MVG9{'a' * 55}\n", "jwt", []),
    # PKCE
    ("n8n: {version: 1.84.3}\n", "oauth2", [("SFC508", "warning", "a new consent in n8n would fail", "1.85")]),
    ("n8n: {version: 1.84.3}\napp: {pkce_required: false}\n", "oauth2", []),
    ("n8n: {version: 1.84.3}\n", "jwt", [("SFC501", "error", "", "")]),
    # a My Domain that n8n doesn't know
    ("n8n: {version: 2.41.0}\nmy_domain: null\napp: {type: connected_app}\noauth2: {refresh_token: null}\n", "oauth2", [
        ("SFC106", "warning", "", "")]),
    ("n8n: {version: 2.41.0}\nmy_domain: https://test.salesforce.com\napp: {type: connected_app}\n", "oauth2", [
        ("SFC106", "warning", "", "")]),
    ("n8n: {version: 2.19.0}\nmy_domain: https://test.salesforce.com\napp: {type: connected_app}\n", "jwt", [
        ("SFC106", "warning", "", "")]),
    ("n8n: {version: 2.41.0}\n", "jwt", []),
    # an External Client App: the general hosts refuse it in the JWT flow only
    ("n8n: {version: 2.41.0}\n", "oauth2", [("SFC502", "warning", "only allows logins at its My Domain", "Policies")]),
    ("n8n: {version: 2.41.0, deployment: cloud, url: https://acme.app.n8n.cloud}\napp: {ip_relaxation: bypass, callback_urls: [https://oauth.n8n.cloud/oauth2/callback, https://acme.app.n8n.cloud/rest/oauth2-credential/callback]}\n", "oauth2", [
        ("SFC502", "warning", "", "on n8n Cloud, nothing else sets the address")]),
    ("n8n: {version: 2.41.0}\nmy_domain: null\noauth2: {refresh_token: null}\n", "oauth2", [
        ("SFC106", "warning", "only allows logins at its My Domain", "")]),
    ("n8n: {version: 2.40.7}\nmy_domain: https://test.salesforce.com\n", "oauth2", [("SFC106", "warning", "", "")]),
    ("my_domain: https://test.salesforce.com\n", "jwt", [("SFC106", "error", "usually refuses", "")]),
    # secrets
    ("oauth2: {refresh_token: {file: nowhere}}\n", "oauth2", [
        ("SFC005", "warning", "oauth2.refresh_token: ", "`sfcred login acme.yaml`, which gets")]),
    ("oauth2: {client_secret: {file: nowhere}}\n", "oauth2", [("SFC005", "warning", "", "!login")]),
    ("oauth2: {refresh_token: {env: GONE}}\n", "oauth2", [("SFC005", "warning", "", "!login")]),
    ("jwt: {certificate: nowhere.crt}\n", "jwt", [
        ("SFC005", "warning", "jwt.certificate: the file nowhere.crt: no such file", "")]),
    ("n8n: {env_file: nowhere.env}\n", "jwt", [
        ("SFC005", "warning", "n8n.env_file: the file nowhere.env: no such file", "")]),
]  # fmt: skip


@pytest.mark.parametrize(("fragment", "base", "expected"), CASES)
def test_what_a_check_says(
    project: Project, run: Run, fragment: str, base: str, expected: list[tuple[str, str, str, str]]
) -> None:
    spec = project.credential(fragment, base)
    ignored = ("--ignore", "SFC203,SFC202,SFC504,SFC511,SFC512,SFC604")
    report = json.loads(run("doctor", spec, "--format", "json", *ignored).out)
    found = report["findings"]
    assert report["crashed"] == []
    said = [(one["check"], one["severity"]) for one in found]
    assert said == [(check, severity) for check, severity, _, _ in expected], found
    for one, (_, _, message, hint) in zip(found, expected, strict=True):
        assert message in one["message"]
        assert hint in one["hint"] if hint[:1] != "!" else hint[1:] not in one["hint"], one
        assert "None" not in one["message"] + one["hint"]


@pytest.mark.parametrize(("version", "check"), [("1.88.0", "SFC517"), ("1.80.0", "SFC508")])
def test_a_consent_that_cannot_get_into_n8n_cloud_is_given_there(
    project: Project, run: Run, version: str, check: str
) -> None:
    """Its API takes no login URLs, so somebody presses Connect although the spec has a token."""
    fragment = (
        "oauth2: {client_secret: {n8n: '$secrets.vault.acme'}}\napp: {pkce_required: true}\n"
        f"n8n: {{deployment: cloud, url: https://acme.app.n8n.cloud, version: '{version}'}}\n"
    )
    report = json.loads(
        run("doctor", project.credential(fragment, "oauth2"), "--format", "json").out
    )
    severities = {one["check"]: one["severity"] for one in report["findings"]}
    assert severities[check] == "error"


@pytest.mark.parametrize(("size", "found"), [(4096, []), (4097, ["SFC411"])])
def test_a_certificate_file_may_have_4096_bytes(
    project: Project, run: Run, size: int, found: list[str]
) -> None:
    spec = project.credential()
    content = Path("acme.crt").read_bytes()
    Path("acme.crt").write_bytes(content + b"\n" * (size - len(content)))
    assert [one for one in ids(run, spec) if one == "SFC411"] == found


@pytest.mark.parametrize(
    ("kind", "command"),
    [
        ("rsa-2048-encrypted", "`openssl pkey -in secrets/acme.key -out secrets/acme.new.key`"),
        ("rsa-2048-openssh", "`cp secrets/acme.key secrets/acme.new.key && ssh-keygen -p -m PEM"),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="the command is PowerShell's there")
def test_a_command_names_the_key_s_own_file(
    project: Project, run: Run, workshop: Workshop, kind: str, command: str
) -> None:
    Path("secrets").mkdir(mode=0o700)
    Path("secrets/acme.key").write_bytes(workshop.path(kind).read_bytes())
    spec = project.credential("jwt: {private_key: {file: secrets/acme.key}}\n")
    assert command in run("doctor", spec).out


def test_the_command_for_a_large_certificate_names_its_own_file(project: Project, run: Run) -> None:
    spec = project.credential()
    with Path("acme.crt").open("ab") as file:
        file.write(b"\n" * 4096)
    assert "`openssl x509 -in acme.crt -outform DER -out acme.der`" in run("doctor", spec).out
