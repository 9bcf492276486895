"""Checks that are handed an app as its spec has it, and as an org gave it back."""
