"""The commands: each a file with a `command`, found by its name."""
