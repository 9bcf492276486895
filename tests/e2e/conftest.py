"""What the end-to-end tests share: an org, keys, specs, the command, and an n8n."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scripts.e2e_install import cache
from tests.e2e.elsewhere import Elsewhere
from tests.e2e.n8n import ENCRYPTION_KEY, N8n, Running
from tests.e2e.org import Org
from tests.helpers.material import Workshop

OLD, NEW = "2.40.5", "2.41.1"

# The tests' home is an empty folder. The cache is in the user's home.
os.environ.setdefault("SFCRED_E2E_CACHE", str(cache()))


@pytest.fixture(autouse=True)
def _no_network() -> None:
    """Allow loopback, which the org and n8n need."""


class Bench:
    """A project folder in which `sfcred` runs as it does for a user."""

    def __init__(self, folder: Path, org: Org, workshop: Workshop) -> None:
        self.folder = folder
        self.org = org
        self.workshop = workshop
        self.variables: dict[str, str] = {}

    def write(self, name: str, text: str) -> Path:
        """Write a file of the project."""
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600)
        return path

    def sfcred(self, *arguments: str, status: int = 0) -> str:
        """Run the command and return its standard output. Fail on an unexpected exit status."""
        environ = {
            "PATH": os.environ["PATH"],
            "SFCRED_ALLOW_HOSTS": self.org.host,
            "N8N_ENCRYPTION_KEY": ENCRYPTION_KEY,
            "HOME": str(self.folder),
            **self.variables,
        }
        done = subprocess.run(
            [sys.executable, "-m", "sfcred", *arguments],
            cwd=self.folder, env=environ, capture_output=True, encoding="utf-8", check=False,
        )  # fmt: skip
        assert done.returncode == status, done.stdout + done.stderr
        return done.stdout

    def rendered(self, *arguments: str) -> list[dict[str, Any]]:
        """Return the parsed output of `sfcred render`, and let the org know these specs from now on."""
        self.org.know([Path(a) for a in arguments if a.endswith(".yaml")], self.variables)
        out = self.folder / "rendered.json"
        self.sfcred("render", *arguments, "-o", str(out), "--force")
        content = json.loads(out.read_text(encoding="utf-8"))
        assert isinstance(content, list)
        return content


@pytest.fixture(scope="session")
def org() -> Iterator[Org]:
    org = Org()
    yield org
    org.close()


@pytest.fixture(autouse=True)
def _behaving(org: Org) -> Iterator[None]:
    """End a rehearsed refusal after each test."""
    yield
    org.refuse("")


@pytest.fixture(scope="session")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    return Workshop(tmp_path_factory.mktemp("material"))


@pytest.fixture(scope="session")
def bench(tmp_path_factory: pytest.TempPathFactory, org: Org, workshop: Workshop) -> Bench:
    return Bench(tmp_path_factory.mktemp("project"), org, workshop)


@pytest.fixture(scope="session")
def n8n(tmp_path_factory: pytest.TempPathFactory) -> N8n:
    """The n8n that most tests share. Only one process of it runs at a time."""
    return N8n(OLD, tmp_path_factory.mktemp("n8n"))


@pytest.fixture(scope="module", params=[OLD, NEW])
def fresh(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    """An n8n of each version that is up while the tests of one module run."""
    n8n = N8n(request.param, tmp_path_factory.mktemp(f"fresh-{request.param}"))
    with n8n.serving() as client:
        yield Running(n8n, client)


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    server = Elsewhere()
    yield server
    server.close()


@pytest.fixture
def browser(chromium: Any) -> Iterator[object]:
    """A browser with a new tab, in which nothing is emulated yet."""
    first = chromium.current_window_handle
    chromium.switch_to.new_window("tab")
    yield chromium
    chromium.close()
    chromium.switch_to.window(first)


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    """Chromium, which the tests of one module share: it takes seconds to start."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for flag in (
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
        f"--user-data-dir={tmp_path_factory.mktemp('chromium')}", "--window-size=900,700",
    ):  # fmt: skip
        options.add_argument(flag)
    driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
    yield driver
    driver.quit()
