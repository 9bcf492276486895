"""Turn credentials into what n8n takes: one target per file, each pure. `output` writes files."""

from sfcred.registry import module_names


def target_names() -> list[str]:
    """Return the names of the targets: the modules of `targets`, with hyphens."""
    return [name.replace("_", "-") for name in module_names(f"{__name__}.targets")]
