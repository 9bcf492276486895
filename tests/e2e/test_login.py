"""`sfcred login` against the local org, step by step and with a real browser."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.conftest import Bench
from tests.e2e.org import Org
from tests.helpers.ports import free_port
from tests.helpers.project import CONSUMER_KEY, CONSUMER_SECRET

SPEC = """\
version: 1
name: {name}
environment: sandbox
my_domain: {my_domain}
client_id: {{env: KEY}}
oauth2:
  client_secret: {{env: SECRET}}
  refresh_token: {{{place}}}
app:
  type: external_client_app
  label: n8n
  scopes: [api, refresh_token]
  callback_urls:
    - https://n8n.acme.com/rest/oauth2-credential/callback
    - http://localhost:{port}/OauthRedirect
  {more}
n8n: {{url: "https://n8n.acme.com", version: "2.40.5"}}
"""


class Case:
    """A spec that waits for its consent."""

    def __init__(self, bench: Bench, org: Org, folder: Path) -> None:
        self.bench = bench
        self.org = org
        self.folder = folder
        self.port = free_port()
        #: Where logins go, instead of to the org that the spec names.
        self.rehearse = ("--local-org", org.url)
        self.my_domain = "https://acme--uat.sandbox.my.salesforce.com"
        self.environ = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "KEY": CONSUMER_KEY,
            "SECRET": CONSUMER_SECRET,
        }

    def spec(self, place: str = "file: token", more: str = "pkce_required: true") -> Path:
        """Write the spec, and let the org know it."""
        path = self.folder / "acme.yaml"
        text = SPEC.format(
            name="acme", my_domain=self.my_domain, place=place, port=self.port, more=more
        )
        path.write_text(text, encoding="utf-8")
        self.org.know([path], self.environ)
        return path

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "sfcred", *arguments, *self.rehearse]

    def be_the_spec_s_org(self) -> None:
        """Let the spec name the local org, so that its token is the one that belongs there."""
        self.rehearse = ("--allow-host", self.org.host)
        self.my_domain = self.org.url

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run a command that ends by itself."""
        return subprocess.run(
            self.command(*arguments),
            cwd=self.folder, env=self.environ, capture_output=True, encoding="utf-8", check=False,
            timeout=60,
        )  # fmt: skip

    @contextmanager
    def login(self, *options: str) -> Iterator["Login"]:
        """Run `sfcred login` until it waits for the browser."""
        process = subprocess.Popen(
            self.command("login", "acme.yaml", "--no-browser", *options),
            cwd=self.folder, env=self.environ, encoding="utf-8",
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        assert process.stderr is not None
        first = process.stderr.readline()
        found = re.search(r"open in your browser: (\S+)", first)
        assert found, first + process.stderr.read()
        try:
            yield Login(process, found[1])
        finally:
            process.kill()
            process.communicate()


class Login:
    """A login in progress: its process, and the address where the browser starts."""

    def __init__(self, process: "subprocess.Popen[str]", start_url: str) -> None:
        self.process = process
        self.start_url = start_url

    def end(self) -> tuple[int, str]:
        """Return the exit status and the output."""
        out, err = self.process.communicate(timeout=30)
        assert out == ""
        return self.process.returncode, err


def visit(url: str, form: dict[str, str] | None = None) -> tuple[str, str]:
    """Return a page and its address, after following redirects."""
    data = urllib.parse.urlencode(form).encode() if form else None
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data), timeout=30) as answer:
            return answer.read().decode(), answer.url
    except urllib.error.HTTPError as error:
        return error.read().decode(), url


def ticket_of(page: str) -> str:
    return page.partition('name="ticket" value="')[2].partition('"')[0]


def consent(org: Org, start_url: str, decision: str = "allow") -> str:
    """Log in and answer the consent page, and return the last page."""
    page, _ = visit(start_url)
    form = {"ticket": ticket_of(page), "username": "ada", "password": "x"}
    page, _ = visit(f"{org.url}/_local/login", form)
    form = {"ticket": ticket_of(page), "decision": decision}
    return visit(f"{org.url}/_local/consent", form)[0]


@pytest.fixture
def case(bench: Bench, org: Org, tmp_path: Path) -> Iterator[Case]:
    folder = tmp_path / "project"
    folder.mkdir()
    yield Case(bench, org, folder)
    org.refuse("")


@pytest.mark.parametrize(("place", "file"), [("file: token", "token"), ("dotenv: TOKEN", ".env")])
def test_a_consent_is_stored_works_and_is_rendered(case: Case, place: str, file: str) -> None:
    case.be_the_spec_s_org()
    case.spec(place)
    with case.login() as login:
        assert CONSUMER_KEY not in login.start_url
        page = consent(case.org, login.start_url)
        status, said = login.end()
    assert status == 0, said
    assert "<h1>Rehearsed</h1>" in page
    stored = case.folder / file
    assert stored.stat().st_mode & 0o777 == 0o600
    token = re.search(r"5Aep861[\w-]+", stored.read_text(encoding="utf-8"))
    assert token is not None
    assert token[0] not in said + page
    assert "next: sfcred doctor acme.yaml --live" in said

    doctor = case.run("doctor", "acme.yaml", "--live", "--format", "json")
    report = json.loads(doctor.stdout)
    assert (doctor.returncode, report["findings"]) == (0, []), doctor
    assert report["summary"]["logged_in"] == 1

    case.environ["SFCRED_ALLOW_HOSTS"] = case.org.host
    rendered = subprocess.run(
        [sys.executable, "-m", "sfcred", "render", "acme.yaml", "-o", "out.json"],
        cwd=case.folder, env=case.environ, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert rendered.returncode == 0, rendered.stderr
    (entry,) = json.loads((case.folder / "out.json").read_text(encoding="utf-8"))
    assert entry["data"]["oauthTokenData"]["refresh_token"] == token[0]


def nothing_stored(case: Case) -> bool:
    return not (case.folder / "token").exists()


@pytest.mark.parametrize("more", [(), ("--force",)])
@pytest.mark.parametrize("kept", ["", "5Aep861real"])
def test_a_rehearsal_leaves_a_real_token_alone(
    case: Case, kept: str, more: tuple[str, ...]
) -> None:
    case.spec()
    if kept:
        (case.folder / "token").write_text(kept, encoding="utf-8")
    files = {path.name for path in case.folder.iterdir()}
    with case.login(*more) as login:
        page = consent(case.org, login.start_url)
        status, said = login.end()
    assert status == 0, said
    assert {path.name for path in case.folder.iterdir()} == files
    assert "nothing is connected" in said
    assert "<h1>Rehearsed</h1>" in page
    if kept:
        assert (case.folder / "token").read_text(encoding="utf-8") == kept
        assert "the token in file token stays as it is" in said
        assert "next: sfcred doctor acme.yaml --live" in said
    else:
        assert "nothing was stored in file token" in said
        assert "next: sfcred login acme.yaml" in said


def test_deny(case: Case) -> None:
    case.spec()
    with case.login() as login:
        page = consent(case.org, login.start_url, "deny")
        status, said = login.end()
    assert status == 1
    assert "clicked Deny" in said
    assert "<h1>Not connected</h1>" in page
    assert nothing_stored(case)


def test_wrong_org(case: Case) -> None:
    spec = case.spec()
    spec.write_text(
        spec.read_text(encoding="utf-8").replace(
            "label: n8n", "label: n8n\n  org_id: 00D000000000009"
        ),
        encoding="utf-8",
    )
    with case.login() as login:
        page = consent(case.org, login.start_url)
        status, said = login.end()
    assert status == 1
    assert "nothing was stored" in said
    assert "If the sandbox was refreshed" in page
    assert nothing_stored(case)


def test_refused_at_the_token_endpoint(case: Case) -> None:
    case.spec()
    with case.login() as login:
        page, _ = visit(login.start_url)
        form = {"ticket": ticket_of(page), "username": "ada"}
        page, _ = visit(f"{case.org.url}/_local/login", form)
        case.org.refuse("client-secret-wrong")
        visit(f"{case.org.url}/_local/consent", {"ticket": ticket_of(page), "decision": "allow"})
        status, said = login.end()
    assert status == 1
    assert "most likely this local org has another Consumer Secret" in said
    assert "the Consumer Secret is wrong" in said
    assert nothing_stored(case)


def test_another_login_s_page_does_not_end_it(case: Case) -> None:
    case.spec()
    with case.login() as login:
        callback = f"http://localhost:{case.port}/OauthRedirect"
        page, _ = visit(f"{callback}?code=aPrxForeign&state=foreign")
        assert "Wrong login" in page
        assert "Rehearsed" in consent(case.org, login.start_url)
        status, _said = login.end()
    assert status == 0


def test_nobody_comes(case: Case) -> None:
    case.spec()
    with case.login("--timeout", "10") as login:
        status, said = login.end()
    assert status == 1
    assert "the login was not finished within 10 seconds" in said
    assert nothing_stored(case)


def test_ctrl_c(case: Case) -> None:
    case.spec()
    with case.login() as login:
        login.process.send_signal(signal.SIGINT)
        status, said = login.end()
    assert status == 130
    assert "Traceback" not in said
    assert nothing_stored(case)


def test_a_busy_port(case: Case) -> None:
    case.spec()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", case.port))
        taken.listen()
        done = case.run("login", "acme.yaml", "--no-browser")
    assert done.returncode == 2
    assert f", port {case.port}: " in done.stderr
    assert "--port" in done.stderr


# -- with a real browser


@pytest.mark.parametrize(("button", "title"), [("allow", "Rehearsed"), ("deny", "Not connected")])
def test_in_chromium(case: Case, browser: object, button: str, title: str) -> None:
    from selenium.webdriver.common.by import By
    from selenium.webdriver.remote.webdriver import WebDriver
    from selenium.webdriver.support.wait import WebDriverWait

    assert isinstance(browser, WebDriver)
    case.spec()
    with case.login() as login:
        wait = WebDriverWait(browser, 20)
        browser.get(login.start_url)
        shoot(browser, f"{button}-1-login")
        assert "This is not Salesforce" in browser.page_source
        browser.find_element(By.ID, "login").click()
        wait.until(lambda driver: driver.title.startswith("Allow access?"))
        shoot(browser, f"{button}-2-consent")
        assert "Manage user data via APIs (api)" in browser.page_source
        browser.find_element(By.ID, button).click()
        wait.until(lambda driver: driver.title == f"sfcred: {title}")
        shoot(browser, f"{button}-3-end")
        status, said = login.end()
    assert status == (0 if button == "allow" else 1), said
    assert nothing_stored(case)
    # The browser's last address contains the code, which is used up by now.
    assert CONSUMER_SECRET not in browser.page_source


def shoot(browser: object, name: str) -> None:
    """Save a screenshot for people to check, if SFCRED_E2E_SCREENSHOTS names a folder."""
    folder = os.environ.get("SFCRED_E2E_SCREENSHOTS")
    if folder:
        browser.save_screenshot(f"{folder}/{name}.png")  # type: ignore[attr-defined]


def test_the_local_org_s_own_form_works_in_a_browser(org: Org, browser: object) -> None:
    from selenium.webdriver.common.by import By
    from selenium.webdriver.remote.webdriver import WebDriver
    from selenium.webdriver.support.select import Select
    from selenium.webdriver.support.ui import WebDriverWait

    assert isinstance(browser, WebDriver)
    for host in ("127.0.0.1", "localhost"):
        browser.get(org.url.replace("127.0.0.1", host))
        Select(browser.find_element(By.NAME, "name")).select_by_index(1)
        browser.find_element(By.TAG_NAME, "button").click()
        WebDriverWait(browser, 10).until(
            lambda driver: "Logins are refused now" in driver.page_source
        )
        assert "Local org" in browser.page_source
        assert '"refuse": ""' not in visit(f"{org.url}/_local/state")[0]
        org.refuse("")


def test_a_foreign_page_changes_nothing_in_a_browser(
    org: Org, browser: object, tmp_path: Path
) -> None:
    from selenium.webdriver.remote.webdriver import WebDriver
    from selenium.webdriver.support.ui import WebDriverWait

    assert isinstance(browser, WebDriver)
    page = tmp_path / "evil.html"
    page.write_text(
        f"<form method=post action='{org.url}/_local/refuse'>"
        "<input name=name value=audience-invalid></form><script>document.forms[0].submit()</script>",
        encoding="utf-8",
    )
    browser.get(page.as_uri())
    WebDriverWait(browser, 10).until(lambda driver: driver.current_url.startswith(org.url))
    assert "only answers at its own address" in browser.page_source
    assert '"refuse": ""' in visit(f"{org.url}/_local/state")[0]
