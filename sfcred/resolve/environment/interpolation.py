"""Expand `${X}` as Docker Compose does, without letting a secret into the result.

Source: Compose's documentation (docs.docker.com, Interpolation), and the template package of
compose-go. In contrast to Compose, a variable that isn't set is not an empty string, because the
shell that Compose runs in could set it. Then the value is unknown.
"""

import re
from collections.abc import Callable

from sfcred.resolve.environment.model import OR_LEAVE_OUT, WRITE_OUT, Unknown, Value
from sfcred.text.redact import looks_secret

#: The value of a variable; None if it isn't set.
Lookup = Callable[[str], Value | None]

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_BRACE = re.compile(r"\$\{|\}")
_OPERATOR = re.compile(r":?[-?+]")
#: A name that may be repeated in a message. Anything else could be part of a secret.
_PUBLIC_NAME = re.compile(r"[A-Z][A-Z0-9_]{1,40}")
# What a variable can be called that is a part of an address. `.env` files can hold anything, and no
# list of the names of secrets is complete.
_OF_AN_ADDRESS = re.compile(
    "HOST|DOMAIN|URL|URI|PORT|PATH|PROTO|SCHEME|FQDN|ADDR|SITE|SERVER|ZONE|TLD|BASE|SUB|PREFIX|SUFFIX"
    "|INSTANCE|REGION|CLUSTER|STAGE|ENVIRONMENT|TENANT|NAMESPACE|WEBHOOK|EDITOR|N8N",
    re.IGNORECASE,
)
# A Consumer Key and a username count as secrets, too (docs/security.md).
_SENSITIVE = re.compile(
    "KEY|SECRET|TOKEN|PASS|PW|CRED|PRIVATE|AUTH|SALT|HASH|DSN|COOKIE|SESSION|LICEN[CS]E|JWT"
    "|USER|CLIENT_?ID|LOGIN|ENCRYPT|SIGN",
    re.IGNORECASE,
)
# A host name, a part of one, a URL, a port or a path.
_ADDRESS_PART = re.compile(
    r"(?:https?://)?(?:[a-z0-9-]{1,40}(?:\.[a-z0-9-]{1,40}){0,10}\.?)?(?::[0-9]{1,5})?"
    r"(?:/[A-Za-z0-9._-]{0,40}){0,5}"
)
# Letters and digits without a break, as in a generated password.
_DENSE = re.compile(r"(?=[a-z]*[0-9])(?=[0-9]*[a-z])[a-z0-9]{20,}", re.IGNORECASE)
#: A longer value isn't an address, and could grow with each level of references.
LONGEST = 2000
#: What fits into _ADDRESS_PART.
_LONGEST_PART = 640
_DEEPEST = 8


class _Stop(Exception):
    """The value can't be determined."""

    def __init__(self, reason: str, hint: str = WRITE_OUT) -> None:
        super().__init__(reason)
        self.unknown = Unknown(reason, hint)


def is_sensitive(name: str) -> bool:
    """Return whether a variable's value may be a secret, by its name."""
    return _SENSITIVE.search(name) is not None or _OF_AN_ADDRESS.search(name) is None


def interpolate(text: str, lookup: Lookup) -> Value:
    """Return a text with its variables expanded, or why that isn't possible.

    Args:
        text: The text, as written in a compose file or an environment file.
        lookup: Returns a variable's value.
    """
    if "$" not in text:
        return text
    try:
        return _expanded(text, lookup, 0)
    except _Stop as stop:
        return stop.unknown


def _expanded(text: str, lookup: Lookup, depth: int) -> str:
    if depth > _DEEPEST:
        raise _Stop(f"a value has variables nested deeper than {_DEEPEST} levels")
    parts: list[str] = []
    done = 0
    while (start := text.find("$", done)) >= 0:
        part, end = _one(text, start + 1, lookup, depth)
        parts += [text[done:start], part]
        done = end
    result = "".join([*parts, text[done:]])
    if len(result) > LONGEST:
        raise _Stop(f"a value has more than {LONGEST} characters")
    return result


def _one(text: str, start: int, lookup: Lookup, depth: int) -> tuple[str, int]:
    """Return what a `$` stands for, given the index after it, and the index after all of it."""
    if text.startswith("$", start):
        return "$", start + 1
    if text.startswith("{", start):
        end = _closing(text, start + 1)
        return _braced(text[start + 1 : end], lookup, depth), end + 1
    name = _NAME.match(text, start)
    if name is None:
        raise _Stop("a value has a `$` that Compose doesn't accept", "Write `$$` for a plain `$`.")
    return _required(name[0], lookup), name.end()


def _closing(text: str, start: int) -> int:
    open_braces = 1
    for brace in _BRACE.finditer(text, start):
        open_braces += 1 if brace[0] == "${" else -1
        if not open_braces:
            return brace.start()
    raise _Stop("a value has a `${` without its `}`", "Add the brace.")


def _braced(inner: str, lookup: Lookup, depth: int) -> str:
    name = _NAME.match(inner)
    operator = _OPERATOR.match(inner, name.end()) if name else None
    if name is None or (operator is None and name.end() < len(inner)):
        raise _Stop("a value has a `${…}` that Compose doesn't accept", "Correct it.")
    if operator is None:
        return _required(name[0], lookup)
    value, word = _value(name[0], lookup), inner[operator.end() :]
    is_there = value is not None and (value != "" or ":" not in operator[0])
    if operator[0].endswith("+"):
        return _expanded(word, lookup, depth + 1) if is_there else ""
    if is_there:
        return value or ""
    if operator[0].endswith("?"):
        raise _not_set(name[0])
    return _expanded(word, lookup, depth + 1)


def _required(name: str, lookup: Lookup) -> str:
    value = _value(name, lookup)
    if value is None:
        raise _not_set(name)
    return value


def _value(name: str, lookup: Lookup) -> str | None:
    """Return a variable's value if it may be part of an address that reports show."""
    if is_sensitive(name):
        raise _Stop("a value contains a variable whose name could be that of a secret")
    value = lookup(name)
    if isinstance(value, Unknown):
        raise _Stop(value.reason, value.hint)
    if value and not _may_be_shown(value):
        raise _Stop("a value contains a variable that isn't part of an address")
    return value


def _may_be_shown(value: str) -> bool:
    if len(value) > _LONGEST_PART:  # first: to judge a long value takes long
        return False
    if _ADDRESS_PART.fullmatch(value) is None:  # before _DENSE, which is slow on long words
        return False
    return not looks_secret(value) and _DENSE.search(value) is None


def _not_set(name: str) -> _Stop:
    what = f"`${{{name}}}`" if _PUBLIC_NAME.fullmatch(name) else "a variable"
    return _Stop(
        f"{what} is not set in the environment file next to it",
        f"Set it there, {OR_LEAVE_OUT}",
    )
