"""What `sfcred doctor --fix` writes: corrections that are certain, in the text as it stands.

Files are edited at the places that the YAML parser names, not written anew, so that comments,
quotes, indentation and line ends stay as they are. The changed text is read again and kept only
if its data is what it should be: a change that would do more is left to the person.
"""

from sfcred.fix.run import Correction, correct, corrections

__all__ = ["Correction", "correct", "corrections"]
