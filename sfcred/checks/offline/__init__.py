"""Checks that are handed a resolved credential, or the whole project."""
