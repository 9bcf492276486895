"""Fields that several screens of a guide share."""

import re

from sfcred.guide.api import GuideField
from sfcred.resolve.credential import Credential
from sfcred.resolve.n8n_ways import import_in_container, rendered_file
from sfcred.spec.fields import EMAIL_PATTERN
from sfcred.spec.refs import Reference
from sfcred.spec.source import Route, route_text
from sfcred.text.shell import for_shell


def import_command(credential: Credential) -> str:
    """Return the commands that import the credential, as a part of a sentence."""
    file = rendered_file(credential.context.project)
    return (
        f"run `sfcred render {credential.chosen_file}`, then `n8n import:credentials "
        f"--input={for_shell(file)}` (or, into a container, `{import_in_container(file)}`)"
    )


def value_field(credential: Credential, label: str, route: Route) -> GuideField:
    """Return a field to fill in: what to enter. Only a literal username is shown itself."""
    field = place_field(credential, label, route)
    if isinstance(credential.declared(route), Reference):
        return GuideField(label, f"(the value of {field.value})")
    return field


def place_field(credential: Credential, label: str, route: Route) -> GuideField:
    """Return a field that says where a value is. Only a literal username is shown itself."""
    declared = credential.declared(route)
    if isinstance(declared, Reference):
        return GuideField(label, credential.values.place(declared, credential.folder))
    if declared is None:
        return GuideField(label, f"(not in the spec: {route_text(route)})")
    if route == credential.username_route and re.fullmatch(EMAIL_PATTERN, declared):
        return GuideField(label, declared, literal=True)
    return GuideField(label, f"(see the spec: {route_text(route)})")
