"""Collect what sfcred itself prints: the messages, reasons and hints in its code.

`scripts.generate` writes them to sfcred/report/own_messages.json, so that `sfcred explain --error`
recognizes them without reading the code.
"""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

from sfcred.checks import all_checks

SOURCE = Path(__file__).resolve().parents[1] / "sfcred"
TABLE = SOURCE / "report/own_messages.json"
# The tables with the texts of others, and code that prints nothing that somebody would look up.
_LEFT_OUT = (
    "salesforce/", "n8n/salesforce", "local_org/", "report/html/", "report/error_text",
    "report/unknown_error", "spec/model.py", "spec/examples", "settings/model.py", "checks/api.py",
    "checks/chapters.py", "guide/", "n8n/versions.py", "own_files.py", "init/",
)  # fmt: skip
# What other modules word for a check.
_WORDED_FOR = {"spec/messages.py": "schema", "spec/builder.py": "yaml-syntax"}
_WORDS_OF = {"is set twice": "duplicate-key", "not a literal value": "inline-secret"}
# A shorter text could be anybody's. Of a check, a shorter one counts as a whole line.
_LEAST_WORDS, _LEAST_OF_CHECK, _LEAST_OF_HINT = 8, 4, 3
# Arguments that only help texts and examples have.
_HELP = frozenset({"help", "short_help", "epilog", "metavar", "description", "examples", "doc"})
_EXAMPLES = frozenset({"Example", "ExampleReply", "Field"})


def own_messages() -> str:
    """Return the texts as JSON: those of each check, and the others with their hints."""
    ids = {check.name: check.id for check in all_checks()}
    checks: dict[str, set[str]] = {}
    messages: dict[str, str] = {}
    for path in sorted(SOURCE.rglob("*.py")):
        place = path.relative_to(SOURCE).as_posix()
        if place.startswith(_LEFT_OUT):
            continue
        check = ids.get(_check_of(path, place), "")
        least = _LEAST_OF_CHECK if check else _LEAST_WORDS
        for text, hint in _texts(ast.parse(path.read_text(encoding="utf-8")), least):
            its = next((ids[name] for part, name in _WORDS_OF.items() if part in text), check)
            if its:
                checks.setdefault(its, set()).update({text, hint} - {""})
            elif not messages.get(text):
                messages[text] = hint
    table = {
        "checks": {check: sorted(checks[check]) for check in sorted(checks)},
        "messages": {text: messages[text] for text in sorted(messages)},
    }
    return json.dumps(table, indent=1, ensure_ascii=False) + "\n"


def _check_of(path: Path, place: str) -> str:
    """Return the name of the check that a module's texts belong to; empty for none."""
    is_check = path.parent.parent.name == "checks" and path.parent.name != "lib"
    return path.stem.replace("_", "-") if is_check else _WORDED_FOR.get(place, "")


def _texts(tree: ast.Module, least: int) -> Iterator[tuple[str, str]]:
    """Yield the texts of a module, with {} for each part that varies, and their hints.

    Args:
        tree: The module.
        least: The least words of a text.
    """
    left_out = set(_left_out(tree))
    hints: dict[int, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args:
            given = {word.arg: word.value for word in node.keywords}
            hint = _text_of(given["hint"]) if "hint" in given else ""
            hints[id(node.args[0])] = hint if _is_sentence(hint, _LEAST_OF_HINT) else ""
    for node in ast.walk(tree):
        text = _text_of(node)
        if id(node) not in left_out and _is_sentence(text, least):
            yield text, hints.get(id(node), "")


def _left_out(tree: ast.Module) -> Iterator[int]:
    """Yield what isn't printed as it is: documentation, help, examples, and parts of a text."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            yield id(node.value)
        elif isinstance(node, ast.JoinedStr):
            yield from map(id, node.values)
        elif isinstance(node, ast.keyword) and node.arg in _HELP:
            yield from map(id, ast.walk(node.value))
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") in _EXAMPLES:
            yield from map(id, ast.walk(node))


def _text_of(node: ast.AST) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return " ".join(node.value.split())
    if not isinstance(node, ast.JoinedStr):
        return ""
    parts = (part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return " ".join("".join(map(str, parts)).split())


# Regular expressions, types, templates, addresses and PEM frames.
_CODE = re.compile(
    r"[\\<>|]|\(\?|\{\"|^\S+ = |^\w+: ?\S*\{\w|\$\{\{|-----|\w\[\w+[\],]|\w\+\w|^https?://\S+$"
)


def _is_sentence(text: str, least: int) -> bool:
    words = re.findall(r"[A-Za-z']{2,}", text.replace("{}", " "))
    is_code = " " not in text or _CODE.search(text) is not None
    return len(words) >= least and not is_code
