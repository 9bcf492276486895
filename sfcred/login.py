"""Log in through the browser: ask for consent, visit the org, and store the refresh token."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from pydantic import SecretStr

from sfcred.checks import all_checks
from sfcred.checks.api import Problem, Trait, live_check
from sfcred.errors import (
    AlreadyThere,
    Cause,
    LoginFailed,
    NotKnown,
    SfcredError,
    UsageError,
    WriteRefused,
)
from sfcred.findings import Severity
from sfcred.http.client import ClientOptions, run_flow
from sfcred.http.messages import Flow, Request, Unreachable
from sfcred.http.trust import login_url
from sfcred.live.collect import START_LOCAL_ORG, visit_that_was_denied, visit_with
from sfcred.live.grants import client_of
from sfcred.live.org import read_discovery
from sfcred.live.visit import Live, Visit
from sfcred.memory import collect_as_usual
from sfcred.n8n.callback import SUFFIX
from sfcred.oauth.authorization_code import ask, token_request
from sfcred.oauth.callback import CallbackResult, Listener, ResultPage
from sfcred.oauth.callback_server import listening
from sfcred.resolve.credential import Credential
from sfcred.salesforce.diagnosis import path
from sfcred.salesforce.refusals import CALLBACK
from sfcred.secrets import all_providers, find_provider
from sfcred.secrets.provider import Store, Surroundings
from sfcred.spec.refs import Reference
from sfcred.spec.source import Route
from sfcred.text.redact import redact
from sfcred.urls import is_loopback, split_url, take_apart

#: The Salesforce CLI's own callback, which many apps already have.
DEFAULT_PORT, CALLBACK_PATH = 1717, "/OauthRedirect"
_TOKEN: Route = ("oauth2", "refresh_token")
_REFRESH = ("refresh_token", "offline_access")
_CONNECTED = ResultPage(
    "Connected", "The refresh token is stored. You can close this page.", good=True
)
_REHEARSED = ResultPage(
    "Rehearsed",
    "The login works with this stand-in. It isn't Salesforce, so nothing is connected. You can "
    "close this page.",
    good=True,
)


class LoginOptions(NamedTuple):
    """Options for a login.

    Attributes:
        port: The callback's port on this machine; None for the app's own or, without one, 1717.
        timeout: How long to wait for the person, in seconds.
        force: Replace a refresh token that is already stored.
        invite: Called with the URL to open in the browser.
        warn: Called with each warning.
        found: The ids of offline checks that found something; they help to rank causes.
    """

    port: int | None
    timeout: float
    force: bool
    invite: Callable[[str], object]
    warn: Callable[[str], object]
    found: frozenset[str] = frozenset()


class TokenDestination(NamedTuple):
    """The place to store the refresh token in; `words` describe it."""

    words: str
    locator: str
    store: Store
    surroundings: Surroundings


class LoginResult(NamedTuple):
    """How a login ended.

    Attributes:
        place: The place in the spec for the refresh token, in words.
        stored: Whether the token is there now. A token of `--local-org` is never stored.
        stays: Whether a token is there that a rehearsal left as it was.
        stand_in: The URL of the org if it is on this machine; empty for Salesforce.
    """

    place: str
    stored: bool
    stays: bool
    stand_in: str


def log_in(credential: Credential, options: LoginOptions) -> LoginResult:
    """Ask for consent in the browser, and store the refresh token.

    With `--local-org`, the login is a rehearsal: everything is checked, and nothing is stored. The
    place in the spec is for the real org's token.

    Args:
        credential: An OAuth2 credential whose `oauth2.refresh_token` refers to a place that sfcred
            can write to.
        options: The port, the time limit, and functions to report to.

    Returns:
        The place for the refresh token, and whether it was stored.

    Raises:
        UsageError: The spec doesn't say where to store the token, or the app has no suitable
            callback.
        LoginFailed: There is no consent, or it must not be stored. Nothing was stored.
        WriteRefused: Something is already stored there.
        Unreachable: The local org doesn't run.
        NotKnown: A value can't be read here, or nothing may be sent to the address.
    """
    collect_as_usual()
    target, is_rehearsal = _token_destination(credential), credential.context.local_org is not None
    stays = _prepare(credential, target, force=options.force, is_rehearsal=is_rehearsal)
    host = login_url(credential)
    stand_in = host if _is_on_this_machine(host) else ""
    redirect = redirect_uri(credential, options.port)
    # Read all values before the person starts to log in.
    client = client_of(credential)
    _require_local_org(credential, host)
    consent = ask(client.client_id, host, redirect, scopes_of(credential))
    last_page = _REHEARSED if stand_in else _CONNECTED
    with listening(consent) as listener, _shown_at_the_end(listener, last_page):
        options.invite(listener.start_url)
        result = _wait(listener, options.timeout)
        if result.code is None:
            visit = visit_that_was_denied(credential, host, result.error, result.description)
        else:
            visit = _visit(credential, token_request(client, host, consent, result.code))
        token = judge(Live(credential, visit, options.found), options.warn)
        _require_one_browser(listener)
        if not is_rehearsal:
            target.store.write(target.locator, token, target.surroundings, options.force)
    return LoginResult(target.words, not is_rehearsal, stays, stand_in)


# -- before the login

_UNATTENDED = {
    "jwt": "uses the JWT flow, which needs",
    "client_credentials": "uses client credentials, which need",
}


def _token_destination(credential: Credential) -> TokenDestination:
    if credential.flow != "oauth2":
        raise UsageError(
            f"{credential.name} {_UNATTENDED[credential.flow]} no consent",
            hint=f"To test its login, run `sfcred doctor {credential.chosen_file} --live`. It logs "
            "in as n8n does, checks the org and the user, and stores nothing.",
        )
    reference = credential.declared(_TOKEN)
    writable = [key for key, provider in all_providers().items() if provider.store]
    if not isinstance(reference, Reference):
        raise UsageError(
            f"{credential.name} doesn't say where to store the refresh token",
            hint=f"Add to `oauth2` in {credential.source.shown}: refresh_token: {{file: "
            f"../secrets/{credential.name}.refresh_token}}. sfcred can write to "
            f"{', '.join(writable)}.",
        )
    provider = find_provider(reference.provider)
    around = credential.values.surroundings(credential.folder)
    words = credential.values.place(reference, credential.folder)
    if provider.store is None:
        raise UsageError(
            f"the refresh token of {credential.name} would go to {words}, which sfcred can't write "
            "to",
            hint=f"Use one of these references instead: {', '.join(writable)}.",
        )
    return TokenDestination(words, reference.locator, provider.store, around)


def _prepare(
    credential: Credential, target: TokenDestination, *, force: bool, is_rehearsal: bool
) -> bool:
    """Make sure that the token can be stored. A rehearsal doesn't mind one that is there.

    Returns:
        Whether one is there that stays.

    Raises:
        WriteRefused, SecretUnavailable: It can't be.
    """
    try:
        target.store.prepare(target.locator, target.surroundings, force)
    except AlreadyThere:
        if is_rehearsal:
            return True
        raise AlreadyThere(
            f"a refresh token is already stored in {target.words}",
            hint=f"Check whether it works: sfcred doctor {credential.chosen_file} --live. To "
            "replace it, pass --force.",
        ) from None
    return is_rehearsal and force and _has_token(target)


def _has_token(target: TokenDestination) -> bool:
    try:
        target.store.prepare(target.locator, target.surroundings, False)  # noqa: FBT003
    except AlreadyThere:
        return True
    except WriteRefused:  # for another reason, which --force can make allowed
        return False
    return False


def _is_on_this_machine(url: str) -> bool:
    parts = split_url(url)
    return parts is not None and is_loopback(parts.host)


def scopes_of(credential: Credential) -> list[str]:
    """Return the scopes to ask for: the declared ones, and one for the refresh token."""
    scopes = list(credential.app.scopes or ["api"])
    return scopes if any(scope in _REFRESH for scope in scopes) else [*scopes, "refresh_token"]


def redirect_uri(credential: Credential, port: int | None) -> str:
    """Return the app's callback on this machine.

    Args:
        credential: A credential. Its `app.callback_urls`, if set, are the app's callbacks.
        port: The callback's port; None for the first one that is on this machine or, without
            `app.callback_urls`, the Salesforce CLI's.

    Raises:
        UsageError: The app has no such callback.
    """
    listed = credential.app.callback_urls
    own = [url for url in listed or [] if _is_ours(url)]
    if port is None and own:
        return own[0]
    wanted = f"http://localhost:{port or DEFAULT_PORT}{CALLBACK_PATH}"
    fitting = [url for url in own if (plain := split_url(url)) and plain.port == port]
    if fitting or listed is None:
        return fitting[0] if fitting else wanted
    raise UsageError(
        f"the app has no callback on this machine: {wanted} is not in app.callback_urls",
        hint=f"Add {wanted} to the app ({path(CALLBACK, credential.app.type)}), wait ten minutes, "
        "and add it to app.callback_urls.",
    )


def _is_ours(url: str) -> bool:
    """Return whether a callback is on this machine, but not n8n's own."""
    parts, plain = take_apart(url), split_url(url)
    if plain is None or plain.scheme != "http" or not parts.port:
        return False
    is_n8n_callback = parts.path.endswith(f"/{SUFFIX}")
    return is_loopback(plain.host) and not is_n8n_callback


def _require_local_org(credential: Credential, host: str) -> None:
    """Fail at once if no org runs on this machine, instead of waiting for the browser.

    Raises:
        Unreachable: Nothing answers, or another program.
    """
    if credential.context.local_org is None:
        return
    try:
        found = run_flow(lambda: _discover(host), _client_options(credential))
    except Unreachable as trouble:
        why = f"nothing answers at {host}: {trouble.message}"
        raise Unreachable(why, hint=START_LOCAL_ORG) from None
    if isinstance(found, str):
        raise Unreachable(f"another program answers at {host}: {found}", hint=START_LOCAL_ORG)


def _discover(host: str) -> Flow[frozenset[str] | str]:
    return read_discovery((yield Request("GET", f"{host}/.well-known/openid-configuration")))


# -- the login


def _wait(listener: Listener, seconds: float) -> CallbackResult:
    result = listener.wait(seconds)
    _require_one_browser(listener)
    if result is None:
        raise LoginFailed(
            f"the login was not finished within {seconds:.0f} seconds",
            hint="Start the login again. If Salesforce showed an error page, run sfcred explain "
            "--error 'TEXT OF THE ERROR'.",
        )
    return result


def _require_one_browser(listener: Listener) -> None:
    """Fail if somebody else may be the one who gave the consent.

    Raises:
        LoginFailed: Two browsers or programs opened the address of this login.
    """
    if listener.is_shared:
        raise LoginFailed(
            "the address of this login was opened by two browsers or programs; nothing was stored",
            hint="Start the login again. To choose the browser yourself, pass --no-browser. If you "
            "opened the address only once, another user or program of this machine did, too.",
        )


def _visit(credential: Credential, exchange: Request) -> Visit:
    """Exchange the code, and visit the org with the token."""
    return run_flow(lambda: visit_with(credential, exchange), _client_options(credential))


def _client_options(credential: Credential) -> ClientOptions:
    context = credential.context
    return ClientOptions(context.allow_hosts, context.org_hosts, project=context.project)


# -- judging the login


def judge(live: Live, warn: Callable[[str], object]) -> SecretStr:
    """Return the refresh token, if it belongs to the right org.

    Args:
        live: The credential, and the results of the visit with its consent.
        warn: Called with each warning.

    Raises:
        LoginFailed: It belongs to another org, or there is none.
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
            "Salesforce returned no refresh token; nothing was stored",
            hint="Add the scope refresh_token to the app, and check its Refresh Token Policy.",
        )
    return token.refresh_token


def _problems(live: Live) -> list[tuple[Severity, Problem]]:
    """Return what the checks that judge a consent find, worst first, then what they can't judge."""
    found: list[tuple[Severity, Problem]] = []
    unsure: list[tuple[Severity, Problem]] = []
    for check in live_check.among(all_checks(("live",))):
        if Trait.JUDGES_CONSENT not in check.traits:
            continue
        try:
            problems = list(check.function(live))
        except NotKnown as reason:
            if check.severity is Severity.ERROR and reason.cause is Cause.UNREADABLE:
                message = f"the consent can't be verified ({check.name}): {reason.message}"
                unsure.append((Severity.ERROR, Problem(message, (), reason.hint)))
            continue  # otherwise, there is nothing to compare
        found += [(problem.severity or check.severity, problem) for problem in problems]
    return sorted(found, key=lambda item: -item[0].rank) + unsure


# -- the browser's last page


@contextmanager
def _shown_at_the_end(listener: Listener, last_page: ResultPage) -> Iterator[None]:
    """Show the browser how the block ended, like the terminal."""
    try:
        yield
    except Exception as error:
        listener.show(_failure_page(error))
        raise
    listener.show(last_page)


def _failure_page(error: Exception) -> ResultPage:
    text = "The terminal shows the reason."
    if isinstance(error, SfcredError):
        text = redact(f"{error.message}\n\n{error.hint}")
    return ResultPage("Not connected", text, good=False)
