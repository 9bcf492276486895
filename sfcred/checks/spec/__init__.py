"""Checks that are handed a file as it stands."""
