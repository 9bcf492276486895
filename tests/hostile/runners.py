"""What CI runners read as commands in a log, based on their source code.

Each reader returns the commands that it finds. The readers accept at least as much as the real ones: a
command's name doesn't have to be registered, and Azure's and GitHub's readers get each line a second
time without the characters that .NET's culture-sensitive comparison ignores.

Sources: actions/runner, ActionCommand.cs (TryParse, TryParseV2); microsoft/azure-pipelines-agent,
Command.cs (TryParse); JetBrains' ServiceMessagesParser; gitlab-org/gitlab, lib/gitlab/regex.rb
(logs_section_prefix_regex); buildkite/agent, header_times_streamer.go; travis-ci's log reader;
Jenkins' ConsoleNote.PREAMBLE.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator

_IGNORED = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
_COLOUR = re.compile(r"\x1b\[[;\d]*[mK]")
_SECTION = re.compile(r"section_((?:start)|(?:end)):(\d+):([a-zA-Z0-9_.-]+)")


def commands(text: str) -> list[str]:
    """Return everything in a log that any runner or a terminal would act on, with the reader's name."""
    lines = dict.fromkeys(_lines(text))
    found = [f"{name}: {line!r}" for line in lines for name, line in _of_line(line)]
    found += [f"gitlab: {match[0]!r}" for match in _SECTION.finditer(text)]
    found += [f"travis: {match!r}" for match in re.findall(r"travis_(?:fold|time):\w+", text)]
    return found + [f"terminal: {sign!r}" for sign in sorted({*text}) if _is_control(sign)]


def _lines(text: str) -> list[str]:
    """Split lines as .NET's StreamReader and Go's bufio do, and as a browser shows them."""
    return re.split("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]", text)


def _of_line(line: str) -> Iterator[tuple[str, str]]:
    forms = [line] if line.isascii() and line.isprintable() else [line, _by_culture(line)]
    for name, reader in _READERS.items():
        if any(reader(form) for form in forms):
            yield name, line


def _by_culture(line: str) -> str:
    return "".join(
        sign
        for sign in _IGNORED.sub("", line)
        if sign == "\t" or unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Cn")
    )


def github(line: str) -> bool:
    """`::name …::data` at the beginning of a line, `##[name …]data` anywhere."""
    start = line.lstrip()
    if start.startswith("::") and start.find("::", 2) >= 0:
        return True
    prefix = line.find("##[")
    return prefix >= 0 and line.find("]", prefix) >= 0


def azure(line: str) -> bool:
    """`##vso[area.name …]data`, and `##[name]` for its log viewer, anywhere."""
    lower = line.lower()
    return any(
        lower.find("]", lower.find(prefix)) >= 0
        for prefix in ("##vso[", "##[")
        if lower.find(prefix) >= 0
    )


def teamcity(line: str) -> bool:
    """`##teamcity[name …]` anywhere."""
    return "##teamcity[" in line


def buildkite(line: str) -> bool:
    """A group header at the beginning, after colours, or an inline command in an APC sequence."""
    plain = _COLOUR.sub("", line)
    is_head = re.match(r"(?:---|\+\+\+|~~~)\s(.+)?$", plain) is not None
    return is_head or re.match(r"\^\^\^\s+\+\+\+", plain) is not None or "\x1b_bk;" in line


def jenkins(line: str) -> bool:
    """A console note."""
    return "\x1b[8mha:" in line


_READERS: dict[str, Callable[[str], bool]] = {
    "github": github, "azure": azure, "teamcity": teamcity, "buildkite": buildkite, "jenkins": jenkins,
}  # fmt: skip


def _is_control(sign: str) -> bool:
    """Return whether a terminal may act on a character, or shows nothing for it."""
    if sign in "\n\t":
        return False
    return unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Zl", "Zp") or bool(
        _IGNORED.match(sign)
    )


#: Texts that are each a command to one of them, in the ways that text can get into a log.
TEXTS = (
    "::error::x",
    "  ::set-output name=a::b",
    "x\n::add-matcher::evil.json",
    "x\r\n::stop-commands::canary",
    "a ##[stop-commands]canary",
    "##[group]x",
    "a ###[error]x",
    "a ##vso[task.setvariable variable=NODE_OPTIONS]--require ./evil.js",
    "a ##VSO[task.complete]",
    "a ##teamcity[message text='x']",
    "section_start:1:canary\r\x1b[0Kx",
    "--- canary",
    "+++ canary",
    "~~~ canary",
    "^^^ +++",
    "x\n--- canary",
    "\x1b_bk;t=1\x07x",
    "travis_fold:start:canary\r\x1b[0K",
    "\x1b[8mha:AAAA\x1b[0m",
    "\x9b31mx\x9d0;title\x9c",
    "#\u200b#[error]x",
    "#\ufe0f#vso[task.complete]x",
    "##\u034f[error]x",
    "x\u2028::error::x",
    "x\u2029##[error]x",
    "x\x85::error::x",
    "x\x0b::error::x",
    "\u202egnp.exe",
    "\x1b]8;;https://evil.example\x07x\x1b]8;;\x07",
    "x\rhidden\x1b[2K",
    "\x7f\x08",
)
