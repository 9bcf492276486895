"""The steps to do by hand, in Salesforce and in n8n, with a credential's own values."""

from pathlib import Path


def format_names() -> list[str]:
    """The names of the formats: the files in the folder `formats`."""
    return sorted(file.stem for file in (Path(__file__).parent / "formats").glob("[a-z]*.py"))
