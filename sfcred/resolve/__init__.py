"""Spec and profile become a credential: flow, authority, URLs, n8n's side, and why."""
