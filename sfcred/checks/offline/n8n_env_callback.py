"""n8n's environment results in a different callback URL from n8n.url.

**Finds** an environment (`n8n.env_file`: an environment file, a compose file or Kubernetes
manifests) from which n8n computes a different callback URL than from `n8n.url`. If the file doesn't
state n8n's host, refers to a variable that isn't known, or is only a part of what a compose file
next to it gives n8n, nothing is compared, and the report tells the reason.

**Why it matters** n8n uses its environment, not the spec. Common traps: `https` and N8N_HOST
without N8N_PORT, which leaves `:5678` in the URL; a WEBHOOK_URL on another host; an N8N_PATH
without its leading slash; a double slash at the end.

**How to fix it** Set N8N_EDITOR_BASE_URL (or WEBHOOK_URL) in n8n's environment to the public
address, and restart n8n. If the environment is right, correct `n8n.url`.

**Source** url.service of n8n 2.40.5, tested with many environments; the Compose file reference, for
its interpolation; the Kubernetes API reference.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.n8n.callback import from_url
from sfcred.resolve.credential import Credential
from sfcred.text.redact import show_address
from sfcred.urls import take_apart

BAD = Example(
    "n8n:\n  env_file: n8n.env\n",
    files={"n8n.env": "text:N8N_PROTOCOL=https\nN8N_HOST=n8n.acme.com\n"},
)
GOOD = Example(
    "n8n:\n  env_file: n8n.env\n",
    files={"n8n.env": "text:N8N_HOST=n8n.internal\nWEBHOOK_URL=https://n8n.acme.com/\n"},
)


@offline_check("SFC306", Severity.ERROR, bad=BAD, good=GOOD, since="0.1.0", follows=("SFC305",))
def check(credential: Credential) -> Iterator[Problem]:
    """Compare the callbacks from the environment and from n8n.url."""
    environment = credential.environment_callback
    if environment is None or credential.n8n.url is None:
        return
    expected = from_url(credential.n8n.url).url
    if environment.url != expected:
        message = (
            f"n8n's environment results in the callback {show_address(environment.url)} "
            f"({'; '.join(environment.steps)}), but n8n.url results in {show_address(expected)}"
        )
        hint = "Set N8N_EDITOR_BASE_URL in n8n's environment to its public address."
        if "N8N_EDITOR_BASE_URL is set" in environment.steps:
            hint = (
                "Correct the one that isn't n8n's public address: n8n.url, or N8N_EDITOR_BASE_URL "
                "in n8n's environment."
            )
        if _has_a_bare_name(environment.url):  # which isn't shown: it could be anything
            hint = f"Its host has no dot, so only machines near n8n can reach it. {hint}"
        yield Problem(message, ("n8n", "env_file"), hint)


def _has_a_bare_name(url: str) -> bool:
    host = take_apart(url).host.lower()
    return host not in ("", "localhost") and "." not in host and ":" not in host
