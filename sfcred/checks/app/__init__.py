"""Checks that compare the app in a spec with the app retrieved from an org."""
