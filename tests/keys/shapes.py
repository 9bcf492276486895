"""The shapes in which private keys arrive, and what each version of n8n does with them.

The three columns come from running n8n's own code with jsonwebtoken 9.0.3 on Node 20: unchanged (n8n
before 2.29.2), `formatPrivateKey` (2.29.2), `formatPemBlock` (from 2.30.0).
"""

import base64
from collections.abc import Callable
from typing import NamedTuple

from sfcred.keys import armor

Bend = Callable[[str, str], str]

RAW, OLD, NEW = (2, 27, 4), (2, 29, 2), (2, 30, 0)

ALL = {RAW, OLD, NEW}
MENDED = {OLD, NEW}
NONE: set[tuple[int, int, int]] = set()


class Shape(NamedTuple):
    """How a key and its certificate are deformed, which n8n accepts that, and what sfcred repairs."""

    name: str
    bend: Bend
    taken_by: set[tuple[int, int, int]]
    repairs: tuple[str, ...] = ()


def _lines(key: str) -> list[str]:
    return key.strip().split("\n")


def _body(key: str) -> str:
    return "".join(_lines(key)[1:-1])


def _with_body(key: str, body: str) -> str:
    first, *_, last = _lines(key)
    return f"{first}\n{body}\n{last}\n"


def _in_columns(key: str, width: int) -> str:
    body = _body(key)
    return "\n".join(body[n : n + width] for n in range(0, len(body), width))


def _literal(text: str) -> str:
    return text.replace("\n", "\\n")


# One line per shape: it is a table.
# fmt: off
SHAPES = [
    Shape("as openssl writes it", lambda key, _: key, ALL),
    Shape("no break at the end", lambda key, _: key.strip(), ALL),
    Shape("CRLF", lambda key, _: key.replace("\n", "\r\n"), ALL),
    Shape("blank line before", lambda key, _: "\n" + key, ALL),
    Shape("byte order mark", lambda key, _: "\ufeff" + key, ALL, (armor.MARK,)),
    Shape("trailing spaces", lambda key, _: key.replace("\n", "  \n"), ALL),
    Shape("body on one line", lambda key, _: _with_body(key, _body(key)), ALL),
    Shape("40 columns", lambda key, _: _with_body(key, _in_columns(key, 40)), ALL),
    Shape("text before", lambda key, _: "Bag Attributes\n" + key, ALL, (armor.TEXT_AROUND,)),
    Shape("text after", lambda key, _: key + "# end\n", ALL, (armor.TEXT_AROUND,)),
    Shape("then the certificate", lambda key, cert: key + cert, ALL),
    Shape("after the certificate", lambda key, cert: cert + key, ALL),
    Shape("twice", lambda key, _: key + key, ALL),
    Shape("blank line after BEGIN", lambda key, _: key.replace("\n", "\n\n", 1), ALL, (armor.BLANK_LINES,)),
    Shape("indented body", lambda key, _: _with_body(key, "  " + _in_columns(key, 64).replace("\n", "\n  ")), ALL, (armor.INDENTED,)),

    Shape("CR", lambda key, _: key.replace("\n", "\r"), MENDED, (armor.CARRIAGE_RETURNS,)),
    Shape("literal \\n", lambda key, _: _literal(key), MENDED, (armor.LITERAL_BREAKS,)),
    Shape("literal \\n, none at the end", lambda key, _: _literal(key.strip()), MENDED, (armor.LITERAL_BREAKS,)),
    Shape("mark and literal \\n", lambda key, _: "\ufeff" + _literal(key), MENDED, (armor.MARK, armor.LITERAL_BREAKS)),
    Shape("spaces for breaks", lambda key, _: key.strip().replace("\n", " "), MENDED, (armor.ONE_LINE,)),
    Shape("tabs for breaks", lambda key, _: key.strip().replace("\n", "\t"), MENDED, (armor.ONE_LINE,)),
    Shape("no-break spaces for breaks", lambda key, _: key.strip().replace("\n", "\u00a0"), MENDED, (armor.ONE_LINE, armor.INVISIBLE)),
    Shape("with certificate, literal \\n", lambda key, cert: _literal(key + cert), MENDED, (armor.LITERAL_BREAKS,)),
    Shape("with certificate, spaces", lambda key, cert: (cert + key).replace("\n", " "), MENDED, (armor.ONE_LINE,)),

    Shape("glued", lambda key, _: "".join(_lines(key)), {NEW}, (armor.ONE_LINE,)),
    Shape("glued, spaces round it", lambda key, _: f" {''.join(_lines(key))} ", {NEW}, (armor.ONE_LINE, armor.INDENTED)),

    Shape("literal \\r\\n", lambda key, _: key.replace("\n", "\\r\\n"), NONE, (armor.LITERAL_BREAKS,)),
    Shape("literal \\\\n", lambda key, _: key.replace("\n", "\\\\n"), NONE, (armor.LITERAL_BREAKS,)),
    Shape("literal \\n and a real break", lambda key, _: _literal(key.strip()) + "\n", NONE, (armor.LITERAL_BREAKS,)),
    Shape("both breaks, mixed", lambda key, _: key.replace("\n", "\\n", 3), NONE, (armor.LITERAL_BREAKS,)),
    Shape("spaces and a real break", lambda key, _: key.strip().replace("\n", " ") + "\n", NONE, (armor.ONE_LINE,)),
    Shape("body behind BEGIN", lambda key, _: key.replace("\n", "", 1), NONE, (armor.ONE_LINE,)),
    Shape("blank lines", lambda key, _: key.replace("\n", "\n\n"), NONE, (armor.BLANK_LINES,)),
    Shape("blank line before END", lambda key, _: key.replace("\n-----END", "\n\n-----END"), NONE, (armor.BLANK_LINES,)),
    Shape("blank line, 76 columns", lambda key, _: _with_body(key, "\n" + _in_columns(key, 76)), NONE, (armor.BLANK_LINES,)),
    Shape("indented", lambda key, _: "    " + key.strip().replace("\n", "\n    ") + "\n", NONE, (armor.INDENTED,)),
    Shape("spaces before BEGIN", lambda key, _: "  " + key, NONE, (armor.INDENTED,)),
    Shape("double quotes", lambda key, _: f'"{key.strip()}"', NONE, (armor.QUOTES,)),
    Shape("single quotes", lambda key, _: f"'{key}'", NONE, (armor.QUOTES,)),
    Shape("typographic quotes", lambda key, _: f"\u201c{key.strip()}\u201d", NONE, (armor.QUOTES,)),
    Shape("quotes and literal \\n", lambda key, _: f'"{_literal(key)}"', NONE, (armor.QUOTES, armor.LITERAL_BREAKS)),
    Shape("quotes in a variable", lambda key, _: f'KEY="{key}"', NONE, (armor.QUOTES, armor.TEXT_AROUND, armor.TEXT_ON_LINE)),
    Shape("no END line", lambda key, _: "\n".join(_lines(key)[:-1]) + "\n", NONE, (armor.NO_END,)),
    Shape("no END line, text behind", lambda key, _: "\n".join(_lines(key)[:-1]) + "\n...\n", NONE, (armor.NO_END,)),
    Shape("no BEGIN line", lambda key, _: "\n".join(_lines(key)[1:]) + "\n", NONE, (armor.NO_BEGIN,)),
    Shape("BEGIN misspelt", lambda key, _: key.replace("BEGIN", "BEGN"), NONE, (armor.NO_BEGIN,)),
    Shape("neither line", lambda key, _: "\n".join(_lines(key)[1:-1]), NONE, (armor.NO_LINES,)),
    Shape("neither line, in quotes", lambda key, _: f'"{_body(key)}"', NONE, (armor.QUOTES, armor.NO_LINES)),
    Shape("base64 of it", lambda key, _: base64.b64encode(key.encode()).decode(), NONE, ("base64 of the whole PEM",)),
    Shape("base64 of it, wrapped", lambda key, _: base64.encodebytes(key.encode()).decode(), NONE, ("base64 of the whole PEM",)),
    Shape("4 dashes", lambda key, _: key.replace("-----", "----"), NONE, (armor.DASHES,)),
    Shape("6 dashes", lambda key, _: key.replace("-----", "------"), NONE, (armor.DASHES,)),
    Shape("em dashes", lambda key, _: key.replace("-----", "\u2014"), NONE, (armor.DASHES,)),
    Shape("en and em dashes", lambda key, _: key.replace("-----", "\u2013\u2014-"), NONE, (armor.DASHES,)),
    Shape("no dashes behind END", lambda key, _: key.strip()[:-5], NONE, (armor.DASHES,)),
    Shape("lower case", lambda key, _: key.replace("-----BEGIN", "-----begin").replace("-----END", "-----end").replace("PRIVATE KEY", "private key"), NONE, (armor.LOWER_CASE,)),
    Shape("two spaces", lambda key, _: key.replace("PRIVATE KEY", "PRIVATE  KEY"), NONE, (armor.LABEL_SPACES,)),
    Shape("other END", lambda key, _: key.replace("END ", "END EC "), NONE, (armor.OTHER_END,)),
    Shape("own label", lambda key, _: key.replace("PRIVATE KEY", "ACME PRIVATE KEY"), NONE, ("an unusual label in the BEGIN line",)),
    Shape("escaped slashes", lambda key, _: key.replace("/", "\\/"), NONE, (armor.ESCAPED_SLASHES,)),
    Shape("lines continued", lambda key, _: key.replace("\n", "\\\n"), NONE, (armor.BACKSLASHES,)),
    Shape("zero-width space", lambda key, _: key[:200] + "\u200b" + key[200:], NONE, (armor.INVISIBLE,)),
]
# fmt: on
