"""Compare who is pre-authorized: metadata has names, labels or ids."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from sfcred.salesforce.metadata.model import PermissionSet

#: The names of standard profiles in metadata, by their names in Setup.
_PROFILES = {
    "system administrator": "admin",
    "standard user": "standard",
    "read only": "readonly",
    "marketing user": "marketingprofile",
    "contract manager": "contractmanager",
    "solution manager": "solutionmanager",
}


class Assignments(NamedTuple):
    """Who may use an app, compared.

    Attributes:
        missing: The permission sets or profiles that the app lacks.
        extra: Those that only the app has.
        unclear: Those of the spec that may be among `puzzles`.
        puzzles: The app's labels or ids, for which the spec has no counterpart.
    """

    missing: list[str]
    extra: list[str]
    unclear: list[str]
    puzzles: list[str]


def compare_permission_sets(
    wanted: Sequence[PermissionSet], found: Sequence[str], *, has_labels: bool
) -> Assignments:
    """Compare the permission sets of a spec with those of an org's app.

    Args:
        wanted: Those of the spec.
        found: The texts in the app's metadata.
        has_labels: Whether the metadata contains labels, as a Connected App's does, and not names.
    """
    left = list(found)
    missing, unclear = [], []
    for one in wanted:
        texts = {one.label or one.name} if has_labels else {one.name, one.label or one.name}
        folded = {text.lower() for text in texts}
        match = next((text for text in left if text.lower() in folded), None)
        if match is not None:
            left.remove(match)
        elif has_labels and one.label:
            missing.append(one.shown)
        else:
            unclear.append(one.shown)
    # An External Client App's can be ids, according to Salesforce's documentation.
    puzzles = [text for text in left if has_labels or not re.fullmatch(r"(?!0PS)\w+", text)]
    extra = [text for text in left if text not in puzzles]
    if not (unclear and puzzles):
        return Assignments(missing + unclear, extra + puzzles, [], [])
    return Assignments(missing, extra, unclear, puzzles)


def compare_profiles(wanted: Sequence[str], found: Sequence[str]) -> Assignments:
    """Compare the profiles of a spec with those of an org's app."""
    here, there = {_profile(one): one for one in wanted}, {_profile(one): one for one in found}
    return Assignments(
        [name for key, name in here.items() if key not in there],
        [name for key, name in there.items() if key not in here],
        [],
        [],
    )


def _profile(name: str) -> str:
    """Return a profile's name as it can be compared: metadata encodes some characters in URLs."""
    from urllib.parse import unquote

    folded = unquote(name).strip().lower()
    return _PROFILES.get(folded, folded)
