"""Keys and certificates that only these tests need. The shared ones are in `workshop`."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.helpers.material import Workshop

OpenSSL = Callable[..., bytes]


@pytest.fixture(scope="session")
def openssl(tmp_path_factory: pytest.TempPathFactory) -> OpenSSL:
    """Run openssl in a separate folder and return what it writes."""
    folder = tmp_path_factory.mktemp("openssl")

    def run(command: str, given: bytes = b"") -> bytes:
        words = ["openssl", *command.split()]
        return subprocess.run(
            words, input=given, cwd=folder, check=True, capture_output=True
        ).stdout

    return run


@pytest.fixture(scope="session")
def certify(openssl: OpenSSL, workshop: Workshop) -> Callable[[str], bytes]:
    """Make a self-signed certificate of the workshop's RSA key, with more options."""

    def make(options: str) -> bytes:
        key = workshop.path("rsa-2048")
        return openssl(f"req -x509 -new -key {key} -subj /CN=acme {options}")

    return make


@pytest.fixture(scope="session")
def pkcs1(workshop: Workshop) -> str:
    """The workshop's RSA key as PKCS#1."""
    return workshop.text("rsa-2048-pkcs1")


@pytest.fixture(scope="session")
def pkcs8(workshop: Workshop) -> str:
    """The workshop's RSA key as PKCS#8."""
    return workshop.text("rsa-2048")


@pytest.fixture(scope="session")
def key_file(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Write a text to a file for a command to read."""
    folder = tmp_path_factory.mktemp("keys")

    def write(text: str) -> Path:
        path = folder / "key.pem"
        path.write_text(text, encoding="utf-8")
        return path

    return write
