"""Real keys and certificates, made with openssl: the materials that examples name."""

import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

#: Commands by material. {rsa} and the like are the files of other materials.
_COMMANDS = {
    "rsa-2048": "openssl genrsa -out OUT 2048",
    "rsa-other": "openssl genrsa -out OUT 2048",
    "rsa-4096": "openssl genrsa -out OUT 4096",
    "rsa-1024": "openssl genrsa -out OUT 1024",
    "rsa-2048-pkcs1": "openssl rsa -in {rsa-2048} -traditional -out OUT",
    "rsa-2048-encrypted": "openssl pkcs8 -topk8 -in {rsa-2048} -passout pass:x -out OUT",
    "rsa-2048-encrypted-pkcs1": "openssl rsa -in {rsa-2048} -aes128 -traditional -passout pass:x -out OUT",
    "rsa-pss": "openssl genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 -out OUT",
    "ec-p256": "openssl ecparam -name prime256v1 -genkey -noout -out OUT",
    "ed25519": "openssl genpkey -algorithm ed25519 -out OUT",
    "dsa": "openssl dsaparam -genkey -noout -out OUT 2048",
    "public-key": "openssl pkey -in {rsa-2048} -pubout -out OUT",
    "csr": "openssl req -new -key {rsa-2048} -subj /CN=acme -out OUT",
    "pkcs12": "openssl pkcs12 -export -inkey {rsa-2048} -in {certificate} -passout pass:x -out OUT",
    "certificate": "openssl req -x509 -new -key {rsa-2048} -sha256 -days 730 -subj /CN=acme -out OUT",
    "certificate-other": "openssl req -x509 -new -key {rsa-other} -sha256 -days 730 -subj /CN=other -out OUT",
    "certificate-expiring": "openssl req -x509 -new -key {rsa-2048} -sha256 -days 10 -subj /CN=acme -out OUT",
    "certificate-40-days": "openssl req -x509 -new -key {rsa-2048} -sha256 -days 40 -subj /CN=acme -out OUT",
    "certificate-sha1": "openssl req -x509 -new -key {rsa-2048} -sha1 -days 730 -subj /CN=acme -out OUT",
    "certificate-der": "openssl x509 -in {certificate} -outform DER -out OUT",
}

_BIG_EXTENSION = "subjectAltName=" + ",".join(f"DNS:host{i}.example.com" for i in range(200))


class Workshop:
    """Makes materials on demand, and keeps them for the session."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = cache(self._make)
        self._written: dict[str, Callable[[], bytes]] = {
            "certificate-expired": lambda: self._dated(-400, -30),
            "certificate-future": lambda: self._dated(30, 400),
            "certificate-with-key": lambda: self.content("certificate") + self.content("rsa-2048"),
            "certificate-large": self._large,
            "rsa-2048-openssh": self._openssh,
            "rsa-2048-crlf": lambda: self.content("rsa-2048").replace(b"\n", b"\r\n"),
            "rsa-2048-quoted": lambda: b'"' + self.content("rsa-2048").strip() + b'"',
            "rsa-2048-bundle": lambda: self.content("rsa-2048") + self.content("certificate"),
            "rsa-2048-literal-newlines": lambda: (
                self.content("rsa-2048").strip().replace(b"\n", b"\\n") + b"\n"
            ),
            "rsa-2048-truncated": self._truncated,
        }

    def content(self, name: str) -> bytes:
        """Return a material's content."""
        return self.path(name).read_bytes()

    def text(self, name: str) -> str:
        """Return a material's content as text."""
        return self.content(name).decode()

    def _make(self, name: str) -> Path:
        out = self.folder / name
        if name in self._written:
            out.write_bytes(self._written[name]())
            return out
        # Without a shell: Windows' own has other quotes.
        command = [
            str(out if word == "OUT" else self.path(word[1:-1]) if word.startswith("{") else word)
            for word in _COMMANDS[name].split()
        ]
        subprocess.run(command, check=True, capture_output=True)
        content = out.read_bytes()
        if content.startswith(b"-----"):  # openssl writes CR LF on Windows
            out.write_bytes(content.replace(b"\r\n", b"\n"))
        return out

    def _dated(self, begin: int, end: int) -> bytes:
        """Make a certificate that is valid between two days, counted from today."""
        from datetime import UTC, datetime, timedelta

        from cryptography import x509
        from cryptography.hazmat.primitives import hashes, serialization

        key = serialization.load_pem_private_key(self.content("rsa-2048"), None)
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "acme")])
        now = datetime.now(UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())  # type: ignore[arg-type]
            .serial_number(1)
            .not_valid_before(now + timedelta(days=begin))
            .not_valid_after(now + timedelta(days=end))
        )
        certificate = builder.sign(key, hashes.SHA256())  # type: ignore[arg-type]
        return certificate.public_bytes(serialization.Encoding.PEM)

    def _large(self) -> bytes:
        command = ["openssl", "req", "-x509", "-new", "-days", "730", "-subj", "/CN=acme"]
        command += ["-key", str(self.path("rsa-2048")), "-addext", _BIG_EXTENSION]
        # A random serial number would make the file 4 bytes longer or shorter at times.
        command += ["-set_serial", "1"]
        made = subprocess.run(command, check=True, capture_output=True).stdout
        return made.replace(b"\r\n", b"\n")

    def _openssh(self) -> bytes:
        from cryptography.hazmat.primitives import serialization

        key = serialization.load_pem_private_key(self.content("rsa-2048"), None)
        return key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.OpenSSH,
            serialization.NoEncryption(),
        )

    def _truncated(self) -> bytes:
        lines = self.content("rsa-2048").splitlines(keepends=True)
        return b"".join(lines[:12] + lines[-1:])
