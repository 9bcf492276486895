"""A variable that holds a command starts nothing of the repository, wherever in it that stands."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sfcred.programs.places import command_leads_into, value_leads_into
from tests.conftest import Outcome
from tests.helpers.project import Project
from tests.helpers.systems import make_executable
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
    "a folder above": "env -C UP sh NAME/b.sh",
    "a folder above, attached": "env -CUP sh NAME/b.sh",
    "a folder above, with a name": "env --chdir=UP sh NAME/b.sh",
    "a folder above by a link": "env -C UPLINK sh NAME/b.sh",
    "the root": "env -C/ sh DOWN/b.sh",
    "up from here": "env -C .. sh NAME/b.sh",
    "up from here, attached": "env -C.. sh NAME/b.sh",
    "up by a shell": "sh -c 'cd ..; sh NAME/b.sh'",
    "up from elsewhere": "sh -c 'cd UP/home/..; sh NAME/b.sh'",
    "out of the home folder": "sh -c 'cd;cd work;sh b.sh'",
    "out of the home folder at once": "sh -c 'cd && sh work/b.sh'",
    "braces": "bash -c 'bash UP/{x,NAME}/b.sh'",
    "signs that printf decodes": "sh -c 'printf OCTAL | xargs sh'",
    "a space of env's own": "env -S'-C\\_UP\\_sh\\_NAME/b.sh'",
    "the home folder by its variable": "bash -O cdable_vars -c 'cd HOME; cd work; . ./b.sh'",
    "a tilde after a sign": "sh -c 'true;~/work/b.sh'",
}
#: What would find something in the checkout if it started there. It starts elsewhere.
ELSEWHERE = {
    "a module": "python3 -m evil",
    "an import": 'python3 -c "import evil"',
    "a name": "sh b.sh",
    "a name with a dot": "sh ./b.sh",
    "the program": "./b.sh",
    "names in braces": "bash -c 'bash {b,c}.sh'",
    "a pattern": "bash -c 'bash b.s?'",
    "the folder": "bash -c '. ~+/b.sh'",
    "the folder before": "bash -c '. ~-/b.sh'",
    "back": "bash -c 'cd - && . ./b.sh'",
    "a name on a list of folders": "bash -c 'cd NAME && . ./b.sh'",
    "a search": "find . -name b.sh -exec sh {} +",
}


def filled(command: str, tmp_path: Path) -> str:
    here = Path.cwd()
    link = tmp_path / "link"
    link.symlink_to(here / "tools/key.sh")
    (tmp_path / "above").symlink_to(here.parent)
    octal = "".join(f"\\\\{ord(one):03o}" for one in f"{here}/b.sh")
    for name, value in {
        "UPLINK": tmp_path / "above", "HERE": here, "UP": here.parent, "NAME": here.name,
        "LINK": link, "DOWN": str(here)[1:], "OCTAL": octal,
    }.items():  # fmt: skip
        command = command.replace(name, str(value))
    return command


def set_traps(marker: Path) -> None:
    for name in ("tools/key.sh", "b.sh", "c.sh"):
        trap(marker, name)
    Path("evil.py").write_text(f"open({str(marker)!r}, 'w')\n", encoding="utf-8")


def surroundings(tmp_path: Path, how: str) -> dict[str, str]:
    """Variables that shells set, or people export, for a person who works in the checkout."""
    home = {"the home folder": {"HOME": str(Path.cwd())}}.get(how, {})
    if "home folder" in how or "tilde" in how:
        home = home or {"HOME": str(tmp_path)}
    here = str(Path.cwd())
    return {"CHECKOUT": here, "PWD": here, "OLDPWD": here, "CDPATH": str(tmp_path), **home}


@pytest.fixture(scope="module")
def sops() -> Path:
    """SOPS itself, the real one."""
    found = shutil.which("sops", path=str(Path(sys.executable).parent))
    assert found
    return Path(found)


@pytest.fixture(scope="module")
def secret(sops: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A file of SOPS's. It is encrypted only once, because each start of SOPS takes long."""
    import pyrage

    recipient = str(pyrage.x25519.Identity.generate().to_public())
    plain = tmp_path_factory.mktemp("sops") / "plain.json"
    plain.write_text(json.dumps({"data": "x"}), encoding="utf-8")
    return subprocess.run(
        [sops, "encrypt", "--age", recipient, "--input-type", "binary", "--output-type", "json", plain],
        check=True, capture_output=True, encoding="utf-8",
    ).stdout  # fmt: skip


@pytest.fixture
def encrypted(project: Project, sops: Path, secret: str) -> Path:
    """A secret of SOPS's in a project, whose key a command prints."""
    project.credential("client_id: {sops: s.json}\n", "oauth2", "credentials/a.yaml")
    Path("sfcred.toml").touch()
    Path("credentials/s.json").write_text(secret, encoding="utf-8")
    return sops


@pytest.mark.parametrize("how", [*COMMANDS, *ELSEWHERE])
def test_sops_asks_no_script_of_the_repository_for_its_key(
    encrypted: Path, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    marker = tmp_path / "marker"
    set_traps(marker)
    command = filled({**COMMANDS, **ELSEWHERE}[how], tmp_path)
    path = os.pathsep.join([str(encrypted.parent), os.environ["PATH"]])
    environ = {"SOPS_AGE_KEY_CMD": command, "PATH": path, **surroundings(tmp_path, how)}
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    done = run("doctor", "--require-secrets")
    assert not marker.exists()
    assert "SFC005" in done.out
    assert how in ELSEWHERE or "SOPS_AGE_KEY_CMD" in done.out, done


@pytest.mark.parametrize("command", ["sh SCRIPT", "SCRIPT", "env X=/dev/null sh SCRIPT", "sh -c 'SCRIPT 2>/dev/null'"])  # fmt: skip
def test_sops_still_asks_the_person_s_own_script(
    encrypted: Path, tmp_path: Path, command: str
) -> None:
    marker = tmp_path / "marker"
    script = trap(marker, str(tmp_path / "own/key.sh"))
    path = os.pathsep.join([str(encrypted.parent), os.environ["PATH"]])
    told = doctor(SOPS_AGE_KEY_CMD=command.replace("SCRIPT", str(script)), PATH=path)
    assert marker.exists(), told


OPENS = """
import sys
from pathlib import Path
from sfcred.cli.browser import Inviter
Inviter(opens=True, project=Path.cwd())("https://acme.my.salesforce.com")
"""


def open_browser(command: str, **environ: str) -> None:
    done = subprocess.run(
        [sys.executable, "-I", "-c", OPENS],
        env={**os.environ, "BROWSER": command, **environ},
        capture_output=True, encoding="utf-8", check=False, stdin=subprocess.DEVNULL, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done


@pytest.mark.parametrize("how", [*COMMANDS, *ELSEWHERE])
def test_no_browser_is_a_script_of_the_repository(tmp_path: Path, how: str) -> None:
    marker = tmp_path / "marker"
    set_traps(marker)
    command = filled({**COMMANDS, **ELSEWHERE}[how], tmp_path)
    open_browser(f"{command} %s", **surroundings(tmp_path, how))
    assert not marker.exists()


@pytest.mark.parametrize("how", ["a program", "a list", "a wrapper", "a profile"])
def test_the_person_s_own_browser_is_opened(tmp_path: Path, how: str) -> None:
    """It starts in an empty folder, and relative paths of the person's own still lead there."""
    own, seen = tmp_path / "own dir/browser", tmp_path / "seen"
    trap(tmp_path / "marker", str(own))
    own.write_text(
        f'#!/bin/sh\npwd > {seen}\nls -A >> {seen}\necho "$*" >> {seen}\n', encoding="utf-8"
    )
    forms = {
        "a program": f"'{own}' %s",
        "a list": f"missing-browser:'{own}' %s",
        "a wrapper": f"env LANG=C '{own}' --new-window %s",
        "a profile": str(own).replace(" ", "\\ ") + " -P 'my profile' %s",
    }
    open_browser(forms[how])
    folder, *words = seen.read_text(encoding="utf-8").splitlines()
    assert "acme.my.salesforce.com" in words[0], "nothing else is in the folder"
    assert not Path(folder).exists(), "nor is it left behind"


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
        "open %s",
        "wslview",
        "xdg-open:firefox:w3m",
        "/mnt/c/Program\\ Files/Mozilla\\ Firefox/firefox.exe %s",
        "open -a 'Google Chrome' %s &",
        "bash -c 'pass show age/key | head -1'",
        "sh -c 'cd /opt/keys && ./print age'",
        "gpg --decrypt --quiet ~/.config/age.gpg",
        "security find-generic-password -w -s sops -a ''",
        "aws ssm get-parameters --names /prod/age --query Parameters[0].Value",
        "bw get password work/age..key",
        "unix:path=/run/user/1000/bus,guid=0f0f",
        "unix:abstract=%2ftmp%2fdbus-x",
    ],
)
def test_commands_of_a_person_are_fine(command: str) -> None:
    assert not command_leads_into(command, [Path.cwd()])


@pytest.mark.parametrize(
    ("command", "is_fine"),
    [
        ('sh -c "cat $HOME/age.key"', True),
        ("cat ${OWN}/age.key", True),
        ("sh -c 'cd $OWN && ./print'", True),
        ("$OWN/bin/browser --profile=$NAMED %s", True),
        ("cat $UNSET/age.key", False),
        ("cat $OWN$UNSET/age.key", False),
        ("cat ${OWN:-/x}/age.key", False),
        ("cat ${OWN%/*}/age.key", False),
        ("cat $OWNER/age.key", False),
        ("cat $OLDPWD/age.key", False),
        ("cat $CHECKOUT/age.key", False),
        ("cat ${PARTS}out/age.key", False),
        ("sh -c 'cd $ABOVE; ./x'", False),
        ("sh $TRICK/x", False),
        ("sh $PATTERN/x", False),
        ("sh $COMMAND", False),
        ("env OWN=/x sh -c '$OWN/key'", False),
        ("sh -c 'read OWN; $OWN/key'", False),
        ("sh -c 'for OWN in x; do $OWN/key; done'", False),
        ("cat $1", False),
        ("cat $@", False),
        ("cat $(echo $OWN)", False),
        ("cat $OWN$", False),
    ],
)
def test_variables_that_are_set_are_filled_in(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: str, is_fine: bool
) -> None:
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    for name, value in {
        "HOME": "/home/me", "OWN": "/opt/own keys", "NAMED": "work", "CHECKOUT": str(checkout),
        "PARTS": str(checkout)[:-3], "ABOVE": str(tmp_path), "OLDPWD": "/opt", "TRICK": "$OWN",
        "PATTERN": "/opt/*", "COMMAND": f"x;{checkout}/y",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    assert command_leads_into(command, [checkout]) is not is_fine


def test_a_value_is_no_command() -> None:
    """A namespace or a profile may be named like a folder of the project."""
    Path("team").mkdir()
    Path("team/file").touch()
    here = [Path.cwd()]
    for text in ("team", "a$b", "arn:aws:iam::123456789012:role/x", "https://x.example/y?z=*"):
        assert not value_leads_into(text, here)
    Path("config.json").touch()
    for text in (
        ".",
        "config.json",
        "team/file",
        str(Path.cwd()),
        f"a:{Path.cwd()}/b",
        f"file://{Path.cwd()}/x",
    ):
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
        ("CLOUDSDK_PYTHON_ARGS", "-m evil"),
        ("CLOUDSDK_PYTHON_ARGS", "-S key.py"),
        ("CLOUDSDK_PYTHON", "env -CUP sh NAME/b.sh"),
        ("CLOUDSDK_ANYTHING_NEW", "HERE/tools/key.sh"),
    ],
)
def test_gcloud_runs_nothing_that_a_variable_finds_in_the_repository(
    project: Project, tmp_path: Path, variable: str, value: str
) -> None:
    """As the real gcloud does: a script that starts $CLOUDSDK_PYTHON."""
    marker = tmp_path / "marker"
    set_traps(marker)
    for place in ("tools/key.py", "key.py"):
        Path(place).write_text(f"open({str(marker)!r}, 'w')\n", encoding="utf-8")
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "gcloud").write_text(GCLOUD, encoding="utf-8")
    make_executable(programs / "gcloud")
    project.credential("client_id: {gcp: projects/a/secrets/x}\n", "oauth2", "credentials/a.yaml")
    log_in()
    path = f"{programs}:{os.environ['PATH']}"
    told = doctor(PATH=path, **{variable: filled(value, tmp_path)})
    assert not marker.exists()
    assert "/" not in value or variable in told, told


def log_in() -> Path:
    """As `gcloud auth` does, without a project, for which Google's library then asks gcloud."""
    key = Path.home() / ".config/gcloud/application_default_credentials.json"
    key.parent.mkdir(parents=True)
    login = {"type": "authorized_user", "client_id": "x", "client_secret": "y", "refresh_token": "z"}  # fmt: skip
    key.write_text(json.dumps(login), encoding="utf-8")
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
    escaped = str(Path.cwd()).replace("/", "%2f")
    for value in (
        f"{Path.cwd()}/tools/x",
        f"unixexec:path={Path.cwd()}/tools/x",
        f"unixexec:path={escaped}%2Ftools%2fx",
        f"/{Path.cwd()}",
    ):
        monkeypatch.setenv(variable, value)
        told = " ".join(run("doctor", "--require-secrets", "a.yaml").out.split())
        assert variable in told, told


@pytest.mark.parametrize("value", ["..", ".", "UP", "HERE", "../NAME"])
def test_az_searches_no_folder_with_the_repository_for_extensions(
    project: Project, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, value: str
) -> None:
    """Everything in a folder of AZURE_EXTENSION_DEV_SOURCES is one."""
    project.credential("client_id: {azure: acme-vault/x}\n", "oauth2", "a.yaml")
    monkeypatch.setenv("AZURE_EXTENSION_DEV_SOURCES", filled(value, tmp_path))
    told = " ".join(run("doctor", "--require-secrets", "a.yaml").out.split())
    assert "AZURE_EXTENSION_DEV_SOURCES" in told or value == "."


@pytest.mark.parametrize("process", ["python3 -m evil", "sh b.sh", "./b.sh", "credential.sh"])
def test_a_process_of_the_person_s_configuration_starts_elsewhere(
    project: Project, tmp_path: Path, process: str
) -> None:
    """Relative, it would be whatever the checkout has by that name."""
    marker = tmp_path / "marker"
    set_traps(marker)
    trap(marker, "credential.sh")
    project.credential("client_id: {aws: prod/x}\n", "oauth2", "credentials/a.yaml")
    config = Path.home() / ".aws/config"
    config.parent.mkdir()
    config.write_text(
        f"[default]\nregion = eu-west-1\ncredential_process = {process}\n", encoding="utf-8"
    )
    doctor()
    assert not marker.exists()


def test_a_relative_path_of_the_person_s_still_leads_there(
    project: Project, tmp_path: Path
) -> None:
    marker = tmp_path / "marker"
    script = trap(marker, str(tmp_path / "own/login"))
    project.credential("client_id: {aws: prod/x}\n", "oauth2", "credentials/a.yaml")
    (tmp_path / "own/config").write_text(
        f"[default]\nregion = eu-west-1\ncredential_process = {script}\n",
        encoding="utf-8",
    )
    told = doctor(AWS_CONFIG_FILE="../own/config")
    assert TOLD not in told
    assert marker.exists(), told


@pytest.mark.parametrize("reference", ["aws: prod/x", "sops: s.json", "keyring: sfcred/acme"])
def test_without_an_empty_folder_no_program_starts(
    project: Project, encrypted: Path, monkeypatch: pytest.MonkeyPatch, run: Run, reference: str
) -> None:
    def none(_project: Path) -> Path:
        raise FileNotFoundError

    for user in ("programs.trusted", "secrets.sops_run"):
        monkeypatch.setattr(f"sfcred.{user}.empty_folder", none)
    monkeypatch.setenv("PATH", f"{encrypted.parent}:{os.environ['PATH']}")
    project.credential(f"client_id: {{{reference}}}\n", "oauth2", "credentials/a.yaml")
    told = " ".join(run("doctor", "--require-secrets").out.split())
    assert "no empty folder outside the project" in told
    assert "TMPDIR" in told


def test_temporary_files_in_the_checkout_are_no_empty_folder(
    project: Project, tmp_path: Path
) -> None:
    seen = tmp_path / "seen"
    own = trap(seen, str(tmp_path / "own"))
    own.write_text(f"#!/bin/sh\npwd > {seen}\n", encoding="utf-8")
    Path("temporary").mkdir()
    open_browser(f"{own} %s", TMPDIR=str(Path("temporary").absolute()))
    assert not Path(seen.read_text(encoding="utf-8").strip()).is_relative_to(Path.cwd())
    assert not list(Path("temporary").iterdir())


def test_a_login_that_an_action_left_in_the_checkout_is_used(project: Project) -> None:
    """google-github-actions/auth names its file in three variables."""
    project.credential("client_id: {gcp: projects/a/secrets/x}\n", "oauth2", "credentials/a.yaml")
    subprocess.run(["git", "init", "--quiet"], check=True)
    shutil.move(log_in(), "gha-creds-1.json")
    names = ("GOOGLE_APPLICATION_CREDENTIALS", "GOOGLE_GHA_CREDS_PATH", "CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE")  # fmt: skip
    for file in (str(Path("gha-creds-1.json").absolute()), "gha-creds-1.json"):
        told = doctor(**dict.fromkeys(names, file), GOOGLE_CLOUD_PROJECT="a")
        assert TOLD not in told
        assert "no credentials found" not in told


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
        Path(folder, "json.py").write_text(f"open({str(marker)!r}, 'w')\n", encoding="utf-8")
    Path("env.sh").write_text(f"touch {marker}\n", encoding="utf-8")
    programs = tmp_path / "programs"
    programs.mkdir()
    python = Path(sys.executable).resolve()
    script = f"#!/bin/bash\ntouch {started}\ncd {Path.cwd()}\nexec {python} {programs}/run.py\n"
    (programs / "gcloud").write_text(script, encoding="utf-8")
    make_executable(programs / "gcloud")
    (programs / "run.py").write_text("import json\n", encoding="utf-8")
    project.credential("client_id: {gcp: projects/a/secrets/x}\n", "oauth2", "credentials/a.yaml")
    log_in()
    path = f"{programs}:{os.environ['PATH']}"
    doctor(PATH=path, **{variable: value.replace("HERE", str(Path.cwd()))})
    assert started.exists()
    assert not marker.exists()
