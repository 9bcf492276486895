"""Helpers for checks of keys and certificates."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sfcred.errors import NotKnown
from sfcred.paths import display_path
from sfcred.spec.refs import Reference
from sfcred.spec.source import Route
from sfcred.text.shell import for_shell

if TYPE_CHECKING:
    from sfcred.keys.algorithms import Algorithm
    from sfcred.keys.certificate import Certificate
    from sfcred.keys.private_key import KeyProblem, PrivateKey, UnusableKey
    from sfcred.resolve.credential import Credential

# The checks that report a certificate that can't be used.
_CERTIFICATE_CHECKS = ("SFC408", "SFC412")
KEY: Route = ("jwt", "private_key")
CERTIFICATE: Route = ("jwt", "certificate")
_NEW_KEY = "Create an RSA key of 2048 bits, and upload its certificate."


class JudgedKey(NamedTuple):
    """A public key with a fault.

    Attributes:
        what: What it is, at the start of a message.
        at: The field that it comes from.
        algorithm: Its algorithm.
    """

    what: str
    at: Route
    algorithm: "Algorithm"


def unusable_key(credential: "Credential", *problems: "KeyProblem") -> "UnusableKey | None":
    """Return what is in place of a private key, if it has one of these problems. JWT flow only.

    Raises:
        NotKnown: The key can't be read here.
    """
    from sfcred.keys.private_key import UnusableKey

    key = credential.private_key
    return key if isinstance(key, UnusableKey) and key.problem in problems else None


def key_files(credential: "Credential") -> tuple[str, str]:
    """Return the key's file and a new one next to it, for a command. Both are examples elsewhere.

    Args:
        credential: A JWT credential.
    """
    reference = credential.declared(KEY)
    path = None
    if isinstance(reference, Reference) and reference.provider == "file":
        path = credential.values.path(reference, credential.folder)
    old = display_path(path) if path else Path("old.key")
    return for_shell(old), for_shell(old.with_name(f"{old.stem}.new{old.suffix}"))


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


def faulty_key(
    credential: "Credential", is_faulty: "Callable[[Algorithm], bool]"
) -> JudgedKey | None:
    """Return the key of a JWT credential if it has a fault.

    The private key decides. Where it isn't known, a fault of the certificate's key counts.

    Raises:
        NotKnown: There is no usable private key, and no fault in the certificate's key.
    """
    from sfcred.keys.algorithms import Algorithm

    try:
        key = usable_key(credential)
    except NotKnown:
        found = certificate_key(credential)
        if found is None or not is_faulty(found):
            raise
        return JudgedKey("the certificate's key", CERTIFICATE, found)
    algorithm = Algorithm(key.algorithm, key.bits)
    return JudgedKey("the private key", KEY, algorithm) if is_faulty(algorithm) else None


def certificate_key(credential: "Credential") -> "Algorithm | None":
    """Return the algorithm of the certificate's public key; None without a readable one."""
    try:
        return usable_certificate(credential).public_key
    except NotKnown:
        return None


def new_key(credential: "Credential") -> str:
    """Return how to get another key."""
    declared = credential.declared(KEY)
    if not (isinstance(declared, Reference) and declared.provider == "file"):
        return _NEW_KEY
    if credential.named_certificate is None:
        return _NEW_KEY
    return (
        f"Run `sfcred keygen {credential.chosen} --rotate`: it creates an RSA key of 2048 bits and "
        "its certificate, and lists what to do with them."
    )


def renewal(certificate: "Certificate") -> str:
    """Return what to create in place of a certificate: no new one for a key that can't be used."""
    if certificate.public_key.must_be_replaced():
        return "Create an RSA key of 2048 bits with a new certificate"
    return "Create a new certificate from the same key"


def usable_certificate(credential: "Credential") -> "Certificate":
    """Return the certificate of a JWT credential.

    Raises:
        NotKnown: The spec doesn't name one, it or its content can't be read here, or it is not a
            certificate.
    """
    from sfcred.keys.certificate import CertificateProblem, UnusableCertificate

    certificate = credential.certificate
    if isinstance(certificate, UnusableCertificate):
        if certificate.problem is CertificateProblem.UNREADABLE:
            raise NotKnown(
                f"sfcred can't read jwt.certificate: {certificate.detail}",
                hint="Salesforce may accept it all the same. To have it checked, use a new key "
                f"pair. {new_key(credential)}",
            )
        raise NotKnown(
            "jwt.certificate is not a certificate",
            hint="See SFC408 and SFC412.",
            because_of=_CERTIFICATE_CHECKS,
        )
    return certificate
