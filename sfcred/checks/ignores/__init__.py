"""Checks of what the project leaves out."""
