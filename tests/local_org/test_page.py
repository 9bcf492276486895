"""The local org's page: what happened, what it was started with, and specs that change."""

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from sfcred.cli import local_org_run
from sfcred.cli.local_org_run import SpecWatch
from sfcred.local_org.app import make_app
from sfcred.local_org.options import ServerOptions
from sfcred.local_org.org import LocalOrg
from sfcred.local_org.registry import Registry
from tests.helpers.project import CONSUMER_KEY, CONSUMER_SECRET, REFRESH_TOKEN, Project
from tests.local_org.conftest import BASE, BEARER, Browser

Assertion = Callable[..., str]


def log(browser: Browser) -> list[tuple[str, ...]]:
    """Return the rows of the page's log without their times."""
    rows = re.findall(r"<tr><td>\d\d:\d\d:\d\d</td>(.*?)</tr>", browser.get("/").text)
    return [tuple(re.findall(r"<td[^>]*>(.*?)</td>", row)) for row in rows]


def test_the_log_has_logins_and_refusals_the_newest_first(
    browser: Browser, assertion: Assertion
) -> None:
    assert "Nobody has logged in yet" in browser.get("/").text
    browser.token({"grant_type": BEARER, "assertion": assertion()})
    browser.token({"grant_type": BEARER, "assertion": assertion(aud="https://evil.example")})
    browser.token(
        {"grant_type": "refresh_token", "refresh_token": REFRESH_TOKEN}, headers=browser.basic()
    )
    browser.token(
        {"grant_type": "refresh_token", "refresh_token": "5Aep861wrong"}, headers=browser.basic()
    )
    browser.token({"grant_type": BEARER, "assertion": "x"})
    assert log(browser) == [
        ("refused", "", "invalid_grant: invalid assertion"),
        ("refused", "acme-crm, acme-oauth", "invalid_grant: expired access/refresh token"),
        ("logged in", "acme-oauth", "Web server flow (a person consents)"),
        ("refused", "acme-crm, acme-oauth", "invalid_grant: audience is invalid"),
        ("logged in", "acme-crm", "JWT bearer flow (a key)"),
    ]  # fmt: skip


def test_the_log_has_what_the_login_page_refuses(browser: Browser) -> None:
    browser.authorize(redirect_uri="https://evil.example/")
    browser.decide("deny")
    assert log(browser) == [
        ("refused", "acme-oauth", "access_denied: end-user denied authorization"),
        (
            "refused",
            "acme-crm, acme-oauth",
            "redirect_uri_mismatch: redirect_uri must match configuration",
        ),
    ]


def test_the_page_shows_no_value_of_a_request(browser: Browser, assertion: Assertion) -> None:
    text = assertion()
    browser.token({"grant_type": BEARER, "assertion": text})
    browser.token(
        {"grant_type": "refresh_token", "refresh_token": "<script>x</script>"},
        headers=browser.basic(),
    )
    browser.token(
        {"grant_type": "<script>", "client_id": CONSUMER_KEY, "client_secret": CONSUMER_SECRET}
    )
    page = browser.get("/").text
    for secret in (text, CONSUMER_KEY, CONSUMER_SECRET, REFRESH_TOKEN, "<script>"):
        assert secret not in page


def test_the_log_keeps_the_last_ones_only(browser: Browser) -> None:
    for _ in range(60):
        browser.org.log.note("refused", "x")
    assert len(log(browser)) == 50


def test_the_page_shows_what_it_was_started_with(browser: Browser) -> None:
    started = (("Specs", "a <b> folder"), ("Latency", "100 ms"))
    browser.app = make_app(browser.org, ServerOptions(started_with=started))
    page = browser.get("/").text
    assert "<title>sfcred local org</title>" in page
    assert "<dt>Specs</dt><dd>a &lt;b&gt; folder</dd>" in page
    assert "<dd>100 ms</dd>" in page
    assert "local org - " not in page.lower()


# -- specs that change


class Watched:
    """An org whose page and logins read changed specs again."""

    def __init__(self, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(local_org_run, "_PAUSE", 0)
        monkeypatch.setattr(local_org_run, "_TIMES", 0)
        self.spec = project.credential("{}\n", "jwt", "specs/jwt.yaml")
        project.material("specs/acme.key", "rsa-2048")
        project.material("specs/acme.crt", "certificate")
        watch = SpecWatch((Path("specs"),), None)
        org = LocalOrg(watch.load(), BASE)
        self.browser = Browser(org)
        self.browser.app = make_app(org, ServerOptions(refresh=lambda: watch.refresh(org)))

    def rows(self) -> list[tuple[str, ...]]:
        return log(self.browser)


@pytest.fixture
def watched(project: Project, monkeypatch: pytest.MonkeyPatch) -> Watched:
    return Watched(project, monkeypatch)


def test_unchanged_specs_are_not_read_again(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SpecWatch, "load", lambda *_: pytest.fail("read again"))
    assert watched.rows() == []


@pytest.mark.parametrize(("seconds", "looks"), [(0.001, 8), (0.1, 2)])
def test_looking_takes_a_small_part_of_the_time(
    project: Project, monkeypatch: pytest.MonkeyPatch, seconds: float, looks: int
) -> None:
    """Each request waits for a look, and with a thousand specs it takes a tenth of a second."""
    project.credential("{}\n", "oauth2", "specs/oauth2.yaml")
    watch = SpecWatch((Path("specs"),), None)
    org = LocalOrg(watch.load(), BASE)
    now, looked, real = 1000.0, 0, SpecWatch._look

    def look(watch: SpecWatch, files: list[Path]) -> object:
        nonlocal now, looked
        now, looked = now + seconds, looked + 1
        return real(watch, files)

    monkeypatch.setattr(time, "monotonic", lambda: now)
    monkeypatch.setattr(SpecWatch, "_look", look)
    for _ in range(40):
        watch.refresh(org)
        now += 0.1
    assert looked == looks


def test_a_changed_spec_counts_at_the_next_login(watched: Watched, assertion: Assertion) -> None:
    form = {"grant_type": BEARER, "assertion": assertion(sub="other@acme.com.uat")}
    assert watched.browser.token(form).status_code == 400
    watched.spec.write_text(
        watched.spec.read_text(encoding="utf-8").replace("n8n@acme.com", "other@acme.com"),
        encoding="utf-8",
    )
    assert watched.browser.token(form).status_code == 200
    assert ("specs", "", "read again, because they were changed") in watched.rows()


def test_new_and_removed_specs_count(watched: Watched) -> None:
    other = watched.spec.with_name("other.yaml")
    other.write_text(
        watched.spec.read_text(encoding="utf-8").replace("acme-crm", "acme-other"), encoding="utf-8"
    )
    assert "acme-other" in watched.browser.get("/").text
    other.unlink()
    assert "acme-other" not in watched.browser.get("/").text


def test_a_new_certificate_counts(watched: Watched, project: Project, assertion: Assertion) -> None:
    text = assertion()
    Path("specs/acme.crt").write_text(project.workshop.text("certificate-other"), encoding="utf-8")
    reply = watched.browser.token({"grant_type": BEARER, "assertion": text})
    assert reply.json()["error_description"] == "invalid assertion"


@pytest.mark.parametrize("how", ["broken", "removed"])
def test_specs_that_can_t_be_read_leave_the_earlier_ones(
    watched: Watched, assertion: Assertion, how: str
) -> None:
    if how == "broken":
        watched.spec.write_text("version: [1\n", encoding="utf-8")
    else:
        watched.spec.unlink()
    assert [row[0] for row in watched.rows()] == ["specs"]
    (row,) = watched.rows()  # told once
    assert "can't be read again, so the earlier ones stay" in row[2].replace("&#39;", "'")
    reply = watched.browser.token({"grant_type": BEARER, "assertion": assertion()})
    assert reply.status_code == 200


def test_an_org_without_specs_to_watch_has_an_empty_page() -> None:
    page = Browser(LocalOrg(Registry((), ()), BASE)).get("/").text
    assert "Started with" not in page
