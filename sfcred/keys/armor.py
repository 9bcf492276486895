"""PEM armour (RFC 7468) in every shape that people and their tools leave it in.

A key travels through editors, chats, environment variables, YAML, JSON and secret stores before it
reaches n8n, and each of them bends it in its own way. All that can be undone without guessing is
undone here, and named.
"""

import binascii
import re
from collections.abc import Iterator
from typing import NamedTuple

LITERAL_BREAKS = "literal \\n instead of line breaks"
BACKSLASHES = "backslashes at the ends of lines"
ESCAPED_SLASHES = "escaped slashes (\\/)"
QUOTES = "quotes round the value"
CARRIAGE_RETURNS = "carriage returns (CR) instead of line breaks"
ONE_LINE = "BEGIN line, body and END line in one line"
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
PADDING = "wrong padding (=) at the body's end"
MARK = "a byte order mark"
TEXT_AROUND = "text round the key"

#: What is mended and yet troubles nobody: every n8n takes a key with these.
HARMLESS = frozenset({MARK, TEXT_AROUND})

# What word processors and chats make of hyphens.
_DASH = "-\u00ad\u2010-\u2015\u2212"
# What takes room or none in a copied text: white space, soft hyphens, zero-width characters.
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
# What may stand round a value without being part of it.
_BLANKS = " \t\n\r\f\v\x1c\x1d\x1e\x85\u00a0\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_QUOTES = "\"'`\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb"
_ROUND = _QUOTES + ",;" + _BLANKS


class Damage(NamedTuple):
    """What can't be mended. The detail names the place and shows nothing of the content."""

    detail: str


class Body(NamedTuple):
    """The bytes that a body stands for, and what was mended in it."""

    data: bytes
    repairs: tuple[str, ...]


class Block(NamedTuple):
    """One thing between a BEGIN and an END line, one of which may be missing."""

    label: str
    begin: re.Match[str] | None
    end: re.Match[str] | None
    #: Where the body stands in the text.
    start: int
    stop: int

    @property
    def end_label(self) -> str:
        """What the END line says; empty if there is none."""
        return "" if self.end is None else _label(self.end)


class Armor(NamedTuple):
    """A text with its escapes undone, the blocks in it, and what was mended to see them."""

    text: str
    blocks: tuple[Block, ...]
    repairs: tuple[str, ...]

    def body_text(self, block: Block) -> str:
        """What stands between a block's BEGIN and END lines."""
        return self.text[block.start : block.stop]

    def line_of(self, position: int) -> int:
        """The line that holds a position, from 1; 0 for a text of one line."""
        line = self.text.count("\n", 0, position) + 1
        return line if "\n" in self.text.strip() else 0

    def repairs_of(self, block: Block) -> tuple[str, ...]:
        """What has to be mended outside the body of `block`, in the order of reading."""
        return tuple(dict.fromkeys([*self.repairs, *_repairs_of(self.text, block)]))

    def decode(self, block: Block) -> Body | Damage:
        """The bytes of a block's body. Without a line it reaches as far as base64 does."""
        start, stop = block.start, block.stop
        aliens = [start + alien.start() for alien in _ALIEN.finditer(self.body_text(block))]
        if aliens and block.end is None:
            stop = aliens[0]
        elif aliens and block.begin is None:
            start = aliens[-1] + 1
        return self._decode(self.text[start:stop], start)

    def decode_all(self) -> Body | Damage:
        """The bytes of a text that is all base64, with no BEGIN and END lines."""
        return self._decode(self.text.strip(_ROUND), 0)

    def last_of(self, block: Block) -> int:
        """Where the last character of a block's body stands."""
        return block.start + len(self.body_text(block).rstrip())

    def place(self, position: int) -> str:
        """The line of a position as it stands in a message, or nothing for a text of one line."""
        line = self.line_of(position)
        return f" (line {line})" if line else ""

    def _decode(self, text: str, offset: int) -> Body | Damage:
        alien = _ALIEN.search(text)
        if alien:
            place = self.place(offset + alien.start())
            return Damage(f"a character that can't be in a key stands in the body{place}")
        compact = _SPACES.sub("", text)
        bare = compact.rstrip("=")
        if not bare:
            return Damage("there is no body")
        if "=" in bare:
            middle = self.place(offset + text.index("="))
            return Damage(f"the body has an end (=) in its middle{middle}")
        if len(bare) % 4 == 1:
            return Damage("characters of the body are missing, or there are too many")
        padded = bare + "=" * (-len(bare) % 4)
        repairs = [INVISIBLE] if _UNSEEN.search(text) else []
        repairs += [PADDING] if padded != compact else []
        return Body(binascii.a2b_base64(padded), tuple(repairs))


def read_armor(text: str) -> Armor:
    """Finds the blocks of a text, whatever happened to its line breaks, quotes and dashes.

    Args:
        text: Anything. It is read in one pass, so a long text costs no more than its length.

    Returns:
        The text as its writer meant it, with its blocks; none if it has no BEGIN or END line.
    """
    plain, repairs = _unescape(text)
    marks = list(_DELIMITER.finditer(plain))
    blocks = tuple(_blocks(plain, marks))
    if blocks and _stands_outside(plain, blocks):
        repairs.append(TEXT_AROUND)
    return Armor(plain, blocks, tuple(repairs))


def _unescape(text: str) -> tuple[str, list[str]]:
    """Undoes what changed the text as a whole; says what that was."""
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
    """Pairs BEGIN and END lines; a line without its partner reaches to the next line or end."""
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
    """Whether anything but white space and quotes stands outside of all blocks."""
    offset = 0
    for block in blocks:
        begin = block.begin.start() if block.begin else block.start
        if text[offset:begin].strip(_ROUND):
            return True
        offset = block.end.end() if block.end else block.stop
    return bool(text[offset:].strip(_ROUND))


def _repairs_of(text: str, block: Block) -> Iterator[str]:
    """What is wrong with the lines of one block and their order."""
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
    """What is wrong with where the block's lines begin and end."""
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
    # Another block on the line is no text round this one.
    beside = before.rpartition("-----")[2] + after.partition("-----")[0]
    if not set(_QUOTES).isdisjoint(beside):
        yield QUOTES
    if beside.strip(_ROUND):
        yield TEXT_ON_LINE
    if (before and not before.strip()) or re.search(r"\n[ \t]+(?=\S)", whole):
        yield INDENTED
    if re.search(r"\S[ \t]*\n[ \t]*\n", whole):
        yield BLANK_LINES
