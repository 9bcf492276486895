"""The ids of Salesforce's records, in a form that can be compared."""

#: Ids have 15 characters, or 18 with a checksum that adds nothing (Salesforce Object Reference).
_SHORT_ID = 15


def short_id(id_: str) -> str:
    """Return an id without the checksum. Salesforce shows the same id with and without it."""
    return id_[:_SHORT_ID]
