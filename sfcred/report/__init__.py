"""What was found becomes text. One format, one file; all pure: they return strings."""

from pathlib import Path


def format_names() -> list[str]:
    """The names of doctor's formats: the files in the folder `formats`."""
    return sorted(file.stem for file in (Path(__file__).parent / "formats").glob("[a-z]*.py"))
