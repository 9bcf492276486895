"""Read spec files. Nothing else in sfcred parses them."""

import re
from pathlib import Path

from sfcred.errors import ReadError
from sfcred.files import read_regular
from sfcred.spec import limits
from sfcred.spec.builder import Builder
from sfcred.spec.source import LINE_END, START, Fault, Place, Source
from sfcred.utf16 import utf_16_of

#: The maximum size of a spec file, in bytes.
MAX_BYTES = limits.FILE_BYTES

#: Some Windows editors write this at the beginning of a file.
BYTE_ORDER_MARK = "\ufeff"

# The opposite of YAML 1.2's production [1], c-printable.
_NOT_PRINTABLE = "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"


def read(path: Path, shown: str | None = None) -> Source:
    """Read a file of specs. Faults are collected in `faults`, and nothing is raised.

    Args:
        path: The file.
        shown: The path as messages show it.

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


def parse(content: bytes, path: Path, shown: str, *, takes_tags: bool = False) -> Source:
    """Parse bytes as `read` does: UTF-8, with or without a byte order mark.

    Args:
        content: The file's content.
        path: The file.
        shown: The path as messages show it.
        takes_tags: Accept tags such as `!reset`, which are not for specs.
    """
    text = _decoded(content)
    if isinstance(text, Fault):
        source = Source(path, shown, "")
        source.faults.append(text)
        return source
    # libyaml skips a byte order mark without counting it, so its positions would be off by one.
    return parse_text(text.lstrip(BYTE_ORDER_MARK), path, shown, takes_tags=takes_tags)


def parse_text(text: str, path: Path, shown: str, *, takes_tags: bool = False) -> Source:
    """Parse text as `read` does. It must not begin with a byte order mark."""
    source = Source(path, shown, text)
    fault = _character_fault(source)
    if fault is not None:
        source.faults.append(fault)
        return source
    Builder(source, takes_tags=takes_tags).build()
    _refuse_long_lines(source)
    if not source.documents and not source.faults:
        hint = "Add a spec (`sfcred init` writes one), or delete the file."
        source.faults.append(Fault("syntax", "is empty", hint, START))
    return source


def _decoded(content: bytes) -> str | Fault:
    if utf_16_of(content):
        return Fault("syntax", "is UTF-16 text", "Save the file as UTF-8.", START)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _encoding_fault(content, error)


def _encoding_fault(content: bytes, error: UnicodeDecodeError) -> Fault:
    before = content[: error.start]
    line = before.count(b"\n") + 1
    column = len(before.rsplit(b"\n", 1)[-1].decode("utf-8", "replace")) + 1
    if content.startswith(b"\0GITCRYPT\0"):
        return Fault("syntax", "is encrypted by git-crypt", "Run `git-crypt unlock`.", START)
    return Fault(
        "syntax",
        "is not UTF-8 text",
        "Save the file as UTF-8. If it isn't a text file, move it elsewhere.",
        Place(line, column),
    )


def _character_fault(source: Source) -> Fault | None:
    bad = re.search(_NOT_PRINTABLE, source.text)
    if bad is None:
        return None
    return Fault(
        "syntax",
        f"contains a control character (U+{ord(bad.group()):04X}), which YAML does not allow",
        "Remove the character. If the file is binary, move it elsewhere.",
        source.place_at(bad.start()),
    )


def _refuse_long_lines(source: Source) -> None:
    """Reject a file with a line too long to show, unless it already has another fault."""
    if len(source.text) <= limits.LINE:
        return
    lines = enumerate(re.split(LINE_END, source.text), 1)
    number = next((number for number, line in lines if len(line) > limits.LINE), None)
    if number is None:
        return
    source.documents.clear()
    if not any(fault.kind == "syntax" for fault in source.faults):
        message = f"has a line of more than {limits.LINE} characters"
        hint = "Break the line: put each value and each list entry on its own line."
        source.faults.append(Fault("syntax", message, hint, Place(number, 1)))
