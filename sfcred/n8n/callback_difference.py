"""Describe how one of an app's callbacks differs from n8n's."""

import re

from sfcred.urls import LOCAL_HOSTS, UrlParts, take_apart


def difference(wanted: str, given: str) -> str | None:
    """Describe how two similar URLs differ.

    Args:
        wanted: n8n's callback.
        given: One of the app's callbacks.

    Returns:
        The parts that differ: "the scheme (http instead of https) and the trailing slash". None if
        the URLs are equal or have too little in common. Queries and user names are not repeated,
        because they can contain secrets.
    """
    ours, theirs = take_apart(wanted), take_apart(given.strip())
    if wanted == given or not _is_near(ours, theirs):
        return None
    differences = [
        "the white space around it" if given != given.strip() else "",
        _changed("scheme", ours.scheme, theirs.scheme),
        "the user name before the host" if theirs.user_info != ours.user_info else "",
        _changed("host", ours.host, theirs.host),
        _port_difference(ours, theirs),
        _path_difference(ours.path, theirs.path),
        "the query" if ours.query_and_fragment != theirs.query_and_fragment else "",
    ]
    *most, last = [*filter(None, differences)] or ["the punctuation"]
    return f"{', '.join(most)} and {last}" if most else last


def _port_difference(ours: UrlParts, theirs: UrlParts) -> str:
    if not theirs.has_numeric_port:  # it could be a password
        return "the port"
    return _changed("port", ours.port or "", theirs.port or "")


def _is_near(ours: UrlParts, theirs: UrlParts) -> bool:
    """Return whether the hosts are equal, or are similar and have the same path."""
    first, second = ours.host.lower(), theirs.host.lower()
    if not second or first == second:
        return first == second
    if ours.path.strip("/").lower() != theirs.path.strip("/").lower():
        return False
    if LOCAL_HOSTS & {first, second}:
        return {first, second} <= LOCAL_HOSTS
    return _is_related(first, second)


def _is_related(first: str, second: str) -> bool:
    from difflib import SequenceMatcher

    short, long = sorted((first, second), key=len)
    if long.endswith(f".{short}") or long.startswith(f"{short}."):
        return True
    return len(long) < 254 and SequenceMatcher(None, first, second).ratio() >= 0.8  # noqa: PLR2004 - DNS; by trial


def _changed(part: str, ours: str, theirs: str) -> str:
    if ours == theirs:
        return ""
    if ours.lower() == theirs.lower():
        return f"upper and lower case in the {part}"
    if "@" in theirs:  # a misplaced user name and password
        return f"the {part}"
    return f"the {part} ({theirs or 'none'} instead of {ours or 'none'})"


def _path_difference(ours: str, theirs: str) -> str:
    if ours != theirs and ours.rstrip("/") == theirs.rstrip("/"):
        return "the trailing slash"
    if ours != theirs and ours == re.sub("/+", "/", theirs):
        return "the double slash in the path"
    return _changed("path", ours, theirs)
