"""The search of the built site finds pages, in a real browser and without another server."""

import subprocess
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from scripts.generate import ROOT


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Keep the test's output free of requests."""


@pytest.fixture(scope="module")
def site() -> Path:
    subprocess.run(["make", "site"], cwd=ROOT, check=True, capture_output=True, timeout=300)
    return ROOT / "site" / "mkdocs"


@pytest.fixture
def address(site: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(site))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize(
    ("words", "page"),
    [
        ("SFC104", "checks/sfc104/"),
        ("user hasn't approved this consumer", "troubleshooting/"),
        ("externally-managed-environment", "install/"),
        ("integration user license", "guides/integration-user/"),
        ("sandbox refresh", "guides/sandbox-refresh/"),
    ],
)
def test_search_finds_the_page(address: str, browser: Any, words: str, page: str) -> None:
    from urllib.parse import quote_plus

    from selenium.webdriver.common.by import By
    from selenium.webdriver.support.ui import WebDriverWait

    browser.get(f"{address}/search.html?q={quote_plus(words)}")
    found = WebDriverWait(browser, 20).until(
        lambda page: page.find_elements(By.CSS_SELECTOR, "#mkdocs-search-results article a")
    )
    links = [link.get_attribute("href").removeprefix(f"{address}/") for link in found]
    assert any(link.startswith(page) for link in links[:10]), links
