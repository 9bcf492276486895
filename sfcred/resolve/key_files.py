"""What to do about a key pair that doesn't exist yet."""

from pathlib import Path

from sfcred.errors import ReadError
from sfcred.paths import is_there, plain_join, real_path
from sfcred.spec.refs import Reference


def how_to_create(
    chosen: str, key: Reference | str | None, certificate: str | None, folder: Path
) -> str:
    """Return how to create the key pair; empty unless both of its files are missing.

    Args:
        chosen: The arguments that choose the credential.
        key: The private key, as the spec declares it.
        certificate: The certificate's path, if the spec has one.
        folder: The spec's folder.
    """
    if not isinstance(key, Reference) or key.provider != "file":
        return ""
    pair = (key.locator, certificate or key.locator)
    try:
        if any(is_there(real_path(plain_join(folder, name))) for name in pair):
            return ""
    except (ReadError, OSError, ValueError):  # a path that no file can have, or of the system
        return ""
    create = f"`sfcred keygen {chosen}` to create the key and the certificate."
    if not certificate:
        return f"Set jwt.certificate, and run {create}"
    return f"In a new project, this is normal. Run {create}"
