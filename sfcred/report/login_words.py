"""The results of logins in words. A rehearsal must not read like a login at Salesforce."""

from sfcred.findings import Report


def login_words(live: str, report: Report) -> str:
    """Return a login's result (Result.live) in words, such as `logged in`."""
    words = live.replace("_", " ")
    is_rehearsal = report.live is not None and report.live.local_org is not None
    return f"{words}, rehearsed at the local org" if is_rehearsal else words
