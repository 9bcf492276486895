"""What was found becomes text. One format, one file; all pure: they return strings."""
