"""What `sfcred doctor --fix` writes: certain corrections, made in the text as it stands.

Files are edited at the places that the YAML reader gives, so that comments, quotes, indentation and
line ends stay as they are. The changed text is read again, and kept only if its data is what it
should be. A change that would do more is left to you.
"""

from sfcred.fix.run import Correction, correct, corrections

__all__ = ["Correction", "correct", "corrections"]
