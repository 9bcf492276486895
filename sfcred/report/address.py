"""The address of the published documentation."""

#: The site that .readthedocs.yaml builds from docs/. Keep it in step with pyproject.toml.
DOCUMENTATION = "https://sfcred.readthedocs.io/en/latest/"


def page_url(name: str) -> str:
    """Return the URL of a page of the documentation."""
    return f"{DOCUMENTATION}{name}/"


def docs_of(check_id: str) -> str:
    """Return the URL of a check's page. `sfcred explain` shows the same page offline."""
    return page_url(f"checks/{check_id.lower()}")
