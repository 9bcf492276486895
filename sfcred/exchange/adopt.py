"""A credential of n8n's becomes a spec and secrets apart."""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from pydantic import SecretStr

from sfcred.init.spec_text import quoted, scalar, variable_of
from sfcred.n8n.credential_types import JWT
from sfcred.n8n.export import Stored
from sfcred.n8n.expression import read_literal, read_locator
from sfcred.salesforce.hosts import HostKind, classify

_NAME_LIMIT = 63
#: The longest name that DNS has.
_HOST_LIMIT = 253
#: Names that Windows takes for devices, also with an ending behind them.
_DEVICES = re.compile(r"con|prn|aux|nul|(?:com|lpt)[0-9]")
#: The fields that go apart, by their place in a spec.
_FILES = {
    "client_id": "client_id",
    "client_secret": "client_secret",
    "refresh_token": "refresh_token",
    "private_key": "key",
}


class Apart(NamedTuple):
    """A secret that goes apart.

    Attributes:
        field: client_id, client_secret, refresh_token or private_key.
        locator: Where, in the words of the kind of reference that was chosen.
        value: What.
    """

    field: str
    locator: str
    value: SecretStr


class Adopted(NamedTuple):
    """A spec: its name, its YAML, and its secrets."""

    name: str
    text: str
    secrets: tuple[Apart, ...]


def slugs(names: Iterable[str], taken: Iterable[str] = ()) -> list[str]:
    """Names for specs: like n8n's, in the form that specs want, each once."""
    used = set(taken)
    last: dict[str, int] = {}  # thousands of one name: each search goes on where the last ended
    result = []
    for name in names:
        plain = _slug(name)
        slug, short = plain, plain[: _NAME_LIMIT - 6].strip("-")
        while slug in used:
            last[short] = last.get(short, 1) + 1
            slug = f"{short}-{last[short]}"
        used.add(slug)
        result.append(slug)
    return result


def _slug(name: str) -> str:
    # What is cut off here can't matter, and names may be of any length.
    short = name[: 4 * _NAME_LIMIT].lower()
    plain = re.sub(r"[^a-z0-9]+", "-", short).strip("-")[:_NAME_LIMIT].strip("-")
    return f"salesforce-{plain}" if _DEVICES.fullmatch(plain) else plain or "salesforce"


def adopt(
    stored: Stored,
    name: str,
    kind: str,
    n8n: Mapping[str, str],
    allow_hosts: frozenset[str] = frozenset(),
    secrets: str = "../secrets",
) -> Adopted:
    """Makes a spec of a credential.

    Args:
        stored: The credential.
        name: The spec's name.
        kind: Where its secrets go: env, file, dotenv or keyring.
        n8n: url and version of the n8n it comes from, as far as they are known.
        allow_hosts: Hosts that pass as an org's beside Salesforce's own.
        secrets: The folder for files of secrets, from the spec's folder.
    """
    writer = _Writer(stored, name, kind, allow_hosts, secrets)
    parts = [writer.head(), writer.jwt() if stored.type == JWT else writer.oauth2()]
    parts += [_APP, writer.n8n(n8n)]
    return Adopted(name, "".join(parts), tuple(writer.secrets))


_APP = """
# app: what n8n doesn't know of the app in Salesforce. doctor checks more with it:
#   type: external_client_app        # or connected_app
#   scopes: [api, refresh_token]     # the app's Selected OAuth Scopes
#   callback_urls: []                # its Callback URLs
"""


class _Writer:
    """Writes one spec, and collects what goes apart."""

    def __init__(
        self, stored: Stored, name: str, kind: str, allow_hosts: frozenset[str], folder: str
    ) -> None:
        self.folder = folder
        self.allow_hosts = allow_hosts
        self.stored = stored
        self.name = name
        self.kind = kind
        self.secrets: list[Apart] = []

    def head(self) -> str:
        lines = [
            "# yaml-language-server: $schema=../credential.schema.json",
            f"# From n8n's credential {scalar(self.stored.name)}.",
            "version: 1",
            f"name: {self.name}",
            f"environment: {scalar(self._environment())}",
        ]
        my_domain = self._my_domain()
        lines.append(
            f"my_domain: {scalar(my_domain)}"
            if my_domain
            else "# my_domain: https://…   # n8n has none: Setup, My Domain, Current My Domain URL"
        )
        lines.append(f"client_id: {self._value('client_id', 'clientId')}")
        return "\n".join(lines) + "\n"

    def jwt(self) -> str:
        username = self._text("username")
        reference = read_locator(username)
        shown = f"{{n8n: {quoted(reference)}}}" if reference else scalar(_meant(username))
        return (
            "\njwt:\n"
            f"  username: {shown}\n"
            f"  private_key: {self._value('private_key', 'privateKey')}\n"
            f"  # certificate: ../certs/{self.name}.crt   # what Salesforce was given\n"
        )

    def oauth2(self) -> str:
        lines = ["", "oauth2:", f"  client_secret: {self._value('client_secret', 'clientSecret')}"]
        tokens = self.stored.data.get("oauthTokenData")
        token = tokens.get("refresh_token") if isinstance(tokens, dict) else None
        if isinstance(token, str) and token:
            lines.append(f"  refresh_token: {self._apart('refresh_token', token)}")
            granted = tokens.get("scope") if isinstance(tokens, dict) else None
            if isinstance(granted, str) and granted:
                lines.append(f"  # granted scopes: {scalar(granted)}")
        else:
            lines.append(
                "  # not connected in n8n: sfcred login can do it, with refresh_token here"
            )
        return "\n".join(lines) + "\n"

    def n8n(self, known: Mapping[str, str]) -> str:
        lines = [
            "",
            "n8n:",
            f"  id: {scalar(self.stored.id)}",
            f"  name: {scalar(self.stored.name)}",
        ]
        lines.append(
            f"  url: {scalar(known['url'])}" if known.get("url") else "  # url: n8n's address"
        )
        lines.append(
            f"  version: {quoted(known['version'])}"
            if known.get("version")
            else "  # version: '2.40.5'   # in quotes; n8n behaves differently by version"
        )
        return "\n".join(lines) + "\n"

    def _environment(self) -> str:
        """As it stands, also where it is wrong: doctor then says so. n8n's default: production."""
        return _meant(self._text("environment")) or "production"

    def _my_domain(self) -> str:
        if self.stored.type == JWT:
            return _meant(self._text("myDomainUrl"))
        tokens = self.stored.data.get("oauthTokenData")
        instance = tokens.get("instance_url") if isinstance(tokens, dict) else ""
        for url in (self._text("authUrl"), self._text("accessTokenUrl"), instance):
            found = re.match(r"https?://([^/?#]+)", url if isinstance(url, str) else "")
            if found and self._is_org(found[1]):
                return found[0]
        return ""

    def _is_org(self, host: str) -> bool:
        is_name = len(host) <= _HOST_LIMIT
        return is_name and (classify(host).kind is HostKind.MY_DOMAIN or host in self.allow_hosts)

    def _text(self, field: str) -> str:
        value = self.stored.data.get(field)
        return value if isinstance(value, str) else ""

    def _value(self, field: str, key: str) -> str:
        """A reference, with the value put apart; to n8n's own secret, if it is one."""
        value = self._text(key)
        locator = read_locator(value)
        if locator:
            return f"{{n8n: {quoted(locator)}}}"
        return self._apart(field, _meant(value))

    def _apart(self, field: str, value: str) -> str:
        locator = self._locator(field)
        if value:
            self.secrets.append(Apart(field, locator, SecretStr(value)))
        return f"{{{self.kind}: {scalar(locator)}}}"

    def _locator(self, field: str) -> str:
        if self.kind == "file":
            return f"{self.folder}/{self.name}.{_FILES[field]}"
        if self.kind == "keyring":
            return f"sfcred/{self.name}.{field}"
        return f"{variable_of(self.name)}_{field.upper()}"


def _meant(value: str) -> str:
    """What n8n reads; an expression that has to be evaluated stays as it is."""
    meant = read_literal(value)
    return value if meant is None else meant
