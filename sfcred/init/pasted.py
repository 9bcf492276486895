"""Read an answer as a person types or pastes it: in capitals, in quotes, with its field's name."""

import re
import unicodedata
from collections.abc import Sequence

# What stands around a value that was copied from a text, a spec or a hint.
_AROUND = " \t\r\n'\"`<>\u2018\u2019\u201c\u201d\u201e\u00ab\u00bb,;"
_URLS = ("my_domain", "n8n_url")


def value_of(field: str, text: str, choices: Sequence[str] = ()) -> str:
    """Return an answer as it goes into the spec, without what only came along with it.

    Args:
        field: The answer's name in Answers.
        text: The person's input.
        choices: The possible answers, if there is a list.
    """
    value = _without_field(field, text).strip(_AROUND)
    if field == "name":
        return _slug(value)
    if field in _URLS:
        return _url(value)
    if field == "n8n_version":
        return re.sub(r"^v(?=\d)", "", value, flags=re.IGNORECASE)
    by_letters = {_letters(choice): choice for choice in choices}
    return by_letters.get(_letters(value), value)


def _without_field(field: str, text: str) -> str:
    """Return what follows the field's name in `my_domain: https://…`."""
    known = {field, field.removeprefix("n8n_"), field.replace("_", "-")}
    names = "|".join(sorted(map(re.escape, known)))
    return re.sub(rf"^[\s{_AROUND}-]*(?:{names})\s*[:=]\s*(?!//)", "", text)


def _url(value: str) -> str:
    if "://" not in value and "." in value:
        value = f"https://{value}"
    return value.rstrip("/")


def _slug(value: str) -> str:
    """Return a name in the format of specs. A slash stays, because it is a mistake."""
    plain = unicodedata.normalize("NFKD", value).encode("ascii", "ignore").decode("ascii")
    return re.sub(r"[^a-z0-9/\\]+", "-", plain.lower()).strip("-")


def _letters(text: str) -> str:
    """Return what counts when a choice is compared: `OAuth 2.0` is oauth2."""
    return re.sub(r"[^a-z0-9]", "", text.lower()).replace("oauth20", "oauth2")
