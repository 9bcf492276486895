"""Credentials become what n8n takes. One target, one file; all pure."""

from pathlib import Path


def target_names() -> list[str]:
    """The names of the targets: the files in the folder `targets`."""
    files = (Path(__file__).parent / "targets").glob("[a-z]*.py")
    return sorted(file.stem.replace("_", "-") for file in files)
