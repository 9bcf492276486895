"""My Domain URLs as people write them: what is wrong with one, and what it means."""

import re
from typing import NamedTuple

from sfcred.salesforce.host_tables import MY_DOMAIN_SUFFIX, HostKind
from sfcred.salesforce.hosts import classify, is_host_name
from sfcred.urls import UrlParts, take_apart


class UrlFault(NamedTuple):
    """One thing that is wrong with a My Domain as it is written, and what to do about it."""

    what: str
    hint: str


def inspect_my_domain(value: str) -> tuple[str | None, tuple[UrlFault, ...]]:
    """Judges a My Domain as it is written: its form, not whose it is.

    n8n (2.20.0 and later) takes one slash off the value's end and uses the rest unchanged, as the
    assertion's audience and in front of `/services/oauth2/token`. So everything but
    `https://HOST` breaks one of the two. No fault repeats the value's user info, path, query or
    fragment: an address copied from a browser may hold a session.

    Args:
        value: The text from the spec.

    Returns:
        The host name in lower case, or None where none can be made out; and what is wrong.
    """
    written = _meant(value)
    host, host_faults = _judge_host(written.host)
    faults = (*_judge_text(value), *_judge_scheme(written), *host_faults, *_judge_rest(written))
    hint = f"Write {_suggestion(host)}."
    return host, tuple(UrlFault(what, hint) for what in faults)


def repaired_my_domain(value: str) -> str | None:
    """The My Domain URL that a wrongly written one certainly means.

    Args:
        value: The text from the spec.

    Returns:
        The URL, or None where something would have to be guessed, or where what is to go may
        have been meant: another host, a port, a user name.
    """
    written = _meant(value)
    name, _faults = _judge_host(written.host)
    if name is None or written.user_info or written.port is not None:
        return None
    host = classify(name)
    return f"https://{host.name}" if host.kind is HostKind.MY_DOMAIN else host.my_domain


def _meant(value: str) -> UrlParts:
    """The parts of what a person wrote: without quotes, and with backslashes as slashes."""
    return take_apart(value.strip().strip("\"'<>").strip().replace("\\", "/"))


def _judge_text(value: str) -> list[str]:
    faults = []
    if value != value.strip():
        faults.append("there is white space around it, which n8n keeps")
    bare = value.strip()
    if any(sign.isspace() or not sign.isprintable() for sign in bare):
        faults.append("there is white space or an invisible sign inside it")
    if bare != bare.strip("\"'<>"):
        faults.append("quotes or angle brackets are part of it")
    if "\\" in bare:
        faults.append("it has a backslash where a URL has a slash")
    return faults


def _judge_scheme(written: UrlParts) -> list[str]:
    scheme = written.scheme.lower()
    if not scheme:
        return ["https:// is missing: without it n8n has no URL to ask for a token"]
    if scheme == "http":
        return ["it starts with http://: Salesforce issues tokens over https only"]
    if scheme != "https":
        return ["it starts with another scheme than https"]
    if written.slashes != "//":
        return ["https: must be followed by exactly two slashes"]
    if written.scheme != "https":
        return ["https has capital letters: Salesforce may not recognise the audience"]
    return []


def _judge_host(written: str) -> tuple[str | None, list[str]]:
    """The usable name of a host as it is written, and what is wrong with it."""
    host = written.lower().removesuffix(".")
    if _is_address(host):
        return host.strip("[]"), ["it is an IP address, for which Salesforce has no certificate"]
    if host in {"http", "https"}:
        return None, ["the scheme stands there twice"]
    # Lower-casing turns some signs outside ASCII, such as the Kelvin sign, into ASCII letters.
    if not (written.isascii() and is_host_name(f"{host}.com")):
        return None, [_why_no_name(written)]
    faults = []
    if "." not in host:
        faults.append("the host is a single word, not a full name")
    if written.endswith("."):
        faults.append("the host ends with a dot: Salesforce may not recognise the audience")
    if written != written.lower():
        faults.append("the host has capital letters: Salesforce may not recognise the audience")
    return host, faults


def _why_no_name(written: str) -> str:
    if not written:
        return "it names no host"
    if not written.isascii():
        return "the host has letters outside ASCII, perhaps look-alikes of Latin ones"
    if "_" in written:
        return "the host has an underscore, which no My Domain has"
    return "the host is no well-formed name"


def _judge_rest(written: UrlParts) -> list[str]:
    faults = []
    if written.user_info:
        faults.append("it has a user name or password before an @")
    if written.port is not None:
        faults.append("it has a port, which would become part of the audience")
    if written.path.strip("/"):
        faults.append("it has a path, to which n8n would append /services/oauth2/token")
    elif len(written.path) > 1:
        faults.append("it ends with several slashes, of which n8n takes off only one")
    if written.query is not None:
        faults.append("it has a query (?…), which breaks audience and token URL")
    if written.fragment is not None:
        faults.append("it has a fragment (#…), which breaks audience and token URL")
    return faults


def _is_address(host: str) -> bool:
    numbers = r"[0-9]+(?:\.(?:0x[0-9a-f]+|[0-9]+))*|\[?[0-9a-f.]*:[0-9a-f:.]*\]?"
    return re.fullmatch(numbers, host) is not None


def _suggestion(host: str | None) -> str:
    """What to write instead; never a host that isn't Salesforce's."""
    if host and "." not in host and host != "localhost":
        host = f"{host}.{MY_DOMAIN_SUFFIX}"
    known = classify(host or "")
    if known.kind in {HostKind.FOREIGN, HostKind.INTERNAL}:
        return "the org's My Domain, as https://NAME.my.salesforce.com"
    return known.my_domain or f"https://{known.name}"
