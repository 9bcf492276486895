"""Recognize what someone put where a key or certificate belongs, and name it for messages."""

import enum
import re
from typing import NamedTuple

from sfcred.keys.der import Form
from sfcred.utf16 import utf_16_of

_JAVA_KEYSTORES = (b"\xfe\xed\xfe\xed", b"\xce\xce\xce\xce")
_OPENSSH_MAGIC = b"openssh-key-v1\0"
# What `openssl enc` writes first, if it derives the key from a passphrase.
_SALTED = b"Salted__"


class Kind(enum.Enum):
    """The kinds that messages distinguish."""

    PRIVATE_KEY = enum.auto()
    ENCRYPTED = enum.auto()
    OPENSSH = enum.auto()
    CERTIFICATE = enum.auto()
    PUBLIC_KEY = enum.auto()
    CSR = enum.auto()
    PKCS12 = enum.auto()
    OTHER = enum.auto()


class Thing(NamedTuple):
    """A kind, and a description for messages that contains nothing from the content."""

    kind: Kind
    words: str


_OPENSSH = Thing(Kind.OPENSSH, "an OpenSSH private key (BEGIN OPENSSH PRIVATE KEY)")

# The first matching suffix of a label decides, so longer ones come before shorter ones.
_LABELS = (
    ("KEY BLOCK", Thing(Kind.OTHER, "a PGP key")),
    ("MESSAGE", Thing(Kind.OTHER, "a PGP message")),
    ("OPENSSH PRIVATE KEY", _OPENSSH),
    (
        "ENCRYPTED PRIVATE KEY",
        Thing(Kind.ENCRYPTED, "an encrypted PKCS#8 key (BEGIN ENCRYPTED PRIVATE KEY)"),
    ),
    ("PRIVATE KEY", Thing(Kind.PRIVATE_KEY, "a private key")),
    ("PUBLIC KEY", Thing(Kind.PUBLIC_KEY, "a public key (BEGIN PUBLIC KEY)")),
    ("REQUEST", Thing(Kind.CSR, "a certificate request (BEGIN CERTIFICATE REQUEST)")),
    (
        "TRUSTED CERTIFICATE",
        Thing(Kind.CERTIFICATE, "an OpenSSL trusted certificate (BEGIN TRUSTED CERTIFICATE)"),
    ),
    ("CERTIFICATE", Thing(Kind.CERTIFICATE, "a certificate (BEGIN CERTIFICATE)")),
    ("PKCS7", Thing(Kind.OTHER, "a PKCS#7 bundle of certificates")),
    ("CMS", Thing(Kind.OTHER, "a CMS message")),
    ("CRL", Thing(Kind.OTHER, "a list of revoked certificates")),
    ("PARAMETERS", Thing(Kind.OTHER, "parameters without a key")),
)

_FORMS = {
    Form.PKCS8: Thing(Kind.PRIVATE_KEY, "a private key (PKCS#8)"),
    Form.PKCS1: Thing(Kind.PRIVATE_KEY, "a private key (PKCS#1)"),
    Form.SEC1: Thing(Kind.PRIVATE_KEY, "a private key (EC)"),
    Form.DSA: Thing(Kind.PRIVATE_KEY, "a private key (DSA)"),
    Form.PKCS8_ENCRYPTED: Thing(Kind.ENCRYPTED, "an encrypted PKCS#8 key"),
    Form.PUBLIC_KEY: Thing(Kind.PUBLIC_KEY, "a public key"),
    Form.PKCS1_PUBLIC: Thing(Kind.PUBLIC_KEY, "a public key (PKCS#1)"),
    Form.CERTIFICATE: Thing(Kind.CERTIFICATE, "a certificate"),
    Form.CSR: Thing(Kind.CSR, "a certificate request"),
    Form.PKCS7: Thing(Kind.OTHER, "a PKCS#7 bundle of certificates"),
    Form.PKCS12: Thing(Kind.PKCS12, "a PKCS#12 file (.p12, .pfx)"),
}

_TEXTS = (
    (r"PuTTY-User-Key-File-\d", Thing(Kind.OTHER, "a PuTTY key (.ppk)")),
    (r"\{[\s\S]*\"kty\"\s*:", Thing(Kind.OTHER, "a JSON Web Key")),
    (
        r"(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-\w{1,20})\s",
        Thing(Kind.PUBLIC_KEY, "an OpenSSH public key"),
    ),
    (r"-----BEGIN AGE ENCRYPTED FILE", Thing(Kind.OTHER, "a file that age encrypted")),
    (r"<RSAKeyValue>", Thing(Kind.OTHER, "a key in .NET's XML form")),
    (r"-----BEGIN%20", Thing(Kind.OTHER, "a URL-encoded text, so decode it first")),
    (r"-----BEGIN [A-Z0-9]", Thing(Kind.OTHER, "something other than a key or a certificate")),
)


def by_label(label: str) -> Thing:
    """Return what a BEGIN line announces (RFC 7468, section 4, and OpenSSL's own labels)."""
    known = (thing for ending, thing in _LABELS if label.endswith(ending))
    return next(known, Thing(Kind.OTHER, "something other than a key or a certificate"))


def is_private(label: str) -> bool:
    """Return whether a BEGIN line announces a private key of any kind."""
    return label.endswith("PRIVATE KEY")


def by_form(form: Form) -> Thing:
    """Return what a piece of DER is."""
    return _FORMS[form]


def by_magic(data: bytes) -> Thing | None:
    """Recognize a binary file that is not DER, such as a Java keystore."""
    if data.startswith(_SALTED):
        return Thing(Kind.OTHER, "a file that `openssl enc` encrypted, so decrypt it first")
    if data.startswith(_JAVA_KEYSTORES):
        return Thing(Kind.OTHER, "a Java keystore (JKS)")
    return _OPENSSH if data.startswith(_OPENSSH_MAGIC) else None


def by_text(text: str) -> Thing | None:
    """Recognize a text without the BEGIN line of a key or a certificate: .ppk, JWK, id_rsa.pub."""
    start = text.lstrip("\ufeff \t\r\n")
    return next((thing for sign, thing in _TEXTS if re.match(sign, start)), None)


def utf_16_text(data: bytes) -> str | None:
    """Return the text of a UTF-16 file, or None."""
    encoding = utf_16_of(data)
    return None if encoding is None else data.decode(encoding, "replace")
