"""API names in Salesforce's metadata."""

import re

_LONGEST = 40


def api_name(label: str) -> str | None:
    """Return the API name that Setup derives from a label.

    Args:
        label: The label as you type it in Setup.

    Returns:
        At most 40 letters, digits and single underscores, starting with a letter and not ending
        with an underscore. None if the label gives no such name.
    """
    name = re.sub(r"[^A-Za-z0-9]+", "_", label).strip("_")
    return name if re.match("[A-Za-z]", name) and len(name) <= _LONGEST else None


def is_api_name(text: str) -> bool:
    """Return whether a text is an API name, with or without the namespace of a managed package."""
    namespace, mark, name = text.rpartition("__")
    return api_name(name) == name and (not mark or api_name(namespace) == namespace)
