"""Checks of what the project ignores."""
