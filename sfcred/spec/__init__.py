"""Specs: YAML with positions, the models, and profiles. No secrets, no network."""
