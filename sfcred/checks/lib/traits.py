"""What is known about a credential, for ranking the causes of an error."""

from datetime import timedelta
from typing import TYPE_CHECKING

from sfcred.errors import NotKnown

if TYPE_CHECKING:
    from sfcred.live.visit import Live
    from sfcred.resolve.credential import Credential

# Clocks that differ by less, in seconds, refuse no login.
_MOST_SKEW = 60
# The scopes that open the API.
_OPEN_API = frozenset({"api", "full"})


def signs(live: "Live") -> frozenset[str]:
    """Return what is known after a visit: the ids of findings, and traits."""
    return live.found | traits_of(live.credential) | _names(_visit_traits(live))


def traits_of(credential: "Credential") -> frozenset[str]:
    """Return the traits (`salesforce.refusals.traits`) that the spec and n8n's version show."""
    return _names(
        {**_login_traits(credential), **_app_traits(credential), **_n8n_traits(credential)}
    )


def _names(traits: dict[str, bool]) -> frozenset[str]:
    return frozenset(name for name, present in traits.items() if present)


def _visit_traits(live: "Live") -> dict[str, bool]:
    """Return the traits that only a visit shows."""
    skew, token = live.visit.skew, live.visit.token
    scopes = None if token is None else token.scopes
    return {
        "clock": skew is not None and skew.certain > _MOST_SKEW,
        "clocks_agree": skew is not None and skew.certain <= _MOST_SKEW,
        "fresh_token": token is not None,
        "api_scope": scopes is not None and not _OPEN_API.isdisjoint(scopes),
        "no_api_scope": scopes is not None and _OPEN_API.isdisjoint(scopes),
    }


def _login_traits(credential: "Credential") -> dict[str, bool]:
    """Return the traits of the login and of the org that it goes to."""
    from sfcred.resolve.authority import is_generic

    is_general = credential.authority is not None and is_generic(credential.authority)
    return {
        "generic_host": is_general,
        "own_host": credential.spec.my_domain is not None and not is_general,
        "production": credential.spec.environment == "production",
        "jwt": credential.decision.flow == "jwt",
        "consent": credential.decision.flow == "oauth2",
        "client": credential.decision.flow == "client_credentials",
        "young_certificate": _is_young(credential),
        "email_username": _looks_like_e_mail(credential),
    }


def _app_traits(credential: "Credential") -> dict[str, bool]:
    """Return the app's traits, by the spec. Unset fields add none."""
    app, policy = credential.app, credential.app.refresh_token_policy
    return {
        "connected_app": app.type == "connected_app",
        "sets_declared": bool(app.permission_sets) and app.pre_authorized is not False,
        "policy_infinite": policy is not None and policy.kind == "infinite",
        "rotates": app.refresh_token_rotation is True,
        "rotation_off": app.refresh_token_rotation is False,
        "ip_relaxed": app.ip_relaxation == "bypass",
        "pkce_optional": app.pkce_required is False,
    }


def _n8n_traits(credential: "Credential") -> dict[str, bool]:
    """Return what n8n's version does."""
    from sfcred.n8n.versions import GENERIC_PKCE, PKCE, TOKEN_CACHE, has

    version = credential.n8n.version
    pkce = GENERIC_PKCE if credential.has_generic_type else PKCE
    return {
        "n8n_sends_pkce": has(pkce, version) is True,
        "n8n_lacks_pkce": has(pkce, version) is False,
        "n8n_keeps_tokens": has(TOKEN_CACHE, version) is True,
    }


def _is_young(credential: "Credential") -> bool:
    """Return whether the certificate is less than a day old: the app's last change then is, too."""
    from sfcred.keys.certificate import Certificate

    try:
        certificate = credential.certificate
    except NotKnown:
        return False
    if not isinstance(certificate, Certificate):
        return False
    return credential.context.now - certificate.not_before < timedelta(days=1)


def _looks_like_e_mail(credential: "Credential") -> bool:
    """Return whether the username of a sandbox ends like an e-mail address, so probably is one."""
    if credential.decision.flow != "jwt" or credential.spec.environment != "sandbox":
        return False
    try:
        username = credential.value(("jwt", "username")).get_secret_value()
    except NotKnown:
        return False
    return username.rpartition(".")[2].lower() in {"com", "org", "net", "de", "eu", "io", "co"}
