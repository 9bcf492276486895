"""Workflow files that can't be read: collect them while reading, and tell the person."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from sfcred.cli.output import emit

if TYPE_CHECKING:
    from sfcred.workflows.model import FileFault, WorkflowFile


def noting(files: "Iterable[WorkflowFile]", faults: "list[FileFault]") -> "Iterator[WorkflowFile]":
    """Yield the files, and add what could not be read in them to a list."""
    for file in files:
        faults += file.faults
        yield file


def tell_faults(faults: "Iterable[FileFault]") -> None:
    """Print to standard error what could not be read."""
    from sfcred.text.redact import redact

    for fault in faults:
        where = f"{fault.file}:{fault.place.line}:{fault.place.column}"
        emit(f"{where}: {redact(fault.message)}. {fault.hint}\n", error=True)
