"""Salesforce credentials for n8n, as code."""

__version__ = "0.1.0"
