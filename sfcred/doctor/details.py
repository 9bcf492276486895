"""Collect details about a credential, for reports that show them."""

from datetime import datetime

from sfcred.errors import NotKnown
from sfcred.findings import Details
from sfcred.resolve.credential import Credential


def details_of(credential: Credential) -> Details:
    """Return what was decided about a credential, and when its certificate expires."""
    from sfcred.resolve.decisions import decisions, secret_places

    return Details(
        tuple(decisions(credential)), tuple(secret_places(credential)), certificate_end(credential)
    )


def certificate_end(credential: Credential) -> datetime | None:
    """Return when a JWT credential's certificate expires; None without a readable one."""
    if credential.decision.flow != "jwt":
        return None
    from sfcred.keys.certificate import UnusableCertificate

    try:
        certificate = credential.certificate
    except NotKnown:
        return None
    return None if isinstance(certificate, UnusableCertificate) else certificate.not_after
