"""Write the text of a first spec, with comments about optional fields."""

from collections.abc import Mapping

from sfcred.init.layout import Links
from sfcred.spec.write import quoted, scalar, variable_prefix

_HEAD = """\
# yaml-language-server: $schema={schema}
# Your editor explains each field, as does sfcred explain my_domain. To find mistakes: sfcred doctor
version: 1
name: {name}
# description: what the credential is for
environment: {environment}
my_domain: {my_domain}
client_id: {{env: {variable}_CLIENT_ID}}   # the Consumer Key, from the app in Salesforce
"""
_JWT = """\

jwt:
  username: {username}
  private_key: {{file: {key_file}}}   # created by sfcred keygen; keep it out of git
  certificate: {certificate_file}   # goes to Salesforce; public, so commit it
"""
_OAUTH2 = """\

oauth2:
  client_secret: {{env: {variable}_CLIENT_SECRET}}
  # sfcred login {slug} stores the token here, so that n8n gets a connected credential. To connect
  # it in n8n's editor instead, delete this line{widen}.
  refresh_token: {{file: {token_file}}}
"""
_CONNECTED_IN_N8N = """\

oauth2:
  # Connect it in n8n's editor, which asks for full and refresh_token: n8n Cloud before 2.41.0
  # can't take a consent from elsewhere. From 2.41.0 on, set n8n.version, and see sfcred login.
  client_secret: {{env: {variable}_CLIENT_SECRET}}
"""
_CLIENT_CREDENTIALS = """\

client_credentials:
  client_secret: {{env: {variable}_CLIENT_SECRET}}
  run_as: {username}   # the integration user; Run As in the app's policies
"""
_WIDEN = ", and replace the scope api with full"
_APP = """\

app:                                   # the Salesforce side, for sfcred app and sfcred guide
  type: external_client_app
  label: {label:<30}# its name in Setup
{contact}
  scopes: [{scopes}]
"""
_JWT_APP = """\
  pre_authorized: true
  permission_sets: [n8n_Integration]   # must exist in the org and be assigned to the user
"""
_OAUTH2_APP = """\
  callback_urls:
{callbacks}
"""
_N8N = """\

{n8n}
{type}{url}
{version}
"""
_GENERIC = "  type: oAuth2Api   # n8n's generic OAuth2 credential, for HTTP Request nodes only\n"

#: The flow's section, and what it adds to `app`.
_SECTIONS = {
    "jwt": (_JWT, _JWT_APP),
    "oauth2": (_OAUTH2, _OAUTH2_APP),
    "client_credentials": (_CLIENT_CREDENTIALS, ""),
}


def spec_text(answers: Mapping[str, str], links: Links | None = None, label: str = "n8n") -> str:
    """Return a spec as YAML.

    Args:
        answers: The fields of Answers by name, as plain text without quotes.
        links: Where its files are; None for next to the folder of specs.
        label: The app's name in Setup.
    """
    name, flow = answers["name"], answers["flow"]
    links = links or Links()
    fields = {
        **{field: scalar(text) for field, text in answers.items()},
        "slug": name,
        "label": scalar(label),
        "schema": links.schema,
        "key_file": scalar(f"{links.secrets}/{name}.key"),
        "token_file": scalar(f"{links.secrets}/{name}.token"),
        "certificate_file": scalar(f"{links.certificates}/{name}.crt"),
        "variable": variable_prefix(name),
        "scopes": _scopes(answers),
        "widen": "" if answers["nodes"] == "http_request" else _WIDEN,
        "callbacks": _callback_lines(answers["n8n_url"]) if flow == "oauth2" else "",
        **_optional(answers),
    }
    section, app = _SECTIONS[flow]
    if connects_in_n8n(answers):
        section = _CONNECTED_IN_N8N
    parts = [_HEAD, section, _APP, app, _N8N]
    return "".join(parts).format(**fields)


def connects_in_n8n(answers: Mapping[str, str]) -> bool:
    """Return whether a person has to connect the credential in n8n's editor.

    n8n Cloud before 2.41.0, or of an unknown version, takes no consent from elsewhere.
    """
    from sfcred.n8n.callback import is_cloud
    from sfcred.n8n.versions import STORED_OAUTH_URLS, has, parse_version

    if answers["flow"] != "oauth2" or answers["nodes"] == "http_request":
        return False
    version = parse_version(answers["n8n_version"])
    return is_cloud(answers["n8n_url"]) and has(STORED_OAUTH_URLS, version) is not False


def needs_overwrite(answers: Mapping[str, str]) -> bool | None:
    """Return whether n8n uses the credential only with an overwrite; None without its version.

    n8n from 2.41.0 on takes client credentials for Salesforce nodes from nowhere else.
    """
    from sfcred.n8n.callback import is_cloud
    from sfcred.n8n.client_credentials import way_of
    from sfcred.n8n.versions import parse_version

    is_generic = answers["nodes"] == "http_request"
    if answers["flow"] != "client_credentials" or is_generic or is_cloud(answers["n8n_url"]):
        return False
    way = way_of(parse_version(answers["n8n_version"]))
    return None if way is None else way == "overwrite"


def _scopes(answers: Mapping[str, str]) -> str:
    if connects_in_n8n(answers):
        return "full, refresh_token"
    return "api" if answers["flow"] == "client_credentials" else "api, refresh_token"


def _optional(answers: Mapping[str, str]) -> dict[str, str]:
    """Return the lines of fields that can be missing: then they are comments."""
    email, url, version = (answers[name] for name in ("contact_email", "n8n_url", "n8n_version"))
    is_generic = answers["nodes"] == "http_request"
    is_there = bool(url or version or is_generic)
    hidden = "  # " if is_there else "#   "
    return {
        "contact": _line("contact_email", scalar(email))
        if email
        else "  # contact_email: you@example.com   # Salesforce requires it",
        "n8n": "n8n:" if is_there else "# n8n:",
        "type": _GENERIC if is_generic else "",
        "url": _line("url", scalar(url))
        if url
        else f"{hidden}url: https://n8n.example.com   # n8n's address, as browsers see it",
        "version": _line("version", quoted(version))
        if version
        else f'{hidden}version: "2.40.5"   # n8n\'s version, in quotes; many checks depend on it',
    }


def _line(field: str, value: str) -> str:
    return f"  {field}: {value}"


def _callback_lines(url: str) -> str:
    from sfcred.login import CALLBACK_PATH, DEFAULT_PORT

    lines = [f"    - {scalar(callback)}" for callback in _callbacks(url)]
    own = f"http://localhost:{DEFAULT_PORT}{CALLBACK_PATH}"
    return "\n".join([*lines, f"    - {own}   # for sfcred login, on your machine"])


def _callbacks(url: str) -> list[str]:
    from sfcred.n8n.callback import for_cloud, from_url, is_cloud

    if is_cloud(url):
        return [callback.url for callback in for_cloud(url)]
    return [from_url(url).url]
