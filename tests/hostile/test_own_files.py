"""If the home folder or a variable leads into the checkout, no file there counts as the user's own."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Outcome
from tests.helpers.project import Project
from tests.helpers.systems import make_executable

Run = Callable[..., Outcome]
KEY = {"recipient": "age1x", "enc": "-----BEGIN AGE ENCRYPTED FILE-----\nx\n-----END AGE ENCRYPTED FILE-----\n"}  # fmt: skip
KMS = {"arn": "arn:aws:kms:eu-west-1:123456789012:key/x", "created_at": "2026-01-01T00:00:00Z", "enc": "eA==", "aws_profile": ""}  # fmt: skip
TOLD = "is in the project, the working folder or a repository that contains them"


def doctor(*options: str, **environ: str) -> str:
    done = subprocess.run(
        [sys.executable, "-I", "-m", "sfcred", "doctor", "--require-secrets", *options],
        env={**os.environ, "AWS_EC2_METADATA_DISABLED": "true", **environ},
        capture_output=True, encoding="utf-8", check=False, stdin=subprocess.DEVNULL, timeout=120,
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    assert "bug in sfcred" not in done.stdout + done.stderr
    return " ".join((done.stdout + done.stderr).split())


def trap(marker: Path, place: str = "trap") -> Path:
    """A program in the repository, with its absolute path, so that it can start without PATH."""
    path = Path(place).absolute()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\ntouch {marker}\nexit 1\n", encoding="utf-8")
    make_executable(path)
    return path


@pytest.fixture(params=["project", "around", "working folder"])
def ground(
    request: pytest.FixtureRequest,
    project: Project,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    """A folder that a repository supplies, with the project usually in the working folder."""
    place: str = request.param
    root = Path.cwd()
    start = root / "services/crm" if place == "around" else root
    project.credential("client_id: {aws: prod/x}\n", "oauth2", str(start / "credentials/a.yaml"))
    (start / "sfcred.toml").touch()
    if place == "around":
        subprocess.run(["git", "init", "--quiet"], check=True)
    monkeypatch.chdir(start)
    if place == "working folder":
        elsewhere = tmp_path / "elsewhere"
        elsewhere.mkdir()
        monkeypatch.setenv("SFCRED_PATHS", str(root / "credentials"))
        monkeypatch.chdir(elsewhere)
        return elsewhere
    return root


def specs(ground: Path, reference: str) -> None:
    """Give the only spec another reference."""
    found = [*ground.rglob("credentials/a.yaml"), *ground.parent.glob("work/credentials/a.yaml")]
    found[0].write_text(
        found[0].read_text(encoding="utf-8").replace("aws: prod/x", reference), encoding="utf-8"
    )


# -- programs that a configuration names


@pytest.mark.parametrize("way", ["HOME", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "a relative path", "~", "a link"])  # fmt: skip
@pytest.mark.parametrize("provider", ["aws", "aws_ssm"])
def test_aws_runs_no_process_that_the_repository_names(
    ground: Path, tmp_path: Path, way: str, provider: str
) -> None:
    specs(ground, f"{provider}: prod/x")
    marker = tmp_path / "marker"
    program = trap(marker, str(ground / "trap"))
    config = ground / ".aws" / ("credentials" if "SHARED" in way else "config")
    config.parent.mkdir()
    config.write_text(
        f"[default]\nregion = eu-west-1\ncredential_process = {program}\n", encoding="utf-8"
    )
    environ = {
        "HOME": {"HOME": str(ground)},
        "a relative path": {"AWS_CONFIG_FILE": os.path.relpath(config)},
        "~": {"HOME": str(ground), "AWS_CONFIG_FILE": "~/.aws/config"},
    }.get(way, {way: str(config)})
    if way == "a link":
        environ = {"HOME": str(tmp_path / "own")}
        (tmp_path / "own").mkdir()
        (tmp_path / "own/.aws").symlink_to(config.parent)
    told = doctor(**environ)
    assert not marker.exists()
    assert TOLD in told
    name = "HOME" if way in ("HOME", "a link") else "AWS_CONFIG_FILE"
    assert ("AWS_SHARED_CREDENTIALS_FILE" if "SHARED" in way else name) in told


def test_aws_still_runs_the_person_s_own(ground: Path, tmp_path: Path) -> None:
    specs(ground, "aws: prod/x")
    marker = tmp_path / "marker"
    program = trap(marker, str(tmp_path / "own-programs/login"))
    config = Path.home() / ".aws/config"
    config.parent.mkdir()
    config.write_text(
        f"[default]\nregion = eu-west-1\ncredential_process = {program}\n", encoding="utf-8"
    )
    assert TOLD not in doctor()
    assert marker.exists()


@pytest.mark.parametrize("variable", ["HOME", "XDG_CONFIG_HOME"])
def test_the_keyring_loads_no_module_that_the_repository_names(
    ground: Path, tmp_path: Path, variable: str
) -> None:
    specs(ground, "keyring: sfcred/acme")
    marker = tmp_path / "marker"
    folder = ground / (".config/python_keyring" if variable == "HOME" else "python_keyring")
    folder.mkdir(parents=True)
    (folder / "keyringrc.cfg").write_text(
        f"[backend]\ndefault-keyring = evil.Keyring\nkeyring-path = {ground}/modules\n",
        encoding="utf-8",
    )
    (ground / "modules").mkdir()
    (ground / "modules/evil.py").write_text(f"open({str(marker)!r}, 'w')\n", encoding="utf-8")
    told = doctor(**{variable: str(ground)})
    assert not marker.exists()
    assert TOLD in told
    assert variable in told


@pytest.mark.parametrize("is_tracked", [True, False])
def test_google_runs_no_executable_that_the_repository_names(
    project: Project, tmp_path: Path, is_tracked: bool
) -> None:
    """A CI job's login writes this file into the checkout, too. Git tells which one it is."""
    marker = tmp_path / "marker"
    program = trap(marker)
    subprocess.run(["git", "init", "--quiet"], check=True)
    project.credential("client_id: {gcp: projects/a/secrets/x}\n", "oauth2", "credentials/a.yaml")
    Path("gcp.json").write_text(
        json.dumps(
            {
                "type": "external_account",
                "audience": "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/x",
                "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
                "token_url": "https://sts.googleapis.com/v1/token",
                "credential_source": {
                    "executable": {"command": str(program), "timeout_millis": 5000}
                },
            }
        ),
        encoding="utf-8",
    )
    if is_tracked:
        subprocess.run(["git", "add", "gcp.json"], check=True)
    login = {
        "GOOGLE_APPLICATION_CREDENTIALS": str(Path("gcp.json").absolute()),
        "GOOGLE_CLOUD_PROJECT": "a",
    }
    told = doctor(**login, GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES="1")
    assert not marker.exists()
    assert TOLD in told
    # Without that variable, no program is named, and the login's own file is used.
    assert (TOLD in doctor(**login)) is is_tracked


def test_a_login_s_file_without_git_is_nobody_s(project: Project, tmp_path: Path) -> None:
    project.credential("client_id: {gcp: projects/a/secrets/x}\n", "oauth2", "credentials/a.yaml")
    Path("gcp.json").write_text("{}", encoding="utf-8")
    assert TOLD in doctor(GOOGLE_APPLICATION_CREDENTIALS="gcp.json")


@pytest.mark.parametrize(
    ("keys", "variable"),
    [({"kms": [KMS]}, "AWS_CONFIG_FILE"), ({"kms": [KMS]}, "HOME"), ({"age": [KEY]}, "SOPS_AGE_KEY_CMD")],
)  # fmt: skip
def test_sops_gets_no_configuration_of_the_repository(
    project: Project, tmp_path: Path, keys: dict[str, object], variable: str
) -> None:
    marker, started = tmp_path / "marker", tmp_path / "started"
    program = trap(marker)
    Path(".aws").mkdir()
    Path(".aws/config").write_text(f"[default]\ncredential_process = {program}\n", encoding="utf-8")
    sops = trap(started, str(tmp_path / "programs/sops"))
    project.credential("client_id: {sops: s.json}\n", "oauth2", "credentials/a.yaml")
    Path("credentials/s.json").write_text(json.dumps({"data": "x", "sops": keys}), encoding="utf-8")
    value = {"HOME": str(Path.cwd()), "AWS_CONFIG_FILE": str(Path(".aws/config").absolute())}
    path = os.pathsep.join([str(sops.parent), os.environ["PATH"]])
    told = doctor(**{variable: value.get(variable, f"{program} --now"), "PATH": path})
    assert TOLD in told, told
    assert not started.exists()


# -- every file that a client reads

CLIENTS = {
    "aws: prod/x": (
        ("AWS_CA_BUNDLE", "AWS_DATA_PATH", "BOTO_CONFIG", "AWS_WEB_IDENTITY_TOKEN_FILE", "SSL_CERT_FILE"),
        (".aws/models/x", ".aws/credentials", ".boto"),
    ),
    "gcp: projects/a/secrets/x": (
        ("CLOUDSDK_CONFIG", "GOOGLE_API_CERTIFICATE_CONFIG", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"),
        (".config/gcloud/application_default_credentials.json", ".secureConnect/x", ".netrc"),
    ),
    "azure: acme-vault/x": (
        ("AZURE_CONFIG_DIR", "AZURE_EXTENSION_DIR", "AZD_CONFIG_DIR", "AZURE_CLIENT_CERTIFICATE_PATH", "PSModulePath"),
        (".azure/cliextensions/x", ".azd/x", ".local/share/powershell/Modules/x", ".netrc"),
    ),
    "vault: secret/x#y": (
        ("VAULT_CACERT", "VAULT_CAPATH", "REQUESTS_CA_BUNDLE", "SSL_CERT_DIR"), (".netrc", ".vault-token"),
    ),
    "onepassword: a/b/c": (("SSL_CERT_FILE", "SSL_CERT_DIR"), ()),
}  # fmt: skip
LOGINS = {"VAULT_ADDR": "https://127.0.0.1:9", "OP_SERVICE_ACCOUNT_TOKEN": "x", "AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x"}  # fmt: skip


@pytest.mark.parametrize(
    ("reference", "variable"),
    [(reference, name) for reference, (names, _) in CLIENTS.items() for name in names],
)
def test_no_variable_leads_a_client_into_the_project(
    project: Project, run: Run, monkeypatch: pytest.MonkeyPatch, reference: str, variable: str
) -> None:
    project.credential(f"client_id: {{{reference!r}}}\n".replace("'", "", 2), "oauth2", "a.yaml")
    Path("theirs").mkdir()
    for name, value in {**LOGINS, variable: "theirs"}.items():
        monkeypatch.setenv(name, value)
    told = " ".join(run("doctor", "--require-secrets", "a.yaml").out.split())
    assert TOLD in told
    assert variable in told


@pytest.mark.parametrize(
    ("reference", "place"),
    [(reference, name) for reference, (_, names) in CLIENTS.items() for name in names],
)
def test_no_home_leads_a_client_into_the_project(
    project: Project, run: Run, monkeypatch: pytest.MonkeyPatch, reference: str, place: str
) -> None:
    project.credential(f"client_id: {{{reference!r}}}\n".replace("'", "", 2), "oauth2", "a.yaml")
    Path("home", place).parent.mkdir(parents=True)
    Path("home", place).touch()
    for name, value in {**LOGINS, "HOME": str(Path("home").absolute())}.items():
        monkeypatch.setenv(name, value)
    told = " ".join(run("doctor", "--require-secrets", "a.yaml").out.split())
    assert TOLD in told
    assert "HOME" in told


# -- trusted certificate authorities


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
@pytest.mark.parametrize("command", ["doctor --live", "push", "diff"])
def test_no_certificate_authority_of_the_project_is_believed(
    project: Project, run: Run, monkeypatch: pytest.MonkeyPatch, variable: str, command: str
) -> None:
    Path("sfcred.toml").touch()
    project.credential("{}\n", "jwt", "credentials/a.yaml")
    project.material("credentials/acme.key", "rsa-2048")
    project.material("credentials/acme.crt", "certificate")
    Path("ca.pem").write_bytes(Path("credentials/acme.crt").read_bytes())
    monkeypatch.setenv(variable, "ca.pem")
    monkeypatch.setenv("N8N_API_KEY", "k")
    n8n = [] if "live" in command else ["--n8n", "https://n8n.acme.com"]
    done = run(*command.split(), *n8n)
    told = " ".join((done.out + done.err).split())
    assert f"nothing is sent: {variable} {TOLD}" in told
    assert done.status != 0


# -- n8n's encryption key


@pytest.mark.parametrize("variable", ["HOME", "N8N_USER_FOLDER", "N8N_ENCRYPTION_KEY_FILE"])
@pytest.mark.parametrize("whose", ["no repository", "git's", "the person's"])
def test_nothing_is_encrypted_with_a_key_of_the_repository_s(
    project: Project, run: Run, monkeypatch: pytest.MonkeyPatch, variable: str, whose: str
) -> None:
    """Whoever wrote the key could decrypt the output, wherever it goes."""
    Path("sfcred.toml").touch()
    project.credential("{}\n", "oauth2", "credentials/a.yaml")
    Path("x/.n8n").mkdir(parents=True)
    Path("x/.n8n/config").write_text(json.dumps({"encryptionKey": "theirs"}), encoding="utf-8")
    Path("x/key").write_text("theirs", encoding="utf-8")
    if whose != "no repository":
        subprocess.run(["git", "init", "--quiet"], check=True)
    if whose == "git's":
        subprocess.run(["git", "add", "x"], check=True)
    place = Path("x/key" if variable.endswith("FILE") else "x").absolute()
    monkeypatch.setenv(variable, str(place))
    done = run("render", "--encrypt", "--no-check", "--force", "-o", "out.json")
    told = " ".join(done.err.split())
    assert (TOLD in told) is (whose != "the person's"), done
    assert Path("out.json").exists() is (whose == "the person's")


# -- the browser


@pytest.mark.parametrize("variable", ["HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_DATA_DIRS", "BROWSER"])  # fmt: skip
def test_no_browser_is_opened_by_the_repository_s_settings(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variable: str
) -> None:
    """Files below these folders determine which program opens an address (xdg-open)."""
    from sfcred.cli.browser import Inviter

    marker = tmp_path / "marker"
    program = trap(marker)
    Path("share").mkdir()
    monkeypatch.setenv("DISPLAY", ":0")
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    Inviter(opens=True, project=Path.cwd())("https://acme.my.salesforce.com")
    assert opened == ["https://acme.my.salesforce.com"]
    value = f"{program} %s" if variable == "BROWSER" else str(Path("share").absolute())
    monkeypatch.setenv(variable, value)
    Inviter(opens=True, project=Path.cwd())("https://acme.my.salesforce.com")
    assert len(opened) == 1
