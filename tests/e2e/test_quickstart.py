"""docs/quickstart.md, word for word: its commands, in an empty folder, with a real n8n."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.generate import ROOT
from tests.e2e.n8n import N8n, has_record
from tests.e2e.org import Org
from tests.helpers.project import CONSUMER_KEY

PAGE = ROOT / "docs/quickstart.md"
MY_DOMAIN = "https://acme--uat.sandbox.my.salesforce.com"


def commands() -> list[str]:
    blocks = re.findall(r"```console\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line]


class Walk:
    """A person who follows the page, with the local org as the org."""

    def __init__(self, folder: Path, org: Org, n8n: N8n) -> None:
        self.folder = folder
        self.org = org
        self.n8n = n8n
        self.environ = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder.parent),
            "SFCRED_ALLOW_HOSTS": org.host,
        }
        self.said: dict[str, str] = {}

    def go(self, line: str) -> None:
        program, *arguments = shlex.split(line)
        if program == "export":
            name, _, _value = arguments[0].partition("=")
            self.environ[name] = CONSUMER_KEY
            self.org.know([self.folder / "credentials/acme-crm.yaml"], self.environ)
        elif program == "n8n":
            assert arguments[0] == "import:credentials"
            path = self.folder / arguments[1].removeprefix("--input=")
            self.n8n.import_credentials(path, number=1)
        else:
            command = [sys.executable, "-m", "sfcred"] if program == "sfcred" else [program]
            done = subprocess.run(
                [*command, *arguments],
                cwd=self.folder, env=self.environ, capture_output=True, text=True, check=False,
                stdin=subprocess.DEVNULL,
            )  # fmt: skip
            assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
            self.said[" ".join([program, *arguments[:2]])] = done.stdout
        if arguments[:1] == ["init"]:
            self._move_to_the_local_org()

    def _move_to_the_local_org(self) -> None:
        """Use the org on this machine from here on: the only thing that the page can't provide."""
        spec = self.folder / "credentials/acme-crm.yaml"
        text = spec.read_text()
        assert MY_DOMAIN in text
        spec.write_text(text.replace(MY_DOMAIN, self.org.url))


def test_the_page_s_commands_lead_to_a_workflow_that_runs(
    org: Org, n8n: N8n, tmp_path: Path
) -> None:
    import json

    folder = tmp_path / "project"
    folder.mkdir()
    subprocess.run(["git", "init", "--quiet"], cwd=folder, check=True)
    walk = Walk(folder, org, n8n)
    lines = commands()
    assert [line.split()[1] for line in lines if line.startswith("sfcred")] == [
        "init", "keygen", "guide", "app", "doctor", "doctor", "render",
    ]  # fmt: skip
    entry = {}
    for line in lines:
        if line.startswith("rm "):
            (entry,) = json.loads((folder / "rendered/credentials.json").read_text())
        walk.go(line)
    assert "1 logged in" in walk.said["sfcred doctor --live"]
    assert has_record(n8n.run_query(entry, "quickstart"))

    tracked = subprocess.run(
        ["git", "status", "--porcelain", "--untracked-files=all"],
        cwd=folder, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert "credentials/acme-crm.yaml" in tracked
    assert "certs/acme-crm.crt" in tracked
    for hidden in ("secrets/", "salesforce/", "rendered/"):
        assert hidden not in tracked


@pytest.mark.parametrize("word", ["ACME_CRM_CLIENT_ID", "certs/acme-crm.crt", "secrets/acme-crm.key"])  # fmt: skip
def test_the_page_names_what_init_writes(word: str) -> None:
    assert word in PAGE.read_text(encoding="utf-8")
