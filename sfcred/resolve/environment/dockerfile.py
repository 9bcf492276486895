"""Read what a Dockerfile sets in the image that a compose file builds.

Source: the Dockerfile reference (docs.docker.com): a stage has the variables of the one that it is
built from. Variables inside values are not expanded, because a build can set them.
"""

import re
from collections.abc import Iterator

from sfcred.resolve.environment.images import set_by_words
from sfcred.resolve.environment.model import NAMES, OR_LEAVE_OUT, Unknown, Value

_CONTINUED = re.compile(r"\\[ \t]*\r?\n(?:[ \t]*#[^\n]*\n)*")
_INSTRUCTION = re.compile(r"[ \t]*(FROM|ENV|ENTRYPOINT|CMD)[ \t]+(.*)", re.IGNORECASE)
_FROM = re.compile(r"(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?", re.IGNORECASE)
_PAIR = re.compile(r"(?<!\w)(\w+)=(\"(?:[^\"\\]|\\.)*\"|'[^']*'|(?:[^\s\\]|\\.)*)")
_OLD_PAIR = re.compile(r"(\w+)\s+(.*)")
_WORD = re.compile(r"[^\s\[\],\"']+")
_BY_BUILD = Unknown(
    "its Dockerfile sets it in a way that sfcred doesn't read",
    f"Set it under `environment` in the compose file, {OR_LEAVE_OUT}",
)

_Stage = dict[str, Value]


def set_by_dockerfile(text: str, target: str, *, is_started: bool) -> dict[str, Value]:
    """Return the variables of n8n's that an image sets.

    Args:
        text: The Dockerfile.
        target: The stage that is built; empty for the last one.
        is_started: Whether the compose file replaces the command that starts the image.
    """
    stages: dict[str, _Stage] = {}
    current: _Stage = {}
    commands: dict[str, list[str]] = {}
    for name, rest in _instructions(text):
        if name == "FROM":
            if target and target.lower() in stages:
                break
            found = _FROM.match(rest)
            base, alias = (found[1], found[2]) if found else ("", None)
            current = dict(stages.get(base.lower(), {}))
            commands = {}
            if alias:
                stages[alias.lower()] = current
        elif name == "ENV":
            current |= {one: value for one, value in _pairs(rest) if one in NAMES}
        else:
            commands[name] = _WORD.findall(rest)
    words = [] if is_started else [word for found in commands.values() for word in found]
    return current | set_by_words(words)


def _instructions(text: str) -> Iterator[tuple[str, str]]:
    for line in _CONTINUED.sub(" ", text).splitlines():
        if found := _INSTRUCTION.match(line):
            yield found[1].upper(), found[2].strip()


def _pairs(text: str) -> Iterator[tuple[str, Value]]:
    if old := _OLD_PAIR.fullmatch(text):
        yield old[1], _value(old[2])
        return
    for name, raw in _PAIR.findall(text):
        yield name, _value(raw)


def _value(raw: str) -> Value:
    if "\\" in raw or ("$" in raw and not raw.startswith("'")):
        return _BY_BUILD
    quoted = re.fullmatch(r"(['\"])(.*)\1", raw)
    return quoted[2] if quoted else raw
