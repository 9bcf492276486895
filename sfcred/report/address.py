"""Where the documentation is published."""

#: The site that .readthedocs.yaml builds from docs/; pyproject.toml names it, too.
DOCUMENTATION = "https://sfcred.readthedocs.io/en/latest/"


def docs_of(check_id: str) -> str:
    """The address of a check's page; `sfcred explain` shows the same page without a network."""
    return f"{DOCUMENTATION}checks/{check_id.lower()}/"
