"""Parse URLs, strictly or leniently.

`split_url` is strict: it accepts only URLs that every program reads the same way, so that requests
go exactly where sfcred checked. `take_apart` accepts any text, to explain what is wrong with it.
Never send a request by its result.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

_DEFAULT_PORTS = {"https": 443, "http": 80}
_HIGHEST_PORT = 65535
# RFC 3986 without what programs read differently: user info, fragments, escapes or non-ASCII
# letters in the host, white space, backslashes.
_FORM = re.compile(
    r"(?P<scheme>https?)://"
    r"(?:\[(?P<address>[0-9a-f:.]+)\]|(?P<host>[a-z0-9._-]+))"
    r"(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<path>/[!-~]*)?",
    re.ASCII | re.IGNORECASE,
)


class Url(NamedTuple):
    """An absolute http or https URL.

    Attributes:
        scheme: `https` or `http`.
        host: In lower case. An IPv6 address is without brackets.
        port: The scheme's default if the URL has none.
        path: With the query. At least `/`.
    """

    scheme: str
    host: str
    port: int
    path: str

    @property
    def netloc(self) -> str:
        """`HOST`, or `HOST:PORT` if the port isn't the default; IPv6 addresses in brackets."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    def is_one_of(self, hosts: Iterable[str]) -> bool:
        """Return whether the URL is on one of some hosts.

        Args:
            hosts: `HOST` for any port, or `HOST:PORT`. IPv6 addresses with or without brackets.
        """
        bracketed = f"[{self.host}]"
        own = {self.host, f"{self.host}:{self.port}", bracketed, f"{bracketed}:{self.port}"}
        return any(host.lower() in own for host in hosts)


class UrlParts(NamedTuple):
    """The parts of any text, split as in RFC 3986, appendix B. They don't have to form a URL.

    Attributes:
        scheme: Without the colon. Empty if there is none.
        slashes: What is between scheme and host: two slashes in a URL.
        user_info: The part before an `@`.
        host: As it is written. An IPv6 address is in brackets.
        port: The text after the host's colon. None without a colon.
        path: From its first slash on.
        query, fragment: Without their `?` and `#`. None if missing.
    """

    scheme: str
    slashes: str
    user_info: str
    host: str
    port: str | None
    path: str
    query: str | None
    fragment: str | None

    @property
    def has_numeric_port(self) -> bool:
        """Whether what stands for the port is a number, or empty. It could be a password."""
        return re.fullmatch("[0-9]*", self.port or "") is not None

    @property
    def query_and_fragment(self) -> tuple[bool, str, bool, str]:
        """Both, each with whether it is there: an empty one differs from a missing one."""
        query, fragment = self.query, self.fragment
        return query is not None, query or "", fragment is not None, fragment or ""


# A scheme is a word before ":/", so the port of HOST:PORT is not taken for a path.
_ANY = re.compile(
    r"(?is)(?:(https?|[a-z][a-z0-9+.-]*(?=:/)):)?(/*)([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#(.*))?"
)


def take_apart(text: str) -> UrlParts:
    """Split any text as a person could have meant it. Never send a request by the result."""
    found = _ANY.fullmatch(text)
    scheme, slashes, authority, path, query, fragment = found.groups() if found else ("",) * 6
    user_info, _, place = authority.rpartition("@")
    bracketed = re.fullmatch(r"(\[.*\])(?::(.*))?", place)
    if bracketed:
        host, port = bracketed.groups()
    elif place.count(":") == 1:
        host, _, port = place.partition(":")
    else:
        host, port = place, None
    return UrlParts(scheme or "", slashes, user_info, host, port, path, query, fragment)


def split_url(text: str) -> Url | None:
    """Split a URL.

    Args:
        text: The URL, exactly as it will be sent.

    Returns:
        Its parts. None if it isn't a plain http or https URL, or if programs read it differently:
        with user info, a fragment, white space, a backslash, or a host that isn't ASCII.
    """
    found = _FORM.fullmatch(text)
    if found is None or "#" in (found["path"] or ""):
        return None
    scheme = found["scheme"].lower()
    port = int(found["port"]) if found["port"] else _DEFAULT_PORTS[scheme]
    if not 0 < port <= _HIGHEST_PORT:
        return None
    host = (found["address"] or found["host"]).lower()
    return Url(scheme, host, port, found["path"] or "/")


def url_fault(text: str) -> str:
    """Return why split_url() rejects a text, to follow a colon.

    Args:
        text: A text for which split_url() returned None.

    Returns:
        The first reason, without any of the text.
    """
    parts = take_apart(text)
    known = re.fullmatch(r"[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]", parts.host)
    reasons = (
        (re.search(r"[\s\x00-\x1f\\]", text), "it contains white space or a backslash"),
        ("@" in text.partition("//")[2].partition("/")[0], "it contains a user name or password"),
        (parts.scheme.lower() not in _DEFAULT_PORTS, "it does not start with https://"),
        (parts.slashes != "//", "it does not start with https://"),
        (parts.fragment is not None, "it has a query or a fragment"),
        (not parts.host, "it has no host"),
        (not known, "its host has a character that is not allowed in host names"),
        (parts.query is not None and not parts.path, "it has a query or a fragment"),
        (parts.port is not None, "its port is not a number from 1 to 65535"),
    )
    return next(
        (words for found, words in reasons if found),
        "it has a character that is not allowed in URLs",
    )


#: This machine, as the hosts of callbacks name it.
LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]"})


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine, the only one where plain http is allowed."""
    from ipaddress import ip_address

    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
