"""What checks of keys and certificates share."""

from typing import TYPE_CHECKING

from sfcred.errors import NotKnown
from sfcred.spec.source import Route

if TYPE_CHECKING:
    from sfcred.keys.certificate import Certificate
    from sfcred.keys.private_key import KeyProblem, PrivateKey, UnusableKey
    from sfcred.resolve.credential import Credential

KEY: Route = ("jwt", "private_key")
CERTIFICATE: Route = ("jwt", "certificate")


def unusable_key(credential: "Credential", *problems: "KeyProblem") -> "UnusableKey | None":
    """What stands in the private key's place, if it is one of these. For the JWT flow only.

    Raises:
        NotKnown: The key can't be read here.
    """
    from sfcred.keys.private_key import UnusableKey

    key = credential.private_key
    return key if isinstance(key, UnusableKey) and key.problem in problems else None


def usable_key(credential: "Credential") -> "PrivateKey | None":
    """The private key; None for other flows.

    Raises:
        NotKnown: It can't be read here, or is none.
    """
    if credential.flow != "jwt":
        return None
    from sfcred.keys.private_key import UnusableKey

    key = credential.private_key
    if isinstance(key, UnusableKey):
        raise NotKnown("jwt.private_key is no usable private key", hint="See SFC401 to SFC406.")
    return key


def usable_certificate(credential: "Credential") -> "Certificate | None":
    """The certificate; None for other flows.

    Raises:
        NotKnown: The spec names none, it can't be read here, or is none.
    """
    if credential.flow != "jwt":
        return None
    from sfcred.keys.certificate import UnusableCertificate

    certificate = credential.certificate
    if isinstance(certificate, UnusableCertificate):
        raise NotKnown("jwt.certificate is no certificate", hint="See SFC408 and SFC412.")
    return certificate
