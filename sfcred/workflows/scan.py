"""Walk through JSON text with positions, at the speed of Python's own parser.

Only the objects and arrays on the way to a node are walked here. Everything below them is parsed by
the json module, which tells where each value ends.
"""

import json
import re
from collections.abc import Callable
from typing import NoReturn

from sfcred.spec.source import LineIndex, Place
from sfcred.workflows.model import Json

_SPACE = re.compile(r"[ \t\n\r]*")


class JsonError(ValueError):
    """The text is not JSON. `index` is where reading stopped."""

    def __init__(self, reason: str, index: int) -> None:
        super().__init__(reason)
        self.index = index


def _refuse(_constant: str) -> NoReturn:
    raise ValueError("NaN and Infinity are not JSON")


class JsonText:
    """A JSON text. Each method takes the index of a value and returns the index after it."""

    def __init__(self, text: str) -> None:
        self.text = text
        # The scanner of `json.loads`, which starts and stops at any index.
        decoder = json.JSONDecoder(parse_constant=_refuse)
        self._scan: Callable[[str, int], tuple[Json, int]] = decoder.scan_once  # type: ignore[attr-defined]  # see above
        self._lines: LineIndex | None = None

    def place(self, index: int) -> Place:
        """Return the line and column of an index."""
        if self._lines is None:
            self._lines = LineIndex(self.text)
        return self._lines.place_at(index)

    def start(self, index: int) -> int:
        """Return the index of the next character that isn't white space."""
        found = _SPACE.match(self.text, index)
        return found.end() if found else index

    def value(self, index: int) -> tuple[Json, int]:
        """Return the value at an index, and the index after it.

        Raises:
            JsonError: It is not JSON, or nested too deeply.
        """
        try:
            return self._scan(self.text, index)
        except StopIteration as stop:
            raise JsonError("not valid JSON", int(stop.value or index)) from None
        except json.JSONDecodeError as error:
            raise JsonError("not valid JSON", error.pos) from None
        except RecursionError:
            raise JsonError("nested too deeply", index) from None
        except ValueError:  # NaN, or a number with thousands of digits
            raise JsonError("contains a number that n8n doesn't write", index) from None

    def members(self, index: int, take: Callable[[str, int], int]) -> int:
        """Walk through an object.

        Args:
            index: The index of its brace.
            take: Called with each key and the index of its value; returns the index after it.

        Raises:
            JsonError: It is not JSON.
        """

        def member(at: int) -> int:
            if self.text[at : at + 1] != '"':
                raise JsonError("not valid JSON", at)
            key, at = self.value(at)
            return take(str(key), self.start(self._expect(":", at)))

        return self._walk(index, "}", member)

    def items(self, index: int, take: Callable[[int], int]) -> int:
        """Walk through an array.

        Args:
            index: The index of its bracket.
            take: Called with the index of each item; returns the index after it.

        Raises:
            JsonError: It is not JSON.
        """
        return self._walk(index, "]", take)

    def _walk(self, index: int, end: str, take: Callable[[int], int]) -> int:
        at = self.start(index + 1)
        if self.text[at : at + 1] == end:
            return at + 1
        while True:
            at = self.start(take(at))
            if self.text[at : at + 1] == end:
                return at + 1
            at = self.start(self._expect(",", at))

    def _expect(self, sign: str, index: int) -> int:
        at = self.start(index)
        if self.text[at : at + 1] != sign:
            raise JsonError("not valid JSON", at)
        return at + 1
