"""Everything that is sent: what may be sent where, and the one module that does it."""
