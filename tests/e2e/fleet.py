"""Large projects, with certificates of every age."""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

_HEAD = """\
version: 1
name: {name}
environment: {environment}
my_domain: https://{host}
client_id: {{env: CLIENT_ID_{number}}}
"""
_TAIL = """\
app:
  type: external_client_app
  label: n8n
  contact_email: crm@acme.com
  scopes: [{scopes}]
  callback_urls: [https://n8n.acme.com/rest/oauth2-credential/callback]
  pre_authorized: true
  permission_sets: [n8n_Integration]
n8n: {{url: https://n8n.acme.com, version: "{version}"}}
"""


def make_fleet(folder: Path, number: int, seed: int = 1) -> dict[str, str]:
    """Write specs, keys and certificates into a folder, always the same ones for a seed.

    Returns:
        The environment variables that the specs refer to.
    """
    chance = random.Random(seed)  # noqa: S311 - no secret
    keys = [rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2)]
    for index, key in enumerate(keys):
        form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8)
        path = folder / f"{index}.key"
        path.write_bytes(key.private_bytes(*form, serialization.NoEncryption()))
        path.chmod(0o600)
    for index in range(number):
        name, is_sandbox = f"org-{index:03}", chance.random() < 0.6
        surface = chance.choice(["my.salesforce"] * 9 + ["lightning.force"])
        host = f"acme--{name}.sandbox.{surface}.com" if is_sandbox else f"{name}.{surface}.com"
        spec = _HEAD.format(
            name=name,
            environment="sandbox" if is_sandbox else "production",
            host=host,
            number=index,
        )
        if chance.random() < 0.7:
            days = int(chance.triangular(-40, 900, 300))
            _certificate(folder / f"{name}.crt", name, keys[index % 2], days)
            user = f"n8n@acme.com.{name}" if is_sandbox else "n8n@acme.com"
            spec += f"jwt: {{username: {user}, private_key: {{file: {index % 2}.key}}, certificate: {name}.crt}}\n"
        else:
            spec += f"oauth2: {{client_secret: {{env: CLIENT_SECRET_{index}}}}}\n"
        scopes = chance.choice(["api, refresh_token", "api, refresh_token", "full, api", "Api"])
        spec += _TAIL.format(scopes=scopes, version=chance.choice(["2.40.5", "2.41.1"]))
        (folder / f"{name}.yaml").write_text(spec, encoding="utf-8")
    secrets = {f"CLIENT_SECRET_{index}": "0123456789ABCDEF" * 4 for index in range(number)}
    return secrets | {
        f"CLIENT_ID_{i}": "3MVG9" + "aZ3kQ7xPwL" * 8 + f"{i:04}" for i in range(number)
    }


def _certificate(path: Path, name: str, key: rsa.RSAPrivateKey, days: int) -> None:
    now = datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(subject)
    builder = builder.public_key(key.public_key()).serial_number(1000 + days)
    builder = builder.not_valid_before(now - timedelta(days=400))
    builder = builder.not_valid_after(now + timedelta(days=days, hours=1))
    certificate = builder.sign(key, hashes.SHA256())
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
