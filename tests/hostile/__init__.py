"""Hostile repositories and inputs, built by the tests, against the command line."""
