"""The commands. Each is a module with a `command`, found by its file name."""
