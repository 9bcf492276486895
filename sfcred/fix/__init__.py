"""Correct specs for `sfcred doctor --fix`: only what is certain, edited into the existing text.

Files are edited at the positions that the YAML reader reports, so comments, quotes, indentation and
line endings stay as they are. The changed text is parsed again, and kept only if its data is what
it should be. Anything that would change more is left to you.
"""

from sfcred.fix.run import Correction, correct, corrections, texts_of

__all__ = ["Correction", "correct", "corrections", "texts_of"]
