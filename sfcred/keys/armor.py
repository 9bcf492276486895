"""Read PEM armor (RFC 7468), including what people and tools have done to it.

A key passes through editors, chats, environment variables, YAML, JSON and secret stores before it
reaches n8n, and each can damage it in its own way. This module repairs whatever needs no guessing,
and names each repair.
"""

import binascii
import re
from collections.abc import Iterator
from typing import NamedTuple

LITERAL_BREAKS = "literal \\n instead of line breaks"
BACKSLASHES = "backslashes at the ends of lines"
ESCAPED_SLASHES = "escaped slashes (\\/)"
QUOTES = "quotes around the value"
CARRIAGE_RETURNS = "carriage returns (CR) instead of line breaks"
ONE_LINE = "BEGIN line, body and END line on one line"
TEXT_ON_LINE = "other text on the BEGIN or END line"
INDENTED = "indented lines"
BLANK_LINES = "blank lines between lines"
DASHES = "wrong dashes in the BEGIN or END line"
LABEL_SPACES = "extra spaces in the BEGIN or END line"
LOWER_CASE = "a BEGIN or END line in lower case"
NO_BEGIN = "no BEGIN line"
NO_END = "no END line"
NO_LINES = "no BEGIN and END lines"
OTHER_END = "an END line that doesn't match the BEGIN line"
INVISIBLE = "invisible characters in the body"
PADDING = "wrong padding (=) at the end of the body"
MARK = "a byte order mark"
TEXT_AROUND = "text around the key"

#: Repairs that aren't needed for n8n: every version accepts a key with these.
HARMLESS = frozenset({MARK, TEXT_AROUND})

# What word processors and chats turn hyphens into.
_DASH = "-\u00ad\u2010-\u2015\u2212"
# White space, soft hyphens and zero-width characters, as they occur in copied text.
_SPACE = r"\s\u00ad\u200b-\u200f\u2060\ufeff"
_DELIMITER = re.compile(
    rf"([{_DASH}]{{1,12}})[ \t]{{0,4}}(BEGIN|END)[ \t]{{1,4}}"
    r"((?:[A-Z0-9]{1,12}[ \t]{1,4}){0,4}"
    r"(?:KEY BLOCK|KEY|CERTIFICATE|REQUEST|PARAMETERS|CRL|PKCS7|CMS|MESSAGE))"
    rf"[ \t]{{0,4}}([{_DASH}]{{0,12}})",
    re.IGNORECASE,
)
_ESCAPE = re.compile(r"\\{1,8}(?:[rnt]|(?=/)|(?=\s))")
_SPACES = re.compile(rf"[{_SPACE}]+")
_UNSEEN = re.compile(r"[^\S \t\r\n]|[\u00ad\u200b-\u200f\u2060\ufeff]")
_ALIEN = re.compile(rf"[^A-Za-z0-9+/={_SPACE}]")
# Characters that can surround a value without being part of it.
_BLANKS = " \t\n\r\f\v\x1c\x1d\x1e\x85\u00a0\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_QUOTES = "\"'`\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb"
_ROUND = _QUOTES + ",;" + _BLANKS


class Damage(NamedTuple):
    """Damage that can't be repaired. The detail names the place without showing the content."""

    detail: str


class Body(NamedTuple):
    """A decoded body, and the repairs that were made in it."""

    data: bytes
    repairs: tuple[str, ...]


class Block(NamedTuple):
    """A block between a BEGIN and an END line, one of which can be missing."""

    label: str
    begin: re.Match[str] | None
    end: re.Match[str] | None
    #: Where the body starts and stops in the text.
    start: int
    stop: int

    @property
    def end_label(self) -> str:
        """The label of the END line. Empty if there is no END line."""
        return "" if self.end is None else _label(self.end)


class Armor(NamedTuple):
    """A text with its escapes resolved, its blocks, and the repairs that were made to find them."""

    text: str
    blocks: tuple[Block, ...]
    repairs: tuple[str, ...]

    def body_text(self, block: Block) -> str:
        """Return the text between a block's BEGIN and END lines."""
        return self.text[block.start : block.stop]

    def line_of(self, position: int) -> int:
        """Return the line of a position, counting from 1; 0 if the text has only one line."""
        line = self.text.count("\n", 0, position) + 1
        return line if "\n" in self.text.strip() else 0

    def repairs_of(self, block: Block) -> tuple[str, ...]:
        """Return the repairs that are needed outside a block's body, in reading order."""
        return tuple(dict.fromkeys([*self.repairs, *_repairs_of(self.text, block)]))

    def decode(self, block: Block) -> Body | Damage:
        """Decode a block's body. Without a BEGIN or END line, it extends as far as the base64."""
        start, stop = block.start, block.stop
        aliens = [start + alien.start() for alien in _ALIEN.finditer(self.body_text(block))]
        if aliens and block.end is None:
            stop = aliens[0]
        elif aliens and block.begin is None:
            start = aliens[-1] + 1
        return self._decode(self.text[start:stop], start)

    def decode_all(self) -> Body | Damage:
        """Decode a text that consists of base64 only, without BEGIN and END lines."""
        return self._decode(self.text.strip(_ROUND), 0)

    def last_of(self, block: Block) -> int:
        """Return the position after the last character of a block's body."""
        return block.start + len(self.body_text(block).rstrip())

    def place(self, position: int) -> str:
        """Return a position's line for a message. Empty if the text has only one line."""
        line = self.line_of(position)
        return f" (line {line})" if line else ""

    def _decode(self, text: str, offset: int) -> Body | Damage:
        alien = _ALIEN.search(text)
        if alien:
            place = self.place(offset + alien.start())
            return Damage(f"the body contains a character that is not allowed in a key{place}")
        compact = _SPACES.sub("", text)
        bare = compact.rstrip("=")
        if not bare:
            return Damage("the body is missing")
        if "=" in bare:
            middle = self.place(offset + text.index("="))
            return Damage(f"the body has padding (=) in its middle{middle}")
        if len(bare) % 4 == 1:
            return Damage("the body has missing or extra characters")
        padded = bare + "=" * (-len(bare) % 4)
        repairs = [INVISIBLE] if _UNSEEN.search(text) else []
        repairs += [PADDING] if padded != compact else []
        return Body(binascii.a2b_base64(padded), tuple(repairs))


def read_armor(text: str) -> Armor:
    """Find the blocks in a text, whatever happened to its line breaks, quotes and dashes.

    Args:
        text: Any text. It is read in a single pass, so the time is proportional to its length.

    Returns:
        The text as it was meant, with its blocks. No blocks if it has no BEGIN or END line.
    """
    plain, repairs = _unescape(text)
    marks = list(_DELIMITER.finditer(plain))
    blocks = tuple(_blocks(plain, marks))
    if blocks and _stands_outside(plain, blocks):
        repairs.append(TEXT_AROUND)
    return Armor(plain, blocks, tuple(repairs))


def _unescape(text: str) -> tuple[str, list[str]]:
    """Undo changes to the text as a whole, and return what they were."""
    repairs = []
    if text.startswith("\ufeff"):
        repairs.append(MARK)
        text = text.removeprefix("\ufeff")
    stripped = text.strip()
    if stripped and (stripped[0] in _QUOTES or stripped[-1] in _QUOTES):
        repairs.append(QUOTES)
    if re.search(r"\r(?!\n)", text):
        repairs.append(CARRIAGE_RETURNS)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\\" in text:
        repairs += [LITERAL_BREAKS] if re.search(r"\\[rn]", text) else []
        repairs += [BACKSLASHES] if re.search(r"\\\s", text) else []
        repairs += [ESCAPED_SLASHES] if "\\/" in text else []
        text = _ESCAPE.sub(_unescaped, text.replace("\\r\\n", "\\n"))
    return text, repairs


def _unescaped(escape: re.Match[str]) -> str:
    return {"n": "\n", "r": "\n", "t": "\t"}.get(escape[0][-1], "")


def _blocks(text: str, marks: list[re.Match[str]]) -> Iterator[Block]:
    """Pair BEGIN and END lines. A block without a partner extends to the next line or the end."""
    begin: re.Match[str] | None = None
    start = 0
    for mark in marks:
        opens = mark[2].upper() == "BEGIN"
        if begin is not None:
            yield Block(_label(begin), begin, None if opens else mark, start, mark.start())
        elif not opens:
            yield Block(_label(mark), None, mark, start, mark.start())
        begin = mark if opens else None
        start = mark.end()
    if begin is not None:
        yield Block(_label(begin), begin, None, start, len(text))


def _label(mark: re.Match[str]) -> str:
    return " ".join(mark[3].upper().split())


def _stands_outside(text: str, blocks: tuple[Block, ...]) -> bool:
    """Return whether there is anything but white space and quotes outside the blocks."""
    offset = 0
    for block in blocks:
        begin = block.begin.start() if block.begin else block.start
        if text[offset:begin].strip(_ROUND):
            return True
        offset = block.end.end() if block.end else block.stop
    return bool(text[offset:].strip(_ROUND))


def _repairs_of(text: str, block: Block) -> Iterator[str]:
    """Yield the repairs that a block's BEGIN and END lines need."""
    marks = [mark for mark in (block.begin, block.end) if mark is not None]
    if any(mark[1] != "-----" or mark[4] != "-----" for mark in marks):
        yield DASHES
    names = [mark[0][len(mark[1]) : len(mark[0]) - len(mark[4])] for mark in marks]
    if any(name != name.upper() for name in names):
        yield LOWER_CASE
    if any(name != " ".join(name.split()) for name in names):
        yield LABEL_SPACES
    if block.begin is None:
        yield NO_BEGIN
    if block.end is None:
        yield NO_END
    elif block.end_label != block.label:
        yield OTHER_END
    yield from _line_repairs(text, block)


def _line_repairs(text: str, block: Block) -> Iterator[str]:
    """Yield the repairs that a block's line breaks and surroundings need."""
    first = block.begin.start() if block.begin else block.start
    last = block.end.end() if block.end else block.stop
    before = text[text.rfind("\n", 0, first) + 1 : first]
    after = text[last:].partition("\n")[0]
    whole = text[first:last]
    body = text[block.start : block.stop]
    begins_apart = block.begin is None or not body.partition("\n")[0].strip()
    ends_apart = block.end is None or not body.rpartition("\n")[2].strip()
    if "\n" not in whole or not begins_apart or not ends_apart:
        yield ONE_LINE
    # Another block on the same line doesn't count as text around this one.
    beside = before.rpartition("-----")[2] + after.partition("-----")[0]
    if not set(_QUOTES).isdisjoint(beside):
        yield QUOTES
    if beside.strip(_ROUND):
        yield TEXT_ON_LINE
    if (before and not before.strip()) or re.search(r"\n[ \t]+(?=\S)", whole):
        yield INDENTED
    if re.search(r"\S[ \t]*\n[ \t]*\n", whole):
        yield BLANK_LINES
