"""What to do about a key pair that isn't here."""

from pathlib import Path

from sfcred.errors import ReadError
from sfcred.paths import is_there, plain_join, real_path
from sfcred.spec.refs import Reference


def how_to_create(
    chosen: str, key: Reference | str | None, certificate: str | None, folder: Path
) -> str:
    """Return how to get the key pair; empty unless both of its files are missing.

    It may exist elsewhere, if git doesn't have it. A second pair would be one that the app doesn't
    know.

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
    first = "" if certificate else "Set jwt.certificate. "
    return (
        f"{first}If the key pair exists elsewhere, copy both files to where the spec names them. "
        f"In a new project, run `sfcred keygen {chosen}` to create them."
    )
