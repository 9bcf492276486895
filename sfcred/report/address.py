"""The address of the published documentation."""

#: The site that .readthedocs.yaml builds from docs/. Keep it in step with pyproject.toml.
DOCUMENTATION = "https://sfcred.readthedocs.io/en/latest/"


def docs_of(check_id: str) -> str:
    """Return the URL of a check's page. `sfcred explain` shows the same page offline."""
    return f"{DOCUMENTATION}checks/{check_id.lower()}/"
