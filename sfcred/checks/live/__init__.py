"""Checks that are handed what a visit to the org brought."""
