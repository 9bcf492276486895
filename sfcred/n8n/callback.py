"""Compute n8n's OAuth2 callback URL the way n8n does.

It is the base URL without one trailing slash, N8N_ENDPOINT_REST (`rest`), and
`/oauth2-credential/callback`. Salesforce compares it with the app's Callback URLs character by
character (RFC 6749, section 3.1.2.3).

Sources: the code of n8n 1.99.1 to 2.41.3 (url.service, oauth.service, @n8n/config), and runs of
2.40.5 with many environments.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from sfcred.n8n.versions import (
    BASE_URL_QUOTES_STRIPPED,
    ENVIRONMENT_TRIMMED,
    N8N_WEBHOOK_URL,
    Version,
    has,
)
from sfcred.urls import UrlParts, take_apart

REST_PATH = "rest"
SUFFIX = "oauth2-credential/callback"
#: What n8n Cloud shows in the window for OAuth2 credentials, as reported since 2025.
CLOUD_CALLBACK = "https://oauth.n8n.cloud/oauth2/callback"

#: The domain of workspaces: NAME.app.n8n.cloud, and NAME.n8n.cloud for older ones.
CLOUD_DOMAIN = "n8n.cloud"

_BASE_URLS = ("N8N_EDITOR_BASE_URL", "N8N_WEBHOOK_URL", "WEBHOOK_URL")
#: The variables that decide the callback.
VARIABLES = (
    *_BASE_URLS,
    "N8N_PROTOCOL",
    "N8N_HOST",
    "N8N_PORT",
    "N8N_PATH",
    "N8N_ENDPOINT_REST",
)


class Callback(NamedTuple):
    """A callback URL, and how it was computed, in plain words."""

    url: str
    steps: tuple[str, ...]


def from_url(url: str) -> Callback:
    """Return the callback of an n8n whose N8N_EDITOR_BASE_URL is this public base URL."""
    base = _trim_quotes(trim_setting(url)).removesuffix("/")
    return Callback(f"{base}/{REST_PATH}/{SUFFIX}", ("from n8n.url",))


def from_environment(variables: Mapping[str, str], version: Version | None) -> Callback:
    """Return the callback of an n8n with this environment.

    Args:
        variables: The environment. Only VARIABLES are read.
        version: n8n's version. If it is None, a recent one is assumed.
    """
    settings = _Settings(variables, version)
    base, steps = settings.base()
    rest = settings.setting("N8N_ENDPOINT_REST", REST_PATH)
    if rest != REST_PATH:
        # With a lost line break or quote, this value could contain that of another variable.
        is_path = re.fullmatch(r"[A-Za-z0-9_/-]{1,64}", rest)
        steps.append(f"N8N_ENDPOINT_REST is {rest if is_path else 'set'}")
    return Callback(f"{base.removesuffix('/')}/{rest}/{SUFFIX}", tuple(steps))


def host_variables(version: Version | None) -> tuple[str, ...]:
    """Return the variables from which this n8n can take its host."""
    return (*_base_urls(version), "N8N_HOST")


def states_host(variables: Mapping[str, str], version: Version | None) -> bool:
    """Return whether an environment states n8n's host. If not, n8n uses localhost.

    Args:
        variables: The environment. Only VARIABLES are read.
        version: n8n's version. If it is None, a recent one is assumed.
    """
    return _Settings(variables, version).states_host()


def is_cloud(url: str | None) -> bool:
    """Return whether an address, however it is written, belongs to n8n Cloud."""
    return take_apart((url or "").strip().strip("\"'")).host.lower().endswith(f".{CLOUD_DOMAIN}")


def for_cloud(url: str | None) -> tuple[Callback, ...]:
    """Return n8n Cloud's callbacks: the shared one, and the workspace's own if `url` is given."""
    common = Callback(CLOUD_CALLBACK, ("n8n Cloud usually shows this one",))
    return (common, from_url(url)) if url else (common,)


def _base_urls(version: Version | None) -> tuple[str, ...]:
    """Return the variables with a whole base URL, in n8n's order."""
    is_old = has(N8N_WEBHOOK_URL, version) is False
    return tuple(name for name in _BASE_URLS if not (is_old and name == "N8N_WEBHOOK_URL"))


class _Settings(NamedTuple):
    """The part of n8n's configuration that decides its base URL."""

    variables: Mapping[str, str]
    version: Version | None

    def base(self) -> tuple[str, list[str]]:
        """Return the first base URL that is set, or one made of protocol, host, port and path."""
        names = _base_urls(self.version)
        for name in names:
            if value := self._base_of(name):
                return value, self._trimmings(name, value)
        return self._from_parts([f"none of {', '.join(names)} is set"])

    def states_host(self) -> bool:
        """Return whether a variable states the host, so that n8n doesn't use its default."""
        return any(map(self._base_of, _base_urls(self.version))) or bool(
            self.setting("N8N_HOST", "")
        )

    def _base_of(self, name: str) -> str:
        if name == "N8N_WEBHOOK_URL":
            return self.setting(name, "")
        # n8n doesn't read WEBHOOK_URL through its configuration, so white space around it stays.
        is_plain = name == "WEBHOOK_URL"
        value = self.variables.get(name, "") if is_plain else self.setting(name, "")
        if has(BASE_URL_QUOTES_STRIPPED, self.version) is False:
            return value
        return _trim_quotes(value)

    def _trimmings(self, name: str, value: str) -> list[str]:
        steps = [f"{name} is set"]
        if value != self.variables[name]:
            steps.append("n8n removes the quotes or white space around it")
        if value.endswith("/"):
            steps.append("n8n removes one trailing slash")
        return steps

    def setting(self, name: str, default: str) -> str:
        """Return a string setting. An empty variable gives an empty string, not the default."""
        value = self.variables.get(name)
        if value is None:
            return default
        return value if has(ENVIRONMENT_TRIMMED, self.version) is False else trim_setting(value)

    def _from_parts(self, steps: list[str]) -> tuple[str, list[str]]:
        protocol = self.setting("N8N_PROTOCOL", "http")
        if protocol not in {"http", "https"}:
            steps.append("N8N_PROTOCOL is neither http nor https, so n8n uses http")
            protocol = "http"
        host, path = self.setting("N8N_HOST", "localhost"), self.setting("N8N_PATH", "/")
        port = self._port(steps)
        if (protocol, port) in {("http", 80), ("https", 443)}:
            steps.append(f"port {port} is the default for {protocol}, so it is left out")
            if path and not path.startswith("/"):
                steps.append("N8N_PATH does not start with a slash, so it runs into the host")
            return f"{protocol}://{host}{path}", steps
        if path and not path.startswith("/"):
            steps.append("N8N_PATH does not start with a slash, so it runs into the port")
        return f"{protocol}://{host}:{port}{path}", steps

    def _port(self, steps: list[str]) -> int:
        text = self.variables.get("N8N_PORT", "").strip()
        if number := re.fullmatch(r"\+?([0-9]{1,9})(?:\.0*)?", text):  # as JavaScript's Number()
            steps.append(f"N8N_PORT is {int(number[1])}")
            return int(number[1])
        steps.append(f"N8N_PORT is {'not a number' if text else 'not set'}, so n8n uses 5678")
        return 5678


def trim_setting(value: str) -> str:
    """Trim a setting as @n8n/config does: white space, then one pair of quotes.

    Args:
        value: The variable's value.
    """
    text = value.strip()
    quoted = re.fullmatch(r"(['\"])(.*)\1", text)
    return quoted[2] if quoted else text


def _trim_quotes(value: str) -> str:
    """Trim as n8n's url.service does: all double quotes at both ends."""
    return value.strip('"')


def difference(wanted: str, given: str) -> str | None:
    """Describe how two similar URLs differ.

    Args:
        wanted: n8n's callback.
        given: One of the app's callbacks.

    Returns:
        The parts that differ: "the scheme (http instead of https) and the trailing slash". None if
        the URLs are equal or have too little in common. Queries and user names are not repeated,
        because they can contain secrets.
    """
    ours, theirs = take_apart(wanted), take_apart(given.strip())
    if wanted == given or not _is_near(ours, theirs):
        return None
    differences = [
        "the white space around it" if given != given.strip() else "",
        _changed("scheme", ours.scheme, theirs.scheme),
        "the user name before the host" if theirs.user_info != ours.user_info else "",
        _changed("host", ours.host, theirs.host),
        _port_difference(ours, theirs),
        _path_difference(ours.path, theirs.path),
        "the query" if _after_path(ours) != _after_path(theirs) else "",
    ]
    *most, last = [*filter(None, differences)] or ["the punctuation"]
    return f"{', '.join(most)} and {last}" if most else last


def _port_difference(ours: UrlParts, theirs: UrlParts) -> str:
    if not _has_port_number(theirs):  # it could be a password
        return "the port"
    return _changed("port", ours.port or "", theirs.port or "")


def _has_port_number(parts: UrlParts) -> bool:
    return re.fullmatch(r"[0-9]*", parts.port or "", re.ASCII) is not None


def _after_path(parts: UrlParts) -> tuple[bool, str, bool, str]:
    """Return query and fragment. An empty one differs from a missing one."""
    query, fragment = parts.query, parts.fragment
    return query is not None, query or "", fragment is not None, fragment or ""


def _is_near(ours: UrlParts, theirs: UrlParts) -> bool:
    """Return whether the hosts are equal, or are similar and have the same path."""
    first, second = ours.host.lower(), theirs.host.lower()
    if not second or first == second:
        return first == second
    if ours.path.strip("/").lower() != theirs.path.strip("/").lower():
        return False
    loopback = {"localhost", "127.0.0.1", "[::1]"}
    if {first, second} & loopback:
        return {first, second} <= loopback
    return _is_related(first, second)


def _is_related(first: str, second: str) -> bool:
    from difflib import SequenceMatcher

    short, long = sorted((first, second), key=len)
    if long.endswith(f".{short}") or long.startswith(f"{short}."):
        return True
    return len(long) < 254 and SequenceMatcher(None, first, second).ratio() >= 0.8  # noqa: PLR2004 - DNS; by trial


def _changed(part: str, ours: str, theirs: str) -> str:
    if ours == theirs:
        return ""
    if ours.lower() == theirs.lower():
        return f"upper and lower case in the {part}"
    if "@" in theirs:  # a misplaced user name and password
        return f"the {part}"
    return f"the {part} ({theirs or 'none'} instead of {ours or 'none'})"


def _path_difference(ours: str, theirs: str) -> str:
    if ours != theirs and ours.rstrip("/") == theirs.rstrip("/"):
        return "the trailing slash"
    if ours != theirs and ours == re.sub("/+", "/", theirs):
        return "the double slash in the path"
    return _changed("path", ours, theirs)


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
    port = f":{parts.port}" if parts.port and _has_port_number(parts) else ""
    base = f"{scheme}://{parts.host}{port}"
    hint = f"Write {base}{path.rstrip('/')}."
    if not parts.host:
        return tuple(_host_traps(parts))
    return (
        *_text_traps(url, parts, hint),
        *_host_traps(parts),
        *([UrlTrap(place[1], hint)] if place else _path_traps(parts, hint)),
        *([UrlTrap("it has a query or a fragment", hint)] if any(_after_path(parts)) else []),
    )


def _text_traps(url: str, parts: UrlParts, hint: str) -> list[UrlTrap]:
    traps = []
    text = url.strip()
    if url != text:
        traps.append(UrlTrap("it has white space around it", hint))
    if text != text.strip("\"'"):
        traps.append(UrlTrap("it has quotes around it", hint))
    if not parts.scheme:
        traps.append(UrlTrap("it does not start with https://, and n8n does not add it", hint))
    elif parts.scheme.lower() not in {"http", "https"} or parts.slashes != "//":
        traps.append(UrlTrap("it does not start with https:// or http://", hint))
    if parts.user_info:
        traps.append(UrlTrap("it has a user name or password before an @", hint))
    if not _has_port_number(parts):
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
