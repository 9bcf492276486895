"""Turn the results of a run into text. One format per file; each returns a string."""

from sfcred.registry import module_names


def format_names() -> tuple[str, ...]:
    """Return the names of doctor's formats: the modules in `formats`."""
    return module_names(f"{__name__}.formats")
