"""Which n8n version does what, as a table.

Each bound comes from n8n's published packages (n8n, n8n-nodes-base and @n8n/config on npm). Not
every release was checked: a bound is the first checked release with the change.
"""

import re
from typing import NamedTuple

Version = tuple[int, int, int]

#: The newest version that the end-to-end tests run. Later ones are judged like this one.
NEWEST_RUN: Version = (2, 41, 1)


class Feature(NamedTuple):
    """A behavior of n8n that starts with one version, or ends with another.

    Attributes:
        name: The behavior.
        since: The first version with it. None if it was always there.
        until: The first version without it. None if it still exists.
        source: The releases that show the bounds.
    """

    name: str
    since: Version | None
    until: Version | None
    source: str


# fmt: off
# The OAuth2 credential
STORED_OAUTH_URLS = Feature(
    "an OAuth2 credential's stored authorize and token URLs are used",
    None, (2, 41, 0), "n8n 2.40.5 and 2.41.1, run")
TOKEN_URL_BY_ENVIRONMENT = Feature(
    "an OAuth2 credential without a token URL uses a general login host instead of the example"
    " address https://yourcompany.salesforce.com",
    (0, 130, 0), None, "n8n-nodes-base 0.68.1 and 0.138.0, n8n pull request 1979")
PKCE = Feature(
    "the OAuth2 login sends a PKCE challenge",
    (1, 85, 0), None, "n8n-nodes-base 1.82.0 and 1.84.0")
GENERIC_PKCE = Feature(
    "the generic OAuth2 credential has the grant type PKCE",
    (1, 0, 0), None, "n8n-nodes-base 0.215.0 and 1.0.0")

REFRESH_LOCKED = Feature(
    "n8n's processes take a lock before they refresh a token, and use the newest one",
    (2, 29, 0), None, "n8n 2.28.6, which has no lock service; release notes of n8n 2.29.0,"
    " pull request 33092; n8n-core 2.30.0")
SECRETS_AT_CONNECT = Feature(
    "references to n8n's external secrets are read when a person connects an OAuth2 credential",
    (1, 90, 0), None, "n8n 1.88.0 and 1.94.1; n8n's changelog of 1.90.0, pull request 14711")
OAUTH_WRITEBACK = Feature(
    "getting a token for an OAuth2 credential writes resolved secrets into the database",
    None, (1, 102, 1), "n8n 1.101.1 and 1.104.2, with n8n-core; n8n pull request 17135")
CALLBACK_NEEDS_SESSION = Feature(
    "the OAuth callback needs n8n's session, unless N8N_SKIP_AUTH_ON_OAUTH_CALLBACK is true",
    (2, 0, 0), None, "n8n 1.99.1 (which reads the variable the other way round) and 2.0.0")

# The JWT credential
MY_DOMAIN_JWT = Feature(
    "the JWT credential has a My Domain field",
    (2, 20, 0), None, "n8n-nodes-base 2.19.0 and 2.20.0")
TOKEN_CACHE = Feature(
    "a JWT credential keeps its token, instead of logging in for every call",
    (2, 28, 0), None, "n8n-nodes-base 2.27.4 and 2.29.2; n8n pull request 32325, which the"
    " release notes of n8n 2.28.5 correct")
SECRET_WRITEBACK = Feature(
    "the first use of a JWT credential writes resolved secrets into the database",
    (2, 28, 0), (2, 34, 0), "since n8n keeps the token (above); n8n 2.33.7 and 2.34.0")

TRIGGER_JWT = Feature(
    "the Salesforce Trigger accepts the JWT credential",
    (2, 35, 0), None, "n8n-nodes-base 2.34.2 and 2.35.0")

# Both credentials
HTTP_DOMAINS = Feature(
    "a credential has the field Allowed HTTP Request Domains",
    (1, 110, 0), None, "n8n 1.109.0 and 1.110.1")

# Import, and the environment
NODES_ACCESS_REQUIRED = Feature(
    "an imported credential must have nodesAccess",
    None, (1, 41, 0), "n8n 1.27.2 and 1.41.1")
N8N_WEBHOOK_URL = Feature(
    "N8N_WEBHOOK_URL is read before WEBHOOK_URL",
    (2, 30, 0), None, "@n8n/config 2.27.3 and 2.28.0, which n8n 2.30.0 uses")
BASE_URL_QUOTES_STRIPPED = Feature(
    "double quotes around a base URL in the environment are removed",
    (1, 99, 1), None, "n8n 1.60.0 and 1.99.1")
ENVIRONMENT_TRIMMED = Feature(
    "white space and one pair of quotes around a setting in the environment are removed",
    (1, 123, 81), None, "@n8n/config 1.43.0, 1.65.9 and 2.0.0")
# fmt: on


def parse_version(text: str) -> Version | None:
    """Parse a version as people write it.

    Args:
        text: `2.41.3`, `v2.41.3`, `2.41`, `2.41.3-rc.1`.

    Returns:
        Major, minor and patch (0 if absent). None if the text is not a version, such as `latest`.
    """
    found = re.fullmatch(
        r"v?([0-9]{1,6})\.([0-9]{1,6})(?:\.([0-9]{1,6})(?:[-+][0-9A-Za-z.+-]{1,40})?)?",
        text.strip(),
    )
    return (int(found[1]), int(found[2]), int(found[3] or 0)) if found else None


def has(feature: Feature, version: Version | None) -> bool | None:
    """Return whether an n8n version has a feature, or None if the version is unknown."""
    if version is None:
        return None
    since, until = feature.since or (0, 0, 0), feature.until
    return since <= version and (until is None or version < until)


def format_version(version: Version) -> str:
    """Return a version as text: `2.41.3`."""
    return ".".join(map(str, version))
