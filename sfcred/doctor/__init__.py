"""Selects checks, runs each in its own boundary, and collects what they say."""

from sfcred.doctor.engine import examine
from sfcred.doctor.model import (
    ALWAYS,
    AppFiles,
    Crash,
    Details,
    Finding,
    LiveCount,
    LiveOptions,
    NotRun,
    Options,
    Report,
    Result,
    Suppressed,
)
from sfcred.doctor.select import unknown_selectors

__all__ = [
    "ALWAYS",
    "AppFiles",
    "Crash",
    "Details",
    "Finding",
    "LiveCount",
    "LiveOptions",
    "NotRun",
    "Options",
    "Report",
    "Result",
    "Suppressed",
    "examine",
    "unknown_selectors",
]
