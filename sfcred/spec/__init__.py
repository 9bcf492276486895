"""What a YAML file may say: positions, models, overlays. No secrets, no network."""
