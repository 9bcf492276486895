"""Stable fingerprints for findings: baselines, SARIF and GitLab recognise a finding by them.

Version 2. Whatever goes into a fingerprint must stay as it is: a change makes every known finding
look new, in every project. So it holds no text of a report (masking and wording change), no line
number, and no folder.
"""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from sfcred.doctor.model import Finding
from sfcred.spec.public import known_route
from sfcred.spec.source import Route


def fingerprints(findings: Iterable[Finding]) -> Iterator[tuple[Finding, str]]:
    """Give each finding its fingerprint: of the check, the credential and the field.

    A finding without a credential goes by its file's name.

    Args:
        findings: In the order of a report: of equal ones, the second and later get a number.

    Yields:
        The finding, and 32 hexadecimal digits.
    """
    return numbered(
        (finding, digest(finding.check, *owner(finding), dotted(known_route(finding.route))))
        for finding in findings
    )


def owner(finding: Finding) -> tuple[str, str]:
    """Return the credential (or the file's name) and the profile that a finding is about."""
    return finding.credential or PurePosixPath(finding.file).name, finding.profile or ""


def dotted(route: Route) -> str:
    """Write a route as text: `app.scopes.0`."""
    return ".".join(map(str, route))


def numbered(marks: Iterable[tuple[Finding, str]]) -> Iterator[tuple[Finding, str]]:
    """Tell equal fingerprints apart by their order."""
    before: dict[str, int] = {}
    for finding, plain in marks:
        number = before.get(plain, 0)
        before[plain] = number + 1
        yield finding, digest(plain, str(number)) if number else plain


def digest(*parts: str) -> str:
    """Hash texts into 32 hexadecimal digits."""
    text = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(text).hexdigest()[:32]
