"""Write the text of a first spec, with comments about optional fields."""

from collections.abc import Mapping

from sfcred.init.layout import Links
from sfcred.spec.write import quoted, scalar, variable_prefix

_HEAD = """\
# yaml-language-server: $schema={schema}
# Your editor explains each field, and so does sfcred schema. To find mistakes: sfcred doctor
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
  # To import it into n8n already connected, add this and run: sfcred login {slug}
  # refresh_token: {{file: {token_file}}}
"""
_CLIENT_CREDENTIALS = """\

client_credentials:
  client_secret: {{env: {variable}_CLIENT_SECRET}}
  run_as: {username}   # the integration user; Run As in the app's policies
"""
_APP = """\

app:                                   # the Salesforce side, for sfcred app and sfcred guide
  type: external_client_app
  label: n8n                           # its name in Setup
  contact_email: {contact_email}
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

n8n:
  url: {n8n_url}
{version}"""

#: The flow's section, and what it adds to `app`.
_SECTIONS = {
    "jwt": (_JWT, _JWT_APP),
    "oauth2": (_OAUTH2, _OAUTH2_APP),
    "client_credentials": (_CLIENT_CREDENTIALS, ""),
}
_SCOPES = {
    "jwt": "api, refresh_token",
    "oauth2": "full, refresh_token",
    "client_credentials": "api",
}


def spec_text(answers: Mapping[str, str], links: Links | None = None) -> str:
    """Return a spec as YAML.

    Args:
        answers: The fields of Answers by name, as plain text without quotes.
        links: Where its files are; None for next to the folder of specs.
    """
    name, flow = answers["name"], answers["flow"]
    links = links or Links()
    fields = {
        **{field: scalar(text) for field, text in answers.items()},
        "slug": name,
        "schema": links.schema,
        "key_file": scalar(f"{links.secrets}/{name}.key"),
        "token_file": scalar(f"{links.secrets}/{name}.token"),
        "certificate_file": scalar(f"{links.certificates}/{name}.crt"),
        "variable": variable_prefix(name),
        "scopes": _SCOPES[flow],
        "callbacks": "\n".join(f"    - {scalar(url)}" for url in _callbacks(answers["n8n_url"])),
        "version": _version(answers["n8n_version"]),
    }
    section, app = _SECTIONS[flow]
    parts = [_HEAD, section, _APP, app, _N8N]
    return "".join(parts).format(**fields)


def _version(text: str) -> str:
    return (
        f"  version: {quoted(text)}\n"
        if text
        else '  # version: "2.40.5"   # n8n\'s version, in quotes; many checks depend on it\n'
    )


def _callbacks(url: str) -> list[str]:
    from sfcred.n8n.callback import for_cloud, from_url, is_cloud

    if is_cloud(url):
        return [callback.url for callback in for_cloud(url)]
    return [from_url(url).url]
