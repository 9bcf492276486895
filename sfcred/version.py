"""The version of sfcred. Everything that names it takes it from here."""

__version__ = "0.1.0"
