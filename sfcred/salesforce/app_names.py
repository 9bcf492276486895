"""API names of Salesforce's metadata."""

import re

_LONGEST = 40


def api_name(label: str) -> str | None:
    """The API name that Setup derives from a label.

    Args:
        label: As people write it.

    Returns:
        Letters, digits and single underscores, beginning with a letter, none at the end, at most
        40 characters; None where the label gives no such name.
    """
    name = re.sub(r"[^A-Za-z0-9]+", "_", label).strip("_")
    return name if re.match("[A-Za-z]", name) and len(name) <= _LONGEST else None
