"""Resolve a spec and profile into a credential: flow, authority, URLs, n8n's side, and reasons."""
