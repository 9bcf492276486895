"""DER, written by hand: for keys that no library makes."""


def der(tag: int, content: bytes) -> bytes:
    """Return an element: its tag, its length and its content."""
    size = len(content)
    length = size.to_bytes((size.bit_length() + 7) // 8 or 1)
    return bytes([tag, *([size] if size < 128 else [128 | len(length), *length])]) + content


def integer(number: int) -> bytes:
    """Return an INTEGER that isn't negative."""
    return der(2, number.to_bytes(number.bit_length() // 8 + 1))
