"""The address of an n8n, as a person typed it or copied it from a browser."""

import re
from typing import NamedTuple

from sfcred.errors import UsageError
from sfcred.n8n.callback import place_in_n8n
from sfcred.urls import is_loopback, split_url, url_fault

_HINT = "Write https://n8n.acme.com; plain http only for this machine."


class Address(NamedTuple):
    """Where n8n's API is.

    Attributes:
        url: The address without `/api/v1` and without a slash at its end; scheme and host in lower
            case, so that the same n8n always has the same address.
        host: `HOST` or `HOST:PORT`.
        reduced: What the given address was, in words, where a page's or a webhook's address was
            cut down to n8n's own; else empty.
    """

    url: str
    host: str
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
    text = text.strip()
    url = split_url(text)
    if url is None:
        raise _refusal(url_fault(text))
    if url.scheme != "https" and not is_loopback(url.host):
        raise _refusal("secrets may only be sent over https, or to this machine")
    _require_plain(url.path)
    path, reduced = _reduced(url.path)
    return Address(f"{url.scheme}://{url.netloc}{path}", url.netloc, reduced)


def _reduced(path: str) -> tuple[str, str]:
    """The path without what belongs to a place within n8n, and what that is."""
    reduced = ""
    while found := place_in_n8n(path):
        path, reduced = path.removesuffix(found[0]), found[1]
    return path.rstrip("/"), reduced


def _require_plain(path: str) -> None:
    """Refuse what has no place in the path of an address, or could make it lead elsewhere.

    Raises:
        UsageError: With what it is.
    """
    if "?" in path:
        raise _refusal("it has a query or a fragment")
    folders = path.split("/")[1:]
    is_plain = all(re.fullmatch(r"[A-Za-z0-9._~-]*", folder) for folder in folders)
    if not is_plain or {".", ".."} & set(folders) or "" in folders[:-1]:
        raise _refusal("its path is none that n8n can be at")


def _refusal(why: str) -> UsageError:
    return UsageError(f"--n8n: {why}", hint=_HINT)
