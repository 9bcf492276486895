"""Cloud clients start programs, but never one from the project, and never in its folder."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from requests import PreparedRequest

from tests.conftest import Outcome
from tests.helpers.systems import make_executable
from tests.secrets.conftest import Answer, serve

Run = Callable[..., Outcome]
VALUE = "3MVG9" + "aZ3kQ7xPwL0vN5mT" * 5
SPEC = """\
version: 1
name: acme-crm
environment: production
flow: oauth2
client_id: {%s}
oauth2:
  client_secret: {env: ACME_CLIENT_SECRET}
"""
ARN = "arn:aws:secretsmanager:{}:123456789012:secret:x"


@pytest.fixture
def mark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put programs of the project first on the PATH. They leave a mark."""
    mark = tmp_path / "called"
    names = ("az", "azd", "pwsh", "powershell", "gcloud", "credential-helper")
    for folder in (Path(), Path("bin")):
        folder.mkdir(exist_ok=True)
        for name in names:
            (folder / name).write_text(
                f"#!/bin/sh\necho {name} >> {mark}\nexit 1\n", encoding="utf-8"
            )
            make_executable(folder / name)
    path = ["", ".", "bin", str(Path("bin").absolute()), os.environ["PATH"]]
    monkeypatch.setenv("PATH", os.pathsep.join(path))
    return mark


def azure(request: PreparedRequest) -> Answer:
    if "Authorization" in request.headers:
        return Answer(200, {"value": VALUE, "id": "https://acme-vault.vault.azure.net/secrets/x/1"})
    challenge = 'Bearer authorization="https://login.microsoftonline.com/t", resource="https://vault.azure.net"'  # fmt: skip
    return Answer(401, {}, {"WWW-Authenticate": challenge})


def doctor(run: Run, reference: str) -> str:
    Path("acme.yaml").write_text(SPEC % reference, encoding="utf-8")
    done = run("doctor", "--require-secrets", "acme.yaml")
    assert "bug in sfcred" not in done.out + done.err
    return done.out


def test_azure_finds_no_program_of_the_project(
    run: Run, mark: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "dev")
    serve(monkeypatch, azure)
    assert "no login that it accepts" in doctor(run, "azure: acme-vault/x")
    assert not mark.exists()
    assert os.environ["PATH"].startswith(os.pathsep), "it is put back"


def test_azure_still_asks_the_person_s_own(
    run: Run, mark: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "AzureCliCredential")
    token = json.dumps({"accessToken": "t", "expires_on": 4102444800})
    own = tmp_path / "own/az"
    own.parent.mkdir()
    own.write_text(f"#!/bin/sh\necho '{token}'\n", encoding="utf-8")
    make_executable(own)
    monkeypatch.setenv("PATH", f"{os.environ['PATH']}{os.pathsep}{own.parent}")
    serve(monkeypatch, azure)
    assert "client_id" not in doctor(run, "azure: acme-vault/x").replace("client_id: {", "")
    assert not mark.exists()


def test_google_finds_no_program_of_the_project(
    run: Run, mark: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    login = {
        "type": "authorized_user",
        "client_id": "c",
        "client_secret": "s",
        "refresh_token": "r",
    }
    place = Path.home() / ".config/gcloud/application_default_credentials.json"
    place.parent.mkdir(parents=True)
    place.write_text(json.dumps(login), encoding="utf-8")
    serve(monkeypatch, lambda _request: Answer(400, {"error": "invalid_grant"}))
    assert "Google Secret Manager" in doctor(run, "gcp: projects/acme/secrets/x")
    assert not mark.exists()


def test_aws_finds_no_program_of_the_project(run: Run, mark: Path) -> None:
    config = Path.home() / ".aws/config"
    config.parent.mkdir()
    config.write_text(
        "[default]\nregion = eu-west-1\ncredential_process = credential-helper\n", encoding="utf-8"
    )
    assert "can't be started" in doctor(run, "aws: prod/acme")
    assert not mark.exists()


@pytest.mark.parametrize(
    "region", ["evil.example/x", "evil.example", "evil", "eu-west-1.evil", "x@y"]
)
def test_no_arn_chooses_a_host(run: Run, monkeypatch: pytest.MonkeyPatch, region: str) -> None:
    """The region in an ARN becomes part of the host's name."""
    hosts: list[str] = []
    from botocore.httpsession import URLLib3Session

    def send(_session: object, request: PreparedRequest) -> object:
        hosts.append(str(request.url))
        raise ConnectionError

    monkeypatch.setattr(URLLib3Session, "send", send)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    doctor(run, f"aws: '{ARN.format(region)}'")
    doctor(run, f"aws_ssm: '{ARN.format(region).replace('secretsmanager', 'ssm')}'")
    assert set(hosts) <= {
        "https://secretsmanager.eu-west-1.amazonaws.com/",
        "https://ssm.eu-west-1.amazonaws.com/",
    }


@pytest.mark.parametrize(
    "reference",
    [
        "azure: evil.com/x",
        "azure: 'evil.example#/x'",
        "azure: 'a@evil.example/x'",
        "azure: 'evil.example?a=/x'",
        "azure: 'evil:443/x'",
        "azure: 'evil\\n.example/x'",
        'azure: "acme\\u3002evil/x"',
        "vault: 'secret/../../x#y'",
        "vault: 'secret/%2e%2e/x#y'",
        "vault: '//evil.example/x#y'",
        "vault: 'secret/x?list=true#y'",
        "gcp: projects/a/../../secrets/x",
        "gcp: https://evil.example/projects/a/secrets/x",
        "onepassword: 'op://evil/x/y'",
        "onepassword: 'a/b?attribute=x'",
    ],
)
def test_no_locator_chooses_a_host(
    run: Run, monkeypatch: pytest.MonkeyPatch, reference: str
) -> None:
    asked: list[str] = []

    def server(request: PreparedRequest) -> Answer:
        asked.append(str(request.url))
        return azure(request)

    serve(monkeypatch, server)
    monkeypatch.setenv("VAULT_ADDR", "https://vault.acme.com")
    monkeypatch.setenv("VAULT_TOKEN", "canary")
    monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "dev")
    doctor(run, reference)
    assert asked == []


def test_the_keyring_loads_no_module_of_the_project(tmp_path: Path) -> None:
    """Its configuration names a module and is below XDG_CONFIG_HOME, whether relative or absolute."""
    mark = tmp_path / "called"
    folder = Path("conf/python_keyring")
    folder.mkdir(parents=True)
    (folder / "keyringrc.cfg").write_text(
        f"[backend]\ndefault-keyring = evil.Keyring\nkeyring-path = {Path.cwd()}/modules\n",
        encoding="utf-8",
    )
    Path("modules").mkdir()
    Path("modules/evil.py").write_text(f"open({str(mark)!r}, 'w')\n", encoding="utf-8")
    Path("acme.yaml").write_text(SPEC % "keyring: sfcred/acme", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "sfcred", "doctor", "--require-secrets", "acme.yaml"],
        env={**os.environ, "XDG_CONFIG_HOME": "conf"},
        check=False,
        capture_output=True,
        encoding="utf-8",
    )
    assert "is in the project, the working folder" in " ".join(done.stdout.split()), done
    assert not mark.exists()
