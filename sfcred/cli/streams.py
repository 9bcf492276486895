"""Guard standard output and error: only harmless text passes, and a closed pipe is no error."""

import errno
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO, cast

from sfcred.errors import WriteError, system_reason
from sfcred.text.printable import guarded

# The only sign of sfcred's own that old consoles lack. No other is replaced: a name in a command
# can have curly quotes, and straight ones would end the shell's.
_PLAIN = str.maketrans({"…": "..."})


@contextmanager
def guarded_streams() -> Iterator[None]:
    """Guard standard output and error while a command runs.

    Everything passes through the guards: reports, click's messages and prompts, warnings from
    libraries, tracebacks.
    """
    before = sys.stdout, sys.stderr
    sys.stdout = cast("TextIO", SafeStream(before[0], name="output"))
    sys.stderr = cast("TextIO", SafeStream(before[1], name="error"))
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


class SafeStream:
    """A text stream that only lets harmless text through.

    A reader that closes the pipe early causes no error: the exit status is the result, whether or
    not anything reads the rest. Failures on standard error are ignored, because there is nowhere
    left to report them.

    Args:
        stream: The real stream; None if there is none.
        name: Which stream it is: output or error.
    """

    def __init__(self, stream: TextIO | None, *, name: str) -> None:
        self.raw = stream
        self._name = name

    @property
    def encoding(self) -> str:
        """The real stream's encoding, which click and input() ask for."""
        return (self.raw and self.raw.encoding) or "utf-8"

    @property
    def errors(self) -> str:
        """How the real stream handles characters that it can't encode."""
        return (self.raw and self.raw.errors) or "strict"

    def isatty(self) -> bool:
        """Return whether the stream is a terminal."""
        return self.raw is not None and self.raw.isatty()

    def fileno(self) -> int:
        """Return the real stream's file descriptor.

        Raises:
            OSError: There is no stream.
        """
        if self.raw is None:
            raise OSError(f"there is no standard {self._name}")
        return self.raw.fileno()

    def write(self, text: str | bytes) -> int:
        """Write text, made harmless.

        Args:
            text: The text, or UTF-8 bytes, as click's completion writes them.

        Raises:
            TypeError: For empty bytes, which click uses to find out that this stream takes text.
            WriteError: Standard output can't be written, for example because the disk is full.
        """
        if text == b"":
            raise TypeError("this stream takes text")
        if isinstance(text, bytes):
            self.put(guarded(text.decode("utf-8", "backslashreplace")), is_utf8=True)
        else:
            self.put(guarded(text))
        return len(text)

    def put(self, text: str, *, is_utf8: bool = False) -> None:
        """Write text that is already guarded.

        Args:
            text: The text.
            is_utf8: Write UTF-8 and line feeds for other programs, whatever the console's encoding.

        Raises:
            WriteError: Standard output can't be written, for example because the disk is full.
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
        """Flush the real stream.

        Raises:
            WriteError: Standard output can't be written.
        """
        try:
            if self.raw is not None:
                self.raw.flush()
        except OSError as problem:
            self._lose(problem)

    def _encodable(self, text: str) -> str:
        """Return the text in characters that the console has: replacements, or else escapes."""
        encoding = self.encoding
        for form in (text, text.translate(_PLAIN)):
            try:
                form.encode(encoding)
            except UnicodeEncodeError:
                continue
            return form
        return text.translate(_PLAIN).encode(encoding, "backslashreplace").decode(encoding)

    def _lose(self, problem: OSError) -> None:
        """Silence the stream, so that Python's flush at exit can't fail.

        Raises:
            WriteError: Standard output can't be written, for another reason than a closed pipe.
        """
        silence(self.raw)
        if _is_closed_pipe(problem) or self._name == "error":
            return
        raise WriteError(
            f"the output could not be written: {system_reason(problem)}",
            hint="Free some disk space, or write to another place.",
        ) from None


def _is_closed_pipe(problem: OSError) -> bool:
    # Windows reports an invalid argument instead (python/cpython issue 79935).
    is_windows = sys.platform == "win32"
    return isinstance(problem, BrokenPipeError) or (is_windows and problem.errno == errno.EINVAL)


def silence(stream: TextIO | None) -> None:
    """Redirect a stream to the null device, so that Python's flush at exit can't fail."""
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
    line_end: str = "\n",
) -> None:
    """Print to standard output or error, with nothing in the text that acts as a command.

    Args:
        text: What to print, line ends included.
        error: Print to standard error.
        is_utf8: Write UTF-8 for other programs, whatever the console's encoding.
        is_own: As for printable.guarded.
        line_end: What ends each line.

    Raises:
        WriteError: Standard output can't be written, for example because the disk is full.
    """
    stream = sys.stderr if error else sys.stdout
    guard = (
        stream
        if isinstance(stream, SafeStream)
        else SafeStream(stream, name="error" if error else "output")
    )
    guard.put(guarded(text, is_own).replace("\n", line_end), is_utf8=is_utf8)


def can_ask() -> bool:
    """Return whether there is a person to ask: questions go to standard error."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def real(stream: TextIO) -> TextIO | None:
    """Return the stream without its guard, for click's progress bar, which moves the cursor."""
    return stream.raw if isinstance(stream, SafeStream) else stream
