"""Version 1 of the baseline: fingerprints of the line as 0.1 masked it.

Remove this, and its use in baseline.py, two minor versions after 0.2. It is a copy of what 0.1 did,
so that findings in its baselines are recognized until the baselines are rewritten. Nothing that it
masks is ever shown. If it masks a line differently than 0.1 did, a known finding looks new, but
never the reverse, because the hash is of the line.
"""

import re
from collections.abc import Callable, Iterable, Iterator

from sfcred.doctor.fingerprint import digest, numbered, owner
from sfcred.findings import Finding
from sfcred.text.printable import printable
from sfcred.text.redact import MASK, looks_secret, redact

# Query and fragment of a URL: an address copied from a browser can contain a session.
_URL_TAIL = r"(?i)(?<=://)([^\s\"'?#,\]}]+[?#])[^\s\"',\]}]+"

# Fields whose values a report may show, whatever else is on the line.
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
# The keys of references: their value is the name of a place, if it looks like one.
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


def fingerprints(
    findings: Iterable[Finding], line_of: Callable[[Finding], str]
) -> Iterator[tuple[Finding, str]]:
    """Yield each finding with the fingerprint that 0.1 gave it.

    Args:
        findings: The findings, in the order of a report.
        line_of: Returns the line of a finding as it is in the file.
    """
    return numbered(
        (finding, digest(finding.check, *owner(finding), _mask_line(line_of(finding)).strip()))
        for finding in findings
    )


def _mask_line(line: str) -> str:
    """Mask a line of a spec as 0.1 did."""
    comment = re.match(r"\s*#", line)
    if comment:
        return comment.group() + " …" if looks_secret(line) else printable(line)
    masked = re.sub(_URL_TAIL, rf"\1{MASK}", _mask_values(line))
    return redact(masked.replace("\t", " "))


def _mask_values(line: str) -> str:
    pairs = list(re.finditer(r"(?P<key>[\w.-]+|\"[\w.-]+\"|'[\w.-]+')\s*:(?=[\s{\[]|$)", line))
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
    """Return whether a value is a nested mapping, the start of a block, or a place's name."""
    if not value or value.startswith(("{", "#")) or re.fullmatch(r"[&*|>]\S*", value):
        return True
    return key in _PROVIDERS and re.fullmatch(_LOCATOR, value) is not None


def _is_open_item(line: str) -> bool:
    """Return whether a line is a public list item (scope, URL, permission set) or punctuation."""
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
