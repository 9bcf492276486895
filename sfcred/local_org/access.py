"""What the local org's user may do: objects and fields, from a file that `--access` names.

    Lead:
      delete: false
      fields:
        Score__c: {read: false}
        Status: {edit: false}

What the file doesn't mention is allowed. Names are compared without regard to case.
"""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, RootModel, ValidationError

from sfcred.errors import UsageError
from sfcred.spec.discover import reported_path
from sfcred.spec.reader import read

_Verb = Literal["create", "read", "edit", "delete"]


class FieldAccess(BaseModel):
    """Access to a field. A field that can't be read can't be edited either."""

    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)

    read: bool = True
    edit: bool = True


class ObjectAccess(BaseModel):
    """Access to an object, and to those of its fields that differ."""

    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)

    create: bool = True
    read: bool = True
    edit: bool = True
    delete: bool = True
    fields: dict[str, FieldAccess] = {}


class _File(RootModel[dict[str, ObjectAccess]]):
    """The whole file: access by object."""


class Access:
    """What the user may do."""

    def __init__(self, objects: dict[str, ObjectAccess] | None = None) -> None:
        self.objects = objects or {}
        self._by_name = {name.lower(): one for name, one in self.objects.items()}

    def may(self, name: str, verb: _Verb) -> bool:
        """Return whether the user may do something with an object."""
        found = self._by_name.get(name.lower())
        return found is None or bool(getattr(found, verb))

    def field(self, name: str, field: str) -> FieldAccess:
        """Return the access to a field of an object. Paths such as `Owner.Name` are allowed."""
        found = self._by_name.get(name.lower())
        fields = {key.lower(): one for key, one in found.fields.items()} if found else {}
        return fields.get(field.lower(), FieldAccess())


def load_access(path: Path) -> Access:
    """Read an access file.

    Raises:
        UsageError: It can't be read, or isn't an access file.
    """
    source = read(path, reported_path(path))
    if source.faults:
        fault = source.faults[0]
        where = f"{source.shown}:{fault.place.line}"
        raise UsageError(f"{where}: {fault.message}", hint=fault.hint)
    if len(source.documents) != 1:
        raise UsageError(f"{source.shown}: has several documents", hint="Keep only one.")
    try:
        return Access(_File.model_validate(source.documents[0].data()).root)
    except ValidationError as error:
        details = error.errors(include_input=False, include_url=False)[0]
        place = source.documents[0].place_of(tuple(details["loc"]))
        raise UsageError(
            f"{source.shown}:{place.line}: {details['msg'].lower()}",
            hint="Write each object with create, read, edit, delete (true or false) and fields; "
            "each field with read and edit.",
        ) from None
