"""Which n8n does what: version rules as a table.

Each bound was found in n8n's published packages (n8n, n8n-nodes-base and @n8n/config on npm).
Where only neighbouring releases were looked at, the bound is the first one seen with the change.
"""

import re
from typing import NamedTuple

Version = tuple[int, int, int]


class Feature(NamedTuple):
    """Something that n8n does from one version on, or up to another.

    Attributes:
        name: What it is.
        since: The first version with it; None: always.
        until: The first version without it; None: still.
        source: Where the bounds were seen.
    """

    name: str
    since: Version | None
    until: Version | None
    source: str


# fmt: off
# The OAuth2 credential
STORED_OAUTH_URLS = Feature(
    "authorize and token URLs stored in an OAuth2 credential are used",
    None, (2, 41, 0), "n8n 2.40.5 and 2.41.1, run")
TOKEN_URL_BY_ENVIRONMENT = Feature(
    "an OAuth2 credential without a token URL uses a general login host; before, the example"
    " address https://yourcompany.salesforce.com",
    (0, 130, 0), None, "n8n-nodes-base 0.68.1 and 0.138.0, n8n pull request 1979")
PKCE = Feature(
    "the OAuth2 login sends a PKCE challenge",
    (1, 85, 0), None, "n8n-nodes-base 1.82.0 and 1.84.0")
PROMPT_LOGIN = Feature(
    "the OAuth2 login asks Salesforce for a fresh login (prompt=login)",
    (1, 113, 0), None, "n8n-nodes-base 1.110.0 and 1.111.2")

# The JWT credential
MY_DOMAIN_JWT = Feature(
    "the JWT credential has a My Domain field",
    (2, 20, 0), None, "n8n-nodes-base 2.19.0 and 2.20.0")
TOKEN_CACHE = Feature(
    "a JWT credential keeps its access token instead of one login for each call",
    (2, 29, 2), None, "n8n-nodes-base 2.27.4 and 2.29.2")
SECRET_WRITEBACK = Feature(
    "the first use of a JWT credential writes resolved secrets into the database",
    (2, 29, 2), (2, 34, 0), "n8n-nodes-base 2.29.2, n8n 2.33.7 and 2.34.0")
PEM_REPAIR_IN_TEST = Feature(
    "a private key on one line is repaired by the credential's test, but not by the node",
    (2, 15, 0), (2, 29, 2), "n8n-nodes-base 2.14.1, 2.15.0, 2.27.4 and 2.29.2")
PEM_REPAIR = Feature(
    "a private key on one line, with spaces or \\n between its lines, is repaired",
    (2, 29, 2), None, "n8n-nodes-base 2.27.4 and 2.29.2")
PEM_REPAIR_GLUED = Feature(
    "a private key on one line, with nothing between its lines, is repaired",
    (2, 30, 0), None, "n8n-nodes-base 2.29.2 and 2.30.0")

# Import, and the environment
NODES_ACCESS_REQUIRED = Feature(
    "an imported credential must have nodesAccess",
    None, (1, 41, 0), "n8n 1.27.2 and 1.41.1")
TEXT_IDS = Feature(
    "a credential's id is a text, not a number",
    (0, 236, 0), None, "n8n 0.211.0 and 0.236.0")
KEY_ROTATION = Feature(
    "data may be encrypted with a rotating key (N8N_ENV_FEAT_ENCRYPTION_KEY_ROTATION)",
    (2, 20, 0), None, "n8n-core 2.17.3 and 2.20.0")
N8N_WEBHOOK_URL = Feature(
    "N8N_WEBHOOK_URL is read before WEBHOOK_URL",
    (2, 30, 0), None, "@n8n/config 2.27.3 and 2.28.0")
BASE_URL_QUOTES_STRIPPED = Feature(
    "double quotes round a base URL in the environment are taken off",
    (1, 99, 1), None, "n8n 1.60.0 and 1.99.1")
ENVIRONMENT_TRIMMED = Feature(
    "white space and one pair of quotes round a setting in the environment are taken off",
    (1, 123, 81), None, "@n8n/config 1.43.0, 1.65.9 and 2.0.0")

# The public REST API
API_CREATE = Feature(
    "POST /credentials", (0, 196, 0), None, "n8n 0.172.0 and 0.196.0")
API_TRANSFER = Feature(
    "PUT /credentials/{id}/transfer", (1, 60, 0), None, "n8n 1.50.2 and 1.60.0")
API_UPDATE = Feature(
    "PATCH /credentials/{id}", (2, 3, 2), None, "n8n 2.1.4 and 2.3.2")
API_LIST = Feature(
    "GET /credentials", (2, 8, 0), None, "n8n 2.7.4 and 2.8.0")
API_PROJECT_ID = Feature(
    "POST /credentials takes projectId", (2, 17, 7), None, "n8n 2.10.0 and 2.17.7")
API_READ = Feature(
    "GET /credentials/{id} and POST /credentials/{id}/test",
    (2, 20, 0), None, "n8n 2.17.7 and 2.20.0")
API_CHOSEN_ID = Feature(
    "POST /credentials takes an id of the caller's choice",
    (2, 41, 0), None, "n8n 2.40.5 and 2.41.3")
API_OAUTH2_EXTRA_FIELDS = Feature(
    "POST /credentials demands serverUrl, sendAdditionalBodyProperties and"
    " additionalBodyProperties of an OAuth2 credential",
    (1, 119, 0), (2, 27, 3), "n8n 1.99.1, 1.123.81, 2.24.0 and 2.27.3")
# fmt: on


def parse_version(text: str) -> Version | None:
    """A version as people write it.

    Args:
        text: `2.41.3`, `v2.41.3`, `2.41`, `2.41.3-rc.1`.

    Returns:
        Major, minor and patch (0 if absent); None for what is no version, such as `latest`.
    """
    found = re.fullmatch(
        r"v?([0-9]{1,6})\.([0-9]{1,6})(?:\.([0-9]{1,6})(?:[-+][0-9A-Za-z.+-]{1,40})?)?",
        text.strip(),
    )
    return (int(found[1]), int(found[2]), int(found[3] or 0)) if found else None


def has(feature: Feature, version: Version | None) -> bool | None:
    """Whether an n8n has a feature; None where its version isn't known."""
    if version is None:
        return None
    since, until = feature.since or (0, 0, 0), feature.until
    return since <= version and (until is None or version < until)


def format_version(version: Version) -> str:
    """`2.41.3`."""
    return ".".join(map(str, version))
