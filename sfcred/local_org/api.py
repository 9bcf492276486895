"""The local org's API: a little REST, and what needs no token. HTTP is handled in `app`."""

import re
from http.client import OK

from sfcred.local_org.org import LocalOrg, Session, username_of
from sfcred.local_org.records import Call, answer, readable
from sfcred.local_org.reply import HttpResponse, rest_error
from sfcred.salesforce.scopes import SCOPES

_VERSIONS = range(50, 68)
_EXPIRED = rest_error("INVALID_SESSION_ID", "Session expired or invalid", 401)
_NOT_FOUND = rest_error("NOT_FOUND", "The requested resource does not exist", 404)


def versions() -> HttpResponse:
    """Return the API versions, which need no token."""
    return HttpResponse(
        200,
        [
            {"label": f"v{n}", "url": f"/services/data/v{n}.0", "version": f"{n}.0"}
            for n in _VERSIONS
        ],
    )


def discovery(base_url: str) -> HttpResponse:
    """Return the discovery document (OpenID Connect Discovery 1.0, section 3)."""
    oauth2 = f"{base_url}/services/oauth2"
    endpoints = ("authorization", "token", "revocation", "userinfo", "introspection")
    paths = ("authorize", "token", "revoke", "userinfo", "introspect")
    urls = {
        f"{name}_endpoint": f"{oauth2}/{path}" for name, path in zip(endpoints, paths, strict=True)
    }
    return HttpResponse(
        200,
        {
            "issuer": base_url,
            **urls,
            "jwks_uri": f"{base_url}/id/keys",
            "scopes_supported": [scope.wire for scope in SCOPES],
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        },
    )


def userinfo(org: LocalOrg, authorization: str) -> HttpResponse:
    """Return the user that a token belongs to (OpenID Connect Core 1.0, section 5.3)."""
    rehearsed = org.rehearsed("userinfo")
    session = org.session(authorization)
    if rehearsed is not None:
        return rehearsed
    if session is None:
        return HttpResponse(403, "Bad_OAuth_Token")
    registration = session.registration
    return HttpResponse(
        200,
        {
            "sub": org.identity_url(registration),
            "user_id": registration.user_id,
            "organization_id": registration.org_id,
            "preferred_username": username_of(registration),
            "name": "A user of the local org",
            "active": True,
        },
    )


def rest(org: LocalOrg, call: Call, authorization: str) -> HttpResponse:
    """Answer a REST call.

    Args:
        org: The org.
        call: The call.
        authorization: The Authorization header.
    """
    rehearsed = org.rehearsed("rest")
    if rehearsed is not None:
        return rehearsed
    session = org.session(authorization)
    if session is None:
        return _EXPIRED
    if not {"api", "full"} & set(session.scopes):
        text = "This session is not valid for use with the REST API"
        return rest_error("INVALID_SESSION_ID", text, 401)
    return _resource(org, session, call._replace(path=call.path.strip("/")))


def _resource(org: LocalOrg, session: Session, call: Call) -> HttpResponse:
    path = call.path
    answered = answer(org.access, call)
    if answered is not None and answered.status != OK:
        return answered
    if path in ("query", "queryAll"):
        return _query(org, session, call.query.get("q", ""))
    if call.method == "GET" and re.fullmatch(r"sobjects/User/005\w+", path, re.IGNORECASE):
        return HttpResponse(200, readable(org.access, _user(session)))
    if path == "":
        return HttpResponse(200, {"query": "/query", "sobjects": "/sobjects"})
    if path == "limits":
        return HttpResponse(
            200, {"DailyApiRequests": {"Max": 15000, "Remaining": 15000 - org.logins}}
        )
    return answered or _NOT_FOUND


def _query(org: LocalOrg, session: Session, soql: str) -> HttpResponse:
    found = re.match(r"\s*SELECT\s+.+?\s+FROM\s+(\w+)", soql, re.IGNORECASE | re.DOTALL)
    if found is None:
        return rest_error("MALFORMED_QUERY", "unexpected token", 400)
    entity = found[1].lower()
    records: list[dict[str, object]] = []
    if entity == "organization":
        records = [_organization(session)]
    elif entity == "user":
        records = [_user(session)]
    elif entity == "account":
        attributes = {"type": "Account", "url": "/services/data/v59.0/sobjects/Account/001"}
        records = [{"attributes": attributes, "Id": "001000000000001AAA"}]
    shown = [readable(org.access, record) for record in records]
    return HttpResponse(200, {"totalSize": len(shown), "done": True, "records": shown})


def _organization(session: Session) -> dict[str, object]:
    registration = session.registration
    return {
        "attributes": {"type": "Organization"},
        "Id": registration.org_id,
        "Name": "Local org",
        "IsSandbox": registration.is_sandbox,
        "TrialExpirationDate": None,
        "OrganizationType": "Developer Edition",
        "InstanceName": "LOCAL",
    }


def _user(session: Session) -> dict[str, object]:
    return {
        "attributes": {"type": "User"},
        "Id": session.registration.user_id,
        "Username": username_of(session.registration),
    }


def not_found() -> HttpResponse:
    """Answer for a path that doesn't exist."""
    return _NOT_FOUND
