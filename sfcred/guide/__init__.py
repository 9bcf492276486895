"""The steps to do by hand, in Salesforce and in n8n, with a credential's own values."""

from sfcred.registry import module_names


def format_names() -> tuple[str, ...]:
    """The names of the formats: the files in the folder `formats`."""
    return module_names(f"{__name__}.formats")
