"""Read the X.509 certificate that you upload to Salesforce (RFC 5280; RFC 7468 for PEM)."""

import enum
import hashlib
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from sfcred.keys import armor, recognize
from sfcred.keys.algorithms import UNKNOWN, Algorithm, algorithm_of, spki_sha256
from sfcred.keys.der import Form, form_of, is_for_pss, is_nested, missing_bytes, public_key_info
from sfcred.keys.digest_cache import DigestCache
from sfcred.keys.recognize import Kind, Thing

if TYPE_CHECKING:
    from cryptography import x509

_LABELS = {"CERTIFICATE", "X509 CERTIFICATE"}


class CertificateProblem(enum.Enum):
    """What a file is instead of a certificate."""

    EMPTY = "empty"
    PRIVATE_KEY = "private key"
    PUBLIC_KEY = "public key"
    CSR = "certificate request"
    PKCS12 = "PKCS#12"
    DAMAGED = "damaged"
    # It may be fine for other programs: OpenSSL reads many that `cryptography` refuses.
    UNREADABLE = "unreadable"
    OTHER = "other"


class UnusableCertificate(NamedTuple):
    """Why a file has no usable certificate. `detail` follows a colon in a message."""

    problem: CertificateProblem
    detail: str


class Certificate(NamedTuple):
    """The first certificate of a file.

    Attributes:
        not_before: The start of its validity, aware and in UTC.
        not_after: The end of its validity, aware and in UTC.
        subject: The subject's name in RFC 4514 notation. Empty if it can't be written.
        spki_sha256: The hexadecimal SHA-256 of the DER SubjectPublicKeyInfo. It is the same for
            the matching `PrivateKey`.
        sha256: The fingerprint: the hexadecimal SHA-256 of the certificate.
        signature_hash: `sha256`, `sha1`, `md5`, …. Empty if the signature has no separate hash.
        public_key: The public key's algorithm; UNKNOWN if the key can't be read.
        size: The file's size in bytes, as it would be uploaded.
        der_size: The certificate's size in DER, in bytes.
        count: The number of certificates in the file.
        later_keys: `spki_sha256` of the file's other certificates, in order. Empty for one that
            can't be read.
        holds_private_key: Whether the file also contains a private key.
        der: The certificate itself, in DER.
    """

    not_before: datetime
    not_after: datetime
    subject: str
    spki_sha256: str
    sha256: str
    signature_hash: str
    public_key: Algorithm
    size: int
    der_size: int
    count: int  # type: ignore[assignment]  # hides tuple.count, which isn't needed
    holds_private_key: bool
    der: bytes
    later_keys: tuple[str, ...] = ()

    def pem(self) -> str:
        """Return the certificate as PEM (RFC 7468): 64 columns, LF line breaks."""
        import base64

        text = base64.b64encode(self.der).decode("ascii")
        lines = "\n".join(text[start : start + 64] for start in range(0, len(text), 64))
        return f"-----BEGIN CERTIFICATE-----\n{lines}\n-----END CERTIFICATE-----\n"


_Reading = Certificate | UnusableCertificate
_memory: DigestCache[_Reading] = DigestCache()


def read_certificate(data: bytes) -> Certificate | UnusableCertificate:
    """Read a certificate from PEM, DER, bare base64, or base64 of a whole PEM file.

    Args:
        data: A file's content. PEM can have text around the certificate, a byte order mark and any
            kind of line breaks.

    Returns:
        The first certificate in the file, or what the file is instead. Nothing is raised. The same
        content is parsed only once.
    """
    return _memory.recall(data, lambda: _read(data))


def _read(data: bytes) -> _Reading:
    if not data.strip():
        return UnusableCertificate(CertificateProblem.EMPTY, "the file is empty")
    form = form_of(data)
    if form is Form.CERTIFICATE:
        return _read_der(data, size=len(data), count=1, holds_private_key=False)
    found = recognize.by_form(form) if form else recognize.by_magic(data)
    if found:
        return _unusable(found)
    text = recognize.utf_16_text(data)
    return _read_text(data.decode("utf-8", "surrogateescape") if text is None else text, len(data))


def _read_text(content: str, size: int) -> _Reading:
    text = armor.read_armor(content)
    blocks = [block for block in text.blocks if block.label in _LABELS]
    if not blocks:
        return _without_certificate(content, text, size)
    body = text.decode(blocks[0])
    if isinstance(body, armor.Damage):
        return UnusableCertificate(CertificateProblem.DAMAGED, body.detail)
    form = form_of(body.data)
    if form and form is not Form.CERTIFICATE:
        return _unusable(recognize.by_form(form))
    found = _read_der(
        body.data, size=size, count=len(blocks), holds_private_key=bool(_private_keys(text))
    )
    if isinstance(found, UnusableCertificate):
        return found
    return found._replace(later_keys=tuple(_key_in(text, block) for block in blocks[1:]))


def _private_keys(text: armor.Armor) -> list[armor.Block]:
    return [block for block in text.blocks if recognize.is_private(block.label)]


def _key_in(text: armor.Armor, block: armor.Block) -> str:
    """Return the digest of the public key in one of a file's other certificates, or ""."""
    body = text.decode(block)
    if isinstance(body, armor.Damage) or form_of(body.data) is not Form.CERTIFICATE:
        return ""
    found = _read_der(body.data, size=0, count=1, holds_private_key=False)
    return "" if isinstance(found, UnusableCertificate) else found.spki_sha256


def _without_certificate(content: str, text: armor.Armor, size: int) -> _Reading:
    if text.blocks:
        # A private key counts even if parameters or a public key stand before it.
        first = [*_private_keys(text), *text.blocks][0]
        return _unusable(recognize.by_label(first.label))
    found = recognize.by_text(content)
    return _unusable(found) if found else _read_base64(text, size)


def _read_base64(text: armor.Armor, size: int) -> _Reading:
    """Read what an org returns: the base64 of a certificate, or of a whole file."""
    body = text.decode_all()
    if isinstance(body, armor.Damage):
        return UnusableCertificate(CertificateProblem.OTHER, armor.NO_BEGIN)
    form = form_of(body.data)
    if form is Form.CERTIFICATE:
        return _read_der(body.data, size=size, count=1, holds_private_key=False)
    if form:
        return _unusable(recognize.by_form(form))
    # The whole file comes back if it had text around the certificate, as OpenSSL writes.
    inner = body.data.decode("utf-8", "surrogateescape")
    if armor.read_armor(inner).blocks:
        return _read_text(inner, size)
    return UnusableCertificate(CertificateProblem.OTHER, armor.NO_BEGIN)


def _read_der(data: bytes, *, size: int, count: int, holds_private_key: bool) -> _Reading:
    import warnings

    from cryptography import x509
    from cryptography.exceptions import InternalError

    if missing_bytes(data) > 0:
        return UnusableCertificate(CertificateProblem.DAMAGED, "it is cut off")
    try:
        with warnings.catch_warnings():
            # Accept certificates that don't fully follow the standard.
            warnings.simplefilter("ignore")
            certificate = x509.load_der_x509_certificate(data)
            digest, public_key = _key_of(certificate, data)
            return Certificate(
                not_before=certificate.not_valid_before_utc,
                not_after=certificate.not_valid_after_utc,
                subject=_subject(certificate),
                spki_sha256=digest,
                sha256=hashlib.sha256(data).hexdigest(),
                signature_hash=_signature_hash(certificate),
                public_key=public_key,
                size=size,
                der_size=len(data),
                count=count,
                holds_private_key=holds_private_key,
                der=data,
            )
    except (ValueError, TypeError, OverflowError, InternalError, x509.InvalidVersion):
        return _unreadable(data)


def _key_of(certificate: "x509.Certificate", data: bytes) -> tuple[str, Algorithm]:
    """Return a public key's digest and algorithm, even if the key can't be read."""
    from cryptography.exceptions import InternalError, UnsupportedAlgorithm

    info = public_key_info(data)
    try:
        key = certificate.public_key()
    except (UnsupportedAlgorithm, ValueError, InternalError):
        return hashlib.sha256(info).hexdigest(), UNKNOWN
    return spki_sha256(key), algorithm_of(key, for_pss=is_for_pss(info, path=(0, 0)))


def _subject(certificate: "x509.Certificate") -> str:
    try:
        return certificate.subject.rfc4514_string()
    except (ValueError, KeyError):
        # The name has an empty or malformed part, but the dates and the key are still useful.
        return ""


def _signature_hash(certificate: "x509.Certificate") -> str:
    from cryptography.exceptions import UnsupportedAlgorithm

    try:
        algorithm = certificate.signature_hash_algorithm
    except (UnsupportedAlgorithm, ValueError):
        return ""
    return "" if algorithm is None else algorithm.name


def _unreadable(data: bytes) -> UnusableCertificate:
    if form_of(data) is Form.CERTIFICATE and is_nested(data):
        return UnusableCertificate(
            CertificateProblem.UNREADABLE,
            "more data follows the certificate's end"
            if missing_bytes(data)
            else "it has the form of a certificate, but a part of it that sfcred can't read",
        )
    return UnusableCertificate(
        CertificateProblem.DAMAGED, "its content is not that of a certificate"
    )


def _unusable(thing: Thing) -> UnusableCertificate:
    if thing.kind in {Kind.PRIVATE_KEY, Kind.ENCRYPTED, Kind.OPENSSH}:
        return UnusableCertificate(CertificateProblem.PRIVATE_KEY, thing.words)
    problem = CertificateProblem.__members__.get(thing.kind.name, CertificateProblem.OTHER)
    return UnusableCertificate(problem, thing.words)
