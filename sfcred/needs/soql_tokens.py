"""The words of a SOQL query."""

import re
from typing import NoReturn

from sfcred.needs.expressions import HOLE

_WORD = re.compile(
    rf"""\s*(?:
      (?P<text>'(?:[^'\\]|\\.)*')
    | (?P<value>(?:[+-]?[0-9]|{HOLE}[\w{HOLE}.]*[-+:])[\w{HOLE}.:+-]*)
    | (?P<name>[A-Za-z_{HOLE}][\w{HOLE}]*(?:\.[A-Za-z_{HOLE}][\w{HOLE}]*)*)
    | (?P<sign><>|<=|>=|!=|[()<>=,;:])
    )""",
    re.VERBOSE | re.DOTALL | re.ASCII,
)
_OPERATORS = frozenset(
    {"=", "!=", "<>", "<", "<=", ">", ">=", "like", "in", "includes", "excludes"}
)
#: Words in a query. Salesforce accepts 100,000 characters.
_MOST = 50_000
#: The most characters of a field with its relationships. Salesforce has five levels of 80.
LONGEST_NAME = 500


class SoqlError(ValueError):
    """The text is not SOQL that this reader knows. The message has no text of the query."""


class Tokens:
    """A query's words, and where the reader is."""

    def __init__(self, text: str) -> None:
        self._words: list[tuple[str, str]] = []
        self._joined: list[bool] = []  # whether a word follows the one before without a space
        self._fault = ""
        at, end = 0, len(text.rstrip())
        while at < end and not self._fault:
            found = _WORD.match(text, at)
            if found is None or len(self._words) > _MOST:
                self._fault = "it has a character that SOQL doesn't have"
                break
            kind = found.lastgroup or ""
            if kind == "name" and len(found[kind]) > LONGEST_NAME:
                self._fault = "it has a name that is too long"
                break
            self._words.append((kind, found[kind]))
            self._joined.append(found.start(kind) == at)
            at = found.end()
        self._at = 0

    def ahead(self, number: int) -> str:
        """Return a word that follows, in lower case; empty at the end."""
        place = self._at + number
        return self._words[place][1].lower() if place < len(self._words) else ""

    def at(self, word: str) -> bool:
        """Return whether this word is next."""
        return self.ahead(0) == word

    def is_name(self) -> bool:
        """Return whether a name is next that contains no expression."""
        return self._kind() == "name" and HOLE not in self.ahead(0)

    def is_hole(self) -> bool:
        """Return whether a word is next that comes from an expression, at least partly."""
        return HOLE in self.ahead(0) and self._kind() != "text"

    def take(self) -> str:
        """Return the next word as it is written, and go on."""
        if self._at >= len(self._words):
            self._stop("it ends too early")
        word = self._words[self._at][1]
        self._at += 1
        return word

    def name(self) -> str:
        """Take a name."""
        if not self.is_name():
            self._stop("a name is missing, or comes from an expression")
        return self.take()

    def take_name_or_hole(self) -> str:
        """Take a name; empty if it comes from an expression."""
        if self.is_hole():
            self.take()
            return ""
        return self.name()

    def expect(self, *words: str) -> None:
        """Take these words."""
        for word in words:
            if not self.at(word):
                what = word.upper() if word.isalpha() else f"`{word}`"
                self._stop(f"{what} is missing")
            self.take()

    def operator(self) -> bool:
        """Take an operator; False if there is none, because the condition is an expression."""
        if self.at("not"):
            self.expect("not", "in")
            return True
        if self.ahead(0) in _OPERATORS or self.is_hole():
            self.take()
            return True
        if HOLE not in self._words[self._at - 1][1]:
            self._stop("a condition has no operator")
        return False

    def literal(self) -> None:
        """Take a value: a text, a number, a date, TODAY, LAST_N_DAYS:7, or an expression."""
        if self._kind() not in ("text", "value", "name"):
            self._stop("a value is missing")
        is_text = self._kind() == "text"  # its quote ends it: 'Open'LIMIT 1 needs no space
        self.take()
        while not is_text and self._kind() in ("value", "name") and self._joined[self._at]:
            self.take()  # {{ year }}-{{ month }}-01 is one value
        if self.at(":"):
            self.take()
            self.take()

    def require_end(self) -> None:
        """Refuse whatever follows."""
        if self._fault:
            self._stop(self._fault)
        if self._at < len(self._words):
            self._stop("something unknown follows")

    def _kind(self) -> str:
        return self._words[self._at][0] if self._at < len(self._words) else ""

    def _stop(self, reason: str) -> NoReturn:
        raise SoqlError(self._fault or reason)
