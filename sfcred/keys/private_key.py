"""Reads private keys in whatever shape they come, and says what n8n would make of that shape.

Sources: RFC 7468 (PEM), RFC 5208 (PKCS#8), RFC 8017 (PKCS#1); for n8n, runs of its own code with
jsonwebtoken 9.0.3 on every row that `n8n_would_choke` decides.
"""

import enum
import re
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from sfcred.keys import armor, pem_repair, recognize
from sfcred.keys.algorithms import algorithm_of, spki_sha256
from sfcred.keys.der import Form, form_of, is_for_pss, missing_bytes
from sfcred.keys.digest_cache import Memory
from sfcred.keys.recognize import Kind, Thing

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
    from pydantic import SecretStr

WHOLE_PEM_IN_BASE64 = "base64 of the whole PEM"
BINARY = "binary DER instead of PEM"
UTF_16 = "UTF-16 instead of UTF-8"

#: A 16384-bit RSA key takes 9 KB. Beyond this, only the arithmetic of the check would be long.
MAX_DER = 32 * 1024
#: OpenSSL's own limit. Signing takes the cube of the size: minutes, for a key as large as MAX_DER.
MAX_RSA_BITS = 16_384
#: What jsonwebtoken 9 asks of a key for RS256.
MIN_RSA_BITS = 2048

#: The label that goes with each form (RFC 7468, RFC 5915; the third is OpenSSL's own).
_LABELS = {
    Form.PKCS8: "PRIVATE KEY",
    Form.PKCS1: "RSA PRIVATE KEY",
    Form.DSA: "DSA PRIVATE KEY",
    Form.SEC1: "EC PRIVATE KEY",
}
_NOT_TEXT = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\udc80-\udcff]")
_HEADERS = re.compile(r"Proc-Type|DEK-Info", re.IGNORECASE)


class KeyProblem(enum.Enum):
    """What stands there instead of a usable private key."""

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
    """Why a text gives no private key.

    `detail` is part of a sentence that says what was seen. It never holds any of the content.
    """

    problem: KeyProblem
    detail: str


class PrivateKey:
    """A private key that was read. It shows its algorithm to whoever prints it, and no more.

    Attributes:
        algorithm: `RSA`, `RSA-PSS`, `EC P-256`, `Ed25519`, `DSA`, …
        bits: The size of an RSA or DSA key; None for the others, whose name says it.
        spki_sha256: The hexadecimal SHA-256 of the DER SubjectPublicKeyInfo. It equals that of
            the `Certificate` which belongs to the key.
        repairs: What had to be mended to read it, in plain words.
    """

    __slots__ = ("_key", "algorithm", "bits", "repairs", "spki_sha256")

    def __init__(self, key: "PrivateKeyTypes", repairs: tuple[str, ...], *, for_pss: bool) -> None:
        public = key.public_key()
        self._key = key
        self.algorithm, self.bits = algorithm_of(public, for_pss=for_pss)
        self.spki_sha256 = spki_sha256(public)
        self.repairs = repairs

    def canonical_pem(self) -> str:
        """The key as n8n takes it in every version.

        Returns:
            PKCS#8 (RFC 5208), unencrypted, in PEM: 64 columns, LF, and a line break at the end.
        """
        from cryptography.hazmat.primitives.serialization import (
            Encoding,
            NoEncryption,
            PrivateFormat,
        )

        pem = self._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return pem.decode("ascii")

    def for_signing(self) -> "RSAPrivateKey":
        """The key itself, for the library that signs with it.

        Raises:
            TypeError: It is no RSA key: ask `algorithm` first.
        """
        from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

        if not isinstance(self._key, RSAPrivateKey):
            raise TypeError(f"not an RSA key but {self.algorithm}")
        return self._key

    def __repr__(self) -> str:
        return "PrivateKey(**********)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a PrivateKey is neither copied nor pickled")


_Reading = PrivateKey | UnusableKey
_memory: Memory[_Reading] = Memory()


def read_private_key(text: "SecretStr") -> PrivateKey | UnusableKey:
    """Reads a private key, tolerantly: what can be mended without guessing is.

    Args:
        text: What stands where the key belongs. Bytes that are no UTF-8 may come as surrogate
            escapes or as Latin-1.

    Returns:
        The key, of whatever algorithm and size; or what stands there instead. Nothing is raised,
        and a text that was read before is not read again.
    """
    content = text.get_secret_value()
    return _memory.recall(content.encode("utf-8", "surrogatepass"), lambda: _read(content))


def n8n_would_choke(text: "SecretStr", version: pem_repair.Version | None) -> str | None:
    """Why n8n's JWT credential wouldn't work with a private key as it is written.

    n8n before 2.29.2 gives the text to OpenSSL as it is, and from there on mends a text without
    real line breaks: with `formatPrivateKey`, from 2.30.0 with `formatPemBlock`.

    Args:
        text: What would stand in n8n's private key field.
        version: n8n's version; None if unknown, which is judged as the strictest.

    Returns:
        None if n8n takes the text as it is, else the reason in plain words.
    """
    key = read_private_key(text)
    if isinstance(key, UnusableKey):
        return key.detail
    if key.algorithm != "RSA":
        return f"n8n signs with RS256, which takes no {key.algorithm} key"
    if key.bits is not None and key.bits < MIN_RSA_BITS:
        return f"n8n refuses RSA keys under {MIN_RSA_BITS} bits, and this has {key.bits}"
    content = text.get_secret_value()
    if pem_repair.openssl_takes(pem_repair.as_n8n_repairs(content, version)):
        return None
    return _reason(content, key.repairs, version)


def _reason(content: str, repairs: tuple[str, ...], version: pem_repair.Version | None) -> str:
    """What n8n stumbles over, and why it doesn't mend it."""
    harmful = [repair for repair in repairs if repair not in armor.HARMLESS]
    seen = ", ".join(harmful) or "a form that OpenSSL doesn't read"
    if version is None or version < pem_repair.REPAIRS_FROM:
        return f"{seen}; n8n before 2.29.2 mends nothing"
    if "\n" in content:
        return f"{seen}; n8n mends no text that has a real line break"
    return f"{seen}; n8n doesn't mend that"


def _read(content: str) -> _Reading:
    if not content.strip(" \t\r\n\ufeff\0"):
        return UnusableKey(KeyProblem.EMPTY, "nothing" if not content else "only white space")
    if _NOT_TEXT.search(content):
        found = _read_binary(content)
        if found is not None:
            return found
    return _read_text(content, ())


def _read_binary(content: str) -> _Reading | None:
    """Reads a file that is no text: DER, a keystore, UTF-16. None if it is nothing known."""
    # A text with surrogates can't be Latin-1; one without may be either.
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
    return UnusableKey(KeyProblem.OTHER, "binary data, no text")


def _read_text(content: str, repairs: tuple[str, ...]) -> _Reading:
    text = armor.read_armor(content)
    for block in text.blocks:
        label = next(filter(_is_private, (block.label, block.end_label)), None)
        if label is not None:
            return _read_block(text, block, label, repairs)
    if text.blocks:
        return _unusable(recognize.by_label(text.blocks[0].label))
    return _read_bare(content, text, repairs)


def _is_private(label: str) -> bool:
    return label.endswith("PRIVATE KEY")


def _read_block(
    text: armor.Armor, block: armor.Block, label: str, repairs: tuple[str, ...]
) -> _Reading:
    """Reads what a BEGIN or END line calls a private key. The body decides what it really is."""
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
    """A label that announces another form than the body has. Only known labels are repeated."""
    if form not in _LABELS or label == _LABELS[form]:
        return ()
    if label not in _LABELS.values():
        return ("an unusual label in the BEGIN line",)
    return (f"label says {label} over a {form.value} body",)


def _read_bare(content: str, text: armor.Armor, repairs: tuple[str, ...]) -> _Reading:
    """Reads a text without a BEGIN or END line: a known file, or base64 of something."""
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
    """Reads a key's bytes; `place` is where in the text they end."""
    form = form_of(data)
    if form is None:
        magic = recognize.by_magic(data)
        return _unusable(magic) if magic else UnusableKey(KeyProblem.DAMAGED, _NO_KEY)
    if form not in _LABELS:
        return _unusable(recognize.by_form(form))
    wrong_length = _wrong_length(missing_bytes(data), place)
    if wrong_length or len(data) > MAX_DER:
        return UnusableKey(KeyProblem.DAMAGED, wrong_length or "far larger than any private key")
    return _load(data, repairs)


def _wrong_length(missing: int, place: str) -> str:
    """What a body's length says about its damage; nothing if it is right.

    A few bytes are lost or doubled anywhere, by a slip of the hand; many at the end, by a cut.
    """
    if missing == 0:
        return ""
    if abs(missing) < _A_FEW_BYTES:
        return (
            "characters of the body are missing" if missing > 0 else "the body has extra characters"
        )
    return f"the body {'stops early' if missing > 0 else 'goes on behind the key'}{place}"


_A_FEW_BYTES = 16
_NO_KEY = "the body is base64, but its beginning is no key's"
_WRONG_NUMBERS = "the numbers inside are not a key's: characters of the body were changed"


def _load(data: bytes, repairs: tuple[str, ...]) -> _Reading:
    """Has `cryptography` read the bytes, and the numbers of an RSA key checked here.

    OpenSSL's own check also tests the primes: 37 ms for 2048 bits, 260 ms for 4096, where reading
    takes 0.01 ms. A damaged key is found by the numbers alone, which depend on each other.
    """
    import warnings

    from cryptography.exceptions import InternalError, UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_der_private_key

    try:
        with warnings.catch_warnings():
            # Weak and old algorithms are what the checks are for.
            warnings.simplefilter("ignore")
            key = load_der_private_key(data, None, unsafe_skip_rsa_key_validation=True)
            if isinstance(key, RSAPrivateKey) and key.key_size > MAX_RSA_BITS:
                return UnusableKey(KeyProblem.OTHER, f"an RSA key of more than {MAX_RSA_BITS} bits")
            if isinstance(key, RSAPrivateKey) and not _numbers_fit(key):
                return UnusableKey(KeyProblem.DAMAGED, _WRONG_NUMBERS)
            return PrivateKey(key, repairs, for_pss=is_for_pss(data, path=(1, 0)))
    except UnsupportedAlgorithm:
        return UnusableKey(KeyProblem.OTHER, "a private key of an algorithm that n8n can't use")
    except (ValueError, TypeError, OverflowError, InternalError):
        return UnusableKey(KeyProblem.DAMAGED, _WRONG_NUMBERS)


def _numbers_fit(key: "RSAPrivateKey") -> bool:
    """Whether an RSA key's numbers belong together (RFC 8017, section 3.2)."""
    private = key.private_numbers()
    public = private.public_numbers
    p, q, d = private.p, private.q, private.d
    if min(p, q) <= 1 or p * q != public.n:
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
