"""Help that breaks lines only between words, and never in a command."""

from collections.abc import Iterable

import click


class HelpFormatter(click.HelpFormatter):
    """click's formatter, which would break `pre-commit` and `sfcred doctor` in two."""

    def write(self, string: str) -> None:
        """Write text as it is shown."""
        from sfcred.text.wrapping import broken

        super().write(broken(string))

    def write_text(self, text: str) -> None:
        """Write a paragraph."""
        from sfcred.text.wrapping import unbroken

        super().write_text(unbroken(text, self.width - self.current_indent))

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """Write options or commands in two columns."""
        from sfcred.text.wrapping import unbroken

        given = list(rows)
        names = min(max(len(name) for name, _ in given), col_max)
        room = self.width - self.current_indent - names - col_spacing
        told = [(name, unbroken(text, room)) for name, text in given]
        super().write_dl(told, col_max, col_spacing)


class HelpContext(click.Context):
    """A context whose help has whole words."""

    formatter_class = HelpFormatter
