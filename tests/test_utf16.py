"""UTF-16 is recognized the same way wherever sfcred reads a file."""

import pytest

from sfcred.utf16 import utf_16_of


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", ["name", "\r\n# ä\n", '{\n\t"a": 1}', "a: \u4e2d"])
def test_text_in_utf_16_reads_as_it_was_written(codec: str, text: str) -> None:
    content = text.encode(codec)
    if text.startswith("a: ") and codec != "utf-16":  # three characters decide nothing
        assert utf_16_of(content) is None
        return
    assert content.decode(utf_16_of(content) or "") == text


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"name: a\n",
        b"\xef\xbb\xbfname",
        b"n\0a\0m\0",  # too short to tell
        b"\0" * 16,
        bytes.fromhex("308204a4020100") + b"\0" * 9,  # DER
        b"\xfe\xed\xfe\xed\0\0\0\x02",  # a Java keystore
        b"\x01\0\x02\0\x03\0\x04\0",  # numbers
    ],
)
def test_anything_else_is_not_utf_16(content: bytes) -> None:
    assert utf_16_of(content) is None
