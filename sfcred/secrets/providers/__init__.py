"""The providers, one per file. `sfcred.secrets.provider` describes their interface."""
