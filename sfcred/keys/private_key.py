"""Reads a private key in whatever shape people paste it, and writes it as n8n takes it.

PEM is RFC 7468; PKCS#8 is RFC 5208, PKCS#1 is RFC 8017. What n8n makes of each shape was run with
jsonwebtoken 9.0.3 and the helpers of n8n-nodes-base: nothing before 2.15.0, formatPrivateKey in
the node from 2.29.2, formatPemBlock from 2.30.0.
"""

import enum
import hashlib
import re
from typing import TYPE_CHECKING, NamedTuple

from pydantic import SecretStr

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

Version = tuple[int, int, int]

# Parsed keys are kept by the digest of their text; a project has few, a fleet must not pile up.
_KEPT = 256


class KeyProblem(enum.Enum):
    """What stands where a usable private key should."""

    EMPTY = "empty"
    CERTIFICATE = "a certificate"
    PUBLIC_KEY = "a public key"
    CSR = "a certificate signing request"
    ENCRYPTED = "encrypted"
    OPENSSH = "in OpenSSH's format"
    PKCS12 = "a PKCS#12 or Java key store"
    DAMAGED = "damaged"
    OTHER = "something else"


class UnusableKey(NamedTuple):
    """Why a text is no usable private key; the detail is fit for a message and shows no key."""

    problem: KeyProblem
    detail: str


class PrivateKey:
    """A private key that could be read, of whatever algorithm.

    Attributes:
        algorithm: RSA, RSA-PSS, EC P-256, Ed25519, DSA, …
        bits: The modulus's size for RSA and DSA, else None.
        spki_sha256: SHA-256 of the public key (DER SubjectPublicKeyInfo), in hexadecimal: equal
            to that of the certificate it belongs to.
        repairs: What was mended to read it, in words.
    """

    __slots__ = ("_key", "algorithm", "bits", "repairs", "spki_sha256")

    def __init__(self, key: "PrivateKeyTypes", algorithm: str, repairs: tuple[str, ...]) -> None:
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

        self._key = key
        self.algorithm = algorithm
        self.bits: int | None = getattr(key, "key_size", None) if "EC" not in algorithm else None
        spki = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        self.spki_sha256 = hashlib.sha256(spki).hexdigest()
        self.repairs = repairs

    def __repr__(self) -> str:
        return f"PrivateKey({self.algorithm})"

    def canonical_pem(self) -> str:
        """The key as PKCS#8 PEM: unencrypted, 64 columns, LF, a line end at its end."""
        from cryptography.hazmat.primitives.serialization import (
            Encoding,
            NoEncryption,
            PrivateFormat,
        )

        pem = self._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return pem.decode("ascii")


_cache: dict[bytes, PrivateKey | UnusableKey] = {}


def read_private_key(text: SecretStr) -> PrivateKey | UnusableKey:
    """Reads a private key, mending what can be mended without guessing.

    Args:
        text: PEM of any shape, its base64, or a bare body.

    Returns:
        The key, of whatever algorithm and size; or why there is none. Never raises.
    """
    value = text.get_secret_value()
    digest = hashlib.sha256(value.encode("utf-8", "surrogatepass")).digest()
    if digest not in _cache:
        if len(_cache) >= _KEPT:
            _cache.pop(next(iter(_cache)))
        _cache[digest] = _read(value)
    return _cache[digest]


def _read(text: str) -> PrivateKey | UnusableKey:
    if not text.strip():
        return UnusableKey(KeyProblem.EMPTY, "there is nothing in it")
    foreign = _foreign(text)
    if foreign is not None:
        return foreign
    clean, repairs = _clean(text)
    block = _private_block(clean)
    if block is None:
        return _read_bare(clean, repairs)
    label, body, footer = block
    if label in _REFUSED:
        return _REFUSED[label]
    if "ENCRYPTED" in label or re.search(r"Proc-Type:\s*4,\s*ENCRYPTED", body):
        return UnusableKey(KeyProblem.ENCRYPTED, "it is encrypted with a passphrase")
    if not footer:
        repairs.append("the END line is missing")
    return _parse_body(body, label, repairs)


_REFUSED = {
    "OPENSSH PRIVATE KEY": UnusableKey(
        KeyProblem.OPENSSH, "it is in OpenSSH's own format (BEGIN OPENSSH PRIVATE KEY)"
    ),
}

# What else people paste: a sign in the text, what it is, and the words for it.
_SIGNS = (
    (r"-----\s*BEGIN [A-Z0-9 ]*PRIVATE KEY", None, ""),  # a key is there: look no further
    (r"BEGIN (X509 |TRUSTED )?CERTIFICATE-", KeyProblem.CERTIFICATE,
     "it is a certificate (BEGIN CERTIFICATE)"),
    (r"BEGIN (NEW )?CERTIFICATE REQUEST", KeyProblem.CSR, "it is a certificate signing request"),
    (r"BEGIN (RSA )?PUBLIC KEY|^ssh-(rsa|ed25519|dss) ", KeyProblem.PUBLIC_KEY,
     "it is a public key"),
    (r"^PuTTY-User-Key-File", KeyProblem.OTHER, "it is a PuTTY key (.ppk)"),
    (r"^\s*\{[^{}]*\"kty\"", KeyProblem.OTHER, "it is a JSON Web Key"),
    (r"BEGIN PGP ", KeyProblem.OTHER, "it is a PGP block"),
    ("^\u00fe\u00ed\u00fe\u00ed|^\udcfe\udced\udcfe\udced|^[\u0000\ufffd]?\\Z", KeyProblem.PKCS12,
     "it is a Java key store"),
)  # fmt: skip


def _foreign(text: str) -> UnusableKey | None:
    """What is recognisably something else than a private key in PEM."""
    for sign, problem, detail in _SIGNS:
        if re.search(sign, text, re.MULTILINE):
            return UnusableKey(problem, detail) if problem else None
    control = sum(1 for c in text if ord(c) < 32 and c not in "\r\n\t" or "\udc80" <= c <= "\udcff")
    if control > 4:  # noqa: PLR2004 - more than an accident: binary
        return UnusableKey(KeyProblem.PKCS12, "it is binary, such as a PKCS#12 file or a key store")
    return None


def _clean(text: str) -> tuple[str, list[str]]:
    """Undoes what pasting does to a text; says what it undid."""
    repairs: list[str] = []
    steps = (
        ("\ufeff", lambda t: t.lstrip("\ufeff"), "a byte order mark at its beginning"),
        (r"\\r\\n|\\n|\\r", lambda t: re.sub(r"\\r\\n|\\n|\\r", "\n", t),
         "the two characters \\n instead of line ends"),
        (r"\A\s*[\"'\u2018-\u201f]|[\"'\u2018-\u201f],?\s*\Z",
         lambda t: re.sub(r"\A[\s\"'\u2018-\u201f]+|[\s\"'\u2018-\u201f,]+\Z", "", t),
         "quotes round it"),
        (r"\r(?!\n)", lambda t: t.replace("\r\n", "\n").replace("\r", "\n"),
         "old Macintosh line ends"),
        (r"[\u2012-\u2015]", lambda t: re.sub(r"[\u2012-\u2015]+", "-----", t),
         "long dashes instead of hyphens"),
    )  # fmt: skip
    for sign, mend, words in steps:
        if re.search(sign, text):
            text = mend(text)
            repairs.append(words)
    return text, repairs


def _private_block(text: str) -> tuple[str, str, bool] | None:
    """Label, body and whether there is an END line, of the first private key in a text."""
    begin = re.search(r"-+\s*BEGIN ([A-Z0-9 ]*PRIVATE KEY)\s*-+", text, re.IGNORECASE)
    if begin is None:
        return None
    label = begin[1].upper()
    rest = text[begin.end() :]
    end = re.search(r"-+\s*END [A-Z0-9 ]*PRIVATE KEY\s*-*", rest, re.IGNORECASE)
    return label, rest[: end.start()] if end else re.split("-{3,}", rest)[0], end is not None


def _parse_body(body: str, label: str, repairs: list[str]) -> PrivateKey | UnusableKey:
    der = _decode(body)
    if der is None:
        return UnusableKey(KeyProblem.DAMAGED, _damage(body))
    key, algorithm = _load(der, label)
    if key is None:
        return UnusableKey(KeyProblem.DAMAGED, algorithm or _damage(body))
    return PrivateKey(key, algorithm, tuple(repairs))


def _decode(body: str) -> bytes | None:
    import base64

    compact = re.sub(r"\s+", "", body)
    try:
        return base64.b64decode(compact, validate=True)
    except ValueError:
        return None


def _damage(body: str) -> str:
    """What is visibly wrong with a body, without showing any of it."""
    compact = re.sub(r"\s+", "", body)
    strange = re.search(r"[^A-Za-z0-9+/=]", compact)
    if not compact:
        return "there is nothing between its BEGIN and END lines"
    if strange:
        return f"a character that can't be there (U+{ord(strange.group()):04X}) is in its body"
    if "=" in compact.rstrip("="):
        return "its body has an end in the middle: something was pasted twice"
    return "its body is incomplete or changed: characters are missing or wrong"


def _read_bare(text: str, repairs: list[str]) -> PrivateKey | UnusableKey:
    """For a text without a BEGIN line: base64 of a PEM, or the body alone."""
    der = _decode(text)
    if der is None or len(der) < 48:  # noqa: PLR2004 - no key is that short
        detail = "it has no BEGIN … PRIVATE KEY line"
        return UnusableKey(KeyProblem.DAMAGED if "PRIVATE KEY" in text else KeyProblem.OTHER, detail)
    if b"-----BEGIN" in der:
        found = _read(der.decode("utf-8", "replace"))
        if isinstance(found, PrivateKey):
            again = ("it is base64 of the whole PEM", *found.repairs)
            return PrivateKey(found._key, found.algorithm, again)  # noqa: SLF001 - own class
        return found
    key, algorithm = _load(der, "")
    if key is None:
        return UnusableKey(KeyProblem.OTHER, "it has no BEGIN … PRIVATE KEY line")
    return PrivateKey(key, algorithm, (*repairs, "its BEGIN and END lines are missing"))


def _load(der: bytes, label: str) -> "tuple[PrivateKeyTypes | None, str]":
    """The key and its algorithm; or None and what is wrong, if that is known."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_der_private_key

    try:
        key = load_der_private_key(der, password=None)
    except TypeError:
        return None, "it is encrypted"
    except UnsupportedAlgorithm:
        return None, "its algorithm is unknown"
    except (ValueError, OverflowError):
        return None, ""
    return key, _algorithm(key, der)


def _algorithm(key: "PrivateKeyTypes", der: bytes) -> str:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    if isinstance(key, RSAPrivateKey):
        # id-RSASSA-PSS (RFC 4055) near the beginning of a PKCS#8 structure.
        is_pss = bytes.fromhex("2a864886f70d01010a") in der[:40]
        return "RSA-PSS" if is_pss else "RSA"
    curve = getattr(key, "curve", None)
    if curve is not None:
        names = {"secp256r1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521"}
        return f"EC {names.get(curve.name, curve.name)}"
    return type(key).__name__.lstrip("_").removesuffix("PrivateKey")


def n8n_would_choke(text: SecretStr, version: Version | None) -> str | None:
    """Why n8n's Salesforce node would refuse a key as it is written; None if it takes it.

    Args:
        text: The key as a person has it. It must be one that `read_private_key` reads.
        version: n8n's version; None judges by the oldest.

    Returns:
        A reason in words, or None.
    """
    raw = text.get_secret_value()
    given = raw if version and version >= (2, 29, 2) else None
    if given is not None and "\n" not in given.strip("\n") and "\n" not in given:
        given = _format_as_n8n(given, version or (0, 0, 0))
    candidate = raw if given is None else given
    return None if _openssl_takes(candidate) else _reason(raw)


def _format_as_n8n(text: str, version: Version) -> str:
    """n8n's own repair of a key in one line; it leaves alone what has any real line end."""
    text = text.replace("\\n", "\n").replace("\r", "\n") if "\\r" not in text else text
    if "\n" in text:
        return text
    found = re.fullmatch(r"\s*(-----BEGIN [A-Z ]+-----)(.*?)(-----END [A-Z ]+-----)(.*)", text)
    if found is None or (version < (2, 30, 0) and not re.search(r"\s", found[2])):
        return text
    body = re.sub(r"\s+", "\n", found[2].strip())
    return f"{found[1]}\n{body}\n{found[3]}\n"


def _openssl_takes(text: str) -> bool:
    """Whether Node's OpenSSL would read it: BEGIN at a line's start, an unbroken body."""
    text = text.lstrip("\ufeff")
    found = re.search(
        r"(?m)^-----BEGIN ((?:RSA )?PRIVATE KEY)-----[ \t]*\r?\n"
        r"((?:[A-Za-z0-9+/=]+[ \t]*\r?\n)+)-----END \1-----",
        text,
    )
    if found is None:
        return False
    body = _decode(found[2])
    # PKCS#1 begins with the modulus where PKCS#8 has an algorithm; only one mismatch is taken.
    is_pkcs8 = body is not None and b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01" in body[:40]
    return is_pkcs8 or found[1] == "RSA PRIVATE KEY"


def _reason(raw: str) -> str:
    _text, repairs = _clean(raw)
    if repairs:
        return f"n8n stumbles over {' and '.join(repairs)}"
    if "\n" not in raw.strip():
        return "it stands in one line"
    if re.search(r"(?m)^[ \t]+\S", raw):
        return "its lines are indented"
    if re.search(r"\n\s*\n", raw.strip()):
        return "there are empty lines in it"
    if not re.search(r"-----BEGIN (RSA )?PRIVATE KEY-----", raw):
        return "its BEGIN line is not as n8n wants it"
    return "its BEGIN line does not fit what follows, or its END line is missing"


__all__ = ["KeyProblem", "PrivateKey", "UnusableKey", "n8n_would_choke", "read_private_key"]
