"""The local org's token endpoint: decide who may log in. HTTP is handled in `app`.

It checks in the order that users' reports suggest for Salesforce: client, signature and audience,
user, approval. It is as lenient as Salesforce where clients rely on that: an audience can have a
trailing slash, and `exp` can be in milliseconds or a string.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping

from pydantic import SecretStr

from sfcred.local_org.org import LocalOrg, Session
from sfcred.local_org.registry import Registration, Signer
from sfcred.local_org.reply import HttpResponse, oauth_error
from sfcred.salesforce.host_tables import LOGIN_URLS

_JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_GRANTS = {
    _JWT_BEARER: "jwt",
    "refresh_token": "refresh",
    "authorization_code": "code",
    "client_credentials": "client",
}
#: Above this, a claim's time is in milliseconds: in seconds, it would be the year 5138.
_MILLISECONDS = 1e11
# Tolerance in seconds, for clients whose assertions expire the moment they are made (CumulusCI).
_LEEWAY = 30


def answer_token_request(
    org: LocalOrg, form: Mapping[str, str], authorization: str
) -> HttpResponse:
    """Answer a token request.

    Args:
        org: The org.
        form: The body's fields.
        authorization: The Authorization header, or an empty string.
    """
    reply = _answer(org, form, authorization)
    if isinstance(reply.body, Mapping) and "error" in reply.body:
        text = f"{reply.body['error']}: {reply.body['error_description']}".removesuffix(": ")
        org.log.note("refused", text, org.find_registrations(_claimed(form, authorization)))
    return reply


def _answer(org: LocalOrg, form: Mapping[str, str], authorization: str) -> HttpResponse:
    grant = form.get("grant_type", "")
    rehearsed = org.rehearsed("token", _GRANTS.get(grant, ""))
    if rehearsed is not None:
        return rehearsed
    if grant == _JWT_BEARER:
        return _jwt(org, form)
    if grant == "refresh_token":
        return _refresh(org, form, authorization)
    if grant == "authorization_code":
        return _exchange(org, form, authorization)
    if grant == "client_credentials":
        return _client_credentials(org, form, authorization)
    return oauth_error("unsupported_grant_type", "grant type not supported")


def introspect(org: LocalOrg, form: Mapping[str, str], authorization: str) -> HttpResponse:
    """Answer a client's question about one of its own tokens (RFC 7662)."""
    clients, refusal = _clients(org, form, authorization)
    if refusal is not None:
        return refusal
    known = org.describe_token(form.get("token", ""))
    if known is None or known[0].registration not in clients:
        return HttpResponse(200, {"active": False})
    return HttpResponse(200, known[1])


def challenge_of(verifier: str) -> str:
    """Return the S256 challenge of a verifier (RFC 7636, section 4.2)."""
    digest = hashlib.sha256(verifier.encode("utf-8", "surrogateescape")).digest()
    return base64.urlsafe_b64encode(digest).decode("ascii").rstrip("=")


def _claimed(form: Mapping[str, str], authorization: str) -> str:
    """Return the Consumer Key that a request claims to be from, whether or not that is true."""
    import jwt

    pair = _basic(authorization)
    if pair is not None or "assertion" not in form:
        return pair[0] if pair else form.get("client_id", "")
    try:
        claims = jwt.decode(form["assertion"], options={"verify_signature": False})
    except jwt.PyJWTError:
        return ""
    return str(claims.get("iss", ""))


def _granted(org: LocalOrg, session: Session) -> HttpResponse:
    """Answer with a token, unless the app's policy admits nobody."""
    if session.registration.admits_nobody:
        return oauth_error("invalid_app_access", "user is not admin approved to access this app")
    return org.grant(session)


# -- the JWT bearer flow


def _jwt(org: LocalOrg, form: Mapping[str, str]) -> HttpResponse:
    import jwt

    if "scope" in form:
        return oauth_error("invalid_request", "scope parameter not supported")
    assertion = form.get("assertion", "")
    try:
        claims = jwt.decode(assertion, options={"verify_signature": False})
    except jwt.PyJWTError:
        return oauth_error("invalid_grant", "invalid assertion")
    fitting = org.find_registrations(str(claims.get("iss", "")))
    if not fitting:
        return oauth_error("invalid_client_id", "client identifier invalid")
    signers = {r.signer.sha256: r.signer for r in fitting if r.signer}
    signed = {name for name, signer in signers.items() if _has_signed(signer, assertion)}
    fitting = [r for r in fitting if r.signer and r.signer.sha256 in signed]
    if not fitting:
        return oauth_error("invalid_grant", "invalid assertion")
    return _jwt_user(org, fitting, claims)


def _jwt_user(
    org: LocalOrg, signed: list[Registration], claims: Mapping[str, object]
) -> HttpResponse:
    ends = _seconds(claims.get("exp"))
    if not ends >= org.clock() - _LEEWAY:  # also true for NaN
        return oauth_error("invalid_grant", "expired authorization code")
    audience = str(claims.get("aud", "")).removesuffix("/")
    fitting = [r for r in signed if audience in {org.base_url, *r.audiences}]
    if not fitting:
        return _wrong_audience(signed[0], audience)
    fitting = [r for r in fitting if _is_user(r, claims.get("sub"))]
    if not fitting:
        return oauth_error("invalid_grant", "invalid user credentials")
    registration = fitting[0]
    if not org.is_approved(registration):
        return oauth_error("invalid_grant", "user hasn't approved this consumer")
    return _granted(org, Session(registration, registration.scopes))


def _has_signed(signer: Signer, assertion: str) -> bool:
    import jwt

    try:
        # Only the signature: Salesforce has separate errors for times and audience.
        jwt.PyJWS().decode(assertion, signer.key, algorithms=["RS256"])
    except jwt.PyJWTError:
        return False
    return True


def _wrong_audience(registration: Registration, audience: str) -> HttpResponse:
    if registration.external_client_app and audience in LOGIN_URLS.values():
        return oauth_error("app_not_found", "External client app is not installed in this org")
    return oauth_error("invalid_grant", "audience is invalid")


def _is_user(registration: Registration, name: object) -> bool:
    if registration.username is None or not isinstance(name, str):
        return False
    return registration.username.get_secret_value().casefold() == name.casefold()


def _seconds(claim: object) -> float:
    """Return a NumericDate in seconds. Clients send numbers, strings and milliseconds."""
    try:
        number = float(claim) if isinstance(claim, int | float | str) else 0.0
    except ValueError:
        return 0.0
    return number / 1000 if number > _MILLISECONDS else number


# -- the client credentials flow


def _client_credentials(org: LocalOrg, form: Mapping[str, str], authorization: str) -> HttpResponse:
    clients, refusal = _clients(org, form, authorization)
    if refusal is not None:
        return refusal
    enabled = [r for r in clients if r.flow == "client_credentials"]
    if not enabled:
        return oauth_error("invalid_grant", "client credentials flow not enabled")
    registration = enabled[0]
    asked = form.get("scope", "").split()
    granted = tuple(one for one in registration.scopes if not asked or one in asked)
    if not granted:
        return oauth_error("invalid_grant", "no valid scopes defined")
    if registration.username is None:
        return oauth_error("invalid_grant", "no client credentials user enabled")
    return _granted(org, Session(registration, granted))


# -- the flows that need consent


def _refresh(org: LocalOrg, form: Mapping[str, str], authorization: str) -> HttpResponse:
    clients, refusal = _clients(org, form, authorization)
    if refusal is not None:
        return refusal
    given = form.get("refresh_token", "")
    session = org.refresh_session(given)
    if session is None:
        declared = [r for r in clients if r.refresh_token and _same(r.refresh_token, given)]
        session = Session(declared[0], declared[0].scopes) if declared else None
    if session is None or session.registration not in clients:
        return oauth_error("invalid_grant", "expired access/refresh token")
    return _granted(org, session)


def _exchange(org: LocalOrg, form: Mapping[str, str], authorization: str) -> HttpResponse:
    clients, refusal = _clients(org, form, authorization)
    if refusal is not None:
        return refusal
    code = org.take_code(form.get("code", ""))
    if code is None or code.registration not in clients:
        return oauth_error("invalid_grant", "expired authorization code")
    if form.get("redirect_uri") != code.redirect_uri:
        return oauth_error("redirect_uri_mismatch", "redirect_uri must match configuration")
    if code.challenge and challenge_of(form.get("code_verifier", "")) != code.challenge:
        return oauth_error("invalid_grant", "invalid code verifier")
    return org.grant_with_refresh(Session(code.registration, code.scopes))


def _clients(
    org: LocalOrg, form: Mapping[str, str], authorization: str
) -> tuple[list[Registration], HttpResponse | None]:
    """Return the registrations that a client's id and secret belong to, or the refusal."""
    pair = _basic(authorization) if authorization else None
    if authorization and pair is None:
        return [], oauth_error("invalid_basic_auth_header", "")
    client_id, secret = pair or (form.get("client_id", ""), form.get("client_secret", ""))
    named = org.find_client(client_id)
    if not named:
        return [], oauth_error("invalid_client_id", "client identifier invalid")
    known = [r for r in named if r.client_secret is None or _same(r.client_secret, secret)]
    if not known:
        return [], oauth_error("invalid_client", "invalid client credentials")
    return known, None


def _basic(authorization: str) -> tuple[str, str] | None:
    kind, _, value = authorization.partition(" ")
    try:
        text = base64.b64decode(value, validate=True).decode("utf-8", "surrogateescape")
    except (binascii.Error, ValueError):
        return None
    client, colon, secret = text.partition(":")
    return (client, secret) if kind.lower() == "basic" and colon else None


def _same(secret: SecretStr, text: str) -> bool:
    known = secret.get_secret_value().encode("utf-8", "surrogateescape")
    return hmac.compare_digest(known, text.encode("utf-8", "surrogateescape"))
