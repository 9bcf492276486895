"""The contract that every check has to fulfil, including new ones."""

import re
import sys
from collections.abc import Callable, Iterator
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
from sfcred.findings import Report, Severity
from sfcred.redact import looks_secret
from tests.conftest import Outcome
from tests.examples import examine_example
from tests.project import BASES, ENVIRON, Project

Run = Callable[..., Outcome]
ROOT = Path(__file__).parents[1]

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
        12: "ignore-unused",
        114: "outside-org-hosts",
        701: "app-not-there app-scopes app-callbacks app-certificate app-policy app-security",
        901: "unreachable clock-skew login-refused wrong-org wrong-environment wrong-user "
        "granted-scopes audience-split consent-needed api-refused authority-redirects",
    },
}

EVERY = pytest.mark.parametrize("check", all_checks(), ids=lambda check: check.id)


def found(report: Report, check: AnyCheck) -> list[str]:
    assert not report.crashes, report.crashes
    if Trait.ABOUT_THE_VISIT in check.traits:  # a reason, not a finding
        return [skipped.reason for skipped in report.not_run if check.id in skipped.checks]
    return [finding.message for finding in report.findings if finding.check == check.id]


def test_the_catalogue_is_the_design_s() -> None:
    expected = {
        f"SFC{first + offset:03}": (name, version)
        for version, chapters in RELEASED.items()
        for first, names in chapters.items()
        for offset, name in enumerate(names.split())
    }
    assert {check.id: (check.name, check.since) for check in all_checks()} == expected


@pytest.mark.parametrize("since", RELEASED)
def test_the_changelog_has_the_version_or_it_is_to_come(since: str) -> None:
    released = re.findall(r"^## \[([0-9.]+)\]", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert since in released or _numbers(since) > max(map(_numbers, released))


def _numbers(version: str) -> list[int]:
    return [int(part) for part in version.split(".")]


@pytest.mark.parametrize("base", BASES)
def test_the_base_specs_are_clean(project: Project, base: str) -> None:
    report = examine_example(project, Example("description: nothing is wrong\n", base=base))  # type: ignore[arg-type]
    assert report.findings == []
    assert report.crashes == []
    assert report.not_run == []


@EVERY
def test_the_bad_example_is_found(check: AnyCheck, project: Project) -> None:
    assert found(examine_example(project, check.bad), check)


@EVERY
def test_the_near_miss_is_not_found(check: AnyCheck, project: Project) -> None:
    assert found(examine_example(project, check.good), check) == []


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
def test_the_page_says_what_why_how_and_whence(check: AnyCheck) -> None:
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
    Path("export.json").write_text("[]")
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
    listed, page = run("explain").out, (ROOT / "docs/checks/index.md").read_text()
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
