"""Read errors in text that someone copied: logs, JSON, web pages, addresses, several at once."""

import html
import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote_plus

from sfcred.salesforce.framed import uncoloured, unframed, unnested

#: These errors mean little without a description.
VAGUE = frozenset({"invalid_client", "invalid_grant", "invalid_request"})

_ERROR = "error|errorCode|error_code|ErrorCode|OAUTH_ERROR|oauth_error"
_DESCRIPTION = (
    "error_description|error%5Fdescription|oauth_error_description|ErrorDescription|message|"
    "errorDescription|exceptionMessage"
)
# What word processors and mail programs write for quotes and hyphens.
_TYPOGRAPHY = (
    {ord(quote): "'" for quote in "\u2018\u2019\u201b"}
    | {ord(quote): '"' for quote in "\u201c\u201d\u201e\u00ab\u00bb"}
    | {ord(dash): "-" for dash in "\u2010\u2011\u2012\u2013\u2212"}
)
# Ruby prints an object as #<Its::Class …>, and Python as <urlopen error …>, which are no tags: what
# follows a tag's name is an attribute.
_TAG = re.compile(
    r"(?<!#)</?[A-Za-z][\w:.-]{0,80}(?:\s{1,20}[\w:@.-]{1,80}\s{0,5}=[^<>]{0,500})?\s{0,5}/?>"
)
_ESCAPES = {"n": " ", "r": " ", "t": " ", '"': '"', "'": "'", "/": "/"}
# A shell takes the apostrophe out of a text in single quotes.
_NO_APOSTROPHE = re.compile(r"\b(ca|could|did|do|does|has|have|is|was|wo|would)nt\b")
# A code that somebody wrote as words is short: Invalid Grant.
_LONGEST_CODE = 60
_LONGEST_REASON = 400
_QUOTED = re.compile(r"[`\"']([^`\"']{1,60})[`\"']")
# A name of an object or field, as the API writes it.
_NAME = r"[A-Za-z]\w{0,79}(?:\.\w{1,80}){0,9}"
_PARTS = {
    "field": rf"(?P<field>{_NAME})",
    "fields": rf"(?P<field>{_NAME}(?:, ?{_NAME}){{0,49}})",
    "object": rf"(?P<object>{_NAME})",
    # A host's name without a dot, as a container has: a variable that isn't set isn't one.
    "label": r"(?!(?:https?|undefined|null)\b)[A-Za-z][\w-]{0,62}(?![\w.-])",
    # What stands in place of a host if a part of the address isn't set, or is there twice.
    "unset": r"(?:undefined|null|https?)(?![\w-]|\.\w)",
    "host": r"[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,9}(?![\w.-]*:/)",
    "any": r"[^\n]{1,200}?",
    # In contrast to the last one, not over the end of a line, which is a blank here.
    "word": r"\S{1,200}?",
}
# A line's end, also as JSON and logs write it out.
_LINE_END = re.compile(r"\r?\n|\\{1,8}[rn]")
# Short wordings that the next word can turn into something else: Invalid User Agent.
_SHORT = re.compile(r"(?:invalid|inactive) \w+", re.IGNORECASE)
_LABELS = frozenset({"cause", "code", "error", "httpcode", "input", "message", "reason", "status"})
# Words that go on after such a wording without changing it.
_GOES_ON = frozenset({
    "a", "an", "and", "as", "at", "because", "but", "by", "during", "for", "from", "has", "http",
    "https", "if", "in", "is", "it", "of", "on", "or", "please", "received", "that",
    "the", "this", "to", "was", "when", "while", "with",
})  # fmt: skip
# What goes on after a code in somebody's own words. A description can begin with an article.
_PROSE = _GOES_ON - {"a", "an", "it", "that", "the", "this"} | {
    "after", "again", "although", "before", "code", "despite", "error", "errors", "even", "every",
    "exception", "instead", "issue", "message", "my", "only", "our", "problem", "response", "since",
    "so", "then", "though", "unless", "until", "we", "whenever", "which", "without",
}  # fmt: skip


# Only a longer text in brackets is a description: not (refresh), not (HTTP 400).
_IN_BRACKETS = r"\((?!http|status)(?=\S+ \S+ \S)"
_API_CODE = r"([A-Z][A-Z0-9]{1,40}(?:_[A-Z0-9]{1,40}){1,12})"
_LABELLED = re.compile(
    rf"\b(?:error_?Code|statusCode)\\{{0,8}}[\"']?\s{{0,5}}(?::|=>?)"
    rf"\s{{0,5}}\\{{0,8}}[\"']?{_API_CODE}\b"
)
# Before its description, a code has at most words without an underscore: Error:, first error:.
_LEADING = re.compile(rf"(?:[^\s_]{{1,200}}\s{{1,5}}){{0,12}}[\[(\"']?{_API_CODE}\\?['\"]?\s?[:,]")

# What follows a vague code if it has a description: a sign between them, or a sentence that fails.
_VAGUE_CODE = rf"(?:{'|'.join(sorted(VAGUE))})"
_AFTER_CODE = re.compile(
    rf"{_VAGUE_CODE}['\"]?\s{{0,5}}(?:::?|- |{_IN_BRACKETS})\s{{0,5}}['\"]?[a-z]",
    re.IGNORECASE,
)
_SENTENCE_AFTER_CODE = re.compile(
    rf"{_VAGUE_CODE}['\")\]]{{0,2}}[ ,]{{1,3}}['\"]?(?!(?:{'|'.join(sorted(_PROSE))})\b)"
    r"(?=[a-z])(?:[\w'/-]{1,40} ){1,7}?(?:not|isn't|hasn't|doesn't|cannot|can't|invalid|missing|"
    r"required|disabled|denied|expired|unsupported|must|blocked|revoked)\b"
)
# A description's label, as programs in JavaScript, Python, Ruby, Elixir, PHP, Go, Java, Swift and
# .NET print it, and as XML.
_LABELLED_DESCRIPTION = re.compile(
    r"(?<![A-Za-z])(?:(?:oauth_)?error_description|[Ee]rror ?[Dd]escription|"
    r"NSLocalizedDescription|Description(?==))(?:\\{0,4}['\"\]]?\s{0,20}(?:=>|[:=>])\s{0,20}"
    r"|[ ](?=[a-z]{1,20}_))"
    r"(?:\\{0,4}\"([A-Za-z][^\"\n]{1,400})|'([A-Za-z](?:[^'\\\n]|\\.){1,400})|"
    r"([A-Za-z][^<>&}\n]{1,400}))"
)
# Where others give the reason of a vague code.
_REASON = re.compile(r"[\"'](?:error_)?reason[\"']\s?:\s?[\"']([^\"']{2,400})")
_NO_REASON = re.compile(
    rf"(?:{_VAGUE_CODE}|null|none|nil|undefined|Request failed with status code \d{{3}}|"
    r"unauthorized|bad request|forbidden)\s{0,9}(?=[,;)\]]|$)",
    re.IGNORECASE,
)
# An answer's code: one of the API's, or one of OAuth's, which no mere name of a status is.
_ANSWER_CODE = re.compile(
    r"(?:error_?Code|exceptionCode)\\{0,4}['\"]?\s{0,5}[:=]\s{0,5}\\{0,4}['\"]?([A-Z][A-Z_]{3,60})\b"
    r"|(?<![A-Za-z_])error\\{0,4}['\"]?\s{0,5}(?:=>|:)\s{0,5}\\{0,4}['\"]([a-z]+(?:_[a-z]+)+)\b"
)
# An answer whose code is the name of its status, as frameworks write it: its message is the reason.
_STATUS_ANSWER = re.compile(
    r"(?<![A-Za-z_])error\\{0,4}['\"]?\s{0,5}:\s{0,5}\\{0,4}['\"]"
    r"(?:Bad Request|Unauthorized|Forbidden|Not Found|Conflict|Unprocessable Entity)\\{0,4}['\"]"
)
_ITS_MESSAGE = re.compile(
    r"(?<![A-Za-z_])message\\{0,4}['\"]?\s{0,5}:\s{0,5}\\{0,4}(?:\"([^\"\n]{2,400})|'([^'\n]{2,400}))"
)
# Messages that only say the status again.
_SAYS_STATUS = re.compile(
    r"(?:bad request|unauthori[sz]ed|forbidden|not found|conflict|unprocessable entity|"
    r"no message available|access denied|request failed with status code \d{3})[\s.!]*",
    re.IGNORECASE,
)


class Reading(NamedTuple):
    """What a text says, in forms that wordings can be compared with.

    Attributes:
        plain: The text without markup and escapes, on one line.
        lowered: The same in lower case.
        folded: The same without hyphens, and with each contraction in one form.
        codes: Words that could be error codes; those with an underscore in lower case, too.
        is_bare: Whether a vague error stands there without any description.
        lines: The lines of the text, each once and in the form of `plain`, for wordings that a
            line's end ends.
        api_code: The code of an answer of the API, if that is the only error: its description can
            quote anything.
        answers: What the answers in the text give as their reasons, known or not; an empty one if
            it is only a code.
    """

    plain: str
    lowered: str
    folded: str
    codes: frozenset[str]
    is_bare: bool
    api_code: str = ""
    lines: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()


def read(text: str) -> Reading:
    """Read a text that someone copied."""
    clear = unnested(uncoloured(text))
    # A frame's sign can belong to the text, so the text is read both with and without it.
    bare = unframed(clear)
    forms = (clear, " ".join(_decoded_values(clear)), bare)
    plain = " ".join(dict.fromkeys(form for form in map(_plain, forms) if form))
    described = _labelled_descriptions(clear)
    after_code = _AFTER_CODE.search(plain) or _SENTENCE_AFTER_CODE.search(plain)
    reading = _reading(plain, is_bare=not (described or after_code or _is_described(plain)))
    # A log repeats its lines, and most of a page is blank.
    lines = tuple(filter(None, map(_plain, dict.fromkeys(_LINE_END.split(bare)))))
    answer = html.unescape(bare).translate(_TYPOGRAPHY)
    coded = [pair(answer)[1]] if _has_telling_code(answer) else []
    rest = [plain[after_code.end() - 1 :][:_LONGEST_REASON]] if after_code else []
    answers = (*described, *coded, *rest, *_messages_of_a_status(answer))
    return reading._replace(api_code=_api_code(answer), lines=lines, answers=answers)


def read_answer(error: str, description: str) -> Reading:
    """Read an answer whose parts are known."""
    plain = _plain(f"{error} {description}")
    reading = _reading(plain, is_bare=not description.strip())
    return reading._replace(codes=frozenset({error, fold_code(error)}), api_code=error)


def _api_code(text: str) -> str:
    """Return the code of an answer of the API: labelled as such, or before its description."""
    labelled = set(re.findall(_LABELLED, text))
    if labelled:
        return labelled.pop() if len(labelled) == 1 else ""
    # What is indented, such as a stack trace, belongs to the line before it.
    lines = [line for line in text.strip().splitlines() if line and not line[0].isspace()]
    found = _LEADING.match(lines[0]) if len(lines) == 1 else None
    return found[1] if found else ""


def _has_telling_code(text: str) -> bool:
    """Return whether an answer has a code that tells something without a description."""
    return any((found[1] or found[2]) not in VAGUE for found in _ANSWER_CODE.finditer(text))


def _messages_of_a_status(text: str) -> list[str]:
    """Return what an answer says whose code is only the name of its status."""
    if not _STATUS_ANSWER.search(text):
        return []
    found = (one[1] or one[2] for one in _ITS_MESSAGE.finditer(text))
    return [said for said in found if not _SAYS_STATUS.fullmatch(said)]


def is_in_answer(wording: str, reading: Reading) -> bool:
    """Return whether a wording is the reason that an answer in the text gives."""
    words = _fold_known(wording)
    return any(words in _fold(answer) for answer in reading.answers)


def names_in(wording: str, reading: Reading) -> dict[str, str] | None:
    """Return the names that stand in a wording's placeholders; None if it doesn't match.

    Args:
        wording: A description of the table.
        reading: The text.
    """
    if "{" not in wording:
        if not _stands_in(_fold_known(wording), reading.folded):
            return None
        is_whole = not _SHORT.fullmatch(wording) or any(
            _ends_there(wording, part) for part in (reading.plain, *reading.lines)
        )
        return {} if is_whole else None
    # Searching a long text for a pattern takes much longer than searching it for its fixed parts.
    if not all(part in reading.lowered for part in _fixed_parts(wording)):
        return None
    found = _pattern(wording).search(reading.plain)
    return None if found is None else found.groupdict()


def fold_code(code: str) -> str:
    """Return an error code in the form that codes are compared in."""
    return code.lower().replace("-", "_")


def _fold(text: str) -> str:
    """Return a text without the differences that don't matter."""
    bare = _NO_APOSTROPHE.sub(r"\1n't", _squeezed(text).lower().replace("-", " "))
    return bare.replace("can't", "cannot").replace("won't", "will not").replace("n't", " not")


@lru_cache(None)  # as many as the table has
def _fold_known(wording: str) -> str:
    return _fold(wording)


def pair(text: str) -> tuple[str, str]:
    """Return the first error and description that JSON or a query string labels as such."""
    return _first(text, _ERROR), _first(text, _DESCRIPTION)


def labelled_codes(text: str) -> list[str]:
    """Return the codes that a text labels as such, each once, in the text's order."""
    quoted = rf"[\"'](?:{_ERROR})\\?[\"']\s{{0,5}}:\s{{0,5}}\\?[\"'](\w{{1,80}})"
    found = [*re.finditer(_LABELLED, text), *re.finditer(quoted, text)]
    return list(dict.fromkeys(one[1] for one in sorted(found, key=re.Match.start)))


def _first(text: str, names: str) -> str:
    quoted = re.search(
        rf"\\?[\"'](?:{names})\\?[\"']\s{{0,20}}:\s{{0,20}}\\?\"((?:[^\"\\]|\\.){{0,2000}}?)\\?\"",
        text,
    )
    if quoted:
        return quoted[1].replace("\\'", "'")
    in_query = re.search(rf"(?:[?&#]|^)(?:{names})=([^&#\s]*)", text)
    return unquote_plus(in_query[1]) if in_query else ""


def _decoded_values(text: str) -> list[str]:
    """Return the values that need decoding: those of query strings, and words joined with +."""
    values = re.findall(
        rf"[?&#\s^](?:{_ERROR}|{_DESCRIPTION})=([^&#\s\"'<>]{{1,2000}})", f" {text}"
    )
    # Log lines repeat single values: the+requested+scope+is+not+allowed.
    values += re.findall(r"(?<![\w+/=])[A-Za-z_]{1,40}(?:\+[A-Za-z_]{1,40}){2,60}(?![\w+/=])", text)
    return [unquote_plus(value) for value in values if re.search(r"[%+]", value)]


def _reading(plain: str, *, is_bare: bool) -> Reading:
    words = frozenset(re.findall(r"[A-Za-z][A-Za-z0-9_]{3,}", plain.replace("-", "_")))
    lowered = frozenset(word.lower() for word in words if "_" in word)
    if len(plain) < _LONGEST_CODE:
        lowered |= {code for part in (plain, *_QUOTED.findall(plain)) if (code := _spoken(part))}
    return Reading(plain, plain.lower(), _fold(plain), words | lowered, is_bare)


def _spoken(text: str) -> str:
    """Return the code that words can stand for; empty if they are too few to say anything."""
    words = text.strip(" .:!").lower().split()
    least = 2 if words[:1] == ["invalid"] else 3  # `Not Found` and the like say nothing
    return "_".join(words) if len(words) >= least else ""


def _is_described(plain: str) -> bool:
    """Return whether some error in the text has a description."""
    said = (pair(plain)[1], *_REASON.findall(plain))
    return any(one and not _NO_REASON.fullmatch(one) for one in said)


def _labelled_descriptions(text: str) -> list[str]:
    """Return the descriptions that a text labels as such, in the notation of any language."""
    found = (one[one.lastindex or 0] for one in _LABELLED_DESCRIPTION.finditer(text))
    values = [unquote_plus(one).strip("\\ ") for one in found]
    return [value for value in values if not _NO_REASON.match(value)]


def _plain(text: str) -> str:
    """Return a text without escapes, HTML and typographic quotes."""
    text = re.sub(r"\\{1,8}u(?:0027|2019)", "'", text)
    text = re.sub(r"\\{1,8}([nrt\"'/])", lambda found: _ESCAPES[found[1]], text)
    if "<" in text or "&" in text:
        text = html.unescape(re.sub(_TAG, " ", text))
    return _squeezed(text)


def _squeezed(text: str) -> str:
    text = text.translate(_TYPOGRAPHY)
    return re.sub(r'"\s{0,20}([:,])\s{0,20}"', r'"\1"', " ".join(text.split()))


def _stands_in(words: str, text: str) -> bool:
    """Return whether words stand in a text as a whole, not inside a longer word or after an or."""
    at = text.find(words)
    while at >= 0:
        before, after = text[at - 1 : at], text[at + len(words) : at + len(words) + 1]
        is_part = _continues(before, words[0]) or _continues(after, words[-1])
        if not is_part and text[max(0, at - 4) : at] != " or ":
            return True
        at = text.find(words, at + 1)
    return False


def _ends_there(wording: str, text: str) -> bool:
    """Return whether a short wording stands somewhere without a word that changes its meaning."""
    following = r"(?: ([\w'/-]+)(:(?!/))?)?"
    found = re.finditer(rf"\b({re.escape(wording)})\b(?!/\w){following}", text, re.IGNORECASE)
    return any(not _changes(one[1], one[2] or "", one[3] or "") for one in found)


def _changes(wording: str, following: str, colon: str) -> bool:
    """Return whether the word after a wording makes it another: neither a label nor a name."""
    if not following.isalpha() or following.lower() in (_LABELS if colon else _GOES_ON):
        return False
    is_new_sentence = following[0].isupper() and wording.split()[1][0].islower()
    return not is_new_sentence


def _continues(neighbour: str, edge: str) -> bool:
    return edge.isalnum() and (neighbour.isalnum() or neighbour == "_")


@lru_cache(None)  # as many as the table has
def _fixed_parts(wording: str) -> tuple[str, ...]:
    """Return the parts of a wording that don't vary, in lower case."""
    return tuple(filter(None, re.split(r"\{\w+\}", _squeezed(wording).lower())))


@lru_cache(256)
def _pattern(wording: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", _squeezed(wording))
    pieces = [_PARTS[part] if number % 2 else re.escape(part) for number, part in enumerate(parts)]
    before = r"(?<!\w)" if parts[0][:1].isalnum() else ""
    after = r"(?!\w)" if parts[-1][-1:].isalnum() else ""
    return re.compile(f"{before}{''.join(pieces)}{after}", re.IGNORECASE)
