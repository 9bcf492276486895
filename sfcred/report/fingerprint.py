"""What a finding is known by from run to run, though lines above it come and go."""

import hashlib

from sfcred.doctor import Finding


def fingerprint(finding: Finding, before: dict[str, int]) -> str:
    """A fingerprint: of the check, the credential, and the (masked) line; not of its number.

    Args:
        finding: The finding.
        before: How often each fingerprint came up in this run so far: equal ones get numbers.

    Returns:
        32 hexadecimal digits.
    """
    parts = (
        finding.check,
        finding.credential or "",
        finding.profile or "",
        finding.file,
        finding.excerpt.strip(),
    )
    plain = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
    number = before.get(plain, 0)
    before[plain] = number + 1
    if not number:
        return plain
    return hashlib.sha256(f"{plain}\0{number}".encode()).hexdigest()[:32]
