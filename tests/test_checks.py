"""The contract of the catalogue, over every check: whoever adds a file is held to it."""

import re

import pytest

from sfcred.checks import all_checks, find_check
from sfcred.checks.api import Check, Example
from sfcred.doctor import Report
from sfcred.redact import looks_secret
from tests.examples import examine_example
from tests.project import BASES, ENVIRON, Project

#: The checks of the design, by id: ids never change their meaning.
RELEASED = {
    1: "yaml-syntax schema duplicate-key inline-secret secret-unavailable duplicate-name "
    "duplicate-n8n-id secret-file-exposed secret-file-tracked secret-placeholder secret-mix-up "
    "ignore-unused",
    101: "flow-ambiguous flow-incomplete environment-mismatch not-an-authority not-salesforce "
    "generic-login-host my-domain-form username-environment username-form client-id-form "
    "client-id-shared",
    114: "outside-org-hosts",
    201: "scope-unknown refresh-scope-missing n8n-scope-missing api-scope-missing "
    "scope-redundant scope-broad",
    301: "callback-missing callback-near-miss callback-insecure callback-cloud n8n-url-form "
    "n8n-env-callback",
    401: "key-not-private key-encrypted key-algorithm key-openssh key-size key-damaged "
    "key-needs-repair certificate-mismatch certificate-expired certificate-expiring "
    "certificate-too-large certificate-holds-key certificate-weak",
    501: "n8n-ignores-my-domain n8n-ignores-urls n8n-id-form reconnect-on-import n8n-expression "
    "n8n-secret-writeback n8n-version-unknown pkce-unsupported",
    601: "not-pre-authorized nobody-assigned refresh-policy app-creation too-many-grants "
    "ip-relaxation-jwt ip-enforced-cloud refresh-policy-limited refresh-rotation app-name-form",
    701: "app-not-there app-scopes app-callbacks app-certificate app-policy app-security",
    901: "unreachable clock-skew login-refused wrong-org wrong-environment wrong-user "
    "granted-scopes audience-split consent-needed api-refused authority-redirects",
}

EVERY = pytest.mark.parametrize("check", all_checks(), ids=lambda check: check.id)


def found(report: Report, check: Check) -> list[str]:
    assert not report.crashes, report.crashes
    if check.id == "SFC901":  # never a finding, but a reason why something could not be checked
        return [skipped.reason for skipped in report.not_run if check.id in skipped.checks]
    return [finding.message for finding in report.findings if finding.check == check.id]


def test_the_catalogue_is_the_design_s() -> None:
    expected = {
        f"SFC{first + offset:03}": name
        for first, names in RELEASED.items()
        for offset, name in enumerate(names.split())
    }
    assert {check.id: check.name for check in all_checks()} == expected


@pytest.mark.parametrize("base", BASES)
def test_the_base_specs_are_clean(project: Project, base: str) -> None:
    report = examine_example(project, Example("description: nothing is wrong\n", base=base))  # type: ignore[arg-type]
    assert report.findings == []
    assert report.crashes == []
    assert report.not_run == []


@EVERY
def test_the_bad_example_is_found(check: Check, project: Project) -> None:
    assert found(examine_example(project, check.bad), check)


@EVERY
def test_the_near_miss_is_not_found(check: Check, project: Project) -> None:
    assert found(examine_example(project, check.good), check) == []


@EVERY
def test_a_finding_has_a_place_a_message_and_a_next_step(check: Check, project: Project) -> None:
    report = examine_example(project, check.bad)
    for finding in report.findings:
        if finding.check == check.id:
            assert finding.line >= 1
            assert finding.column >= 1
            assert len(finding.message) > 15
            assert len(finding.hint) > 10
            assert finding.hint.endswith((".", "`", "?", ")", ":"))


@EVERY
def test_no_secret_is_in_a_finding(check: Check, project: Project) -> None:
    report = examine_example(project, check.bad)
    secrets = [*ENVIRON.values(), *(v.removeprefix("text:") for v in check.bad.environ.values())]
    for finding in report.findings:
        for text in (finding.message, finding.hint, finding.excerpt):
            assert not looks_secret(text)
            assert not [secret for secret in secrets if len(secret) > 3 and secret in text]


@EVERY
def test_the_page_says_what_why_how_and_whence(check: Check) -> None:
    title, blank, *rest = check.page.splitlines()
    assert title.endswith(".")
    assert blank == ""
    text = "\n".join(rest)
    parts = ("**Finds**", "**Why it matters**", "**How to fix it**", "**Source**")
    assert [text.count(part) for part in parts] == [1, 1, 1, 1]
    assert [text.index(part) for part in parts] == sorted(text.index(part) for part in parts)


@EVERY
def test_what_it_follows_exists_and_comes_before(check: Check) -> None:
    assert re.fullmatch("SFC[0-9]{3}", check.id)
    for upstream in check.follows:
        assert find_check(upstream) is not None
        assert upstream != check.id
