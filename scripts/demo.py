"""The script of `make demo`: make keys, run doctor and render on the examples, and log in live."""

import contextlib
import json
import os
import shlex
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OUTPUT = ROOT / "demo-output"
PROJECTS = ("jwt-sandbox", "oauth2-self-hosted", "oauth2-cloud", "profiles")

# Two examples are enough. All four would be several orgs with the same app.
REHEARSED = ("jwt-sandbox", "oauth2-cloud")

# Invented values in the form of real ones.
VARIABLES = {
    "ACME_CLIENT_ID": "3MVG9" + "productionOrgKey" * 5,
    "ACME_UAT_CLIENT_ID": "3MVG9" + "uatSandboxOrgKey" * 5,
    "ACME_DEV_CLIENT_ID": "3MVG9" + "devSandboxOrgKey" * 5,
    "ACME_CLIENT_SECRET": "0123456789ABCDEF" * 4,
    "ACME_REFRESH_TOKEN": "5Aep861" + "demoRefreshToken" * 5,
}


def main() -> int:
    """Run the demonstration. Return 1 if any command ended differently than expected."""
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
    said += rehearse()
    print(f"\nAll files are in {OUTPUT.relative_to(ROOT)}/, with throw-away keys. Take a look.")
    return int(not all(said))


def rehearse() -> list[bool]:
    """Log in to a local org that knows the examples, first successfully, and then refused."""
    with local_org() as url:
        live = ("doctor", "--local-org", url)
        said = [
            tell("Live: a JWT login at a local org (not Salesforce)", "jwt-sandbox", 0, *live),
            tell("Live: the refresh token of an OAuth2 consent", "oauth2-cloud", 0, *live),
        ]
        refuse(url, "user-not-approved")
        title = "Live: the same login, refused as Salesforce would"
        said.append(tell(title, "jwt-sandbox", 1, *live))
    error = "invalid_grant: audience is invalid"
    said.append(tell("An error from a log, explained", ".", 0, "explain", "--error", error))
    return said


@contextlib.contextmanager
def local_org() -> Iterator[str]:
    """Run `sfcred local-org` on two examples, at a free port, and yield its address."""
    command = [sys.executable, "-m", "sfcred", "local-org", "--port", "0", *REHEARSED]
    environ = {**os.environ, **VARIABLES, "PYTHONUNBUFFERED": "1"}
    # It warns that only one configuration counts, which makes no difference here.
    with subprocess.Popen(
        command, cwd=OUTPUT, env=environ, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        first = process.stdout.readline().decode() if process.stdout else ""
        try:
            yield first.split()[3]
        finally:
            process.terminate()


def refuse(url: str, name: str) -> None:
    """Make the local org refuse logins, as its page does."""
    body = json.dumps({"name": name}).encode()
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(f"{url}/_local/refuse", body, headers)  # noqa: S310 - its own
    with urllib.request.urlopen(request, timeout=10):  # noqa: S310 - as above
        pass


def make_key(folder: Path, name: str) -> None:
    """Make a private key and its certificate, like `openssl req -x509 -newkey rsa:2048`."""
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
    """Show a command and its output. Return whether it ended as expected."""
    print(f"\n=== {title}\n$ cd {OUTPUT.name}/{folder}; sfcred {shlex.join(arguments)}", flush=True)
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
