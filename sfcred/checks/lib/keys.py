"""Helpers for checks of keys and certificates."""

from typing import TYPE_CHECKING

from sfcred.errors import NotKnown
from sfcred.spec.source import Route

if TYPE_CHECKING:
    from sfcred.keys.certificate import Certificate
    from sfcred.keys.private_key import KeyProblem, PrivateKey, UnusableKey
    from sfcred.resolve.credential import Credential

# The checks that report a certificate that can't be used.
_CERTIFICATE_CHECKS = ("SFC408", "SFC412")
KEY: Route = ("jwt", "private_key")
CERTIFICATE: Route = ("jwt", "certificate")


def unusable_key(credential: "Credential", *problems: "KeyProblem") -> "UnusableKey | None":
    """Return what is in place of a private key, if it has one of these problems. JWT flow only.

    Raises:
        NotKnown: The key can't be read here.
    """
    from sfcred.keys.private_key import UnusableKey

    key = credential.private_key
    return key if isinstance(key, UnusableKey) and key.problem in problems else None


def usable_key(credential: "Credential") -> "PrivateKey":
    """Return the private key of a JWT credential.

    Raises:
        NotKnown: It can't be read here, or it is not a usable private key.
    """
    from sfcred.keys.private_key import UnusableKey

    key = credential.private_key
    if isinstance(key, UnusableKey):
        raise NotKnown(
            "jwt.private_key is not a usable private key",
            hint="See SFC401 to SFC406.",
            topic="private_key",
        )
    return key


def usable_certificate(credential: "Credential") -> "Certificate":
    """Return the certificate of a JWT credential.

    Raises:
        NotKnown: The spec doesn't name one, it can't be read here, or it is not a certificate.
    """
    from sfcred.keys.certificate import UnusableCertificate

    certificate = credential.certificate
    if isinstance(certificate, UnusableCertificate):
        raise NotKnown(
            "jwt.certificate is not a certificate",
            hint="See SFC408 and SFC412.",
            because_of=_CERTIFICATE_CHECKS,
        )
    return certificate
