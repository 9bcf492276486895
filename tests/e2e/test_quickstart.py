"""docs/quickstart.md, word for word: its commands, in an empty folder, with a real n8n.

The walks on a terminal answer init's questions and log in through the browser's pages instead.
"""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pexpect
import pytest

from scripts.generate import ROOT
from tests.e2e.n8n import N8n, has_record
from tests.e2e.org import Org
from tests.e2e.test_login import consent
from tests.helpers.ports import free_port
from tests.helpers.project import CONSUMER_KEY, CONSUMER_SECRET

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
                cwd=self.folder, env=self.environ, capture_output=True, encoding="utf-8", check=False,
                stdin=subprocess.DEVNULL,
            )  # fmt: skip
            assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
            self.said[" ".join([program, *arguments[:2]])] = done.stdout
        if arguments[:1] == ["init"]:
            self.move_to_the_local_org()

    def terminal(self, *arguments: str) -> "pexpect.spawn[str]":
        """Start sfcred on a terminal."""
        return pexpect.spawn(
            sys.executable, ["-m", "sfcred", *arguments],
            cwd=str(self.folder), env=self.environ, encoding="utf-8", timeout=60,
            dimensions=(40, 200),
        )  # fmt: skip

    def answer(self, *answers: tuple[str, str]) -> None:
        """Run `sfcred init`, and answer its questions."""
        screen = self.terminal("init")
        for question, text in answers:
            screen.expect(question)
            screen.sendline(text)
        screen.expect("next:")
        screen.expect(pexpect.EOF)
        screen.close()
        assert screen.exitstatus == 0
        self.move_to_the_local_org()

    def move_to_the_local_org(self) -> None:
        """Use the org on this machine from here on: the only thing that the page can't provide."""
        spec = self.folder / "credentials/acme-crm.yaml"
        text = spec.read_text(encoding="utf-8")
        assert MY_DOMAIN in text
        spec.write_text(text.replace(MY_DOMAIN, self.org.url), encoding="utf-8")


def begin(org: Org, n8n: N8n, tmp_path: Path) -> Walk:
    folder = tmp_path / "project"
    folder.mkdir()
    subprocess.run(["git", "init", "--quiet"], cwd=folder, check=True)
    return Walk(folder, org, n8n)


def test_the_page_s_commands_lead_to_a_workflow_that_runs(
    org: Org, n8n: N8n, tmp_path: Path
) -> None:
    walk = begin(org, n8n, tmp_path)
    folder = walk.folder
    lines = commands()
    assert [line.split()[1] for line in lines if line.startswith("sfcred")] == [
        "init", "keygen", "guide", "app", "doctor", "doctor", "render",
    ]  # fmt: skip
    entry = {}
    for line in lines:
        if line.startswith("rm "):
            (entry,) = json.loads(
                (folder / "rendered/credentials.json").read_text(encoding="utf-8")
            )
        walk.go(line)
    assert "1 logged in" in walk.said["sfcred doctor --live"]
    assert has_record(n8n.run_query(entry, "quickstart"))

    tracked = subprocess.run(
        ["git", "status", "--porcelain", "--untracked-files=all"],
        cwd=folder, capture_output=True, encoding="utf-8", check=True,
    ).stdout  # fmt: skip
    assert "credentials/acme-crm.yaml" in tracked
    assert "certs/acme-crm.crt" in tracked
    for hidden in ("secrets/", "salesforce/", "rendered/"):
        assert hidden not in tracked


@pytest.mark.parametrize("word", ["ACME_CRM_CLIENT_ID", "certs/acme-crm.crt", "secrets/acme-crm.key"])  # fmt: skip
def test_the_page_names_what_init_writes(word: str) -> None:
    assert word in PAGE.read_text(encoding="utf-8")


# -- on a terminal


def test_init_s_questions_lead_to_a_workflow_that_runs(org: Org, n8n: N8n, tmp_path: Path) -> None:
    walk = begin(org, n8n, tmp_path)
    walk.answer(
        ("The org's address", "https://acme--uat.sandbox.lightning.force.com/lightning/setup"),
        (r"Use https://acme--uat.sandbox.my.salesforce.com\?", "y"),
        ("Name of the credential", "Acme CRM"),
        ("How n8n logs in", "JWT"),
        ("Salesforce username", "n8n@acme.com.uat"),
        ("contact e-mail", ""),
        ("n8n's address", "https://n8n.acme.com"),
        ("n8n's version", "v2.40.5"),
    )
    walk.go("sfcred keygen acme-crm")
    walk.go("export ACME_CRM_CLIENT_ID=x")
    walk.go("sfcred doctor")
    walk.go("sfcred doctor --live")
    assert "1 logged in" in walk.said["sfcred doctor --live"]
    walk.go("sfcred render")
    walk.go("n8n import:credentials --input=rendered/credentials.json")
    (entry,) = json.loads((walk.folder / "rendered/credentials.json").read_text(encoding="utf-8"))
    assert has_record(n8n.run_query(entry, "questions"))


def test_a_consent_leads_to_a_workflow_that_runs(org: Org, n8n: N8n, tmp_path: Path) -> None:
    walk = begin(org, n8n, tmp_path)
    walk.answer(
        ("The org's address", "acme--uat.sandbox.my.salesforce.com"),
        ("Name of the credential", "acme-crm"),
        ("How n8n logs in", "OAuth 2.0"),
        ("contact e-mail", "crm@acme.com"),
        ("n8n's address", "https://n8n.acme.com"),
        ("n8n's version", "2.40.5"),
    )
    spec = walk.folder / "credentials/acme-crm.yaml"
    spec.write_text(
        spec.read_text(encoding="utf-8").replace(":1717/", f":{free_port()}/"), encoding="utf-8"
    )
    walk.environ["ACME_CRM_CLIENT_SECRET"] = CONSUMER_SECRET
    walk.go("export ACME_CRM_CLIENT_ID=x")
    # First a rehearsal, which leaves nothing behind, then the login.
    for option in ("--local-org", org.url), ():
        assert not (walk.folder / "secrets/acme-crm.token").exists()
        screen = walk.terminal("login", "acme-crm", "--no-browser", *option)
        screen.expect(r"open in your browser: (\S+)")
        assert isinstance(screen.match, re.Match)
        assert "Rehearsed" in consent(org, screen.match[1])
        screen.expect("nothing was stored" if option else "stored the refresh token")
        screen.expect(pexpect.EOF)
        screen.close()
        assert screen.exitstatus == 0
    walk.go("sfcred doctor --live")
    assert "1 logged in" in walk.said["sfcred doctor --live"]
    walk.go("sfcred render")
    walk.go("n8n import:credentials --input=rendered/credentials.json")
    (entry,) = json.loads((walk.folder / "rendered/credentials.json").read_text(encoding="utf-8"))
    assert has_record(n8n.run_query(entry, "consented"))
