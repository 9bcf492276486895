"""Judge addresses that people enter as n8n's public base URL."""

import re
from typing import NamedTuple

from sfcred.n8n.callback import SUFFIX
from sfcred.text.printable import has_invisible
from sfcred.urls import UrlParts, take_apart

_TYPE_AGAIN = "Type the address again: text from a document or a web page can have such characters."
_HOST = r"(?!-)(?=.*[^\W_])[^\s/\\<>{}\"'%$*()`]+"


def is_address(url: str) -> bool:
    """Return whether a callback has a valid host and no leftover of a template in it."""
    parts = take_apart(url)
    is_host = len(parts.slashes) <= len("//") and re.fullmatch(_HOST, parts.host)
    return bool(is_host) and not re.search(r"[\s{}<>`$]", url)


class UrlTrap(NamedTuple):
    """What is wrong with an address as n8n's public base URL, and what to write instead."""

    what: str
    hint: str


# What follows the base URL in addresses that are copied from n8n.
_PLACES = (
    (r"/webhook(?:-test|-waiting)?(?:/.*)?", "it is the address of a webhook"),
    (r"/form(?:-test|-waiting)?/.+", "it is the address of a form"),
    (rf"/[^/]*/{SUFFIX}/?", "it is the callback itself"),
    (r"/workflow/.*", "it is a workflow's page in the editor"),
    (r"/(?:home|settings|projects/[^/]+)/[^/]+(?:/.*)?", "it is a page of the editor"),
    (r"/(?:home|credentials|executions|signin|setup|templates)/?", "it is a page of the editor"),
    (r"/(?:rest|api/v1)(?:/.*)?", "it is the address of n8n's API"),
)


def inspect_base_url(url: str) -> tuple[UrlTrap, ...]:
    """Return what is wrong with n8n's public base URL.

    Args:
        url: The address from the spec.

    Returns:
        The problems; none for a good address. http://localhost:5678 is good, and so is an https
        address in a company's own network, because only the browser of the person who connects has
        to reach n8n.
    """
    text = url.strip().strip("\"'").strip()
    parts = take_apart(text)
    place = place_in_n8n(parts.path)
    path = parts.path.removesuffix(place[0]) if place else parts.path
    scheme = "http" if parts.scheme.lower() == "http" else "https"
    port = f":{parts.port}" if parts.port and parts.has_numeric_port else ""
    base = f"{scheme}://{parts.host}{port}"
    hint = f"Write {base}{path.rstrip('/')}."
    if not parts.host:
        return tuple(_host_traps(parts))
    return (
        *_text_traps(url, parts, hint),
        *_host_traps(parts),
        *([UrlTrap(place[1], hint)] if place else _path_traps(parts, hint)),
        *([UrlTrap("it has a query or a fragment", hint)] if any(parts.query_and_fragment) else []),
    )


def _text_traps(url: str, parts: UrlParts, hint: str) -> list[UrlTrap]:
    traps = []
    text = url.strip()
    if url != text:
        traps.append(UrlTrap("it has white space around it", hint))
    if has_invisible(text):
        # The address without it would look the same, so it isn't repeated.
        traps.append(UrlTrap("it has an invisible character in it", _TYPE_AGAIN))
    if text != text.strip("\"'"):
        traps.append(UrlTrap("it has quotes around it", hint))
    if not parts.scheme:
        traps.append(UrlTrap("it does not start with https://, and n8n does not add it", hint))
    elif parts.scheme.lower() not in {"http", "https"} or parts.slashes != "//":
        traps.append(UrlTrap("it does not start with https:// or http://", hint))
    if parts.user_info:
        traps.append(UrlTrap("it has a user name or password before an @", hint))
    if not parts.has_numeric_port:
        traps.append(UrlTrap("its port is not a number", hint))
    return traps


def _host_traps(parts: UrlParts) -> list[UrlTrap]:
    public = "Copy the address from your browser when n8n is open, up to the end of the host."
    cloud = "Use your workspace's address, https://NAME.app.n8n.cloud."
    host = parts.host.lower()
    if not re.fullmatch(_HOST, host):
        return [UrlTrap("it has no valid host", public)]
    if host == "oauth.n8n.cloud":
        return [UrlTrap("it is the host of n8n Cloud's callback, not of a workspace", cloud)]
    if host in {"app.n8n.cloud", "n8n.cloud"}:
        return [UrlTrap("it is n8n Cloud's own page, not a workspace", cloud)]
    if _is_machine_name(host) or (parts.scheme.lower() == "http" and _is_private(host)):
        return [UrlTrap("it is an internal address, which a browser usually can't reach", public)]
    return []


def _path_traps(parts: UrlParts, hint: str) -> list[UrlTrap]:
    if "//" in parts.path:
        return [UrlTrap("it has a double slash, which n8n keeps in the callback", hint)]
    return []


def place_in_n8n(path: str) -> tuple[str, str] | None:
    """Return the end of a path that leads to a page in n8n, and which page; None otherwise.

    The path can begin with a base path.
    """
    for shape, what in _PLACES:
        if found := re.search(rf"(?s){shape}\Z", path):
            return found[0], what
    return None


def _is_machine_name(host: str) -> bool:
    """Return whether a host is a container or service, which only other containers can reach."""
    if host == "localhost" or host.startswith("["):
        return False
    inside = (".svc", ".svc.cluster.local", ".docker.internal")
    return "." not in host or host.endswith(inside)


def _is_private(host: str) -> bool:
    from ipaddress import ip_address

    try:
        address = ip_address(host.strip("[]"))
    except ValueError:
        return host.endswith((".local", ".internal", ".lan", ".home", ".intranet", ".corp"))
    return address.is_private and not address.is_loopback
