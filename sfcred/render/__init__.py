"""Turn credentials into what n8n takes. One target per module, all without I/O."""

from sfcred.registry import module_names


def target_names() -> list[str]:
    """Return the names of the targets: the modules of `targets`, with hyphens."""
    return [name.replace("_", "-") for name in module_names(f"{__name__}.targets")]
