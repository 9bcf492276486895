"""Read the variables of an environment file, as Docker Compose and n8n itself read it.

Compose expands variables. n8n's own loader (dotenv 17.2.3, n8n 2.40.5), systemd and `docker run`
don't, so an address with `${X}` works only with Compose. Compose and n8n's loader also read
`NAME: value`. Where the readers disagree about a line, its value is unknown.
"""

import re
from typing import TYPE_CHECKING

from sfcred.environment_file import bindings
from sfcred.errors import ReadError
from sfcred.resolve.environment.interpolation import Lookup, interpolate
from sfcred.resolve.environment.model import WRITE_OUT, Unknown, Value

if TYPE_CHECKING:
    from dotenv.parser import Binding

_CONFLICT = re.compile(r"^(?:<{7}|>{7})(?: |$)", re.MULTILINE)
_ASSIGNED = re.compile(r"[^=]*=[^\S\r\n]*")
_MALFORMED = Unknown("has a line with it that is not NAME=value", "Correct the line.")
_AMBIGUOUS = Unknown(
    "has a value that n8n and Docker Compose read differently (a `#`, a backslash or a backquote)",
    "Put the value in double quotes, without backslashes.",
)
_COMMENT = Unknown(
    "has a `#` in place of a value, which Docker Compose takes as the value",
    "Write the comment on a line of its own.",
)
_FROM_THE_SHELL = Unknown("has a variable without a value, which only the shell has", WRITE_OUT)


def _nothing(_name: str) -> None:
    """Look nothing up."""


def read_variables(
    text: str,
    first: Lookup = _nothing,
    last: Lookup = _nothing,
    *,
    by_compose: bool = False,
    raw: bool = False,
) -> dict[str, Value]:
    """Return all variables of an environment file. Keep only what you need: the others are secrets.

    Args:
        text: The file's text.
        first: Returns a variable that wins over one of the file when a value refers to it.
        last: Returns a variable that the file doesn't set before the line that refers to it.
        by_compose: Only Compose reads it.
        raw: Expand nothing, and keep quotes (Compose's `format: raw`).

    Raises:
        ReadError: The text has too many blanks in a row, or marks of a merge conflict.
    """
    if _CONFLICT.search(text):  # Compose refuses it, and each side can set another value
        raise ReadError("has marks of a merge conflict", hint="Resolve the conflict.")
    found: dict[str, Value] = {}

    def lookup(name: str) -> Value | None:
        value = first(name)
        if value is not None:
            return value
        return found[name] if name in found else last(name)

    for binding in bindings(text, colons=by_compose and not raw):
        if binding.error or ":" in (binding.key or ""):
            found |= dict.fromkeys(_named(binding.original.string), _MALFORMED)
        elif binding.key is not None:
            found[binding.key] = _value(binding, lookup, raw=raw)
    return found


def _named(line: str) -> frozenset[str]:
    """Return the variables that a malformed line could set."""
    return frozenset(re.findall(r"[A-Za-z_][A-Za-z0-9_]*", line))


def _value(binding: "Binding", lookup: Lookup, *, raw: bool) -> Value:
    text = binding.value
    if text is None:
        return _FROM_THE_SHELL
    written = binding.original.string.lstrip()
    if raw:  # as it is, with its quotes
        return written.partition("=")[2].rstrip("\r\n")
    start = _ASSIGNED.match(written)
    quote = written[start.end() : start.end() + 1] if start else ""
    if quote == "'":
        return text
    if quote == "#" and not text:
        return _COMMENT
    if "\\" in written or (quote != '"' and re.search(r"#|^`", text)):
        return _AMBIGUOUS
    return interpolate(text, lookup)
