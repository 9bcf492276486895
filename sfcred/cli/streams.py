"""Standard output and error: only harmless text goes through, and a lost reader is no bug."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO, cast

from sfcred.errors import ReadError, WriteError, system_reason
from sfcred.printable import guarded

# What old consoles lack, in signs that they have.
_PLAIN = str.maketrans({"…": "...", "–": "-", "—": "-", "’": "'", "‘": "'", "“": '"', "”": '"'})


@contextmanager
def guarded_streams() -> Iterator[None]:
    """Put guards before standard output and error for the time of a command.

    Everything goes through them: reports, click's messages and prompts, warnings of libraries,
    tracebacks.
    """
    before = sys.stdout, sys.stderr
    sys.stdout = cast("TextIO", Guard(before[0], name="output"))
    sys.stderr = cast("TextIO", Guard(before[1], name="error"))
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


class Guard:
    """A text stream that lets nothing through but harmless text.

    A reader that left early is no failure: the exit status is the verdict, whoever reads the rest.
    On standard error nothing is a failure, because nobody could be told of it.

    Args:
        stream: The real stream; None where there is none.
        name: Which one: output or error.
    """

    def __init__(self, stream: TextIO | None, *, name: str) -> None:
        self.raw = stream
        self._name = name

    @property
    def encoding(self) -> str:
        """The real stream's encoding; click and input() ask for it."""
        return (self.raw and self.raw.encoding) or "utf-8"

    @property
    def errors(self) -> str:
        """The real stream's way with characters that it can't show."""
        return (self.raw and self.raw.errors) or "strict"

    def isatty(self) -> bool:
        """Whether a person sees it."""
        return self.raw is not None and self.raw.isatty()

    def fileno(self) -> int:
        """The real stream's number.

        Raises:
            OSError: There is no stream.
        """
        if self.raw is None:
            raise OSError(f"there is no standard {self._name}")
        return self.raw.fileno()

    def write(self, text: str | bytes) -> int:
        """Write a text, made harmless.

        Args:
            text: The text; or UTF-8, as click's completion writes it.

        Raises:
            TypeError: For no bytes at all: so click finds out that this stream is for text.
            WriteError: The device of standard output refuses, such as a full disk.
        """
        if text == b"":
            raise TypeError("a text is needed")
        if isinstance(text, bytes):
            self.put(guarded(text.decode("utf-8", "backslashreplace")), is_utf8=True)
        else:
            self.put(guarded(text))
        return len(text)

    def put(self, text: str, *, is_utf8: bool = False) -> None:
        """Write a text that is guarded already.

        Args:
            text: The text.
            is_utf8: Write UTF-8 and line feeds, whatever the console has: programs read it.

        Raises:
            WriteError: The device of standard output refuses, such as a full disk.
        """
        if self.raw is None or not text:
            return
        try:
            if is_utf8 and hasattr(self.raw, "buffer"):
                self.raw.flush()
                self.raw.buffer.write(text.encode("utf-8", "backslashreplace"))
            else:
                self.raw.write(self._encodable(text))
            self.raw.flush()
        except OSError as problem:
            self._lose(problem)

    def flush(self) -> None:
        """Send what is held back.

        Raises:
            WriteError: The device of standard output refuses.
        """
        try:
            if self.raw is not None:
                self.raw.flush()
        except OSError as problem:
            self._lose(problem)

    def _encodable(self, text: str) -> str:
        """The text in characters that the console has: plain signs, else escapes."""
        encoding = self.encoding
        for form in (text, text.translate(_PLAIN)):
            try:
                form.encode(encoding)
            except UnicodeEncodeError:
                continue
            return form
        return text.translate(_PLAIN).encode(encoding, "backslashreplace").decode(encoding)

    def _lose(self, problem: OSError) -> None:
        """Silence the stream, and Python's own flush at its end; tell what a person can mend."""
        silence(self.raw)
        if isinstance(problem, BrokenPipeError) or self._name == "error":
            return
        raise WriteError(
            f"the output could not be written: {system_reason(problem)}",
            hint="Make room, or write elsewhere.",
        ) from None


def silence(stream: TextIO | None) -> None:
    """Lead a stream to nowhere: what it still holds must not fail when Python ends."""
    if stream is None:
        return
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
    except (OSError, ValueError):
        return


def emit(
    text: str,
    *,
    error: bool = False,
    is_utf8: bool = False,
    is_own: Callable[[str], bool] | None = None,
) -> None:
    """Print to standard output (or error). No text in it can become a command.

    Args:
        text: What to print, line ends included.
        error: To standard error.
        is_utf8: It is for programs: UTF-8, whatever the console has.
        is_own: As for printable.guarded.

    Raises:
        WriteError: The output's device refuses, such as a full disk.
    """
    stream = sys.stderr if error else sys.stdout
    guard = (
        stream if isinstance(stream, Guard) else Guard(stream, name="error" if error else "output")
    )
    guard.put(guarded(text, is_own), is_utf8=is_utf8)


def read_input(limit: int) -> bytes:
    """Read standard input.

    Args:
        limit: The most to read, in bytes.

    Raises:
        ReadError: It can't be read.
    """
    try:
        return sys.stdin.buffer.read(limit)
    except OSError as problem:
        raise ReadError(
            f"standard input can't be read: {system_reason(problem)}",
            hint="Name a file, or send it the text.",
        ) from None


def real(stream: TextIO) -> TextIO | None:
    """The stream behind its guard: for click's progress bar, which moves the cursor."""
    return stream.raw if isinstance(stream, Guard) else stream
