"""Stable fingerprints, by which baselines, SARIF and GitLab recognize findings.

Version 2. Never change what goes into a fingerprint: every known finding would look new, in every
project. For that reason it includes no text from a report (masking and wording change), no line
number and no folder.
"""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from sfcred.findings import Finding
from sfcred.spec.public import known_route
from sfcred.spec.source import Route


def fingerprints(findings: Iterable[Finding]) -> Iterator[tuple[Finding, str]]:
    """Yield each finding with its fingerprint, made from the check, credential and field.

    For a finding without a credential, the file's name is used instead.

    Args:
        findings: The findings, in the order of a report. If several are equal, the second and later
            ones get a number.

    Yields:
        The finding, and 32 hexadecimal digits.
    """
    return numbered(
        (finding, digest(finding.check, *owner(finding), dotted(known_route(finding.route))))
        for finding in findings
    )


def owner(finding: Finding) -> tuple[str, str]:
    """Return a finding's credential (or the file's name) and profile."""
    return finding.credential or PurePosixPath(finding.file).name, finding.profile or ""


def dotted(route: Route) -> str:
    """Return a route as text: `app.scopes.0`."""
    return ".".join(map(str, route))


def numbered(marks: Iterable[tuple[Finding, str]]) -> Iterator[tuple[Finding, str]]:
    """Make equal fingerprints distinct, by their order."""
    before: dict[str, int] = {}
    for finding, plain in marks:
        number = before.get(plain, 0)
        before[plain] = number + 1
        yield finding, digest(plain, str(number)) if number else plain


def digest(*parts: str) -> str:
    """Hash texts into 32 hexadecimal digits."""
    text = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(text).hexdigest()[:32]
