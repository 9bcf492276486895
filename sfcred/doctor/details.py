"""Collect details about a credential, for reports that show them."""

from typing import TYPE_CHECKING

from sfcred.errors import NotKnown
from sfcred.findings import Details
from sfcred.resolve.credential import Credential

if TYPE_CHECKING:
    from sfcred.keys.certificate import Certificate


def details_of(credential: Credential) -> Details:
    """Return what was decided about a credential, and when its certificate is valid."""
    from sfcred.resolve.decisions import decisions, secret_places

    certificate = usable_certificate(credential)
    return Details(
        tuple(decisions(credential)),
        tuple(secret_places(credential)),
        certificate_until=certificate.not_after if certificate else None,
        certificate_from=certificate.not_before if certificate else None,
        key_file=credential.key_file,
    )


def usable_certificate(credential: Credential) -> "Certificate | None":
    """Return a JWT credential's certificate; None without a readable one."""
    if credential.decision.flow != "jwt":
        return None
    from sfcred.keys.certificate import UnusableCertificate

    try:
        certificate = credential.certificate
    except NotKnown:
        return None
    return None if isinstance(certificate, UnusableCertificate) else certificate
