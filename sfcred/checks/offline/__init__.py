"""Checks of a resolved credential: a spec with its profile applied."""
