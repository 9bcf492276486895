"""Recognize UTF-16 text, which Windows PowerShell's `>` writes."""

import re

_MARKS = (b"\xff\xfe", b"\xfe\xff")
# Four characters of ASCII. Nothing else that people store begins with a zero in every second byte.
_ASCII = rb"[\t\n\r -~]"
_LITTLE_ENDIAN = re.compile(rb"(?:" + _ASCII + rb"\0){4}")
_BIG_ENDIAN = re.compile(rb"(?:\0" + _ASCII + rb"){4}")


def utf_16_of(content: bytes) -> str | None:
    """Return the encoding of a file's content if it is UTF-16, with or without a byte order mark.

    Args:
        content: The content, from its beginning.

    Returns:
        A codec's name for `bytes.decode`, which leaves out a mark. None for anything but UTF-16.
    """
    if content.startswith(_MARKS):
        return "utf-16"
    if _LITTLE_ENDIAN.match(content):
        return "utf-16-le"
    return "utf-16-be" if _BIG_ENDIAN.match(content) else None
