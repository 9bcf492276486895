"""Check and repair My Domain URLs as people write them."""

import re
from functools import lru_cache
from typing import NamedTuple

from sfcred.salesforce.host_tables import MY_DOMAIN_SUFFIX, HostKind
from sfcred.salesforce.hosts import classify, is_host_name
from sfcred.urls import UrlParts, take_apart


class UrlFault(NamedTuple):
    """One thing that is wrong with how a My Domain is written, and how to fix it."""

    what: str
    hint: str


@lru_cache(maxsize=64)  # many credentials of a project are for the same org
def inspect_my_domain(value: str) -> tuple[str | None, tuple[UrlFault, ...]]:
    """Check the format of a My Domain, but not whose it is.

    n8n (2.20.0 and later) removes one trailing slash and uses the rest unchanged, as the audience
    of the assertion and in front of `/services/oauth2/token`. Anything but `https://HOST` breaks
    one of the two. Faults never repeat the value's user info, path, query or fragment, because an
    address copied from a browser can contain a session.

    Args:
        value: The text from the spec.

    Returns:
        The host name in lower case, or None if there is none; and what is wrong.
    """
    written = _meant(value)
    host, host_faults = _judge_host(written.host)
    faults = (*_judge_text(value), *_judge_scheme(written), *host_faults, *_judge_rest(written))
    hint = f"Write {_suggestion(host)}."
    return host, tuple(UrlFault(what, hint) for what in faults)


def repaired_my_domain(value: str) -> str | None:
    """Return the My Domain URL that a malformed one certainly means.

    Args:
        value: The text from the spec.

    Returns:
        The URL. None if that would be a guess, or if the part to remove could be intended: another
        host, a port, a user name.
    """
    written = _meant(value)
    name, _faults = _judge_host(written.host)
    if name is None or written.user_info or written.port is not None:
        return None
    host = classify(name)
    return f"https://{host.name}" if host.kind is HostKind.MY_DOMAIN else host.my_domain


# `https//`, `https;//` and `://`, and a scheme that is there twice; `https:/` is still a scheme.
_DAMAGED_SCHEME = re.compile(
    r"(?:https?(?:[;.,]|\s?:\s|\s)?//|\s?[:;]//)(?:https?:?//?)?|https?://?\s?(?:https?:?//?)",
    re.IGNORECASE,
)


def _meant(value: str) -> UrlParts:
    """Split what a person wrote, as if its scheme were whole."""
    text = _bare(value)
    damaged = _DAMAGED_SCHEME.match(text)
    return take_apart(f"https://{text[damaged.end() :]}" if damaged else text)


def _bare(value: str) -> str:
    """Return what a person wrote without quotes, and with backslashes as slashes."""
    return value.strip().strip("\"'<>").strip().replace("\\", "/")


def _judge_text(value: str) -> list[str]:
    faults = []
    if value != value.strip():
        faults.append("it has white space around it, which n8n keeps")
    bare = value.strip()
    if any(sign.isspace() or not sign.isprintable() for sign in bare):
        faults.append("it contains white space or an invisible character")
    if bare != bare.strip("\"'<>"):
        faults.append("it includes quotes or angle brackets")
    if "\\" in bare:
        faults.append("it has a backslash instead of a slash")
    if _DAMAGED_SCHEME.match(_bare(value)):
        faults.append("the https:// at its beginning is damaged, or there twice")
    return faults


def _judge_scheme(written: UrlParts) -> list[str]:
    scheme = written.scheme.lower()
    if not scheme:
        return ["it does not start with https://, and n8n needs a full URL to request a token"]
    if scheme == "http":
        return ["it starts with http://, but Salesforce issues tokens over https only"]
    if scheme != "https":
        return ["its scheme is not https"]
    if written.slashes != "//":
        return ["https: must be followed by exactly two slashes"]
    if written.scheme != "https":
        return ["https has capital letters, so Salesforce may not recognize the audience"]
    return []


def _judge_host(written: str) -> tuple[str | None, list[str]]:
    """Return a host's usable name, and what is wrong with how it is written."""
    host = written.lower().removesuffix(".")
    if _is_address(host):
        return host.strip("[]"), ["it is an IP address, and Salesforce has no certificate for one"]
    if host in {"http", "https"}:
        return None, ["it has the scheme twice"]
    # Lower-casing turns some non-ASCII characters, such as the Kelvin sign, into ASCII letters.
    if not (written.isascii() and is_host_name(f"{host}.com")):
        return None, [_why_no_name(written)]
    faults = []
    if "." not in host:
        faults.append("the host is a single word, not a full host name")
    if written.endswith("."):
        faults.append("the host ends with a dot, so Salesforce may not recognize the audience")
    if written != written.lower():
        faults.append("the host has capital letters, so Salesforce may not recognize the audience")
    return host, faults


def _why_no_name(written: str) -> str:
    if not written:
        return "it has no host"
    if not written.isascii():
        return "the host has non-ASCII letters, possibly look-alikes of Latin letters"
    if "_" in written:
        return "the host has an underscore, which is not allowed in a My Domain"
    return "the host is not a valid host name"


def _judge_rest(written: UrlParts) -> list[str]:
    faults = []
    if written.user_info:
        faults.append("it has a user name or password before an @")
    if written.port is not None:
        faults.append("it has a port, which would become part of the audience")
    if written.path.strip("/"):
        faults.append("it has a path, and n8n would append /services/oauth2/token to it")
    elif len(written.path) > 1:
        faults.append("it ends with several slashes, and n8n removes only one")
    if written.query is not None:
        faults.append("it has a query (?…), which breaks the audience and the token URL")
    if written.fragment is not None:
        faults.append("it has a fragment (#…), which breaks the audience and the token URL")
    return faults


def _is_address(host: str) -> bool:
    numbers = r"[0-9]+(?:\.(?:0x[0-9a-f]+|[0-9]+))*|\[?[0-9a-f.]*:[0-9a-f:.]*\]?"
    return re.fullmatch(numbers, host) is not None


def _suggestion(host: str | None) -> str:
    """Return what to write instead. Never suggest a host that sfcred sends no secrets to."""
    if host and "." not in host and host != "localhost":
        host = f"{host}.{MY_DOMAIN_SUFFIX}"
    known = classify(host or "")
    if known.kind in {HostKind.FOREIGN, HostKind.INTERNAL, HostKind.EXPERIENCE_CLOUD}:
        return "the org's My Domain, as https://NAME.my.salesforce.com"
    return known.my_domain or f"https://{known.name}"
