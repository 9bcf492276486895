"""Turn credentials into documents for n8n. One target per file; only `output` writes files."""

from sfcred.registry import module_names


def target_names() -> list[str]:
    """Return the names of the targets: the modules in `targets`, with hyphens."""
    return [name.replace("_", "-") for name in module_names(f"{__name__}.targets")]
