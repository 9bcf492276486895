"""Read what an org's answers tell about the org and a token. Nothing here raises."""

import re
from collections.abc import Callable
from typing import Literal, NamedTuple, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from sfcred.http.messages import Response
from sfcred.oauth.token import clip, describe

T = TypeVar("T")

#: The API version that n8n's Salesforce node uses (n8n-nodes-base 1.88 to 2.41).
API_VERSION = "v59.0"
_OK = 200
_ERRORS_BEGIN = 400
_USER_ID = re.compile(r"005[A-Za-z0-9]{12}([A-Za-z0-9]{3})?")


class Organization(NamedTuple):
    """The org's own record. Scratch orgs call themselves sandboxes, and have a trial's end."""

    org_id: str
    is_sandbox: bool
    is_trial: bool


class Identity(NamedTuple):
    """The user that a token belongs to."""

    user_id: str
    org_id: str
    username: str


class ApiRefusal(NamedTuple):
    """A call that was refused despite a token. `step` is the API that refused it."""

    step: Literal["rest", "userinfo"]
    status: int
    error: str
    description: str


Versions = frozenset[str]


class PublicInfo(NamedTuple):
    """What an org tells without a token: the scopes that it knows, and its API versions."""

    scopes: frozenset[str]
    versions: Versions | None


class _Model(BaseModel):
    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True, defer_build=True)


class _OrganizationRecord(_Model):
    id: str = Field(alias="Id")
    is_sandbox: bool = Field(alias="IsSandbox")
    trial_ends: str | None = Field(default=None, alias="TrialExpirationDate")


class _UserRecord(_Model):
    username: str = Field(alias="Username")


class _Organizations(_Model):
    records: list[_OrganizationRecord] = Field(min_length=1)


class _Users(_Model):
    records: list[_UserRecord] = Field(min_length=1)


class _UserInfo(_Model):
    user_id: str
    organization_id: str
    preferred_username: str = ""


class _Discovery(_Model):
    issuer: str
    token_endpoint: str
    scopes_supported: list[str] = []


class _ApiError(_Model):
    error: str = Field(default="", alias="errorCode")
    message: str = ""


class _ApiVersion(_Model):
    version: str


_LATER = ConfigDict(defer_build=True)
_ERRORS: TypeAdapter[list[_ApiError]] = TypeAdapter(list[_ApiError], config=_LATER)
_VERSIONS: TypeAdapter[list[_ApiVersion]] = TypeAdapter(list[_ApiVersion], config=_LATER)


def _parsed(parse: Callable[[bytes], T], answer: Response) -> T | None:
    """Return a success's content; None if it is no success, or has something else in it."""
    try:
        return parse(answer.body) if answer.status == _OK else None
    except ValidationError:
        return None


def read_organization(answer: Response) -> Organization | None:
    """Return the organization from a query's answer; None if the answer is something else."""
    found = _parsed(_Organizations.model_validate_json, answer)
    if found is None:
        return None
    record = found.records[0]
    return Organization(_org_id(record.id), record.is_sandbox, record.trial_ends is not None)


def read_identity(answer: Response) -> Identity | None:
    """Return the user from userinfo's answer; None if the answer is something else."""
    found = _parsed(_UserInfo.model_validate_json, answer)
    if found is None or not _USER_ID.fullmatch(found.user_id):
        return None
    return Identity(found.user_id, _org_id(found.organization_id), clip(found.preferred_username))


def read_username(answer: Response) -> str | None:
    """Return the username from a query's answer; None if the answer is something else."""
    found = _parsed(_Users.model_validate_json, answer)
    return clip(found.records[0].username) if found else None


def _org_id(text: str) -> str:
    """Return an org id, or a question mark for anything else, which may repeat what was sent."""
    return text if re.fullmatch("00D[A-Za-z0-9]{12}(?:[A-Za-z0-9]{3})?", text) else "?"


def read_refusal(answer: Response, step: Literal["rest", "userinfo"]) -> ApiRefusal | None:
    """Return why a call was refused, as far as the answer says; None if it wasn't refused."""
    if answer.status < _ERRORS_BEGIN:
        return None
    try:
        first = next(iter(_ERRORS.validate_json(answer.body)), None)
    except ValidationError:
        first = None
    if first is not None and first.error:
        return ApiRefusal(step, answer.status, first.error, first.message)
    text = clip(answer.body[:200].decode("utf-8", "replace"))
    if re.fullmatch(r"[A-Za-z_]{3,40}", text):  # userinfo answers with one word of plain text
        return ApiRefusal(step, answer.status, text, "")
    return ApiRefusal(step, answer.status, "", describe(answer))


def read_discovery(answer: Response) -> frozenset[str] | str:
    """Read an org's discovery document (OpenID Connect Discovery 1.0, section 4).

    Returns:
        The scopes, or a text that says why it is not such a document.
    """
    found = _parsed(_Discovery.model_validate_json, answer)
    if found is None:
        return f"no discovery document like Salesforce's: {describe(answer)}"
    return frozenset(found.scopes_supported)


def read_versions(answer: Response) -> Versions | None:
    """Return the API versions, such as `v59.0`; None if the answer is something else."""
    found = _parsed(_VERSIONS.validate_json, answer) or []
    return frozenset(f"v{entry.version}" for entry in found) or None
