"""Find secrets in the text of a workflow's file, by their shape."""

import re
from bisect import bisect_right
from collections.abc import Iterator

from sfcred.workflows.model import WorkflowFile

# Texts inside of texts (an inline workflow, a JSON body, code) have their quotes and line ends
# escaped, once for each level. Windows PowerShell and .NET also write some signs as \u0027.
# Possessive, so that no text is searched twice.
_JSON_QUOTE = r'(?:\\*+"|\\++u0022)'
_QUOTE = r"""(?:\\*+["'`]|\\++u00(?:22|27|60))"""
_SPACE = r"(?:\s|\\++[nrt])*+"
_NAMES = r"(?i:(?:client|consumer)[_ -]?secret)"
# A Consumer Secret has 64 hexadecimal digits, or 16 to 19 decimal ones if it is older. Only its
# name tells it from other numbers: as a key, a variable, an argument, a parameter or in a form.
_VALUE = r"(?:[0-9A-Fa-f]{64}|[0-9]{16,19})"
_OPEN = rf"{_QUOTE}?+={{0,2}}+(?:\{{\{{)?+{_SPACE}{_QUOTE}?+"  # `"`, or also `"={{ '`
_TYPE = rf"(?::{_SPACE}str(?:ing)?\b{_SPACE})?+"  # of a variable in code
_ASSIGN = r"(?:=>|[:=>]|\|\||\?\?|\\++u003[de]|%3[Dd])"
_ASSIGNED = rf"{_QUOTE}?+{_SPACE}\]?+{_SPACE}{_TYPE}{_ASSIGN}{_SPACE}{_OPEN}"
# A parameter's members in any order, such as `"name": "…", "type": "string", "value": "…"`.
_COLON, _COMMA = f"{_SPACE}:{_SPACE}", f"{_SPACE},{_SPACE}"
_TEXT = rf'{_JSON_QUOTE}[^"\\]{{0,200}}+{_JSON_QUOTE}'
_OTHERS = rf"(?:{_TEXT}{_COLON}(?:{_TEXT}|[\w.+-]{{1,40}}+){_COMMA}){{0,6}}"
_NAMED = rf"{_JSON_QUOTE}{_COLON}{_JSON_QUOTE}=?+{_NAMES}{_JSON_QUOTE}"
_VALUED = rf"{_JSON_QUOTE}value{_JSON_QUOTE}{_COLON}{_OPEN}"
_SECRETS = re.compile(
    r"(?P<key>-----BEGIN [A-Z0-9 ]{0,20}PRIVATE KEY-----)"
    r"|(?P<access>(?<![A-Za-z0-9])00D[A-Za-z0-9]{12,15}(?:!|%21|\\u0021)[A-Za-z0-9._-]{20,})"
    r"|(?P<refresh>(?<![A-Za-z0-9])5Aep[A-Za-z0-9._]{30,})"
    rf"|{_NAMES}(?:{_ASSIGNED}|{_JSON_QUOTE}{_COMMA}{_VALUED})(?P<secret>{_VALUE})"
    rf"|\({_SPACE}{_QUOTE}{_NAMES}{_QUOTE}{_COMMA}{_QUOTE}(?P<argument>{_VALUE})"
    rf"|(?<=[Nn]ame|\Wkey){_NAMED}{_COMMA}{_OTHERS}{_VALUED}(?P<named>{_VALUE})"
    rf"|(?<=\Wvalue){_JSON_QUOTE}{_COLON}{_OPEN}(?P<valued>{_VALUE}){_QUOTE}?+(?:{_SPACE}\}}\}})?+"
    rf"{_JSON_QUOTE}?+{_COMMA}{_OTHERS}{_JSON_QUOTE}(?:name|key){_NAMED}"
)
_CONSUMER_SECRET = "a Consumer Secret"
_WORDS = {
    "key": "a private key",
    "access": "a Salesforce access token",
    "refresh": "a Salesforce refresh token",
    "secret": _CONSUMER_SECRET,
    "argument": _CONSUMER_SECRET,
    "named": _CONSUMER_SECRET,
    "valued": _CONSUMER_SECRET,
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
