"""What to do about a key pair that doesn't exist yet."""

from typing import TYPE_CHECKING

from sfcred.errors import ReadError
from sfcred.paths import is_there, plain_join, real_path
from sfcred.spec.refs import Reference

if TYPE_CHECKING:
    from sfcred.resolve.credential import Credential


def how_to_create(credential: "Credential") -> str:
    """Return how to create the key pair; empty unless both of its files are missing."""
    reference = credential.declared(("jwt", "private_key"))
    if not isinstance(reference, Reference) or reference.provider != "file":
        return ""
    certificate = credential.named_certificate
    pair = (reference.locator, certificate or reference.locator)
    try:
        if any(is_there(real_path(plain_join(credential.folder, name))) for name in pair):
            return ""
    except (ReadError, OSError, ValueError):  # a path that no file can have, or of the system
        return ""
    command = f"sfcred keygen {credential.name}{credential.profile_option}"
    create = f"`{command}` to create the key and the certificate."
    if not certificate:
        return f"Set jwt.certificate, and run {create}"
    return f"In a new project, this is normal. Run {create}"
