"""The OAuth2 consent in the browser: asked for, judged by the live checks, stored."""

from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urlsplit

from pydantic import SecretStr

from sfcred.checks import find_check
from sfcred.checks.api import Problem, Severity
from sfcred.errors import LoginFailed, NotKnown, UsageError
from sfcred.http.client import ClientOptions, run_flows
from sfcred.http.trust import destination
from sfcred.live.visit import Live, Visit, visit_with
from sfcred.oauth.authorization_code import Consent, ask, exchange
from sfcred.oauth.callback_server import Listener, Page, Returned, listening
from sfcred.resolve.credential import Credential
from sfcred.salesforce.diagnosis import path
from sfcred.salesforce.refusals import CALLBACK
from sfcred.secrets import Provider, all_providers
from sfcred.spec.refs import Reference
from sfcred.spec.source import Route
from sfcred.urls import is_loopback

#: The Salesforce CLI's own callback, which many apps have already.
DEFAULT_PORT, CALLBACK_PATH = 1717, "/OauthRedirect"
_TOKEN: Route = ("oauth2", "refresh_token")
_REFRESH = ("refresh_token", "offline_access")
#: The live checks that decide whether a consent is the right one.
_JUDGES = ("SFC903", "SFC911", "SFC904", "SFC905", "SFC910", "SFC907")


class How(NamedTuple):
    """How to ask.

    Attributes:
        port: Of the callback on this machine; None: the app's own, else 1717.
        timeout: How long to wait for the person, in seconds.
        force: A refresh token that is stored already may be replaced.
        invite: Is handed the address at which the browser shall begin.
        warn: Is handed what is worth a warning.
        found: The ids of offline checks that found something: they rank causes.
    """

    port: int | None
    timeout: float
    force: bool
    invite: Callable[[str], object]
    warn: Callable[[str], object]
    found: frozenset[str] = frozenset()


class Place(NamedTuple):
    """Where the refresh token goes."""

    provider: Provider
    locator: str
    words: str


def log_in(credential: Credential, how: How) -> Place:
    """Asks for a consent in the browser, and stores the refresh token.

    Args:
        credential: An OAuth2 credential whose `oauth2.refresh_token` refers to a place that
            sfcred can write to.
        how: Port, patience, and whom to tell.

    Returns:
        Where the refresh token is now.

    Raises:
        UsageError: The spec doesn't say where to store, or no callback fits.
        LoginFailed: It came to nothing; nothing was stored.
        WriteRefused: Something is stored there already.
        NotKnown: A value can't be read here, or nothing may be sent to the address.
    """
    place = _place(credential)
    around = credential.values.surroundings(credential.folder)
    store = place.provider.store
    if store is None:
        raise TypeError("a place without a store")
    store.prepare(place.locator, around, how.force)
    host = destination(credential)
    consent = ask(credential, host, redirect_uri(credential, how.port), scopes_of(credential))
    # The secret is read before anybody clicks: if it isn't here, that is said now.
    exchange(credential, host, consent, SecretStr(""))
    with listening(consent) as listener:
        how.invite(listener.start_url)
        try:
            token = _finish(credential, host, consent, listener, how)
            store.write(place.locator, token, around, how.force)
        except Exception as error:
            listener.show(_bad_page(error))
            raise
        listener.show(
            Page("Connected", "The consent is stored. You can close this page.", good=True)
        )
    return place


def _place(credential: Credential) -> Place:
    if credential.flow != "oauth2":
        raise UsageError(
            f"{credential.name} uses the JWT flow, which needs no consent",
            hint="sfcred doctor --live logs in with it.",
        )
    reference = credential.declared(_TOKEN)
    writable = [key for key, provider in all_providers().items() if provider.store]
    if not isinstance(reference, Reference):
        raise UsageError(
            f"{credential.name} doesn't say where to keep the refresh token",
            hint=f"Add to `oauth2` in {credential.source.shown}: refresh_token: {{keyring: "
            f"sfcred/{credential.name}}}. Possible are {', '.join(writable)}.",
        )
    provider = all_providers()[reference.provider]
    around = credential.values.surroundings(credential.folder)
    words = provider.where(reference.locator, around)
    if provider.store is None:
        raise UsageError(
            f"the refresh token of {credential.name} would belong into {words}, which sfcred can't "
            "write",
            hint=f"Refer to it with one of {', '.join(writable)}.",
        )
    return Place(provider, reference.locator, words)


def scopes_of(credential: Credential) -> list[str]:
    """What is asked for: the declared scopes, and one that gives a refresh token."""
    scopes = list(credential.app.scopes or ["api"])
    return scopes if any(scope in _REFRESH for scope in scopes) else [*scopes, "refresh_token"]


def redirect_uri(credential: Credential, port: int | None) -> str:
    """The callback on this machine: one that the app has.

    Args:
        credential: Its `app.callback_urls` are what the app has, if they are given.
        port: Which one is wanted; None: the first that fits, else the Salesforce CLI's.

    Raises:
        UsageError: The app has none.
    """
    listed = credential.app.callback_urls
    own = [url for url in listed or [] if _is_ours(url)]
    if port is None and own:
        return own[0]
    wanted = f"http://localhost:{port or DEFAULT_PORT}{CALLBACK_PATH}"
    fitting = [url for url in own if urlsplit(url).port == port]
    if fitting or listed is None:
        return fitting[0] if fitting else wanted
    raise UsageError(
        f"the app has no callback on this machine: {wanted} is not in app.callback_urls",
        hint=f"Add {wanted} to the app ({path(CALLBACK, credential.app.type)}), wait ten minutes, "
        "and add it to app.callback_urls.",
    )


def _is_ours(url: str) -> bool:
    """A callback on this machine that is not n8n's own."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    is_n8n_s = parts.path.endswith("/oauth2-credential/callback")
    return parts.scheme == "http" and is_loopback(host) and port is not None and not is_n8n_s


def _finish(
    credential: Credential, host: str, consent: Consent, listener: Listener, how: How
) -> SecretStr:
    """Waits for the browser, exchanges the code, judges what came; gives the refresh token."""
    returned = listener.wait(how.timeout)
    if returned is None:
        raise LoginFailed(
            f"nobody finished the login within {how.timeout:.0f} seconds",
            hint="Run sfcred login again. If Salesforce showed an error page: sfcred explain "
            "--error 'what it said'.",
        )
    if returned.code is None:
        raise _denied(Live(credential, Visit(host, "code"), how.found), returned)
    request = exchange(credential, host, consent, returned.code)
    context = credential.context
    options = ClientOptions(context.allow_hosts, context.org_hosts)
    driven = run_flows([lambda: visit_with(credential, request)], options)
    result = driven.results[0]
    if driven.interrupted or result is None:
        raise KeyboardInterrupt
    if not isinstance(result, Visit):
        raise result
    return _judged(Live(credential, result, how.found), how.warn)


def _denied(live: Live, returned: Returned) -> LoginFailed:
    from sfcred.checks.lib.diagnosis import explain, summary
    from sfcred.live.visit import secrets_of
    from sfcred.oauth.token import Refused, scrubbed

    secrets = secrets_of(live.credential, None, None)
    said = Refused(302, scrubbed(returned.error, secrets), scrubbed(returned.description, secrets))
    diagnosis = explain(live, said.error, said.description, "authorize")
    return LoginFailed(
        f"Salesforce gave no consent: {summary(said)}{diagnosis.message}", hint=diagnosis.hint
    )


def _judged(live: Live, warn: Callable[[str], object]) -> SecretStr:
    """The refresh token, if it is the right org's.

    Raises:
        LoginFailed: It is not, or there is none.
    """
    if live.visit.trouble:
        raise LoginFailed(
            f"the consent was given, but {live.visit.trouble}",
            hint="Try again; nothing was stored.",
        )
    for severity, problem in _problems(live):
        if severity is Severity.ERROR:
            raise LoginFailed(f"{problem.message}; nothing was stored", hint=problem.hint)
        warn(f"{problem.message}. {problem.hint}")
    token = live.visit.token
    if token is None or token.refresh_token is None:
        raise LoginFailed(
            "Salesforce gave no refresh token; nothing was stored",
            hint="Add the scope refresh_token to the app, and look at its Refresh Token Policy.",
        )
    return token.refresh_token


def _problems(live: Live) -> list[tuple[Severity, Problem]]:
    found = []
    for check_id in _JUDGES:
        check = find_check(check_id)
        if check is None:
            raise TypeError(f"there is no check {check_id}")
        try:
            problems = list(check.function(live))
        except NotKnown:  # one that has too little to go by has no objection
            continue
        found += [(problem.severity or check.severity, problem) for problem in problems]
    return found


def _bad_page(error: Exception) -> Page:
    """For the browser: what the terminal says, too."""
    from sfcred.errors import SfcredError
    from sfcred.redact import redact

    if isinstance(error, SfcredError):
        return Page("Not connected", redact(f"{error.message}\n\n{error.hint}"), good=False)
    return Page("Not connected", "The terminal says why.", good=False)
