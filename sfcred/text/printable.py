"""Make text safe to print: it must not control a terminal or a CI runner.

These programs interpret commands in output, according to their source code and documentation:

- GitHub's runner (ActionCommand.cs): `::name::` at the start of a line, after optional white space;
  `##[name]` anywhere in a line. The runners of Gitea and Forgejo do the same.
- Azure's agent (Command.cs): `##vso[area.name]` anywhere. Its log viewer: `##[name]`.
- TeamCity (ServiceMessagesParser): `##teamcity[name]` anywhere.
- Buildkite's agent: `--- `, `+++ `, `~~~ ` and `^^^ +++` at the start of a line, ignoring colors.
- GitLab: `section_start:` and `section_end:`, and Travis: `travis_fold:` and `travis_time:`, each
  followed by control characters.
- Jenkins, Buildkite's inline images, and terminals: only control characters.
"""

import json
import re
from collections.abc import Callable, Sequence

# Invisible characters that `str.isprintable` accepts because they count as letters or marks:
# Unicode's Default_Ignorable_Code_Point. .NET skips them when it searches for `##[`.
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
# The colors that sfcred itself uses. Others are escaped: Jenkins hides its notes with
# code 8.
_COLOUR = re.compile(r"(\x1b\[(?:0|1|2|31|32|33|36)m)")
_ANYWHERE = re.compile(
    r"##[a-z]*(?=\x1b?\[)|(?:section_(?:start|end)|travis_(?:fold|time))(?=:)", re.IGNORECASE
)
_MOST_LISTED = 10
_AT_START = re.compile(
    r"^(?:[ \t]|\x1b\[\d+m)*(?=::|(?:---|\+\+\+|~~~)[ \t]|\^\^\^[ \t]*\+\+\+)", re.MULTILINE
)


def printable(text: str) -> str:
    """Return a text that can't control a terminal or a CI runner.

    Control, format and invisible characters become escapes such as `\\x1b`. Line feeds stay. A
    backslash breaks up what would be a runner's command. A harmless text is returned unchanged, so
    the function can be applied again.
    """
    return _broken(_visible(text, kept="\n"))


def one_line(text: str) -> str:
    """Return a harmless text on a single line.

    Use it for names and other text in messages: a line feed in a file's name could fake the next
    line of the message.
    """
    return printable(text.replace("\n", "\\n"))


def has_invisible(text: str) -> bool:
    """Return whether a text has a character that nobody sees, a control character included."""
    return not all(map(_is_shown, text))


def counted(number: int, what: str) -> str:
    """Return a number with its noun: `1 file`, `2 files`."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def listed(names: Sequence[str]) -> str:
    """Return names for a message: the first ten, and the number of the others."""
    more = len(names) - _MOST_LISTED
    return ", ".join(names[:_MOST_LISTED]) + (f" and {more:,} more" if more > 0 else "")


def labelled(name: str, profile: str | None) -> str:
    """Return a credential's name for messages, with its profile: `acme-crm [uat]`."""
    return f"{name} [{profile}]" if profile else name


def sentence(text: str) -> str:
    """Return a text with a capital letter first."""
    return text[:1].upper() + text[1:]


def shortened(name: str, limit: int = 80) -> str:
    """Return a name for a message, cut if it is long. Names from elsewhere can be of any length."""
    return name if len(name) <= limit else f"{name[: limit - 1]}…"


def guarded(text: str, is_own: Callable[[str], bool] | None = None) -> str:
    """Return a complete output without commands, whatever it contains.

    This is the last line of defense for streams and reports. Line feeds, tabs and sfcred's own
    colors stay.

    Args:
        text: The output.
        is_own: Returns whether a line starts with a command that sfcred intends, such as a GitHub
            annotation. The rest of the line is still made harmless.
    """
    if "\x1b" in text:
        parts = _COLOUR.split(text)
        parts[::2] = [_visible(part, kept="\n\t") for part in parts[::2]]
        text = "".join(parts)
    else:
        text = _visible(text, kept="\n\t")
    if is_own is None:
        return _broken(text)
    return "\n".join(
        _broken_inside(line) if is_own(line) else _broken(line) for line in text.split("\n")
    )


def json_text(document: object) -> str:
    """Return a document as JSON that is harmless in a log and reads back as the same values.

    Args:
        document: A value for json.dumps. Lone surrogates, which UTF-8 can't encode, become escapes.
    """
    return harmless_json(json.dumps(document, indent=1, ensure_ascii=False) + "\n")


def harmless_json(text: str) -> str:
    """Return JSON with the same values, in which no string can be a command.

    Args:
        text: JSON. Its punctuation is never part of a command, so only strings change.
    """
    text = "\n".join(
        line if _is_plain(line) else "".join(c if _is_shown(c) else _json_escape(c) for c in line)
        for line in text.split("\n")
    )
    return _ANYWHERE.sub(lambda found: f"\\u{ord(found[0][0]):04x}{found[0][1:]}", text)


def _json_escape(character: str) -> str:
    code = ord(character)
    if 0xD800 <= code <= 0xDFFF:  # noqa: PLR2004 - the surrogates
        return f"\\\\u{code:04x}"
    # json.dumps escapes them as JSON requires: as two escapes beyond the first plane.
    return json.dumps(character)[1:-1] if code != 0x7F else "\\u007f"  # noqa: PLR2004 - DEL


def _visible(text: str, kept: str) -> str:
    return "\n".join(
        line if _is_plain(line) else "".join(map(_shown_or_kept(kept), line))
        for line in text.split("\n")
    )


def _shown_or_kept(kept: str) -> Callable[[str], str]:
    return lambda sign: sign if _is_shown(sign) or sign in kept else _escape(sign)


def _is_plain(line: str) -> bool:
    return line.isprintable() and (line.isascii() or not _UNSEEN.search(line))


def _is_shown(character: str) -> bool:
    return character.isprintable() and not _UNSEEN.match(character)


def _escape(character: str) -> str:
    return character.encode("unicode_escape", "backslashreplace").decode("ascii")


def _broken(text: str) -> str:
    return _AT_START.sub(r"\g<0>\\", _broken_inside(text))


def _broken_inside(text: str) -> str:
    # A text of this size always has a # or an underscore, and the expression is fast enough.
    return _ANYWHERE.sub(r"\g<0>\\", text)
