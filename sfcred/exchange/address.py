"""Read the address of an n8n, typed by hand or copied from a browser."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sfcred.errors import UsageError
from sfcred.n8n.place import n8n_place, split_page
from sfcred.salesforce.host_tables import HostKind
from sfcred.salesforce.hosts import classify
from sfcred.text.printable import listed
from sfcred.text.redact import public_address
from sfcred.urls import is_loopback, split_url, url_fault

_HINT = "Write it like https://n8n.acme.com. Plain http is only allowed for this machine."


class N8nAddress(NamedTuple):
    """The address of an n8n.

    Attributes:
        url: The URL without `/api/v1` and without a trailing slash. Scheme and host are in lower
            case, and a final dot of the host is left out, so that the same n8n always has the same
            URL.
        host: `HOST` or `HOST:PORT`.
        reduced: A description of what the given address was, if it was reduced from a page's or
            webhook's address to n8n's own; otherwise empty.
    """

    url: str
    host: str
    reduced: str


def read_address(text: str) -> N8nAddress:
    """Read the address of an n8n.

    n8n can be below a path (N8N_PATH), so a path is kept, unless it belongs to one of n8n's own
    pages, webhooks or APIs. Whether an n8n answers there is checked later, by its API.

    Args:
        text: The address from the command line or SFCRED_N8N_URL.

    Raises:
        UsageError: It is not an address, or secrets may not be sent to it.
    """
    text = text.strip()
    url = split_url(text)
    if url is None:
        raise _refusal(url_fault(text))
    url = url._replace(host=url.host.rstrip("."))
    if classify(url.host).kind is not HostKind.FOREIGN:
        raise _refusal("it is an address of Salesforce, not of n8n")
    if url.scheme != "https" and not is_loopback(url.host):
        raise _refusal("secrets may only be sent over https, or to this machine")
    _require_plain(url.path)
    path, reduced = split_page(url.path)
    return N8nAddress(f"{url.scheme}://{url.netloc}{path}", url.netloc, reduced)


def other_n8n(target: str, specs: Iterable[tuple[str, str | None]]) -> Iterator[str]:
    """Yield a text for each `n8n.url` that is not the address of the target.

    Args:
        target: The URL of an N8nAddress.
        specs: The names of credentials, each with its `n8n.url` if it has one.
    """
    here, others = n8n_place(target), dict[str, list[str]]()
    for name, url in specs:
        if url and split_url(url.strip()) is not None and n8n_place(url) != here:
            others.setdefault(public_address(url), []).append(name)
    for url, names in others.items():
        yield f"n8n.url is {url} for {listed(names)}, not {target}: check --n8n"


def _require_plain(path: str) -> None:
    """Refuse a path with anything that doesn't belong there, or that could lead elsewhere.

    Raises:
        UsageError: The path is not plain; the message gives the reason.
    """
    if "?" in path:
        raise _refusal("it has a query or a fragment")
    folders = path.split("/")[1:]
    is_plain = all(re.fullmatch(r"[A-Za-z0-9._~-]*", folder) for folder in folders)
    if not is_plain or {".", ".."} & set(folders) or "" in folders[:-1]:
        raise _refusal("n8n can't be at this path")


def _refusal(why: str) -> UsageError:
    return UsageError(f"--n8n: {why}", hint=_HINT)
