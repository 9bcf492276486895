"""What workflows need, as text, JSON and Markdown. One format per file."""
