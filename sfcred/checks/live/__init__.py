"""Checks of what one visit to the org returned."""
