"""Credentials become what n8n takes. One target, one file; all pure."""

from sfcred.registry import module_names


def target_names() -> list[str]:
    """The names of the targets: the files in the folder `targets`."""
    return [name.replace("_", "-") for name in module_names(f"{__name__}.targets")]
