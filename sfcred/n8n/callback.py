"""n8n's OAuth2 callback URL, computed as n8n computes it.

Read in n8n 2.40.5 (url.service, oauth.service) and run with many environments: the public base
URL, a slash, N8N_ENDPOINT_REST (`rest`), and `/oauth2-credential/callback`. Salesforce compares
the result with the app's Callback URLs to the letter.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

from sfcred.n8n.versions import N8N_WEBHOOK_URL, Version, has

REST_PATH = "rest"
SUFFIX = "oauth2-credential/callback"
CLOUD_CALLBACK = "https://oauth.n8n.cloud/oauth2/callback"

#: The variables that matter; sfcred keeps no other of an environment file.
VARIABLES = (
    "N8N_EDITOR_BASE_URL",
    "N8N_WEBHOOK_URL",
    "WEBHOOK_URL",
    "N8N_PROTOCOL",
    "N8N_HOST",
    "N8N_PORT",
    "N8N_PATH",
    "N8N_ENDPOINT_REST",
)


class Callback(NamedTuple):
    """A callback URL and how it came about, in words."""

    url: str
    steps: tuple[str, ...]


def from_url(url: str) -> Callback:
    """The callback of an n8n with this public base URL."""
    return Callback(f"{_base(url)}/{REST_PATH}/{SUFFIX}", ("from n8n.url",))


def from_environment(variables: Mapping[str, str], version: Version | None) -> Callback:
    """The callback of an n8n with this environment.

    Args:
        variables: The environment; only VARIABLES are looked at.
        version: n8n's version: N8N_WEBHOOK_URL came with 2.30.

    Returns:
        The callback, with the steps that led to it.
    """
    base, steps = _base_from_environment(variables, version)
    rest = variables.get("N8N_ENDPOINT_REST") or REST_PATH
    if rest != REST_PATH:
        steps = (*steps, f"N8N_ENDPOINT_REST is {rest}")
    return Callback(f"{_base(base)}/{rest}/{SUFFIX}", steps)


def for_cloud(url: str | None) -> tuple[Callback, ...]:
    """The callbacks seen with n8n Cloud: its common one, and the workspace's own."""
    common = Callback(CLOUD_CALLBACK, ("what n8n Cloud's window usually shows",))
    return (common, from_url(url)) if url else (common,)


def _base(url: str) -> str:
    """Without quotes round it and without one slash at its end: no more is done by n8n."""
    text = url.strip()
    if len(text) > 1 and text.startswith('"') and text.endswith('"'):
        text = text[1:-1]
    return text.removesuffix("/")


def _base_from_environment(
    variables: Mapping[str, str], version: Version | None
) -> tuple[str, tuple[str, ...]]:
    names = ["N8N_EDITOR_BASE_URL", "WEBHOOK_URL"]
    if has(N8N_WEBHOOK_URL, version) is not False:
        names.insert(1, "N8N_WEBHOOK_URL")
    for name in names:
        if _base(variables.get(name, "")):
            return variables[name], (f"{name} is set",)
    return _from_parts(variables)


def _from_parts(variables: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    protocol = variables.get("N8N_PROTOCOL") or "http"
    host = variables.get("N8N_HOST") or "localhost"
    port = variables.get("N8N_PORT") or "5678"
    path = variables.get("N8N_PATH") or "/"
    steps = [f"neither {VARIABLES[0]} nor WEBHOOK_URL is set: protocol, host, port and path"]
    if (protocol, port) in (("http", "80"), ("https", "443")):
        return f"{protocol}://{host}{path}", tuple(steps)
    steps.append(
        f"N8N_PORT is {port}" if variables.get("N8N_PORT") else "N8N_PORT is not set, so 5678"
    )
    if not path.startswith("/"):
        steps.append("N8N_PATH has no slash at its beginning, so it runs into the port")
    return f"{protocol}://{host}:{port}{path}", tuple(steps)


def difference(wanted: str, given: str) -> str | None:
    """In what two URLs differ that are nearly the same.

    Args:
        wanted: n8n's callback.
        given: One of the app's.

    Returns:
        The parts that differ, in words; None where they are equal or have too little in common
        to be meant for each other.
    """
    first, second = _split(wanted), _split(given.strip())
    if first is None or second is None or wanted == given:
        return None
    parts = _differences(first, second, wanted, given)
    # Near: the same but for two things at the most, and meant for n8n's callback.
    is_callback = second.path.rstrip("/").lower().endswith(("/callback", "/callback/"))
    same_host = _host(first) == _host(second)
    if not (is_callback or same_host) or len(parts) > 2:  # noqa: PLR2004 - see above
        return None
    return " and ".join(parts) if parts else None


def _differences(a: SplitResult, b: SplitResult, wanted: str, given: str) -> list[str]:
    parts = []
    if given != given.strip():
        parts.append("the white space round it")
    if a.scheme != b.scheme:
        parts.append(f"the scheme ({b.scheme} instead of {a.scheme})")
    if _host(a) != _host(b):
        parts.append("the host")
    elif a.netloc.lower() != b.netloc.lower():
        parts.append("the port")
    if (a.path, a.query) != (b.path, b.query):
        parts.append(_path_difference(a.path, b.path))
    if not parts and wanted.lower() == given.lower():
        parts.append("upper and lower case")
    return parts


def _path_difference(wanted: str, given: str) -> str:
    if wanted.rstrip("/") == given.rstrip("/"):
        return "the slash at its end"
    if wanted.lower() == given.lower():
        return "upper and lower case"
    if re.sub("/+", "/", wanted) == re.sub("/+", "/", given):
        return "a double slash"
    return "the path"


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        return parts if parts.scheme and parts.hostname else None
    except ValueError:
        return None


def _host(parts: SplitResult) -> str:
    return (parts.hostname or "").lower()


class UrlTrap(NamedTuple):
    """Why an address is not n8n's public base URL, and what to write instead."""

    what: str
    hint: str


def inspect_base_url(url: str) -> tuple[UrlTrap, ...]:
    """What is wrong with an address that stands as n8n's public base URL.

    Args:
        url: As the spec has it.

    Returns:
        What is wrong; nothing for a good one. http://localhost:5678 is good.
    """
    hint = "Write the address that the browser shows when n8n is open, up to the host."
    if url != url.strip() or url.strip("\"'") != url:
        return (UrlTrap("it has white space or quotes round it", hint),)
    parts = _split(url)
    if parts is None or parts.scheme not in ("http", "https"):
        return (UrlTrap("it is not an http or https URL", hint),)
    traps = [*_host_traps(parts), *_path_traps(parts)]
    return tuple(UrlTrap(what, hint) for what in traps)


def _host_traps(parts: SplitResult) -> list[str]:
    host = _host(parts)
    traps = []
    if "@" in parts.netloc:
        traps.append("it has a user name in it")
    if host == "oauth.n8n.cloud":
        traps.append("it is the host of n8n Cloud's callback, not of the workspace")
    elif _is_internal(host):
        traps.append("it is an internal address, which browsers and Salesforce can't reach")
    return traps


def _is_internal(host: str) -> bool:
    from ipaddress import ip_address

    if host == "localhost":
        return False
    try:
        address = ip_address(host)
    except ValueError:
        endings = (".local", ".internal", ".svc", ".lan", ".cluster.local")
        return "." not in host or host.endswith(endings)
    return address.is_private and not address.is_loopback


# What an address copied from somewhere else in n8n has in its path.
_PAGES = (
    (r"/webhook(-test|-waiting)?(/|$)", "it is a webhook's address"),
    (r"/oauth2-credential/callback", "it is the callback itself"),
    (r"/(workflow|workflows|home|credentials|settings|projects|executions)(/|$)",
     "it is a page of n8n's editor"),
    (r"/(rest|api/v1)(/|$)", "it is the address of n8n's API"),
)  # fmt: skip


def _path_traps(parts: SplitResult) -> list[str]:
    traps = []
    page = next((what for shape, what in _PAGES if re.search(shape, parts.path)), None)
    if page:
        traps.append(page)
    elif parts.path.endswith("//") or re.search("//", parts.path):
        traps.append("it has a double slash, which n8n keeps")
    if parts.query or parts.fragment:
        traps.append("it has a query or a fragment")
    return traps
