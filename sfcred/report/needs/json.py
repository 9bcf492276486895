"""What workflows need, for programs. `schemas/needs.schema.json` describes it."""

from collections.abc import Callable, Iterable
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from sfcred.needs.model import CredentialNeeds, ObjectNeeds, Unknown, User
from sfcred.text.printable import json_text
from sfcred.text.redact import masker
from sfcred.version import __version__

_Verbs = list[Literal["read", "create", "edit", "delete"]]
_Mask = Callable[[str], str]


def as_json(needs: Iterable[CredentialNeeds]) -> str:
    """Return a JSON document (`needs_version` 1)."""
    mask = masker()  # the names of workflows, nodes and fields repeat
    document = {
        "needs_version": 1,
        "sfcred_version": __version__,
        "credentials": [_credential(one, mask) for one in needs],
    }
    return json_text(document)


def _credential(needs: CredentialNeeds, mask: _Mask) -> dict[str, object]:
    return {
        "credential": needs.credential,
        "profile": needs.profile,
        "n8n_id": None if needs.n8n_id is None else mask(needs.n8n_id),
        "n8n_type": needs.n8n_type,
        "objects": [_object(found, mask) for found in needs.objects],
        "unknown": [_unknown(unknown, mask) for unknown in needs.unknown],
    }


def _object(found: ObjectNeeds, mask: _Mask) -> dict[str, object]:
    return {
        "object": mask(found.object),
        "verbs": list(found.verbs),
        "fields": [
            {"field": mask(need.field), "verbs": list(need.verbs), "unasked": need.unasked}
            for need in found.fields
        ],
        "used_by": [_user(user, mask) for user in found.used_by],
    }


def _user(user: User, mask: _Mask) -> dict[str, object]:
    inactive = {} if user.active else {"active": False}
    return {
        "file": user.file,
        "workflow": mask(user.workflow),
        "node": mask(user.node),
        **inactive,
    }


def _unknown(unknown: Unknown, mask: _Mask) -> dict[str, object]:
    return {**_user(unknown.user, mask), "reason": mask(unknown.reason)}


# The same as models, for the JSON Schema. The tests validate every document against it.


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _UserModel(_Model):
    file: str = Field(description="The workflow's file, or the address of n8n's API.")
    workflow: str
    node: str
    active: Literal[False] | None = Field(
        default=None, description="false if the workflow is inactive; absent otherwise."
    )


class _UnknownModel(_UserModel):
    reason: str = Field(description="Why the node's needs are not, or not all, known.")


class _FieldModel(_Model):
    field: str = Field(description="The API name or path; * stands for a whole record.")
    verbs: _Verbs
    unasked: bool = Field(description="Whether n8n requests the field although nobody chose it.")


class _ObjectModel(_Model):
    object: str = Field(description="The API name.")
    verbs: _Verbs
    fields: list[_FieldModel]
    used_by: list[_UserModel]


class _CredentialModel(_Model):
    credential: str | None = Field(
        description="The spec's name; null if no spec that was read and understood has the id that "
        "the nodes name."
    )
    profile: str | None
    n8n_id: str | None = Field(
        description="The credential's id in the workflows; null if the nodes name none."
    )
    n8n_type: str | None = Field(
        description="n8n's type of the credential; null if it comes from an expression."
    )
    objects: list[_ObjectModel]
    unknown: list[_UnknownModel]


class NeedsModel(_Model):
    """The output of `sfcred needs --format json`."""

    model_config = ConfigDict(title="sfcred needs")

    needs_version: Literal[1]
    sfcred_version: str
    credentials: list[_CredentialModel]
