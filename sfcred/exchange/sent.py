"""Mask what n8n got in this run, wherever it repeats it."""

from collections.abc import Iterator, Mapping
from itertools import islice

from sfcred.text.echoes import scrub_start

# How many texts are remembered as harmless.
_MOST_TEXTS = 100


class Sent:
    """The values that were sent to one n8n. An answer can repeat what it got with another call.

    Args:
        key: The API key.
    """

    def __init__(self, key: str) -> None:
        self._values = {key: None}
        # Comparing takes milliseconds per value, and n8n answers a thousand calls with one text. So
        # this is how many values each text was already compared with.
        self._compared: dict[str, int] = {}

    def add(self, content: object) -> None:
        """Add the texts in the JSON of a request."""
        self._values.update(dict.fromkeys(_texts(content)))

    def mask(self, text: str) -> str:
        """Return the beginning of a text from n8n, without what was sent."""
        shown = scrub_start(text, islice(self._values, self._compared.get(text, 0), None))
        if shown != text:
            return scrub_start(text, self._values)
        if len(self._compared) >= _MOST_TEXTS:
            self._compared.clear()
        self._compared[text] = len(self._values)
        return shown


def _texts(content: object) -> Iterator[str]:
    waiting = [content]
    while waiting:
        part = waiting.pop()
        if isinstance(part, str):
            yield part
        elif isinstance(part, Mapping):
            waiting += part.values()
