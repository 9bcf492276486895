"""Tell whether two addresses lead to one n8n, however they are written."""

import posixpath
from contextlib import suppress
from urllib.parse import unquote

from sfcred.n8n.base_url import is_address, place_in_n8n
from sfcred.urls import take_apart

#: The ports of http and https. A proxy usually serves one n8n on both.
_USUAL_PORTS = frozenset({"", "80", "443"})


def n8n_place(address: str | None) -> str:
    """Return what identifies the n8n at an address.

    Where two ways to write an address may lead to one n8n, both give the same: http and https,
    with or without the usual port, a host with a final dot, and any page of the editor. Different
    ports and base paths (N8N_PATH) are different n8ns.

    Args:
        address: The address as a person wrote it; None or empty if there is none.

    Returns:
        `HOST[:PORT][/PATH]` in lower case, never to be sent a request. Empty if the text is no
        address: then it isn't known which n8n it is.
    """
    text = (address or "").strip().strip("\"'").strip()
    parts = take_apart(text)
    if not is_address(text):
        return ""
    port = (parts.port or "").lstrip("0")
    ending = "" if port in _USUAL_PORTS else f":{port}"
    return f"{_host(parts.host)}{ending}{split_page(_plain(parts.path))[0]}"


def can_be_one(place: str, other: str) -> bool:
    """Return whether two places can be of one n8n. An unknown one can be any."""
    return place == other or "" in (place, other)


def split_page(path: str) -> tuple[str, str]:
    """Return a path without the part inside of n8n, and a description of that part."""
    described = ""
    while found := place_in_n8n(path):
        path, described = path.removesuffix(found[0]), found[1]
    return path.rstrip("/"), described


def _host(host: str) -> str:
    host = host.lower().rstrip(".")
    if not host.isascii():
        with suppress(UnicodeError):
            return host.encode("idna").decode("ascii")
    return host


def _plain(path: str) -> str:
    """Return a path in lower case without escapes, `.`, `..` and double slashes."""
    plain = posixpath.normpath("/" + unquote(path).replace("\\", "/").lstrip("/")).lower()
    return plain if plain.strip("/") else ""
