"""The reports, read by independent programs, and the page, viewed in Chromium."""

import base64
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
from junitparser import Error, Failure, JUnitXml, Skipped
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait

from scripts.e2e_install import axe_home, sarif_schema, tool
from scripts.screenshots import ASSETS
from scripts.screenshots import main as make_pictures
from tests.e2e.fleet import make_fleet

HOSTILE = """\
version: 1
name: acme
environment: sandbox
client_id: x
my_domain: "https://evil.example\\n::set-output name=a::b\\n</script><script>document.title='owned'</script>"
description: "\\u0007 ]]> </testsuite> \\e[31m"
jwt:
  username: "\\"><img src=x onerror=document.title='owned'>"
  private_key: {file: "</title><script>document.title='owned'</script>"}
  certificate: "' onmouseover='document.title=1"
n8n: {url: "javascript:document.title='owned'"}
doctor: {ignore: {SFC206: "</details><script>document.title='owned'</script>"}}
"""
Doctor = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def doctor() -> Doctor:
    def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "sfcred", "doctor", *arguments],
            env={**os.environ, **variables}, capture_output=True, encoding="utf-8", check=False,
        )  # fmt: skip

    return run


@pytest.fixture
def fleet(tmp_path: Path) -> tuple[Path, dict[str, str]]:
    folder = tmp_path / "fleet"
    folder.mkdir()
    return folder, make_fleet(folder, 40)


def test_sarif_is_valid_and_read_by_sarif_tools(
    doctor: Doctor, fleet: tuple[Path, dict[str, str]]
) -> None:
    folder, variables = fleet
    (folder / "hostile.yaml").write_text(HOSTILE, encoding="utf-8")
    done = doctor(str(folder), "-o", "sarif=all.sarif", "-o", "json=all.json", **variables)
    assert done.returncode == 1, done.stderr
    document = json.loads(Path("all.sarif").read_text(encoding="utf-8"))
    jsonschema.validate(document, json.loads(sarif_schema().read_text(encoding="utf-8")))
    read = [str(tool("sarif"))]
    told = subprocess.run(
        [*read, "summary", "all.sarif"], capture_output=True, encoding="utf-8", check=True
    )
    found = json.loads(Path("all.json").read_text(encoding="utf-8"))["summary"]
    assert re.search(rf"\berror: {found['errors']}\b", told.stdout), told.stdout
    assert re.search(rf"\bwarning: {found['warnings']}\b", told.stdout)
    subprocess.run([*read, "csv", "all.sarif", "-o", "all.csv"], capture_output=True, check=True)
    assert "SFC104" in Path("all.csv").read_text(encoding="utf-8")
    addresses = {rule["helpUri"] for rule in document["runs"][0]["tool"]["driver"]["rules"]}
    assert all(address.startswith("https://") for address in addresses)


def test_junit_is_read_by_junitparser(doctor: Doctor, fleet: tuple[Path, dict[str, str]]) -> None:
    folder, variables = fleet
    (folder / "hostile.yaml").write_text(HOSTILE, encoding="utf-8")
    doctor(str(folder), "-o", "junit=all.xml", "-o", "json=all.json", **variables)
    suites = JUnitXml.fromfile("all.xml")
    report = json.loads(Path("all.json").read_text(encoding="utf-8"))
    kinds = [type(result) for suite in suites for case in suite for result in case.result]
    summary = report["summary"]
    assert kinds.count(Failure) == summary["errors"] + summary["warnings"] == suites.failures
    assert kinds.count(Error) == suites.errors
    assert kinds.count(Skipped) == suites.skipped > 0
    names = {suite.name for suite in suites}
    assert {"acme", "org-000"} <= names


# -- the page


class Page:
    """A report in the browser."""

    def __init__(self, browser: webdriver.Chrome, file: Path) -> None:
        self.browser = browser
        browser.get(file.as_uri())

    def axe(self) -> list[str]:
        """Return what axe-core finds against WCAG 2.2 AA and its own best practices."""
        # Inject it as a debugger does, because the page's policy allows no other script.
        source = (axe_home() / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
        self.browser.execute_cdp_cmd("Page.setBypassCSP", {"enabled": True})
        self.browser.refresh()
        self.browser.execute_script(source)
        found = self.browser.execute_async_script(
            "const done = arguments[0]; axe.run(document, {resultTypes: ['violations']}).then(r => done(r.violations));"
        )
        return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found]

    def shown(self) -> int:
        return int(
            self.browser.execute_script(
                "return [...document.querySelectorAll('.card')].filter(c => c.offsetHeight > 0).length"
            )
        )

    def troubles(self) -> list[str]:
        """Return the messages in the browser's console, such as blocked scripts and missing files."""
        return [str(entry) for entry in self.browser.get_log("browser")]  # type: ignore[no-untyped-call]

    def is_too_wide(self) -> bool:
        script = (
            "return document.documentElement.scrollWidth > document.documentElement.clientWidth"
        )
        return bool(self.browser.execute_script(script))


def looks(page: Page, *, scheme: str = "light", width: int = 1200, height: int = 900) -> None:
    """Set up the browser like a user's: light or dark, wide or a phone."""
    feature = {"name": "prefers-color-scheme", "value": scheme}
    page.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}
    page.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page for 500 credentials."""
    folder = tmp_path_factory.mktemp("large")
    variables = make_fleet(folder, 500)
    command = [sys.executable, "-m", "sfcred", "doctor", str(folder), "-o", f"html={folder}/r.html"]
    subprocess.run(command, env={**os.environ, **variables}, capture_output=True, check=False)
    return folder / "r.html"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1200, 375])
def test_the_page_is_accessible_and_fits(
    browser: webdriver.Chrome,
    fleet: tuple[Path, dict[str, str]],
    doctor: Doctor,
    scheme: str,
    width: int,
) -> None:
    folder, variables = fleet
    (folder / "hostile.yaml").write_text(HOSTILE, encoding="utf-8")
    doctor(str(folder), "-o", "html=r.html", **variables)
    page = Page(browser, Path("r.html").absolute())
    looks(page, scheme=scheme, width=width)
    assert page.axe() == []
    browser.find_element(By.ID, "open").click()
    assert page.axe() == []
    assert not page.is_too_wide()
    assert page.troubles() == []


@pytest.mark.parametrize("width", [375, 640, 1200])
def test_a_guide_has_room_for_its_values(
    browser: webdriver.Chrome, tmp_path: Path, width: int
) -> None:
    spec = """\
version: 1
name: acme
environment: production
my_domain: https://acmemanufacturing.my.salesforce.com
client_id: {env: ACME}
oauth2: {client_secret: {env: ACME_SECRET}}
app: {type: external_client_app, label: n8n, pkce_required: true}
n8n: {url: "https://n8n.acme.com", version: "2.41.1"}
"""
    (tmp_path / "acme.yaml").write_text(spec, encoding="utf-8")
    command = [sys.executable, "-m", "sfcred", "guide", f"{tmp_path}/acme.yaml"]
    subprocess.run([*command, "--format", "html", "-o", f"{tmp_path}/g.html"], check=True)
    page = Page(browser, tmp_path / "g.html")
    looks(page, width=width)
    values = browser.find_elements(By.TAG_NAME, "dd")
    assert "selected" in [value.text for value in values]
    assert all(value.size["width"] > 150 for value in values if value.text)
    assert not page.is_too_wide()


def test_hostile_specs_do_nothing(browser: webdriver.Chrome, doctor: Doctor) -> None:
    Path("credentials").mkdir()
    Path("credentials/hostile.yaml").write_text(HOSTILE, encoding="utf-8")
    Path("credentials/<img src=x onerror=document.title='owned'>.yaml").write_text(
        "x: [", encoding="utf-8"
    )
    Path("sfcred.toml").write_text(
        "[path_ignores.'<script>x</script>']\nSFC206 = '<b>why</b>'\n", encoding="utf-8"
    )
    done = doctor("-o", "html=r.html")
    assert done.returncode == 1, done.stderr
    page = Page(browser, Path("r.html").absolute())
    browser.find_element(By.ID, "open").click()
    for card in browser.find_elements(By.CSS_SELECTOR, ".card"):
        card.find_element(By.TAG_NAME, "h3").click()
    assert browser.title.startswith("sfcred doctor: ")
    assert browser.find_elements(By.CSS_SELECTOR, "img, iframe, main script") == []
    assert page.troubles() == []
    links = {link.get_attribute("href") or "" for link in browser.find_elements(By.TAG_NAME, "a")}
    assert {link.partition(":")[0] for link in links} <= {"https", "file"}


def test_500_credentials_are_searched(browser: webdriver.Chrome, large: Path) -> None:
    page = Page(browser, large)
    assert page.shown() == 500
    assert large.stat().st_size < 3_000_000
    search = browser.find_element(By.NAME, "q")
    search.send_keys("org-123")
    assert page.shown() == 1
    assert browser.find_element(By.ID, "shown").text == "1 of 500 cards"
    # The address contains what is shown, so it can be shared.
    browser.get(browser.current_url)
    browser.refresh()
    assert page.shown() == 1
    browser.find_element(By.CSS_SELECTOR, "button[type=reset]").click()
    WebDriverWait(browser, 5).until(lambda _browser: page.shown() == 500)
    browser.find_element(By.CSS_SELECTOR, "a[data-check=SFC104]").send_keys(Keys.ENTER)
    WebDriverWait(browser, 5).until(lambda _browser: page.shown() < 100)
    counted = browser.find_element(By.CSS_SELECTOR, "a[data-check=SFC104] ~ .number").text
    assert f"{page.shown()} errors" == counted
    assert page.troubles() == []


def test_without_scripts_everything_is_there(browser: webdriver.Chrome, large: Path) -> None:
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    browser.get(large.as_uri())
    assert len(browser.find_elements(By.CSS_SELECTOR, ".card")) == 500
    assert not browser.find_element(By.ID, "filters").is_displayed()


def printed_pages(browser: webdriver.Chrome) -> int:
    """Return the number of pages (A4) that the browser prints."""
    paper = {"paperWidth": 8.27, "paperHeight": 11.69}
    data = base64.b64decode(browser.execute_cdp_cmd("Page.printToPDF", paper)["data"])
    return len(re.findall(rb"/Type\s*/Page\b", data))


def test_a_fleet_of_20_is_printed_on_two_pages(
    browser: webdriver.Chrome, tmp_path: Path, doctor: Doctor
) -> None:
    folder = tmp_path / "twenty"
    folder.mkdir()
    variables = make_fleet(folder, 20)
    doctor(str(folder), "-o", "html=r.html", **variables)
    Page(browser, Path("r.html").absolute())
    assert printed_pages(browser) <= 2
    rows = browser.find_elements(By.CSS_SELECTOR, ".card .printed")
    texts = [str(row.get_attribute("textContent")) for row in rows]
    assert len(texts) == 20
    assert any(re.search(r"SFC\d+.*Certificate until 20\d\d-\d\d-\d\d", text) for text in texts)
    # Whoever wants everything opens all cards first.
    browser.find_element(By.ID, "open").click()
    assert printed_pages(browser) > 10
    browser.find_element(By.ID, "close").click()
    assert printed_pages(browser) <= 2


def test_what_to_do_comes_first_and_leads_to_the_cards(
    browser: webdriver.Chrome, large: Path
) -> None:
    Page(browser, large)
    headings = [one.text for one in browser.find_elements(By.TAG_NAME, "h2")]
    assert headings[0] == "What to do"
    statuses = [
        one.text
        for one in browser.find_elements(By.CSS_SELECTOR, ".todo:first-of-type > li .badge")
    ]
    order = ["error", "not checked", "warning"]
    assert [one for one in statuses if one] == sorted(filter(None, statuses), key=order.index)
    link = browser.find_element(By.CSS_SELECTOR, ".todo .card-link")
    card = browser.find_element(By.ID, str(link.get_attribute("href")).rpartition("#")[2])
    assert card.get_attribute("open") is None
    link.send_keys(Keys.ENTER)
    assert card.get_attribute("open") is not None
    assert browser.switch_to.active_element == card.find_element(By.TAG_NAME, "summary")


def test_the_address_leads_to_filters_or_to_a_card(browser: webdriver.Chrome, large: Path) -> None:
    page = Page(browser, large)
    browser.get(f"{large.as_uri()}#?q=org-123")
    WebDriverWait(browser, 5).until(lambda _browser: page.shown() == 1)
    # A link to a card leaves the filters in the address.
    browser.find_element(By.CSS_SELECTOR, ".todo .card-link").send_keys(Keys.ENTER)
    assert browser.current_url.endswith("#?q=org-123")
    browser.get(f"{large.as_uri()}#card-499")
    card = browser.find_element(By.ID, "card-499")
    WebDriverWait(browser, 5).until(lambda _browser: card.get_attribute("open") is not None)


def test_with_nothing_wrong_and_with_nothing_at_all(
    browser: webdriver.Chrome, doctor: Doctor, tmp_path: Path
) -> None:
    Path("empty.yaml").write_text("", encoding="utf-8")
    doctor("empty.yaml", "-o", "html=empty.html")
    page = Page(browser, Path("empty.html").absolute())
    assert "the file is empty" in browser.find_element(By.TAG_NAME, "main").text
    assert page.axe() == []
    Path("sound.yaml").write_text(
        "version: 1\nname: a\nenvironment: production\nmy_domain: https://acme.my.salesforce.com\n"
        "client_id: {n8n: $secrets.v.id}\noauth2: {client_secret: {n8n: $secrets.v.s}}\n"
        'n8n: {url: https://n8n.acme.com, version: "2.40.5"}\n', encoding="utf-8"
    )  # fmt: skip
    doctor("sound.yaml", "--select", "SFC1", "-o", "html=sound.html")
    page = Page(browser, Path("sound.html").absolute())
    assert "1 without findings" in browser.find_element(By.TAG_NAME, "main").text
    assert page.axe() == []


# -- the documentation's pictures


def test_the_pictures_can_be_made_again(tmp_path: Path) -> None:
    assert make_pictures(tmp_path) == 0
    for name, width in (("report.png", 1000), ("report-phone.png", 390)):
        for folder in (tmp_path, ASSETS):
            content = (folder / name).read_bytes()
            assert content.startswith(b"\x89PNG")
            assert int.from_bytes(content[16:20]) == width
    assert sum(file.stat().st_size for file in ASSETS.iterdir()) < 200_000
