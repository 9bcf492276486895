"""What may be shown: values that look like secrets, and control characters, never are."""

import re
from functools import lru_cache

MASK = "****"

# The shapes of Salesforce's secrets, and of keys. Prefixes from Salesforce's own tokens:
# 00D…! is a session or access token, 5Aep861… a refresh token; a Consumer Secret is 64
# hexadecimal digits (older ones: 16 to 19 decimal digits).
_SECRET_SHAPES = (
    r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----.*"
    # (A shell wants a backslash before the mark, a URL writes it as %21.)
    r"|00D[A-Za-z0-9]{12,15}(?:\\?!|%21)[A-Za-z0-9._-]{8,}"
    r"|5Aep[A-Za-z0-9._]{16,}"
    # Long runs with letters and digits: tokens, then lines of base64. A path has slashes, and
    # begins with one or has shorter runs.
    r"|(?<![\w/-])(?=[\w-]*[0-9])(?=[\w-]*[A-Za-z])[A-Za-z0-9_-]{40,}"
    r"|(?<![\w/+-])(?=[\w+/]*[0-9])(?=[\w+/]*[A-Z])[A-Za-z0-9+/]{60,}={0,2}"
    r"|(?<![0-9])[0-9]{16,19}(?![0-9])"
    r"|eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}[A-Za-z0-9._-]*"
    # The user and password of a URL.
    r"|(?<=//)[^\s/@\"'][^\s/@\"':]*:[^\s/@\"']+(?=@)"
)
# What may follow a URL's path: an address from a browser may hold a session.
_URL_TAIL = r"(?i)(?<=://)([^\s\"'?#,\]}]+[?#])[^\s\"',\]}]+"

# Fields whose values a report may show, whatever else stands in the line.
_OPEN_FIELDS = frozenset(
    [
        "version",
        "name",
        "description",
        "environment",
        "my_domain",
        "flow",
        "type",
        "label",
        "contact_email",
        "scopes",
        "callback_urls",
        "pre_authorized",
        "permission_sets",
        "pkce_required",
        "refresh_token_policy",
        "lifetime",
        "inactivity",
        "refresh_token_rotation",
        "ip_relaxation",
        "org_id",
        "deployment",
        "url",
        "env_file",
        "id",
        "certificate",
    ]
)
# A reference's own keys: what follows is the name of a place, if it looks like one.
_PROVIDERS = frozenset(
    [
        "env",
        "file",
        "dotenv",
        "secrets_dir",
        "n8n",
        "keyring",
        "vault",
        "aws",
        "aws_ssm",
        "gcp",
        "azure",
        "sops",
        "onepassword",
    ]
)
_LOCATOR = r"[\"']?[\w$./~@:#-]+[\"']?\s*(?:[},].*|#.*)?"


def looks_secret(text: str) -> bool:
    """Whether a text contains something of a secret's shape."""
    return re.search(_SECRET_SHAPES, text, re.DOTALL) is not None


def redact(text: str) -> str:
    """A text for people: secrets' shapes masked, control characters made visible."""
    return printable(re.sub(_SECRET_SHAPES, MASK, text, flags=re.DOTALL))


def printable(text: str) -> str:
    """A text that can't steer a terminal or a CI runner.

    Every control and format character is escaped. A line that begins with `::` or `##[`, also
    behind blanks, would be a command for GitHub's or Azure's runner, so a backslash goes before.
    """
    if not text.isprintable():
        text = "".join(c if c.isprintable() or c == "\n" else _escape(c) for c in text)
    if "::" in text or "##[" in text:
        text = re.sub(r"(?m)^(\s*)(?=::|##\[)", r"\1\\", text)
    return text


def _escape(character: str) -> str:
    return character.encode("unicode_escape", "backslashreplace").decode("ascii")


def show(value: object, limit: int = 80) -> str:
    """A value from a spec, quoted for a message: redacted, harmless, not too long."""
    text = redact(str(value)).replace("\n", "\\n")
    return f"`{text if len(text) <= limit else text[: limit - 1] + '…'}`"


@lru_cache(maxsize=256)  # a line with many findings is masked once
def mask_line(line: str) -> str:
    """A line of a spec as a report may show it.

    A value is shown where its field is known to be public; what stands in a secret's place,
    in an unknown field or in the continuation of some other line is masked. The masked line
    has its unmasked beginning at the same columns, so that a caret still fits.

    Args:
        line: The line as it is in the file.

    Returns:
        The line, printable.
    """
    comment = re.match(r"\s*#", line)
    if comment:
        return comment.group() + " …" if looks_secret(line) else printable(line)
    masked = re.sub(_URL_TAIL, rf"\1{MASK}", _mask_values(line))
    return redact(masked.replace("\t", " "))


def _mask_values(line: str) -> str:
    key = r"(?P<key>(?<![\w.-])[\w.-]+|\"[\w.-]+\"|'[\w.-]+')"
    pairs = list(re.finditer(rf"{key}\s*:(?=[\s{{\[]|$)", line))
    if not pairs:
        return line if _is_open_item(line) else _mask_from(line, 0)
    if line[: pairs[0].start()].strip("- {[,\t"):
        return _mask_from(line, 0)
    for pair in pairs:
        key = pair["key"].strip("\"'")
        value = line[pair.end() :].strip()
        if key not in _OPEN_FIELDS and not _is_harmless(key, value):
            return _mask_from(line, pair.end())
    return line


def _is_harmless(key: str, value: str) -> bool:
    """Nothing but a nested mapping, the key of a block that begins here, or a place's name."""
    if not value or value.startswith(("{", "#")) or re.fullmatch(r"[&*|>]\S*", value):
        return True
    return key in _PROVIDERS and re.fullmatch(_LOCATOR, value) is not None


def _is_open_item(line: str) -> bool:
    """A list's item of a public kind: a scope, a URL, a permission set; or only punctuation."""
    text = line.strip()
    if re.fullmatch(r"[-\s\]}\[{,.]*", text):
        return True
    return bool(re.fullmatch(r"-\s+(https?://\S+|[a-z_]{2,32}|[A-Za-z]\w{0,31}_\w{1,31}),?", text))


def _mask_from(line: str, start: int) -> str:
    rest = line[start:]
    if not rest.strip():
        return line
    blank = rest[: len(rest) - len(rest.lstrip())]
    return line[:start] + blank + MASK
