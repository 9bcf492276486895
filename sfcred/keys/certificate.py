"""Reads the certificate that was given to Salesforce. X.509 is RFC 5280, PEM is RFC 7468."""

import enum
import hashlib
import re
from collections import OrderedDict
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from cryptography.x509 import Certificate as X509

_KEPT = 256


class CertificateProblem(enum.Enum):
    """What stands where a certificate should."""

    EMPTY = "empty"
    PRIVATE_KEY = "a private key"
    PUBLIC_KEY = "a public key"
    CSR = "a certificate signing request"
    PKCS12 = "a PKCS#12 or Java key store"
    DAMAGED = "damaged"
    OTHER = "something else"


class UnusableCertificate(NamedTuple):
    """Why a file is no usable certificate, fit for a message."""

    problem: CertificateProblem
    detail: str


class Certificate(NamedTuple):
    """A certificate, or the first of several.

    Attributes:
        not_before: From when on it is valid; aware, UTC.
        not_after: Until when.
        subject: Whose it is, as RFC 4514 writes it.
        spki_sha256: SHA-256 of its public key (DER SubjectPublicKeyInfo), in hexadecimal.
        sha256: Its fingerprint, in hexadecimal.
        signature_hash: sha256, sha1, md5, …; empty where the algorithm has none.
        public_key: `RSA 2048`, `EC P-256`, …
        size: The file's size in bytes, as it would be uploaded.
        der_size: The first certificate's size in DER, in bytes.
        count: How many certificates the file holds.
        holds_private_key: A private key is in the file, too.
    """

    not_before: datetime
    not_after: datetime
    subject: str
    spki_sha256: str
    sha256: str
    signature_hash: str
    public_key: str
    size: int
    der_size: int
    count: int
    holds_private_key: bool


_cache: OrderedDict[bytes, Certificate | UnusableCertificate] = OrderedDict()


def read_certificate(data: bytes) -> Certificate | UnusableCertificate:
    """Reads a certificate.

    Args:
        data: A file's content: PEM (whatever stands around it) or DER.

    Returns:
        The certificate, or why there is none. Never raises.
    """
    digest = hashlib.sha256(data).digest()
    if digest not in _cache:
        _cache[digest] = _read(data)
        if len(_cache) > _KEPT:
            _cache.popitem(last=False)
    return _cache[digest]


def _read(data: bytes) -> Certificate | UnusableCertificate:
    if not data.strip():
        return UnusableCertificate(CertificateProblem.EMPTY, "there is nothing in it")
    text = data.decode("latin-1")
    blocks = re.findall(
        r"-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----(.*?)-----END (?:X509 |TRUSTED )?CERTIFICATE-----",
        text,
        re.DOTALL,
    )
    der = _first_der(blocks) if blocks else data
    certificate = _load(der) if der is not None else None
    if certificate is None:
        return _unusable(text, is_pem=bool(blocks))
    return _describe(certificate, data, max(1, len(blocks)))


def _first_der(blocks: list[str]) -> bytes | None:
    import base64

    try:
        return base64.b64decode(re.sub(r"\s+", "", blocks[0]), validate=True)
    except ValueError:
        return None


def _load(der: bytes) -> "X509 | None":
    from cryptography.x509 import load_der_x509_certificate

    try:
        certificate = load_der_x509_certificate(der)
        certificate.public_key()
    except Exception:  # noqa: BLE001 - a wild file must not raise, and parsers raise much
        return None
    return certificate


_SIGNS = (
    (r"BEGIN [A-Z0-9 ]*PRIVATE KEY", CertificateProblem.PRIVATE_KEY, "it is a private key"),
    (r"BEGIN (NEW )?CERTIFICATE REQUEST", CertificateProblem.CSR,
     "it is a certificate signing request"),
    (r"BEGIN (RSA )?PUBLIC KEY|\Assh-", CertificateProblem.PUBLIC_KEY, "it is a public key"),
    (r"BEGIN CERTIFICATE", CertificateProblem.DAMAGED, "it can't be read: something is missing"),
)  # fmt: skip


def _unusable(text: str, *, is_pem: bool) -> UnusableCertificate:
    if is_pem:
        detail = "it can't be read: characters are missing or wrong"
        return UnusableCertificate(CertificateProblem.DAMAGED, detail)
    for sign, problem, detail in _SIGNS:
        if re.search(sign, text):
            return UnusableCertificate(problem, detail)
    if text.startswith(("\x30", "\xfe\xed")):
        detail = "it is binary, such as a PKCS#12 file or a key store"
        return UnusableCertificate(CertificateProblem.PKCS12, detail)
    return UnusableCertificate(CertificateProblem.OTHER, "it has no BEGIN CERTIFICATE line")


def _describe(certificate: "X509", data: bytes, count: int) -> Certificate:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    key = certificate.public_key()
    der = certificate.public_bytes(Encoding.DER)
    spki = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return Certificate(
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
        subject=_subject(certificate),
        spki_sha256=hashlib.sha256(spki).hexdigest(),
        sha256=hashlib.sha256(der).hexdigest(),
        signature_hash=_signature_hash(certificate),
        public_key=_public_key(key),
        size=len(data),
        der_size=len(der),
        count=count,
        holds_private_key=b"PRIVATE KEY-----" in data,
    )


def _subject(certificate: "X509") -> str:
    try:
        return certificate.subject.rfc4514_string()
    except ValueError:
        return "?"


def _signature_hash(certificate: "X509") -> str:
    from cryptography.exceptions import UnsupportedAlgorithm

    try:
        algorithm = certificate.signature_hash_algorithm
    except (UnsupportedAlgorithm, ValueError):
        return ""
    return algorithm.name if algorithm else ""


def _public_key(key: object) -> str:
    name = type(key).__name__.lstrip("_").removesuffix("PublicKey")
    curve = getattr(key, "curve", None)
    size = getattr(key, "key_size", None)
    if curve is not None:
        return f"EC {curve.name}"
    return f"{name} {size}" if size else name
