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
from sfcred.urls import take_apart

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
