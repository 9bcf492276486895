"""A first spec, with comments that say what else there is."""

import math
import re
from collections.abc import Mapping

_HEAD = """\
# yaml-language-server: $schema=../credential.schema.json
# What each field means: sfcred schema, or the editor. What is wrong: sfcred doctor.
version: 1
name: {name}
# description: what it is for
environment: {environment}
my_domain: {my_domain}
client_id: {{env: {variable}_CLIENT_ID}}   # the Consumer Key, from the app in Salesforce
"""
_JWT = """\

jwt:
  username: {username}
  private_key: {{file: ../secrets/{name}.key}}   # made by sfcred keygen; never in git
  certificate: ../certs/{name}.crt   # goes to Salesforce; public, commit it
"""
_OAUTH2 = """\

oauth2:
  client_secret: {{env: {variable}_CLIENT_SECRET}}
  # A consent that sfcred gives (sfcred login {name}) makes it arrive in n8n connected:
  # refresh_token: {{file: ../secrets/{name}.token}}
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
  permission_sets: [n8n_Integration]   # must exist in the org, assigned to the user
"""
_OAUTH2_APP = """\
  callback_urls:
{callbacks}
"""
_N8N = """\

n8n:
  url: {n8n_url}
{version}"""


def spec_text(answers: Mapping[str, str]) -> str:
    """A spec as YAML.

    Args:
        answers: The fields of Answers, by name; each a plain text without quotes.
    """
    is_jwt = answers["flow"] == "jwt"
    fields = {
        **{field: scalar(text) for field, text in answers.items()},
        "variable": variable_of(answers["name"]),
        "scopes": "api, refresh_token" if is_jwt else "full, refresh_token",
        "callbacks": "\n".join(f"    - {url}" for url in _callbacks(answers["n8n_url"])),
        "version": _version(answers["n8n_version"]),
    }
    parts = [_HEAD, _JWT if is_jwt else _OAUTH2, _APP, _JWT_APP if is_jwt else _OAUTH2_APP, _N8N]
    return "".join(parts).format(**fields)


def scalar(text: str) -> str:
    """A text as YAML in one line, in quotes where it would be read as something else without."""
    import yaml

    # Only double quotes have escapes for line breaks; a single-quoted text would go over lines.
    style = None if text.isprintable() else '"'
    written = yaml.safe_dump(text, width=math.inf, default_style=style)
    return written.removesuffix("\n").removesuffix("\n...")


def quoted(text: str) -> str:
    """A text as YAML in one line, in quotes: for what a person would take for a number."""
    import yaml

    return yaml.safe_dump(text, width=math.inf, default_style='"').removesuffix("\n")


def variable_of(name: str) -> str:
    """The beginning of a credential's environment variables: ACME_CRM.

    A shell takes no variable that begins with a digit, so such a name gets a `_` in front.
    """
    variable = re.sub(r"[^A-Z0-9]+", "_", name.upper()).strip("_")
    return f"_{variable}" if variable[:1].isdigit() else variable


def _version(text: str) -> str:
    return f'  version: "{text}"\n' if text else '  # version: "2.40.5", in quotes; n8n differs\n'


def _callbacks(url: str) -> list[str]:
    from sfcred.n8n.callback import for_cloud, from_url

    if url.rstrip("/").endswith(".n8n.cloud"):
        return [callback.url for callback in for_cloud(url)]
    return [from_url(url).url]
