"""Published advisories about n8n that hand out credentials to people who must not have them.

Only faults that reach a Salesforce credential of an ordinary n8n are listed: not those of one node,
of external secrets, or of a feature that is off by default.
"""

from typing import NamedTuple

from sfcred.n8n.versions import Version

#: When the advisories were last looked through.
LAST_CHECKED = "2026-11-26"


class Affected(NamedTuple):
    """A range of versions: from `since` up to, but without, `fixed`."""

    since: Version
    fixed: Version


class Advisory(NamedTuple):
    """A published advisory.

    Attributes:
        id: GitHub's id; https://github.com/advisories/ID is its page.
        what: What the fault lets somebody do.
        affected: The affected versions, for each line that got a fix.
    """

    id: str
    what: str
    affected: tuple[Affected, ...]

    def fixed_in(self, version: Version) -> Version | None:
        """Return the version that fixes a version, or None if that isn't affected."""
        found = (one.fixed for one in self.affected if one.since <= version < one.fixed)
        return next(found, None)


_V0, _V2 = (0, 0, 0), (2, 0, 0)
# Source: the ranges in GitHub's advisory database. For GHSA-r4v6-9fqc-w5jr it has only 2.17, and
# NVD's text all of 2.x (CVE-2026-42226).
ADVISORIES = (
    Advisory(
        "GHSA-v4pr-fm98-w9pg",
        "anyone can read the server's files through some forms",
        (Affected((1, 65, 0), (1, 121, 0)),),
    ),
    Advisory(
        "GHSA-r4v6-9fqc-w5jr",
        "users can send a credential of somebody else to any host",
        (Affected(_V0, (1, 123, 33)), Affected(_V2, (2, 17, 5))),
    ),
    Advisory(
        "GHSA-pmqw-72cg-wx85",
        "users can use and send a credential of somebody else over the API",
        (
            Affected(_V0, (1, 123, 55)),
            Affected(_V2, (2, 25, 7)),
            Affected((2, 26, 0), (2, 26, 2)),
        ),
    ),
    Advisory(
        "GHSA-6qc9-mqvw-jg7x",
        "users can use a credential of somebody else in an HTTP Request node",
        (
            Affected(_V0, (1, 123, 67)),
            Affected(_V2, (2, 31, 5)),
            Affected((2, 32, 0), (2, 32, 1)),
        ),
    ),
)


def advisories_of(version: Version) -> list[Advisory]:
    """Return the advisories that affect a version."""
    return [one for one in ADVISORIES if one.fixed_in(version)]


def safe_version(version: Version) -> Version:
    """Return the first later version without any of these faults."""
    while fixes := [fixed for one in ADVISORIES if (fixed := one.fixed_in(version))]:
        version = max(fixes)
    return version
