"""Write the manual steps in Salesforce and n8n, with a credential's own values."""

from sfcred.registry import module_names


def format_names() -> tuple[str, ...]:
    """Return the names of the formats: the modules in `formats`."""
    return module_names(f"{__name__}.formats")
