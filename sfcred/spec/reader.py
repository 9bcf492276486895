"""Reads files of specs: the only reader of them."""

import re
from pathlib import Path

from sfcred.errors import ReadError
from sfcred.files import read_regular
from sfcred.spec import limits
from sfcred.spec.builder import Builder
from sfcred.spec.source import LINE_END, START, Fault, Place, Source

#: The most a spec file may hold, in bytes.
MAX_BYTES = limits.FILE_BYTES

#: What some editors of Windows write in front of a text.
BYTE_ORDER_MARK = "\ufeff"


def read(path: Path, shown: str | None = None) -> Source:
    """Reads a file of specs. What is wrong with it is in `faults`; nothing is raised.

    Args:
        path: The file.
        shown: The path as messages shall show it.

    Returns:
        The source, with every document that could be read.
    """
    shown = str(path) if shown is None else shown
    try:
        content = read_regular(path, MAX_BYTES)
    except ReadError as error:
        source = Source(path, shown, "")
        reason = error.message.removeprefix(f"{path}: ")
        source.faults.append(Fault("syntax", f"can't be read: {reason}", error.hint, START))
        return source
    return parse(content, path, shown)


def parse(content: bytes, path: Path, shown: str) -> Source:
    """As `read`, for bytes that are at hand (UTF-8, with or without a byte order mark)."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        source = Source(path, shown, "")
        source.faults.append(_encoding_fault(content, error))
        return source
    # libyaml drops a mark without counting it, and its places would be off by one.
    return parse_text(text.lstrip(BYTE_ORDER_MARK), path, shown)


def parse_text(text: str, path: Path, shown: str) -> Source:
    """As `read`, for a text that is at hand, without a byte order mark."""
    source = Source(path, shown, text)
    fault = _character_fault(text)
    if fault is not None:
        source.faults.append(fault)
        return source
    Builder(source).build()
    _refuse_long_lines(source)
    if not source.documents and not source.faults:
        hint = "Write a spec into it (see examples/), or remove the file."
        source.faults.append(Fault("syntax", "holds no spec: it is empty", hint, START))
    return source


def _encoding_fault(content: bytes, error: UnicodeDecodeError) -> Fault:
    before = content[: error.start]
    line = before.count(b"\n") + 1
    column = len(before.rsplit(b"\n", 1)[-1].decode("utf-8", "replace")) + 1
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Fault("syntax", "is UTF-16 text", "Save the file as UTF-8.", START)
    return Fault(
        "syntax",
        "is not UTF-8 text",
        "Save the file as UTF-8; if it is no text at all, it doesn't belong here.",
        Place(line, column),
    )


def _character_fault(text: str) -> Fault | None:
    # YAML 1.2, production [1] c-printable.
    bad = re.search("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", text)
    if bad is None:
        return None
    before = text[: bad.start()]
    place = Place(before.count("\n") + 1, len(before.rsplit("\n", 1)[-1]) + 1)
    return Fault(
        "syntax",
        f"holds a control character (U+{ord(bad.group()):04X}), which YAML forbids",
        "Remove it; if the file is binary, it doesn't belong here.",
        place,
    )


def _refuse_long_lines(source: Source) -> None:
    """Nothing is examined whose line can't be shown; another fault says enough."""
    if len(source.text) <= limits.LINE:
        return
    lines = enumerate(re.split(LINE_END, source.text), 1)
    number = next((number for number, line in lines if len(line) > limits.LINE), None)
    if number is None:
        return
    source.documents.clear()
    if not any(fault.kind == "syntax" for fault in source.faults):
        message = f"has a line of more than {limits.LINE} characters"
        hint = "Break the line: write each value, and each entry of a list, on its own line."
        source.faults.append(Fault("syntax", message, hint, Place(number, 1)))
