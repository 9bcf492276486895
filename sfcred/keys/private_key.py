"""Read private keys in any format, and tell whether n8n accepts them as they are.

Sources: RFC 7468 (PEM), RFC 5208 (PKCS#8), RFC 8017 (PKCS#1). For n8n, its own code was run with
jsonwebtoken 9.0.3 on every case that `why_n8n_rejects` decides.
"""

import enum
import re
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from sfcred.keys import armor, pem_repair, recognize
from sfcred.keys.algorithms import MIN_RSA_BITS, algorithm_of, spki_sha256
from sfcred.keys.der import Form, form_of, is_for_pss, is_pkcs8_of_rsa, missing_bytes
from sfcred.keys.digest_cache import DigestCache
from sfcred.keys.recognize import Kind, Thing

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
    from pydantic import SecretStr

WHOLE_PEM_IN_BASE64 = "base64 of the whole PEM"
BINARY = "binary DER instead of PEM"
UTF_16 = "UTF-16 instead of UTF-8"

#: In bytes. A 16384-bit RSA key has 9 KB. A larger one would only make checking slow.
MAX_DER = 32 * 1024
#: OpenSSL's own limit. Signing time grows with the cube of the size: a key of MAX_DER bytes would
#: take minutes.
MAX_RSA_BITS = 16_384
#: In bytes, for PKCS#8 with another algorithm than RSA. Reading a DSA or DH key calculates its
#: public part, which takes minutes for a key of MAX_DER bytes. One of 4096 bits has 1100 bytes.
MAX_OTHER_DER = 2048

#: The label of each format (RFC 7468, RFC 5915; the third is OpenSSL's own).
_LABELS = {
    Form.PKCS8: "PRIVATE KEY",
    Form.PKCS1: "RSA PRIVATE KEY",
    Form.DSA: "DSA PRIVATE KEY",
    Form.SEC1: "EC PRIVATE KEY",
}
_NOT_TEXT = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\udc80-\udcff]")
_HEADERS = re.compile(r"Proc-Type|DEK-Info", re.IGNORECASE)
_MIN_EXPONENT = 3
_A_FEW_BYTES = 16
_NO_KEY = "the body is base64, but it doesn't begin like a key"
_OTHER_ALGORITHM = "a private key with an algorithm that n8n can't use"
_WRONG_NUMBERS = "the numbers in it don't form a key: characters of the body were changed"


class KeyProblem(enum.Enum):
    """What a text is instead of a usable private key."""

    EMPTY = "empty"
    CERTIFICATE = "certificate"
    PUBLIC_KEY = "public key"
    CSR = "certificate request"
    ENCRYPTED = "encrypted"
    OPENSSH = "OpenSSH"
    PKCS12 = "PKCS#12"
    DAMAGED = "damaged"
    OTHER = "other"


class UnusableKey(NamedTuple):
    """Why a text has no usable private key.

    `detail` follows a colon in a message. It never contains any of the content.
    """

    problem: KeyProblem
    detail: str


class PrivateKey:
    """A private key. Printing it shows only its algorithm.

    Attributes:
        algorithm: `RSA`, `RSA-PSS`, `EC P-256`, `Ed25519`, `DSA`, …
        bits: The size of an RSA or DSA key. None for others, whose names include it.
        spki_sha256: The hexadecimal SHA-256 of the DER SubjectPublicKeyInfo. It is the same for
            the matching `Certificate`.
        repairs: What had to be repaired to read it, in plain words.
    """

    __slots__ = ("_key", "algorithm", "bits", "repairs", "spki_sha256")

    def __init__(self, key: "PrivateKeyTypes", repairs: tuple[str, ...], *, for_pss: bool) -> None:
        public = key.public_key()
        self._key = key
        self.algorithm, self.bits = algorithm_of(public, for_pss=for_pss)
        self.spki_sha256 = spki_sha256(public)
        self.repairs = repairs

    def canonical_pem(self) -> str:
        """Return the key in the form that every n8n version accepts.

        Returns:
            Unencrypted PKCS#8 (RFC 5208) as PEM: 64 columns, LF line breaks, and one at the end.
        """
        from cryptography.hazmat.primitives.serialization import (
            Encoding,
            NoEncryption,
            PrivateFormat,
        )

        pem = self._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return pem.decode("ascii")

    def for_signing(self) -> "RSAPrivateKey":
        """Return the key for the library that signs with it.

        Raises:
            TypeError: It is not an RSA key. Check `algorithm` first.
        """
        from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

        if not isinstance(self._key, RSAPrivateKey):
            raise TypeError(f"not an RSA key but {self.algorithm}")
        return self._key

    def __repr__(self) -> str:
        return "PrivateKey(**********)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a PrivateKey can't be copied or pickled")


_Reading = PrivateKey | UnusableKey
_memory: DigestCache[_Reading] = DigestCache()


def read_private_key(text: "SecretStr") -> PrivateKey | UnusableKey:
    """Read a private key, and repair whatever needs no guessing.

    Args:
        text: The value of the key's field. Bytes that are not UTF-8 can be surrogate escapes or
            Latin-1.

    Returns:
        The key, of any algorithm and size, or what the text is instead. Nothing is raised. The same
        text is parsed only once.
    """
    content = text.get_secret_value()
    return _memory.recall(content.encode("utf-8", "surrogatepass"), lambda: _read(content))


def why_n8n_rejects(text: "SecretStr", version: pem_repair.Version | None) -> str | None:
    """Return why n8n's JWT credential doesn't work with a private key as it is written.

    n8n before 2.29.2 passes the text to OpenSSL unchanged. Later versions repair a text without
    real line breaks, with `formatPrivateKey`, or from 2.30.0 on with `formatPemBlock`.

    Args:
        text: The content of n8n's Private Key field.
        version: n8n's version. None if unknown: then the strictest version decides.

    Returns:
        The reason in plain words, or None if n8n accepts the text as it is.
    """
    key = read_private_key(text)
    if isinstance(key, UnusableKey):
        return key.detail
    if key.algorithm != "RSA":
        return f"n8n signs with RS256, which needs an RSA key, and this is {key.algorithm}"
    if key.bits is not None and key.bits < MIN_RSA_BITS:
        return f"n8n rejects RSA keys under {MIN_RSA_BITS} bits, and this one has {key.bits}"
    content = text.get_secret_value()
    if pem_repair.openssl_takes(pem_repair.as_n8n_repairs(content, version)):
        return None
    return _reason(content, key.repairs, version)


def _reason(content: str, repairs: tuple[str, ...], version: pem_repair.Version | None) -> str:
    """Return what n8n rejects, and why n8n doesn't repair it."""
    harmful = [repair for repair in repairs if repair not in armor.HARMLESS]
    seen = ", ".join(harmful) or "a format that OpenSSL doesn't read"
    if version is None or version < pem_repair.REPAIRS_FROM:
        return f"{seen}; n8n before 2.29.2 doesn't repair that"
    if "\n" in content and not {BINARY, UTF_16} & set(harmful):
        return f"{seen}; n8n doesn't repair text with real line breaks"
    return f"{seen}; n8n doesn't repair that"


def _read(content: str) -> _Reading:
    if not content.strip(" \t\r\n\ufeff\0"):
        return UnusableKey(KeyProblem.EMPTY, "nothing" if not content else "only white space")
    if _NOT_TEXT.search(content):
        found = _read_binary(content)
        if found is not None:
            return found
    return _read_text(content, ())


def _read_binary(content: str) -> _Reading | None:
    """Read a file that is not text: DER, a keystore, UTF-16. Return None if it is unknown."""
    # Text with surrogates can't be Latin-1. Text without them could be either.
    for encoding, errors in (("latin-1", "strict"), ("utf-8", "surrogateescape")):
        try:
            data = content.encode(encoding, errors)
        except UnicodeEncodeError:
            continue
        text = recognize.utf_16_text(data)
        if text is not None:
            return _read_text(text, (UTF_16,))
        found = recognize.by_magic(data)
        if found:
            return _unusable(found)
        if form_of(data):
            return _read_der(data, (BINARY,))
    if armor.read_armor(content).blocks:
        return None
    return UnusableKey(KeyProblem.OTHER, "binary data instead of text")


def _read_text(content: str, repairs: tuple[str, ...]) -> _Reading:
    text = armor.read_armor(content)
    for block in text.blocks:
        label = next(filter(recognize.is_private, (block.label, block.end_label)), None)
        if label is not None:
            return _read_block(text, block, label, repairs)
    if text.blocks:
        return _unusable(recognize.by_label(text.blocks[0].label))
    return _read_bare(content, text, repairs)


def _read_block(
    text: armor.Armor, block: armor.Block, label: str, repairs: tuple[str, ...]
) -> _Reading:
    """Read what a BEGIN or END line labels as a private key. The body decides what it is."""
    if _HEADERS.search(text.body_text(block)):
        return UnusableKey(KeyProblem.ENCRYPTED, "an encrypted key (Proc-Type: 4,ENCRYPTED)")
    announced = recognize.by_label(label)
    body = text.decode(block)
    if isinstance(body, armor.Damage):
        if announced.kind is not Kind.PRIVATE_KEY:
            return _unusable(announced)
        return UnusableKey(KeyProblem.DAMAGED, body.detail)
    form = form_of(body.data)
    found = recognize.by_form(form) if form else announced
    if announced.kind is found.kind is not Kind.PRIVATE_KEY:
        return _unusable(announced)
    mended = (*repairs, *text.repairs_of(block), *body.repairs, *_label_repairs(block.label, form))
    return _read_der(body.data, mended, text.place(text.last_of(block)))


def _label_repairs(label: str, form: Form | None) -> tuple[str, ...]:
    """Describe a label that doesn't match the body. Only known labels are quoted."""
    if form not in _LABELS or label == _LABELS[form]:
        return ()
    if label not in _LABELS.values():
        return ("an unusual label in the BEGIN line",)
    return (f"the label is {label}, but the body is {form.value}",)


def _read_bare(content: str, text: armor.Armor, repairs: tuple[str, ...]) -> _Reading:
    """Read a text without a BEGIN or END line: a known kind of file, or base64."""
    found = recognize.by_text(content)
    if found:
        return _unusable(found)
    if re.search(r"BEGIN [A-Z ]{0,40}PRIVATE KEY", content, re.IGNORECASE):
        return UnusableKey(KeyProblem.DAMAGED, "the BEGIN line has no dashes")
    body = text.decode_all()
    if isinstance(body, armor.Damage):
        return UnusableKey(KeyProblem.OTHER, armor.NO_BEGIN)
    inner = body.data.decode("utf-8", "surrogateescape")
    if armor.read_armor(inner).blocks:
        return _read_text(inner, (*repairs, WHOLE_PEM_IN_BASE64))
    if form_of(body.data) or recognize.by_magic(body.data):
        return _read_der(body.data, (*repairs, *text.repairs, armor.NO_LINES, *body.repairs))
    return UnusableKey(KeyProblem.OTHER, armor.NO_BEGIN)


def _read_der(data: bytes, repairs: tuple[str, ...], place: str = "") -> _Reading:
    """Read a key's bytes. `place` is where they end in the text."""
    form = form_of(data)
    if form is None:
        magic = recognize.by_magic(data)
        return _unusable(magic) if magic else UnusableKey(KeyProblem.DAMAGED, _NO_KEY)
    if form not in _LABELS:
        return _unusable(recognize.by_form(form))
    wrong_length = _wrong_length(missing_bytes(data), place)
    if wrong_length or len(data) > MAX_DER:
        return UnusableKey(KeyProblem.DAMAGED, wrong_length or "far larger than any private key")
    if form is Form.PKCS8 and len(data) > MAX_OTHER_DER and not is_pkcs8_of_rsa(data):
        return UnusableKey(KeyProblem.OTHER, _OTHER_ALGORITHM)
    return _load(data, repairs)


def _wrong_length(missing: int, place: str) -> str:
    """Describe the damage that a wrong length indicates, or return an empty string.

    A few bytes off means a slip somewhere in the text. Many bytes missing means a cut at the end.
    """
    if missing == 0:
        return ""
    if abs(missing) < _A_FEW_BYTES:
        return "the body has missing characters" if missing > 0 else "the body has extra characters"
    return f"the body {'is cut off' if missing > 0 else 'continues after the key'}{place}"


def _load(data: bytes, repairs: tuple[str, ...]) -> _Reading:
    """Read the bytes with `cryptography`, and check the numbers of an RSA key here.

    OpenSSL's own check also tests the primes, which takes 37 ms for 2048 bits and 260 ms for 4096,
    while reading takes 0.01 ms. The numbers depend on each other, so they reveal damage without it.
    """
    import warnings

    from cryptography.exceptions import InternalError, UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_der_private_key

    try:
        with warnings.catch_warnings():
            # Don't warn about weak and old algorithms: the checks report them.
            warnings.simplefilter("ignore")
            key = load_der_private_key(data, None, unsafe_skip_rsa_key_validation=True)
            if isinstance(key, RSAPrivateKey) and key.key_size > MAX_RSA_BITS:
                return UnusableKey(KeyProblem.OTHER, f"an RSA key of more than {MAX_RSA_BITS} bits")
            if isinstance(key, RSAPrivateKey) and not _numbers_fit(key):
                return UnusableKey(KeyProblem.DAMAGED, _WRONG_NUMBERS)
            return PrivateKey(key, repairs, for_pss=is_for_pss(data, path=(1, 0)))
    except UnsupportedAlgorithm:
        return UnusableKey(KeyProblem.OTHER, _OTHER_ALGORITHM)
    except (ValueError, TypeError, OverflowError, InternalError):
        return UnusableKey(KeyProblem.DAMAGED, _WRONG_NUMBERS)


def _numbers_fit(key: "RSAPrivateKey") -> bool:
    """Return whether an RSA key's numbers match each other (RFC 8017, sections 3.1 and 3.2)."""
    private = key.private_numbers()
    public = private.public_numbers
    p, q, d = private.p, private.q, private.d
    # OpenSSL raises an error when it signs with an even prime.
    if min(p, q) <= 1 or p * q % 2 == 0 or p * q != public.n or public.e < _MIN_EXPONENT:
        return False
    both = d * public.e
    return (
        both % (p - 1) == 1
        and both % (q - 1) == 1
        and private.dmp1 == d % (p - 1)
        and private.dmq1 == d % (q - 1)
        and private.iqmp * q % p == 1
    )


def _unusable(thing: Thing) -> UnusableKey:
    return UnusableKey(KeyProblem.__members__.get(thing.kind.name, KeyProblem.OTHER), thing.words)
