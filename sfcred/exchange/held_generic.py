"""Decide which of n8n's generic OAuth2 credentials are for Salesforce, and which fit into a spec.

Its URLs, scopes and grant type are fields that people fill in. Source: OAuth2Api.credentials of
n8n-nodes-base 2.40.2 and 2.41.1, oauth.service and request-helpers/oauth of n8n 2.41.1.
"""

import re
from collections.abc import Iterator, Mapping

from sfcred.n8n.client_credentials import GRANT
from sfcred.n8n.expression import evaluated, is_expression, meaning
from sfcred.salesforce.host_tables import LOGIN_URLS
from sfcred.salesforce.hosts import classify, is_salesforce
from sfcred.salesforce.scopes import NOT_WITH_CLIENT_CREDENTIALS, scope_names
from sfcred.spec import limits
from sfcred.urls import split_url

#: The fields with the login URLs, and Salesforce's paths in them.
LOGIN_PATHS = {"authUrl": "/services/oauth2/authorize", "accessTokenUrl": "/services/oauth2/token"}
_SALESFORCE_PATH = re.compile(r"/services/oauth2/(?:authorize|token)\b")
#: What n8n adds to its request for a token, as JSON, and what adds nothing.
BODY = "additionalBodyProperties"
NOTHING: tuple[object, ...] = (None, "", "{}", {})
#: Whether n8n proves with a secret or a certificate who it is.
CREDENTIAL_TYPE, BY_SECRET = "clientCredentialType", "clientSecret"
#: What n8n does without a value.
_DEFAULTS: Mapping[str, object] = {
    "grantType": "authorizationCode",
    "authentication": "header",
    CREDENTIAL_TYPE: BY_SECRET,
    "tokenExpiredStatusCode": 401,
    "usePkce": False,
    "useDynamicClientRegistration": False,
    "ignoreSSLIssues": False,
    "jweEnabled": False,
    BODY: "",
}
# Salesforce takes the Consumer Secret in the header and in the body.
_NOT_IN_HEADER = (
    "its Authentication isn't Header, which a spec stands for: set it to Header in n8n first (it "
    "makes no difference to Salesforce)"
)
#: The grant types that a spec can stand for.
_GRANTS = ("pkce", "authorizationCode", GRANT)
#: The fields whose values a spec decides.
DECIDED = (*LOGIN_PATHS, "clientId", "clientSecret", "scope", *_DEFAULTS)


def is_for_salesforce(data: Mapping[str, object]) -> bool:
    """Return whether one of the URLs is Salesforce's: by its host, or by its path."""
    return any(_is_salesforce_url(data.get(field)) for field in LOGIN_PATHS)


def _is_salesforce_url(value: object) -> bool:
    if not isinstance(value, str):
        return False
    if _SALESFORCE_PATH.search(value):  # behind an address of the org's own, or an expression
        return True
    url = split_url(meaning(value))
    return url is not None and is_salesforce(url.host)


def reasons_not_held(data: Mapping[str, object]) -> Iterator[str]:
    """Yield why no spec can stand for a credential; nothing if one can."""
    for field, usual in _DEFAULTS.items():
        allowed = _GRANTS if field == "grantType" else (usual,)
        if comparable(field, data) not in allowed:
            other = f"its {field} is set to something that a spec can't hold"
            yield _NOT_IN_HEADER if field == "authentication" else other
    bases = [base_of(field, data) for field in urls_of(data)]
    if None in bases:
        yield "its authUrl or accessTokenUrl is not one that a my_domain stands for"
    elif bases[0] != bases[-1]:
        yield "its authUrl and accessTokenUrl lead to different hosts, which a spec can't hold"
    # Last, because a person can set it, but not what comes before it.
    yield from _scope_reasons(data)


def urls_of(data: Mapping[str, object]) -> list[str]:
    """Return the fields with the URLs that n8n uses: a client needs no consent."""
    return ["accessTokenUrl"] if is_client_credentials(data) else list(LOGIN_PATHS)


def is_client_credentials(data: Mapping[str, object]) -> bool:
    """Return whether a credential's own data makes n8n use client credentials.

    With the Salesforce type, only n8n before 2.41.0 heeds it.
    """
    return comparable("grantType", data) == GRANT


def _scope_reasons(data: Mapping[str, object]) -> Iterator[str]:
    value = data.get("scope")
    if value is not None and not isinstance(value, str):
        yield "its scope is not a text"
    elif value and is_expression(value):
        yield "its scope is an expression that a spec can't hold"
    elif not (found := scopes_in(value)) and not is_client_credentials(data):
        yield "its scope is empty, so n8n asks for everything that the app has: set it in n8n first"
    elif is_client_credentials(data) and NOT_WITH_CLIENT_CREDENTIALS.intersection(
        scope_names(found)
    ):
        yield "its scope has a scope that Salesforce doesn't grant with client credentials"
    elif len(found) > limits.ENTRIES:
        yield f"its scope has more than the {limits.ENTRIES} values that a spec can hold"


def scopes_in(value: object) -> list[str]:
    """Return the scopes in n8n's field. n8n accepts spaces or commas between them."""
    return [one for one in re.split(r"[\s,]+", value) if one] if isinstance(value, str) else []


def my_domain_in(data: Mapping[str, object]) -> str:
    """Return the org's address in the URLs; empty for a general login host."""
    base = base_of("accessTokenUrl", data)
    return "" if base is None or base in LOGIN_URLS.values() else base


def environment_in(data: Mapping[str, object]) -> str:
    """Return the environment that the host of the URLs shows; otherwise production."""
    url = split_url(base_of("accessTokenUrl", data) or "")
    return (classify(url.host).environment if url else None) or "production"


def is_without_pkce(data: Mapping[str, object]) -> bool:
    """Return whether n8n asks for a consent without PKCE."""
    return comparable("grantType", data) == "authorizationCode"


def comparable(field: str, data: Mapping[str, object]) -> object:
    """Return a field's value as n8n uses it, in a form that can be compared."""
    value = data.get(field)
    if field == "authUrl" and is_client_credentials(data):
        return ""
    if field in LOGIN_PATHS:
        base = base_of(field, data)
        return value or "" if base is None else base
    if field == "scope":
        is_text = isinstance(value, str | None)
        return frozenset(scope_names(scopes_in(value))) if is_text else value
    if value in (NOTHING if field == BODY else (None, "")):
        return _DEFAULTS.get(field, "")
    return evaluated(value)


def base_of(field: str, data: Mapping[str, object]) -> str | None:
    """Return the scheme and host of a URL of Salesforce's; None for any other value."""
    value = data.get(field)
    url = split_url(meaning(value)) if isinstance(value, str) else None
    if url is None or url.path.removesuffix("?prompt=login") != LOGIN_PATHS[field]:
        return None
    return f"{url.scheme}://{url.netloc}"
