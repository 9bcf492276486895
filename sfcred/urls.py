"""URLs: one reader with two meanings.

`split_url` is strict: what it takes is read by everybody in the same way, so that what is judged is
what is sent. `take_apart` takes any text, to tell people what is wrong with it; nothing is ever
sent by its parts.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

_DEFAULT_PORTS = {"https": 443, "http": 80}
_HIGHEST_PORT = 65535
# RFC 3986 without what programs read differently: user info, a fragment, escapes or letters outside
# ASCII in the host, white space, backslashes.
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
        host: In lower case; an IPv6 address without brackets.
        port: The scheme's own where none is written.
        path: With its query; at least `/`.
    """

    scheme: str
    host: str
    port: int
    path: str

    @property
    def netloc(self) -> str:
        """`HOST`, or `HOST:PORT` where the port isn't the scheme's; IPv6 addresses in brackets."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    def is_one_of(self, hosts: Iterable[str]) -> bool:
        """Whether it is at one of some places.

        Args:
            hosts: Each `HOST`, for every port, or `HOST:PORT`; IPv6 addresses with or without
                brackets.
        """
        bracketed = f"[{self.host}]"
        own = {self.host, f"{self.host}:{self.port}", bracketed, f"{bracketed}:{self.port}"}
        return any(host.lower() in own for host in hosts)


class UrlParts(NamedTuple):
    """The parts of any text, as RFC 3986, appendix B, has them; they need not make a URL.

    Attributes:
        scheme: Without the colon; empty if there is none.
        slashes: What stands between scheme and host: two slashes in a URL.
        user_info: What stands before an `@`.
        host: As it is written; an IPv6 address in its brackets.
        port: The text after the host's colon; None without a colon.
        path: From its first slash on.
        query, fragment: Without their marks; None without them.
    """

    scheme: str
    slashes: str
    user_info: str
    host: str
    port: str | None
    path: str
    query: str | None
    fragment: str | None


# A scheme is a word before ":/", so that the port of HOST:PORT is not taken for a path.
_ANY = re.compile(
    r"(?is)(?:(https?|[a-z][a-z0-9+.-]*(?=:/)):)?(/*)([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#(.*))?"
)


def take_apart(text: str) -> UrlParts:
    """Take any text apart, as a person may have meant it. Never send by what this returns."""
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
    """Take a URL apart.

    Args:
        text: The URL, as it is to be sent.

    Returns:
        Its parts; None for what isn't a plain http or https URL, or what programs would read
        differently: with user info, a fragment, white space, a backslash, or a host that isn't
        written in ASCII.
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
    """Say why split_url() doesn't take a text, in words that fit after a colon.

    Args:
        text: What split_url() gave None for.

    Returns:
        The first reason, without any of the text.
    """
    parts = take_apart(text)
    known = re.fullmatch(r"[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]", parts.host)
    reasons = (
        (re.search(r"[\s\x00-\x1f\\]", text), "it has white space or a backslash in it"),
        ("@" in text.partition("//")[2].partition("/")[0], "it has a user name or password in it"),
        (parts.scheme.lower() not in _DEFAULT_PORTS, "it doesn't begin with https://"),
        (parts.slashes != "//", "it doesn't begin with https://"),
        (parts.fragment is not None, "it has a query or a fragment"),
        (not parts.host, "it names no host"),
        (not known, "its host has a character that no host's name has"),
        (parts.query is not None and not parts.path, "it has a query or a fragment"),
        (parts.port is not None, "its port is not a number from 1 to 65535"),
    )
    return next((words for found, words in reasons if found), "it has a character that no URL has")


def is_loopback(host: str) -> bool:
    """Whether a host name stands for this machine: the only place for plain http."""
    from ipaddress import ip_address

    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
