"""Salesforce credentials for n8n, as code.

This is the public Python API. Everything in `__all__` is stable, and docs/python.md shows how to
use it. Names are loaded on first use, because the command line imports this module first.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sfcred.errors import SfcredError as SfcredError
    from sfcred.findings import Finding as Finding
    from sfcred.findings import Report as Report
    from sfcred.findings import Severity as Severity
    from sfcred.report.error_text import Diagnosis as Diagnosis
    from sfcred.report.error_text import diagnose as diagnose
    from sfcred.resolve.credential import Credential as Credential
    from sfcred.version import __version__ as __version__
    from sfcred.workspace import Workspace as Workspace
    from sfcred.workspace.errors import Refused as Refused

_HOMES = {
    "Credential": "sfcred.resolve.credential",
    "Diagnosis": "sfcred.report.error_text",
    "Finding": "sfcred.findings",
    "Refused": "sfcred.workspace.errors",
    "Report": "sfcred.findings",
    "Severity": "sfcred.findings",
    "SfcredError": "sfcred.errors",
    "Workspace": "sfcred.workspace",
    "__version__": "sfcred.version",
    "diagnose": "sfcred.report.error_text",
}

__all__ = [
    "Credential",
    "Diagnosis",
    "Finding",
    "Refused",
    "Report",
    "Severity",
    "SfcredError",
    "Workspace",
    "__version__",
    "diagnose",
]

if not TYPE_CHECKING:  # otherwise type checkers would accept any name

    def __getattr__(name: str) -> object:
        if name not in _HOMES:
            raise AttributeError(f"module 'sfcred' has no attribute {name!r}")
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(_HOMES)
