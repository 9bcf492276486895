"""Start a project: write its files and a first spec."""
