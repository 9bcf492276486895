"""A variable that holds a command starts nothing of the repository, wherever in it that stands."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sfcred.places import command_leads_into, value_leads_into
from tests.conftest import Outcome
from tests.helpers.project import Project
from tests.hostile.test_own_files import TOLD, doctor, trap

Run = Callable[..., Outcome]

pytestmark = pytest.mark.skipif(os.name != "posix", reason="shell scripts")

#: How a command can start a script: `HERE` is the checkout, `UP` the folder above it.
COMMANDS = {
    "an argument": "sh HERE/tools/key.sh",
    "the program": "HERE/tools/key.sh --now",
    "a quoted argument": "sh 'HERE/tools/key.sh'",
    "quotes within": "sh HERE/to''ols/key.sh",
    "a backslash": "sh HERE/to\\ols/key.sh",
    "an option": "sh --rcfile=HERE/tools/key.sh HERE/tools/key.sh",
    "a variable before it": "env KEY=HERE/tools/key.sh sh -c 'exec $KEY'",
    "a shell's command": "sh -c 'HERE/tools/key.sh'",
    "a shell in a shell": "sh -c \"sh -c 'sh HERE/tools/key.sh'\"",
    "after a semicolon": "sh -c 'true;HERE/tools/key.sh'",
    "a substitution": "sh -c 'sh $(echo HERE)/tools/key.sh'",
    "a backtick": "sh -c 'sh `echo HERE`/tools/key.sh'",
    "a variable of the environment": "sh $CHECKOUT/tools/key.sh",
    "a variable for the shell": 'sh -c "${CHECKOUT}/tools/key.sh"',
    "a pattern": "sh -c 'sh UP/w*/tools/key.sh'",
    "two slashes": "sh /HERE/tools/key.sh",
    "a folder first": "sh -c 'cd UP; sh NAME/tools/key.sh'",
    "through the process": "sh /proc/self/cwd/tools/key.sh",
    "upwards": "sh HERE/../NAME/tools/key.sh",
    "a link": "sh LINK",
    "the home folder": "sh -c 'sh ~/tools/key.sh'",
    "no end of a quotation": "sh -c 'HERE/tools/key.sh",
}


def filled(command: str, tmp_path: Path) -> str:
    here = Path.cwd()
    link = tmp_path / "link"
    link.symlink_to(here / "tools/key.sh")
    for name, value in {"HERE": here, "UP": here.parent, "NAME": here.name, "LINK": link}.items():
        command = command.replace(name, str(value))
    return command


@pytest.fixture
def encrypted(project: Project) -> Path:
    """A secret of SOPS's, whose key a command prints. SOPS itself is the real one."""
    project.credential("client_id: {sops: s.json}\n", "oauth2", "credentials/a.yaml")
    Path("sfcred.toml").touch()
    import pyrage

    identity = pyrage.x25519.Identity.generate()
    plain = Path("plain.json")
    plain.write_text(json.dumps({"data": "x"}))
    sops = shutil.which("sops", path=str(Path(sys.executable).parent))
    assert sops
    done = subprocess.run(
        [sops, "encrypt", "--age", str(identity.to_public()), "--input-type", "binary", "--output-type", "json", plain],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    plain.unlink()
    Path("credentials/s.json").write_text(done.stdout)
    return Path(sops)


@pytest.mark.parametrize("how", COMMANDS)
def test_sops_asks_no_script_of_the_repository_for_its_key(
    encrypted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    marker = tmp_path / "marker"
    trap(marker, "tools/key.sh")
    monkeypatch.setenv("CHECKOUT", str(Path.cwd()))
    path = os.pathsep.join([str(encrypted.parent), os.environ["PATH"]])
    home = {"HOME": str(Path.cwd())} if how == "the home folder" else {}
    told = doctor(SOPS_AGE_KEY_CMD=filled(COMMANDS[how], tmp_path), PATH=path, **home)
    assert not marker.exists()
    assert "SOPS_AGE_KEY_CMD" in told, told


@pytest.mark.parametrize("command", ["sh SCRIPT", "SCRIPT", "env X=/dev/null sh SCRIPT", "sh -c 'SCRIPT 2>/dev/null'"])  # fmt: skip
def test_sops_still_asks_the_person_s_own_script(
    encrypted: Path, tmp_path: Path, command: str
) -> None:
    marker = tmp_path / "marker"
    script = trap(marker, str(tmp_path / "own/key.sh"))
    path = os.pathsep.join([str(encrypted.parent), os.environ["PATH"]])
    told = doctor(SOPS_AGE_KEY_CMD=command.replace("SCRIPT", str(script)), PATH=path)
    assert marker.exists(), told


@pytest.mark.parametrize("how", COMMANDS)
def test_no_browser_is_a_script_of_the_repository(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, how: str
) -> None:
    from sfcred.cli.browser import Inviter

    trap(tmp_path / "marker", "tools/key.sh")
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    monkeypatch.setenv("CHECKOUT", str(Path.cwd()))
    monkeypatch.setenv("BROWSER", "firefox -P work %s:w3m")
    Inviter(opens=True, project=Path.cwd())("https://acme.my.salesforce.com")
    assert len(opened) == 1
    if how == "the home folder":
        monkeypatch.setenv("HOME", str(Path.cwd()))
    monkeypatch.setenv("BROWSER", f"w3m:{filled(COMMANDS[how], tmp_path)} %s")
    Inviter(opens=True, project=Path.cwd())("https://acme.my.salesforce.com")
    assert len(opened) == 1


def test_a_script_in_the_working_folder_counts_without_a_folder() -> None:
    Path("tools").mkdir()
    for name in ("key.sh", "tools/key.sh"):
        Path(name).touch()
        assert command_leads_into(f"sh {name}", [Path.cwd()])
    assert not command_leads_into("sh tools", [Path.cwd()])  # a name like another


@pytest.mark.parametrize(
    "command",
    [
        "",
        "pass show sops/age",
        "op read op://vault/item/age-key",
        "aws secretsmanager get-secret-value --secret-id prod/age --query SecretString",
        "age-plugin-yubikey --identity",
        "firefox -P 'my profile' %s",
        "/usr/bin/env LANG=C /opt/tools/key --config=/etc/key.toml",
    ],
)
def test_commands_of_a_person_are_fine(command: str) -> None:
    assert not command_leads_into(command, [Path.cwd()])


def test_a_value_is_no_command() -> None:
    """A namespace or a profile may be named like a folder of the project."""
    Path("team").mkdir()
    Path("team/file").touch()
    here = [Path.cwd()]
    for text in ("team", "a$b", "arn:aws:iam::123456789012:role/x", "https://x.example/y?z=*"):
        assert not value_leads_into(text, here)
    for text in ("team/file", str(Path.cwd()), f"a:{Path.cwd()}/b", f"file://{Path.cwd()}/x"):
        assert value_leads_into(text, here)


# -- what the clients of stores start


GCLOUD = """#!/bin/sh
exec "${CLOUDSDK_PYTHON:-python3}" $CLOUDSDK_PYTHON_ARGS -c 'import json' "$@"
"""


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("CLOUDSDK_PYTHON", "HERE/tools/key.sh"),
        ("CLOUDSDK_PYTHON", "tools/key.sh"),
        ("CLOUDSDK_PYTHON_ARGS", "HERE/tools/key.py"),
        ("CLOUDSDK_PYTHON_ARGS", "-S tools/key.py"),
        ("CLOUDSDK_ANYTHING_NEW", "HERE/tools/key.sh"),
    ],
)
def test_gcloud_runs_nothing_that_a_variable_finds_in_the_repository(
    project: Project, tmp_path: Path, variable: str, value: str
) -> None:
    """As the real gcloud does: a script that starts $CLOUDSDK_PYTHON."""
    marker = tmp_path / "marker"
    trap(marker, "tools/key.sh")
    Path("tools/key.py").write_text(f"open({str(marker)!r}, 'w')\n")
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "gcloud").write_text(GCLOUD)
    (programs / "gcloud").chmod(0o755)
    project.credential("client_id: {gcp: projects/a/secrets/x}\n", "oauth2", "credentials/a.yaml")
    log_in()
    path = f"{programs}:{os.environ['PATH']}"
    told = doctor(PATH=path, **{variable: value.replace("HERE", str(Path.cwd()))})
    assert not marker.exists()
    assert variable in told, told


def log_in() -> Path:
    """As `gcloud auth` does, without a project, for which Google's library then asks gcloud."""
    key = Path(os.environ["HOME"], ".config/gcloud/application_default_credentials.json")
    key.parent.mkdir(parents=True)
    login = {"type": "authorized_user", "client_id": "x", "client_secret": "y", "refresh_token": "z"}  # fmt: skip
    key.write_text(json.dumps(login))
    return key


@pytest.mark.parametrize(
    ("reference", "variable"),
    [
        ("aws: prod/x", "AWS_ANYTHING_NEW"),
        ("azure: acme-vault/x", "AZURE_EXTENSION_DEV_SOURCES"),
        ("azure: acme-vault/x", "AZ_PYTHON"),
        ("vault: secret/x#y", "VAULT_ANYTHING_NEW"),
        ("onepassword: a/b/c", "OP_CONFIG_DIR"),
        ("keyring: sfcred/acme", "KEYRING_PROPERTY_FILE_PATH"),
        ("keyring: sfcred/acme", "DBUS_SESSION_BUS_ADDRESS"),
        ("aws: prod/x", "COMSPEC"),
    ],
)
def test_every_variable_of_a_client_s_is_judged(
    project: Project, run: Run, monkeypatch: pytest.MonkeyPatch, reference: str, variable: str
) -> None:
    project.credential(f"client_id: {{{reference!r}}}\n".replace("'", "", 2), "oauth2", "a.yaml")
    monkeypatch.setenv("VAULT_ADDR", "https://127.0.0.1:9")
    monkeypatch.setenv("OP_SERVICE_ACCOUNT_TOKEN", "x")
    for value in (f"{Path.cwd()}/tools/x", f"unixexec:path={Path.cwd()}/tools/x", f"/{Path.cwd()}"):
        monkeypatch.setenv(variable, value)
        told = " ".join(run("doctor", "--require-secrets", "a.yaml").out.split())
        assert variable in told, told


def test_a_login_that_an_action_left_in_the_checkout_is_used(project: Project) -> None:
    """google-github-actions/auth names its file in three variables."""
    project.credential("client_id: {gcp: projects/a/secrets/x}\n", "oauth2", "credentials/a.yaml")
    subprocess.run(["git", "init", "--quiet"], check=True)
    shutil.move(log_in(), "gha-creds-1.json")
    names = ("GOOGLE_APPLICATION_CREDENTIALS", "GOOGLE_GHA_CREDS_PATH", "CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE")  # fmt: skip
    file = str(Path("gha-creds-1.json").absolute())
    told = doctor(**dict.fromkeys(names, file), GOOGLE_CLOUD_PROJECT="a")
    assert TOLD not in told


#: Interpreters load these where they start, whoever started them.
LOADED = {
    "PYTHONPATH": ["HERE", ":/opt/x", ".", "modules"],
    "BASH_ENV": ["HERE/env.sh", "env.sh"],
}


@pytest.mark.parametrize(("variable", "value"), [(n, v) for n, values in LOADED.items() for v in values])  # fmt: skip
def test_a_helper_of_a_client_s_loads_nothing_of_the_repository(
    project: Project, tmp_path: Path, variable: str, value: str
) -> None:
    """`az` is a script for bash that starts Python, `gcloud` one for sh. Both are stood in for."""
    marker, started = tmp_path / "marker", tmp_path / "started"
    for folder in (".", "modules"):
        Path(folder).mkdir(exist_ok=True)
        Path(folder, "json.py").write_text(f"open({str(marker)!r}, 'w')\n")
    Path("env.sh").write_text(f"touch {marker}\n")
    programs = tmp_path / "programs"
    programs.mkdir()
    python = Path(sys.executable).resolve()
    script = f"#!/bin/bash\ntouch {started}\ncd {Path.cwd()}\nexec {python} {programs}/run.py\n"
    (programs / "gcloud").write_text(script)
    (programs / "gcloud").chmod(0o755)
    (programs / "run.py").write_text("import json\n")
    project.credential("client_id: {gcp: projects/a/secrets/x}\n", "oauth2", "credentials/a.yaml")
    log_in()
    path = f"{programs}:{os.environ['PATH']}"
    doctor(PATH=path, **{variable: value.replace("HERE", str(Path.cwd()))})
    assert started.exists()
    assert not marker.exists()
