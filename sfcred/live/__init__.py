"""Visits to an org: what a login brings, and what the org says of itself."""
