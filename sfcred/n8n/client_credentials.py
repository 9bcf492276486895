"""How n8n's Salesforce nodes log in with client credentials, by version. This is the only table.

n8n's Salesforce credentials have no such option (n8n pull request 25856 is open). The nodes do it
all the same if the OAuth2 credential contains the right data, or the instance overwrites it. Once
n8n offers the flow itself, add a row with its first version.
"""

from typing import Literal, NamedTuple

from sfcred.n8n.versions import STORED_OAUTH_URLS, Version, format_version

#: n8n's name of the flow, in the field grantType.
GRANT = "clientCredentials"
Way = Literal["stored", "overwrite"]


class Support(NamedTuple):
    """A way to make n8n use client credentials.

    Attributes:
        way: `stored`: the credential's own data says so. `overwrite`: CREDENTIALS_OVERWRITE_DATA
            says so, for every Salesforce OAuth2 credential of the instance.
        since: The first version of n8n that needs it; None for the first one of all.
        until: The first version in which it no longer works; None if it still works.
        run_with: The version that it was run with, on a stand-in org.
    """

    way: Way
    since: Version | None
    until: Version | None
    run_with: Version

    @property
    def versions(self) -> str:
        """The versions in words: `before 2.41.0`."""
        if self.until is not None:
            return f"before {format_version(self.until)}"
        return f"{format_version(self.since or (0, 0, 0))} and later"


_CHANGE = STORED_OAUTH_URLS.until
SUPPORT = (
    Support("stored", None, _CHANGE, (2, 40, 5)),
    Support("overwrite", _CHANGE, None, (2, 41, 1)),
)


def way_of(version: Version | None) -> Way | None:
    """Return how a version of n8n can use client credentials; None if it is unknown."""
    if version is None:
        return None
    for row in SUPPORT:
        if (row.since or version) <= version and (row.until is None or version < row.until):
            return row.way
    return None
