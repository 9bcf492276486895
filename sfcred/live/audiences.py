"""Which hosts and audiences a JWT login is tried with."""

from sfcred.oauth.token import Refused, TokenResult
from sfcred.salesforce.diagnosis import ErrorText, diagnose
from sfcred.salesforce.host_tables import LOGIN_URLS, Environment, HostKind
from sfcred.salesforce.hosts import classify


def pairs_to_try(environment: Environment, host: str) -> list[tuple[str, str]]:
    """Return pairs of token host and audience: n8n's own, then those that are worth a try.

    Some orgs want a general audience at their own address. Where the general host itself is
    asked, it may be the other one (production for sandbox).
    """
    other: Environment = "production" if environment == "sandbox" else "sandbox"
    if classify(host.removeprefix("https://")).kind is HostKind.GENERIC_LOGIN:
        another = LOGIN_URLS[other] if host == LOGIN_URLS[environment] else LOGIN_URLS[environment]
        return [(host, host), (another, another)]
    return [(host, host), (host, LOGIN_URLS[environment]), (host, LOGIN_URLS[other])]


def is_about_the_audience(result: TokenResult) -> bool:
    """Whether an answer refuses the audience, so that another one may work."""
    return is_refusal(result, "audience-invalid")


def is_refusal(result: TokenResult, row: str) -> bool:
    """Whether an answer is one that the table of refusals knows under this name.

    Args:
        result: The answer.
        row: A name of `sfcred.salesforce.refusals.REFUSALS`.
    """
    if not isinstance(result, Refused):
        return False
    rows = diagnose(ErrorText(result.error, result.description, "token"))
    return any(found.name == row for found in rows)
