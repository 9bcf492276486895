"""The version of sfcred, defined only here."""

__version__ = "0.1.0"
