"""Tell which kind of login a text that someone copied is about."""

import re

from sfcred.salesforce.refusals import Grant

_PARAMETER = r"grant[_-]type[\\\"'\s]{0,9}(?:=>|[:=]|%3D)[\\\"'\s]{0,9}"
_FORMS: dict[Grant, re.Pattern[str]] = {
    "jwt": re.compile(r"grant-type(?::|%3A)jwt-bearer", re.IGNORECASE),
    "code": re.compile(rf"{_PARAMETER}authorization_code", re.IGNORECASE),
    "client": re.compile(rf"{_PARAMETER}client_credentials", re.IGNORECASE),
    "refresh": re.compile(
        rf"{_PARAMETER}refresh_token"
        r"|\b(?:refreshing|renewing|to (?:refresh|renew)) "
        r"(?:\w{1,20} ){0,3}tokens?\b"
        r"|refresh_?token\(|token_?refresh_?(?:error|fail)",
        re.IGNORECASE,
    ),
}


def grants_in(text: str) -> frozenset[Grant]:
    """Return the grants that a text shows: as a parameter of a request, or in a client's words."""
    return frozenset(grant for grant, form in _FORMS.items() if form.search(text))
