"""Collect details about a credential, for reports that show them."""

from typing import TYPE_CHECKING

from sfcred.checks.lib import keys
from sfcred.errors import Cause, NotKnown
from sfcred.findings import Details, Obstacle
from sfcred.resolve.credential import Credential
from sfcred.text.redact import redact

if TYPE_CHECKING:
    from sfcred.keys.certificate import Certificate


def details_of(credential: Credential) -> Details:
    """Return what was decided about a credential, and when its certificate is valid."""
    from sfcred.resolve.decisions import decisions, secret_places

    certificate, obstacle = _certificate(credential)
    return Details(
        tuple(decisions(credential)),
        tuple(secret_places(credential)),
        certificate_until=certificate.not_after if certificate else None,
        certificate_from=certificate.not_before if certificate else None,
        key_file=credential.key_file,
        certificate_obstacle=obstacle,
    )


def usable_certificate(credential: Credential) -> "Certificate | None":
    """Return a JWT credential's certificate; None without a readable one."""
    return _certificate(credential)[0]


def _certificate(credential: Credential) -> "tuple[Certificate | None, Obstacle | None]":
    """Return a JWT credential's certificate, or why the one that it has can't be read."""
    if credential.decision.flow != "jwt":
        return None, None
    try:
        return keys.usable_certificate(credential), None
    except NotKnown as error:
        if error.cause is Cause.NOT_STATED:
            return None, None
        return None, Obstacle(redact(error.message), redact(error.hint))
