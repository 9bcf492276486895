"""Find secrets in the text of a workflow's file, by their shape."""

import re
from bisect import bisect_right
from collections.abc import Iterator

from sfcred.workflows.model import WorkflowFile

_NAMES = r"(?:client|consumer)[_ -]?secret"
# A Consumer Secret has 64 hexadecimal digits, or 16 to 19 decimal ones if it is older. Only its
# name tells it from other numbers: as a key, in a form, or as the name of a parameter.
_VALUE = r"(?:[0-9A-Fa-f]{64}|[0-9]{16,19})"
_SECRETS = re.compile(
    r"(?P<key>-----BEGIN [A-Z0-9 ]{0,20}PRIVATE KEY-----)"
    r"|(?P<access>(?<![A-Za-z0-9])00D[A-Za-z0-9]{12,15}(?:!|%21|\\u0021)[A-Za-z0-9._-]{20,})"
    r"|(?P<refresh>(?<![A-Za-z0-9])5Aep[A-Za-z0-9._]{30,})"
    rf'|(?i:{_NAMES})(?:\\?"\s*:\s*\\?"|=|"\s*,\s*"value"\s*:\s*")(?P<secret>{_VALUE})'
    rf'|"value"\s*:\s*"(?P<other>{_VALUE})"\s*,\s*"name"\s*:\s*"(?i:{_NAMES})"'
)
_WORDS = {
    "key": "a private key",
    "access": "a Salesforce access token",
    "refresh": "a Salesforce refresh token",
    "secret": "a Consumer Secret",
    "other": "a Consumer Secret",
}


def find_secrets(text: str) -> Iterator[tuple[int, str]]:
    """Yield the index of each secret, and what it is."""
    for found in _SECRETS.finditer(text):
        kind = found.lastgroup or ""
        yield found.start(kind), _WORDS[kind]


class NodeIndex:
    """Tells which node an index of a file's text is in. Nodes of inline workflows don't count."""

    def __init__(self, file: WorkflowFile) -> None:
        self._nodes: dict[int, tuple[int, str]] = {}
        for workflow in file.workflows:
            for node in workflow.nodes:
                self._nodes.setdefault(node.span[0], (node.span[1], node.name))
        self._starts = sorted(self._nodes)

    def name_at(self, index: int) -> str:
        """Return the name of the node; empty outside of nodes."""
        place = bisect_right(self._starts, index) - 1
        end, name = self._nodes[self._starts[place]] if place >= 0 else (0, "")
        return name if index < end else ""
