"""Generate a private key and its certificate for Salesforce and n8n."""

from datetime import datetime, timedelta
from typing import NamedTuple

from pydantic import SecretStr

#: Salesforce's limit for a certificate, in bytes (Salesforce help, "Upload the certificate for a
#: connected app").
CERTIFICATE_LIMIT = 4096
#: X.509's upper bound for a common name (RFC 5280, appendix A.1), in characters.
NAME_LIMIT = 64


class Pair(NamedTuple):
    """A private key (PKCS#8) and its certificate (X.509), both in PEM."""

    key: SecretStr
    certificate: str


def make_pair(*, bits: int, subject: str, days: int, now: datetime) -> Pair:
    """Generate a pair.

    Args:
        bits: The size of the RSA key: 2048, 3072 or 4096. Larger keys only make signing slower.
        subject: The certificate's common name, 1 to 64 characters.
        days: How many days the certificate is valid from now.
        now: The current time, aware.

    Returns:
        An unencrypted RSA key and a self-signed certificate with SHA-256.
    """
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(public_exponent=65537, key_size=bits)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, subject)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        # Clocks that are a little behind must accept it as valid.
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    text = certificate.public_bytes(serialization.Encoding.PEM).decode("ascii")
    return Pair(SecretStr(pem.decode("ascii")), text)
