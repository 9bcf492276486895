"""Select checks, run each one isolated from the others, and collect what they find."""

from sfcred.doctor.engine import examine
from sfcred.doctor.options import LiveOptions, Options
from sfcred.doctor.select import unknown_selectors

__all__ = [
    "LiveOptions",
    "Options",
    "examine",
    "unknown_selectors",
]
