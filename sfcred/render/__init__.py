"""Credentials become what n8n takes. One target, one file; all pure."""
