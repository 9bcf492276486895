"""Starting a project: its files, and a first spec."""
