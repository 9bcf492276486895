"""Fields of a guide that several screens have."""

import re

from sfcred.guide.api import GuideField
from sfcred.resolve.credential import Credential
from sfcred.secrets import all_providers
from sfcred.spec.fields import EMAIL_PATTERN
from sfcred.spec.refs import Reference
from sfcred.spec.source import Route


def value_field(credential: Credential, label: str, route: Route) -> GuideField:
    """Where the value is, or a username that the spec states: no other value is shown."""
    declared = credential.declared(route)
    if isinstance(declared, Reference):
        around = credential.values.surroundings(credential.folder)
        return GuideField(label, all_providers()[declared.provider].where(declared.locator, around))
    if declared is None:
        return GuideField(label, f"(the spec doesn't say: {'.'.join(map(str, route))})")
    if route == ("jwt", "username") and re.fullmatch(EMAIL_PATTERN, declared):
        return GuideField(label, declared, literal=True)
    return GuideField(label, f"(as the spec has it: {'.'.join(map(str, route))})")
