"""Decide what of a credential in n8n a spec can hold, so that rendering it changes nothing.

Where n8n's versions differ, the version decides; without one, every version counts.
"""

import re
from collections.abc import Iterator, Mapping

from sfcred.exchange import held_generic
from sfcred.n8n.client_credentials import GRANT
from sfcred.n8n.credential_types import GENERIC, JWT, OAUTH2
from sfcred.n8n.export import StoredCredential
from sfcred.n8n.expression import (
    Unevaluated,
    evaluated,
    is_expression,
    literal,
    meaning,
    read_literal,
    read_locator,
)
from sfcred.n8n.http_domains import (
    DOMAINS_FIELD,
    FIELDS,
    HOST_LENGTH,
    MODE_FIELD,
    read_allowed,
)
from sfcred.n8n.versions import MY_DOMAIN_JWT, STORED_OAUTH_URLS, Version, has
from sfcred.salesforce.host_tables import LOGIN_URLS
from sfcred.salesforce.hosts import classify
from sfcred.spec import limits
from sfcred.urls import split_url, take_apart

_SECRETS = {
    JWT: ("clientId", "username", "privateKey"),
    OAUTH2: ("clientId", "clientSecret"),
    GENERIC: ("clientId", "clientSecret"),
}
_FIXED_TEXTS = {JWT: ("environment", "myDomainUrl"), OAUTH2: ("environment",), GENERIC: ()}
#: Fields with which n8n logs in differently, and their values that a spec stands for. The grant
#: authorizationCode is that of n8n before 1.85, without PKCE.
_FIXED = {
    "grantType": ("pkce", "authorizationCode"),
    "authentication": ("header",),
    "useDynamicClientRegistration": (False,),
}
_CERTIFICATE = "certificate"
_PARAMETERS = "authQueryParameters"
_PATH = r"/services/oauth2/(?:authorize(?:\?prompt=login)?|token)"
#: n8n's own expression for both URLs, which hidden fields of old credentials contain
#: (n8n-nodes-base 0.138.0 to 2.41.2).
_DEFAULT = re.compile(
    r'=\{\{ ?\$self\["environment"\] === "sandbox" \? '
    rf'"{LOGIN_URLS["sandbox"]}{_PATH}" : "{LOGIN_URLS["production"]}{_PATH}" ?\}}\}}'
)
#: Fields that change details of the login, and that a spec has no place for. A generic credential
#: with a body of its own is left out instead.
_DROPPED = {OAUTH2: (_PARAMETERS, held_generic.BODY), GENERIC: (_PARAMETERS,)}
#: The value of authQueryParameters that rendering a generic credential writes.
_PROMPT = "prompt=login"


def is_for_salesforce(stored: StoredCredential) -> bool:
    """Return whether a credential is for Salesforce, by its type or by its URLs."""
    if stored.type == GENERIC:
        return held_generic.is_for_salesforce(stored.data)
    return stored.type in (JWT, OAUTH2)


def why_not_held(stored: StoredCredential, version: Version | None) -> str:
    """Return why no spec can stand for a credential; empty if one can.

    Args:
        stored: The credential in n8n.
        version: n8n's version, if it is known.
    """
    return next(_reasons(stored, version), "")


def dropped_fields(stored: StoredCredential) -> list[str]:
    """Return n8n's fields with a value that rendering the credential's spec doesn't keep."""
    if stored.type == JWT:
        return []
    dropped = _DROPPED[stored.type]
    nothing = held_generic.NOTHING
    if stored.type == GENERIC:
        nothing = (*nothing, _PROMPT)
    elif held_generic.is_client_credentials(stored.data):
        dropped = (*dropped, "scope")
    return [field for field in dropped if stored.data.get(field) not in nothing]


def login_address(stored: StoredCredential, version: Version | None) -> str:
    """Return what a spec's `my_domain` has to be; empty if the Environment Type decides.

    That is the org's address, or Salesforce's own login address if n8n uses it in spite of the
    Environment Type: from 2.41.0 on, it ignores stored URLs.
    """
    found = my_domain_of(stored)
    is_ignored = stored.type == OAUTH2 and has(STORED_OAUTH_URLS, version) is False
    return "" if is_ignored and found in LOGIN_URLS.values() else found


def my_domain_of(stored: StoredCredential) -> str:
    """Return the org's address in the URLs that n8n stores; empty if they are n8n's defaults.

    It never comes from the `instance_url` of a token: n8n doesn't log in there.
    """
    data = stored.data
    if stored.type == GENERIC:
        return held_generic.my_domain_in(data)
    if stored.type == JWT:
        url = meaning(_text(data, "myDomainUrl")).removesuffix("/")
        return "" if url == default_base(data) else url
    bases = {_base(data, field) for field in held_generic.urls_of(data)}
    found = bases.pop() if len(bases) == 1 else None
    return found or ""


def environment_of(stored: StoredCredential, version: Version | None) -> str:
    """Return the environment of a credential: that of its org, where n8n doesn't need its own.

    People leave n8n's Environment Type at production if the org's address decides. A value that
    n8n doesn't know stays, so that doctor reports it.
    """
    if stored.type == GENERIC:
        return held_generic.environment_in(stored.data)
    own = meaning(_text(stored.data, "environment")) or "production"
    if own not in LOGIN_URLS or needs_environment(stored, version):
        return own
    url = split_url(my_domain_of(stored))
    return (classify(url.host).environment if url else None) or own


def needs_environment(stored: StoredCredential, version: Version | None) -> bool:
    """Return whether n8n's login depends on the Environment Type, or may depend on it."""
    if stored.type == GENERIC:
        return False
    if not my_domain_of(stored):
        return True
    if stored.type == JWT:
        return has(MY_DOMAIN_JWT, version) is False
    return has(STORED_OAUTH_URLS, version) is not True


def login_base(field: str, data: Mapping[str, object]) -> object:
    """Return what matters of authUrl or accessTokenUrl: the host, if the rest is as usual.

    Returns:
        The base URL, empty for n8n's default. A value of another form is returned unchanged.
    """
    base = _base(data, field)
    return data.get(field) if base is None else base


def default_base(data: Mapping[str, object]) -> str:
    """Return the address where n8n logs in by the Environment Type alone."""
    is_sandbox = meaning(_text(data, "environment")) == "sandbox"
    return LOGIN_URLS["sandbox" if is_sandbox else "production"]


def _reasons(stored: StoredCredential, version: Version | None) -> Iterator[str]:
    data = stored.data
    secrets = _SECRETS[stored.type]
    for field in (*secrets, *_FIXED_TEXTS[stored.type]):
        value = data.get(field)
        if value is not None and not isinstance(value, str):
            yield f"its {field} is not a text"
        elif _is_code(value, with_locator=field in secrets):
            yield f"its {field} is an expression that a spec can't hold"
    yield from _host_reasons(data)
    if take_apart(my_domain_of(stored)).user_info:  # which would be in the spec, for all to read
        yield "its address contains a user name or a password"
    if stored.type == JWT:
        return
    yield from _client_reasons(data)
    if stored.type == GENERIC:
        yield from held_generic.reasons_not_held(data)
    elif has(STORED_OAUTH_URLS, version) is not False:  # from 2.41.0 on, n8n ignores these
        yield from _login_reasons(data)


def _client_reasons(data: Mapping[str, object]) -> Iterator[str]:
    if data.get("oauthTokenData") and not data.get("clientId"):
        yield "it has no Client ID: n8n's managed app or an overwrite provides it"
    found = evaluated(data.get(held_generic.CREDENTIAL_TYPE))
    if found == _CERTIFICATE:
        yield "it uses a certificate instead of a Consumer Secret, which a spec can't hold"
    elif isinstance(found, Unevaluated):
        yield "its clientCredentialType is an expression that a spec can't hold"


def _login_reasons(data: Mapping[str, object]) -> Iterator[str]:
    for field, usual in _FIXED.items():
        own = (*usual, GRANT) if field == "grantType" else usual
        if evaluated(data.get(field)) not in (None, "", *own):
            yield f"its {field} is not n8n's own for Salesforce, which a spec can't hold"
    bases = [_base(data, field) for field in held_generic.urls_of(data)]
    if None in bases:
        yield "its authUrl or accessTokenUrl is not one that a my_domain stands for"
    elif len({*bases}) > 1:
        yield "its authUrl and accessTokenUrl lead to different hosts, which a spec can't hold"


def _host_reasons(data: Mapping[str, object]) -> Iterator[str]:
    """Return what is wrong with Allowed HTTP Request Domains. n8n reads only words and hosts."""
    fields = FIELDS if data.get(MODE_FIELD) not in ("all", "none") else (MODE_FIELD,)
    for field in fields:
        value = data.get(field)
        if value is not None and not isinstance(value, str):
            yield f"its {field} is not a text"
        elif value and is_expression(value):
            yield f"its {field} is an expression that a spec can't hold"
    domains = read_allowed(data).domains
    if len(domains) > limits.ENTRIES:
        yield f"its {DOMAINS_FIELD} has more hosts than the {limits.ENTRIES} that a spec can hold"
    if any(len(host) > HOST_LENGTH for host in domains):
        yield f"its {DOMAINS_FIELD} has a host with more than {HOST_LENGTH} characters"


def _is_code(value: str | None, *, with_locator: bool) -> bool:
    """Return whether a value is an expression that rendering would not write again."""
    if not value or not is_expression(value):
        return False
    text = read_literal(value)
    if text is not None and literal(text) == value:
        return False
    return not (with_locator and read_locator(value))


def _base(data: Mapping[str, object], field: str) -> str | None:
    """Return the scheme and host of a stored URL; empty for n8n's default; None for others."""
    value = data.get(field)
    if value in (None, "") or (isinstance(value, str) and _DEFAULT.fullmatch(value)):
        return ""
    base = held_generic.base_of(field, data)
    return "" if base == default_base(data) else base


def _text(data: Mapping[str, object], field: str) -> str:
    value = data.get(field)
    return value if isinstance(value, str) else ""
