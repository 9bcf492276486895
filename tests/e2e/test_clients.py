"""Independent clients log in to the local org, and doctor agrees with them on what fails."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e import node
from tests.e2e.conftest import Bench
from tests.e2e.org import Org
from tests.helpers.project import CONSUMER_KEY

USERNAME = "n8n@acme.com.uat"
SPEC = """\
version: 1
name: client
environment: sandbox
my_domain: {url}
client_id: {{env: KEY}}
jwt:
  username: {username}
  private_key: {{file: client.key}}
  certificate: client.crt
app: {{type: external_client_app, scopes: [api, refresh_token], permission_sets: [n8n]}}
n8n: {{url: "https://n8n.acme.com", version: "2.40.5"}}
"""


class Clients:
    """The same key, used by several clients."""

    def __init__(self, bench: Bench, org: Org, folder: Path) -> None:
        self.bench = bench
        self.org = org
        self.folder = folder
        bench.variables = {"KEY": CONSUMER_KEY}
        bench.write("client.key", bench.workshop.text("rsa-2048"))
        bench.write("client.crt", bench.workshop.text("certificate"))
        self.spec = bench.write("client.yaml", SPEC.format(url=org.url, username=USERNAME))
        org.know([self.spec], bench.variables)

    def doctor(self, *, status: int) -> str:
        """Return doctor's findings about the spec."""
        return self.bench.sfcred("doctor", str(self.spec), "--live", status=status)

    def sf(self, key: str = "client.key") -> "subprocess.CompletedProcess[str]":
        """Log in with JWT through the Salesforce CLI."""
        return node.sf(
            "org", "login", "jwt", "--username", USERNAME, "--jwt-key-file", str(self.bench.folder / key),
            "--client-id", CONSUMER_KEY, "--instance-url", self.org.url,
            home=self.folder, cwd=self.folder,
        )  # fmt: skip

    def simple_salesforce(self, key: str = "client.key") -> "subprocess.CompletedProcess[str]":
        """Log in with JWT and run a query through simple-salesforce, in a separate process.

        simple-salesforce knows only hosts below salesforce.com, so its requests are redirected to this org.
        """
        code = """
import json, sys
import requests
from simple_salesforce import Salesforce
org, client_id, username, key = sys.argv[1:]
class Session(requests.Session):
    def request(self, method, url, **options):
        host = url.split('/')[2]
        return super().request(method, url.replace('https://' + host, org), **options)
session = Session()
salesforce = Salesforce(username=username, consumer_key=client_id, privatekey_file=key,
    domain='acme--uat.sandbox.my', session=session, version='59.0')
print(json.dumps(salesforce.query('SELECT Id, IsSandbox FROM Organization')['records']))
"""
        command = [sys.executable, "-c", code, self.org.url, CONSUMER_KEY, USERNAME]
        return subprocess.run(
            [*command, str(self.bench.folder / key)],
            capture_output=True, encoding="utf-8", check=False, timeout=60,
        )  # fmt: skip


@pytest.fixture
def clients(bench: Bench, org: Org, tmp_path: Path) -> Iterator[Clients]:
    yield Clients(bench, org, tmp_path)
    org.refuse("")


def test_the_salesforce_cli_logs_in(clients: Clients) -> None:
    done = clients.sf()
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)["result"]["username"] == USERNAME
    assert "1 logged in" in clients.doctor(status=0)


def test_simple_salesforce_logs_in(clients: Clients) -> None:
    spec = SPEC.format(url="https://acme--uat.sandbox.my.salesforce.com", username=USERNAME)
    clients.spec.write_text(spec, encoding="utf-8")
    clients.org.know([clients.spec], clients.bench.variables)
    done = clients.simple_salesforce()
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)[0]["IsSandbox"] is True


@pytest.mark.parametrize(
    ("refusal", "diagnosis"),
    [
        ("user-not-approved", "Permitted Users"),
        ("audience-invalid", "my_domain"),
        ("app-not-found", "Check that the org of `my_domain` has the app"),
        ("login-rate", "wait an hour"),
    ],
)
def test_where_the_cli_fails_doctor_knows_why(
    clients: Clients, refusal: str, diagnosis: str
) -> None:
    clients.org.refuse(refusal)
    done = clients.sf()
    assert done.returncode != 0
    assert diagnosis not in done.stdout
    said = clients.doctor(status=1)
    assert "SFC903" in said
    assert diagnosis in said


def test_the_wrong_key_fails_everywhere(clients: Clients) -> None:
    clients.bench.write("other.key", clients.bench.workshop.text("rsa-other"))
    assert clients.sf("other.key").returncode != 0
    assert "invalid assertion" in clients.simple_salesforce("other.key").stderr
    clients.bench.write("client.key", clients.bench.workshop.text("rsa-other"))
    said = clients.doctor(status=1)
    assert "SFC408" in said
    assert "follows from this: SFC903" in said
    assert "invalid_grant: invalid assertion" in said


def test_the_wrong_user(clients: Clients) -> None:
    clients.spec.write_text(
        SPEC.format(url=clients.org.url, username="ada@acme.com.uat"), encoding="utf-8"
    )
    said = clients.doctor(status=1)
    assert "invalid user" in said
    assert "Setup, Users" in said
