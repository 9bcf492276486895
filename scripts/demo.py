"""What `make demo` does: throw-away keys, doctor and render on the examples, in demo-output/."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OUTPUT = ROOT / "demo-output"
PROJECTS = ("jwt-sandbox", "oauth2-self-hosted", "oauth2-cloud", "profiles")

# Made up, in the shape of the real ones.
VARIABLES = {
    "ACME_CLIENT_ID": "3MVG9" + "productionOrgKey" * 5,
    "ACME_UAT_CLIENT_ID": "3MVG9" + "uatSandboxOrgKey" * 5,
    "ACME_DEV_CLIENT_ID": "3MVG9" + "devSandboxOrgKey" * 5,
    "ACME_CLIENT_SECRET": "0123456789ABCDEF" * 4,
    "ACME_REFRESH_TOKEN": "5Aep861" + "demoRefreshToken" * 5,
}


def main() -> int:
    """Runs the demonstration; the exit status is 1 if anything went otherwise than it should."""
    shutil.rmtree(OUTPUT, ignore_errors=True)
    shutil.copytree(ROOT / "examples", OUTPUT)
    for folder, key in (("jwt-sandbox", "acme-uat"), ("profiles", "acme")):
        make_key(OUTPUT / folder / "secrets", key)
    (OUTPUT / "profiles/secrets").chmod(0o700)
    said = [tell("One spec with a common mistake", "broken/lightning-host", 1, "doctor", ".")]
    for project in PROJECTS:
        said.append(tell(f"The example {project}", project, 0, "doctor", "-v"))
        profile = ["--profile", "production"] if project == "profiles" else []
        rendered = ["render", *profile, "-o", "../rendered-" + project + ".json"]
        said.append(tell("Rendered for n8n", project, 0, *rendered))
    said.append(
        tell(
            "How the profile production resolves",
            "profiles",
            0,
            "resolve",
            "--profile",
            "production",
        )
    )
    print(
        f"\nEverything above is in {OUTPUT.relative_to(ROOT)}/, with throw-away keys: look around."
    )
    return int(not all(said))


def make_key(folder: Path, name: str) -> None:
    """A private key and its certificate, as `openssl req -x509 -newkey rsa:2048` makes them."""
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    folder.mkdir()
    key = rsa.generate_private_key(65537, 2048)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=365))
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    (folder / f"{name}.key").touch(mode=0o600)
    (folder / f"{name}.key").write_bytes(pem)
    (folder / f"{name}.crt").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


def tell(title: str, folder: str, status: int, *arguments: str) -> bool:
    """Shows a command and what it prints; whether it ended as it should."""
    print(f"\n=== {title}\n$ cd {OUTPUT.name}/{folder}; sfcred {' '.join(arguments)}", flush=True)
    done = subprocess.run(
        [sys.executable, "-m", "sfcred", *arguments],
        cwd=OUTPUT / folder,
        env={**os.environ, **VARIABLES},
        check=False,
    )
    print(f"(exit status {done.returncode})", flush=True)
    return done.returncode == status


if __name__ == "__main__":
    sys.exit(main())
