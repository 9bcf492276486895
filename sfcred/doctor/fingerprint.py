"""What a finding is known by from run to run, though lines above it come and go."""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from sfcred.doctor._model import Finding


def fingerprints(findings: Iterable[Finding]) -> Iterator[tuple[Finding, str]]:
    """Each finding with its fingerprint.

    A fingerprint is of the check, the credential and the (masked) line: neither of its number
    nor of the folder, so that it stays the same wherever sfcred is started.

    Args:
        findings: In the order of a report: of equal ones, the second and later get a number.

    Yields:
        The finding, and 32 hexadecimal digits.
    """
    before: dict[str, int] = {}
    for finding in findings:
        plain = _digest(
            finding.check,
            finding.credential or PurePosixPath(finding.file).name,
            finding.profile or "",
            finding.excerpt.strip(),
        )
        number = before.get(plain, 0)
        before[plain] = number + 1
        yield finding, _digest(plain, str(number)) if number else plain


def _digest(*parts: str) -> str:
    text = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(text).hexdigest()[:32]
