"""Where a node that takes any address sends its credential."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from sfcred.needs.binding import is_graphql
from sfcred.needs.expressions import HOLE, template
from sfcred.needs.parameters import find
from sfcred.workflows.model import WorkflowNode

# n8n's nodes call JavaScript's `trim`. Node's URL then drops control characters and spaces at both
# ends, and tabs and line ends anywhere.
_AROUND = (
    "".join(map(chr, range(0x21)))
    + "\xa0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff"
    + "".join(map(chr, range(0x2000, 0x200B)))
)
_DROPPED = re.compile(r"[\t\n\r]")
# Node's URL takes any number of slashes after the scheme, and backslashes for slashes.
_HOST = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:[\\/]*(?P<host>[^/?#\\]*)")
#: `https:`, an empty text and the host, in an address that is split at its slashes.
_HOST_PARTS = 3
#: The first version of HTTP Request with pagination.
_WITH_PAGES = 3


class RequestAddress(NamedTuple):
    """An address, with HOLE in place of expressions."""

    text: str

    @property
    def host(self) -> str | None:
        """The host, with its port; None if it depends on an expression. Empty if there is none."""
        found = _HOST.match(self.text)
        host = found["host"].rpartition("@")[2] if found else ""
        if HOLE in (found["host"] if found else self.text.partition("/")[0]):
            return None
        return host.lower()


def address_of(node: WorkflowNode) -> RequestAddress:
    """Return a node's address."""
    return _address(node, "endpoint" if is_graphql(node) else "url")


def hosts_of(node: WorkflowNode) -> list[str | None]:
    """Return the hosts that a node sends its credential to, as `RequestAddress.host` has them."""
    return list(dict.fromkeys(address.host for address in _addresses(node)))


def _addresses(node: WorkflowNode) -> Iterator[RequestAddress]:
    yield address_of(node)
    pages = "options.pagination.pagination"
    # n8n 2.41.1 doesn't resolve an expression in the mode.
    mode = find(node.parameters, f"{pages}.paginationMode")
    if mode == "responseContainsNextURL" and node.version >= _WITH_PAGES and not is_graphql(node):
        yield _address(node, f"{pages}.nextURL")


def _address(node: WorkflowNode, path: str) -> RequestAddress:
    value = find(node.parameters, path)
    text = template(value) if isinstance(value, str) else ""
    if node.type.endswith(".toolHttpRequest"):  # its own placeholders: {name}
        text = re.sub(r"\{[^{}]*\}", HOLE, text)
    return RequestAddress(_DROPPED.sub("", text.strip(_AROUND)))


def without_dots(text: str) -> str:
    """Return an address whose path has no `.` and `..`, as Node's URL sends it.

    A `..` after an expression stays: what it takes back isn't known.
    """
    end = min((index for sign in "?#" if (index := text.find(sign)) >= 0), default=len(text))
    kept: list[str] = []
    for part in re.split(r"[\\/]", text[:end]):
        plain = part.lower().replace("%2e", ".")
        if plain == ".." and len(kept) > _HOST_PARTS and HOLE not in kept[-1] and kept[-1] != "..":
            kept.pop()
        elif plain == ".." and len(kept) == _HOST_PARTS and not any(HOLE in one for one in kept):
            continue
        elif plain != ".":
            kept.append(".." if plain == ".." else part)
    return "/".join(kept) + text[end:]
