"""Recognize n8n's container, which of several has the editor, and what its command sets."""

import re
from collections.abc import Iterable, Sequence

from sfcred.resolve.environment import yaml
from sfcred.resolve.environment.model import NAMES, OR_LEAVE_OUT, Unknown
from sfcred.spec.source import Node

#: n8nio/n8n, docker.n8n.io/n8nio/n8n, ghcr.io/n8n-io/n8n, and a company's own …/n8n.
_IMAGE = re.compile(r"(?:.*/)?n8n(?:[:@].*)?", re.DOTALL)
#: The commands of n8n's other processes. They answer no callback.
_OTHERS = frozenset({"worker", "webhook"})
_ASSIGNED = re.compile(r"(?<![A-Za-z0-9_])([A-Z0-9_]+)=")
_BY_COMMAND = Unknown(
    "the command that starts n8n sets it", f"Set it under `environment`, {OR_LEAVE_OUT}"
)
#: n8n before 2.0 sets WEBHOOK_URL itself (commands/start.ts).
_TUNNEL = Unknown(
    "n8n is started with --tunnel, so that it takes the tunnel's address",
    f"Remove --tunnel, which n8n 2 doesn't have, {OR_LEAVE_OUT}",
)


def is_n8n(image: str) -> bool:
    """Return whether a container image is n8n's."""
    return _IMAGE.fullmatch(image.strip()) is not None


def is_named_worker(service: str) -> bool:
    """Return whether a service is called like one of n8n's other processes."""
    return any(other in service.lower() for other in _OTHERS)


def is_main(command: Node | None) -> bool:
    """Return whether a command starts n8n's main process, which serves the editor.

    One that only imports or exports ends before that. Others import, and then start n8n.
    """
    words = [word.strip("\"';&|") for word in yaml.words(command)]
    if any(word.startswith(("import:", "export:")) for word in words):
        return "start" in words or words[-1] == "n8n"
    return _OTHERS.isdisjoint(words)


def set_by_command(command: Iterable[Node | None]) -> dict[str, Unknown]:
    """Return the variables that n8n gets from the command that starts it.

    Args:
        command: The parts of the command, such as the entrypoint and its arguments.
    """
    return set_by_words([word for part in command for word in yaml.words(part)])


def set_by_words(words: Sequence[str]) -> dict[str, Unknown]:
    """Return the variables that n8n gets from the words of the command that starts it."""
    names = {name for word in words for name in _ASSIGNED.findall(word)}
    found = dict.fromkeys(names & NAMES, _BY_COMMAND)
    is_tunnel = "--tunnel" in (word.strip("\"';&|") for word in words)
    return found | ({"WEBHOOK_URL": _TUNNEL} if is_tunnel else {})
