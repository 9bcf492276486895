"""URLs and hosts, judged strictly and once, so that what is judged is what is sent."""

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
    def place(self) -> str:
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


def split_url(text: str) -> Url | None:
    """Takes a URL apart.

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


def is_loopback(host: str) -> bool:
    """Whether a host name stands for this machine: the only place for plain http."""
    from ipaddress import ip_address

    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
