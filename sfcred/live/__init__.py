"""Visits to an org: logging in with a credential, and reading what the org tells."""
