"""Read settings of n8n, other than its address, from its environment.

Source: @n8n/config and oauth.service of n8n 2.40.5, and the controllers of n8n 1.99.1 and 2.0.0.
"""

from collections.abc import Mapping

from sfcred.n8n.callback import trim_setting
from sfcred.n8n.versions import CALLBACK_NEEDS_SESSION, Version, has

#: The variables that are read here.
MODE = "EXECUTIONS_MODE"
SAMESITE = "N8N_SAMESITE_COOKIE"
SKIP_AUTH = "N8N_SKIP_AUTH_ON_OAUTH_CALLBACK"


def is_queue_mode(environment: Mapping[str, str]) -> bool:
    """Return whether several processes run workflows and refresh tokens."""
    return trim_setting(environment.get(MODE, "")) == "queue"


def is_cookie_strict(environment: Mapping[str, str]) -> bool:
    """Return whether browsers withhold n8n's session when another site leads to n8n."""
    return trim_setting(environment.get(SAMESITE, "")) == "strict"


def callback_needs_session(environment: Mapping[str, str], version: Version | None) -> bool:
    """Return whether n8n answers its OAuth callback only in the session of the person.

    Args:
        environment: n8n's environment.
        version: n8n's version. If it is None, a recent one is assumed.
    """
    is_true = environment.get(SKIP_AUTH, "").lower() == "true"
    return is_true if has(CALLBACK_NEEDS_SESSION, version) is False else not is_true
