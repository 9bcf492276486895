"""A Connected App: one file, in both directions."""

from collections.abc import Sequence

from sfcred.salesforce.metadata.model import (
    Blueprint,
    MetadataFile,
    RefreshPolicy,
    RetrievedFile,
    normal_scopes,
    whole_number,
)
from sfcred.salesforce.metadata.xml import Texts, write
from sfcred.salesforce.scopes import find

KIND, FOLDER, SUFFIX = "ConnectedApp", "connectedApps", "connectedApp"


def write_files(app: Blueprint) -> list[MetadataFile]:
    """The app's file."""
    fields = {
        "contactEmail": app.contact_email,
        "description": app.description,
        "label": app.label,
        "oauthConfig": _config(app),
        "oauthPolicy": {
            "ipRelaxation": "BYPASS" if app.bypass_ip else "ENFORCE",
            "refreshTokenPolicy": _policy_text(app.refresh_policy),
        },
        # Only with isAdminApproved may they stand there.
        "permissionSetName": sorted(app.permission_sets) if app.pre_authorized else None,
    }
    text = write(KIND, fields)
    return [MetadataFile(KIND, FOLDER, app.api_name, SUFFIX, text, sensitive=True)]


def _config(app: Blueprint) -> dict[str, object]:
    known = (find(scope) for scope in app.scopes)
    return {
        "callbackUrl": "\n".join(app.callback_urls),
        "certificate": app.certificate.strip(),
        "isAdminApproved": app.pre_authorized,
        "isConsumerSecretOptional": False,
        "isPkceRequired": app.pkce_required,
        "isRefreshTokenRotationEnabled": app.refresh_token_rotation,
        "isSecretRequiredForRefreshToken": True,
        "scopes": list(dict.fromkeys(scope.connected_app for scope in known if scope)),
    }


def _policy_text(policy: RefreshPolicy) -> str:
    if policy.kind in ("infinite", "zero"):
        return policy.kind
    return f"specific_{policy.kind}:{policy.number}:{policy.unit.upper()}"


def read_files(api_name: str, files: Sequence[RetrievedFile]) -> Blueprint | None:
    """The app as an org gave it back; see external_client_app.read_files."""
    for kind, name, texts in files:
        if kind == KIND and name == api_name:
            return _assemble(api_name, texts)
    return None


def _assemble(api_name: str, texts: Texts) -> Blueprint:
    return Blueprint(
        api_name=api_name,
        label=texts.one("label"),
        contact_email=texts.one("contactEmail"),
        description=texts.one("description"),
        scopes=tuple(sorted(normal_scopes(texts.get("oauthConfig/scopes", [])))),
        callback_urls=tuple(texts.one("oauthConfig/callbackUrl").split()),
        certificate=texts.one("oauthConfig/certificate"),
        pre_authorized=texts.truth("oauthConfig/isAdminApproved"),
        permission_sets=tuple(text for text in texts.get("permissionSetName", []) if text),
        pkce_required=texts.truth("oauthConfig/isPkceRequired"),
        refresh_token_rotation=texts.truth("oauthConfig/isRefreshTokenRotationEnabled"),
        refresh_policy=_policy(texts.one("oauthPolicy/refreshTokenPolicy")),
        bypass_ip=texts.one("oauthPolicy/ipRelaxation").upper().startswith("BYPASS"),
    )


def _policy(text: str) -> RefreshPolicy:
    kind, _, rest = text.partition(":")
    period, _, unit = rest.partition(":")
    number = whole_number(period)
    kind = kind.removeprefix("specific_") or "infinite"
    if number is None:
        return RefreshPolicy(kind)
    return RefreshPolicy(kind, number, unit.capitalize())
