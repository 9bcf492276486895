"""`{keyring: …}` with a real store: GNOME's keyring, through the Secret Service."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SPEC = """\
version: 1
name: acme
environment: production
my_domain: https://acme.my.salesforce.com
client_id: 3MVG9abcDEF
oauth2: {client_secret: {keyring: sfcred/acme}}
n8n: {url: https://n8n.acme.com, version: "2.40.5"}
"""
# The daemon reads the password of a new keyring from its standard input.
IN_A_SESSION = """\
printf password | gnome-keyring-daemon --unlock --components=secrets > daemon.log 2>&1
"$1" -c 'import keyring; print(type(keyring.get_keyring()).__module__)'
"$1" -m sfcred doctor acme.yaml --require-secrets --select SFC005 -q
printf %s "$2" | "$1" -m keyring set sfcred acme
"$1" -m sfcred doctor acme.yaml --require-secrets --select SFC005 -q && echo found
"$1" -m sfcred render acme.yaml --no-check -o out.json
"""


def test_the_secret_service(tmp_path: Path) -> None:
    Path("acme.yaml").write_text(SPEC, encoding="utf-8")
    secret = "0123456789ABCDEF" * 4
    done = subprocess.run(
        ["dbus-run-session", "--", "bash", "-c", IN_A_SESSION, "-", sys.executable, secret],
        env={**os.environ, "XDG_DATA_HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)},
        capture_output=True, encoding="utf-8", check=True, timeout=60,
    )  # fmt: skip
    lines = done.stdout.splitlines()
    assert lines[0] == "keyring.backends.SecretService", done
    assert "the keyring has no entry sfcred/acme" in done.stdout
    assert lines[-1] == "found"
    assert secret not in done.stdout + done.stderr
    assert secret in Path("out.json").read_text(encoding="utf-8")


def test_without_a_store() -> None:
    """As on a CI machine, without a bus."""
    Path("acme.yaml").write_text(SPEC, encoding="utf-8")
    environ = {k: v for k, v in os.environ.items() if k not in ("DBUS_SESSION_BUS_ADDRESS", "DISPLAY")}  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "sfcred", "doctor", "acme.yaml", "--require-secrets", "-q"],
        env=environ, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert "no usable keyring" in done.stdout
    assert done.stderr == ""


pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems have other stores")
