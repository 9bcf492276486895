"""Turn a credential of n8n into a spec, keeping its secrets separate."""

from collections.abc import Iterable
from typing import Literal, NamedTuple

from pydantic import SecretStr

from sfcred.exchange import held_generic
from sfcred.exchange.held import (
    environment_of,
    login_address,
    my_domain_of,
)
from sfcred.init.layout import Links
from sfcred.n8n.credential_types import GENERIC, JWT
from sfcred.n8n.export import StoredCredential
from sfcred.n8n.expression import meaning, read_locator
from sfcred.n8n.http_domains import HOST_LENGTH, read_allowed
from sfcred.n8n.versions import parse_version
from sfcred.paths import is_device
from sfcred.salesforce.host_tables import HostKind
from sfcred.salesforce.hosts import classify
from sfcred.spec.write import quoted, scalar, slug, variable_prefix
from sfcred.urls import split_url

SecretStore = Literal["env", "file", "dotenv", "keyring"]

#: The length limit of a spec's name (NAME_PATTERN in spec/fields).
_NAME_LIMIT = 63
#: The suffixes of secret files, by the secret's field in a spec.
_FILES = {
    "client_id": "client_id",
    "client_secret": "client_secret",
    "refresh_token": "refresh_token",
    "private_key": "key",
}
#: What n8n doesn't know. It is valid YAML without its `# `, because people remove just that.
_APP = """
# n8n doesn't know the app in Salesforce. If you describe it, doctor checks more:
# app:
#   type: external_client_app        # or connected_app
#   scopes: [api, refresh_token]     # the app's Selected OAuth Scopes
"""
_JWT_APP = f"""{_APP}\
#   pre_authorized: true             # Permitted Users: Admin approved users are pre-authorized
#   permission_sets: []              # the API names of those in its policy
"""
_WEB_APP = f"""{_APP}\
#   callback_urls: []                # its Callback URLs
"""
_CLIENT_APP = _APP.replace(", refresh_token]", "]               ")


class ImportOptions(NamedTuple):
    """Options for turning credentials into specs.

    Attributes:
        secrets: The kind of references in the specs, which decides where the secrets go.
        n8n_url: The URL of the n8n that they come from; empty if unknown.
        n8n_version: Its version, such as 2.40.5; empty if unknown.
    """

    secrets: SecretStore
    n8n_url: str = ""
    n8n_version: str = ""


class ExtractedSecret(NamedTuple):
    """A secret that a spec refers to.

    Attributes:
        field: client_id, client_secret, refresh_token or private_key.
        locator: Where it goes, in the syntax of the chosen kind of reference.
        value: The secret.
    """

    field: str
    locator: str
    value: SecretStr


class AdoptedSpec(NamedTuple):
    """A spec's name, its YAML, and the secrets that it refers to."""

    name: str
    text: str
    secrets: tuple[ExtractedSecret, ...]


def slugs(names: Iterable[str], taken: Iterable[str] = ()) -> list[str]:
    """Return unique names for specs, in the format that specs require, close to n8n's names.

    Args:
        names: n8n's names, of any length and format.
        taken: Names that are already in use.
    """
    used = set(taken)
    last: dict[str, int] = {}  # with thousands of equal names, each search continues the last one
    result = []
    for name in names:
        plain = _slug(name)
        own, short = plain, plain[: _NAME_LIMIT - 6].strip("-")
        while own in used:
            last[short] = last.get(short, 1) + 1
            own = f"{short}-{last[short]}"
        used.add(own)
        result.append(own)
    return result


def _slug(name: str) -> str:
    # Names can be of any length. What is cut off here can't make a difference.
    plain = slug(name[: 4 * _NAME_LIMIT])[:_NAME_LIMIT].strip("-")
    return f"salesforce-{plain}" if is_device(plain) else plain or "salesforce"


def adopt(
    stored: StoredCredential, name: str, options: ImportOptions, links: Links | None = None
) -> AdoptedSpec:
    """Write a spec for a credential of n8n.

    Args:
        stored: The credential, decrypted. A spec can hold it (`held.why_not_held`).
        name: The spec's name, from `slugs`.
        options: Where its secrets go, and what is known about its n8n.
        links: Where its files are; None for next to the folder of specs.
    """
    writer = _SpecWriter(stored, name, options, links or Links())
    sections = [writer.head(), writer.flow(), writer.app(), writer.n8n()]
    return AdoptedSpec(name, "".join(sections), tuple(writer.secrets))


class _SpecWriter:
    """Writes the sections of one spec, and collects the secrets that it refers to."""

    def __init__(
        self, stored: StoredCredential, name: str, options: ImportOptions, links: Links
    ) -> None:
        self.stored = stored
        self.name = name
        self.options = options
        self.links = links
        self.secrets: list[ExtractedSecret] = []

    def head(self) -> str:
        schema, version = self.links.schema, parse_version(self.options.n8n_version)
        return _lines(
            *([f"# yaml-language-server: $schema={schema}"] if schema else []),
            f"# From n8n's credential {scalar(self.stored.name)}.",
            "version: 1",
            f"name: {scalar(self.name)}",
            f"environment: {scalar(environment_of(self.stored, version))}",
            self._my_domain(),
            self._field("client_id", "clientId"),
        )

    def flow(self) -> str:
        if self.stored.type == JWT:
            return self.jwt()
        if held_generic.is_client_credentials(self.stored.data):
            return self.client_credentials()
        return self.oauth2()

    def client_credentials(self) -> str:
        return _section(
            "client_credentials",
            self._field("client_secret", "clientSecret"),
            "# run_as: n8n@acme.com   # Run As in the app's policies, which n8n doesn't know",
        )

    def jwt(self) -> str:
        return _section(
            "jwt",
            self._username(),
            self._field("private_key", "privateKey"),
            f"# certificate: {self.links.certificates}/{self.name}.crt   # the one in Salesforce",
        )

    def oauth2(self) -> str:
        secret = self._field("client_secret", "clientSecret")
        token = self._token_data().get("refresh_token")
        if not (isinstance(token, str) and token):
            return _section("oauth2", secret, self._why_no_token())
        granted = self._token_data().get("scope")
        scopes = [f"# granted scopes: {scalar(granted)}"] if isinstance(granted, str) else []
        reference = self._extract("refresh_token", token)
        return _section("oauth2", secret, f"refresh_token: {reference}", *scopes)

    def _why_no_token(self) -> str:
        then = "add refresh_token here, then run sfcred login"
        held = self.stored.data.get("oauthTokenData")
        if not held:
            return f"# not connected in n8n: {then}"
        if isinstance(held, dict):
            return f"# n8n has an access token, but no refresh token: {then}"
        return f"# n8n's tokens can't be read: {then}"

    def app(self) -> str:
        """Return what n8n's generic credential shows of the app; a comment for other types."""
        data = self.stored.data
        scopes = ", ".join(map(scalar, held_generic.scopes_in(data.get("scope"))))
        if self.stored.type != GENERIC or not scopes:
            return self._unknown_app()
        is_without = held_generic.is_without_pkce(data)
        why = "# n8n's Grant Type is Authorization Code, so the app doesn't require PKCE"
        return _section(
            "app",
            f"scopes: [{scopes}]   # what n8n asks for",
            *([f"pkce_required: false   {why}"] if is_without else []),
        )

    def _unknown_app(self) -> str:
        if self.stored.type == JWT:
            return _JWT_APP
        return _CLIENT_APP if held_generic.is_client_credentials(self.stored.data) else _WEB_APP

    def n8n(self) -> str:
        key, name = self.stored.id, self.stored.name
        url, version = self.options.n8n_url, self.options.n8n_version
        return _section(
            "n8n",
            f"id: {scalar(key)}" if key else "# id: none in n8n, so sfcred derives one",
            f"name: {scalar(name)}" if name else "# name: none in n8n",
            f"url: {scalar(url)}" if url else "# url: n8n's address",
            f"version: {quoted(version)}"
            if version
            else "# version: '2.40.5'   # in quotes; many checks depend on it",
            *([f"type: {self.stored.type}"] if self.stored.type == GENERIC else []),
            f"http_request: {self._http_request()}",
        )

    def _http_request(self) -> str:
        """Return what n8n has. Without the field, n8n allows any host."""
        mode, domains = read_allowed(self.stored.data)
        org = split_url(my_domain_of(self.stored))
        if org is not None and domains == (org.host,):
            return "org"
        if domains:
            return f"[{', '.join(map(quoted, domains))}]"
        if mode == "domains":
            return "none   # n8n has a list without hosts, which allows none"
        return "any" if mode == "all" else "none"

    def _my_domain(self) -> str:
        if found := login_address(self.stored, parse_version(self.options.n8n_version)):
            return f"my_domain: {scalar(found)}"
        instance = self._token_data().get("instance_url")
        url = split_url(instance) if isinstance(instance, str) else None
        if url is not None and len(url.host) <= HOST_LENGTH and _is_org(url.host):
            why = "the connected org; n8n doesn't log in there"
            return f"# my_domain: https://{url.host}   # {why}"
        return "# my_domain: https://…   # from Setup, My Domain, Current My Domain URL"

    def _username(self) -> str:
        username = self._text("username")
        if not username:
            return "# username: n8n has none"
        locator = read_locator(username)
        shown = f"{{n8n: {quoted(locator)}}}" if locator else scalar(meaning(username))
        return f"username: {shown}"

    def _text(self, field: str) -> str:
        value = self.stored.data.get(field)
        return value if isinstance(value, str) else ""

    def _token_data(self) -> dict[str, object]:
        tokens = self.stored.data.get("oauthTokenData")
        return tokens if isinstance(tokens, dict) else {}

    def _field(self, field: str, n8n_field: str) -> str:
        """Return a field with a reference: to an external secret of n8n's, or to one taken out."""
        value = self._text(n8n_field)
        if not value:
            return f"# {field}: n8n has none"
        locator = read_locator(value)
        if locator:
            return f"{field}: {{n8n: {quoted(locator)}}}"
        return f"{field}: {self._extract(field, meaning(value))}"

    def _extract(self, field: str, value: str) -> str:
        locator = self._locator(field)
        self.secrets.append(ExtractedSecret(field, locator, SecretStr(value)))
        return f"{{{self.options.secrets}: {scalar(locator)}}}"

    def _locator(self, field: str) -> str:
        if self.options.secrets == "file":
            return f"{self.links.secrets}/{self.name}.{_FILES[field]}"
        if self.options.secrets == "keyring":
            return f"sfcred/{self.name}.{field}"
        return f"{variable_prefix(self.name)}_{field.upper()}"


def _is_org(host: str) -> bool:
    return classify(host).kind is HostKind.MY_DOMAIN


def _lines(*lines: str) -> str:
    return "".join(f"{line}\n" for line in lines)


def _section(name: str, *lines: str) -> str:
    """Return a section. If all of its lines are comments, it is an empty mapping, not null."""
    is_empty = all(line.startswith("#") for line in lines)
    return _lines("", f"{name}: {{}}" if is_empty else f"{name}:", *(f"  {one}" for one in lines))
