"""Selects checks, runs each in its own boundary, and collects what they say."""

from sfcred.doctor.engine import examine
from sfcred.doctor.options import AppFiles, LiveOptions, Options
from sfcred.doctor.select import unknown_selectors

__all__ = [
    "AppFiles",
    "LiveOptions",
    "Options",
    "examine",
    "unknown_selectors",
]
