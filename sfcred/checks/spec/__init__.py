"""Checks of a spec's file as written."""
