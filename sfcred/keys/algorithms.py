"""The algorithm, size and fingerprint of a public key, for keys and certificates alike."""

import hashlib
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes

#: The minimum of jsonwebtoken 9 for RS256.
MIN_RSA_BITS = 2048
_CURVES = {"secp256r1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521"}


class Algorithm(NamedTuple):
    """An algorithm's usual name, and the key's size if the name doesn't include it."""

    name: str
    bits: int | None

    def __str__(self) -> str:
        return self.name if self.bits is None else f"{self.name} {self.bits}"

    def is_unfit(self) -> bool:
        """Return whether it is known to be another algorithm than RS256 needs."""
        return self.name not in ("RSA", UNKNOWN.name)

    def is_short(self) -> bool:
        """Return whether it is an RSA key that n8n refuses to sign with."""
        return self.name == "RSA" and self.bits is not None and self.bits < MIN_RSA_BITS

    def must_be_replaced(self) -> bool:
        """Return whether no other form of the key helps."""
        return self.is_unfit() or self.is_short()


#: The algorithm of a public key that can't be read.
UNKNOWN = Algorithm("unknown", None)


def algorithm_of(key: "PublicKeyTypes", *, for_pss: bool = False) -> Algorithm:
    """Return a public key's algorithm: `RSA` with its bits, or `EC P-256`, for example.

    Args:
        key: The key as `cryptography` read it.
        for_pss: Whether an RSA key is restricted to RSASSA-PSS, which `cryptography` doesn't tell.
    """
    from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa

    if isinstance(key, rsa.RSAPublicKey):
        return Algorithm("RSA-PSS" if for_pss else "RSA", key.key_size)
    if isinstance(key, ec.EllipticCurvePublicKey):
        return Algorithm(f"EC {_CURVES.get(key.curve.name, key.curve.name)}", None)
    name = type(key).__name__.removesuffix("PublicKey")
    return Algorithm(name, key.key_size if isinstance(key, dsa.DSAPublicKey) else None)


def spki_sha256(key: "PublicKeyTypes") -> str:
    """Return the hexadecimal SHA-256 of a key's DER SubjectPublicKeyInfo (RFC 5280).

    It is the same for a private key and its certificate.
    """
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    info = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(info).hexdigest()
