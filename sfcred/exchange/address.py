"""The address of an n8n, as a person typed it or copied it from a browser."""

import re
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

from sfcred.errors import UsageError
from sfcred.n8n.callback import place_in_n8n
from sfcred.urls import is_loopback

_HINT = "Write https://n8n.acme.com; plain http only for this machine."
_DEFAULT_PORTS = {"https": 443, "http": 80}


class Address(NamedTuple):
    """Where n8n's API is.

    Attributes:
        url: The address without `/api/v1` and without a slash at its end; scheme and host in lower
            case, so that the same n8n always has the same address.
        place: `HOST` or `HOST:PORT`.
        reduced: What the given address was, in words, where a page's or a webhook's address was
            cut down to n8n's own; else empty.
    """

    url: str
    place: str
    reduced: str


def read_address(text: str) -> Address:
    """Reads the address of an n8n.

    n8n may live below a path (N8N_PATH), so a path is kept, unless it is one of n8n's own pages,
    webhooks or APIs. Whether n8n is there is for its API to prove.

    Args:
        text: As the command line or SFCRED_N8N_URL has it.

    Raises:
        UsageError: Secrets may not be sent to it, or it is not an address.
    """
    try:
        parts = urlsplit(text.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError:  # a port that isn't a number, brackets that don't fit
        raise _refusal("it is not an address") from None
    _require_plain(text.strip(), parts)
    if not host or not _is_safe(parts.scheme, host):
        raise _refusal("secrets may only be sent over https, or to this machine")
    path, reduced = _reduced(parts.path)
    number = "" if port in (None, _DEFAULT_PORTS[parts.scheme]) else f":{port}"
    written = f"[{host}]" if ":" in host else host
    return Address(f"{parts.scheme}://{written}{number}{path}", f"{host}{number}", reduced)


def _reduced(path: str) -> tuple[str, str]:
    """The path without what belongs to a place within n8n, and what that is."""
    reduced = ""
    while found := place_in_n8n(path):
        path, reduced = path.removesuffix(found[0]), found[1]
    return path.rstrip("/"), reduced


def _require_plain(text: str, parts: SplitResult) -> None:
    """Refuses what has no place in an address, or could make it lead elsewhere.

    Raises:
        UsageError: With what it is.
    """
    if re.search(r"[\s\x00-\x1f\\]", text):  # urlsplit() leaves some of them out
        raise _refusal("it has white space or a backslash in it")
    if "@" in parts.netloc:
        raise _refusal("it has a user name or password in it")
    if "?" in text or "#" in text:
        raise _refusal("it has a query or a fragment")
    if not re.fullmatch(r"[A-Za-z0-9.:\[\]_-]*", parts.netloc):
        raise _refusal("its host has a character that no host's name has")
    folders = parts.path.split("/")[1:]
    is_plain = all(re.fullmatch(r"[A-Za-z0-9._~-]*", folder) for folder in folders)
    if not is_plain or {".", ".."} & set(folders) or "" in folders[:-1]:
        raise _refusal("its path is none that n8n can be at")


def _is_safe(scheme: str, host: str) -> bool:
    return scheme == "https" or (scheme == "http" and is_loopback(host))


def _refusal(why: str) -> UsageError:
    return UsageError(f"--n8n: {why}", hint=_HINT)
