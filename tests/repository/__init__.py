"""The repository itself: documentation, CI, dependencies, the shape of the code."""
