"""Choose the hosts and audiences to try a JWT login with."""

from sfcred.oauth.token import TokenRefusal, TokenResult
from sfcred.salesforce.diagnosis import ErrorText, diagnose
from sfcred.salesforce.host_tables import LOGIN_URLS, Environment, HostKind
from sfcred.salesforce.hosts import classify


def pairs_to_try(environment: Environment, host: str) -> list[tuple[str, str]]:
    """Return pairs of token host and audience: n8n's own, then others worth trying.

    Some orgs require a general audience at their own host. If n8n asks a general host, the right
    one may be the other (production for sandbox).
    """
    other: Environment = "production" if environment == "sandbox" else "sandbox"
    if classify(host.removeprefix("https://")).kind is HostKind.GENERIC_LOGIN:
        another = LOGIN_URLS[other] if host == LOGIN_URLS[environment] else LOGIN_URLS[environment]
        return [(host, host), (another, another)]
    return [(host, host), (host, LOGIN_URLS[environment]), (host, LOGIN_URLS[other])]


def is_about_the_audience(result: TokenResult) -> bool:
    """Return whether an answer refuses the audience, so that another one may work."""
    return is_refusal(result, "audience-invalid")


def is_refusal(result: TokenResult, row: str) -> bool:
    """Return whether an answer is the refusal that the table lists under this name.

    Args:
        result: The answer.
        row: A name of `sfcred.salesforce.refusals.REFUSALS`.
    """
    if not isinstance(result, TokenRefusal):
        return False
    rows = diagnose(ErrorText(result.error, result.description, "token"))
    return any(found.name == row for found in rows)
