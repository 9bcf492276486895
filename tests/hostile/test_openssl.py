"""OpenSSL, which reads its settings when Python first needs it, loads nothing of the repository."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.project import Project
from tests.hostile.test_own_files import TOLD

pytestmark = pytest.mark.skipif(os.name != "posix", reason="a library is built")

COMMANDS = [
    "doctor",
    "doctor credentials",
    "resolve",
    "render -o out.json",
    "keygen acme-crm",
    "guide acme-crm",
    "explain",
    "schema",
    "--version",
]
CONFIGURATION = """\
openssl_conf = all
[all]
providers = providers
[providers]
theirs = theirs
default = default
[default]
activate = 1
[theirs]
module = {library}
activate = 1
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library that leaves a file where $MARKER says as soon as it is loaded."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        pytest.skip("no compiler")
    folder = tmp_path_factory.mktemp("library")
    (folder / "theirs.c").write_text(
        "#include <stdio.h>\n#include <stdlib.h>\n"
        "__attribute__((constructor)) static void run(void)\n"
        '{ const char *name = getenv("MARKER"); if (name) fclose(fopen(name, "w")); }\n',
        encoding="utf-8",
    )
    command = [compiler, "-shared", "-fPIC", "-o", f"{folder}/theirs.so", f"{folder}/theirs.c"]
    subprocess.run(command, check=True)
    return folder / "theirs.so"


@pytest.fixture
def marker(project: Project, library: Path, tmp_path: Path) -> Path:
    """A checkout with a configuration of OpenSSL's, and the file that shows that it was used."""
    Path("sfcred.toml").touch()
    project.credential("{}\n", name="credentials/a.yaml")
    project.material("credentials/acme.key", "rsa-2048")
    project.material("credentials/acme.crt", "certificate")
    Path("tls").mkdir()
    shutil.copy(library, "tls/theirs.so")
    text = CONFIGURATION.format(library=Path("tls/theirs.so").absolute())
    Path("tls/openssl.cnf").write_text(text, encoding="utf-8")
    Path("tls/modules.cnf").write_text(
        text.replace(str(Path("tls").absolute()) + "/", ""), encoding="utf-8"
    )
    return tmp_path / "marker"


def sfcred(*arguments: str, marker: Path, **environ: str) -> "subprocess.CompletedProcess[str]":
    done = subprocess.run(
        [sys.executable, "-I", "-m", "sfcred", *arguments],
        env={**os.environ, "MARKER": str(marker), **environ},
        capture_output=True, encoding="utf-8", check=False, stdin=subprocess.DEVNULL, timeout=120,
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    return done


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("value", ["tls/openssl.cnf", "HERE/tls/openssl.cnf", "/HERE/tls/openssl.cnf"])  # fmt: skip
def test_no_library_of_the_repository_is_loaded(marker: Path, command: str, value: str) -> None:
    given = value.replace("HERE", str(Path.cwd()))
    done = sfcred(*command.split(), marker=marker, OPENSSL_CONF=given)
    assert not marker.exists()
    assert done.returncode == 2, done
    assert TOLD in done.stderr
    assert "OPENSSL_CONF" in done.stderr
    assert not done.stdout


@pytest.mark.parametrize("how", ["an argument", "an option", "around", "a broken configuration"])
def test_the_project_may_be_elsewhere(
    marker: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    checkout = Path.cwd()
    start = tmp_path if how != "around" else checkout / "credentials"
    if how == "around":
        subprocess.run(["git", "init", "--quiet"], check=True)
    if how == "a broken configuration":
        (checkout / "sfcred.toml").write_text("=\n", encoding="utf-8")
    monkeypatch.chdir(start)
    given = [f"--baseline={checkout}/sfcred-baseline.json"] if how == "an option" else [str(checkout / "credentials/a.yaml")]  # fmt: skip
    Path(checkout, "sfcred-baseline.json").touch()
    done = sfcred("doctor", *given, marker=marker, OPENSSL_CONF=f"{checkout}/tls/openssl.cnf")
    assert not marker.exists()
    assert done.returncode == 2, done


NAMED = {
    "an output that isn't there yet": (["resolve", "-o", "CHECKOUT/out/x/resolution.json"], {}),
    "an attached output": (["doctor", "-oCHECKOUT/report.json"], {}),
    "attached to several": (["doctor", "-qvoCHECKOUT/report.json"], {}),
    "an attached file that is there": (["render", "-oCHECKOUT/credentials/a.yaml"], {}),
    "an output after a format": (["doctor", "-o", "json=CHECKOUT/report.json"], {}),
    "a list": (["doctor", "--select=CHECKOUT/new,x"], {}),
    "a setting": (["doctor"], {"SFCRED_PATHS": "x,CHECKOUT/credentials"}),
    "the state": (["doctor"], {"SFCRED_STATE": "CHECKOUT/new/state.json"}),
}


@pytest.mark.parametrize("how", NAMED)
@pytest.mark.parametrize("is_configured", [True, False])
def test_every_way_to_name_a_project_counts(
    marker: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str, is_configured: bool
) -> None:
    """The working folder is elsewhere, and the checkout has a configuration or a repository."""
    checkout = Path.cwd()
    if not is_configured:
        Path("sfcred.toml").unlink()
        subprocess.run(["git", "init", "--quiet"], check=True)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    given, environ = NAMED[how]
    arguments = [one.replace("CHECKOUT", str(checkout)) for one in given]
    variables = {name: text.replace("CHECKOUT", str(checkout)) for name, text in environ.items()}
    done = sfcred(
        *arguments, marker=marker, OPENSSL_CONF=f"{checkout}/tls/openssl.cnf", **variables
    )
    assert not marker.exists()
    assert done.returncode == 2, done
    assert TOLD in done.stderr


@pytest.mark.parametrize("words", ["sfcred doctor CHECKOUT/credentials/a.yaml --profile ", "sfcred guide '"])  # fmt: skip
def test_nothing_is_loaded_while_the_shell_completes(
    marker: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    """The words are in a variable, and may be anything that somebody is still typing."""
    checkout = Path.cwd()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    sfcred(
        marker=marker, OPENSSL_CONF=f"{checkout}/tls/openssl.cnf", SSLKEYLOGFILE=f"{checkout}/keys",
        _SFCRED_COMPLETE="bash_complete", COMP_WORDS=words.replace("CHECKOUT", str(checkout)),
        COMP_CWORD="4",
    )  # fmt: skip
    assert not marker.exists()
    assert not (checkout / "keys").exists()


def test_a_new_file_in_a_folder_of_the_person_s_is_no_project(
    marker: Path, library: Path, tmp_path: Path
) -> None:
    own = tmp_path / "openssl.cnf"
    own.write_text(CONFIGURATION.format(library=library), encoding="utf-8")
    done = sfcred(
        "doctor", "-o", f"{tmp_path}/new/report.json", marker=marker, OPENSSL_CONF=str(own)
    )
    assert TOLD not in done.stderr
    assert marker.exists()


@pytest.mark.parametrize("how", ["an export", "an attached output", "a folder", "the state"])
def test_a_file_beside_a_person_s_settings_is_no_project(
    marker: Path, library: Path, tmp_path: Path, how: str
) -> None:
    """Nothing makes the home folder a project that isn't one."""
    home = tmp_path / "own home"
    home.mkdir()
    (home / "export.json").write_text("[]", encoding="utf-8")
    (home / "openssl.cnf").write_text(CONFIGURATION.format(library=library), encoding="utf-8")
    arguments = {
        "an export": ["diff", "--export", f"{home}/export.json"],
        "an attached output": ["render", f"-o{home}/export.json"],
        "a folder": ["doctor", str(home)],
        "the state": ["doctor"],
    }[how]
    given = {"OPENSSL_CONF": f"{home}/openssl.cnf", "SSLKEYLOGFILE": f"{home}/k.log"}
    if how == "the state":
        (home / "s.json").touch()
        given["SFCRED_STATE"] = f"{home}/s.json"
    done = sfcred(*arguments, marker=marker, **given)
    assert TOLD not in done.stderr
    assert marker.exists()
    # It is one with a configuration, or in a repository.
    marker.unlink()
    if how in ("an export", "the state"):
        (home / "sfcred.toml").touch()
    else:
        (tmp_path / ".git").mkdir()
    done = sfcred(*arguments, marker=marker, **given)
    assert TOLD in done.stderr
    assert not marker.exists()


@pytest.mark.parametrize("name", ["OPENSSL_MODULES", "OPENSSL_ENGINES", "OPENSSL_CONF_INCLUDE"])
def test_no_folder_of_the_repository_supplies_modules(marker: Path, tmp_path: Path, name: str) -> None:  # fmt: skip
    """The configuration is the person's own, and names a module without a folder."""
    own = tmp_path / "openssl.cnf"
    own.write_text(CONFIGURATION.format(library="theirs.so"), encoding="utf-8")
    done = sfcred("doctor", marker=marker, OPENSSL_CONF=str(own), **{name: str(Path("tls").absolute())})  # fmt: skip
    assert not marker.exists()
    assert done.returncode == 2, done
    assert name in done.stderr


@pytest.mark.parametrize("name", ["keys.log", "HERE/keys.log", "$CHECKOUT/keys.log"])
def test_no_keys_of_connections_are_logged_in_the_repository(marker: Path, name: str) -> None:
    """Whoever has that file, and saw the connection, can read the secrets in it."""
    given = name.replace("HERE", str(Path.cwd()))
    done = sfcred("doctor", "--live", marker=marker, SSLKEYLOGFILE=given, CHECKOUT=str(Path.cwd()))
    assert done.returncode == 2, done
    assert "SSLKEYLOGFILE" in done.stderr
    assert not Path("keys.log").exists()


def test_a_person_s_own_settings_are_used(marker: Path, library: Path, tmp_path: Path) -> None:
    own = tmp_path / "openssl.cnf"
    own.write_text(CONFIGURATION.format(library=library), encoding="utf-8")
    for given in (str(own), os.devnull):
        done = sfcred("doctor", marker=marker, OPENSSL_CONF=given)
        assert TOLD not in done.stderr
        assert done.returncode != 2
        assert marker.exists()


def test_the_trap_works(marker: Path) -> None:
    """Python itself loads the library, so that the other tests show something."""
    environ = {**os.environ, "MARKER": str(marker), "OPENSSL_CONF": "tls/openssl.cnf"}
    subprocess.run([sys.executable, "-I", "-c", "import hashlib"], env=environ, check=False)
    assert marker.exists()
