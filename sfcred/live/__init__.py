"""Visit an org: log in with a credential, and read a little about the org."""
