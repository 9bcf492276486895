"""Decide where secrets may go. A spec is untrusted input, so it never decides this.

Each question has one function: `permitted` (may anything be sent to this URL?), `login_url` (where
does sfcred log in?), `require_targets` (may n8n send secrets there?). The fence is a list of the
only hosts that anything may be sent to; `parse_org_hosts` reads it, `within_fence` applies it.
"""

import re
from collections.abc import Iterable

from sfcred.errors import NotKnown, UsageError
from sfcred.resolve.context import Context
from sfcred.resolve.credential import Credential
from sfcred.resolve.n8n_sends import SecretTarget, login_authority
from sfcred.salesforce.hosts import classify, is_destination, is_host_name, is_shared
from sfcred.text.redact import public_address
from sfcred.urls import Url, is_loopback, split_url

_HTTPS_PORT = 443
_INSIDE = (
    "Use the JWT flow with n8n 2.20.0 or later, correct n8n.version, or add that host to "
    "SFCRED_ORG_HOSTS or --org-host. A self-hosted n8n that runs with the output of `sfcred render "
    "--target n8n-overwrite` doesn't use that host, but sfcred can't see that."
)
_FENCE_FORM = (
    "Write the full host name without https:// and port, such as acme.my.salesforce.com. "
    "*.NAME matches all hosts below NAME."
)


def permitted(
    url: str, allow_hosts: frozenset[str], org_hosts: frozenset[str] | None
) -> Url | None:
    """Return the parts of a URL if secrets may go to it. This rule covers everything that is sent.

    Args:
        url: An absolute URL.
        allow_hosts: `HOST` or `HOST:PORT` that the command line allows.
        org_hosts: The fence, from parse_org_hosts(); None if there is no fence.

    Returns:
        The parts, for a My Domain or a general login host over https, and for an allowed host over
        https, or over http if it is this machine. None for anything else, and for everything
        outside the fence.
    """
    parts = split_url(url)
    if parts is None or not within_fence(parts.host, org_hosts):
        return None
    is_safe = parts.scheme == "https" or is_loopback(parts.host)
    if parts.is_one_of(allow_hosts):
        return parts if is_safe else None
    is_https = parts.scheme == "https" and parts.port == _HTTPS_PORT
    return parts if is_https and is_destination(parts.host) else None


def login_url(credential: Credential) -> str:
    """Return the base URL at which sfcred itself logs in with a credential.

    Returns:
        The local org, if the command line names one, otherwise the authority; without a trailing
        slash.

    Raises:
        NotKnown: There is no authority, or nothing may be sent to it.
    """
    context = credential.context
    url = context.local_org or login_authority(credential).url
    _require(SecretTarget(url), context, fence_only=context.local_org is not None)
    return url


def require_targets(
    targets: Iterable[SecretTarget], context: Context, *, fence_only: bool = False
) -> None:
    """Refuse addresses that n8n must not send secrets to.

    Args:
        targets: Where n8n sends them (resolve.n8n_sends).
        context: The context of the run, with the allowed hosts and the fence.
        fence_only: Accept hosts that are not Salesforce's (`--no-check`). The fence still applies.

    Raises:
        NotKnown: An address is refused. The message has the first one, and the reason.
    """
    for target in targets:
        _require(target, context, fence_only=fence_only or target.is_n8n_own)


def _require(target: SecretTarget, context: Context, *, fence_only: bool) -> None:
    url = split_url(target.url)
    host = url.host if url else ""
    # A single word could be a secret in the wrong place.
    shown = public_address(host) or "an invalid address"
    why = f" ({target.why})" if target.why else ""
    if not within_fence(host, context.org_hosts):
        raise NotKnown(
            f"nothing is sent to {shown}: it is not in SFCRED_ORG_HOSTS or --org-host{why}",
            hint=_INSIDE
            if target.why
            else "Add its host to SFCRED_ORG_HOSTS or --org-host if it's yours.",
        )
    if url is not None and url.scheme == "http" and not is_loopback(url.host):
        raise NotKnown(
            f"nothing is sent to {shown}: it uses plain http{why}", hint="Connect it in n8n again."
        )
    if not fence_only and permitted(target.url, context.allow_hosts, context.org_hosts) is None:
        raise NotKnown(
            f"nothing is sent to {shown}: it is {classify(host).what}{why}",
            hint=f"If you trust it, pass --allow-host {shown}.",
        )


# -- the fence: the only orgs that anything may be sent to


def within_fence(host: str, org_hosts: frozenset[str] | None) -> bool:
    """Return whether the fence allows a host.

    Args:
        host: A host name without scheme and port, in upper or lower case. A trailing dot is
            ignored.
        org_hosts: The fence, from parse_org_hosts(); None if there is no fence.

    Returns:
        True without a fence. Otherwise, whether a pattern equals the host, or is `*.NAME` and the
        host has one or more labels before NAME. A name that isn't ASCII never matches.
    """
    if org_hosts is None:
        return True
    if not host.isascii():  # lower() turns some characters (the Kelvin sign) into ASCII letters
        return False
    name = host.lower().removesuffix(".")
    labels = name.split(".")
    below = {f"*.{'.'.join(labels[first:])}" for first in range(1, len(labels))}
    return bool(org_hosts & {name, *below})


def parse_org_hosts(
    variable: Iterable[str] | None, options: Iterable[str] = ()
) -> frozenset[str] | None:
    """Return the fence, from the environment and the command line.

    Args:
        variable: The patterns in SFCRED_ORG_HOSTS; None if it isn't set.
        options: The patterns of --org-host. They override the variable, but can only narrow it:
            somebody else may have set it.

    Returns:
        The patterns in lower case; None if neither is given, so that there is no fence.

    Raises:
        UsageError: A pattern isn't a host name, or would match every org; or an option isn't
            covered by the variable.
    """
    outer = None if variable is None else _patterns(variable, "SFCRED_ORG_HOSTS")
    inner = _patterns(options, "--org-host") or None
    if inner is None or outer is None:
        return inner or outer
    for pattern in sorted(inner):
        if pattern not in outer and not within_fence(pattern, outer):
            raise UsageError(
                f"--org-host {pattern}: not in SFCRED_ORG_HOSTS, which this option can only narrow",
                hint="Add it to SFCRED_ORG_HOSTS, or unset that variable.",
            )
    return inner


def _patterns(texts: Iterable[str], where: str) -> frozenset[str]:
    return frozenset(_pattern(text.strip(), where) for text in texts)


def _pattern(text: str, where: str) -> str:
    base = text.lower().removeprefix("*.").removesuffix(".")
    below = text.startswith("*.")
    if address := "" if below else _address(base):
        return address
    matches_all = text != "" and base in ("", "*")
    if not matches_all and not (text.isascii() and _is_host(base)):
        raise UsageError(f"{where}: not a host name: {text or '(empty)'}", hint=_FENCE_FORM)
    if matches_all or (below and ("." not in base or is_shared(base))):
        raise UsageError(
            f"{where}: {text} would allow everybody's orgs, not just yours",
            hint="List your orgs' own hosts, such as acme.my.salesforce.com.",
        )
    return f"*.{base}" if below else base


def _is_host(base: str) -> bool:
    """Return whether a text is a host name (even of one label), and not part of an IP address."""
    return is_host_name(f"{base}.com") and re.fullmatch(r"[0-9.]+", base) is None


def _address(text: str) -> str:
    """Return an IP address in its normal form; empty for anything else."""
    from ipaddress import ip_address

    try:
        return str(ip_address(text.removeprefix("[").removesuffix("]")))
    except ValueError:
        return ""
