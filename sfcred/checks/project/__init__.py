"""Checks of the whole project: what credentials are to each other."""
