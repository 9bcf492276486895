"""Checks of all the project's credentials together."""
