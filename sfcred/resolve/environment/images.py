"""Recognize n8n's container, and which of several is the one with the editor."""

import re

from sfcred.resolve.environment import yaml
from sfcred.spec.source import Node

#: n8nio/n8n, docker.n8n.io/n8nio/n8n, ghcr.io/n8n-io/n8n, and a company's own …/n8n.
_IMAGE = re.compile(r"(?:.*/)?n8n(?:[:@].*)?", re.DOTALL)
#: The commands of n8n's other processes. They answer no callback.
_OTHERS = frozenset({"worker", "webhook"})


def is_n8n(image: str) -> bool:
    """Return whether a container image is n8n's."""
    return _IMAGE.fullmatch(image.strip()) is not None


def is_main(command: Node | None) -> bool:
    """Return whether a command starts n8n's main process, which serves the editor.

    One that only imports or exports ends before that. Others import, and then start n8n.
    """
    words = [word.strip("\"';&|") for word in yaml.words(command)]
    if any(word.startswith(("import:", "export:")) for word in words):
        return "start" in words or words[-1] == "n8n"
    return _OTHERS.isdisjoint(words)
