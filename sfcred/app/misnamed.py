"""Recognize app metadata whose file name the Salesforce CLI doesn't take."""

from sfcred.salesforce.metadata.formats import BY_SUFFIX, FORMATS
from sfcred.salesforce.metadata.model import Kind

_FOLDERS = frozenset(kind.folder.lower() for form in FORMATS for kind in form.kinds)
_SUFFIXES = tuple(suffix.lower() for suffix in BY_SUFFIX)
#: What editors and merge tools leave behind: copies of a file that is there, too.
_LEFTOVERS = (".bak", ".old", ".orig", ".rej", ".swp", ".tmp", "~")


def looks_misnamed(folder: str, name: str) -> bool:
    """Return whether a file can be an app's metadata, though its name isn't right for it.

    The name has a suffix that begins like one of theirs (`ecaGlobalOauth`, `.ConnectedApp`, `.xml`
    without `-meta`), or the file is XML in one of their folders.

    Args:
        folder: The name of the file's folder.
        name: The file's name.
    """
    lower = name.lower()
    if lower.endswith(_LEFTOVERS):
        return False
    endings = lower.split(".")[1:]
    return any(ending.startswith((*_SUFFIXES, "externalclientapp")) for ending in endings) or (
        folder.lower() in _FOLDERS and lower.endswith((".xml", ".txt"))
    )


def right_name(name: str, kind: Kind) -> str:
    """Return the end of the name that a file of a type has in the Salesforce CLI's source format.

    Args:
        name: The file's name.
        kind: The type that its root element names.
    """
    return f"{name.partition('.')[0]}.{kind.suffix}-meta.xml"
