"""What was found becomes text. One format, one file; all pure: they return strings."""

from sfcred.registry import module_names


def format_names() -> tuple[str, ...]:
    """The names of doctor's formats: the files in the folder `formats`."""
    return module_names(f"{__name__}.formats")
