"""Checks of n8n's workflows: their nodes, the credentials that these use, and what they need."""
